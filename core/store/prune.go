package store

import (
	"context"
	"fmt"
	"math"
)

// pruneAtOnce is how many events go in one transaction: the writer waits for no more than that.
const pruneAtOnce = 500

// Prune lets go of what is older than KeepFor, and of the oldest when the content is larger than MaxBytes. An event goes with
// its jobs, and only when all of them have ended. It is cheap when there is nothing to do.
func (s *Store) Prune(ctx context.Context) error {
	if err := s.fold(ctx); err != nil {
		return fmt.Errorf("prune: %w", err)
	}
	if err := s.count(ctx); err != nil { // it must not keep the store from getting smaller
		s.opts.Log.Error("what is pruned will be missing from the statistics", "error", err)
	}
	if err := s.pruneOlder(ctx, nanos(s.opts.Now().Add(-s.opts.KeepFor))); err != nil {
		return s.failed("prune by age", err)
	}
	if err := s.pruneLarger(ctx); err != nil {
		return s.failed("prune by size", err)
	}
	return s.failed("prune statistics", s.pruneStatistics(ctx))
}

func (s *Store) pruneOlder(ctx context.Context, cutoff int64) error {
	for {
		if n, err := s.pruneSome(ctx, cutoff); err != nil || n == 0 {
			return err
		}
	}
}

// pruneLarger prunes to nine tenths of the limit, so that it is not at it again at once.
func (s *Store) pruneLarger(ctx context.Context) error {
	bytes, err := s.size(ctx)
	if err != nil || bytes <= s.opts.MaxBytes {
		return err
	}
	for bytes > s.opts.MaxBytes/10*9 {
		n, err := s.pruneSome(ctx, math.MaxInt64)
		if err != nil {
			return err
		}
		if n == 0 {
			s.opts.Log.Warn("the store is over its size with jobs that have not ended", "bytes", bytes)
			return nil
		}
		if bytes, err = s.size(ctx); err != nil {
			return err
		}
	}
	return nil
}

// size returns how many bytes of the file are in use.
func (s *Store) size(ctx context.Context) (int64, error) {
	var bytes int64
	err := s.reader.QueryRowContext(ctx, `SELECT (page_count - freelist_count) * page_size
		FROM pragma_page_count, pragma_freelist_count, pragma_page_size`).Scan(&bytes)
	return bytes, err
}

// pruneSome lets go of the oldest events that were added before cutoff and have no unfinished job, and of as many jobs that
// have no event. It returns how many went.
func (s *Store) pruneSome(ctx context.Context, cutoff int64) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	s.write.Lock()
	defer s.write.Unlock()
	pruned := 0
	err := s.transact(context.WithoutCancel(ctx), func(ctx context.Context) error {
		seqs, err := s.prunable(ctx, cutoff)
		if err != nil {
			return err
		}
		for _, seq := range seqs {
			if _, err := s.in.dropJobs.ExecContext(ctx, seq); err != nil {
				return err
			}
			if _, err := s.in.dropEvent.ExecContext(ctx, seq); err != nil {
				return err
			}
		}
		bare, err := s.in.dropBare.ExecContext(ctx, cutoff, pruneAtOnce)
		if err != nil {
			return err
		}
		n, err := bare.RowsAffected()
		pruned = len(seqs) + int(n)
		return err
	})
	if err != nil || pruned == 0 {
		return 0, err
	}
	return pruned, s.giveBack(context.WithoutCancel(ctx))
}

// giveBack returns to the system what was freed. SQLite frees a page for each row that is read of it.
func (s *Store) giveBack(ctx context.Context) error {
	rows, err := s.conn.QueryContext(ctx, `PRAGMA incremental_vacuum`)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // Err tells
	for rows.Next() {
	}
	return rows.Err()
}

// prunable returns the numbers of events that may go.
func (s *Store) prunable(ctx context.Context, cutoff int64) ([]int64, error) {
	rows, err := s.conn.QueryContext(ctx, `SELECT seq FROM events e WHERE added < ?
		AND NOT EXISTS (SELECT 1 FROM jobs WHERE event = e.seq AND done IS NULL) ORDER BY added LIMIT ?`, cutoff, pruneAtOnce)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // Err tells
	var seqs []int64
	for rows.Next() {
		var seq int64
		if err := rows.Scan(&seq); err != nil {
			return nil, err
		}
		seqs = append(seqs, seq)
	}
	return seqs, rows.Err()
}
