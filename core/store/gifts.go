package store

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/livecue/livecue/core/event"
)

// maxGifts bounds the gifts that wait to be written.
const maxGifts = 10_000

// giftRow is a gift with when it was last learned of, in nanoseconds since 1970.
type giftRow struct {
	info event.GiftInfo
	seen int64
}

// gifts are those that are not in the database yet.
type gifts struct {
	mu      sync.Mutex
	waiting map[int64]giftRow
}

// LearnGifts keeps what is known of gifts, by their ids; those without an id are left out. It takes next to no time: they are
// written with what comes next, or when the store is closed. What the end of the process takes of that can be learned again.
func (s *Store) LearnGifts(ctx context.Context, infos []event.GiftInfo) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("learn gifts: %w", err)
	}
	now := nanos(time.Now())
	g := &s.gifts
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.waiting == nil {
		g.waiting = map[int64]giftRow{}
	}
	for _, info := range infos {
		if info.ID <= 0 {
			continue
		}
		if _, isThere := g.waiting[info.ID]; !isThere && len(g.waiting) >= maxGifts {
			return fmt.Errorf("learn gifts: more than %d wait to be written", maxGifts)
		}
		g.waiting[info.ID] = giftRow{info, now}
	}
	return nil
}

// Gifts returns the gifts that have been learned, by id.
func (s *Store) Gifts(ctx context.Context) ([]event.GiftInfo, error) {
	if err := s.keepGifts(ctx); err != nil {
		return nil, err
	}
	rows, err := s.reader.QueryContext(ctx, `SELECT id, name, coins, icon, streakable FROM gifts ORDER BY id`)
	if err != nil {
		return nil, s.failed("read gifts", err)
	}
	defer rows.Close() //nolint:errcheck // Err tells
	var all []event.GiftInfo
	for rows.Next() {
		var g event.GiftInfo
		if err := rows.Scan(&g.ID, &g.Name, &g.Coins, &g.IconURL, &g.Streakable); err != nil {
			return nil, s.failed("read gifts", err)
		}
		all = append(all, g)
	}
	return all, s.failed("read gifts", rows.Err())
}

// keepGifts writes the gifts that wait.
func (s *Store) keepGifts(ctx context.Context) error {
	s.write.Lock()
	defer s.write.Unlock()
	if s.gifts.isEmpty() {
		return nil
	}
	var written []giftRow
	err := s.transact(context.WithoutCancel(ctx), func(ctx context.Context) (err error) {
		written, err = s.insertGifts(ctx)
		return err
	})
	if err == nil {
		s.gifts.kept(written)
	}
	return s.failed("keep gifts", err)
}

// insertGifts is part of a transaction; when that has succeeded, what it returns is kept.
func (s *Store) insertGifts(ctx context.Context) ([]giftRow, error) {
	all := s.gifts.list()
	for _, g := range all {
		i := g.info
		if _, err := s.in.gift.ExecContext(ctx, i.ID, i.Name, i.Coins, i.IconURL, i.Streakable, g.seen); err != nil {
			return nil, fmt.Errorf("insert gift %d: %w", i.ID, err)
		}
	}
	return all, nil
}

func (g *gifts) isEmpty() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.waiting) == 0
}

func (g *gifts) list() []giftRow {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := make([]giftRow, 0, len(g.waiting))
	for _, one := range g.waiting {
		all = append(all, one)
	}
	return all
}

// kept forgets the gifts that are in the database, unless more has been learned of them meanwhile.
func (g *gifts) kept(written []giftRow) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, one := range written {
		if g.waiting[one.info.ID] == one {
			delete(g.waiting, one.info.ID)
		}
	}
}
