package gui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/hotkey"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
)

func TestShortcutOf(t *testing.T) {
	tests := []struct {
		keys string
		key  fyne.KeyName
		mod  fyne.KeyModifier
	}{
		{"Ctrl+Shift+F1", fyne.KeyF1, fyne.KeyModifierControl | fyne.KeyModifierShift},
		{"alt + k", fyne.KeyK, fyne.KeyModifierAlt},
		{"F12", fyne.KeyF12, 0},
		{"Strg+Bildauf", fyne.KeyPageUp, fyne.KeyModifierControl},
		{"ctrl+space", fyne.KeySpace, fyne.KeyModifierControl},
	}
	for _, tt := range tests {
		c, err := hotkey.Parse(tt.keys)
		if s := shortcutOf(c); err != nil || s.KeyName != tt.key || s.Modifier != tt.mod {
			t.Errorf("%q is %q with %v (%v)", tt.keys, s.KeyName, s.Modifier, err)
		}
	}
}

func keyRule(id, keys string) rule.Rule {
	return rule.Rule{
		ID: id, Name: id, Trigger: rule.Trigger{Kind: rule.OnHotkey, Keys: keys},
		Actions: []action.Spec{{Sound: &action.Sound{File: "bundled:chime"}}},
	}
}

func TestTheWindowHearsTheKeysThatTheSystemLeavesToIt(t *testing.T) {
	r := newRig(t, func(c *fakeCore, _ *Options) {
		off, away := keyRule("off", "F4"), keyRule("away", "F4")
		off.Off, away.Group = true, "away"
		c.profile.Groups = []profile.Group{{Name: "away", Off: true}}
		c.profile.Rules = []rule.Rule{keyRule("one", "F4"), keyRule("two", "f4"), off, away, keyRule("held", "F5"), keyRule("odd", "Ctrl+Foo")}
		c.keys = map[string]hotkey.State{"F5": hotkey.Held}
	})
	press := func(name fyne.KeyName) { r.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: name}) }
	press(fyne.KeyF4)
	press(fyne.KeyF5)
	if got := r.core.fired; !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("fired %q", got)
	}
	r.core.mu.Lock()
	r.core.keys["F5"] = hotkey.Taken
	r.core.mu.Unlock()
	r.w.tick()
	press(fyne.KeyF5)
	if got := r.core.fired; !slices.Equal(got, []string{"one", "two", "held"}) {
		t.Errorf("fired %q after another program had the key", got)
	}
}

func TestTheSettingsSayWhereHotkeysAreHeard(t *testing.T) {
	r := newRig(t, func(_ *fakeCore, o *Options) { o.Page = PageSettings })
	r.mustShow("It works everywhere")
	r.w.settings.keys.Tapped(nil)
	if p := r.core.Profile(); p.Hotkeys != profile.HotkeysWindow {
		t.Errorf("the profile says %q", p.Hotkeys)
	}
	r.mustShow("It works while LiveCue's window is in front")
	r.w.settings.keys.Tapped(nil)
	if p := r.core.Profile(); p.Hotkeys != "" {
		t.Errorf("the profile says %q", p.Hotkeys)
	}
}
