package feed

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/gui/jobs"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// rowHeight is fixed, so that the list need not measure its rows.
const rowHeight = 28

// line is the widget of one row.
type line struct {
	widget.BaseWidget

	row                    *Row
	version                int
	shown                  outcome
	at, name, what, result *widget.Label
	kind, state            *widget.Icon
	mark                   *look.Pill // says that it is a test, or played again
}

func newLine() *line {
	l := &line{
		at: look.NewNote("00:00:00"), name: look.NewStrong(""), what: look.NewLine(""), result: look.NewLine(""),
		kind: widget.NewIcon(nil), state: widget.NewIcon(nil), mark: look.NewPill("", theme.ColorNameWarning),
	}
	l.mark.Hide()
	l.ExtendBaseWidget(l)
	return l
}

// CreateRenderer implements fyne.Widget.
func (l *line) CreateRenderer() fyne.WidgetRenderer {
	columns := look.Columns{Gap: 4, Cols: []look.Column{
		{Width: 64}, {Width: 18}, {Weight: 2}, {Weight: 3}, {Width: 18}, {Weight: 4},
	}}
	name := container.NewBorder(nil, nil, container.NewCenter(l.mark), nil, l.name)
	return widget.NewSimpleRenderer(container.New(columns, l.at, square(l.kind), name, l.what, square(l.state), l.result))
}

// MinSize implements fyne.CanvasObject.
func (l *line) MinSize() fyne.Size { return fyne.NewSize(300, rowHeight) }

// square gives an icon the size of an inline icon.
func square(icon *widget.Icon) fyne.CanvasObject {
	return container.NewGridWrap(fyne.NewSquareSize(18), icon)
}

// show fills the line with a row. A list asks for it with every batch, so only what has changed is drawn anew.
func (l *line) show(r *Row) {
	if r == nil {
		return
	}
	if l.row != r || l.version != r.Version {
		l.row, l.version = r, r.Version
		l.showEvent(r)
	}
	if o := outcomeOf(r); o != l.shown {
		l.shown = o
		l.state.SetResource(jobs.Icon(o.state))
		look.SetText(l.result, o.text, jobs.Importance(o.state))
	}
}

func (l *line) showEvent(r *Row) {
	e := r.Event
	l.at.SetText(r.At.Local().Format("15:04:05"))
	l.kind.SetResource(icon(e))
	l.name.SetText(viewer(e))
	l.what.SetText(words.Event(e))
	switch {
	case r.Replayed:
		l.mark.Set(lang.X("mark of what is played again", "Replay"), theme.ColorNamePrimary)
	case e.Header().Test:
		l.mark.Set(lang.L("Test"), theme.ColorNameWarning)
	}
	look.SetShown(l.mark, r.Replayed || e.Header().Test)
}

// viewer is who did it, or "" when it was nobody.
func viewer(e event.Event) string {
	switch e := e.(type) {
	case event.FromViewer:
		return words.Name(e.From())
	case event.FromParticipant:
		if who := e.Who(); who != (event.User{}) {
			return words.Name(who)
		}
	}
	return ""
}
