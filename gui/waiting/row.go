package waiting

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

const (
	// rowHeight is fixed, so that the list need not measure its rows.
	rowHeight = 48
	// textLength is how much of a rule's name a row shows, in graphemes.
	textLength = 80
)

// row is one waiting job.
type row struct {
	widget.BaseWidget

	waiting queue.Waiting

	since, due        *widget.Label
	who, cause        *widget.Label
	rule, sent        *widget.Label
	left              *widget.Label
	first, last, drop *look.HintButton
}

func newRow(p *Page) *row {
	r := &row{
		since: look.NewNote(""), due: look.NewNote(""), who: look.NewStrong(""), cause: look.NewNote(""), rule: look.NewLine(""),
		sent: look.NewNote(""), left: look.NewNote(""),
	}
	r.due.Importance = widget.HighImportance
	r.first = look.NewHintButton(look.Icon("first"), lang.L("Do this before all others"), p.hint, func() { p.move(r.waiting, queue.First) })
	r.first.Text = lang.L("Do next")
	r.last = look.NewHintButton(look.Icon("last"), lang.L("To the end: do this after all others"), p.hint, func() { p.move(r.waiting, queue.Last) })
	r.drop = look.NewHintButton(theme.DeleteIcon(), lang.L("Drop this: it will not be done"), p.hint, func() { p.drop(r.waiting) })
	r.ExtendBaseWidget(r)
	return r
}

// MinSize implements fyne.CanvasObject.
func (r *row) MinSize() fyne.Size { return fyne.NewSize(400, rowHeight) }

// CreateRenderer implements fyne.Widget.
func (r *row) CreateRenderer() fyne.WidgetRenderer {
	columns := look.Columns{Gap: 4, Cols: []look.Column{{Width: 112}, {Weight: 3}, {Weight: 5}, {Width: 104}, {}, {}, {}}}
	return widget.NewSimpleRenderer(container.New(columns,
		lines(r.since, r.due), lines(r.who, r.cause), lines(r.rule, r.sent), r.left, r.first, r.last, r.drop))
}

// lines puts two lines close together.
func lines(upper, lower fyne.CanvasObject) fyne.CanvasObject {
	return look.NewCompact(container.NewVBox(upper, lower))
}

func (r *row) show(w queue.Waiting, isFirst bool, now time.Time) {
	r.waiting = w
	set(r.since, words.Moment(w.Job.Created, now))
	due := ""
	if w.Due.After(now) {
		due = lang.L("in {{.Time}}", map[string]any{"Time": words.Countdown(w.Due, now)})
	}
	set(r.due, due)
	set(r.who, words.JobViewer(w.Job))
	set(r.cause, words.JobCause(w.Job))
	set(r.rule, words.Clean(w.Job.RuleName, textLength))
	once := w.Job
	once.Runs = 1 // how many are left stands beside it
	set(r.sent, words.Job(once))
	set(r.left, words.RunsLeft(w.Runs, w.Job.Runs))
	look.SetEnabled(r.first, !isFirst || due != "")
}

// set changes a label only when there is something to change: each change costs a layout.
func set(l *widget.Label, text string) { look.SetText(l, text, l.Importance) }
