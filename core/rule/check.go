package rule

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

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
	// MaxCommand bounds the word of a chat command, in bytes.
	MaxCommand = 64
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
	if !slices.Contains([]CooldownScope{"", CooldownAll, CooldownViewer}, r.CooldownPer) {
		problems = append(problems, Problem{Field: "cooldown_per", Code: action.ProblemUnknown, Text: fmt.Sprintf("a cooldown cannot be for each %q: it must be all or viewer", r.CooldownPer)})
	}
	problems = append(problems, checkWaiting(r)...)
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
	return problems
}

func checkTrigger(t Trigger) []Problem {
	problem := func(field string, code action.ProblemCode, text string) []Problem {
		return []Problem{{Field: "trigger." + field, Code: code, Text: text}}
	}
	switch t.Kind {
	case "":
		return problem("kind", action.ProblemMissing, "no trigger is chosen")
	case OnGift:
		return checkGift(t, problem)
	case OnAnyGift:
		return checkCoins(t, problem)
	case OnLikes:
		if t.Every < 1 {
			return problem("every", action.ProblemRange, "every must be 1 or more likes")
		}
	case OnCommand:
		return checkCommand(t.Command, problem)
	default:
		if !slices.Contains(TriggerKinds(), t.Kind) {
			return problem("kind", action.ProblemUnknown, fmt.Sprintf("%q is no kind of trigger", t.Kind))
		}
	}
	return nil
}

type problemFunc func(field string, code action.ProblemCode, text string) []Problem

func checkGift(t Trigger, problem problemFunc) []Problem {
	switch {
	case t.GiftID < 0:
		return problem("gift_id", action.ProblemRange, "a gift's id cannot be negative")
	case t.GiftID == 0 && foldName(t.Gift) == "":
		return problem("gift", action.ProblemMissing, "no gift is chosen")
	case len(t.Gift) > MaxName:
		return problem("gift", action.ProblemTooLong, "the gift's name is too long")
	default:
		return nil
	}
}

func checkCoins(t Trigger, problem problemFunc) []Problem {
	switch {
	case t.MinCoins < 0:
		return problem("min_coins", action.ProblemRange, "the lowest price cannot be negative")
	case t.MaxCoins < 0:
		return problem("max_coins", action.ProblemRange, "the highest price cannot be negative")
	case t.MaxCoins > 0 && t.MaxCoins < t.MinCoins:
		return problem("max_coins", action.ProblemOrder, "the highest price is below the lowest")
	default:
		return nil
	}
}

func checkCommand(command string, problem problemFunc) []Problem {
	word := strings.TrimFunc(command, isBlank)
	switch {
	case word == "":
		return problem("command", action.ProblemMissing, "the command word is empty")
	case strings.ContainsFunc(word, unicode.IsSpace):
		return problem("command", action.ProblemSpaces, "a command is one word, without spaces")
	case len(word) > MaxCommand:
		return problem("command", action.ProblemTooLong, "the command word is too long")
	default:
		return nil
	}
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
