package tiktok

import (
	"container/list"
	"strconv"
	"strings"
	"time"

	"github.com/livecue/livecue/core/event"
)

// maxStreaks bounds how many streaks are remembered, open and ended together.
const maxStreaks = 20_000

// madeUpEnd is what the id of a made-up end has after that of the streak's last message.
const madeUpEnd = ":end"

// streakKey is what makes a streak one: TikTok's group id looks like the viewer's own millisecond clock, and is unique only
// together with the viewer and the gift.
type streakKey struct {
	user        string
	gift, group int64
}

// String is event.Gift.Streak: "user/gift/group".
func (k streakKey) String() string {
	return k.user + "/" + strconv.FormatInt(k.gift, 10) + "/" + strconv.FormatInt(k.group, 10)
}

// parseStreakKey undoes String. A gift that is a streak of its own has no key.
func parseStreakKey(text string) (streakKey, bool) {
	rest, group, hasGroup := cutLast(text)
	user, gift, hasGift := cutLast(rest) // the user comes last: their part may have a slash in it
	return streakKey{user: user, gift: gift, group: group}, hasGroup && hasGift
}

// cutLast takes the number after the last slash off text.
func cutLast(text string) (rest string, n int64, ok bool) {
	at := strings.LastIndexByte(text, '/')
	if at < 0 {
		return "", 0, false
	}
	n, err := strconv.ParseInt(text[at+1:], 10, 64)
	return text[:at], n, err == nil
}

// streak is how far the counting of one streak has come.
type streak struct {
	key     streakKey
	counted int  // gifts in all
	pending int  // of them since the last end
	isBegun bool // whether its first event has been told
	isOpen  bool
	touched time.Time     // when it last grew; monotonic
	last    event.Gift    // what to end it with; zero once it has ended
	place   *list.Element // in open or ended
}

// streaks folds the messages of gift streaks, so that event.Gift's promises hold: a message's count is what the streak has
// reached, and only what it adds to what was counted before counts. An ended streak is remembered, so that a message that
// comes again or late adds nothing, and one that shows that the streak went on adds the difference.
type streaks struct {
	timeout     time.Duration
	limit       int
	all         map[streakKey]*streak
	open, ended *list.List // each in the order of the last growth
}

func newStreaks(timeout time.Duration, limit int) *streaks {
	return &streaks{timeout: timeout, limit: limit, all: map[streakKey]*streak{}, open: list.New(), ended: list.New()}
}

// add takes a message that says that the streak has reached count, and whether that is its end. g is the message, to be
// completed and emitted if it brings anything.
func (t *streaks) add(key streakKey, g event.Gift, count int, isEnd bool, now time.Time, emit func(event.Event)) {
	s := t.get(key, now, emit)
	if key.group == 0 && !s.isOpen && s.isBegun && count <= s.counted {
		s.counted, s.isBegun = 0, false // without a group, only a lower count tells a new streak from the last
	}
	added := max(0, count-s.counted)
	if added == 0 && !(isEnd && s.isOpen) {
		return
	}
	s.counted += added
	s.pending += added
	g.Added, g.Count, g.First, g.Final, g.Inferred = added, s.pending, !s.isBegun, isEnd, false
	g.Reached = s.counted
	s.isBegun = true
	if isEnd {
		t.end(s)
		if key.group == 0 {
			t.forget(s)
		}
	} else {
		s.last, s.touched, s.isOpen = g, now, true
		t.move(s, t.open)
	}
	emit(g)
}

// baseline takes a message of the past: what it has reached has been counted already, or never will be.
func (t *streaks) baseline(key streakKey, count int, now time.Time, emit func(event.Event)) {
	s := t.get(key, now, emit)
	s.counted = max(s.counted, count)
}

// expire makes up the ends of the streaks that have been silent for too long.
func (t *streaks) expire(now time.Time, emit func(event.Event)) {
	for front := t.open.Front(); front != nil; front = t.open.Front() {
		s := front.Value.(*streak)
		if now.Sub(s.touched) < t.timeout {
			return
		}
		t.makeUpEnd(s, now, emit)
	}
}

// endAll makes up the ends of all the open streaks.
func (t *streaks) endAll(now time.Time, emit func(event.Event)) {
	for front := t.open.Front(); front != nil; front = t.open.Front() {
		t.makeUpEnd(front.Value.(*streak), now, emit)
	}
}

// next is how long it is from now until expire has something to do; false if no streak is open.
func (t *streaks) next(now time.Time) (time.Duration, bool) {
	front := t.open.Front()
	if front == nil {
		return 0, false
	}
	return max(0, t.timeout-now.Sub(front.Value.(*streak).touched)), true
}

func (t *streaks) makeUpEnd(s *streak, now time.Time, emit func(event.Event)) {
	g := s.last
	g.ID += madeUpEnd // unique: a streak that grew again has a new last message
	g.At = now
	g.Added, g.Count, g.First, g.Final, g.Inferred = 0, s.pending, false, true, true
	t.end(s)
	emit(g)
}

func (t *streaks) end(s *streak) {
	s.isOpen, s.pending, s.last = false, 0, event.Gift{}
	t.move(s, t.ended)
}

// get finds the streak of key or makes room for a new one.
func (t *streaks) get(key streakKey, now time.Time, emit func(event.Event)) *streak {
	if s, ok := t.all[key]; ok {
		return s
	}
	for len(t.all) >= t.limit {
		if t.ended.Len() == 0 {
			t.makeUpEnd(t.open.Front().Value.(*streak), now, emit)
		}
		t.forget(t.ended.Front().Value.(*streak))
	}
	return t.insert(key)
}

func (t *streaks) insert(key streakKey) *streak {
	s := &streak{key: key}
	t.all[key] = s
	s.place = t.ended.PushBack(s)
	return s
}

// move puts s at the back of the list.
func (t *streaks) move(s *streak, to *list.List) {
	t.open.Remove(s.place) // Remove does nothing on the list that s is not in
	t.ended.Remove(s.place)
	s.place = to.PushBack(s)
}

func (t *streaks) forget(s *streak) {
	t.ended.Remove(s.place)
	delete(t.all, s.key)
}
