package replay

import (
	"slices"

	"github.com/livecue/livecue/core/rule"
)

// maxFirings bounds the moments that a report has one by one.
const maxFirings = 10_000

// RuleReport is what one rule did.
type RuleReport struct {
	ID, Name string
	// Fired is how many events made it fire, Jobs how many jobs that made, Runs how often all of them would be done.
	Fired, Jobs, Runs int
	// Reasons counts why it did not fire, without the events that it does not wait for.
	Reasons map[rule.Reason]int
}

// Report is what the rules did in what was played.
type Report struct {
	// Events is how many were held against the rules, Jobs how many jobs they made.
	Events, Jobs int
	// Rules has each rule, in the profile's order.
	Rules []RuleReport
	// Firings are the moments in which a rule fired, the first 10,000 of them; FiringsLeft is how many more there were.
	Firings     []Moment
	FiringsLeft int
}

// add counts a moment.
func (r *Report) add(m Moment) {
	r.Events++
	r.Jobs += len(m.Jobs)
	hasFired := false
	for i, d := range m.Decisions {
		if i >= len(r.Rules) { // the first decisions tell which rules there are
			r.Rules = append(r.Rules, RuleReport{ID: d.RuleID, Name: d.RuleName, Reasons: map[rule.Reason]int{}})
		}
		one := &r.Rules[i]
		switch d.Reason {
		case rule.ReasonFired:
			one.Fired++
			hasFired = true
		case rule.ReasonKind:
		default:
			one.Reasons[d.Reason]++
		}
	}
	for _, j := range m.Jobs {
		if i := slices.IndexFunc(r.Rules, func(o RuleReport) bool { return o.ID == j.RuleID }); i >= 0 {
			r.Rules[i].Jobs++
			r.Rules[i].Runs += j.Runs
		}
	}
	if !hasFired {
		return
	}
	if len(r.Firings) >= maxFirings {
		r.FiringsLeft++
		return
	}
	m.Decisions = m.Fired()
	r.Firings = append(r.Firings, m)
}

// clone returns a copy that does not change any more. The moments are shared.
func (r *Report) clone() Report {
	c := *r
	c.Rules = slices.Clone(r.Rules)
	for i := range c.Rules {
		reasons := make(map[rule.Reason]int, len(c.Rules[i].Reasons))
		for reason, n := range c.Rules[i].Reasons {
			reasons[reason] = n
		}
		c.Rules[i].Reasons = reasons
	}
	c.Firings = slices.Clip(r.Firings)
	return c
}
