package shelf

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the driver
)

const (
	// pageSize is the file's, in bytes.
	pageSize = 4096
	// cacheKiB is how much of the file SQLite keeps in memory, and how much of what a call has changed before it is written.
	cacheKiB = 4096
	// batch is how many jobs one statement adds: it saves the way into SQLite and back for each.
	batch = 50
)

// schema is a table in the order of the tickets, to which new jobs are appended, and the orders in which they are looked for.
// An index ends with the ticket by itself: jobs_key orders equal keys by ticket, and jobs_lane orders a lane by ticket. Nothing
// is NOT NULL: for such a check SQLite would copy each page before a statement, to be able to undo half of it.
const schema = `
	CREATE TABLE jobs (
		ticket INTEGER PRIMARY KEY, lane INTEGER, pile INTEGER,
		rank INTEGER, turn INTEGER, number INTEGER, expires INTEGER, body BLOB);
	CREATE INDEX jobs_key ON jobs (lane, pile, rank, turn, number);
	CREATE INDEX jobs_lane ON jobs (lane);
	CREATE INDEX jobs_expires ON jobs (lane, expires) WHERE expires <> 0;`

// statements are those of the file's one connection.
type statements struct {
	begin, commit, rollback    *sql.Stmt
	add, addBatch, drop        *sql.Stmt
	first, expired, until, one *sql.Stmt
	nextExpiry, isEmpty, pages *sql.Stmt

	all []statement
}

type statement struct {
	to  **sql.Stmt
	sql string
}

func (st *statements) prepare(ctx context.Context, conn *sql.Conn) error {
	const (
		row    = `(?, ?, ?, ?, ?, ?, ?, ?)`
		insert = `INSERT OR REPLACE INTO jobs (ticket, lane, pile, rank, turn, number, expires, body) VALUES ` + row
		read   = `SELECT ticket, lane, pile, rank, turn, number, expires, body FROM jobs `
	)
	st.all = []statement{
		{&st.begin, `BEGIN IMMEDIATE`},
		{&st.commit, `COMMIT`},
		{&st.rollback, `ROLLBACK`},
		{&st.add, insert},
		{&st.addBatch, insert + strings.Repeat(`, `+row, batch-1)},
		{&st.drop, `DELETE FROM jobs WHERE ticket = ?`},
		{&st.first, read + `WHERE lane = ? AND pile = ? ORDER BY rank, turn, number, ticket LIMIT ?`},
		{&st.expired, read + `INDEXED BY jobs_expires WHERE lane = ? AND expires <> 0 AND expires < ? ORDER BY expires, ticket LIMIT ?`},
		{&st.until, read + `INDEXED BY jobs_lane WHERE lane = ? AND ticket <= ? ORDER BY ticket LIMIT ?`},
		{&st.one, read + `WHERE ticket = ? LIMIT ?`},
		{&st.nextExpiry, `SELECT coalesce(min(expires), 0) FROM jobs INDEXED BY jobs_expires WHERE lane = ? AND expires <> 0`},
		{&st.isEmpty, `SELECT NOT EXISTS (SELECT 1 FROM jobs)`},
		{&st.pages, `PRAGMA page_count`},
	}
	for _, one := range st.all {
		var err error
		if *one.to, err = conn.PrepareContext(ctx, one.sql); err != nil {
			return fmt.Errorf("%s: %w", one.sql, err)
		}
	}
	return nil
}

// close must come before the connection's own: SQLite would keep the file open for the statements.
func (st *statements) close() error {
	var errs []error
	for _, one := range st.all {
		if *one.to != nil {
			errs = append(errs, (*one.to).Close())
		}
	}
	*st = statements{}
	return errors.Join(errs...)
}

// connect opens the file and makes its table. The lock is held; what fails is cleared away by discard.
func (s *Shelf) connect(ctx context.Context) error {
	pragmas := []string{
		fmt.Sprintf("page_size(%d)", pageSize), fmt.Sprintf("cache_size(-%d)", cacheKiB), "journal_mode(memory)",
		"synchronous(off)", "locking_mode(exclusive)", "temp_store(memory)",
	}
	if s.opts.MaxBytes > 0 {
		pragmas = append(pragmas, fmt.Sprintf("max_page_count(%d)", max(s.opts.MaxBytes/pageSize, 1)))
	}
	var err error
	if s.db, err = sql.Open("sqlite", address(s.path(), pragmas...)); err != nil {
		return err
	}
	s.db.SetMaxOpenConns(1)
	if s.conn, err = s.db.Conn(ctx); err != nil {
		return err
	}
	if _, err := s.conn.ExecContext(ctx, schema); err != nil {
		return fmt.Errorf("make the table: %w", err)
	}
	return s.on.prepare(ctx, s.conn)
}

// address returns the file as SQLite's driver wants it. A path may hold any character, so it is written as a URI.
func address(path string, pragmas ...string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	u := url.URL{Scheme: "file", Path: path, RawQuery: url.Values{"_pragma": pragmas}.Encode()}
	return u.String()
}

// transact does all of do, or nothing. The lock is held and there is a file. SQLite itself may have ended a transaction that
// failed, or may not have, which database/sql's Tx cannot tell; so begin, commit and rollback are statements like the others.
func (s *Shelf) transact(ctx context.Context, do func(context.Context) error) error {
	_, err := s.on.begin.ExecContext(ctx)
	if err == nil {
		err = do(ctx)
	}
	if err == nil {
		_, err = s.on.commit.ExecContext(ctx)
	}
	if err != nil {
		_, _ = s.on.rollback.ExecContext(ctx) // fails where SQLite has done it already
	}
	return err
}
