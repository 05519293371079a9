package rule

import (
	"math"
	"slices"

	"github.com/livecue/livecue/core/event"
)

// maxRooms bounds how many rooms are remembered. A streamer has one at a time; a few more outlive a reconnect that brings late
// messages of the one before.
const maxRooms = 8

// maxMarks bounds how many rules a room or a viewer is remembered to have fired once. It is more than a profile has.
const maxMarks = 2000

// step is how one event moved a number. The zero value is one that stays at 0.
type step struct {
	before, after int
	isBaseline    bool
}

// raise moves n up by added, which is not negative, and stops at the largest int.
func raise(n *int, added int) step {
	st := step{before: *n}
	*n += min(added, math.MaxInt-*n)
	st.after = *n
	return st
}

// room is what has happened in one stream.
type room struct {
	source, id string
	// serial tells it from all other rooms of the Set; it is never 0.
	serial uint64

	likes int
	// isTold says that the platform has told a total of likes, and likes is not only what was counted here.
	isTold bool

	viewers, peak int
	hasViewers    bool

	coins, gifts int
	fired        marks // the rules that have fired and ask for it
}

// addLikes takes a batch of added likes after which the platform tells a total, or 0. Totals can come late and out of order,
// so the number never falls.
func (r *room) addLikes(added, total int) step {
	before := r.likes
	switch {
	case total == 0:
		return raise(&r.likes, added)
	case !r.isTold:
		r.likes, r.isTold = total, true
		return step{before: total, after: total, isBaseline: true}
	default:
		r.likes = max(r.likes, total)
		return step{before: before, after: r.likes}
	}
}

// setViewers takes a number of viewers. The step is that of the most so far: people come and go, and a number that is reached
// again and again is no news.
func (r *room) setViewers(n int) step {
	st := step{before: r.peak, isBaseline: !r.hasViewers}
	r.viewers, r.peak, r.hasViewers = n, max(r.peak, n), true
	st.after = r.peak
	return st
}

// rooms are those seen last. The zero value is ready for use.
type rooms struct {
	all    []*room // the one seen last comes last
	serial uint64
}

// find returns the room of h, or nil.
func (rs *rooms) find(h event.Head) *room {
	for _, r := range rs.all {
		if r.source == h.Source && r.id == h.Room {
			return r
		}
	}
	return nil
}

// get returns the room of h, which is now the one seen last.
func (rs *rooms) get(h event.Head) *room {
	if n := len(rs.all); n > 0 && rs.all[n-1].source == h.Source && rs.all[n-1].id == h.Room {
		return rs.all[n-1]
	}
	r := rs.find(h)
	if r == nil {
		rs.serial++
		r = &room{source: h.Source, id: h.Room, serial: rs.serial}
	}
	rs.all = append(slices.DeleteFunc(rs.all, func(o *room) bool { return o == r }), r)
	if len(rs.all) > maxRooms {
		rs.all = slices.Delete(rs.all, 0, 1)
	}
	return r
}

// last returns the room seen last, or nil.
func (rs *rooms) last() *room {
	if len(rs.all) == 0 {
		return nil
	}
	return rs.all[len(rs.all)-1]
}

// marks are the rules that have fired, by their serial.
type marks []uint32

func (m marks) has(serial uint32) bool { return slices.Contains(m, serial) }

// add returns the marks with one more, and never more than maxMarks.
func (m marks) add(serial uint32) marks {
	if m.has(serial) {
		return m
	}
	if len(m) >= maxMarks {
		m = m[1:]
	}
	return append(m, serial)
}
