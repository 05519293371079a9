package replay

import (
	"math/rand/v2"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/rule"
)

// maxTicks bounds the cues that timers give between two events: a clock may have been set by years.
const maxTicks = 10_000

// Moment is an event of a recording with what the rules made of it.
type Moment struct {
	Item
	// Offset is how long after the recording's begin it came.
	Offset    time.Duration
	Decisions []rule.Decision
	// Jobs are those that were asked for. Their times are the recording's.
	Jobs []action.Job
}

// Fired are the rules that did.
func (m Moment) Fired() []rule.Decision {
	var fired []rule.Decision
	for _, d := range m.Decisions {
		if d.Reason == rule.ReasonFired {
			fired = append(fired, d)
		}
	}
	return fired
}

// Stage holds events against rules, in a Set of its own whose clock is the recording's: cooldowns last as long as they would have
// that evening, however fast it is played. Chances and dice fall anew, the same way each time. The timers recorded are left
// out, for those of the rules run.
type Stage struct {
	rules *rule.Set
	now   time.Time
}

// Rules are what a Stage is made of.
type Rules struct {
	// Rules are ready for a rule.Set.
	Rules []rule.Rule
	// Waiting and State are as in rule.Options.
	Waiting rule.Waiting
	State   rule.State
	// Prepare is called with the Set before it is used, for what else is to be set; nil is nothing.
	Prepare func(*rule.Set)
}

// NewStage returns a Stage on which nothing has happened.
func NewStage(r Rules) *Stage {
	s := &Stage{}
	s.rules = rule.NewSet(r.Rules, rule.Options{
		Now: func() time.Time { return s.now }, Random: rand.NewPCG(1, 1), Waiting: r.Waiting, State: r.State,
	})
	if r.Prepare != nil {
		r.Prepare(s.rules)
	}
	return s
}

// isTimer says that the event is a cue that a rule of that evening gave itself.
func isTimer(e event.Event) bool {
	cue, ok := e.(event.Cue)
	return ok && cue.By == event.CueTimer
}

// Skip lets an item be the past: what has been counted is, timers run, and nothing fires.
func (s *Stage) Skip(item Item) {
	s.tick(item.At, func(event.Cue) {})
	_, isFromViewer := item.Event.(event.FromViewer)
	switch kind := item.Event.Kind(); {
	case isFromViewer, kind == event.KindViewerCount:
		s.rules.Remember(rule.Past{Event: item.Event})
	case kind != event.KindCue:
		s.rules.Evaluate(item.Event) // whether the stream is live
	}
}

// Play returns what item sets off, and before it what the timers do that are due by then.
func (s *Stage) Play(item Item) []Moment {
	var moments []Moment
	s.tick(item.At, func(cue event.Cue) {
		moments = append(moments, s.evaluate(Item{Number: item.Number, At: s.now, Event: cue}))
	})
	if isTimer(item.Event) {
		return moments
	}
	return append(moments, s.evaluate(item))
}

// tick lets time go by until to, and calls do for each cue that a timer gives meanwhile.
func (s *Stage) tick(to time.Time, do func(event.Cue)) {
	for range maxTicks {
		due := s.rules.NextTimer(s.now)
		if due.IsZero() || due.After(to) {
			break
		}
		s.advance(due)
		for _, cue := range s.rules.Tick(s.now) {
			do(cue)
		}
	}
	s.advance(to)
}

func (s *Stage) evaluate(item Item) Moment {
	jobs, decisions := s.rules.Evaluate(item.Event)
	return Moment{Item: item, Decisions: decisions, Jobs: jobs}
}

// advance sets the clock, which does not go back.
func (s *Stage) advance(to time.Time) {
	if to.After(s.now) {
		s.now = to
	}
}
