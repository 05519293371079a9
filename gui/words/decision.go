package words

import (
	"time"

	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/rule"
)

// Reason says why a rule did or did not fire.
func Reason(d rule.Decision) string {
	switch d.Reason {
	case rule.ReasonFired:
		if d.Times > 1 {
			return lang.L("fired {{.N}} ×", args{"N": d.Times})
		}
		return lang.L("fired")
	case rule.ReasonOff:
		return lang.L("switched off")
	case rule.ReasonKind:
		return lang.L("waits for something else")
	case rule.ReasonGift:
		return lang.L("waits for another gift")
	case rule.ReasonCoins:
		return lang.L("the price is out of its range")
	case rule.ReasonCommand:
		return lang.L("waits for another comment")
	case rule.ReasonNoAction:
		return lang.L("has nothing to do")
	default:
		return notYet(d)
	}
}

// notYet says the reasons that are about the moment.
func notYet(d rule.Decision) string {
	switch d.Reason {
	case rule.ReasonStreak:
		return lang.L("not at this point of the streak")
	case rule.ReasonLikes:
		if d.Missing > 0 {
			return lang.N("{{.N}} likes to go", d.Missing, args{"N": Number(d.Missing)})
		}
		return lang.L("not enough likes yet")
	case rule.ReasonGoal, rule.ReasonViewers:
		if d.Missing > 0 {
			return lang.N("{{.N}} to go", d.Missing, args{"N": Number(d.Missing)})
		}
		return lang.L("the goal is not reached yet")
	case rule.ReasonReached:
		return lang.L("the goal was reached before")
	case rule.ReasonBaseline:
		return lang.L("counts likes from here on")
	case rule.ReasonFirst:
		return lang.L("not the first time")
	case rule.ReasonCooldown:
		return lang.L("cooling down, {{.Time}} to go", args{"Time": Span(d.Wait.Std().Round(time.Second))})
	default:
		return stopped(d)
	}
}

// stopped says the reasons that the user has set.
func stopped(d rule.Decision) string {
	switch d.Reason {
	case rule.ReasonGroup:
		return lang.L("its group is switched off")
	case rule.ReasonArgs:
		return lang.L("too few words after the command")
	case rule.ReasonKeyword:
		return lang.L("the word is not in the comment")
	case rule.ReasonSignal:
		return lang.L("another signal")
	case rule.ReasonData:
		return lang.L("other data")
	case rule.ReasonAllow:
		return lang.L("the viewer is not on your list")
	case rule.ReasonBlock:
		return lang.L("the viewer is blocked")
	case rule.ReasonCondition:
		return stop(d.Stop)
	default:
		return string(d.Reason)
	}
}

// stop says which condition kept a rule from firing.
func stop(s *rule.Stop) string {
	switch {
	case s == nil:
		return lang.L("a condition does not hold")
	case len(s.Path) == 0:
		return lang.L("none of its conditions holds")
	case s.Condition.Not:
		c := s.Condition
		c.Not = false
		return lang.L("stopped, because {{.Condition}}", args{"Condition": Condition(c)})
	default:
		return lang.L("only if {{.Condition}}", args{"Condition": Condition(s.Condition)})
	}
}

// nearness orders the reasons by how near the rule was to firing: the nearest tells the user most.
func nearness(r rule.Reason) int {
	order := []rule.Reason{
		rule.ReasonCooldown, rule.ReasonCondition, rule.ReasonBlock, rule.ReasonAllow, rule.ReasonGroup, rule.ReasonOff, rule.ReasonNoAction,
		rule.ReasonArgs, rule.ReasonStreak, rule.ReasonLikes, rule.ReasonGoal, rule.ReasonViewers, rule.ReasonReached, rule.ReasonBaseline,
		rule.ReasonCoins, rule.ReasonGift, rule.ReasonFirst, rule.ReasonKeyword, rule.ReasonCommand, rule.ReasonSignal, rule.ReasonData, rule.ReasonKind,
	}
	for i, o := range order {
		if o == r {
			return len(order) - i
		}
	}
	return 0
}

// WhyNot says in one line why no rule fired. growing says that the event is a streak of gifts that has not ended.
func WhyNot(decisions []rule.Decision, growing bool) string {
	if len(decisions) == 0 {
		return lang.L("no rules yet")
	}
	best := decisions[0]
	for _, d := range decisions[1:] {
		if nearness(d.Reason) > nearness(best.Reason) {
			best = d
		}
	}
	text := Reason(best)
	switch best.Reason {
	case rule.ReasonStreak:
		if growing {
			text = lang.L("waits for the end of the streak")
		}
	case rule.ReasonKind, rule.ReasonGift, rule.ReasonCoins, rule.ReasonCommand, rule.ReasonKeyword, rule.ReasonSignal, rule.ReasonData, rule.ReasonFirst:
		return lang.L("no rule for this")
	}
	return lang.L("{{.Rule}} – {{.Text}}", args{"Rule": Clean(best.RuleName, nameLength), "Text": text})
}
