package rule

import (
	"github.com/livecue/livecue/core/event"
)

// progress is how an event has moved the numbers that rules wait for, and what is known of its stream and its viewer.
type progress struct {
	room   *room
	person *person // nil for an event that no viewer has caused
	stay   *stay   // likewise; in room

	likes, viewerLikes, peak step
	// coins and gifts are of the stream, the others of the viewer.
	coins, gifts, viewerCoins, viewerGifts step
	// before is what the viewer had done in the stream until now.
	before activities
}

// goal returns the number that a goal is about.
func (p *progress) goal(t *Trigger) step {
	switch isOfGifts, isPerViewer := t.Of == OfGifts, t.Per == PerViewer; {
	case isOfGifts && isPerViewer:
		return p.viewerGifts
	case isOfGifts:
		return p.gifts
	case isPerViewer:
		return p.viewerCoins
	default:
		return p.coins
	}
}

// isFirst reports whether the viewer had not done before what t waits for.
func (p *progress) isFirst(t *Trigger) bool {
	if t.Activity != "" {
		return p.before&activity(t.Activity) == 0
	}
	return p.before&^activity(event.KindJoin) == 0
}

// roles are those that the viewer is known to have.
func (p *progress) roles() event.Roles {
	if p.person == nil {
		return event.Roles{}
	}
	return p.person.roles
}

// count adds o to what is known, and notes in it how. A dry count changes copies, and o alone has them.
func (s *Set) count(o *observed, isDry bool) {
	o.room = s.roomOf(o, isDry)
	if o.isFromViewer {
		o.person = s.personOf(o, isDry)
		o.person.learn(o.user.Roles, o.kind)
		o.stay = o.person.in(o.room.serial)
		o.before = o.stay.did
		o.stay.did |= activity(o.kind)
	}
	switch o.kind {
	case event.KindLike:
		o.likes = o.room.addLikes(o.added, o.total)
		o.viewerLikes = raise(&o.stay.likes, o.added)
	case event.KindGift:
		added := max(o.gift.Added, 0)
		worth := multiply(added, max(o.gift.Gift.Coins, 0))
		o.gifts, o.viewerGifts = raise(&o.room.gifts, added), raise(&o.stay.gifts, added)
		o.coins, o.viewerCoins = raise(&o.room.coins, worth), raise(&o.stay.coins, worth)
	case event.KindViewerCount:
		o.peak = o.room.setViewers(o.viewers)
	}
}

// roomOf returns the room that o happened in. What does not say its room belongs to the one seen last.
func (s *Set) roomOf(o *observed, isDry bool) *room {
	h := event.Head{Source: o.head.Source, Room: o.head.Room}
	isPlaced := o.isFromViewer || o.kind == event.KindViewerCount || o.kind != event.KindCue && h.Room != ""
	isPlaced = isPlaced && o.head.OfStream() // a LiveKit room stands beside the stream: what happens in it happens in the stream
	if last := s.rooms.last(); !isPlaced && last != nil {
		h = event.Head{Source: last.source, Room: last.id}
	}
	if !isDry {
		return s.rooms.get(h)
	}
	if r := s.rooms.find(h); r != nil {
		c := *r
		return &c
	}
	return &room{serial: s.rooms.serial + 1}
}

func (s *Set) personOf(o *observed, isDry bool) *person {
	key := viewerKey(o.user)
	if !isDry {
		return s.crowd.get(key)
	}
	if p := s.crowd.byKey[key]; p != nil {
		c := *p
		return &c
	}
	return &person{key: key}
}
