package rule

import (
	"github.com/livecue/livecue/core/action"
)

// Reason says why a rule did or did not fire.
type Reason string

// The reasons. ReasonFired is the only one that goes with jobs.
const (
	ReasonFired    Reason = "fired"
	ReasonOff      Reason = "off"      // it would have fired, and is switched off
	ReasonGroup    Reason = "group"    // it would have fired, and its group is switched off
	ReasonKind     Reason = "kind"     // it waits for another kind of event
	ReasonGift     Reason = "gift"     // another gift
	ReasonCoins    Reason = "coins"    // price outside the range
	ReasonStreak   Reason = "streak"   // the streak mode waits for another moment
	ReasonLikes    Reason = "likes"    // the next milestone of likes is not reached, of the stream or of the viewer
	ReasonGoal     Reason = "goal"     // the next milestone of coins or gifts is not reached
	ReasonViewers  Reason = "viewers"  // the next milestone of viewers is not reached
	ReasonReached  Reason = "reached"  // the only milestone was reached before
	ReasonBaseline Reason = "baseline" // the room's first total only sets the baseline
	ReasonFirst    Reason = "first"    // not the first time that the viewer does it
	ReasonCommand  Reason = "command"  // another comment
	ReasonArgs     Reason = "args"     // the command, with too few words after it
	ReasonKeyword  Reason = "keyword"  // a comment without the word
	ReasonSignal   Reason = "signal"   // a signal of another name
	ReasonData     Reason = "data"     // data of another topic, or with another beginning
	// ReasonAllow is a viewer who is not among those that the profile allows, ReasonBlock one that it blocks.
	ReasonAllow Reason = "allow"
	ReasonBlock Reason = "block"
	// ReasonCondition is a condition that does not hold: Decision.Stop has it.
	ReasonCondition Reason = "condition"
	ReasonCooldown  Reason = "cooldown"  // fired a short while ago
	ReasonNoAction  Reason = "no_action" // matched, and has nothing to do
)

// Reasons returns all of them.
func Reasons() []Reason {
	return []Reason{
		ReasonFired, ReasonOff, ReasonGroup, ReasonKind, ReasonGift, ReasonCoins, ReasonStreak, ReasonLikes, ReasonGoal, ReasonViewers,
		ReasonReached, ReasonBaseline, ReasonFirst, ReasonCommand, ReasonArgs, ReasonKeyword, ReasonSignal, ReasonData, ReasonAllow, ReasonBlock, ReasonCondition,
		ReasonCooldown, ReasonNoAction,
	}
}

// Decision is what one rule made of one event.
type Decision struct {
	RuleID   string `json:"rule"`
	RuleName string `json:"rule_name"`
	Reason   Reason `json:"reason"`
	// Wait is the rest of the cooldown, or 0.
	Wait action.Duration `json:"wait,omitempty"`
	// Missing is how much the next milestone needs, or 0.
	Missing int `json:"missing,omitempty"`
	// Times is how often it fired: the milestones that one event passed, or 1; 0 when it did not fire.
	Times int `json:"times,omitempty"`
	// Stop is the condition that goes with ReasonCondition, or nil. It is shared and must not be changed.
	Stop *Stop `json:"stop,omitempty"`
}

// Stop is a condition that kept a rule from firing.
type Stop struct {
	// Path is where it stands among the rule's conditions: its place, and for one inside another the places in it that follow.
	// It is empty when the rule's Match is MatchAny and none held.
	Path []int `json:"path,omitempty"`
	// Condition is what it asks for. With Not, that was so.
	Condition Condition `json:"condition"`
}
