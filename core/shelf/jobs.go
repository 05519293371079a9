package shelf

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/livecue/livecue/core/queue"
)

// Add takes jobs in, all or none. One whose ticket is there already takes its place.
func (s *Shelf) Add(jobs []queue.Shelved) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.isClosed {
		return fmt.Errorf("add to shelf: %w", ErrClosed)
	}
	if len(jobs) == 0 {
		return nil
	}
	if s.db == nil {
		if err := s.create(); err != nil {
			return fmt.Errorf("add to shelf: %w", err)
		}
	}
	err := s.transact(context.Background(), func(ctx context.Context) error { return s.insert(ctx, jobs) })
	if err != nil {
		return fmt.Errorf("add to shelf: %w", err)
	}
	return nil
}

func (s *Shelf) insert(ctx context.Context, jobs []queue.Shelved) error {
	const columns = 8
	args := make([]any, 0, columns*min(len(jobs), batch))
	for len(jobs) > 0 {
		stmt, n := s.on.add, 1
		if len(jobs) >= batch {
			stmt, n = s.on.addBatch, batch
		}
		args = args[:0]
		for _, j := range jobs[:n] {
			args = append(args, j.Ticket, s.lanes.add(j.Lane), int64(j.Pile), j.Key[0], j.Key[1], j.Key[2], j.Expires, j.Body)
		}
		if _, err := stmt.ExecContext(ctx, args...); err != nil {
			return err
		}
		jobs = jobs[n:]
	}
	return nil
}

// Take removes and returns the first n of a pile, in the order of their keys; those of equal keys by ticket.
func (s *Shelf) Take(lane string, pile queue.Pile, n int) ([]queue.Shelved, error) {
	var jobs []queue.Shelved
	err := s.inLane("take from shelf", lane, func(ctx context.Context, number int64) (err error) {
		jobs, err = s.take(ctx, s.on.first, n, number, int64(pile))
		return err
	})
	if err != nil {
		return nil, err
	}
	return jobs, nil
}

// Peek returns the first n of a pile without removing them.
func (s *Shelf) Peek(lane string, pile queue.Pile, n int) ([]queue.Shelved, error) {
	var jobs []queue.Shelved
	err := s.inLane("look into shelf", lane, func(ctx context.Context, number int64) (err error) {
		jobs, err = s.read(ctx, s.on.first, n, number, int64(pile))
		return err
	})
	if err != nil {
		return nil, err
	}
	return jobs, nil
}

// Remove removes and returns one; false means that it is not there.
func (s *Shelf) Remove(ticket int64) (queue.Shelved, bool, error) {
	var jobs []queue.Shelved
	err := s.use("remove from shelf", func(ctx context.Context) (err error) {
		jobs, err = s.take(ctx, s.on.one, 1, ticket)
		return err
	})
	if err != nil || len(jobs) == 0 {
		return queue.Shelved{}, false, err
	}
	return jobs[0], true, nil
}

// TakeExpired removes and returns at most n of a lane, of both piles, that expire before a time, the earliest first. next is
// the earliest time at which one of the rest does, which is before that time if there are more than n; 0 is never.
func (s *Shelf) TakeExpired(lane string, before int64, n int) (expired []queue.Shelved, next int64, err error) {
	err = s.inLane("take expired from shelf", lane, func(ctx context.Context, number int64) (err error) {
		if expired, err = s.take(ctx, s.on.expired, n, number, before); err != nil {
			return err
		}
		return s.on.nextExpiry.QueryRowContext(ctx, number).Scan(&next)
	})
	if err != nil {
		return nil, 0, err
	}
	return expired, next, nil
}

// TakeUntil removes and returns at most n of a lane, of both piles, whose tickets are at most last, the least first.
func (s *Shelf) TakeUntil(lane string, last int64, n int) ([]queue.Shelved, error) {
	var jobs []queue.Shelved
	err := s.inLane("clear shelf", lane, func(ctx context.Context, number int64) (err error) {
		jobs, err = s.take(ctx, s.on.until, n, number, last)
		return err
	})
	if err != nil {
		return nil, err
	}
	return jobs, nil
}

// inLane does all of do, or nothing, with the number of a lane; an unknown lane holds nothing.
func (s *Shelf) inLane(doing, lane string, do func(ctx context.Context, number int64) error) error {
	return s.use(doing, func(ctx context.Context) error {
		number, ok := s.lanes.numbers[lane]
		if !ok {
			return nil
		}
		return do(ctx, number)
	})
}

// use does all of do, or nothing, if there is a file. Without one there is nothing to do.
func (s *Shelf) use(doing string, do func(context.Context) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.isClosed {
		return fmt.Errorf("%s: %w", doing, ErrClosed)
	}
	if s.db == nil {
		return nil
	}
	ctx := context.Background()
	if err := s.transact(ctx, do); err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	s.tidy(ctx)
	return nil
}

// take removes what it reads.
func (s *Shelf) take(ctx context.Context, stmt *sql.Stmt, n int, where ...any) ([]queue.Shelved, error) {
	jobs, err := s.read(ctx, stmt, n, where...)
	if err != nil {
		return nil, err
	}
	for _, j := range jobs {
		if _, err := s.on.drop.ExecContext(ctx, j.Ticket); err != nil {
			return nil, err
		}
	}
	return jobs, nil
}

// read returns the first n that a statement finds; its last parameter is n.
func (s *Shelf) read(ctx context.Context, stmt *sql.Stmt, n int, where ...any) (jobs []queue.Shelved, err error) {
	if n <= 0 {
		return nil, nil
	}
	rows, err := stmt.QueryContext(ctx, append(where, n)...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var j queue.Shelved
		var lane int64
		if err := rows.Scan(&j.Ticket, &lane, &j.Pile, &j.Key[0], &j.Key[1], &j.Key[2], &j.Expires, &j.Body); err != nil {
			return nil, err
		}
		j.Lane = s.lanes.names[lane]
		jobs = append(jobs, j)
	}
	return jobs, rows.Err()
}

// tidy deletes an empty file that has grown. What cannot be found out or deleted is met again by the next call. The lock is
// held.
func (s *Shelf) tidy(ctx context.Context) {
	var isEmpty bool
	var pages int64
	if err := s.on.isEmpty.QueryRowContext(ctx).Scan(&isEmpty); err != nil || !isEmpty {
		return
	}
	if err := s.on.pages.QueryRowContext(ctx).Scan(&pages); err != nil || pages <= smallFile {
		return
	}
	_ = s.discard()
}
