package stats

import (
	"errors"
	"fmt"
	"testing"
	"time"
	_ "time/tzdata" // not every computer has its own

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/store"
)

// stream lets a gift of three roses, a like of five and a viewer count go by every so often, n times.
func stream(t *testing.T, s *store.Store, c *clock, room string, every time.Duration, n int) {
	t.Helper()
	for i := range n {
		h := event.Head{At: c.now, Source: "tiktok", Room: room}
		u := event.User{ID: fmt.Sprint(i % 5), Handle: fmt.Sprint("pixel_pia_", i%5)}
		err := s.Append(t.Context(), []store.Record{
			{Event: event.Gift{Head: h, User: u, Gift: event.GiftInfo{ID: 1, Name: "Rose", Coins: 2}, Added: 3, Count: 9, Final: true}},
			{Event: event.Like{Head: h, User: u, Added: 5}},
			{Event: event.ViewerCount{Head: h, Viewers: 100 + i}},
		})
		if err != nil {
			t.Fatal(err)
		}
		c.now = c.now.Add(every)
	}
}

func TestPointsHaveNoGapsAndLoseNothing(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin") // the embedded tzdata has it
	if err != nil {
		t.Fatal(err)
	}
	for _, zone := range []*time.Location{time.UTC, berlin} {
		c := &clock{time.Date(2026, 3, 27, 19, 7, 0, 0, zone)}
		s := open(t, c, zone)
		stream(t, s, c, "1", time.Minute, 240)
		c.now = time.Date(2026, 3, 28, 22, 0, 0, 0, zone) // the clocks jump in this night
		stream(t, s, c, "2", 2*time.Minute, 150)
		c.now = time.Date(2027, 1, 1, 20, 0, 0, 0, zone)
		stream(t, s, c, "3", time.Minute, 30)
		april := time.Date(2026, 4, 1, 0, 0, 0, 0, zone)
		for _, tt := range []struct {
			q            Query
			gifts        int64
			step         time.Duration
			least, most  int
			firstBeginAt string
		}{
			{Query{Session: 1}, 720, time.Minute, 240, 240, "2026-03-27 19:07"},
			{Query{Session: 1, Points: 100}, 720, 5 * time.Minute, 48, 49, "2026-03-27 19:05"},
			{Query{Session: 2}, 450, time.Minute, 299, 300, "2026-03-28 22:00"},
			{Query{Session: 3}, 90, time.Minute, 30, 30, "2027-01-01 20:00"},
			{Query{To: april}, 1170, 15 * time.Minute, 100, 300, "2026-03-27 19:00"},
			{Query{}, 1260, day, 281, 281, "2026-03-27 00:00"},
		} {
			tt.q.Zone = zone
			st, err := Read(t.Context(), s, tt.q)
			if err != nil {
				t.Fatal(err)
			}
			if st.Step != tt.step && tt.step != 15*time.Minute || len(st.Points) < tt.least || len(st.Points) > tt.most {
				t.Errorf("%v %+v: %d points of %v", zone, tt.q, len(st.Points), st.Step)
			}
			if got := st.Points[0].Start.Format("2006-01-02 15:04"); got != tt.firstBeginAt && tt.step != 15*time.Minute {
				t.Errorf("%v %+v: begins at %s, want %s", zone, tt.q, got, tt.firstBeginAt)
			}
			var sum store.Counts
			for i, p := range st.Points {
				sum = sum.Plus(p.Counts)
				if i > 0 && !p.Start.After(st.Points[i-1].Start) {
					t.Errorf("point %d begins at %v, the one before at %v", i, p.Start, st.Points[i-1].Start)
				}
			}
			want := store.Counts{Gifts: tt.gifts, Coins: 2 * tt.gifts, Likes: tt.gifts / 3 * 5}
			if sum != want || st.Total.Counts != want {
				t.Errorf("%v %+v: the points sum up to %+v, the total is %+v, want %+v", zone, tt.q, sum, st.Total.Counts, want)
			}
			if len(st.ByCoins) != 5 || len(st.Gifts) != 1 || st.Gifts[0].Gifts != tt.gifts {
				t.Errorf("%v %+v: viewers %+v, gifts %+v", zone, tt.q, st.ByCoins, st.Gifts)
			}
		}
	}
}

func TestViewersOverTimeAreTheirMean(t *testing.T) {
	c := &clock{time.Date(2026, 3, 27, 19, 0, 0, 0, time.UTC)}
	s := open(t, c, time.UTC)
	stream(t, s, c, "1", time.Minute, 100)
	st, err := Chart(t.Context(), s, Query{Points: 10, Zone: time.UTC})
	if err != nil || len(st.Points) != 10 || st.Step != 10*time.Minute {
		t.Errorf("%d points of %v: %v", len(st.Points), st.Step, err)
	}
	for i, p := range st.Points {
		if n := p.ViewerCounts; n > 0 && (p.Viewers > p.ViewersMost || p.Viewers < 100) {
			t.Errorf("point %d: %+v", i, p)
		}
	}
	if st.Total.Viewers != 150 || st.Total.ViewersMost != 199 {
		t.Errorf("the total: %+v", st.Total)
	}
}

func TestAClockThatWasFarOffIsShown(t *testing.T) {
	c := &clock{time.Date(1970, 1, 2, 0, 0, 0, 0, time.UTC)}
	s := open(t, c, time.UTC)
	stream(t, s, c, "1", time.Minute, 2)
	c.now = time.Date(2250, 1, 1, 0, 0, 0, 0, time.UTC)
	stream(t, s, c, "1", time.Minute, 2)
	st, err := Read(t.Context(), s, Query{Zone: time.UTC})
	if err != nil || len(st.Points) == 0 || len(st.Points) > 301 || st.Total.Gifts != 12 || st.Points[len(st.Points)-1].Gifts != 6 {
		t.Errorf("%d points of %v, %+v: %v", len(st.Points), st.Step, st.Total, err)
	}
}

func TestNothingIsNoMistake(t *testing.T) {
	s := open(t, &clock{time.Now()}, time.UTC)
	st, err := Read(t.Context(), s, Query{})
	if err != nil || len(st.Points) != 0 || st.Total.Counts != (store.Counts{}) {
		t.Errorf("%+v %v", st, err)
	}
	if _, err := Read(t.Context(), s, Query{Session: 4}); !errors.Is(err, store.ErrNoSession) {
		t.Error(err)
	}
}
