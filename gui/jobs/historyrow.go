package jobs

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

const (
	// historyRowHeight is fixed, so that the list need not measure its rows.
	historyRowHeight = 50
	// textLength is how much of a name, a command or a reply a row shows, in graphemes.
	textLength = 120
)

// historyRow is one job that is over.
type historyRow struct {
	widget.BaseWidget

	done app.Done

	icon        *widget.Icon
	who, cause  *widget.Label
	rule, sent  *widget.Label
	state, said *widget.Label
	at          *widget.Label
	again       *widget.Button
}

func newHistoryRow(again func(app.Done)) *historyRow {
	r := &historyRow{
		icon: widget.NewIcon(nil), who: look.NewStrong(""), cause: look.NewNote(""), rule: look.NewLine(""), sent: look.NewNote(""),
		state: look.NewLine(""), said: look.NewNote(""), at: look.NewNote(""),
	}
	r.again = widget.NewButtonWithIcon(lang.L("Run again"), theme.MediaReplayIcon(), func() { again(r.done) })
	r.again.Importance = widget.LowImportance
	r.ExtendBaseWidget(r)
	return r
}

// MinSize implements fyne.CanvasObject.
func (r *historyRow) MinSize() fyne.Size { return fyne.NewSize(400, historyRowHeight) }

// CreateRenderer implements fyne.Widget.
func (r *historyRow) CreateRenderer() fyne.WidgetRenderer {
	lines := func(upper, lower fyne.CanvasObject) fyne.CanvasObject {
		return look.NewCompact(container.NewVBox(upper, lower))
	}
	columns := look.Columns{Gap: 6, Cols: []look.Column{{Width: 112}, {Width: 20}, {Weight: 3}, {Weight: 4}, {Weight: 4}, {}, {Width: 2}}}
	icon := container.NewGridWrap(fyne.NewSquareSize(20), r.icon)
	return widget.NewSimpleRenderer(container.New(columns, r.at, icon, lines(r.who, r.cause), lines(r.rule, r.sent), lines(r.state, r.said), r.again, look.Gap(0, 0)))
}

func (r *historyRow) show(d app.Done) {
	r.done = d
	r.at.SetText(words.Moment(d.At, time.Now()))
	r.icon.SetResource(Icon(d.State))
	r.who.SetText(words.JobViewer(d.Job))
	cause := ""
	if d.Event != nil {
		cause = words.Event(d.Event)
	}
	r.cause.SetText(cause)
	r.rule.SetText(words.Clean(d.Job.RuleName, textLength))
	r.sent.SetText(words.Job(d.Job))
	state := words.Progress(Report(d))
	if isAnswered := d.State == action.Done || d.State == action.Rejected; isAnswered && d.Latency > 0 {
		state = lang.L("{{.State}} after {{.Time}}", map[string]any{"State": state, "Time": words.Latency(d.Latency)})
	}
	look.SetText(r.state, state, Importance(d.State))
	said := d.Reply
	if d.Error != "" && d.State != action.Done {
		said = words.Reported(d.Error)
	}
	r.said.SetText(words.Clean(said, textLength))
}

// Report tells of a finished job as the queue did when it ended.
func Report(d app.Done) queue.Report {
	return queue.Report{
		Job: d.Job, State: d.State, Reply: d.Reply, Error: d.Error, Runs: d.Runs, Refused: d.Refused, Unsure: d.Unsure, Latency: d.Latency, At: d.At,
	}
}
