package rule

import (
	"github.com/livecue/livecue/core/event"
)

// maxCrowd bounds how many viewers are remembered, for roles, first times and totals. Of more, those are forgotten who have
// been quiet longest. At its fullest the memory takes some 10 MB.
const maxCrowd = 20_000

// person is what is known of one viewer.
type person struct {
	key        string
	prev, next *person

	// roles are all that some message has told of.
	roles event.Roles
	// stays are what the viewer did in the two streams seen last: late messages of the one before must not begin the new one
	// again.
	stays [2]stay
}

// stay is what a viewer has done in one stream.
type stay struct {
	room                uint64 // its serial, or 0
	likes, coins, gifts int
	did                 activities
	fired               marks
}

// activities are the kinds of event that a viewer has caused, a bit each.
type activities uint16

func activity(kind event.Kind) activities {
	switch kind {
	case event.KindJoin:
		return 1
	case event.KindGift:
		return 2
	case event.KindFollow:
		return 4
	case event.KindLike:
		return 8
	case event.KindShare:
		return 16
	case event.KindChat:
		return 32
	case event.KindSubscribe:
		return 64
	case event.KindQuestion:
		return 128
	default:
		return 0
	}
}

// in returns the stay in a room. The pointer is the person's own.
func (p *person) in(room uint64) *stay {
	older := &p.stays[0]
	for i := range p.stays {
		if p.stays[i].room == room {
			return &p.stays[i]
		}
		if p.stays[i].room < older.room {
			older = &p.stays[i]
		}
	}
	*older = stay{room: room}
	return older
}

// learn takes what an event tells of the viewer's roles. A role that is not told stays: most messages leave them out.
func (p *person) learn(told event.Roles, kind event.Kind) {
	p.roles.Moderator = p.roles.Moderator || told.Moderator
	p.roles.Subscriber = p.roles.Subscriber || told.Subscriber || kind == event.KindSubscribe
	p.roles.Follower = p.roles.Follower || told.Follower || kind == event.KindFollow
	p.roles.Gifter = p.roles.Gifter || told.Gifter
	if told.TeamLevel > 0 {
		p.roles.TeamLevel = told.TeamLevel
	}
}

// crowd is the viewers seen last. The zero value is ready for use.
type crowd struct {
	byKey map[string]*person
	// newest and oldest are the ends of the list in the order in which they were seen.
	newest, oldest *person
}

// get returns the viewer of that key, who is now the one seen last.
func (c *crowd) get(key string) *person {
	p := c.byKey[key]
	switch p {
	case nil:
		p = c.admit(key)
	case c.newest:
		return p
	default:
		c.unlink(p)
	}
	p.prev, p.next = nil, c.newest
	if c.newest != nil {
		c.newest.prev = p
	}
	c.newest = p
	if c.oldest == nil {
		c.oldest = p
	}
	return p
}

// admit makes room for one more viewer, who is not in the list yet.
func (c *crowd) admit(key string) *person {
	if c.byKey == nil {
		c.byKey = map[string]*person{}
	}
	if len(c.byKey) >= maxCrowd {
		gone := c.oldest
		c.unlink(gone)
		delete(c.byKey, gone.key)
	}
	p := &person{key: key}
	c.byKey[key] = p
	return p
}

func (c *crowd) unlink(p *person) {
	if p.prev != nil {
		p.prev.next = p.next
	} else {
		c.newest = p.next
	}
	if p.next != nil {
		p.next.prev = p.prev
	} else {
		c.oldest = p.prev
	}
}
