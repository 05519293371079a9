package app

import (
	"testing"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/hotkey"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
)

func TestAHotkeyFiresTheRulesThatAreOn(t *testing.T) {
	t.Setenv("DISPLAY", "") // the keys of the machine that the test runs on are not its business
	a := start(t, Options{})
	p := a.Profile()
	p.Groups = []profile.Group{{Name: "away", Off: true}, {Name: "here"}}
	p.Rules = nil
	for id, change := range map[string]func(*rule.Rule){
		"on":    func(r *rule.Rule) { r.Group = "here" },
		"off":   func(r *rule.Rule) { r.Off = true },
		"away":  func(r *rule.Rule) { r.Group = "away" },
		"other": func(r *rule.Rule) { r.Trigger.Keys = "F8" },
	} {
		r := timerRule(id, 0)
		r.Trigger = rule.Trigger{Kind: rule.OnHotkey, Keys: "ctrl + f7"}
		change(&r)
		p.Rules = append(p.Rules, r)
	}
	if err := a.SetProfile(p); err != nil {
		t.Fatal(err)
	}
	var fired []string
	event.On(a.Bus(), func(c event.Cue) { fired = append(fired, c.RuleID) })
	c, err := hotkey.Parse("Ctrl+F7")
	if err != nil {
		t.Fatal(err)
	}
	a.pressed(c)
	if len(fired) != 1 || fired[0] != "on" {
		t.Errorf("fired %q", fired)
	}
	if state, _ := a.HotkeyState("Ctrl+Foo"); state != hotkey.NoKey {
		t.Errorf("an unknown key is %q", state)
	}
	if _, reach := a.HotkeyState("F8"); reach != hotkey.Nowhere {
		t.Errorf("without a display keys are heard %s", reach)
	}
	p.Hotkeys = profile.HotkeysWindow
	if err := a.SetProfile(p); err != nil {
		t.Fatal(err)
	}
	if state, _ := a.HotkeyState("ctrl+f7"); state != "" {
		t.Errorf("keys that are left alone are %q", state)
	}
}
