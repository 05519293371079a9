package rule

import (
	"slices"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

// compiled is a rule made ready for matching, with what it remembers.
type compiled struct {
	rule    Rule
	gift    string // the gift's name, folded
	command string // the command word, folded
	keyword phrase
	signal  string // the signal's name, folded
	topic   string // folded
	begins  string // folded
	// conditions is nil without any.
	conditions *node
	units      []unit
	pools      []*pool // those in units, in their order

	// serial names the rule in marks; 0 is a rule outside the Set.
	serial uint32
	// marksViewer and marksRoom say that a condition asks for the marks; maxRecent is the highest bound of one that asks for
	// firings.
	marksViewer, marksRoom bool
	maxRecent              int

	cooldown cooldown
	firings  []time.Time // those of the last minute, at most maxRecent
	due      time.Time   // when a timer is due; zero is not known
}

func compile(r Rule) *compiled {
	c := &compiled{
		rule: r.Clone(), gift: foldName(r.Trigger.Gift), command: foldName(r.Trigger.Command), keyword: newPhrase(r.Trigger.Keyword),
		signal: foldName(r.Trigger.Signal), topic: foldName(r.Trigger.Topic), begins: foldName(r.Trigger.Begins),
	}
	c.conditions = conditionsOf(c.rule)
	c.conditions.each(func(n *node) {
		switch n.Kind {
		case IfOnce:
			c.marksRoom = c.marksRoom || n.Per == PerStream
			c.marksViewer = c.marksViewer || n.Per != PerStream
		case IfPerMinute:
			c.maxRecent = max(c.maxRecent, min(n.Max, MaxPerMinute))
		}
	})
	c.units = c.compileAll(c.rule.Actions)
	return c
}

// adopt takes over what an earlier state of the rule remembers, as far as it is the same.
func (c *compiled) adopt(old *compiled) {
	adoptPools(c.pools, old.pools)
	if old.rule.Trigger != c.rule.Trigger {
		return
	}
	c.cooldown, c.firings, c.due, c.serial = old.cooldown, old.firings, old.due, old.serial
	if over := len(c.firings) - c.maxRecent; over > 0 {
		c.firings = c.firings[over:]
	}
}

// recent returns how often c has fired in the minute before now, and forgets what is older. A clock that was set back ends it.
func (c *compiled) recent(now time.Time) int {
	for len(c.firings) > 0 && remaining(c.firings[0], now, time.Minute) <= 0 {
		c.firings = c.firings[1:]
	}
	return len(c.firings)
}

// decide makes c's decision about an event with which its trigger has happened.
func (s *Set) decide(c *compiled, o *observed, m matched, now time.Time, isDry bool) Decision {
	d := Decision{RuleID: c.rule.ID, RuleName: c.rule.Name}
	if d.Reason = s.hindrance(c, o); d.Reason != "" {
		return d
	}
	a := asking{set: s, c: c, o: o, m: m, now: now, isDry: isDry}
	if c.conditions != nil {
		if d.Stop = c.conditions.failing(&a); d.Stop != nil {
			d.Reason = ReasonCondition
			return d
		}
	}
	if wait := s.cool(c, o, now, isDry); wait > 0 {
		d.Reason, d.Wait = ReasonCooldown, action.Duration(wait)
		return d
	}
	d.Reason, d.Times = ReasonFired, a.times()
	if !isDry {
		a.note(d.Times)
	}
	return d
}

// hindrance returns what keeps c from firing whatever its conditions say, or "".
func (s *Set) hindrance(c *compiled, o *observed) Reason {
	switch {
	case c.rule.Off:
		return ReasonOff
	case s.groupsOff[c.rule.Group]:
		return ReasonGroup
	case len(c.rule.Actions) == 0:
		return ReasonNoAction
	case !o.isFromViewer:
		return ""
	case s.blocked.has(o.user):
		return ReasonBlock
	case len(s.allowed) > 0 && !s.allowed.has(o.user):
		return ReasonAllow
	default:
		return ""
	}
}

// cool begins c's cooldown and returns 0, or returns how much is left of the one that runs. A dry one is not begun.
func (s *Set) cool(c *compiled, o *observed, now time.Time, isDry bool) time.Duration {
	quiet := c.rule.Cooldown.Std()
	if quiet <= 0 {
		return 0
	}
	key := ""
	switch c.rule.CooldownPer {
	case CooldownGroup:
		if at, ok := s.groupFired[c.rule.Group]; ok {
			if wait := remaining(at, now, quiet); wait > 0 {
				return wait
			}
		}
		if !isDry {
			s.groupFired[c.rule.Group] = now
		}
		return 0
	case CooldownViewer:
		key = viewerKey(o.user)
	}
	if isDry {
		return c.cooldown.left(key, now, quiet)
	}
	return c.cooldown.start(key, now, quiet)
}

// times is how often the rule fires now. The second milestone of a batch falls into the cooldown that the first began, is the
// second time where once is asked for, and counts for the minute.
func (a *asking) times() int {
	c := a.c
	if c.rule.Cooldown > 0 || c.marksRoom || c.marksViewer {
		return 1
	}
	times := a.m.times
	if c.maxRecent > 0 {
		times = min(times, max(c.maxRecent-c.recent(a.now), 1))
	}
	return times
}

// note remembers that the rule has fired.
func (a *asking) note(times int) {
	c := a.c
	if c.marksRoom {
		a.o.room.fired = a.o.room.fired.add(c.serial)
	}
	if c.marksViewer && a.o.stay != nil {
		a.o.stay.fired = a.o.stay.fired.add(c.serial)
	}
	for range min(times, c.maxRecent) {
		if len(c.firings) >= c.maxRecent {
			c.firings = c.firings[1:]
		}
		c.firings = append(c.firings, a.now)
	}
}

// candidates are the rules that an event is held against.
type candidates struct {
	// scan are those that must be looked at one by one; the others are found by what they wait for.
	scan   []int
	byID   map[int64][]int
	byName map[string][]int
	byWord map[string][]int
}

// add takes in rule i.
func (cs *candidates) add(i int, c *compiled) {
	put := func(m *map[string][]int, key string) {
		if *m == nil {
			*m = map[string][]int{}
		}
		(*m)[key] = append((*m)[key], i)
	}
	switch t := c.rule.Trigger; {
	case t.Kind == OnGift && t.GiftID != 0:
		if cs.byID == nil {
			cs.byID = map[int64][]int{}
		}
		cs.byID[t.GiftID] = append(cs.byID[t.GiftID], i)
	case t.Kind == OnGift:
		put(&cs.byName, c.gift)
	case t.Kind == OnCommand:
		put(&cs.byWord, c.command)
	default:
		cs.scan = append(cs.scan, i)
	}
}

// of returns the candidates for o in the rules' order. They may lie in buffer, and are good until the next call.
func (cs *candidates) of(o *observed, buffer *[]int) []int {
	var found, more []int
	switch o.kind {
	case event.KindGift:
		found, more = cs.byID[o.gift.Gift.ID], cs.byName[o.giftName]
	case event.KindChat:
		found = cs.byWord[o.word]
	}
	if len(found)+len(more) == 0 {
		return cs.scan
	}
	all := append(append(append((*buffer)[:0], cs.scan...), found...), more...)
	slices.Sort(all)
	*buffer = all
	return all
}
