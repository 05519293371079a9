package words

import (
	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/rule"
)

func giftTrigger(t rule.Trigger, coins int) string {
	name := Clean(t.Gift, nameLength)
	if name == "" {
		name = lang.L("Gift {{.ID}}", args{"ID": t.GiftID})
	}
	if coins == 0 {
		return lang.L("Gift: {{.Gift}}", args{"Gift": name})
	}
	return lang.L("Gift: {{.Gift}} ({{.Coins}})", args{"Gift": name, "Coins": Coins(coins)})
}

func coinsTrigger(t rule.Trigger) string {
	switch {
	case t.MinCoins > 0 && t.MaxCoins > 0:
		return lang.L("Any gift from {{.Min}} to {{.Max}}", args{"Min": Number(t.MinCoins), "Max": Coins(t.MaxCoins)})
	case t.MinCoins > 0:
		return lang.L("Any gift from {{.Min}}", args{"Min": Coins(t.MinCoins)})
	case t.MaxCoins > 0:
		return lang.L("Any gift up to {{.Max}}", args{"Max": Coins(t.MaxCoins)})
	default:
		return TriggerKind(t.Kind)
	}
}

// Streak says when a streak of gifts fires its rule.
func Streak(m rule.StreakMode) string {
	switch m {
	case rule.StreakGrowth:
		return lang.L("At once, with every gift")
	case rule.StreakOnce:
		return lang.L("Only once, at its start")
	default:
		return lang.L("At its end, all gifts together")
	}
}

// CooldownScope says whose firing starts a cooldown.
func CooldownScope(s rule.CooldownScope) string {
	switch s {
	case rule.CooldownViewer:
		return lang.L("for the same viewer")
	case rule.CooldownGroup:
		return lang.L("for the rule's group")
	default:
		return lang.L("for everyone")
	}
}
