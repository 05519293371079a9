package rule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/livecue/livecue/core/action"
)

// Problem is what is wrong with one field of a rule. Field is its key, such as "trigger.gift", or "action[0].rcon.command"
// for the first action's command.
type Problem = action.Problem

const (
	// MaxActions bounds the actions of one rule.
	MaxActions = 100
	// MaxName bounds a rule's name and its id, in bytes.
	MaxName = 200
	// MaxCooldown bounds a cooldown.
	MaxCooldown = action.MaxDelay
	// MaxMaxWait bounds how long an action may be told to wait.
	MaxMaxWait = action.MaxDelay
)

// Check returns all that is wrong with r on its own, in the order of an editor's fields. Whether its servers and sounds exist
// is for others to say.
func Check(r Rule) []Problem {
	problems := checkHead(r)
	problems = append(problems, checkTrigger(r.Trigger)...)
	if !slices.Contains([]StreakMode{"", StreakEnd, StreakGrowth, StreakOnce}, r.Streak) {
		problems = append(problems, Problem{Field: "streak", Code: action.ProblemUnknown, Text: fmt.Sprintf("%q is no streak mode: it must be end, growth or once", r.Streak)})
	}
	if r.Cooldown < 0 || r.Cooldown > MaxCooldown {
		problems = append(problems, Problem{Field: "cooldown", Code: action.ProblemRange, Text: fmt.Sprintf("the cooldown must be from 0 to %v", MaxCooldown)})
	}
	switch {
	case r.CooldownPer != "" && !slices.Contains(CooldownScopes(), r.CooldownPer):
		problems = append(problems, Problem{Field: "cooldown_per", Code: action.ProblemUnknown, Text: fmt.Sprintf("a cooldown cannot be for each %q: it must be all, viewer or group", r.CooldownPer)})
	case r.CooldownPer == CooldownGroup && r.Group == "":
		problems = append(problems, Problem{Field: "cooldown_per", Code: action.ProblemMissing, Text: "the cooldown is for the rule's group, and the rule has none"})
	}
	problems = append(problems, checkWaiting(r)...)
	problems = append(problems, checkConditions(r)...)
	return append(problems, checkActions(r.Actions)...)
}

func checkWaiting(r Rule) []Problem {
	var problems []Problem
	if r.Priority != "" && !slices.Contains(Priorities(), r.Priority) {
		problems = append(problems, Problem{Field: "priority", Code: action.ProblemUnknown, Text: fmt.Sprintf("%q is no priority: it must be low, normal or high", r.Priority)})
	}
	if r.MaxWait < 0 || r.MaxWait > MaxMaxWait {
		problems = append(problems, Problem{Field: "max_wait", Code: action.ProblemRange, Text: fmt.Sprintf("max_wait must be from 0 to %v", MaxMaxWait)})
	}
	return problems
}

func checkHead(r Rule) []Problem {
	var problems []Problem
	switch {
	case r.ID == "":
		problems = append(problems, Problem{Field: "id", Code: action.ProblemMissing, Text: "the rule has no id"})
	case len(r.ID) > MaxName:
		problems = append(problems, Problem{Field: "id", Code: action.ProblemTooLong, Text: "the id is too long"})
	}
	switch {
	case strings.TrimSpace(r.Name) == "":
		problems = append(problems, Problem{Field: "name", Code: action.ProblemMissing, Text: "the rule has no name"})
	case len(r.Name) > MaxName:
		problems = append(problems, Problem{Field: "name", Code: action.ProblemTooLong, Text: "the name is too long"})
	}
	if len(r.Group) > MaxName {
		problems = append(problems, Problem{Field: "group", Code: action.ProblemTooLong, Text: "the group's name is too long"})
	}
	return problems
}

func checkActions(actions []action.Spec) []Problem {
	switch {
	case len(actions) == 0:
		return []Problem{{Field: "action", Code: action.ProblemMissing, Text: "the rule has no action"}}
	case len(actions) > MaxActions:
		return []Problem{{Field: "action", Code: action.ProblemTooLong, Text: fmt.Sprintf("a rule can have at most %d actions", MaxActions)}}
	}
	var problems []Problem
	for i, a := range actions {
		for _, p := range a.Problems() {
			p.Field = strings.TrimSuffix(fmt.Sprintf("action[%d].%s", i, p.Field), ".")
			problems = append(problems, p)
		}
	}
	return problems
}
