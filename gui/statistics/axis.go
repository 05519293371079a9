package statistics

import (
	"time"

	"github.com/livecue/livecue/core/store"
	"github.com/livecue/livecue/gui/words"
)

const day = 24 * time.Hour

// marks returns round numbers that follow one another in even steps, from 0 to the first that is not below highest: at most
// limit of them. Steps are 1, 2 or 5 times a power of ten.
func marks(highest int64, limit int) []int64 {
	highest = min(max(highest, 1), 1<<60)
	step := int64(1)
	for turn := 0; (highest-1)/step+2 > int64(max(limit, 2)); turn++ {
		if turn%3 == 1 {
			step = step / 2 * 5 // 2 becomes 5
		} else {
			step *= 2 // 1 becomes 2, and 5 becomes 10
		}
	}
	all := []int64{0}
	for n := step; ; n += step {
		all = append(all, n)
		if n >= highest {
			return all
		}
	}
}

// moment is a place on the axis of time: which point, and what is written there.
type moment struct {
	point int
	text  string
}

// moments returns at most limit round times of the points: the hours of the day, or days where the points are longer.
func moments(points []store.Slot, step time.Duration, limit int) []moment {
	if len(points) == 0 || limit <= 0 {
		return nil
	}
	for _, every := range []time.Duration{
		time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour,
		12 * time.Hour, day, 2 * day, 7 * day, 14 * day, 28 * day, 91 * day, 182 * day, 364 * day,
	} {
		if every < step && every < day {
			continue
		}
		if all := momentsEvery(points, every, limit); len(all) > 0 && len(all) <= limit {
			return all
		}
	}
	return []moment{{0, label(points[0].Start, day)}}
}

// momentsEvery returns the points in which a full step of time begins; one more than limit says that there are more.
func momentsEvery(points []store.Slot, every time.Duration, limit int) []moment {
	var all []moment
	last := int64(-1)
	for i, p := range points {
		n := number(p.Start, every)
		isFull := i > 0 || number(p.Start.Add(-time.Second), every) != n
		if n != last && isFull {
			all = append(all, moment{i, label(p.Start, every)})
		}
		last = n
		if len(all) > limit {
			break
		}
	}
	return all
}

// number counts the steps of time up to t, as the clock on the wall shows it.
func number(t time.Time, every time.Duration) int64 {
	_, offset := t.Local().Zone()
	return (t.Unix() + int64(offset)) / int64(every/time.Second)
}

// label says a moment as shortly as a step asks for: midnight is a day.
func label(t time.Time, every time.Duration) string {
	local := t.Local()
	switch {
	case every >= 28*day:
		return words.Month(t)
	case every >= day, local.Hour() == 0 && local.Minute() == 0:
		return words.ShortDate(t)
	default:
		return words.TimeOfDay(t)
	}
}

// during says what a point's time is.
func during(t time.Time, step time.Duration) string {
	switch {
	case step > day:
		last := t.Local().AddDate(0, 0, int(step/day)-1)
		return words.Date(t) + " – " + words.Date(last)
	case step == day:
		return words.Date(t)
	case step == time.Minute:
		return words.ShortDate(t) + " " + words.TimeOfDay(t)
	default:
		return words.ShortDate(t) + " " + words.TimeOfDay(t) + " – " + words.TimeOfDay(t.Add(step))
	}
}
