package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

// Record is an event with the jobs that it asked for. An event may ask for none; jobs may have no event.
type Record struct {
	Event event.Event
	Jobs  []action.Job
}

// row is an event or a job on its way into its table.
type row struct {
	id   string
	body []byte
}

// encoded is a Record on its way.
type encoded struct {
	event row
	head  event.Head
	kind  event.Kind
	jobs  []row
}

// Append keeps the records, all or none. They are on the disk when it returns. An event whose source and id are there
// already is kept once, and its jobs are not kept again; an event without an id is always new. The id of a job must be
// unique.
func (s *Store) Append(ctx context.Context, records []Record) error {
	rows := make([]encoded, len(records))
	for i, r := range records {
		var err error
		if rows[i], err = r.encode(); err != nil {
			return fmt.Errorf("append: %w", err)
		}
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("append: %w", err)
	}
	if len(rows) == 0 {
		return nil
	}
	s.write.Lock()
	defer s.write.Unlock()
	return s.failed("append", s.transact(context.WithoutCancel(ctx), func(ctx context.Context) error {
		now := nanos(time.Now())
		for _, r := range rows {
			if err := s.insert(ctx, r, now); err != nil {
				return err
			}
		}
		return nil
	}))
}

// Known reports whether an event of that source and id is kept: Append would not keep its jobs.
func (s *Store) Known(ctx context.Context, source, id string) (bool, error) {
	var one int
	err := s.out.known.QueryRowContext(ctx, source, id).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, s.failed("look for an event", err)
}

func (r Record) encode() (encoded, error) {
	var to encoded
	var err error
	if r.Event != nil {
		to.head, to.kind = r.Event.Header(), r.Event.Kind()
		if to.event.body, err = encode(r.Event); err != nil {
			return to, fmt.Errorf("encode %s: %w", to.kind, err)
		}
	}
	to.jobs = make([]row, len(r.Jobs))
	for i, j := range r.Jobs {
		if j.ID == "" || !utf8.ValidString(j.ID) {
			return to, fmt.Errorf("the id of a job must be text: %q", j.ID)
		}
		to.jobs[i].id = j.ID
		if to.jobs[i].body, err = encode(j); err != nil {
			return to, fmt.Errorf("encode job %s: %w", j.ID, err)
		}
	}
	return to, nil
}

func (s *Store) insert(ctx context.Context, r encoded, now int64) error {
	var seq any // NULL for jobs without an event
	if r.event.body != nil {
		result, err := s.in.event.ExecContext(ctx, r.head.Source, r.head.ID, string(r.kind), nanos(r.head.At), now, r.event.body)
		if err != nil {
			return fmt.Errorf("insert event: %w", err)
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err
		}
		if seq, err = result.LastInsertId(); err != nil {
			return err
		}
	}
	for _, j := range r.jobs {
		if _, err := s.in.job.ExecContext(ctx, j.id, seq, now, j.body); err != nil {
			return fmt.Errorf("insert job %s: %w", j.id, err)
		}
	}
	return nil
}

// writing are the statements of the writer's connection. SQLite itself may have ended a transaction that failed, or may
// not have, which database/sql's Tx cannot tell; so begin, commit and rollback are statements like the others.
type writing struct {
	begin, commit, rollback       *sql.Stmt
	event, job                    *sql.Stmt
	claim, note, generation       *sql.Stmt
	dropJobs, dropEvent, dropBare *sql.Stmt

	all []statement
}

// close must come before the connection's own: SQLite would keep it, and the write-ahead log, open for the statements.
func (w *writing) close() error {
	var errs []error
	for _, one := range w.all {
		if *one.to != nil {
			errs = append(errs, (*one.to).Close())
		}
	}
	*w = writing{}
	return errors.Join(errs...)
}

func (w *writing) prepare(ctx context.Context, conn *sql.Conn) error {
	w.all = []statement{
		{&w.begin, `BEGIN IMMEDIATE`},
		{&w.commit, `COMMIT`},
		{&w.rollback, `ROLLBACK`},
		{&w.event, `INSERT INTO events (source, id, kind, at, added, body) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (source, id) WHERE id <> '' DO NOTHING`},
		{&w.job, `INSERT INTO jobs (id, event, added, body) VALUES (?, ?, ?, ?)`},
		{&w.claim, `UPDATE jobs SET claimed = 1 WHERE id = ?`},
		{&w.note, `UPDATE jobs SET state = ?, reply = ?, error = ?, runs = ?, refused = ?, latency = ?, ended = ?,
			claimed = ?, done = ? WHERE id = ?`},
		{&w.generation, `INSERT INTO meta (name, value) VALUES ('generation', ?)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value`},
		{&w.dropJobs, `DELETE FROM jobs WHERE event = ?`},
		{&w.dropEvent, `DELETE FROM events WHERE seq = ?`},
		{&w.dropBare, `DELETE FROM jobs WHERE seq IN
			(SELECT seq FROM jobs WHERE event IS NULL AND done IS NOT NULL AND added < ? ORDER BY seq LIMIT ?)`},
	}
	return prepareAll(ctx, conn, w.all)
}

type statement struct {
	to  **sql.Stmt
	sql string
}

// preparer is a connection or a pool of them.
type preparer interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

func prepareAll(ctx context.Context, on preparer, all []statement) error {
	for _, one := range all {
		var err error
		if *one.to, err = on.PrepareContext(ctx, one.sql); err != nil {
			return fmt.Errorf("%s: %w", one.sql, err)
		}
	}
	return nil
}

// transact does all of do, or nothing. The caller holds write. The context must not end meanwhile.
func (s *Store) transact(ctx context.Context, do func(context.Context) error) error {
	if s.conn == nil {
		return ErrClosed
	}
	if _, err := s.in.begin.ExecContext(ctx); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	err := do(ctx)
	if err == nil {
		if _, err = s.in.commit.ExecContext(ctx); err == nil {
			return nil
		}
		err = fmt.Errorf("commit: %w", err)
	}
	if _, e := s.in.rollback.ExecContext(ctx); e != nil {
		s.opts.Log.Debug("nothing was left to roll back", "error", e)
	}
	return err
}
