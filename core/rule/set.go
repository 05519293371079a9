package rule

import (
	crand "crypto/rand"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

// Options change how a Set works. The zero value works.
type Options struct {
	// Now is the clock; nil is time.Now. Cooldowns follow the monotonic reading that time.Now carries, so that setting the
	// computer's clock neither ends nor prolongs one. Conditions about the time of day follow the clock of its location.
	Now func() time.Time
	// NewID makes the ids of jobs; nil makes random ones.
	NewID func() string
	// Random decides chances, dice, jitter and the picks of pools without a seed; nil is one that nobody can foretell.
	Random rand.Source
	// State is what conditions ask of other parts of the program; nil has no counters, and nothing is paused.
	State State
	// Waiting says how jobs wait. SetWaiting changes it.
	Waiting Waiting
}

// Set holds the rules of a profile, with their cooldowns and what happened in each room. It is safe for concurrent use; events
// of one viewer or room must be evaluated in their order.
type Set struct {
	mu     sync.Mutex // guards all below
	opts   Options
	random *rand.Rand
	rules  []*compiled
	byID   map[string]*compiled // the first of each id
	plans  map[event.Kind]*plan
	serial uint32 // the last one given
	buffer []int  // for candidates
	// seen is the event that is looked at; it is kept only for its memory.
	seen      observed
	expansion expansion // likewise

	groupsOff        map[string]bool
	groupFired       map[string]time.Time
	allowed, blocked viewerList

	rooms  rooms
	crowd  crowd
	isLive bool
	// tested is the rule tested last: its pools go on from one test to the next.
	tested *compiled
}

// plan is what is known of an event's kind before one comes. Most rules wait for something else most of the time, so an
// event begins with the usual decisions, and only the candidates are looked at.
type plan struct {
	candidates candidates
	usual      []Decision
}

// NewSet returns a Set of the rules, in the profile's order. It keeps copies.
func NewSet(rules []Rule, o Options) *Set {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = crand.Text
	}
	if o.State == nil {
		o.State = noState{}
	}
	if o.Random == nil {
		o.Random = unforetold()
	}
	s := &Set{opts: o, random: rand.New(o.Random), groupFired: map[string]time.Time{}} //nolint:gosec // a game of chance, no secret
	s.Replace(rules)
	return s
}

// unforetold returns a source that is seeded by the system.
func unforetold() rand.Source {
	var seed [16]byte
	_, _ = crand.Read(seed[:]) // it never fails
	return rand.NewPCG(binary.LittleEndian.Uint64(seed[:8]), binary.LittleEndian.Uint64(seed[8:]))
}

// Replace changes the rules. A rule whose id and trigger stay keeps what it remembers, such as its cooldown; the pools of a
// rule whose id stays go on, where they are still the same. Milestones belong to the room and stay for all.
func (s *Set) Replace(rules []Rule) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := make(map[string]*compiled, len(s.rules))
	for _, c := range s.rules {
		old[c.rule.ID] = c
	}
	groups := map[string]time.Time{}
	s.rules, s.byID = make([]*compiled, len(rules)), make(map[string]*compiled, len(rules))
	for i, r := range rules {
		c := compile(r)
		if o := old[r.ID]; o != nil {
			c.adopt(o)
			delete(old, r.ID) // a second rule with the same id must not share the state
		}
		if c.serial == 0 {
			s.serial++
			c.serial = s.serial
		}
		s.seed(c.pools)
		if _, isKnown := s.byID[r.ID]; !isKnown {
			s.byID[r.ID] = c
		}
		if at, ok := s.groupFired[r.Group]; ok {
			groups[r.Group] = at
		}
		s.rules[i] = c
	}
	s.groupFired = groups
	s.plans = map[event.Kind]*plan{}
	for _, kind := range viewerKinds() {
		s.plans[kind] = newPlan(kind, s.rules)
	}
	// What no viewer does is no news to rules, where none waits for it.
	for _, c := range s.rules {
		kind := triggerEvents[c.rule.Trigger.Kind]
		if kind != "" && s.plans[kind] == nil {
			s.plans[kind] = newPlan(kind, s.rules)
		}
	}
}

// SetWaiting changes how jobs wait that are made from now on.
func (s *Set) SetWaiting(w Waiting) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opts.Waiting = w
}

// SetGroups switches the named groups off, and all others on.
func (s *Set) SetGroups(off []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.groupsOff = make(map[string]bool, len(off))
	for _, name := range off {
		if name != "" { // rules without a group have that name
			s.groupsOff[name] = true
		}
	}
}

// SetViewers lets no rule fire for a viewer who is blocked or, where allow is not empty, not in it. Both hold handles, with or
// without the @, or ids.
func (s *Set) SetViewers(allow, block []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.allowed, s.blocked = newViewerList(allow), newViewerList(block)
}

func newPlan(kind event.Kind, rules []*compiled) *plan {
	p := &plan{usual: make([]Decision, len(rules))}
	for i, c := range rules {
		p.usual[i] = Decision{RuleID: c.rule.ID, RuleName: c.rule.Name, Reason: ReasonKind}
		if !c.rule.Trigger.waitsFor(kind) {
			continue
		}
		p.candidates.add(i, c)
		switch c.rule.Trigger.Kind {
		case OnGift:
			p.usual[i].Reason = ReasonGift
		case OnAnyGift:
			p.usual[i].Reason = ReasonCoins
		case OnCommand:
			p.usual[i].Reason = ReasonCommand
		case OnKeyword:
			p.usual[i].Reason = ReasonKeyword
		case OnSignal:
			p.usual[i].Reason = ReasonSignal
		case OnData:
			p.usual[i].Reason = ReasonData
		case OnFirst:
			p.usual[i].Reason = ReasonFirst
		}
	}
	return p
}

// Evaluate decides what e sets off. decisions has one for each rule, in the rules' order; it is nil for an event that no
// viewer has caused and no rule waits for, and may be shared with other events: it must not be changed. jobs are those of all
// rules that fired, in that order.
func (s *Set) Evaluate(e event.Event) (jobs []action.Job, decisions []Decision) {
	return s.evaluate(e, false)
}

// Explain is Evaluate without any effect: what would come of e if it came now. A chance is taken to be won, so that it tells
// what can happen; pools pick what they will pick next.
func (s *Set) Explain(e event.Event) (jobs []action.Job, decisions []Decision) {
	return s.evaluate(e, true)
}

func (s *Set) evaluate(e event.Event, isDry bool) (jobs []action.Job, decisions []Decision) {
	if e == nil {
		return nil, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o := &s.seen
	defer func() { *o = observed{} }() // what the event holds may be large
	if !o.see(e) {
		return nil, nil
	}
	s.count(o, isDry)
	if !isDry {
		s.follow(o.kind)
	}
	p := s.plans[o.kind]
	if p == nil {
		return nil, nil
	}
	now := s.opts.Now()
	x := s.expand(isDry, false)
	decisions = p.usual
	isOwn := false
	for _, i := range p.candidates.of(o, &s.buffer) {
		c := s.rules[i]
		m := c.match(o)
		if m.reason == p.usual[i].Reason && m.missing == 0 {
			continue
		}
		if !isOwn {
			decisions, isOwn = slices.Clone(decisions), true
		}
		d := &decisions[i]
		if m.reason != ReasonFired {
			d.Reason, d.Missing = m.reason, m.missing
			continue
		}
		if *d = s.decide(c, o, m, now, isDry); d.Reason == ReasonFired {
			jobs = x.appendJobs(jobs, c, o, m, d.Times, now)
		}
	}
	return jobs, decisions
}

// Test fires r for e, whatever its cooldown, its conditions and its switch, and changes no state of the Set. r need not be a
// rule of the Set. An event that r does not wait for gives no jobs, and the Decision tells why.
func (s *Set) Test(r Rule, e event.Event) (jobs []action.Job, d Decision) {
	c := compile(r)
	d = Decision{RuleID: r.ID, RuleName: r.Name, Reason: ReasonKind}
	if e == nil {
		return nil, d
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var o observed
	if !o.see(e) || !r.Trigger.waitsFor(o.kind) {
		return nil, d
	}
	s.count(&o, true)
	o.pretend()
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
	if r.Trigger.Kind == OnGoal {
		d.Times = 1 // one gift may be worth many times the goal
	}
	o.head.Test = true
	if s.tested != nil && s.tested.rule.ID == r.ID {
		adoptPools(c.pools, s.tested.pools)
	}
	s.seed(c.pools)
	s.tested = c
	x := s.expand(false, true)
	return x.appendJobs(nil, c, &o, m, d.Times, s.opts.Now()), d
}

// pretend takes the event for the first of its stream and of its viewer.
func (o *observed) pretend() {
	total := max(o.total, o.added)
	o.likes = step{before: total - o.added, after: total}
	o.viewerLikes = step{after: o.added}
	o.peak = step{after: o.viewers}
	gifts := max(o.gift.Added, 0)
	o.gifts, o.viewerGifts = step{after: gifts}, step{after: gifts}
	o.coins = step{after: multiply(gifts, max(o.gift.Gift.Coins, 0))}
	o.viewerCoins = o.coins
	o.before = 0
}
