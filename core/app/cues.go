package app

import (
	"errors"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/rule"
)

// Fire is a press on the button of a rule, or on its keys. The rule decides as on any event: it may be cooling down. The error is
// rule.ErrNoRule or rule.ErrNotManual.
func (a *App) Fire(ruleID string) error {
	cue, err := a.rules.Fire(ruleID)
	if err != nil {
		return err
	}
	a.bus.Emit(cue)
	return nil
}

// errNoTest is a rule for which no event can be made up.
var errNoTest = errors.New("the rule waits for nothing that could be tested")

// TestRuleFor is TestRule with a chosen viewer, gift and count.
func (a *App) TestRuleFor(r rule.Rule, choice rule.TestChoice) error {
	e, jobs, decision, err := a.testOf(r, choice)
	if err != nil {
		return err
	}
	a.enqueue(e, []rule.Decision{decision}, jobs)
	return nil
}

// DryRun returns what TestRuleFor would do, and does nothing of it.
func (a *App) DryRun(r rule.Rule, choice rule.TestChoice) ([]action.Job, rule.Decision, error) {
	_, jobs, decision, err := a.testOf(r, choice)
	return jobs, decision, err
}

// testOf makes the event of a test, and what comes of it.
func (a *App) testOf(r rule.Rule, choice rule.TestChoice) (event.Event, []action.Job, rule.Decision, error) {
	if problems := rule.Check(r); len(problems) > 0 {
		return nil, nil, rule.Decision{}, problems[0]
	}
	a.mu.Lock()
	r = a.profile.Resolve(r)
	a.mu.Unlock()
	e := rule.TestEventFor(r, a.catalog, choice)
	if e == nil {
		return nil, nil, rule.Decision{}, errNoTest
	}
	jobs, decision := a.rules.Test(r, e)
	return e, jobs, decision, nil
}

// Explain returns what would come of an event if it came now: the jobs, and each rule's decision with the condition that stops
// it. It changes nothing.
func (a *App) Explain(e event.Event) ([]action.Job, []rule.Decision) { return a.rules.Explain(e) }

// showState is what the rules' conditions ask of the rest of the program.
type showState struct {
	app *App
	// counters knows the counters; nil has none.
	counters func(name string) (int64, bool)
}

// Counter implements rule.State.
func (s showState) Counter(name string) (int64, bool) {
	if s.counters == nil {
		return 0, false
	}
	return s.counters(name)
}

// LanePaused implements rule.State. Requests as a whole are paused when those to every server are.
func (s showState) LanePaused(lane string) bool {
	isOne := false
	for _, l := range s.app.queue.Lanes() {
		if l.Lane != lane && (lane != webLanes || !isWebLane(l.Lane)) {
			continue
		}
		if !l.Paused {
			return false
		}
		isOne = true
	}
	return isOne
}
