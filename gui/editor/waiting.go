package editor

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// waits are how long an action may wait, in the order of the choice; 0 is as in the settings.
func waits() []duration {
	all := []duration{0}
	for _, d := range []time.Duration{10 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour} {
		all = append(all, duration(d))
	}
	return all
}

// waiting asks how urgent the rule's actions are, and how long they are worth waiting for. Most rules need neither, so it is
// folded up until one says something.
func (w *whenForm) waiting() fyne.CanvasObject {
	r := &w.form.rule
	priority := look.NewPick(rule.Priorities(), words.Priority, func(p rule.Priority) {
		if p == rule.PriorityNormal {
			p = "" // as a rule that never said it
		}
		r.Priority = p
		w.form.changed()
	})
	shown := r.Priority
	if shown == "" {
		shown = rule.PriorityNormal
	}
	priority.Set(shown)

	patience := func(d duration) string {
		if d == 0 {
			return lang.L("As in the settings ({{.Time}})", map[string]any{"Time": words.Patience(w.form.profile.Queue.MaxWait)})
		}
		return words.Patience(d)
	}
	giveUp := look.NewPick(waits(), patience, func(d duration) { r.MaxWait = d; w.form.changed() })
	giveUp.Set(r.MaxWait)

	item := widget.NewAccordionItem(lang.L("While it waits"), container.New(layout.NewFormLayout(),
		widget.NewLabel(lang.L("Priority")), priority.Select,
		widget.NewLabel(lang.L("Give up after")), giveUp.Select,
	))
	item.Open = r.Priority != "" || r.MaxWait != 0
	return widget.NewAccordion(item)
}
