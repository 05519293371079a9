package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

// Record is an event with the jobs that it asked for. An event may ask for none; jobs may have no event.
type Record struct {
	Event event.Event
	Jobs  []action.Job
}

// Append keeps the records, all or none. They are on the disk when it returns. An event whose source and id are there already is
// kept once, and its jobs are not kept again; an event without an id is always new. The id of a job must be unique: of two
// unfinished ones the first is kept. So Append may be tried again when it has failed, which may have kept the records after
// all, where it was the disk that failed.
func (s *Store) Append(ctx context.Context, records []Record) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("append: %w", err)
	}
	if len(records) == 0 {
		return nil
	}
	f, entries, err := encodeRecords(records, nanos(s.opts.Now()))
	if err != nil {
		return fmt.Errorf("append: %w", err)
	}
	return s.failed("append", s.append(context.WithoutCancel(ctx), &f, entries))
}

func (s *Store) append(ctx context.Context, f *frame, entries []entry) error {
	if len(f.bytes) > maxFrame {
		return s.appendLarge(ctx, entries)
	}
	if s.isStuck.Load() {
		if err := s.fold(ctx); err != nil {
			return err
		}
	}
	file, err := s.log.append(f, entries)
	if err != nil && !errors.Is(err, os.ErrClosed) { // folding makes room in the log, even on a full disk
		if e := s.fold(ctx); e != nil {
			return errors.Join(err, e)
		}
		file, err = s.log.append(f, entries)
	}
	if errors.Is(err, os.ErrClosed) {
		return ErrClosed
	}
	if err != nil {
		return err
	}
	s.sieve.add(entries)
	if err := syncFile(file); err != nil { // the database has ways of its own to the disk
		if e := s.fold(ctx); e != nil {
			return errors.Join(err, e)
		}
	}
	return nil
}

// appendLarge writes to the database what is too much for the log.
func (s *Store) appendLarge(ctx context.Context, entries []entry) error {
	s.write.Lock()
	defer s.write.Unlock()
	if err := s.foldAll(ctx); err != nil {
		return err
	}
	b := newBatch(s.log.generation() - 1) // so that the log's own generation counts as not folded yet
	b.append(entries, 0)
	if err := s.foldBatch(ctx, b); err != nil {
		return err
	}
	s.sieve.add(entries)
	return nil
}

// Known reports whether an event of that source and id is kept: Append would not keep its jobs.
func (s *Store) Known(ctx context.Context, source, id string) (bool, error) {
	key := eventKey{source, id}
	if id == "" || s.sieve.isNew(key) {
		return false, nil
	}
	if s.log.holds(key) {
		return true, nil
	}
	var one int
	err := s.out.known.QueryRowContext(ctx, source, id).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, s.failed("look for an event", err)
}

// Fresh returns the records that Append would keep, in their order: those whose event is not kept yet, the first of each where
// an event is among them twice, and those without an event. Once the store has been open for a little while it takes less than
// a microsecond for a new event.
func (s *Store) Fresh(ctx context.Context, records []Record) ([]Record, error) {
	fresh := make([]Record, 0, len(records))
	seen := make(map[eventKey]struct{}, len(records))
	for _, r := range records {
		if r.Event == nil {
			fresh = append(fresh, r)
			continue
		}
		h := r.Event.Header()
		key := eventKey{h.Source, h.ID}
		if _, isAgain := seen[key]; isAgain && h.ID != "" {
			continue
		}
		seen[key] = struct{}{}
		isKnown, err := s.Known(ctx, h.Source, h.ID)
		if err != nil {
			return nil, err
		}
		if !isKnown {
			fresh = append(fresh, r)
		}
	}
	return fresh, nil
}

// writing are the statements of the writer's connection. SQLite itself may have ended a transaction that failed, or may
// not have, which database/sql's Tx cannot tell; so begin, commit and rollback are statements like the others.
type writing struct {
	begin, commit, rollback       *sql.Stmt
	event, job, notedJob          *sql.Stmt
	claim, note, generation, gift *sql.Stmt
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
		{&w.event, `INSERT INTO events (seq, source, id, kind, at, added, body) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (source, id) WHERE id <> '' DO NOTHING`},
		{&w.job, `INSERT INTO jobs (seq, id, event, added, body, claimed) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) WHERE done IS NULL DO NOTHING`},
		{&w.notedJob, `INSERT INTO jobs (seq, id, event, added, body, claimed, state, reply, error, runs, refused, unsure, latency,
			ended, done) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) WHERE done IS NULL DO NOTHING`},
		{&w.claim, `UPDATE jobs SET claimed = 1 WHERE id = ? AND done IS NULL`},
		{&w.note, `UPDATE jobs SET state = ?, reply = ?, error = ?, runs = ?, refused = ?, unsure = ?, latency = ?, ended = ?,
			claimed = ?, done = ? WHERE id = ? AND done IS NULL`},
		{&w.gift, `INSERT INTO gifts (id, name, coins, icon, streakable, seen) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, coins = excluded.coins, icon = excluded.icon,
			streakable = excluded.streakable, seen = excluded.seen`},
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
