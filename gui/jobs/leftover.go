package jobs

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// leftoverRows is how many rows are in sight; further ones are scrolled to.
const leftoverRows = 4

// Leaver is what the panel of unfinished jobs needs of the program.
type Leaver interface {
	// Unfinished returns the jobs that the program had not finished when it ended, oldest first.
	Unfinished() []app.Unfinished
	// RunUnfinished puts them back into the queue, DropUnfinished gives them up. They may write to the disk.
	RunUnfinished(ids []string)
	DropUnfinished(ids []string)
}

// Leftover is a panel that asks what is to become of the jobs that were left when the program ended. It is hidden while there
// are none, and belongs to the UI thread.
type Leftover struct {
	// OnEnd is called when jobs were dropped, of which no report tells.
	OnEnd func()

	core Leaver
	host look.Host

	left []app.Unfinished
	// chosen has the ids of those that the buttons are for.
	chosen map[string]bool

	heading, hint *widget.Label
	all           *widget.Check
	run, drop     *widget.Button
	list          *widget.List
	rows          *fyne.Container
	panel         *look.Panel
}

// NewLeftover returns the panel with what there is now.
func NewLeftover(core Leaver, host look.Host) *Leftover {
	l := &Leftover{core: core, host: host, heading: look.NewHeading(""), hint: look.NewHint("")}
	l.heading.Truncation = fyne.TextTruncateEllipsis
	l.all = widget.NewCheck(lang.L("Choose all"), nil)
	l.run = widget.NewButtonWithIcon("", theme.MediaPlayIcon(), func() { l.settle(core.RunUnfinished, l.sayRun) })
	l.run.Importance = widget.HighImportance
	l.drop = widget.NewButtonWithIcon("", theme.DeleteIcon(), func() { l.settle(core.DropUnfinished, l.sayDropped) })
	l.list = widget.NewList(func() int { return len(l.left) }, func() fyne.CanvasObject { return newLeftoverRow(l.choose) }, l.update)
	l.list.HideSeparators = true
	l.list.OnSelected = l.toggle
	l.rows = container.New(&fixedHeight{}, look.NewCompact(l.list))
	icon := container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(22), widget.NewIcon(look.Tint(theme.HistoryIcon(), theme.ColorNameWarning))))
	head := container.New(look.Columns{Gap: 6, Cols: []look.Column{{}, {Weight: 1}, {}, {}, {}}}, icon, l.heading, l.all, l.run, l.drop)
	l.panel = look.NewPanel(look.ColorCard, look.Pad(4, 8, container.NewVBox(head, look.AtMost(36, l.hint), l.rows)))
	l.panel.Edge, l.panel.Radius = theme.ColorNameWarning, 10
	l.Refresh()
	return l
}

// Object is what to put into the window.
func (l *Leftover) Object() fyne.CanvasObject { return l.panel }

// Refresh shows what is left now. All is chosen but what is too late.
func (l *Leftover) Refresh() {
	l.left, l.chosen = l.core.Unfinished(), map[string]bool{}
	unsure := 0
	for _, u := range l.left {
		if u.Claimed {
			unsure++
		}
		if !u.Expired {
			l.chosen[u.Job.ID] = true
		}
	}
	n := len(l.left)
	l.heading.SetText(lang.N("From last time: {{.N}} actions were not done", n, map[string]any{"N": words.Number(n)}))
	hint := lang.L("LiveCue ended before they were done. Run them now, or drop them.")
	if unsure > 0 {
		hint = lang.N("{{.N}} of them were under way: a command was sent and never answered. It may have happened, so it is not sent again; what comes after it is.", unsure,
			map[string]any{"N": words.Number(unsure)})
	}
	l.hint.SetText(hint)
	l.rows.Layout = &fixedHeight{float32(min(n, leftoverRows)) * (leftoverRowHeight + 2)}
	look.SetShown(l.panel, n > 0)
	l.showChosen()
}

// showChosen draws what depends on which are chosen.
func (l *Leftover) showChosen() {
	n := len(l.chosen)
	l.run.SetText(lang.N("Run {{.N}} now", n, map[string]any{"N": words.Number(n)}))
	l.drop.SetText(lang.N("Drop {{.N}}", n, map[string]any{"N": words.Number(n)}))
	look.SetEnabled(l.run, n > 0)
	look.SetEnabled(l.drop, n > 0)
	l.all.OnChanged = nil
	l.all.SetChecked(n == len(l.left))
	l.all.OnChanged = l.chooseAll
	l.list.Refresh()
}

func (l *Leftover) chooseAll(on bool) {
	clear(l.chosen)
	for _, u := range l.left {
		if on {
			l.chosen[u.Job.ID] = true
		}
	}
	l.showChosen()
}

func (l *Leftover) choose(id string, on bool) {
	if on {
		l.chosen[id] = true
	} else {
		delete(l.chosen, id)
	}
	l.showChosen()
}

func (l *Leftover) toggle(i widget.ListItemID) {
	l.list.UnselectAll()
	if i >= 0 && i < len(l.left) {
		id := l.left[i].Job.ID
		l.choose(id, !l.chosen[id])
	}
}

func (l *Leftover) update(i widget.ListItemID, o fyne.CanvasObject) {
	if row, ok := o.(*leftoverRow); ok && i >= 0 && i < len(l.left) {
		row.show(l.left[i], l.chosen[l.left[i].Job.ID])
	}
}

// settle hands the chosen ones to the program. The buttons rest meanwhile, so that nothing is asked for twice.
func (l *Leftover) settle(do func(ids []string), say func(n int)) {
	var ids []string
	for _, u := range l.left { // in order
		if l.chosen[u.Job.ID] {
			ids = append(ids, u.Job.ID)
		}
	}
	l.run.Disable()
	l.drop.Disable()
	l.host.Run(func(context.Context) error { do(ids); return nil }, func(error) {
		l.Refresh()
		say(len(ids))
	})
}

func (l *Leftover) sayRun(n int) {
	l.host.Say(lang.N("{{.N}} actions are in the queue again.", n, map[string]any{"N": words.Number(n)}))
}

func (l *Leftover) sayDropped(n int) {
	if l.OnEnd != nil {
		l.OnEnd()
	}
	l.host.Say(lang.N("{{.N}} actions are dropped. They are in the history, where each can be run again.", n, map[string]any{"N": words.Number(n)}))
}

// fixedHeight gives its content a height.
type fixedHeight struct{ height float32 }

// Layout implements fyne.Layout.
func (f *fixedHeight) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(size)
	}
}

// MinSize implements fyne.Layout.
func (f *fixedHeight) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(0, f.height)
	for _, o := range objects {
		size.Width = max(size.Width, o.MinSize().Width)
	}
	return size
}
