package editor

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// milestone asks for a number that is reached once, or again and again.
func (w *whenForm) milestone(after string) fyne.CanvasObject {
	t := &w.form.rule.Trigger
	set := func(isOnce bool, n int) {
		t.Every, t.At = n, 0
		if isOnce {
			t.Every, t.At = 0, n
		}
		w.form.changed()
	}
	isOnce := t.At != 0
	name := func(once bool) string {
		if once {
			return lang.L("once, at")
		}
		return lang.L("every")
	}
	n := t.Every + t.At
	how := look.NewPick([]bool{false, true}, name, func(once bool) { isOnce = once; set(once, n) })
	how.Set(isOnce)
	entry := number(n, func(v int) { n = v; set(isOnce, v) })
	return container.New(look.Columns{Gap: 4, Cols: []look.Column{{}, {Width: 96}, {Weight: 1}}}, how.Select, entry, look.NewLine(after))
}

// goal asks for a total of coins or gifts, and whose.
func (w *whenForm) goal() fyne.CanvasObject {
	t := &w.form.rule.Trigger
	of := pickOf([]rule.Measure{rule.OfCoins, rule.OfGifts}, rule.OfCoins, t.Of, words.Measure, func(m rule.Measure) { t.Of = m; w.form.changed() })
	per := pickOf([]rule.Scope{rule.PerStream, rule.PerViewer}, rule.PerStream, t.Per, words.Scope, func(s rule.Scope) { t.Per = s; w.form.changed() })
	what := container.New(look.Columns{Gap: 4, Cols: []look.Column{{Weight: 2}, {Weight: 3}}}, of.Select, per.Select)
	return container.NewVBox(w.milestone(""), what)
}

// first asks what a viewer must do for the first time.
func (w *whenForm) first() fyne.CanvasObject {
	t := &w.form.rule.Trigger
	kinds := []event.Kind{
		"", event.KindChat, event.KindGift, event.KindLike, event.KindFollow, event.KindShare, event.KindJoin, event.KindSubscribe, event.KindQuestion,
	}
	activity := look.NewPick(kinds, words.Activity, func(k event.Kind) { t.Activity = k; w.form.changed() })
	activity.Set(t.Activity)
	return container.NewVBox(container.NewBorder(nil, nil, widget.NewLabel(lang.L("First")), nil, activity.Select),
		look.NewHint(lang.L("For each viewer once in a stream.")))
}

// timer asks how many minutes lie between, and how far it may stray.
func (w *whenForm) timer() fyne.CanvasObject {
	t := &w.form.rule.Trigger
	interval := minutes(t.Interval, func(d duration) { t.Interval = d; w.form.changed() })
	jitter := minutes(t.Jitter, func(d duration) { t.Jitter = d; w.form.changed() })
	return container.NewVBox(
		sentence(lang.L("Every"), interval, lang.L("minutes while you are live")),
		sentence(lang.L("up to"), jitter, lang.L("minutes sooner or later, by chance")))
}

// minutes is a field for a time in minutes, with a point or a comma.
func minutes(d duration, changed func(duration)) *look.Entry {
	const perMinute = duration(time.Minute / time.Second)
	return seconds(d/perMinute, func(d duration) {
		if d > 0 {
			d *= perMinute
		}
		changed(d)
	})
}

// hotkey asks for a combination of keys.
func (w *whenForm) hotkey() fyne.CanvasObject {
	t := &w.form.rule.Trigger
	hint := look.NewHint("")
	say := func() {
		state, reach := w.form.page.core.HotkeyState(t.Keys)
		isEverywhere := w.form.profile.Hotkeys != profile.HotkeysWindow
		importance := widget.LowImportance
		if words.HotkeyTrouble(state) != "" && t.Keys != "" {
			importance = widget.WarningImportance
		}
		look.SetText(hint, words.Hotkey(t.Keys, state, reach, isEverywhere), importance)
	}
	say()
	keys := w.form.line(t.Keys, "Ctrl+Shift+F1", func(s string) { t.Keys = strings.TrimSpace(s); say() })
	return container.NewVBox(container.NewBorder(nil, nil, widget.NewLabel(lang.L("Keys")), nil, keys), hint)
}

// keyword asks for a word or phrase.
func (w *whenForm) keyword() fyne.CanvasObject {
	t := &w.form.rule.Trigger
	word := w.form.line(t.Keyword, lang.L("creeper"), func(s string) { t.Keyword = strings.TrimSpace(s) })
	return container.NewVBox(container.NewBorder(nil, nil, widget.NewLabel(lang.L("Word or words")), nil, word),
		look.NewHint(lang.L("Anywhere in a comment, as whole words.")))
}

// signal asks for the name that another program calls.
func (w *whenForm) signal() fyne.CanvasObject {
	t := &w.form.rule.Trigger
	name := w.form.line(t.Signal, lang.L("boss is down"), func(s string) { t.Signal = strings.TrimSpace(s) })
	return container.NewVBox(container.NewBorder(nil, nil, widget.NewLabel(lang.L("Name of the signal")), nil, name),
		look.NewHint(lang.L("A plugin, a web hook or another program sends it by this name. What it says is {comment}.")))
}

// group asks which group the rule is in.
func (w *whenForm) group() fyne.CanvasObject {
	r := &w.form.rule
	e := w.form.known(r.Group, groupNames(w.form.profile.Rules), func(s string) { r.Group = strings.TrimSpace(s) })
	e.SetPlaceHolder(lang.L("none"))
	return container.NewBorder(nil, nil, widget.NewLabel(lang.L("Group")), nil, e)
}

// groupNames are the groups that rules are in, in the order of the rules.
func groupNames(rules []rule.Rule) []string {
	var names []string
	seen := map[string]bool{"": true}
	for _, r := range rules {
		if !seen[r.Group] {
			seen[r.Group] = true
			names = append(names, r.Group)
		}
	}
	return names
}
