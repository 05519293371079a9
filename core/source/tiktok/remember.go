package tiktok

import (
	"strconv"
	"strings"
	"time"

	"github.com/livecue/livecue/core/event"
)

// Remember takes in what an earlier life of the program has emitted and kept, so that this Source goes on where that one was:
// past are events of all kinds, the oldest first. It is called before the first Run; during one it does nothing. Nothing is
// emitted. Events of other sources and tests are left out of account; those of a rehearsal must not be among them.
//
// What it promises, for the last 200,000 messages and 20,000 streaks among past:
//   - a message that comes again emits nothing;
//   - a streak that goes on, or whose messages come again, adds what it has not added before;
//   - a streak whose last event was not Final is open again, so that its next Final counts what was added since the last
//     one, by whichever life. Its end comes with its messages or is made up: after Options.StreakTimeout from the next
//     connection, or, without one, by the first Run that ends without a connection after that time;
//   - in the live that was heard last, what was missed since is told when the platform tells it, and what was the past
//     stays so. Only Connected says since when a live is heard, so keep it before anything else of that live: a crash that
//     takes it makes the next connection the first, and what came before that the past.
//
// A message that was handled and emitted nothing leaves no trace in past. When it comes again, it emits nothing again, with
// two exceptions: a message without a time that the platform marks as history, and one of a streak without a group.
func (s *Source) Remember(past []event.Event) {
	if !s.isRunning.CompareAndSwap(false, true) {
		s.log.Warn("a source that runs cannot be made to remember")
		return
	}
	defer s.isRunning.Store(false)
	now := time.Now()
	for _, e := range past {
		if e == nil {
			continue
		}
		if h := e.Header(); h.Source == sourceName && !h.Test {
			s.intake.remember(e, h, now)
		}
	}
}

// remember takes in one event that was emitted before.
func (in *intake) remember(e event.Event, h event.Head, now time.Time) {
	switch e := e.(type) {
	case event.Connected:
		in.rememberRoom(h, e.Since)
	case event.Reconnected:
		in.rememberRoom(h, e.Since)
	default:
		if h.ID == "" {
			return // of the connection's life
		}
		in.rememberID(h.ID)
		in.rememberMove(h)
	}
	if g, ok := e.(event.Gift); ok {
		in.rememberGift(g, now)
	}
}

// rememberRoom takes in a connection to a room; since is zero where the event was made before it was told.
func (in *intake) rememberRoom(h event.Head, since time.Time) {
	if since.IsZero() && (in.since.IsZero() || h.Room != in.room) {
		since = h.At
	}
	if !since.IsZero() {
		in.since = since
	}
	in.room, in.hasHeld = h.Room, true
}

// rememberMove takes in the room of a message. That of the first is learnt so where the door did not tell it, or where the
// connection's own event is too old to be among the past; any other is another live on the same connection.
func (in *intake) rememberMove(h event.Head) {
	if h.Room == "" || h.Room == in.room {
		return
	}
	if in.since.IsZero() || in.room != "" {
		in.since = h.At
	}
	in.room, in.hasHeld = h.Room, true
}

// rememberID marks a message as seen. An id of our own making also tells how far their numbers have come: one that is given
// again would hide a message.
func (in *intake) rememberID(id string) {
	in.seen.add(id)
	if !strings.HasPrefix(id, "h") {
		return
	}
	if _, number, ok := strings.Cut(strings.TrimSuffix(id, madeUpEnd), "-"); ok {
		if n, err := strconv.ParseUint(number, 10, 64); err == nil {
			in.unnamed = max(in.unnamed, n)
		}
	}
}

func (in *intake) rememberGift(g event.Gift, now time.Time) {
	if isDescribed(g.Gift) {
		in.learn(g.Gift)
	}
	if key, ok := parseStreakKey(g.Streak); ok {
		in.streaks.restore(key, g, now)
	}
}

// isDescribed says whether there is more than the number.
func isDescribed(g event.GiftInfo) bool { return g != event.GiftInfo{ID: g.ID} }

// restore brings a streak to where it was when g was emitted.
func (t *streaks) restore(key streakKey, g event.Gift, now time.Time) {
	s, ok := t.all[key]
	if !ok {
		if len(t.all) >= t.limit && t.ended.Len() > 0 {
			t.forget(t.ended.Front().Value.(*streak))
		} // with none ended there are more than the limit; the next that begins makes up the ends of the oldest
		s = t.insert(key)
	}
	if g.First {
		s.counted = 0
	}
	if s.counted += g.Added; g.Reached > 0 {
		s.counted = g.Reached
	}
	s.isBegun = true
	if !g.Final {
		s.pending, s.last, s.touched, s.isOpen = g.Count, g, now, true
		s.counted = max(s.counted, s.pending) // where the beginning is too old to be among the past
		t.move(s, t.open)
		return
	}
	t.end(s)
	if key.group == 0 && !g.Inferred {
		t.forget(s)
	}
}

// touch gives the streaks that are open before a connection is, which are those that were restored, their full time.
func (t *streaks) touch(now time.Time) {
	for e := t.open.Front(); e != nil; e = e.Next() {
		e.Value.(*streak).touched = now
	}
}
