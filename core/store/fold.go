package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// foldAfter is how long what is in the log may wait to be folded into the database. In a burst most jobs end within it, and
// cost the database one statement.
const foldAfter = 2 * time.Second

// openLog opens the log and folds what the last process left in it.
func (s *Store) openLog(ctx context.Context) error {
	s.log = newLog()
	var generation int64
	row := s.conn.QueryRowContext(ctx, `SELECT coalesce(max(value), 0) FROM meta WHERE name = 'generation'`)
	if err := row.Scan(&generation); err != nil {
		return s.failed("read the generation", err)
	}
	left, err := s.log.load(s.opts.Path, generation)
	if err != nil {
		return err
	}
	s.write.Lock()
	defer s.write.Unlock()
	if err := s.foldBatch(ctx, left); err != nil {
		return err
	}
	s.log.begin(left.generation + 1)
	return nil
}

// foldUntil folds the log, soon after something has come, until ctx ends.
func (s *Store) foldUntil(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.log.some:
		}
		select {
		case <-ctx.Done():
			return
		case <-s.log.many:
		case <-time.After(foldAfter):
		}
		if err := s.fold(ctx); err != nil {
			s.opts.Log.Error("the log cannot be folded into the database yet", "error", err)
			signal(s.log.some)
		}
	}
}

// fold brings the database up to date with the log. Once begun it does not stop for ctx: half of it would be for nothing.
func (s *Store) fold(ctx context.Context) error {
	if s.log.isEmpty() {
		return nil
	}
	s.write.Lock()
	defer s.write.Unlock()
	return s.foldAll(context.WithoutCancel(ctx))
}

// foldAll is fold for a caller who holds write.
func (s *Store) foldAll(ctx context.Context) error {
	for {
		b, isAgain := s.log.seal()
		if b == nil {
			return nil
		}
		if err := s.foldBatch(ctx, b); err != nil {
			s.isStuck.Store(true)
			return err
		}
		s.isStuck.Store(false)
		s.log.folded()
		if !isAgain {
			return nil
		}
	}
}

// place is how far the numbers of rows have come.
type place struct {
	// event and job are the numbers that the last ones got, done that of the last finished job, in the order in which they
	// finished.
	event, job, done int64
}

// foldBatch writes a batch, and that it is written, in one transaction. The caller holds write.
func (s *Store) foldBatch(ctx context.Context, b *batch) error {
	to := s.place
	var gifts []giftRow
	err := s.transact(ctx, func(ctx context.Context) error {
		for i := range b.entries {
			if err := s.insert(ctx, &b.entries[i], &to); err != nil {
				return err
			}
		}
		for _, p := range b.jobs {
			if p.body == nil && p.order > 0 {
				if err := s.update(ctx, p, &to); err != nil {
					return err
				}
			}
		}
		var err error
		if gifts, err = s.insertGifts(ctx); err != nil {
			return err
		}
		_, err = s.in.generation.ExecContext(ctx, b.generation+1)
		return err
	})
	if err != nil {
		return s.failed("fold the log into the database", err)
	}
	s.gifts.kept(gifts)
	to.done += int64(b.steps)
	s.place = to
	signal(s.tally.some)
	return nil
}

// insert inserts a record. Where its event is there already, neither it nor its jobs are inserted.
func (s *Store) insert(ctx context.Context, e *entry, to *place) error {
	var event any // NULL for jobs without an event
	if e.kind != "" {
		to.event++
		event = to.event
		result, err := s.in.event.ExecContext(ctx, to.event, e.source, e.id, e.kind, e.at, e.added, e.body)
		if err != nil {
			return fmt.Errorf("insert event: %w", err)
		}
		if n, err := result.RowsAffected(); err != nil {
			return err
		} else if n == 0 {
			return s.updateAll(ctx, e.jobs, to)
		}
	}
	for _, p := range e.jobs {
		if p == nil { // it was there already
			continue
		}
		if err := s.insertJob(ctx, p, event, e.added, to); err != nil {
			return fmt.Errorf("insert job %s: %w", p.job, err)
		}
	}
	return nil
}

// updateAll is for the jobs of an event that is in the database: where they are, their steps count all the same.
func (s *Store) updateAll(ctx context.Context, jobs []*progress, to *place) error {
	for _, p := range jobs {
		if p == nil || p.order == 0 {
			continue
		}
		if err := s.update(ctx, p, to); err != nil {
			return err
		}
	}
	return nil
}

// insertJob inserts a job as far as it has come.
func (s *Store) insertJob(ctx context.Context, p *progress, event any, added int64, to *place) error {
	to.job++
	var result sql.Result
	var err error
	if o := &p.outcome; p.isNoted {
		result, err = s.in.notedJob.ExecContext(ctx, to.job, p.job, event, added, p.body, p.claimed, string(o.State), o.Reply,
			o.Error, o.Runs, o.Refused, o.Unsure, int64(o.Latency), nanos(o.At), p.number(to))
	} else {
		result, err = s.in.job.ExecContext(ctx, to.job, p.job, event, added, p.body, p.claimed)
	}
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 || p.order == 0 {
		return err
	}
	return s.update(ctx, p, to)
}

// update brings a job of the database as far as it has come.
func (s *Store) update(ctx context.Context, p *progress, to *place) error {
	if !p.isNoted {
		_, err := s.in.claim.ExecContext(ctx, p.job)
		return err
	}
	o := &p.outcome
	_, err := s.in.note.ExecContext(ctx, string(o.State), o.Reply, o.Error, o.Runs, o.Refused, o.Unsure, int64(o.Latency),
		nanos(o.At), p.claimed, p.number(to), p.job)
	return err
}

// number returns what a finished job is numbered with, and NULL for one that is not.
func (p *progress) number(to *place) any {
	if !p.outcome.State.IsFinal() {
		return nil
	}
	return to.done + int64(p.order)
}
