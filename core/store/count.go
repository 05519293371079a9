package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/livecue/livecue/core/action"
)

const (
	// countAfter is how long what was folded waits to be counted, so that a burst is not made to share the processor.
	countAfter = 5 * time.Second
	// countAtOnce is how many events or jobs are counted in one transaction: the writer waits for no more than that.
	countAtOnce = 4000
	// countedEvents and countedJobs name the numbers up to which events and finished jobs are counted.
	countedEvents, countedJobs = "counted", "counted_jobs"
)

// counter is how far the counting of what has been folded has come. Statistics are rows of their own that follow the events:
// they are written in the same transaction as how far they follow, so that nothing is counted twice or left out, and the
// events of a store from before there were statistics are counted by and by.
type counter struct {
	some chan struct{} // capacity 1: something was folded

	mu           sync.Mutex // held while counting
	events, jobs int64
	// known are viewers as the database has them, at most maxKnown.
	known map[accountKey]account
}

// maxKnown bounds the viewers that are kept in mind, so that most of an evening's need not be looked up again and again.
const maxKnown = 20_000

// account is a viewer's row.
type account struct {
	id    int64
	names names
}

// know keeps viewers in mind.
func (c *counter) know(accounts map[accountKey]account) {
	if c.known == nil || len(c.known)+len(accounts) > maxKnown {
		c.known = map[accountKey]account{}
	}
	maps.Copy(c.known, accounts)
}

// findCounted reads how far the counting has come. The numbers of new rows go on behind it, even where all that was counted
// has been pruned.
func (s *Store) findCounted(ctx context.Context) error {
	for name, to := range map[string]*int64{countedEvents: &s.tally.events, countedJobs: &s.tally.jobs} {
		err := s.conn.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = ?`, name).Scan(to)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
	}
	s.place.event = max(s.place.event, s.tally.events)
	s.place.done = max(s.place.done, s.tally.jobs)
	return nil
}

// countUntil counts what was folded, a while after it, until ctx ends.
func (s *Store) countUntil(ctx context.Context) {
	signal(s.tally.some)
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.tally.some:
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(countAfter):
		}
		if err := s.countFolded(ctx); err != nil && ctx.Err() == nil {
			s.opts.Log.Error("the statistics cannot be brought up to date yet", "error", err)
		}
	}
}

// count brings the statistics up to date with all that the store was given.
func (s *Store) count(ctx context.Context) error {
	if err := s.fold(ctx); err != nil {
		return err
	}
	return s.countFolded(ctx)
}

// countFolded brings the statistics up to date with the database.
func (s *Store) countFolded(ctx context.Context) error {
	s.tally.mu.Lock()
	defer s.tally.mu.Unlock()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		t := newTallies(s)
		err := t.read(ctx)
		if err == nil && !t.isEmpty() {
			err = s.keepTallies(ctx, t)
		}
		if err != nil {
			return s.failed("count", err)
		}
		if t.isEmpty() {
			return nil
		}
		s.tally.events, s.tally.jobs = t.events, t.jobs
		s.tally.know(t.learned)
	}
}

func (s *Store) keepTallies(ctx context.Context, t *tallies) error {
	s.write.Lock()
	defer s.write.Unlock()
	return s.transact(context.WithoutCancel(ctx), t.write)
}

// read counts the next events and the next finished jobs.
func (t *tallies) read(ctx context.Context) error {
	if err := t.readCurrent(ctx); err != nil {
		return fmt.Errorf("read the last session: %w", err)
	}
	if err := t.readEvents(ctx); err != nil {
		return fmt.Errorf("read events: %w", err)
	}
	if err := t.readFired(ctx); err != nil {
		return fmt.Errorf("read jobs: %w", err)
	}
	if err := t.readFinished(ctx); err != nil {
		return fmt.Errorf("read finished jobs: %w", err)
	}
	return nil
}

// row is an event as the database has it.
type row struct {
	seq    int64
	source string
	kind   string
	added  int64
	body   []byte
}

func (t *tallies) readEvents(ctx context.Context) error {
	rows, err := t.store.reader.QueryContext(ctx,
		`SELECT seq, source, kind, added, body FROM events WHERE seq > ? ORDER BY seq LIMIT ?`, t.events, countAtOnce)
	if err != nil {
		return err
	}
	var all []row
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.seq, &r.source, &r.kind, &r.added, &r.body); err != nil {
			return errors.Join(err, rows.Close())
		}
		all = append(all, r)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for i := range all {
		if err := t.addEvent(ctx, &all[i]); err != nil {
			return err
		}
	}
	return nil
}

// owner is what is read of a job's body.
type owner struct {
	Rule string `json:"rule"`
	Name string `json:"rule_name"`
}

// ownerOf tells whose a job is. What cannot be read has no owner: others have told of that.
func ownerOf(body []byte) owner {
	var o owner
	if json.Unmarshal(body, &o) != nil {
		return owner{}
	}
	return owner{clipText(o.Rule), clipText(o.Name)}
}

// readFired counts the rules that have made jobs of the events.
func (t *tallies) readFired(ctx context.Context) error {
	rows, err := t.store.reader.QueryContext(ctx, `SELECT event, added, body FROM jobs WHERE event > ? AND event <= ?`,
		t.store.tally.events, t.events)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // Err tells
	type firing struct {
		event int64
		rule  string
	}
	seen := map[firing]bool{}
	for rows.Next() {
		var event, added int64
		var body []byte
		if err := rows.Scan(&event, &added, &body); err != nil {
			return err
		}
		o := ownerOf(body)
		if f := (firing{event, o.Rule}); !seen[f] {
			seen[f] = true
			t.ruleOf(added, t.sessions.at(event), o).fired++
		}
	}
	return rows.Err()
}

// finished is a job that is over.
type finished struct {
	done, event, added, latency int64
	state                       action.State
	owner                       owner
}

// readFinished counts the next jobs that are over. One whose event is not counted yet waits, with all that come after it.
func (t *tallies) readFinished(ctx context.Context) error {
	var all []finished
	for _, state := range finalStates() {
		more, err := t.readState(ctx, state)
		if err != nil {
			return err
		}
		all = append(all, more...)
	}
	slices.SortFunc(all, func(a, b finished) int { return int(a.done - b.done) })
	for _, f := range all[:min(len(all), countAtOnce)] {
		if f.event > t.events {
			return nil
		}
		session, err := t.sessionOf(ctx, f.event)
		if err != nil {
			return err
		}
		t.ruleOf(f.added, session, f.owner).addEnd(f.state, f.latency)
		t.jobs = f.done
	}
	return nil
}

func finalStates() []action.State {
	return []action.State{action.Done, action.Rejected, action.Failed, action.Unknown, action.Expired, action.Dropped}
}

func (t *tallies) readState(ctx context.Context, state action.State) (all []finished, err error) {
	rows, err := t.store.reader.QueryContext(ctx, `SELECT done, coalesce(event, 0), added, latency, body FROM jobs
		WHERE done IS NOT NULL AND state = ? AND done > ? ORDER BY done LIMIT ?`, string(state), t.jobs, countAtOnce)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // Err tells
	for rows.Next() {
		f := finished{state: state}
		var body []byte
		if err := rows.Scan(&f.done, &f.event, &f.added, &f.latency, &body); err != nil {
			return nil, err
		}
		f.owner = ownerOf(body)
		all = append(all, f)
	}
	return all, rows.Err()
}
