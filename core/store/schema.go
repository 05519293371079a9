package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// checkFor bounds the check of the whole file when it is opened: a gigabyte would keep the streamer waiting.
const checkFor = 2 * time.Second

// ladder returns the steps from each version of the file to the next. What has been released is never changed.
//
// In events, at is the platform's time and added ours, both in nanoseconds since 1970. In jobs, done numbers the finished
// ones in the order in which they finished, and is NULL for the others.
func ladder() []string {
	return []string{
		`CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
		CREATE TABLE events (
			seq INTEGER PRIMARY KEY, source TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL,
			at INTEGER NOT NULL, added INTEGER NOT NULL, body BLOB NOT NULL);
		CREATE UNIQUE INDEX events_id ON events (source, id) WHERE id <> '';
		CREATE INDEX events_at ON events (source, at);
		CREATE INDEX events_added ON events (added);
		CREATE TABLE jobs (
			seq INTEGER PRIMARY KEY, id TEXT NOT NULL, event INTEGER, added INTEGER NOT NULL, body BLOB NOT NULL,
			runs INTEGER NOT NULL DEFAULT 0, claimed INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'waiting',
			reply TEXT NOT NULL DEFAULT '', error TEXT NOT NULL DEFAULT '', refused INTEGER NOT NULL DEFAULT 0,
			latency INTEGER NOT NULL DEFAULT 0, ended INTEGER NOT NULL DEFAULT 0, done INTEGER);
		CREATE UNIQUE INDEX jobs_id ON jobs (id);
		CREATE INDEX jobs_event ON jobs (event);
		CREATE INDEX jobs_open ON jobs (seq) WHERE done IS NULL;
		CREATE INDEX jobs_done ON jobs (done) WHERE done IS NOT NULL;`,
		// Ids are random, so that each costs a page of its own in a large index: only unfinished jobs are looked for by id.
		`DROP INDEX jobs_id; DROP INDEX jobs_done; DROP INDEX events_at;
		CREATE UNIQUE INDEX jobs_id ON jobs (id) WHERE done IS NULL;
		CREATE INDEX jobs_state ON jobs (state, done) WHERE done IS NOT NULL;
		ALTER TABLE jobs ADD COLUMN unsure INTEGER NOT NULL DEFAULT 0;
		CREATE TABLE gifts (
			id INTEGER PRIMARY KEY, name TEXT NOT NULL, coins INTEGER NOT NULL, icon TEXT NOT NULL,
			streakable INTEGER NOT NULL, seen INTEGER NOT NULL);`,
		statisticsSchema,
	}
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

// connect opens the writer's one connection, then the readers'.
func (s *Store) connect() error {
	pragmas := []string{
		"busy_timeout(5000)", "journal_mode(wal)", "synchronous(full)", "cache_size(-16000)",
		"journal_size_limit(16777216)",
	}
	info, err := os.Stat(s.opts.Path)
	if err != nil {
		return err
	}
	if info.Size() == 0 { // later it would only write the file, damaged or not
		pragmas = append(pragmas, "auto_vacuum(incremental)")
	}
	if s.writer, err = sql.Open("sqlite", address(s.opts.Path, pragmas...)); err != nil {
		return err
	}
	s.writer.SetMaxOpenConns(1)
	if s.conn, err = s.writer.Conn(context.Background()); err != nil {
		return err
	}
	s.reader, err = sql.Open("sqlite", address(s.opts.Path, "busy_timeout(5000)", "query_only(1)"))
	if err != nil {
		return err
	}
	s.reader.SetMaxOpenConns(readers)
	s.reader.SetMaxIdleConns(readers)
	return nil
}

// check reads the whole file for damage, for as long as checkFor; without end when damage has been met since the last time.
func (s *Store) check() error {
	ctx := context.Background()
	if _, err := os.Stat(s.suspectFile()); err != nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, checkFor)
		defer cancel()
	}
	var found string
	err := s.conn.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&found)
	switch {
	case err == nil && found != "ok":
		return fmt.Errorf("%w: %s", ErrCorrupt, found)
	case err != nil && ctx.Err() != nil:
		s.opts.Log.Info("the store is too large to check all of it", "path", s.opts.Path, "checkedFor", checkFor)
		return nil
	case err != nil:
		return s.failed("check", err)
	}
	if err := os.Remove(s.suspectFile()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

func (s *Store) suspectFile() string { return s.opts.Path + ".suspect" }

// migrate climbs the ladder from the file's version, one transaction a rung.
func migrate(ctx context.Context, conn *sql.Conn) error {
	rungs := ladder()
	var version int
	if err := conn.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return err
	}
	if version > len(rungs) {
		return fmt.Errorf("%w: its version is %d, this one knows %d", ErrNewer, version, len(rungs))
	}
	for ; version < len(rungs); version++ {
		tx, err := conn.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, fmt.Sprintf("%s\nPRAGMA user_version = %d;", rungs[version], version+1))
		if err != nil {
			return errors.Join(fmt.Errorf("to version %d: %w", version+1, err), tx.Rollback())
		}
		if err := tx.Commit(); err != nil {
			return fmt.Errorf("to version %d: %w", version+1, err)
		}
	}
	return nil
}

// failed wraps err with what was being done. Damage is remembered, so that the next Open looks for it everywhere.
func (s *Store) failed(doing string, err error) error {
	if err == nil {
		return nil
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if code := e.Code() & 0xff; code != sqlite3.SQLITE_CORRUPT && code != sqlite3.SQLITE_NOTADB {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if e := os.WriteFile(s.suspectFile(), nil, 0o600); e != nil {
		s.opts.Log.Warn("the damage cannot be marked", "error", e)
	}
	return fmt.Errorf("%s: %w: %w", doing, ErrCorrupt, err)
}
