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
	Off bool `toml:"off,omitempty" json:"off,omitempty"`
	// Group is the name of a group of rules that are switched on and off together; empty is none.
	Group   string  `toml:"group,omitempty" json:"group,omitempty"`
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
	// Match says how many of the Conditions must hold; empty is MatchAll.
	Match Match `toml:"match,omitempty" json:"match,omitempty"`
	// Conditions are asked once the trigger has happened.
	Conditions []Condition `toml:"condition,omitempty" json:"conditions,omitempty"`
	// Actions are done in this order.
	Actions []action.Spec `toml:"action,omitempty" json:"actions"`
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
	// CooldownGroup is one cooldown for all rules of the rule's group that say so.
	CooldownGroup CooldownScope = "group"
)

// CooldownScopes returns all of them.
func CooldownScopes() []CooldownScope {
	return []CooldownScope{CooldownAll, CooldownViewer, CooldownGroup}
}

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
	r.Conditions = cloneConditions(r.Conditions)
	return r
}
