package rule

import (
	"crypto/rand"
	"slices"
	"sync"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

// Options change how a Set works. The zero value works.
type Options struct {
	// Now is the clock; nil is time.Now. Cooldowns follow the monotonic reading that time.Now carries, so that setting the
	// computer's clock neither ends nor prolongs one.
	Now func() time.Time
	// NewID makes the ids of jobs; nil makes random ones.
	NewID func() string
	// Waiting says how jobs wait. SetWaiting changes it.
	Waiting Waiting
}

// Set holds the rules of a profile, with their cooldowns and the likes of each room. It is safe for concurrent use; events
// of one viewer or room must be evaluated in their order.
type Set struct {
	mu    sync.Mutex // guards all below
	opts  Options
	rules []*compiled
	plans map[event.Kind]*plan
	likes likeCounter
}

// compiled is a rule made ready for matching.
type compiled struct {
	rule     Rule
	gift     string // the gift's name, folded
	command  string // the command word, folded
	cooldown cooldown
}

// plan is what is known of an event's kind before one comes. Most rules wait for something else most of the time, so an
// event begins with the usual decisions, and only the candidates are looked at.
type plan struct {
	candidates []int
	usual      []Decision
}

// NewSet returns a Set of the rules, in the profile's order. It keeps copies.
func NewSet(rules []Rule, o Options) *Set {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = rand.Text
	}
	s := &Set{opts: o}
	s.Replace(rules)
	return s
}

// Replace changes the rules. A rule whose id and trigger stay keeps its cooldown; like milestones belong to the room and
// stay for all.
func (s *Set) Replace(rules []Rule) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := make(map[string]*compiled, len(s.rules))
	for _, c := range s.rules {
		old[c.rule.ID] = c
	}
	s.rules = make([]*compiled, len(rules))
	for i, r := range rules {
		c := compile(r)
		if o := old[r.ID]; o != nil && o.rule.Trigger == r.Trigger {
			c.cooldown = o.cooldown
			delete(old, r.ID) // a second rule with the same id must not share the state
		}
		s.rules[i] = c
	}
	s.plans = make(map[event.Kind]*plan, len(triggerEvents))
	for _, kind := range triggerEvents {
		s.plans[kind] = newPlan(kind, s.rules)
	}
}

// SetWaiting changes how jobs wait that are made from now on.
func (s *Set) SetWaiting(w Waiting) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opts.Waiting = w
}

func compile(r Rule) *compiled {
	return &compiled{rule: r.Clone(), gift: foldName(r.Trigger.Gift), command: foldName(r.Trigger.Command)}
}

func newPlan(kind event.Kind, rules []*compiled) *plan {
	p := &plan{usual: make([]Decision, len(rules))}
	for i, c := range rules {
		p.usual[i] = Decision{RuleID: c.rule.ID, RuleName: c.rule.Name, Reason: ReasonKind}
		if triggerEvents[c.rule.Trigger.Kind] != kind {
			continue
		}
		p.candidates = append(p.candidates, i)
		switch c.rule.Trigger.Kind {
		case OnGift:
			p.usual[i].Reason = ReasonGift
		case OnAnyGift:
			p.usual[i].Reason = ReasonCoins
		case OnCommand:
			p.usual[i].Reason = ReasonCommand
		}
	}
	return p
}

// Evaluate decides what e sets off. decisions has one for each rule, in the rules' order; it is nil for an event that no
// rule can wait for, and may be shared with other events: it must not be changed. jobs are those of all rules that fired, in
// that order.
func (s *Set) Evaluate(e event.Event) (jobs []action.Job, decisions []Decision) {
	if e == nil {
		return nil, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.plans[e.Kind()]
	if p == nil {
		return nil, nil
	}
	o, ok := observe(e)
	if !ok {
		return nil, nil
	}
	if o.kind == event.KindLike {
		o.likes = s.likes.add(o.head, o.added, o.total)
	}
	now := s.opts.Now()
	decisions = p.usual
	isOwn := false
	for _, i := range p.candidates {
		c := s.rules[i]
		d, count := c.decide(&o, now)
		if d == p.usual[i] {
			continue
		}
		if !isOwn {
			decisions, isOwn = slices.Clone(decisions), true
		}
		decisions[i] = d
		if d.Reason == ReasonFired {
			jobs = s.appendJobs(jobs, c.rule, &o, count, d.Times, now)
		}
	}
	return jobs, decisions
}

// Test fires r for e, whatever its cooldown and its switch, and changes no state. r need not be a rule of the Set. An event
// that r does not wait for gives no jobs, and the Decision tells why.
func (s *Set) Test(r Rule, e event.Event) (jobs []action.Job, d Decision) {
	c := compile(r)
	d = Decision{RuleID: r.ID, RuleName: r.Name, Reason: ReasonKind}
	if e == nil {
		return nil, d
	}
	o, ok := observe(e)
	if !ok || triggerEvents[r.Trigger.Kind] != o.kind {
		return nil, d
	}
	if o.kind == event.KindLike {
		total := max(o.total, o.added)
		o.likes = likeStep{before: total - o.added, after: total}
	}
	m := c.match(&o)
	d.Reason, d.Missing = m.reason, m.missing
	switch {
	case m.reason != ReasonFired:
		return nil, d
	case len(r.Actions) == 0:
		d.Reason = ReasonNoAction
		return nil, d
	}
	d.Times = m.times
	o.head.Test = true
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.appendJobs(nil, c.rule, &o, m.count, d.Times, s.opts.Now()), d
}

// decide makes c's decision and, when it fires, begins its cooldown.
func (c *compiled) decide(o *observed, now time.Time) (d Decision, count int) {
	m := c.match(o)
	d = Decision{RuleID: c.rule.ID, RuleName: c.rule.Name, Reason: m.reason, Missing: m.missing}
	if m.reason != ReasonFired {
		return d, 0
	}
	if c.rule.Off {
		d.Reason = ReasonOff
		return d, 0
	}
	if len(c.rule.Actions) == 0 {
		d.Reason = ReasonNoAction
		return d, 0
	}
	if quiet := c.rule.Cooldown.Std(); quiet > 0 {
		viewer := ""
		if c.rule.CooldownPer == CooldownViewer {
			viewer = viewerKey(o.user)
		}
		if wait := c.cooldown.start(viewer, now, quiet); wait > 0 {
			d.Reason, d.Wait = ReasonCooldown, action.Duration(wait)
			return d, 0
		}
		m.times = 1 // the second milestone of a batch falls into the cooldown that the first began
	}
	d.Times = m.times
	return d, m.count
}
