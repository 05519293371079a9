package words

import (
	"fmt"
	"strconv"
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/rule"
)

// ConditionKind names a kind of condition, as a choice offers it.
func ConditionKind(k rule.ConditionKind) string {
	switch k {
	case rule.IfRole:
		return lang.L("The viewer is …")
	case rule.IfViewer:
		return lang.L("The viewer is one of …")
	case rule.IfCoins:
		return lang.L("Price of one gift")
	case rule.IfTotalCoins:
		return lang.L("Price of all gifts")
	case rule.IfGifts:
		return lang.L("Number of gifts")
	case rule.IfComment:
		return lang.L("The comment has a word")
	case rule.IfChance:
		return lang.L("By chance")
	case rule.IfOnce:
		return lang.L("Only once a stream")
	case rule.IfPerMinute:
		return lang.L("At most so often a minute")
	default:
		return stateKind(k)
	}
}

func stateKind(k rule.ConditionKind) string {
	switch k {
	case rule.IfTime:
		return lang.L("At a time of day")
	case rule.IfCounter:
		return lang.L("A counter stands at …")
	case rule.IfLanePaused:
		return lang.L("A target is paused")
	case rule.IfGroupOn:
		return lang.L("A group of rules is on")
	case rule.IfAllOf:
		return lang.L("All of …")
	case rule.IfAnyOf:
		return lang.L("Any of …")
	default:
		return string(k)
	}
}

// Condition says what a condition asks for.
func Condition(c rule.Condition) string {
	text := asked(c)
	if c.Not {
		return lang.L("not: {{.Condition}}", args{"Condition": text})
	}
	return text
}

func asked(c rule.Condition) string {
	switch c.Kind {
	case rule.IfRole:
		return lang.L("the viewer is {{.Role}}", args{"Role": Role(c.Role)})
	case rule.IfViewer:
		return lang.L("the viewer is one of: {{.Names}}", args{"Names": Clean(strings.Join(c.Viewers, ", "), commandLength)})
	case rule.IfCoins:
		return lang.L("one gift costs {{.Range}}", args{"Range": bounds(c)})
	case rule.IfTotalCoins:
		return lang.L("the gifts cost {{.Range}}", args{"Range": bounds(c)})
	case rule.IfGifts:
		return lang.L("the number of gifts is {{.Range}}", args{"Range": bounds(c)})
	case rule.IfComment:
		return lang.L("the comment has {{.Word}}", args{"Word": Clean(c.Text, nameLength)})
	case rule.IfChance:
		return lang.L("a chance of {{.N}} %", args{"N": strconv.FormatFloat(c.Percent, 'f', -1, 64)})
	case rule.IfOnce:
		if c.Per == rule.PerStream {
			return lang.L("it has not fired in this stream")
		}
		return lang.L("it has not fired for this viewer in this stream")
	case rule.IfPerMinute:
		return lang.N("at most {{.N}} times a minute", c.Max, args{"N": Number(c.Max)})
	default:
		return stateAsked(c)
	}
}

func stateAsked(c rule.Condition) string {
	switch c.Kind {
	case rule.IfTime:
		return lang.L("it is {{.Time}}", args{"Time": strings.TrimSpace(times(c))})
	case rule.IfCounter:
		return fmt.Sprintf("%s %s %s", Clean(c.Counter, nameLength), Comparison(c.Is), Number(int(c.Value)))
	case rule.IfLanePaused:
		return lang.L("{{.Target}} is paused", args{"Target": Lane(c.Lane)})
	case rule.IfGroupOn:
		return lang.L("the group {{.Group}} is on", args{"Group": Clean(c.Group, nameLength)})
	case rule.IfAllOf, rule.IfAnyOf:
		parts := make([]string, len(c.Conditions))
		for i, inner := range c.Conditions {
			parts[i] = Condition(inner)
		}
		joint := lang.X("between conditions, all of which must hold", " and ")
		if c.Kind == rule.IfAnyOf {
			joint = lang.X("between conditions, one of which must hold", " or ")
		}
		return "(" + strings.Join(parts, joint) + ")"
	default:
		return ConditionKind(c.Kind)
	}
}

func bounds(c rule.Condition) string {
	switch {
	case c.Min > 0 && c.Max > 0:
		return lang.L("{{.Min}} to {{.Max}}", args{"Min": Number(c.Min), "Max": Number(c.Max)})
	case c.Max > 0:
		return lang.L("at most {{.Max}}", args{"Max": Number(c.Max)})
	default:
		return lang.L("at least {{.Min}}", args{"Min": Number(c.Min)})
	}
}

func times(c rule.Condition) string {
	days := make([]string, len(c.Days))
	for i, d := range c.Days {
		days[i] = Day(d)
	}
	text := strings.Join(days, ", ")
	if c.From == "" {
		return text
	}
	return text + " " + c.From + "–" + c.To
}

// Role names a viewer's standing.
func Role(r rule.Role) string {
	switch r {
	case rule.RoleFollower:
		return lang.L("a follower")
	case rule.RoleSubscriber:
		return lang.L("a subscriber")
	case rule.RoleModerator:
		return lang.L("a moderator")
	case rule.RoleTeam:
		return lang.L("in your fan club")
	case rule.RoleGifter:
		return lang.L("a top gifter")
	default:
		return string(r)
	}
}

// Day names a day of the week in short.
func Day(d rule.Day) string {
	switch d {
	case "mon":
		return lang.L("Mon")
	case "tue":
		return lang.L("Tue")
	case "wed":
		return lang.L("Wed")
	case "thu":
		return lang.L("Thu")
	case "fri":
		return lang.L("Fri")
	case "sat":
		return lang.L("Sat")
	case "sun":
		return lang.L("Sun")
	default:
		return string(d)
	}
}

// Comparison says how a counter is compared.
func Comparison(c rule.Comparison) string {
	switch c {
	case rule.IsBelow:
		return lang.L("below")
	case rule.IsEqual:
		return lang.L("exactly")
	default:
		return lang.L("above")
	}
}
