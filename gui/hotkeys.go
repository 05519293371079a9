package gui

import (
	"maps"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/gui/words"
)

// hotkeys fire rules by keys, while the window is in front.
type hotkeys struct {
	window *window
	// rules are the ids by the keys, as the profile writes them.
	rules map[string]string
	set   []fyne.Shortcut
	// plain are the ids by the name of a key without a modifier.
	plain map[fyne.KeyName]string
}

func newHotkeys(w *window) *hotkeys {
	h := &hotkeys{window: w}
	w.win.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) {
		if id, ok := h.plain[e.Name]; ok {
			h.fire(id)
		}
	})
	return h
}

// update listens for the keys of the rules, where they have changed.
func (h *hotkeys) update(rules []rule.Rule) {
	now := map[string]string{}
	for _, r := range rules {
		if r.Trigger.Kind == rule.OnHotkey && now[r.Trigger.Keys] == "" {
			now[r.Trigger.Keys] = r.ID
		}
	}
	if maps.Equal(now, h.rules) {
		return
	}
	c := h.window.win.Canvas()
	for _, s := range h.set {
		c.RemoveShortcut(s)
	}
	h.rules, h.set, h.plain = now, nil, map[fyne.KeyName]string{}
	for keys, id := range now {
		s := shortcutOf(keys)
		switch {
		case s.KeyName == "" || s.ShortcutName() == panicShortcut().ShortcutName():
		case s.Modifier == 0:
			h.plain[s.KeyName] = id
		default:
			c.AddShortcut(s, func(fyne.Shortcut) { h.fire(id) })
			h.set = append(h.set, s)
		}
	}
}

func (h *hotkeys) fire(id string) {
	if err := h.window.core.Fire(id); err != nil {
		h.window.notice.warn(words.Error(err))
	}
}

// shortcutOf reads keys such as "Ctrl+Shift+F1".
func shortcutOf(keys string) *desktop.CustomShortcut {
	s := &desktop.CustomShortcut{}
	for part := range strings.SplitSeq(keys, "+") {
		switch part = strings.ToUpper(strings.TrimSpace(part)); part {
		case "CTRL", "CONTROL":
			s.Modifier |= fyne.KeyModifierControl
		case "SHIFT":
			s.Modifier |= fyne.KeyModifierShift
		case "ALT", "OPTION":
			s.Modifier |= fyne.KeyModifierAlt
		case "SUPER", "CMD", "WIN", "META":
			s.Modifier |= fyne.KeyModifierSuper
		default:
			s.KeyName = fyne.KeyName(part)
		}
	}
	return s
}
