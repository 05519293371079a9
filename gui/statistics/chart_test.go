package statistics

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/livecue/livecue/core/store"
)

func TestMarksAreRound(t *testing.T) {
	for highest, want := range map[int64][]int64{
		0: {0, 1}, 1: {0, 1}, 3: {0, 1, 2, 3}, 4: {0, 1, 2, 3, 4}, 5: {0, 2, 4, 6}, 17: {0, 5, 10, 15, 20}, 99: {0, 50, 100},
		101: {0, 50, 100, 150}, 1_234_567: {0, 500_000, 1_000_000, 1_500_000},
	} {
		if got := marks(highest, 5); !slices.Equal(got, want) {
			t.Errorf("%d: got %v, want %v", highest, got, want)
		}
	}
	if got := marks(math.MaxInt64, 5); len(got) > 5 || got[len(got)-1] < 1<<60 {
		t.Error(got)
	}
}

// pointsOf returns n points from a time on.
func pointsOf(from time.Time, step time.Duration, n int) []store.Slot {
	points := make([]store.Slot, n)
	for i := range points {
		points[i].Start = from.Add(time.Duration(i) * step)
	}
	return points
}

func TestMomentsAreRoundTimesOfTheDay(t *testing.T) {
	evening := time.Date(2026, 3, 14, 21, 50, 0, 0, time.Local)
	texts := func(all []moment) (some []string) {
		for _, m := range all {
			some = append(some, m.text)
		}
		return some
	}
	got := moments(pointsOf(evening, 2*time.Minute, 120), 2*time.Minute, 6)
	if want := []string{"22:00", "23:00", "15 Mar", "01:00"}; !slices.Equal(texts(got), want) || got[0].point != 5 {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := moments(pointsOf(evening, time.Minute, 10), time.Minute, 8); len(got) == 0 || len(got) > 8 {
		t.Errorf("ten minutes: %v", got)
	}
	midnight := time.Date(2026, 3, 14, 0, 0, 0, 0, time.Local)
	if got := moments(pointsOf(midnight, day, 30), day, 10); len(got) == 0 || len(got) > 10 {
		t.Errorf("a month: %v", got)
	}
	if got := moments(nil, 0, 5); got != nil {
		t.Error(got)
	}
}
