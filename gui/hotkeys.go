package gui

import (
	"maps"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/livecue/livecue/core/hotkey"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/gui/words"
)

// hotkeys fire rules by keys that the system leaves to the window, while it is in front. The program hears the others by itself, and
// a key is never heard by both.
type hotkeys struct {
	window *window
	// rules are the ids by their keys.
	rules map[hotkey.Combo][]string
	// states are how the keys stand with the system, for a page that shows them.
	states map[string]hotkey.State
	set    []fyne.Shortcut
	// plain are the ids by the name of a key without a modifier.
	plain map[fyne.KeyName][]string
}

func newHotkeys(w *window) *hotkeys {
	h := &hotkeys{window: w}
	w.win.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { h.fire(h.plain[e.Name]) })
	return h
}

// update listens for the keys of the rules that are switched on, where they or the system's mind have changed.
func (h *hotkeys) update(p profile.Profile) {
	now, states := map[hotkey.Combo][]string{}, map[string]hotkey.State{}
	off := p.OffGroups()
	for _, r := range p.Rules {
		if r.Trigger.Kind != rule.OnHotkey {
			continue
		}
		state, _ := h.window.core.HotkeyState(r.Trigger.Keys)
		states[r.Trigger.Keys] = state
		c, err := hotkey.Parse(r.Trigger.Keys)
		if err == nil && state != hotkey.Held && !r.Off && (r.Group == "" || !slices.Contains(off, r.Group)) {
			now[c] = append(now[c], r.ID)
		}
	}
	if !maps.Equal(states, h.states) {
		h.states = states
		h.window.onRules(h.window.rules.Refresh)
	}
	if !maps.EqualFunc(now, h.rules, slices.Equal) {
		h.listen(now)
	}
}

func (h *hotkeys) listen(rules map[hotkey.Combo][]string) {
	c := h.window.win.Canvas()
	for _, s := range h.set {
		c.RemoveShortcut(s)
	}
	h.window.listenForPages() // one of them may have been a rule's until now
	h.rules, h.set, h.plain = rules, nil, map[fyne.KeyName][]string{}
	for combo, ids := range rules {
		s := shortcutOf(combo)
		switch {
		case s.ShortcutName() == panicShortcut().ShortcutName():
		case s.Modifier == 0:
			h.plain[s.KeyName] = ids
		default:
			c.AddShortcut(s, func(fyne.Shortcut) { h.fire(ids) })
			h.set = append(h.set, s)
		}
	}
}

func (h *hotkeys) fire(ids []string) {
	for _, id := range ids {
		if err := h.window.core.Fire(id); err != nil {
			h.window.notice.warn(words.Error(err))
		}
	}
}

// shortcutOf is a combination as Fyne hears it, which calls the keys by the same names.
func shortcutOf(c hotkey.Combo) *desktop.CustomShortcut {
	s := &desktop.CustomShortcut{KeyName: fyne.KeyName(c.Key)}
	for mod, its := range map[hotkey.Mods]fyne.KeyModifier{
		hotkey.Ctrl: fyne.KeyModifierControl, hotkey.Shift: fyne.KeyModifierShift,
		hotkey.Alt: fyne.KeyModifierAlt, hotkey.Super: fyne.KeyModifierSuper,
	} {
		if c.Mods&mod != 0 {
			s.Modifier |= its
		}
	}
	return s
}
