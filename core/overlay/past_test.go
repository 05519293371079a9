package overlay

import (
	"testing"
	"time"

	"github.com/livecue/livecue/core/event"
)

// told returns what two gifts, a like, a follow and a comment in room 7 have come to.
func told() *Past {
	p := NewPast()
	at := time.Now().Add(-time.Minute)
	for _, e := range []event.Event{
		gift("Pixel Pia", "Rose", 3, 1), gift("testy_tom", "Galaxy", 1, 1000), chat("testy_tom", "hello"),
		event.Like{Head: event.Head{Room: "7"}, User: user("a"), Added: 5, Total: 500},
		event.Follow{Head: event.Head{Room: "7"}, User: user("b")},
	} {
		p.Add(e, at)
	}
	return p
}

// TestAStreamGoesOnAfterARestart ends the server in the middle of a stream and begins another where it was, as a restart of the
// program does, with the pages open.
func TestAStreamGoesOnAfterARestart(t *testing.T) {
	t.Parallel()
	st := begin(t, Options{TokenPath: t.TempDir() + "/token"})
	top, goal := st.open(PageTop, ""), st.open(PageGoal, "of=coins&target=2006&title=Road")
	st.Take(gift("Mona", "Rose", 1, 1))
	top.shows("Top gifters 1 Mona 1")
	st.stop()
	top.until("!('connected' in document.documentElement.dataset)")

	again := begin(t, Options{Settings: Settings{Port: portOf(st.Status().Address)}, TokenPath: st.opts.TokenPath})
	again.Remember(told(), true)
	top.shows("Top gifters 1 testy_tom 1,000 2 Pixel Pia 3")
	goal.shows("Road 1,003 / 2,006 50 %")
	goal.do("Page.reload", nil)
	goal.until("'connected' in document.documentElement.dataset")
	goal.shows("Road 1,003 / 2,006 50 %")
	gifts := again.open(PageGifts, "")
	gifts.shows("testy_tom Galaxy ×1 1,000 Pixel Pia Rose ×3 3")
	again.Take(gift("Pixel Pia", "Rose", 2, 1))
	gifts.shows("testy_tom Galaxy ×1 1,000 Pixel Pia Rose ×5 5")
	top.shows("Top gifters 1 testy_tom 1,000 2 Pixel Pia 5")
}

func TestOnlyTheSameStreamGoesOn(t *testing.T) {
	connected := func(room string) event.Event { return event.Connected{Head: event.Head{Room: room}} }
	for _, c := range []struct {
		name  string
		isOn  bool
		then  event.Event
		coins int64
	}{
		{"on", true, nil, 1003},
		{"on, and the same", true, connected("7"), 1003},
		{"on, and another", true, connected("8"), 0},
		{"not known to be on", false, nil, 0},
		{"goes on", false, connected("7"), 1003},
		{"another", false, connected("8"), 0},
	} {
		s := quiet(t)
		s.Rehearse()
		s.Remember(told(), c.isOn)
		s.Take(gift("Mona", "Rose", 1, 1)) // rehearsed
		s.EndRehearsal()
		if c.then != nil {
			s.Take(c.then)
		}
		if got := s.shown().totals.Coins; got != c.coins {
			t.Errorf("%s: %d coins, want %d", c.name, got, c.coins)
		}
	}
}
