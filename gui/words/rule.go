package words

import (
	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/rule"
)

// TriggerKind names a kind of trigger.
func TriggerKind(k rule.TriggerKind) string {
	switch k {
	case rule.OnGift:
		return lang.L("A certain gift")
	case rule.OnAnyGift:
		return lang.L("Any gift")
	case rule.OnFollow:
		return lang.L("New follower")
	case rule.OnShare:
		return lang.L("Stream shared")
	case rule.OnLikes:
		return lang.L("Number of likes")
	case rule.OnJoin:
		return lang.L("Viewer joins")
	case rule.OnCommand:
		return lang.L("Chat command")
	case rule.OnSubscribe:
		return lang.L("Subscription")
	default:
		return string(k)
	}
}

// Trigger says what a rule waits for. coins is the price of its gift, or 0 where it is unknown.
func Trigger(t rule.Trigger, coins int) string {
	switch t.Kind {
	case rule.OnGift:
		return giftTrigger(t, coins)
	case rule.OnAnyGift:
		return coinsTrigger(t)
	case rule.OnLikes:
		return lang.N("Every {{.N}} likes", t.Every, args{"N": Number(t.Every)})
	case rule.OnCommand:
		return lang.L("Chat: {{.Command}}", args{"Command": t.Command})
	default:
		return TriggerKind(t.Kind)
	}
}

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
	if s == rule.CooldownViewer {
		return lang.L("for the same viewer")
	}
	return lang.L("for everyone")
}
