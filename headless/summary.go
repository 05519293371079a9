package headless

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/event"
)

// soundLane is the queue's lane of sounds.
const soundLane = "sound"

// Summary is what a run came to.
type Summary struct {
	Seconds float64 `json:"seconds"`
	// Events counts by kind.
	Events map[event.Kind]int `json:"events"`
	// Gifts is the number of gifts, Coins what they cost.
	Gifts int `json:"gifts"`
	Coins int `json:"coins"`
	// Triggered is the number of jobs, Jobs counts those that ended by how.
	Triggered int                  `json:"triggered"`
	Jobs      map[action.State]int `json:"jobs"`
	// Commands is how many command lines reached a game server.
	Commands int `json:"commands"`
	// P50 and P99 are latencies from trigger to the game server's answer, in milliseconds.
	P50 float64 `json:"p50_ms"`
	P99 float64 `json:"p99_ms"`
	// Dropped counts lines of the feed that were not printed because the output was too slow.
	Dropped uint64 `json:"dropped_lines,omitempty"`
	// Health counts what went wrong without stopping anything.
	Health app.Health `json:"health"`
	// Rehearsal compares with what the rehearsal's servers sent and received; nil without one.
	Rehearsal *Rehearsal `json:"rehearsal,omitempty"`
	// Unfinished are the lanes that still had work at the end.
	Unfinished []Unfinished `json:"unfinished,omitempty"`
	// Trouble is why the run did not end well, or "".
	Trouble string `json:"trouble,omitempty"`
}

// Rehearsal is what the servers of a rehearsal counted.
type Rehearsal struct {
	// Gifts is how many gifts a client could know of, Coins what they cost.
	Gifts int `json:"gifts_sent"`
	Coins int `json:"coins_sent"`
	// Commands is how many command lines the practice game server received.
	Commands uint64 `json:"commands_received"`
	// Agrees says that nothing was lost and nothing came twice.
	Agrees bool `json:"agrees"`
}

// Unfinished is a lane that still had work at the end.
type Unfinished struct {
	Lane string `json:"lane"`
	Jobs int    `json:"jobs"`
	// Reason is why it did not get on, or empty.
	Reason string `json:"reason,omitempty"`
}

// problem is why the run did not end well, or nil. That a sound was not heard is told in the summary, and no failure: many a
// server has no loudspeakers.
func (s Summary) problem() error {
	for _, u := range s.Unfinished {
		if u.Lane != soundLane {
			return fmt.Errorf("%d actions of %s were not done: %s", u.Jobs, u.Lane, u.Reason)
		}
	}
	switch {
	case s.Trouble != "":
		return errors.New(s.Trouble)
	case s.Rehearsal != nil && !s.Rehearsal.Agrees:
		return fmt.Errorf("the rehearsal's counts do not agree: %d gifts sent and %d counted, %d commands sent and %d received",
			s.Rehearsal.Gifts, s.Gifts, s.Commands, s.Rehearsal.Commands)
	default:
		return nil
	}
}

// tally counts what goes by.
type tally struct {
	events    map[event.Kind]int
	gifts     int
	coins     int
	triggered int
	jobs      map[action.State]int
	commands  int
	latencies []time.Duration
	dropped   uint64
}

func (t *tally) add(u app.Update) {
	if t.events == nil {
		t.events, t.jobs = map[event.Kind]int{}, map[action.State]int{}
	}
	if u.Entry != nil {
		t.events[u.Entry.Event.Kind()]++
		t.triggered += len(u.Entry.Jobs)
		if g, ok := u.Entry.Event.(event.Gift); ok {
			t.gifts += g.Added
			t.coins += g.Added * g.Gift.Coins
		}
		return
	}
	r := u.Report
	if !r.State.IsFinal() {
		return
	}
	t.jobs[r.State]++
	if rcon := r.Job.Spec.RCON; rcon != nil {
		t.commands += r.Runs * len(action.Lines(rcon.Command))
		if r.State == action.Done || r.State == action.Rejected {
			t.latencies = append(t.latencies, r.Latency)
		}
	}
}

func (r *run) summarise(settled error) Summary {
	t := &r.tally
	s := Summary{
		Seconds: time.Since(r.began).Seconds(), Events: t.events, Gifts: t.gifts, Coins: t.coins, Triggered: t.triggered,
		Jobs: t.jobs, Commands: t.commands, Dropped: t.dropped, Health: r.app.Health(),
		P50: milliseconds(percentile(t.latencies, 50)), P99: milliseconds(percentile(t.latencies, 99)),
	}
	if settled != nil {
		s.Trouble = settled.Error()
	}
	for _, l := range r.app.Lanes() {
		jobs := l.Waiting
		if l.Running != nil {
			jobs++
		}
		if jobs > 0 {
			s.Unfinished = append(s.Unfinished, Unfinished{l.Lane, jobs, l.Trouble})
		}
	}
	if result, ok := r.app.RehearsalResult(); ok {
		s.Rehearsal = &Rehearsal{
			Gifts: result.Ledger.Gifts, Coins: result.Ledger.Coins, Commands: result.Commands,
			Agrees: result.Ledger.Gifts == t.gifts && result.Ledger.Coins == t.coins && result.Commands == uint64(t.commands),
		}
	}
	return s
}

// percentile returns the smallest value that p percent of all do not exceed; 0 of none.
func percentile(all []time.Duration, p int) time.Duration {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[max(0, (len(sorted)*p+99)/100-1)]
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
