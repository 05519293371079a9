package tiktok

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/livecue/livecue/core/event"
)

// told is what a Gift event says of its streak.
type told struct {
	added, count           int
	first, final, inferred bool
}

type giftLog []event.Gift

func (l *giftLog) emit(e event.Event) { *l = append(*l, e.(event.Gift)) }

func (l giftLog) told() []told {
	var out []told
	for _, g := range l {
		out = append(out, told{g.Added, g.Count, g.First, g.Final, g.Inferred})
	}
	return out
}

func TestStreaks(t *testing.T) {
	type step struct {
		count    int
		end      bool
		after    time.Duration // time that passes before it
		baseline bool
	}
	const timeout = 15 * time.Second
	for _, test := range []struct {
		name  string
		group int64
		steps []step
		want  []told
	}{
		{
			"grows and ends", 1,
			[]step{{count: 1}, {count: 3}, {count: 5, end: true}},
			[]told{{1, 1, true, false, false}, {2, 3, false, false, false}, {2, 5, false, true, false}},
		},
		{
			"single rose comes twice", 1,
			[]step{{count: 1}, {count: 1, end: true}},
			[]told{{1, 1, true, false, false}, {0, 1, false, true, false}},
		},
		{"only the end arrives", 1, []step{{count: 9, end: true}}, []told{{9, 9, true, true, false}}},
		{
			"repeated and older messages say nothing", 1,
			[]step{{count: 4}, {count: 4}, {count: 2}, {count: 4, end: true}, {count: 4, end: true}, {count: 3}},
			[]told{{4, 4, true, false, false}, {0, 4, false, true, false}},
		},
		{
			"end with an older count still ends", 1,
			[]step{{count: 4}, {count: 2, end: true}},
			[]told{{4, 4, true, false, false}, {0, 4, false, true, false}},
		},
		{
			"end is made up", 1,
			[]step{{count: 2}, {after: timeout}},
			[]told{{2, 2, true, false, false}, {0, 2, false, true, true}},
		},
		{"not before its time", 1, []step{{count: 2}, {after: timeout - 1}}, []told{{2, 2, true, false, false}}},
		{
			"growth keeps it open", 1,
			[]step{{count: 1}, {count: 2, after: timeout - 1}, {after: timeout - 1}, {after: 1}},
			[]told{{1, 1, true, false, false}, {1, 2, false, false, false}, {0, 2, false, true, true}},
		},
		{
			"goes on after a made-up end", 1,
			[]step{{count: 2}, {after: timeout}, {count: 5}, {count: 6, end: true}},
			[]told{{2, 2, true, false, false}, {0, 2, false, true, true}, {3, 3, false, false, false}, {1, 4, false, true, false}},
		},
		{
			"real end after a made-up one brings nothing", 1,
			[]step{{count: 2}, {after: timeout}, {count: 2, end: true}},
			[]told{{2, 2, true, false, false}, {0, 2, false, true, true}},
		},
		{
			"real end brings more after a made-up one", 1,
			[]step{{count: 2}, {after: timeout}, {count: 7, end: true}},
			[]told{{2, 2, true, false, false}, {0, 2, false, true, true}, {5, 5, false, true, false}},
		},
		{
			"the past is not counted", 1,
			[]step{{count: 3, baseline: true}, {count: 3}, {count: 5}, {count: 5, end: true}},
			[]told{{2, 2, true, false, false}, {0, 2, false, true, false}},
		},
		{"the past had ended", 1, []step{{count: 3, baseline: true}, {count: 3, end: true}}, nil},
		{"nothing is nothing", 1, []step{{count: 0}, {count: 0, end: true}}, nil},
		{
			"without a group, the end makes room for the next", 0,
			[]step{{count: 5, end: true}, {count: 1}, {count: 2, end: true}},
			[]told{{5, 5, true, true, false}, {1, 1, true, false, false}, {1, 2, false, true, false}},
		},
		{
			"without a group, a lower count after a made-up end is a new streak", 0,
			[]step{{count: 5}, {after: timeout}, {count: 1}},
			[]told{{5, 5, true, false, false}, {0, 5, false, true, true}, {1, 1, true, false, false}},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newStreaks(timeout, 100)
			now := time.Now()
			var log giftLog
			for i, step := range test.steps {
				now = now.Add(step.after)
				s.expire(now, log.emit)
				key := streakKey{"8", 5655, test.group}
				switch {
				case step.baseline:
					s.baseline(key, step.count, now, log.emit)
				case step.count > 0 || step.after == 0:
					s.add(key, event.Gift{Head: event.Head{ID: fmt.Sprint(i)}}, step.count, step.end, now, log.emit)
				}
			}
			if got := fmt.Sprint(log.told()); got != fmt.Sprint(test.want) {
				t.Errorf("\ngot  %s\nwant %v", got, test.want)
			}
		})
	}
}

// Whatever is repeated, reordered or lost of the messages on the way: as long as one with the highest count arrives, the
// sum of Added is what was paid, each Final sums up what was added since the last, and First is true once.
func TestStreaksAnyOrder(t *testing.T) {
	for seed := range uint64(2000) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		s := newStreaks(time.Second, 1000)
		type sent struct {
			key   streakKey
			count int
			end   bool
		}
		var messages []sent
		paid := map[streakKey]int{}
		for i := range 1 + rnd.IntN(5) {
			key := streakKey{fmt.Sprint(i % 2), int64(i % 3), int64(100 + i)}
			total := 1 + rnd.IntN(12)
			paid[key] = total
			for c := 1; c <= total; c++ {
				if c == total || rnd.IntN(3) > 0 { // some are lost
					messages = append(messages, sent{key, c, false})
				}
			}
			if rnd.IntN(3) > 0 { // some ends never come
				messages = append(messages, sent{key, total, true})
			}
		}
		for range rnd.IntN(10) {
			messages = append(messages, messages[rnd.IntN(len(messages))])
		}
		if rnd.IntN(2) == 0 {
			rnd.Shuffle(len(messages), func(i, j int) { messages[i], messages[j] = messages[j], messages[i] })
		}
		var log giftLog
		now := time.Now()
		for _, m := range messages {
			now = now.Add(time.Duration(rnd.IntN(600)) * time.Millisecond)
			s.expire(now, log.emit)
			s.add(m.key, event.Gift{Streak: fmt.Sprint(m.key)}, m.count, m.end, now, log.emit)
			if rnd.IntN(20) == 0 {
				s.endAll(now, log.emit) // a disconnect
			}
		}
		s.endAll(now, log.emit)
		checkGiftPromises(t, seed, log)
		sum := map[string]int{}
		for _, g := range log {
			sum[g.Streak] += g.Added
		}
		for key, want := range paid {
			if got := sum[fmt.Sprint(key)]; got != want {
				t.Fatalf("seed %d: streak %v: %d gifts, want %d\n%v", seed, key, got, want, messages)
			}
		}
	}
}

// checkGiftPromises checks what event.Gift promises of the events of each streak, all of which have ended.
func checkGiftPromises(t *testing.T, seed uint64, log giftLog) {
	t.Helper()
	firsts, pending := map[string]int{}, map[string]int{}
	for _, g := range log {
		if g.First {
			firsts[g.Streak]++
		} else if firsts[g.Streak] == 0 {
			t.Fatalf("seed %d: %s began without a first: %+v", seed, g.Streak, g)
		}
		if g.Added < 0 || g.Added == 0 && !g.Final {
			t.Fatalf("seed %d: says nothing: %+v", seed, g)
		}
		pending[g.Streak] += g.Added
		if g.Count != pending[g.Streak] {
			t.Fatalf("seed %d: count %d, want %d: %+v", seed, g.Count, pending[g.Streak], g)
		}
		if g.Final {
			pending[g.Streak] = 0
		}
	}
	for key, n := range firsts {
		if n != 1 || pending[key] != 0 {
			t.Fatalf("seed %d: %s: %d firsts, %d never ended", seed, key, n, pending[key])
		}
	}
}

func TestStreaksStayBounded(t *testing.T) {
	s := newStreaks(time.Hour, 50)
	var log giftLog
	now := time.Now()
	for i := range 500 {
		s.add(streakKey{fmt.Sprint(i), 1, 1}, event.Gift{Streak: fmt.Sprint(i)}, 3, i%2 == 0, now, log.emit)
	}
	if len(s.all) > 50 || s.open.Len()+s.ended.Len() != len(s.all) {
		t.Errorf("%d streaks, %d open, %d ended", len(s.all), s.open.Len(), s.ended.Len())
	}
	s.endAll(now, log.emit)
	checkGiftPromises(t, 0, log)
	if _, ok := s.next(now); ok {
		t.Error("something is open")
	}
}

func TestSeen(t *testing.T) {
	s := newSeen(100)
	for i := range 1000 {
		if !s.add(fmt.Sprint(i)) {
			t.Fatalf("%d is new", i)
		}
		for back := range min(i, 100) {
			if s.add(fmt.Sprint(i - back)) {
				t.Fatalf("at %d, %d was forgotten", i, i-back)
			}
		}
		if n := len(s.young) + len(s.old); n > 200 {
			t.Fatalf("%d ids", n)
		}
	}
}
