package store

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"runtime"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

// retraced reads a session back, as event ids with the rules that fired.
func retraced(t testing.TB, s *Store, session, most int64) (ids []string, rules map[string][]string) {
	t.Helper()
	rules = map[string][]string{}
	err := s.Retrace(t.Context(), session, most, func(page []Traced) {
		for _, e := range page {
			id := e.Event.Header().ID
			ids = append(ids, id)
			if e.Rules != nil {
				rules[id] = e.Rules
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids, rules
}

func TestRetraceTellsWhatFired(t *testing.T) {
	path := filepath.Join(t.TempDir(), "livecue.db")
	now := &clock{evening()}
	s := open(t, Options{Path: path, Now: now.read, Zone: testZone()})
	head := func(id, room string) event.Head { return event.Head{ID: id, Source: "tiktok", Room: room, At: now.now} }
	job := func(rule string) action.Job {
		now.now = now.now.Add(time.Millisecond)
		return action.Job{ID: fmt.Sprint(now.now.UnixNano()), RuleID: rule, Runs: 1, Spec: action.Spec{RCON: &action.RCON{Command: "say"}}}
	}
	appendAll(t, s,
		Record{Event: event.Connected{Head: head("", "1"), Handle: "pixel_pia"}},
		Record{Event: event.Chat{Head: head("a", "1"), User: viewer(1)}, Jobs: []action.Job{job("x"), job("x"), job("y")}},
		Record{Jobs: []action.Job{job("again")}}, // run again by hand: of no event
		Record{Event: event.Connected{Head: head("", "2"), Handle: "testy_tom"}},
		Record{Event: event.Chat{Head: head("b", "2"), User: viewer(1)}, Jobs: []action.Job{job("z")}},
		Record{Event: event.Connected{Head: head("", "1"), Handle: "pixel_pia"}},
		Record{Event: event.Chat{Head: head("c", "1"), User: viewer(2)}},
		Record{Event: event.LiveEnded{Head: head("", "1")}},
	)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, Options{Path: path, Now: now.read, Zone: testZone()})
	pia, err := s.LastSession(t.Context(), "tiktok", "pixel_pia")
	if err != nil || pia.Room != "1" || pia.End.IsZero() {
		t.Fatalf("pia's last: %+v, %v", pia, err)
	}
	ids, rules := retraced(t, s, pia.ID, 100)
	if want := []string{"", "a", "", "c", ""}; !reflect.DeepEqual(ids, want) {
		t.Errorf("events %q, want %q", ids, want)
	}
	if want := map[string][]string{"a": {"x", "y"}}; !reflect.DeepEqual(rules, want) {
		t.Errorf("rules %v, want %v", rules, want)
	}
	if ids, _ := retraced(t, s, pia.ID, 2); !reflect.DeepEqual(ids, []string{"c", ""}) {
		t.Errorf("the last two: %q", ids)
	}
	tom, err := s.LastSession(t.Context(), "tiktok", "testy_tom")
	if err != nil || tom.Room != "2" || !tom.End.IsZero() {
		t.Errorf("tom's last: %+v, %v", tom, err)
	}
	now.now = now.now.Add(2 * time.Hour)
	if tom, err = s.LastSession(t.Context(), "tiktok", "testy_tom"); err != nil || tom.End.IsZero() {
		t.Errorf("tom's, two hours later: %+v, %v", tom, err)
	}
	if _, err := s.LastSession(t.Context(), "tiktok", "nobody"); !errors.Is(err, ErrNoSession) {
		t.Errorf("nobody's: %v", err)
	}
}

// BenchmarkRetrace tells what 100,000 events of a stream cost at the start, one in seven with a job.
func BenchmarkRetrace(b *testing.B) {
	const events, batch = 100_000, 500
	now := &clock{evening()}
	s := open(b, Options{Now: now.read, Zone: testZone()})
	sh := &show{random: rand.New(rand.NewPCG(1, 2))}
	appendAll(b, s, Record{Event: event.Connected{Head: sh.head("a", now.now), Handle: "pixel_pia"}})
	records := make([]Record, batch)
	for i := 0; i < events; i += batch {
		for j := range records {
			records[j] = Record{Event: sh.next("a", now.now)}
			if j%7 == 0 {
				id := fmt.Sprint(i + j)
				records[j].Jobs = []action.Job{{ID: id, RuleID: "x", Runs: 1, Spec: action.Spec{RCON: &action.RCON{Command: "say " + id}}}}
			}
		}
		appendAll(b, s, records...)
	}
	if err := s.count(b.Context()); err != nil {
		b.Fatal(err)
	}
	last, err := s.LastSession(b.Context(), "tiktok", "pixel_pia")
	if err != nil {
		b.Fatal(err)
	}
	var most uint64
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		err := s.Retrace(b.Context(), last.ID, events*2, func(page []Traced) {
			n += len(page)
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
		})
		if err != nil || n <= events {
			b.Fatal(n, err)
		}
	}
	b.ReportMetric(float64(most)/1e6, "MB-heap")
}
