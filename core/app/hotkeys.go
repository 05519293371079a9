package app

import (
	"slices"

	"github.com/livecue/livecue/core/hotkey"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
)

// applyHotkeys asks the system for the keys of the rules that are switched on.
func (a *App) applyHotkeys(p profile.Profile) {
	var want []hotkey.Combo
	if p.Hotkeys != profile.HotkeysWindow {
		for _, r := range p.Rules {
			if c, ok := combination(p, r); ok && !slices.Contains(want, c) {
				want = append(want, c)
			}
		}
	}
	a.keys.Set(want)
}

// combination returns the keys of a rule that is switched on and waits for keys.
func combination(p profile.Profile, r rule.Rule) (hotkey.Combo, bool) {
	if r.Off || r.Trigger.Kind != rule.OnHotkey || r.Group != "" && slices.Contains(p.OffGroups(), r.Group) {
		return hotkey.Combo{}, false
	}
	c, err := hotkey.Parse(r.Trigger.Keys)
	return c, err == nil
}

// pressed fires the rules of a combination that was pressed, wherever the user was.
func (a *App) pressed(c hotkey.Combo) {
	p := a.Profile()
	for _, r := range p.Rules {
		if its, ok := combination(p, r); !ok || its != c {
			continue
		}
		if err := a.Fire(r.ID); err != nil {
			a.log.Warn("a hotkey fires no rule", "rule", r.ID, "error", err)
		}
	}
}

// HotkeyState is how a combination of keys stands with the system, and how far those of this system are heard. The state of keys that
// no rule waits for, or only ones that are switched off, is the zero State.
func (a *App) HotkeyState(keys string) (hotkey.State, hotkey.Reach) {
	reach := a.keys.Reach()
	c, err := hotkey.Parse(keys)
	if err != nil {
		return hotkey.NoKey, reach
	}
	return a.keys.State(c), reach
}
