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

const (
	// leftoverRows is how many rows are in sight; further ones are scrolled to.
	leftoverRows = 4
	// leftoverMost is how many are listed; of the others the number is told.
	leftoverMost = 200
)

// Leaver is what the panel of unfinished jobs needs of the program.
type Leaver interface {
	// Unfinished returns the first jobs that the program had not finished when it ended, oldest first, and how many there are.
	Unfinished(limit int) (first []app.Unfinished, total int)
	// RunUnfinished puts them back into the queue, DropUnfinished gives them up; nil is all. They may write to the disk.
	RunUnfinished(ids []string)
	DropUnfinished(ids []string)
}

// Leftover is a panel that asks what is to become of the jobs that were left when the program ended. It is hidden while there
// are none, and belongs to the UI thread.
type Leftover struct {
	// OnEnd is called when jobs were dropped, of which no report tells.
	OnEnd func()
	// OnShown is called when the panel was shown or hidden: what it is in has to lay itself out anew.
	OnShown func()

	core Leaver
	host look.Host

	left       []app.Unfinished // the first of them
	total      int
	chosen     choice
	isSettling bool

	heading, hint *widget.Label
	all           *widget.Check
	run, drop     *widget.Button
	list          *widget.List
	rest          *widget.Label
	rows          *fyne.Container
	panel         *look.Panel
}

// NewLeftover returns the panel with what there is now.
func NewLeftover(core Leaver, host look.Host) *Leftover {
	l := &Leftover{core: core, host: host, heading: look.NewHeading(""), hint: look.NewHint(""), rest: look.NewNote("")}
	l.heading.Truncation = fyne.TextTruncateEllipsis
	l.all = widget.NewCheck(lang.L("Choose all"), nil)
	l.run = widget.NewButtonWithIcon("", theme.MediaPlayIcon(), func() { l.settle(core.RunUnfinished, l.sayRun) })
	l.run.Importance = widget.HighImportance
	l.drop = widget.NewButtonWithIcon("", theme.DeleteIcon(), func() { l.settle(core.DropUnfinished, l.sayDropped) })
	l.list = widget.NewList(func() int { return len(l.left) }, func() fyne.CanvasObject { return newLeftoverRow(l.pick) }, l.update)
	l.list.HideSeparators = true
	l.list.OnSelected = l.toggle
	l.rows = container.New(&fixedHeight{}, look.NewCompact(l.list))
	icon := container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(22), widget.NewIcon(look.Tint(theme.HistoryIcon(), theme.ColorNameWarning))))
	head := container.New(look.Columns{Gap: 6, Cols: []look.Column{{}, {Weight: 1}, {}, {}, {}}}, icon, l.heading, l.all, l.run, l.drop)
	l.panel = look.NewPanel(look.ColorCard, look.Pad(4, 8, container.NewVBox(head, look.AtMost(36, l.hint), l.rows, l.rest)))
	l.panel.Edge, l.panel.Radius = theme.ColorNameWarning, 10
	l.Refresh()
	return l
}

// Object is what to put into the window.
func (l *Leftover) Object() fyne.CanvasObject { return l.panel }

// Refresh shows what is left now, as if the user had chosen nothing yet.
func (l *Leftover) Refresh() {
	l.chosen = choice{}
	l.load()
}

// Tick shows what has come or gone since the last time; the user's choice stays. It may be called often.
func (l *Leftover) Tick() {
	if l.isSettling {
		return
	}
	if _, total := l.core.Unfinished(0); total != l.total {
		l.load()
	}
}

func (l *Leftover) load() {
	l.left, l.total = l.core.Unfinished(leftoverMost)
	l.chosen.follow(l.left, l.total)
	unsure := 0
	for _, u := range l.left {
		if u.Claimed || u.Unsure > 0 {
			unsure++
		}
	}
	l.heading.SetText(lang.N("From last time: {{.N}} actions were not done", l.total, map[string]any{"N": words.Number(l.total)}))
	hint := lang.L("LiveCue ended before they were done. Run them now, or drop them.")
	if unsure > 0 {
		hint = lang.N("{{.N}} of them were under way: a command was sent and never answered. It may have happened, so it is not sent again; what comes after it is.", unsure,
			map[string]any{"N": words.Number(unsure)})
	}
	l.hint.SetText(hint)
	l.rows.Layout = &fixedHeight{float32(min(len(l.left), leftoverRows)) * (leftoverRowHeight + 2)}
	if isShown := l.total > 0; isShown != l.panel.Visible() {
		look.SetShown(l.panel, isShown)
		if l.OnShown != nil {
			l.OnShown()
		}
	}
	l.showChosen()
}

// showChosen draws what depends on which are chosen.
func (l *Leftover) showChosen() {
	n := l.chosen.count(l.total)
	l.run.SetText(lang.N("Run {{.N}} now", n, map[string]any{"N": words.Number(n)}))
	l.drop.SetText(lang.N("Drop {{.N}}", n, map[string]any{"N": words.Number(n)}))
	look.SetEnabled(l.run, n > 0 && !l.isSettling)
	look.SetEnabled(l.drop, n > 0 && !l.isSettling)
	l.all.OnChanged = nil
	l.all.SetChecked(n == l.total)
	l.all.OnChanged = l.chooseAll
	l.showRest()
	l.list.Refresh()
}

// showRest says how many are not listed, and whether they are chosen.
func (l *Leftover) showRest() {
	more := l.total - len(l.left)
	with := map[string]any{"N": words.Number(more)}
	text := lang.N("and {{.N}} more, which stay", more, with)
	if l.chosen.isAll {
		text = lang.N("and {{.N}} more, which are chosen too", more, with)
	}
	l.rest.SetText(text)
	look.SetShown(l.rest, more > 0)
}

func (l *Leftover) chooseAll(on bool) {
	l.chosen.setAll(on, l.left, l.total)
	l.showChosen()
}

// pick chooses one of the rows, or no longer.
func (l *Leftover) pick(id string, on bool) {
	l.chosen.set(id, on, l.left)
	l.showChosen()
}

func (l *Leftover) toggle(i widget.ListItemID) {
	l.list.UnselectAll()
	if i >= 0 && i < len(l.left) {
		id := l.left[i].Job.ID
		l.pick(id, !l.chosen.has(id))
	}
}

func (l *Leftover) update(i widget.ListItemID, o fyne.CanvasObject) {
	if row, ok := o.(*leftoverRow); ok && i >= 0 && i < len(l.left) {
		row.show(l.left[i], l.chosen.has(l.left[i].Job.ID))
	}
}

// settle hands the chosen ones to the program. The buttons rest meanwhile, so that nothing is asked for twice.
func (l *Leftover) settle(do func(ids []string), say func(n int)) {
	ids, n := l.chosen.ids(l.left), l.chosen.count(l.total)
	l.isSettling = true
	l.run.Disable()
	l.drop.Disable()
	l.host.Run(func(context.Context) error { do(ids); return nil }, func(error) {
		l.isSettling = false
		l.Refresh()
		say(n)
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
