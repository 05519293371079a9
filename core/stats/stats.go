package stats

import (
	"context"
	"fmt"
	"time"

	"github.com/livecue/livecue/core/store"
)

const (
	// defaultPoints is how many points a chart has at most, defaultTop how long a list is, unless a query says otherwise.
	defaultPoints = 300
	defaultTop    = 20
	// mostPoints and mostTop bound what a query may ask for.
	mostPoints = 2000
	mostTop    = 100_000
)

// Query says what is wanted.
type Query struct {
	// Session is the number of one stream; 0 is all of them.
	Session int64
	// From and To are moments in the first and in the last day that count; zero leaves that side open. With the same moment in
	// both, it is about that day.
	From, To time.Time
	// Points is the most that Points may have, 0 is 300; with 60 or more, there are at least 60 where there is an hour or more to show.
	Points int
	// Top is how long the lists of viewers and gifts may be; 0 is 20.
	Top int
	// Zone is where days begin; nil is this computer's.
	Zone *time.Location
}

func (q Query) scope() store.Scope {
	return store.Scope{Session: q.Session, From: q.From, To: q.To}
}

// Statistics are what a query comes to.
type Statistics struct {
	// Total is all of it. Its Start and Last are the first and the last minute of which there is anything, zero when there is
	// nothing.
	Total store.Slot
	// Step is how long each of Points is, which follow one another without a gap; a step of a day or more is of as many
	// calendar days.
	Step   time.Duration
	Points []store.Slot
	// ByCoins, ByGifts and ByLikes are the viewers who gave most, the first first.
	ByCoins, ByGifts, ByLikes []store.ViewerTotal
	// Gifts are those that brought the most coins.
	Gifts []store.GiftTotal
	// Rules are those that fired, the busiest first.
	Rules []store.RuleTotal
}

// Read returns the statistics that q asks for. The error may be store.ErrNoSession.
func Read(ctx context.Context, s *store.Store, q Query) (Statistics, error) {
	st, err := Chart(ctx, s, q)
	if err != nil {
		return Statistics{}, err
	}
	top := q.Top
	if top <= 0 {
		top = defaultTop
	}
	top = min(top, mostTop)
	for by, to := range map[store.Order]*[]store.ViewerTotal{
		store.ByCoins: &st.ByCoins, store.ByGifts: &st.ByGifts, store.ByLikes: &st.ByLikes,
	} {
		if *to, err = s.TopViewers(ctx, q.scope(), by, top); err != nil {
			return Statistics{}, fmt.Errorf("read the viewers by %s: %w", by, err)
		}
	}
	if st.Gifts, err = s.TopGifts(ctx, q.scope(), top); err != nil {
		return Statistics{}, fmt.Errorf("read the gifts: %w", err)
	}
	if st.Rules, err = s.Rules(ctx, q.scope()); err != nil {
		return Statistics{}, fmt.Errorf("read the rules: %w", err)
	}
	return st, nil
}

// Chart returns the totals and the points alone.
func Chart(ctx context.Context, s *store.Store, q Query) (Statistics, error) {
	var st Statistics
	var err error
	if st.Total, err = s.Totals(ctx, q.scope()); err != nil {
		return st, fmt.Errorf("read the totals: %w", err)
	}
	if st.Total.Start.IsZero() {
		return st, nil
	}
	if q.Zone == nil {
		q.Zone = time.Local
	}
	points := q.Points
	if points <= 0 {
		points = defaultPoints
	}
	a := axisOf(st.Total.Start.In(q.Zone), st.Total.Last, min(points, mostPoints))
	slots, err := s.Slots(ctx, q.scope(), a.start, int64(a.fetch/time.Minute))
	if err != nil {
		return st, fmt.Errorf("read the points: %w", err)
	}
	st.Step, st.Points = a.step, a.fill(slots)
	return st, nil
}
