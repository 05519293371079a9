package rule

import (
	"github.com/livecue/livecue/core/action"
)

// Rule says: when this happens, do that.
type Rule struct {
	// ID is unique in its profile and stays when the rule is renamed or moved.
	ID   string `toml:"id" json:"id"`
	Name string `toml:"name" json:"name"`
	// Off says that the user has switched it off.
	Off     bool    `toml:"off,omitempty" json:"off,omitempty"`
	Trigger Trigger `toml:"trigger" json:"trigger"`
	// Streak says when a gift streak fires; empty is StreakEnd.
	Streak StreakMode `toml:"streak,omitempty" json:"streak,omitempty"`
	// Cooldown is how long it stays quiet after it fired; 0 is none.
	Cooldown action.Duration `toml:"cooldown,omitempty" json:"cooldown,omitempty"`
	// CooldownPer says whose firing counts; empty is CooldownAll.
	CooldownPer CooldownScope `toml:"cooldown_per,omitempty" json:"cooldown_per,omitempty"`
	// Priority says whose actions go first where several wait for one target; empty is PriorityNormal.
	Priority Priority `toml:"priority,omitempty" json:"priority,omitempty"`
	// MaxWait is how long after it is due an action is still worth doing; 0 is the profile's.
	MaxWait action.Duration `toml:"max_wait,omitempty" json:"max_wait,omitempty"`
	// Actions are done in this order.
	Actions []action.Spec `toml:"action,omitempty" json:"actions"`
}

// TriggerKind names what a rule waits for.
type TriggerKind string

// The kinds of trigger.
const (
	// OnGift is one gift of the catalogue, by id or by name.
	OnGift TriggerKind = "gift"
	// OnAnyGift is any gift whose price lies in a range.
	OnAnyGift   TriggerKind = "any_gift"
	OnFollow    TriggerKind = "follow"
	OnShare     TriggerKind = "share"
	OnLikes     TriggerKind = "likes"
	OnJoin      TriggerKind = "join"
	OnCommand   TriggerKind = "command"
	OnSubscribe TriggerKind = "subscribe"
)

// TriggerKinds returns all of them, in the order in which an editor lists them.
func TriggerKinds() []TriggerKind {
	return []TriggerKind{OnGift, OnAnyGift, OnFollow, OnShare, OnLikes, OnJoin, OnCommand, OnSubscribe}
}

// Trigger is what a rule waits for. Only the fields of its Kind count.
type Trigger struct {
	Kind TriggerKind `toml:"kind" json:"kind"`

	// GiftID is the platform's number of the gift; when it is not 0, it alone decides.
	GiftID int64 `toml:"gift_id,omitempty" json:"gift_id,omitempty"`
	// Gift is the gift's name, compared without case and surrounding space; with a GiftID it is only shown.
	Gift string `toml:"gift,omitempty" json:"gift,omitempty"`

	// MinCoins and MaxCoins bound the price of one gift, both included; 0 is no bound.
	MinCoins int `toml:"min_coins,omitempty" json:"min_coins,omitempty"`
	MaxCoins int `toml:"max_coins,omitempty" json:"max_coins,omitempty"`

	// Every fires each time that the room's total of likes, as viewers see it on screen, reaches a multiple of it. Multiples
	// that the first total seen in a room has reached count as passed before LiveCue looked, and do not fire.
	Every int `toml:"every,omitempty" json:"every,omitempty"`

	// Command is the first word of a comment, compared without case and otherwise exactly: with "!zombie" a viewer has to
	// write the exclamation mark.
	Command string `toml:"command,omitempty" json:"command,omitempty"`
}

// StreakMode says when a streak of gifts fires its rule.
type StreakMode string

// The streak modes.
const (
	// StreakEnd fires once the streak has ended, with its count. It is the default.
	StreakEnd StreakMode = "end"
	// StreakGrowth fires with each message that adds to the streak, with the number that it adds.
	StreakGrowth StreakMode = "growth"
	// StreakOnce fires when the streak begins, with a count of 1, and not again however long it grows.
	StreakOnce StreakMode = "once"
)

// CooldownScope says whose firing starts a cooldown.
type CooldownScope string

// The cooldown scopes.
const (
	CooldownAll    CooldownScope = "all"
	CooldownViewer CooldownScope = "viewer"
)

// Priority says how urgent the actions of a rule are.
type Priority string

// The priorities. A high rule's actions go before all that are normal, and those before all that are low.
const (
	PriorityLow    Priority = "low"
	PriorityNormal Priority = "normal"
	PriorityHigh   Priority = "high"
)

// Priorities returns all of them, the most urgent first.
func Priorities() []Priority { return []Priority{PriorityHigh, PriorityNormal, PriorityLow} }

// Clone returns a copy that shares nothing with r.
func (r Rule) Clone() Rule {
	actions := make([]action.Spec, len(r.Actions))
	for i, a := range r.Actions {
		actions[i] = a.Clone()
	}
	r.Actions = actions
	return r
}

// Reason says why a rule did or did not fire.
type Reason string

// The reasons. ReasonFired is the only one that goes with jobs.
const (
	ReasonFired    Reason = "fired"
	ReasonOff      Reason = "off"       // it would have fired, and is switched off
	ReasonKind     Reason = "kind"      // it waits for another kind of event
	ReasonGift     Reason = "gift"      // another gift
	ReasonCoins    Reason = "coins"     // price outside the range
	ReasonStreak   Reason = "streak"    // the streak mode waits for another moment
	ReasonLikes    Reason = "likes"     // the next milestone is not reached
	ReasonBaseline Reason = "baseline"  // the room's first total only sets the baseline
	ReasonCommand  Reason = "command"   // another comment
	ReasonCooldown Reason = "cooldown"  // fired a short while ago
	ReasonNoAction Reason = "no_action" // matched, and has nothing to do
)

// Decision is what one rule made of one event.
type Decision struct {
	RuleID   string `json:"rule"`
	RuleName string `json:"rule_name"`
	Reason   Reason `json:"reason"`
	// Wait is the rest of the cooldown, or 0.
	Wait action.Duration `json:"wait,omitempty"`
	// Missing is how many likes the next milestone needs, or 0.
	Missing int `json:"missing,omitempty"`
	// Times is how often it fired: the milestones that one batch of likes passed, or 1; 0 when it did not fire.
	Times int `json:"times,omitempty"`
}
