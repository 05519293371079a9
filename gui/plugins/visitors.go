package plugins

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/feed"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// visitorsShown is how many connections are listed.
const visitorsShown = 20

// visitors is the card with who is connected to the event socket now.
type visitors struct {
	core   Core
	status *widget.Label
	rows   *fyne.Container
	shown  string // what the rows show, so that they are built only when that has changed
	object fyne.CanvasObject
}

func newVisitors(core Core) *visitors {
	v := &visitors{core: core, status: look.NewHint(""), rows: container.NewVBox()}
	v.object = look.NewCard(container.NewVBox(look.NewHeading(lang.L("Connected now")), v.status, v.rows))
	return v
}

func (v *visitors) show(st feed.Status) {
	text, importance := lang.L("The event socket is at {{.Address}}.", map[string]any{"Address": st.Address}), widget.LowImportance
	switch {
	case st.Problem != "":
		text, importance = words.Clean(st.Problem, 200), widget.DangerImportance
	case st.Address == "":
		text = lang.L("The event socket is switched off.")
	}
	if st.Refused > 0 {
		text += " " + lang.N("{{.N}} wrong tokens were turned away.", int(st.Refused), map[string]any{"N": st.Refused})
	}
	look.SetText(v.status, text, importance)
	if now := fmt.Sprint(st.Clients); now != v.shown || len(v.rows.Objects) == 0 {
		v.shown = now
		v.list(st.Clients)
	}
}

func (v *visitors) list(all []feed.Client) {
	v.rows.RemoveAll()
	if len(all) == 0 {
		v.rows.Add(look.NewProse(lang.L("Nobody.")))
	}
	for i, c := range all {
		if i == visitorsShown {
			more := len(all) - visitorsShown
			v.rows.Add(look.NewHint(lang.N("and {{.N}} more", more, map[string]any{"N": more})))
			break
		}
		v.rows.Add(row(c))
	}
	v.rows.Refresh()
}

func row(c feed.Client) fyne.CanvasObject {
	kind := lang.L("hears events")
	if c.Toki {
		kind = lang.L("made for Toki")
	}
	sent := lang.N("{{.N}} events sent", int(c.Sent), map[string]any{"N": words.Number(int64(c.Sent))})
	lost := ""
	if c.Dropped > 0 {
		lost = lang.N("{{.N}} lost: it is too slow", int(c.Dropped), map[string]any{"N": words.Number(int64(c.Dropped))})
	}
	slow := look.NewNote(lost)
	slow.Importance = widget.WarningImportance
	since := lang.L("since {{.Time}}", map[string]any{"Time": words.TimeOfDay(c.Since)})
	columns := look.Columns{Gap: 8, Cols: []look.Column{{Weight: 4}, {Weight: 3}, {Weight: 3}, {Weight: 3}, {Weight: 4}}}
	return container.New(columns, look.NewLine(words.Clean(c.Name, shownName)), look.NewNote(kind), look.NewNote(since), look.NewNote(sent), slow)
}
