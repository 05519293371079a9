package editor

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/rcon/ready"
	"github.com/livecue/livecue/core/rule"
)

// template is some rules to begin with.
type template struct {
	name  string
	rules []rule.Rule
}

// templates are the sets that can be added to the rules.
func templates() []template {
	do := func(c ready.Choice) action.Spec {
		return action.Spec{RCON: &action.RCON{Command: ready.Command(c, ready.Modern)}}
	}
	sound := func(name string) action.Spec { return action.Spec{Sound: &action.Sound{File: bundledPrefix + name}} }
	follow, anyGift := rule.Trigger{Kind: rule.OnFollow}, rule.Trigger{Kind: rule.OnAnyGift}
	rose := rule.Trigger{Kind: rule.OnGift, GiftID: 5655, Gift: "Rose"}
	likes := rule.Trigger{Kind: rule.OnLikes, Every: 500}
	big := rule.Trigger{Kind: rule.OnAnyGift, MinCoins: 100}
	make := func(name string, t rule.Trigger, actions ...action.Spec) rule.Rule {
		return rule.Rule{Name: name, Trigger: t, Actions: actions}
	}
	return []template{
		{lang.L("First steps"), []rule.Rule{
			make(lang.L("Thanks for following"), follow, do(ready.Choice{Kind: ready.Chat, Text: lang.L("{nickname} follows you!")}), sound("chime")),
			make(lang.L("A rose: a chicken"), rose, do(ready.Choice{Kind: ready.Spawn, What: "chicken"}), sound("pop")),
			make(lang.L("Likes: diamonds"), likes, do(ready.Choice{Kind: ready.Give, What: "diamond"})),
		}},
		{lang.L("Survival chaos"), []rule.Rule{
			make(lang.L("A rose: a zombie"), rose, do(ready.Choice{Kind: ready.Spawn, What: "zombie"})),
			make(lang.L("Big gift: TNT"), big, do(ready.Choice{Kind: ready.TNT}), sound("drum-roll")),
			make(lang.L("Follow: into the air"), follow, do(ready.Choice{Kind: ready.Teleport, Count: 15}), sound("whoosh")),
			make(lang.L("Likes: lightning"), likes, do(ready.Choice{Kind: ready.Lightning})),
		}},
		{lang.L("Just sounds"), []rule.Rule{
			make(lang.L("Gift: coins"), anyGift, sound("coin")),
			make(lang.L("Follow: fanfare"), follow, sound("fanfare")),
			make(lang.L("Likes: bell"), likes, sound("bell")),
		}},
	}
}

// Template is a set of rules to begin with, by its name in the user's language.
type Template struct {
	Name string
	// Rules are ready for a profile that has none.
	Rules []rule.Rule
}

// Templates returns the sets that a new profile can begin with.
func Templates() []Template {
	var all []Template
	for _, t := range templates() {
		one := Template{Name: t.name}
		for _, r := range t.rules {
			r.ID, r.Group = newID(), t.name
			one.Rules = append(one.Rules, r)
		}
		all = append(all, one)
	}
	return all
}

// openTemplates opens a menu of the sets.
func (l *list) openTemplates(at fyne.CanvasObject) {
	var items []*fyne.MenuItem
	for _, t := range templates() {
		items = append(items, fyne.NewMenuItem(t.name, func() { l.addAll(t) }))
	}
	l.page.menu(at, items...)
}

// addAll appends the rules of a set, in a group of its name.
func (l *list) addAll(t template) {
	ok := l.page.change(func(rules []rule.Rule) []rule.Rule {
		for _, r := range t.rules {
			r.ID, r.Group = newID(), t.name
			rules = append(rules, r)
		}
		return rules
	})
	if ok {
		l.page.host.Say(lang.L("{{.Name}} is added to your rules.", map[string]any{"Name": t.name}))
	}
}
