package editor

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// icon is the picture of a kind of trigger.
func icon(k rule.TriggerKind) fyne.Resource {
	switch k {
	case rule.OnGift:
		return look.IconIn("gift", look.ColorCoin)
	case rule.OnAnyGift:
		return look.IconIn("coin", look.ColorCoin)
	case rule.OnLikes:
		return look.IconIn("like", theme.ColorNameError)
	case rule.OnViewerLikes:
		return look.IconIn("like", theme.ColorNameError)
	case rule.OnGoal:
		return look.IconIn("goal", look.ColorCoin)
	case rule.OnCommand:
		return look.IconIn("chat", theme.ColorNamePrimary)
	case rule.OnConnected, rule.OnReconnecting, rule.OnReconnected, rule.OnDisconnected, rule.OnLiveEnded:
		return look.IconIn("live", theme.ColorNamePrimary)
	default:
		return look.IconIn(string(k), theme.ColorNamePrimary)
	}
}

// giftOf finds the gift that a trigger waits for among those known.
func giftOf(t rule.Trigger, gifts []event.GiftInfo) (event.GiftInfo, bool) {
	for _, g := range gifts {
		if t.GiftID != 0 && g.ID == t.GiftID || t.GiftID == 0 && strings.EqualFold(strings.TrimSpace(g.Name), strings.TrimSpace(t.Gift)) {
			return g, true
		}
	}
	return event.GiftInfo{}, false
}

// trigger says what a rule waits for, with the price of its gift.
func trigger(t rule.Trigger, gifts []event.GiftInfo) string {
	g, _ := giftOf(t, gifts)
	if t.Gift == "" {
		t.Gift = g.Name
	}
	return words.Trigger(t, g.Coins)
}

// conditions says what a rule waits for, what else must hold, and how urgent it is where that is unusual.
func conditions(r rule.Rule, gifts []event.GiftInfo) string {
	parts := []string{trigger(r.Trigger, gifts)}
	if len(r.Conditions) > 0 {
		parts = append(parts, lang.N("{{.N}} conditions", len(r.Conditions), map[string]any{"N": len(r.Conditions)}))
	}
	switch r.Priority {
	case rule.PriorityHigh:
		parts = append(parts, lang.L("high priority"))
	case rule.PriorityLow:
		parts = append(parts, lang.L("low priority"))
	}
	if r.Group != "" {
		parts = append(parts, words.Clean(r.Group, 30))
	}
	return strings.Join(parts, " · ")
}

// actions says what a rule does: its first action, and the others in one line.
func actions(r rule.Rule) (first, others string) {
	parts := make([]string, len(r.Actions))
	for i, a := range r.Actions {
		parts[i] = words.Action(a)
	}
	if len(parts) == 0 {
		return "", ""
	}
	return parts[0], strings.Join(parts[1:], "  ·  ")
}

// matches reports whether a rule has the text in its name, its trigger or its actions, without regard to case.
func matches(r rule.Rule, gifts []event.GiftInfo, text string) bool {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "" {
		return true
	}
	first, others := actions(r)
	all := strings.Join([]string{r.Name, conditions(r, gifts), first, others}, "\n")
	for _, a := range r.Actions {
		if a.RCON != nil {
			all += "\n" + a.RCON.Command
		}
	}
	return strings.Contains(strings.ToLower(all), text)
}
