package rule

import (
	"slices"
)

// Match says how many of several conditions must hold.
type Match string

// The matches.
const (
	MatchAll Match = "all"
	MatchAny Match = "any"
)

// ConditionKind names what a condition asks for.
type ConditionKind string

// The kinds of condition.
const (
	// IfCoins is the price of one gift, IfTotalCoins that of all, IfGifts their number.
	IfCoins      ConditionKind = "coins"
	IfTotalCoins ConditionKind = "total_coins"
	IfGifts      ConditionKind = "gifts"
	// IfRole is a viewer's standing, IfViewer one of certain viewers.
	IfRole   ConditionKind = "role"
	IfViewer ConditionKind = "viewer"
	// IfComment is a word or phrase in the comment or question.
	IfComment ConditionKind = "comment"
	IfChance  ConditionKind = "chance"
	// IfOnce is a rule that has not fired yet, for the viewer or at all, in this stream.
	IfOnce ConditionKind = "once"
	// IfPerMinute is a rule that has fired less than so often in the minute before.
	IfPerMinute ConditionKind = "per_minute"
	IfTime      ConditionKind = "time"
	// IfCounter, IfLanePaused and IfGroupOn are the state of other parts.
	IfCounter    ConditionKind = "counter"
	IfLanePaused ConditionKind = "lane_paused"
	IfGroupOn    ConditionKind = "group_on"
	// IfAllOf and IfAnyOf stand for conditions of their own.
	IfAllOf ConditionKind = "all_of"
	IfAnyOf ConditionKind = "any_of"
)

// ConditionKinds returns all of them, in the order in which an editor lists them.
func ConditionKinds() []ConditionKind {
	return []ConditionKind{
		IfRole, IfViewer, IfCoins, IfTotalCoins, IfGifts, IfComment, IfChance, IfOnce, IfPerMinute, IfTime, IfCounter, IfLanePaused,
		IfGroupOn, IfAllOf, IfAnyOf,
	}
}

// Condition is something that must hold for a rule to fire. Only the fields of its Kind count.
type Condition struct {
	Kind ConditionKind `toml:"kind" json:"kind"`
	// Not turns it round.
	Not bool `toml:"not,omitempty" json:"not,omitempty"`

	// Min and Max bound what IfCoins, IfTotalCoins and IfGifts ask for, both included; 0 is no bound. Max is what IfPerMinute
	// allows.
	Min int `toml:"min,omitempty" json:"min,omitempty"`
	Max int `toml:"max,omitempty" json:"max,omitempty"`

	// Role is what IfRole asks for. What a viewer has been in earlier messages counts too: platforms leave it out of many.
	Role Role `toml:"role,omitempty" json:"role,omitempty"`
	// Level is the lowest level that counts for RoleTeam; 0 is 1.
	Level int `toml:"level,omitempty" json:"level,omitempty"`

	// Viewers are handles, with or without the @, or ids of the platform.
	Viewers []string `toml:"viewers,omitempty" json:"viewers,omitempty"`

	// Text is what IfComment looks for, as Trigger.Keyword.
	Text string `toml:"text,omitempty" json:"text,omitempty"`

	// Percent is how likely IfChance holds, over 0 up to 100.
	Percent float64 `toml:"percent,omitempty" json:"percent,omitempty"`

	// Per is for IfOnce; empty is PerViewer.
	Per Scope `toml:"per,omitempty" json:"per,omitempty"`

	// From and To are the computer's time of day, as "18:00"; From is included and To is not. A To before From is on the next
	// day. Both empty is the whole day.
	From string `toml:"from,omitempty" json:"from,omitempty"`
	To   string `toml:"to,omitempty" json:"to,omitempty"`
	// Days are those on which the time begins; empty is all.
	Days []Day `toml:"days,omitempty" json:"days,omitempty"`

	// Counter is a counter's name; one that there is not stands at 0. Is compares it with Value; empty is IsAbove.
	Counter string     `toml:"counter,omitempty" json:"counter,omitempty"`
	Is      Comparison `toml:"is,omitempty" json:"is,omitempty"`
	Value   int64      `toml:"value,omitempty" json:"value,omitempty"`

	// Lane is what IfLanePaused asks for, as action.Spec.Lane names it; "http" is all requests.
	Lane string `toml:"lane,omitempty" json:"lane,omitempty"`
	// Group is what IfGroupOn asks for. A group that there is not is on.
	Group string `toml:"group,omitempty" json:"group,omitempty"`

	// Conditions are those of IfAllOf and IfAnyOf.
	Conditions []Condition `toml:"condition,omitempty" json:"conditions,omitempty"`
}

// Role is a viewer's standing.
type Role string

// The roles.
const (
	RoleFollower   Role = "follower"
	RoleSubscriber Role = "subscriber"
	RoleModerator  Role = "moderator"
	// RoleTeam is the streamer's fan club.
	RoleTeam Role = "team"
	// RoleGifter is one of those who have given most, as the platform says.
	RoleGifter Role = "gifter"
)

// Roles returns all of them.
func Roles() []Role {
	return []Role{RoleFollower, RoleSubscriber, RoleModerator, RoleTeam, RoleGifter}
}

// Day is a day of the week.
type Day string

// Days returns all of them, as time.Weekday numbers them.
func Days() []Day { return []Day{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} }

// Comparison is how a counter is compared.
type Comparison string

// The comparisons.
const (
	IsAbove Comparison = "above"
	IsBelow Comparison = "below"
	IsEqual Comparison = "equal"
)

// State is what conditions ask of other parts of the program. It is asked while the Set is locked: it must return at once and
// must not call the Set.
type State interface {
	// Counter returns a counter's value, and false when there is none of that name.
	Counter(name string) (int64, bool)
	// LanePaused reports whether a lane has been paused.
	LanePaused(lane string) bool
}

// noState has no counters, and nothing is paused.
type noState struct{}

func (noState) Counter(string) (int64, bool) { return 0, false }
func (noState) LanePaused(string) bool       { return false }

// cloneConditions returns copies that share nothing with all; nil for none.
func cloneConditions(all []Condition) []Condition {
	if len(all) == 0 {
		return nil
	}
	copies := make([]Condition, len(all))
	for i, c := range all {
		c.Viewers, c.Days = slices.Clone(c.Viewers), slices.Clone(c.Days)
		c.Conditions = cloneConditions(c.Conditions)
		copies[i] = c
	}
	return copies
}
