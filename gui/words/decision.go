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
	case rule.ReasonBaseline:
		return lang.L("counts likes from here on")
	case rule.ReasonCooldown:
		return lang.L("cooling down, {{.Time}} to go", args{"Time": Span(d.Wait.Std().Round(time.Second))})
	default:
		return string(d.Reason)
	}
}

// nearness orders the reasons by how near the rule was to firing: the nearest tells the user most.
func nearness(r rule.Reason) int {
	order := []rule.Reason{
		rule.ReasonCooldown, rule.ReasonOff, rule.ReasonNoAction, rule.ReasonStreak, rule.ReasonLikes, rule.ReasonBaseline,
		rule.ReasonCoins, rule.ReasonGift, rule.ReasonCommand, rule.ReasonKind,
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
	case rule.ReasonKind, rule.ReasonGift, rule.ReasonCoins, rule.ReasonCommand:
		return lang.L("no rule for this")
	}
	return lang.L("{{.Rule}} – {{.Text}}", args{"Rule": Clean(best.RuleName, nameLength), "Text": text})
}
