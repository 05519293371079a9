package rule

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/livecue/livecue/core/action"
)

const (
	// MaxConditions bounds the conditions of one rule, those inside others included.
	MaxConditions = 100
	// MaxConditionDepth bounds how deep conditions may stand in each other.
	MaxConditionDepth = 4
	// MaxViewers bounds the viewers of one list.
	MaxViewers = 1000
	// MaxPerMinute bounds what a condition about firings in a minute may allow.
	MaxPerMinute = 1000
	// MaxLevel bounds the level of a fan club.
	MaxLevel = 1000
)

// checkConditions looks at the conditions of r, and at those inside them.
func checkConditions(r Rule) []Problem {
	var problems []Problem
	if r.Match != "" && r.Match != MatchAll && r.Match != MatchAny {
		problems = append(problems, Problem{Field: "match", Code: action.ProblemUnknown, Text: fmt.Sprintf("%q says not how many conditions must hold: it must be all or any", r.Match)})
	}
	left := MaxConditions
	for i, c := range r.Conditions {
		problems = append(problems, checkCondition(c, fmt.Sprintf("condition[%d].", i), 1, &left)...)
	}
	if left < 0 {
		problems = append(problems, Problem{Field: "condition", Code: action.ProblemTooLong, Text: fmt.Sprintf("a rule can have at most %d conditions", MaxConditions)})
	}
	return problems
}

// checkCondition looks at a condition that stands depth deep, and takes it from those that are left.
func checkCondition(c Condition, prefix string, depth int, left *int) []Problem {
	*left--
	if *left < 0 {
		return nil // told once for all
	}
	problem := problemAt(prefix)
	if c.Kind != IfAllOf && c.Kind != IfAnyOf {
		return checkSingle(c, problem)
	}
	switch {
	case len(c.Conditions) == 0:
		return problem("condition", action.ProblemMissing, "there is no condition in it")
	case depth >= MaxConditionDepth:
		return problem("kind", action.ProblemRange, fmt.Sprintf("conditions stand in conditions, more than %d deep", MaxConditionDepth))
	}
	var problems []Problem
	for i, inner := range c.Conditions {
		problems = append(problems, checkCondition(inner, fmt.Sprintf("%scondition[%d].", prefix, i), depth+1, left)...)
	}
	return problems
}

// checkSingle looks at a condition that stands for itself.
func checkSingle(c Condition, problem problemFunc) []Problem {
	switch c.Kind {
	case "":
		return problem("kind", action.ProblemMissing, "no condition is chosen")
	case IfCoins, IfTotalCoins, IfGifts:
		return checkBounds(c, problem)
	case IfRole:
		return checkRole(c, problem)
	case IfViewer:
		return checkViewers("viewers", c.Viewers, problem)
	case IfComment:
		return checkPhrase("text", c.Text, problem)
	case IfChance:
		if !(c.Percent > 0 && c.Percent <= 100) || math.IsNaN(c.Percent) {
			return problem("percent", action.ProblemRange, "a chance must be over 0 and up to 100 percent")
		}
	case IfOnce:
		if !isScope(c.Per) {
			return problem("per", action.ProblemUnknown, fmt.Sprintf("there is no once for each %q: it must be stream or viewer", c.Per))
		}
	case IfPerMinute:
		if c.Max < 1 || c.Max > MaxPerMinute {
			return problem("max", action.ProblemRange, fmt.Sprintf("max must be from 1 to %d", MaxPerMinute))
		}
	case IfTime:
		return checkTime(c, problem)
	default:
		return checkState(c, problem)
	}
	return nil
}

// checkState looks at a condition about other parts of the program.
func checkState(c Condition, problem problemFunc) []Problem {
	switch c.Kind {
	case IfCounter:
		if !slices.Contains([]Comparison{"", IsAbove, IsBelow, IsEqual}, c.Is) {
			return problem("is", action.ProblemUnknown, fmt.Sprintf("a counter cannot be %q: it must be above, below or equal", c.Is))
		}
		return checkNamed("counter", c.Counter, "no counter is named", problem)
	case IfLanePaused:
		return checkNamed("lane", c.Lane, "it is not said which actions are paused", problem)
	case IfGroupOn:
		return checkNamed("group", c.Group, "no group is named", problem)
	default:
		return problem("kind", action.ProblemUnknown, fmt.Sprintf("%q is no kind of condition", c.Kind))
	}
}

func checkNamed(field, name, text string, problem problemFunc) []Problem {
	switch {
	case strings.TrimSpace(name) == "":
		return problem(field, action.ProblemMissing, text)
	case len(name) > MaxName:
		return problem(field, action.ProblemTooLong, "the name is too long")
	default:
		return nil
	}
}

func checkBounds(c Condition, problem problemFunc) []Problem {
	switch {
	case c.Min < 0:
		return problem("min", action.ProblemRange, "the lowest number cannot be negative")
	case c.Max < 0:
		return problem("max", action.ProblemRange, "the highest number cannot be negative")
	case c.Min == 0 && c.Max == 0:
		return problem("min", action.ProblemMissing, "neither a lowest nor a highest number is given")
	case c.Max > 0 && c.Max < c.Min:
		return problem("max", action.ProblemOrder, "the highest number is below the lowest")
	default:
		return nil
	}
}

func checkRole(c Condition, problem problemFunc) []Problem {
	switch {
	case c.Role == "":
		return problem("role", action.ProblemMissing, "no role is chosen")
	case !slices.Contains(Roles(), c.Role):
		return problem("role", action.ProblemUnknown, fmt.Sprintf("%q is no role: it must be follower, subscriber, moderator, team or gifter", c.Role))
	case c.Level < 0 || c.Level > MaxLevel:
		return problem("level", action.ProblemRange, fmt.Sprintf("a level must be from 0 to %d", MaxLevel))
	default:
		return nil
	}
}

func checkViewers(field string, viewers []string, problem problemFunc) []Problem {
	if len(viewers) == 0 {
		return problem(field, action.ProblemMissing, "no viewer is named")
	}
	return CheckViewers(field, viewers, problem)
}

// CheckViewers returns what is wrong with a list of viewers, which may be empty, as problem makes it.
func CheckViewers(field string, viewers []string, problem func(field string, code action.ProblemCode, text string) []Problem) []Problem {
	if len(viewers) > MaxViewers {
		return problem(field, action.ProblemTooLong, fmt.Sprintf("a list can have at most %d viewers", MaxViewers))
	}
	for i, name := range viewers {
		at := fmt.Sprintf("%s[%d]", field, i)
		switch {
		case viewerName(name) == "":
			return problem(at, action.ProblemMissing, "an entry names no viewer")
		case len(name) > MaxName:
			return problem(at, action.ProblemTooLong, "the viewer's name is too long")
		}
	}
	return nil
}

func checkTime(c Condition, problem problemFunc) []Problem {
	if (c.From == "") != (c.To == "") {
		return problem("to", action.ProblemMissing, "a time of day needs a begin and an end")
	}
	if c.From == "" && len(c.Days) == 0 {
		return problem("from", action.ProblemMissing, "neither a time nor a day is given")
	}
	for _, at := range []struct{ field, text string }{{"from", c.From}, {"to", c.To}} {
		if _, err := parseClock(at.text); at.text != "" && err != nil {
			return problem(at.field, action.ProblemUnknown, fmt.Sprintf("%q is no time of day such as 18:00", at.text))
		}
	}
	if c.From != "" && c.From == c.To {
		return problem("to", action.ProblemOrder, "the time ends when it begins")
	}
	if len(c.Days) > len(Days()) {
		return problem("days", action.ProblemTooLong, "a week has seven days")
	}
	for _, d := range c.Days {
		if !slices.Contains(Days(), d) {
			return problem("days", action.ProblemUnknown, fmt.Sprintf("%q is no day: it must be mon, tue, wed, thu, fri, sat or sun", d))
		}
	}
	return nil
}
