package rehearsal_test

import (
	"context"
	"errors"
	"log/slog"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/rehearsal"
	"github.com/livecue/livecue/core/source"
	"github.com/livecue/livecue/core/source/tiktok"
)

// gave is who gave what.
type gave struct {
	handle string
	gift   int64
}

// sums is what the bus would have been told, or what the ledger says.
type sums struct {
	Gifts, Coins, Follows, Shares, Joins, Chats, Likes, Subscribes, Questions, ViewerCounts int
}

// tally adds up events. Emit is called from one goroutine, the rest from the test's.
type tally struct {
	mu      sync.Mutex
	sums    sums
	by      map[gave]int
	open    map[string]int // by streak: added since the last end
	wrong   []event.Gift   // those that break a promise of event.Gift
	kinds   map[event.Kind]int
	handles map[string]string // by user id
}

func newTally() *tally {
	return &tally{by: map[gave]int{}, open: map[string]int{}, kinds: map[event.Kind]int{}, handles: map[string]string{}}
}

func (c *tally) emit(e event.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kinds[e.Kind()]++
	switch e := e.(type) {
	case event.Gift:
		c.gift(e)
	case event.Follow:
		c.sums.Follows++
	case event.Share:
		c.sums.Shares++
	case event.Join:
		c.sums.Joins++
	case event.Chat:
		c.sums.Chats++
	case event.Like:
		c.sums.Likes += e.Added
	case event.Subscribe:
		c.sums.Subscribes++
	case event.Question:
		c.sums.Questions++
	case event.ViewerCount:
		c.sums.ViewerCounts++
	}
}

func (c *tally) gift(e event.Gift) {
	c.sums.Gifts += e.Added
	c.sums.Coins += e.Added * e.Gift.Coins
	if e.Added > 0 {
		c.by[gave{e.User.Handle, e.Gift.ID}] += e.Added
	}
	c.open[e.Streak] += e.Added
	if e.Count != c.open[e.Streak] {
		c.wrong = append(c.wrong, e)
	}
	if e.Final {
		c.open[e.Streak] = 0
	}
}

func (c *tally) get() (sums, map[gave]int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	by := make(map[gave]int, len(c.by))
	for k, v := range c.by {
		by[k] = v
	}
	return c.sums, by
}

func ofLedger(l rehearsal.Ledger) (sums, map[gave]int) {
	by := map[gave]int{}
	for _, s := range l.Streaks {
		by[gave{s.Handle, s.GiftID}] += s.Count
	}
	return sums{
		l.Gifts, l.Coins, l.Follows, l.Shares, l.Joins, l.Chats, l.Likes, l.Subscribes, l.Questions, l.ViewerCounts,
	}, by
}

// pace is that of a rehearsal at many times the speed.
func pace() source.Pace {
	const ms = time.Millisecond
	return source.Pace{
		RetryFirst: 10 * ms, RetryMax: 50 * ms, RefusedFirst: 20 * ms, LiveFirst: 20 * ms, LiveMax: 50 * ms, RateLimit: 50 * ms, HeldAfter: ms,
	}
}

// within waits until cond holds.
func within(t *testing.T, limit time.Duration, what string, cond func() bool) {
	t.Helper()
	deadline := time.After(limit)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !cond() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Errorf("not within %s: %s", limit, what)
			return
		}
	}
}

// The product's own client, kept connected by its own supervisor, is told to the coin what the ledger says, whatever goes
// wrong, and is connected at the end.
func TestOurClientHearsWhatTheLedgerSays(t *testing.T) {
	tests := []struct {
		script, door string
		speed        float64
	}{
		{"first-steps", tiktok.DoorDirect, 40},
		{"first-steps", tiktok.DoorEuler, 40},
		{"gift-storm", tiktok.DoorDirect, 30},
		{"gift-storm", tiktok.DoorEuler, 30},
		{"bad-day", tiktok.DoorDirect, 30},
		{"bad-day", tiktok.DoorEuler, 30},
	}
	for _, tt := range tests {
		t.Run(tt.script+"/"+tt.door, func(t *testing.T) {
			script, err := rehearsal.Load(tt.script)
			if err != nil {
				t.Fatal(err)
			}
			quiet := slog.New(slog.DiscardHandler)
			server := run(t, rehearsal.Options{Script: script, Speed: tt.speed, Key: "a key", Log: quiet})
			src, err := tiktok.New(tiktok.Options{
				Handle: server.Handle(), Door: tt.door, APIKey: "a key", SignerURL: server.SignerURL(), EulerURL: server.EulerURL(),
				ProxyURL: server.ProxyURL(), ProxyInsecure: true, Log: quiet,
			})
			if err != nil {
				t.Fatal(err)
			}
			heard := newTally()
			sup := source.NewSupervisor(src, source.Options{Handle: server.Handle(), Emit: heard.emit, Pace: pace(), Log: quiet})
			stop := background(sup.Run)
			defer func() {
				if err := stop(); !errors.Is(err, context.Canceled) {
					t.Errorf("supervisor: %v", err)
				}
			}()

			select {
			case <-server.Done():
			case <-time.After(2 * time.Minute):
				t.Fatalf("the script did not come to its end: %+v, client %+v", brief(server.Ledger()), sup.Status())
			}
			within(t, 20*time.Second, "client and ledger agree", func() bool {
				got, gotBy := heard.get()
				want, wantBy := ofLedger(server.Ledger())
				return got == want && reflect.DeepEqual(gotBy, wantBy)
			})
			within(t, 20*time.Second, "connected at the end", func() bool {
				return sup.Status().State == source.Connected && server.Ledger().Received.Open == 1
			})
			report(t, heard, server.Ledger())
		})
	}
}

func report(t *testing.T, heard *tally, l rehearsal.Ledger) {
	t.Helper()
	got, gotBy := heard.get()
	want, wantBy := ofLedger(l)
	if got != want {
		t.Errorf("heard  %+v\nledger %+v", got, want)
	}
	if !reflect.DeepEqual(gotBy, wantBy) {
		t.Errorf("heard of gifts %v\nledger         %v", gotBy, wantBy)
	}
	if l.Gifts == 0 || l.Pending != 0 || l.Missed != 0 {
		t.Errorf("ledger %+v", brief(l))
	}
	heard.mu.Lock()
	defer heard.mu.Unlock()
	if len(heard.wrong) > 0 {
		t.Errorf("%d gifts whose count is not the sum of what was added, such as %+v", len(heard.wrong), heard.wrong[0])
	}
	t.Logf("events %v; ledger %+v", heard.kinds, brief(l))
}

// brief is a ledger that can be printed.
func brief(l rehearsal.Ledger) rehearsal.Ledger {
	l.Streaks = nil
	return l
}

// run runs a server for the time of a test.
func run(t *testing.T, opt rehearsal.Options) *rehearsal.Server {
	t.Helper()
	s, err := rehearsal.Listen(opt)
	if err != nil {
		t.Fatal(err)
	}
	stop := background(s.Run)
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Errorf("run: %v", err)
		}
	})
	return s
}

// background runs something until the function that it returns is called, which returns its error.
func background(run func(context.Context) error) (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx) }()
	return func() error {
		cancel()
		return <-ended
	}
}
