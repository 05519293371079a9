package tiktok_test

import (
	"context"
	"log/slog"
	"maps"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/rehearsal"
	"github.com/livecue/livecue/core/source"
	"github.com/livecue/livecue/core/source/tiktok"
)

// giver is who gave what.
type giver struct {
	handle string
	gift   int64
}

// journal is what survives the lives of a program: its events, up to the last commit.
type journal struct {
	events []event.Event
}

// life is one run of a program with a journal, from its start to its crash.
type life struct {
	journal *journal
	slow    bool // whether commits take their time

	mu     sync.Mutex
	rnd    *rand.Rand
	events []event.Event // with those that are not safe yet
	safe   int           // how many of them are
	left   int           // after so many events it crashes; 0 is never
	isDead bool
	// A crash waits for a connection that is being made: before a live's first Connected, nothing says since when it was heard.
	isOpening, isDoomed bool

	crash context.CancelFunc
	wg    sync.WaitGroup // commits under way
}

// emit keeps an event, and crashes in the middle of a response when the time has come.
func (l *life) emit(e event.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.isDead {
		return
	}
	l.events = append(l.events, e)
	switch e.(type) {
	case event.Connected, event.Reconnected:
		l.safe = len(l.events) // from here on, there is something to lose
	}
	if l.left--; l.left == 0 {
		l.die()
	}
}

// die is a crash: what is not safe is lost, and no commit ends any more. It needs the lock.
func (l *life) die() {
	if l.isOpening {
		l.isDoomed = true
		return
	}
	if l.isDead {
		return
	}
	l.isDead = true
	l.journal.events = append([]event.Event(nil), l.events[:l.safe]...)
	l.crash()
}

func (l *life) setOpening(isOpening bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.isOpening = isOpening; !isOpening && l.isDoomed {
		l.die()
	}
}

// watched is a source that tells its life when a connection is being made.
type watched struct {
	*tiktok.Source
	life *life
}

func (w watched) Run(ctx context.Context, emit func(event.Event)) error {
	w.life.setOpening(true)
	defer w.life.setOpening(false)
	return w.Source.Run(ctx, func(e event.Event) {
		emit(e)
		if e.Kind() == event.KindConnected {
			w.life.setOpening(false)
		}
	})
}

// commit makes all that was emitted safe, at once or soon.
func (l *life) commit(done func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	upTo := len(l.events)
	if !l.slow {
		l.commitTo(upTo, done)
		return
	}
	wait := time.Duration(l.rnd.IntN(60)) * time.Millisecond
	l.wg.Go(func() { // ends after its wait
		time.Sleep(wait)
		l.mu.Lock()
		defer l.mu.Unlock()
		l.commitTo(upTo, done)
	})
}

// commitTo needs the lock. done is called with it, so that no crash comes between.
func (l *life) commitTo(upTo int, done func()) {
	if l.isDead {
		return
	}
	l.safe = max(l.safe, upTo)
	done()
}

// totals returns the sums, once all of it is safe.
func (l *life) totals() (t totals, isSafe bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.safe < len(l.events) {
		return totals{}, false
	}
	return add(l.events), true
}

// totals are the sums over events, or what the ledger says they ought to be.
type totals struct {
	coins, follows, shares, joins, chats, likes, subscribes, questions, viewers int
	growth, ends                                                                map[giver]int // sums of Added, and of Count at the Finals
}

func add(events []event.Event) totals {
	t := totals{growth: map[giver]int{}, ends: map[giver]int{}}
	for _, e := range events {
		switch e := e.(type) {
		case event.Gift:
			t.coins += e.Added * e.Gift.Coins
			who := giver{e.User.Handle, e.Gift.ID}
			if e.Added > 0 {
				t.growth[who] += e.Added
			}
			if e.Final {
				t.ends[who] += e.Count
			}
		case event.Follow:
			t.follows++
		case event.Share:
			t.shares++
		case event.Join:
			t.joins++
		case event.Chat:
			t.chats++
		case event.Like:
			t.likes += e.Added
		case event.Subscribe:
			t.subscribes++
		case event.Question:
			t.questions++
		case event.ViewerCount:
			t.viewers++
		}
	}
	return t
}

func owed(l rehearsal.Ledger) totals {
	t := totals{
		coins: l.Coins, follows: l.Follows, shares: l.Shares, joins: l.Joins, chats: l.Chats, likes: l.Likes,
		subscribes: l.Subscribes, questions: l.Questions, viewers: l.ViewerCounts, growth: map[giver]int{},
	}
	for _, s := range l.Streaks {
		t.growth[giver{s.Handle, s.GiftID}] += s.Count
	}
	t.ends = t.growth
	return t
}

// agrees compares all but the ends.
func (t totals) agrees(o totals) bool {
	return t.coins == o.coins && t.follows == o.follows && t.shares == o.shares && t.joins == o.joins && t.chats == o.chats &&
		t.likes == o.likes && t.subscribes == o.subscribes && t.questions == o.questions && t.viewers == o.viewers &&
		maps.Equal(t.growth, o.growth)
}

// stage is the rehearsal that the lives go through.
type stage struct {
	t       *testing.T
	server  *rehearsal.Server
	journal journal
	rnd     *rand.Rand
	slow    bool
}

// live is one life. It crashes after some events, or at a random time, or, with neither, ends when the ledger has been heard.
func (s *stage) live(events int, after time.Duration) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	past := s.journal.events
	l := &life{
		journal: &s.journal, slow: s.slow, rnd: rand.New(rand.NewPCG(s.rnd.Uint64(), 1)), left: events, crash: cancel,
		events: append([]event.Event(nil), past...), safe: len(past),
	}
	defer l.wg.Wait()
	quiet := slog.New(slog.DiscardHandler)
	src, err := tiktok.New(tiktok.Options{
		Handle: s.server.Handle(), Door: tiktok.DoorDirect, SignerURL: s.server.SignerURL(),
		ProxyURL: s.server.ProxyURL(), ProxyInsecure: true, StreakTimeout: 200 * time.Millisecond, Commit: l.commit, Log: quiet,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	src.Remember(past)
	const ms = time.Millisecond
	sup := source.NewSupervisor(watched{src, l}, source.Options{Handle: s.server.Handle(), Emit: l.emit, Log: quiet, Pace: source.Pace{
		RetryFirst: 10 * ms, RetryMax: 50 * ms, RefusedFirst: 20 * ms, LiveFirst: 20 * ms, LiveMax: 50 * ms, RateLimit: 50 * ms, HeldAfter: ms,
	}})
	ended := make(chan struct{})
	go func() { // ends with ctx
		defer close(ended)
		_ = sup.Run(ctx)
	}()
	if events > 0 {
		select {
		case <-ended:
		case <-time.After(after):
			l.mu.Lock()
			l.die()
			l.mu.Unlock()
			<-ended
		}
		return
	}
	s.finish(l)
	cancel() // a user who disconnects: the open streaks end
	<-ended
	l.mu.Lock()
	defer l.mu.Unlock()
	s.journal.events = l.events
}

// finish waits until the script is over and the journal and the ledger agree.
func (s *stage) finish(l *life) {
	s.t.Helper()
	select {
	case <-s.server.Done():
	case <-time.After(2 * time.Minute):
		s.t.Fatal("the script did not come to its end")
	}
	deadline := time.After(20 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if got, isSafe := l.totals(); isSafe && got.agrees(owed(s.server.Ledger())) {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			return // the caller says what is wrong
		}
	}
}

// Through a bad day and many crashes, in the middle of a response or at any other time, what the journal adds up to is what
// the ledger says, with each growth and at the streaks' ends.
func TestCrashesLoseNothingAndDoubleNothing(t *testing.T) {
	for _, tt := range []struct {
		name, script string
		speed        float64
		slow         bool
		events       int // at the most, in a life that crashes
	}{
		{"bad day", "bad-day", 30, false, 80},
		{"bad day, slow commits", "bad-day", 30, true, 80},
		{"gift storm", "gift-storm", 20, false, 1000},
		{"gift storm, slow commits", "gift-storm", 20, true, 1000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			script, err := rehearsal.Load(tt.script)
			if err != nil {
				t.Fatal(err)
			}
			server, err := rehearsal.Listen(rehearsal.Options{Script: script, Speed: tt.speed, Log: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(context.Background())
			ran := make(chan error, 1)
			go func() { ran <- server.Run(ctx) }() // ends with ctx
			defer func() {
				cancel()
				if err := <-ran; err != nil {
					t.Error(err)
				}
			}()
			seed := rand.Uint64()
			t.Logf("seed %d", seed)
			s := &stage{t: t, server: server, rnd: rand.New(rand.NewPCG(seed, 3)), slow: tt.slow}
			const crashes = 15
			for range crashes {
				s.live(1+s.rnd.IntN(tt.events), time.Duration(50+s.rnd.IntN(400))*time.Millisecond)
			}
			s.live(0, 0)
			s.check()
		})
	}
}

func (s *stage) check() {
	s.t.Helper()
	l := s.server.Ledger()
	got, want := add(s.journal.events), owed(l)
	if !got.agrees(want) || !maps.Equal(got.ends, want.ends) {
		s.t.Errorf("journal %+v\nledger  %+v", got, want)
	}
	if l.Gifts == 0 || l.Pending != 0 || l.Missed != 0 || l.Received.BadAcks != 0 {
		l.Streaks = nil
		s.t.Errorf("ledger %+v", l)
	}
	ids := map[string]bool{}
	for _, e := range s.journal.events {
		id := e.Header().ID
		if id != "" && ids[id] {
			s.t.Errorf("%s came twice: %+v", id, e)
		}
		ids[id] = true
	}
	s.t.Logf("%d gifts of %d coins, %d events, %d connections, %d messages repeated",
		l.Gifts, l.Coins, len(s.journal.events), l.Received.Connections, l.Sent.Repeated)
}
