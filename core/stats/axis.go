package stats

import (
	"time"

	"github.com/livecue/livecue/core/store"
)

const day = 24 * time.Hour

// steps are those that a reader of a chart understands. Each is at most three and a half times the one before, so that there are
// always enough points.
func steps() []time.Duration {
	return []time.Duration{
		time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
		time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, day, 2 * day, 7 * day, 14 * day, 28 * day, 91 * day, 364 * day,
	}
}

// axis is how time is cut into points.
type axis struct {
	start, last time.Time
	step        time.Duration
	// fetch is how fine the slots are that the points are made of: a day's clock may jump, and days are put together here.
	fetch time.Duration
}

// axisOf cuts the time from first to last, both minutes, into at most points. first is in the place whose days count.
func axisOf(first, last time.Time, points int) axis {
	for _, step := range steps() {
		a := axis{start: startOf(first, step), last: last, step: step, fetch: min(step, time.Hour)}
		if a.count(points) <= points {
			return a
		}
	}
	// A clock that was set by centuries lies between: one point for each as long as it takes.
	step := (last.Sub(first)/time.Duration(max(points-1, 1))/day + 1) * day
	return axis{start: startOf(first, step), last: last, step: step, fetch: day}
}

// startOf returns the begin of the first point: a full step of the hour that t lies in, or midnight.
func startOf(t time.Time, step time.Duration) time.Time {
	year, month, date := t.Date()
	if step >= time.Hour {
		return time.Date(year, month, date, 0, 0, 0, 0, t.Location())
	}
	return time.Date(year, month, date, t.Hour(), t.Minute()/int(step/time.Minute)*int(step/time.Minute), 0, 0, t.Location())
}

// at returns when point i begins.
func (a axis) at(i int) time.Time {
	if a.step < day {
		return a.start.Add(time.Duration(i) * a.step)
	}
	return a.start.AddDate(0, 0, i*int(a.step/day))
}

// count returns how many points there are, and more than most where there are more than that.
func (a axis) count(most int) int {
	n := int(a.last.Sub(a.start)/a.step) + 1
	if n > most+2 {
		return n
	}
	for !a.at(n).After(a.last) { // days are not all as long
		n++
	}
	for n > 1 && a.at(n-1).After(a.last) {
		n--
	}
	return n
}

// fill returns all points, with what the slots have.
func (a axis) fill(slots []store.Slot) []store.Slot {
	points := make([]store.Slot, a.count(mostPoints))
	for i := range points {
		points[i].Start = a.at(i)
	}
	i, sums := 0, make([]int64, len(points))
	for _, sl := range slots {
		for i+1 < len(points) && !points[i+1].Start.After(sl.Start) {
			i++
		}
		p := &points[i]
		p.Counts, p.Last = p.Plus(sl.Counts), sl.Last
		p.ViewersMost = max(p.ViewersMost, sl.ViewersMost)
		p.ViewerCounts += sl.ViewerCounts
		sums[i] += sl.Viewers * sl.ViewerCounts
	}
	for i := range points {
		if n := points[i].ViewerCounts; n > 0 {
			points[i].Viewers = (sums[i] + n/2) / n
		}
	}
	return points
}
