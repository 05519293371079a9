package overlay

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/livecue/livecue/core/event"
)

func TestTotalsOfAStream(t *testing.T) {
	s, now := newShow(), time.Now()
	growth := gift("Pixel Pia", "Rose", 2, 5)
	end := growth
	end.Added, end.Final = 0, true
	for _, e := range []event.Event{
		gift("Pixel Pia", "Rose", 3, 5), growth, end,
		gift("testy_tom", "Galaxy", 1, 1000),
		event.Follow{User: user("a")},
		event.Follow{User: user("b")},
		event.Like{User: user("a"), Added: 7},
		event.Like{User: user("a"), Added: 7, Total: 900},
		event.Like{User: user("b"), Added: 8},
		event.Join{User: user("c")},
	} {
		s.take(e, now)
	}
	if want := (totals{Likes: 908, Coins: 1025, Gifts: 6, Follows: 2}); s.totals != want {
		t.Errorf("got %+v, want %+v", s.totals, want)
	}
	if len(s.gifts) != 2 || s.gifts[0].Count != 5 || s.gifts[0].Coins != 25 {
		t.Errorf("the gifts are %+v", s.gifts)
	}
	top := s.givers.top(1)
	if len(top) != 1 || top[0].Name != "testy_tom" || top[0].Coins != 1000 {
		t.Errorf("the top is %+v", top)
	}
}

func TestHostileNumbersDoNotOverflow(t *testing.T) {
	s := newShow()
	for range 3 {
		s.take(gift("Pia", "Rose", math.MaxInt, math.MaxInt), time.Now())
		s.take(gift("Pia", "Rose", -5, -5), time.Now())
		s.take(event.Like{Added: math.MaxInt}, time.Now())
		s.take(event.Like{Added: math.MinInt}, time.Now())
	}
	if s.totals.Coins != 1<<53-1 || s.totals.Gifts != 1<<53-1 || s.totals.Likes != 1<<53-1 {
		t.Errorf("got %+v", s.totals)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	s := newShow()
	for i := range 3 * maxGivers {
		g := gift(fmt.Sprint("viewer ", i), "Rose", 1, 1+i%7)
		if i == 17 {
			g.Gift.Coins = 5000
		}
		s.take(g, time.Now())
		s.take(chat("a", "text"), time.Now())
	}
	if len(s.givers) > maxGivers || len(s.gifts) != kept || len(s.chat) != kept {
		t.Errorf("%d givers, %d gifts, %d comments", len(s.givers), len(s.gifts), len(s.chat))
	}
	if top := s.givers.top(1); top[0].Coins != 5000 {
		t.Errorf("who gave most was forgotten: %+v", top)
	}
	if s.totals.Gifts != 3*maxGivers {
		t.Errorf("the total is %d", s.totals.Gifts)
	}
}

func TestTestsAreNotOfTheStream(t *testing.T) {
	st := begin(t, Options{})
	g := gift("Pia", "Rose", 1, 1)
	g.Test = true
	st.Take(g)
	if st.real.totals.Gifts != 0 {
		t.Error("a test was counted")
	}
}
