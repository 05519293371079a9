package diagnose

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// noteHeight is fixed, so that the list need not measure its rows.
const noteHeight = 40

// noteRow is one thing that happened to the connection.
type noteRow struct {
	widget.BaseWidget
	at, what, why *widget.Label
}

func newNoteRow() *noteRow {
	r := &noteRow{at: look.NewNote(""), what: look.NewLine(""), why: look.NewNote("")}
	r.ExtendBaseWidget(r)
	return r
}

// MinSize implements fyne.CanvasObject.
func (r *noteRow) MinSize() fyne.Size { return fyne.NewSize(200, noteHeight) }

// CreateRenderer implements fyne.Widget.
func (r *noteRow) CreateRenderer() fyne.WidgetRenderer {
	columns := look.Columns{Gap: 2, Cols: []look.Column{{Width: 114}, {Weight: 1}}}
	lines := look.NewCompact(tight(r.what, r.why))
	return widget.NewSimpleRenderer(container.New(columns, look.NewCompact(r.at), lines))
}

func (r *noteRow) show(n app.ConnectionNote) {
	r.at.SetText(words.Moment(n.At, time.Now()))
	r.what.SetText(words.Event(n.Event))
	why := words.Aftermath(n.Event)
	r.why.SetText(why)
	look.SetShown(r.why, why != "")
}

// noteText says all of it.
func noteText(n app.ConnectionNote) string {
	text := words.Event(n.Event)
	if why := words.Aftermath(n.Event); why != "" {
		text += "\n" + why
	}
	return text
}

// newestFirst returns the notes in the order of the list.
func newestFirst(notes []app.ConnectionNote) []app.ConnectionNote {
	notes = slices.Clone(notes)
	slices.Reverse(notes)
	return notes
}

// connectedSince is when the connection that holds was made, or zero where none does.
func connectedSince(notes []app.ConnectionNote) time.Time {
	for _, n := range slices.Backward(notes) {
		switch n.Event.Kind() {
		case event.KindConnected, event.KindReconnected:
			return n.At
		case event.KindCredentialsRefreshed: // it does not end a connection
		default:
			return time.Time{}
		}
	}
	return time.Time{}
}
