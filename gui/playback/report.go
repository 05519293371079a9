package playback

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/replay"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// textLength is how much of a name a row shows, in graphemes.
const textLength = 80

// report is the dialog with what today's rules made of the stream, so far.
type report struct {
	host look.Host

	dialog  *dialog.CustomDialog // nil while it is not shown
	head    *widget.Label
	rules   *look.Table
	moments *look.Table
	// shown is what the tables show: how many moments, of which reading.
	shown int
}

func newReport(host look.Host) *report { return &report{host: host} }

// open shows the dialog.
func (r *report) open(s app.ReplayStatus) {
	number := func(title string) look.TableColumn {
		return look.TableColumn{Title: title, Width: 120, IsNumber: true}
	}
	r.head, r.shown = look.NewHint(""), -1
	r.rules = look.NewTable(lang.L("No rule has seen anything yet."), look.TableColumn{Title: lang.L("Rule"), Weight: 1},
		number(lang.X("how often a rule fired", "Fired")), number(lang.L("Actions")), number(lang.X("how often all actions are done", "Times in all")))
	r.moments = look.NewTable(lang.L("No rule has fired yet."), look.TableColumn{Title: lang.L("Time"), Width: 80},
		look.TableColumn{Title: lang.L("Viewer"), Weight: 2}, look.TableColumn{Title: lang.L("What happened"), Weight: 3},
		look.TableColumn{Title: lang.L("Rule"), Weight: 3})
	tabs := container.NewAppTabs(container.NewTabItem(lang.L("Rules"), r.rules.Object), container.NewTabItem(lang.L("One by one"), r.moments.Object))
	closing := widget.NewButton(lang.X("close a dialog", "Close"), func() { r.dialog.Hide() })
	bottom := container.NewHBox(layout.NewSpacer(), closing)
	r.dialog = look.ShowDialog(lang.L("What today's rules make of it"), container.NewBorder(r.head, bottom, nil, nil, tabs), fyne.NewSize(900, 560), r.host.Window)
	r.dialog.SetOnClosed(func() { r.dialog = nil })
	r.tick(s)
}

// tick shows what has come since.
func (r *report) tick(s app.ReplayStatus) {
	if r.dialog == nil {
		return
	}
	look.SetText(r.head, heading(s), widget.LowImportance)
	if r.shown == s.Report.Events {
		return
	}
	r.shown = s.Report.Events
	rows := make([][]string, len(s.Report.Rules))
	for i, one := range s.Report.Rules {
		rows[i] = []string{words.Clean(one.Name, textLength), words.Number(one.Fired), words.Number(one.Jobs), words.Number(one.Runs)}
	}
	r.rules.Set(rows)
	r.moments.Set(momentRows(s.Report.Firings))
}

// heading says what the tables are about.
func heading(s app.ReplayStatus) string {
	text := lang.N("{{.N}} events held against the rules as they are now.", s.Report.Events, map[string]any{"N": words.Number(s.Report.Events)})
	switch {
	case !s.WithEffects:
		text += " " + lang.L("Nothing of it was done: this is what they would do.")
	case s.HeldBack > 0:
		text += " " + lang.N("{{.N}} actions were held back, since they reach beyond the game, the sound and OBS.", s.HeldBack, map[string]any{"N": words.Number(s.HeldBack)})
	}
	if n := s.Report.FiringsLeft; n > 0 {
		text += " " + lang.L("One by one, only the first {{.N}} are listed.", map[string]any{"N": words.Number(len(s.Report.Firings))})
	}
	return text
}

func momentRows(moments []replay.Moment) [][]string {
	var rows [][]string
	for _, m := range moments {
		who := ""
		if from, ok := m.Event.(event.FromViewer); ok {
			who = words.Name(from.From())
		}
		for _, d := range m.Decisions {
			rows = append(rows, []string{words.Elapsed(m.Offset), who, words.Event(m.Event), words.Clean(d.RuleName, textLength)})
		}
	}
	return rows
}
