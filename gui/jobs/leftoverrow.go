package jobs

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// leftoverRowHeight is fixed, so that the list need not measure its rows.
const leftoverRowHeight = 28

// leftoverRow is one job that was left.
type leftoverRow struct {
	widget.BaseWidget

	id             string
	choose         func(id string, on bool)
	check          *widget.Check
	at, who        *widget.Label
	what, progress *widget.Label
}

func newLeftoverRow(choose func(id string, on bool)) *leftoverRow {
	r := &leftoverRow{choose: choose, check: widget.NewCheck("", nil), at: look.NewNote(""), who: look.NewStrong(""), what: look.NewLine(""), progress: look.NewNote("")}
	r.progress.Importance = widget.WarningImportance
	r.ExtendBaseWidget(r)
	return r
}

// MinSize implements fyne.CanvasObject.
func (r *leftoverRow) MinSize() fyne.Size { return fyne.NewSize(300, leftoverRowHeight) }

// CreateRenderer implements fyne.Widget.
func (r *leftoverRow) CreateRenderer() fyne.WidgetRenderer {
	columns := look.Columns{Gap: 4, Cols: []look.Column{{Width: 26}, {Width: 112}, {Weight: 2}, {Weight: 5}, {Weight: 3}}}
	return widget.NewSimpleRenderer(container.New(columns, r.check, r.at, r.who, r.what, r.progress))
}

func (r *leftoverRow) show(u app.Unfinished, isChosen bool) {
	r.id = u.Job.ID
	r.check.OnChanged = nil
	r.check.SetChecked(isChosen)
	r.check.OnChanged = func(on bool) { r.choose(r.id, on) }
	r.at.SetText(words.Moment(u.Job.Created, time.Now()))
	r.who.SetText(words.JobViewer(u.Job))
	r.what.SetText(lang.L("{{.Rule}} – {{.Text}}", map[string]any{"Rule": words.Clean(u.Job.RuleName, textLength), "Text": words.Job(u.Job)}))
	r.progress.SetText(words.Unfinished(u))
}
