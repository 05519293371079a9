package rule

import (
	"math"

	"github.com/livecue/livecue/core/event"
)

// maxRooms bounds how many rooms' likes are remembered. A streamer has one at a time; a few more outlive a reconnect that
// brings late messages of the one before.
const maxRooms = 8

// likeCounter follows each room's total of likes.
type likeCounter struct {
	rooms []roomLikes // the one seen last comes last
}

type roomLikes struct {
	source, room string
	level        int
	// isTold says that the platform has told a total, and level is not only what was counted here.
	isTold bool
}

// likeStep is how one batch of likes moved a room's total.
type likeStep struct {
	before, after int
	isBaseline    bool
}

// add takes a batch of added likes after which the platform tells a total, or 0. Totals can come late and out of order, so
// the level never falls.
func (l *likeCounter) add(h event.Head, added, total int) likeStep {
	r := l.room(h)
	before := r.level
	switch {
	case total == 0:
		r.level += min(added, math.MaxInt-r.level)
		return likeStep{before: before, after: r.level}
	case !r.isTold:
		r.level, r.isTold = total, true
		return likeStep{before: total, after: total, isBaseline: true}
	default:
		r.level = max(r.level, total)
		return likeStep{before: before, after: r.level}
	}
}

// room returns the state of h's room. The pointer is good until the next call.
func (l *likeCounter) room(h event.Head) *roomLikes {
	for i, r := range l.rooms {
		if r.source == h.Source && r.room == h.Room {
			copy(l.rooms[i:], l.rooms[i+1:])
			l.rooms[len(l.rooms)-1] = r
			return &l.rooms[len(l.rooms)-1]
		}
	}
	if len(l.rooms) == maxRooms {
		copy(l.rooms, l.rooms[1:])
		l.rooms = l.rooms[:maxRooms-1]
	}
	l.rooms = append(l.rooms, roomLikes{source: h.Source, room: h.Room})
	return &l.rooms[len(l.rooms)-1]
}
