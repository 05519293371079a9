package store

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// retraceAtOnce is how many events Retrace has in memory.
const retraceAtOnce = 2000

// Traced is an event of a session, and what was made of it.
type Traced struct {
	Recorded
	// Rules are the ids of the rules that made jobs of it.
	Rules []string
}

// Retrace hands the events of a session to take in the order in which they came, some thousand at a time. What take is given is
// its own. Of more than most events, the first are left out, by and large.
func (s *Store) Retrace(ctx context.Context, session, most int64, take func([]Traced)) error {
	if err := s.count(ctx); err != nil {
		return err
	}
	var last int64
	row := s.reader.QueryRowContext(ctx, `SELECT coalesce(max(last), 0) FROM spans WHERE session = ?`, session)
	if err := row.Scan(&last); err != nil {
		return s.failed("retrace a session", err)
	}
	for after := max(last-most, 0); ; {
		page, next, err := s.Recording(ctx, session, after, retraceAtOnce)
		if err != nil {
			return err
		}
		traced, err := s.trace(ctx, page)
		if err != nil {
			return err
		}
		take(traced)
		if next == 0 {
			return nil
		}
		after = next
	}
}

// trace finds the rules that made jobs of the events.
func (s *Store) trace(ctx context.Context, page []Recorded) ([]Traced, error) {
	if len(page) == 0 {
		return nil, nil
	}
	traced := make([]Traced, len(page))
	at := make(map[int64]*Traced, len(page))
	for i, r := range page {
		traced[i].Recorded = r
		at[r.Number] = &traced[i]
	}
	rows, err := s.reader.QueryContext(ctx, `SELECT event, body FROM jobs WHERE event BETWEEN ? AND ? ORDER BY event, seq`,
		page[0].Number, page[len(page)-1].Number)
	if err != nil {
		return nil, s.failed("read who fired", err)
	}
	defer rows.Close() //nolint:errcheck // Err tells
	for rows.Next() {
		var number int64
		var body []byte
		if err := rows.Scan(&number, &body); err != nil {
			return nil, s.failed("read who fired", err)
		}
		rule := ownerOf(body).Rule
		if t := at[number]; t != nil && rule != "" && !slices.Contains(t.Rules, rule) {
			t.Rules = append(t.Rules, rule)
		}
	}
	return traced, s.failed("read who fired", rows.Err())
}

// LastSession returns the session of a streamer that began last, or ErrNoSession. Handle is compared as it is.
func (s *Store) LastSession(ctx context.Context, source, handle string) (Session, error) {
	if err := s.count(ctx); err != nil {
		return Session{}, err
	}
	row := s.reader.QueryRowContext(ctx, `SELECT `+sessionColumns+` FROM sessions WHERE source = ? AND handle = ? ORDER BY id DESC LIMIT 1`,
		source, handle)
	r, err := scanSession(row)
	switch {
	case err != nil:
		return Session{}, s.failed("find the last session", err)
	case r == nil:
		return Session{}, fmt.Errorf("a session of %q: %w", handle, ErrNoSession)
	}
	one := Session{
		ID: r.id, Source: r.source, Room: r.room, Handle: r.handle, Begun: time.Unix(0, r.begun), Last: time.Unix(0, r.last), Events: r.events,
	}
	one.End = s.endOf(one.Last, r.ended)
	return one, nil
}

// endOf is when a session ended, or zero while it may go on.
func (s *Store) endOf(last time.Time, ended int64) time.Time {
	switch {
	case ended != 0:
		return time.Unix(0, ended)
	case s.opts.Now().Sub(last) > sessionGap:
		return last
	default:
		return time.Time{}
	}
}
