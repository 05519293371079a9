package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

// Done is a job that has ended.
type Done struct {
	Job     action.Job
	Outcome Outcome
	// Event is what triggered it; nil when it had none.
	Event event.Event
}

// reading are the statements of the readers.
type reading struct {
	unfinished, countUnfinished, state, past, known, keys *sql.Stmt
}

func (r *reading) prepare(ctx context.Context, on *sql.DB) error {
	return prepareAll(ctx, on, []statement{
		{&r.unfinished, `SELECT seq, id, body, runs, unsure, claimed FROM jobs
			WHERE done IS NULL AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?`},
		{&r.countUnfinished, `SELECT count(*) FROM jobs WHERE done IS NULL AND seq <= ?`},
		{&r.state, `SELECT state FROM jobs WHERE done IS NOT NULL AND state > ? ORDER BY state LIMIT 1`},
		{&r.past, `SELECT kind, body FROM events WHERE source = ? AND at >= ? ORDER BY seq DESC LIMIT ?`},
		{&r.known, `SELECT 1 FROM events WHERE source = ? AND id = ? AND id <> ''`},
		{&r.keys, `SELECT source, id FROM events WHERE id <> '' AND (source, id) > (?, ?) ORDER BY source, id LIMIT ?`},
	})
}

// HistoryQuery says which finished jobs are wanted.
type HistoryQuery struct {
	// Before is 0 for the first page and the last page's next for each further one.
	Before int64
	// Limit is the most that a page may have.
	Limit int
	// States are those that a job may have ended in; none are all.
	States []action.State
}

// History returns a page of the finished jobs, the newest first. next is 0 when there are no more.
func (s *Store) History(ctx context.Context, q HistoryQuery) (page []Done, next int64, err error) {
	if err := s.fold(ctx); err != nil {
		return nil, 0, err
	}
	page, next, err = s.history(ctx, q)
	return page, next, s.failed("read history", err)
}

func (s *Store) history(ctx context.Context, q HistoryQuery) (page []Done, next int64, err error) {
	if len(q.States) == 0 {
		if q.States, err = s.endedIn(ctx); err != nil || len(q.States) == 0 {
			return nil, 0, err
		}
	}
	limit := max(q.Limit, 0)
	query, args := historyOf(q, limit)
	rows, err := s.reader.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close() //nolint:errcheck // Err tells
	read := 0
	for rows.Next() {
		d, number, err := s.scanDone(rows)
		if err != nil {
			return nil, 0, err
		}
		read, next = read+1, number
		if d.Job.ID != "" {
			page = append(page, d)
		}
	}
	if read < limit {
		next = 0
	}
	return page, next, rows.Err()
}

// historyOf returns the query and its arguments. It reads the newest of each state from the index, and of those the newest, so
// that a rare state costs no more than a frequent one.
func historyOf(q HistoryQuery, limit int) (query string, args []any) {
	before := q.Before
	if before <= 0 {
		before = math.MaxInt64
	}
	states := slices.Compact(slices.Sorted(slices.Values(q.States)))
	each := make([]string, len(states))
	for i, state := range states {
		each[i] = `SELECT * FROM (SELECT seq, done FROM jobs WHERE done IS NOT NULL AND state = ? AND done < ? ORDER BY done DESC LIMIT ?)`
		args = append(args, string(state), before, limit)
	}
	query = `SELECT j.done, j.id, j.body, j.state, j.reply, j.error, j.runs, j.refused, j.unsure, j.latency, j.ended, e.kind, e.body
		FROM (` + strings.Join(each, ` UNION ALL `) + ` ORDER BY done DESC LIMIT ?) p
		CROSS JOIN jobs j ON j.seq = p.seq LEFT JOIN events e ON e.seq = j.event ORDER BY p.done DESC`
	return query, append(args, limit)
}

// endedIn returns the states that jobs have ended in. It looks at one row of each.
func (s *Store) endedIn(ctx context.Context) (states []action.State, err error) {
	for last := ""; ; {
		err := s.out.state.QueryRowContext(ctx, last).Scan(&last)
		if errors.Is(err, sql.ErrNoRows) {
			return states, nil
		}
		if err != nil {
			return nil, err
		}
		states = append(states, action.State(last))
	}
}

// findPlace finds the last numbers that rows have.
func (s *Store) findPlace(ctx context.Context) error {
	row := s.conn.QueryRowContext(ctx, `SELECT (SELECT coalesce(max(seq), 0) FROM events), (SELECT coalesce(max(seq), 0) FROM jobs)`)
	if err := row.Scan(&s.place.event, &s.place.job); err != nil {
		return err
	}
	states, err := s.endedIn(ctx)
	if err != nil {
		return err
	}
	for _, state := range states {
		var done int64
		row := s.conn.QueryRowContext(ctx, `SELECT max(done) FROM jobs WHERE done IS NOT NULL AND state = ?`, string(state))
		if err := row.Scan(&done); err != nil {
			return err
		}
		s.place.done = max(s.place.done, done)
	}
	return nil
}

// scanDone reads one row. A job that cannot be decoded is logged and has no id.
func (s *Store) scanDone(rows *sql.Rows) (d Done, number int64, err error) {
	var job, body []byte
	var kind sql.NullString
	var latency, ended int64
	o := &d.Outcome
	err = rows.Scan(&number, &o.JobID, &job, &o.State, &o.Reply, &o.Error, &o.Runs, &o.Refused, &o.Unsure, &latency, &ended, &kind, &body)
	if err != nil {
		return d, 0, err
	}
	o.Latency, o.At = time.Duration(latency), time.Unix(0, ended)
	if err := json.Unmarshal(job, &d.Job); err != nil {
		s.opts.Log.Error("a finished job cannot be read", "job", o.JobID, "error", err)
		return Done{}, number, nil
	}
	if !kind.Valid {
		return d, number, nil
	}
	if d.Event, err = decodeEvent(kind.String, body); err != nil {
		s.opts.Log.Error("the event of a job cannot be read", "job", o.JobID, "error", err)
	}
	return d, number, nil
}

// Past returns the events of a source that were appended last and are not older than since, at most limit of them, in the order
// in which they were appended: the times in them are the platform's, and no clock is to be trusted across them. One that cannot
// be read is logged and left out.
func (s *Store) Past(ctx context.Context, source string, since time.Time, limit int) ([]event.Event, error) {
	if err := s.fold(ctx); err != nil {
		return nil, err
	}
	rows, err := s.out.past.QueryContext(ctx, source, nanos(since), max(limit, 0))
	if err != nil {
		return nil, s.failed("read past events", err)
	}
	defer rows.Close() //nolint:errcheck // Err tells
	var past []event.Event
	for rows.Next() {
		var kind string
		var body []byte
		if err := rows.Scan(&kind, &body); err != nil {
			return nil, s.failed("read past events", err)
		}
		e, err := decodeEvent(kind, body)
		if err != nil {
			s.opts.Log.Error("a past event cannot be read", "error", fmt.Sprint(err))
			continue
		}
		past = append(past, e)
	}
	slices.Reverse(past)
	return past, s.failed("read past events", rows.Err())
}
