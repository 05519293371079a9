package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"slices"
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
	unfinished, history, past, known *sql.Stmt
}

func (r *reading) prepare(ctx context.Context, on *sql.DB) error {
	return prepareAll(ctx, on, []statement{
		{&r.unfinished, `SELECT id, body, runs, claimed FROM jobs WHERE done IS NULL ORDER BY seq`},
		{&r.history, `SELECT j.done, j.id, j.body, j.state, j.reply, j.error, j.runs, j.refused, j.latency, j.ended, e.kind, e.body
			FROM jobs j LEFT JOIN events e ON e.seq = j.event WHERE j.done < ? ORDER BY j.done DESC LIMIT ?`},
		{&r.past, `SELECT kind, body FROM events WHERE source = ? AND at >= ? ORDER BY seq DESC LIMIT ?`},
		{&r.known, `SELECT 1 FROM events WHERE source = ? AND id = ? AND id <> ''`},
	})
}

// History returns at most limit finished jobs, the newest first: before is 0 for the first page and the last page's next for
// each further one. next is 0 when there are no more.
func (s *Store) History(ctx context.Context, before int64, limit int) (page []Done, next int64, err error) {
	if err := s.fold(ctx); err != nil {
		return nil, 0, err
	}
	if before <= 0 {
		before = math.MaxInt64
	}
	limit = max(limit, 0)
	rows, err := s.out.history.QueryContext(ctx, before, limit)
	if err != nil {
		return nil, 0, s.failed("read history", err)
	}
	defer rows.Close() //nolint:errcheck // Err tells
	read := 0
	for rows.Next() {
		d, number, err := s.scanDone(rows)
		if err != nil {
			return nil, 0, s.failed("read history", err)
		}
		read, next = read+1, number
		if d.Job.ID != "" {
			page = append(page, d)
		}
	}
	if read < limit {
		next = 0
	}
	return page, next, s.failed("read history", rows.Err())
}

// scanDone reads one row. A job that cannot be decoded is logged and has no id.
func (s *Store) scanDone(rows *sql.Rows) (d Done, number int64, err error) {
	var job, body []byte
	var kind sql.NullString
	var latency, ended int64
	o := &d.Outcome
	err = rows.Scan(&number, &o.JobID, &job, &o.State, &o.Reply, &o.Error, &o.Runs, &o.Refused, &latency, &ended, &kind, &body)
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
