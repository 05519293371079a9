package diagnose

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/gui/jobs"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// errorHeight is fixed, so that the list need not measure its rows.
const errorHeight = 42

// troubles is the list of the latest errors.
type troubles struct {
	host   look.Host
	list   *newest[app.Trouble]
	empty  *widget.Label
	object fyne.CanvasObject
}

func newErrors(host look.Host) *troubles {
	t := &troubles{host: host, empty: look.NewProse(lang.L("Nothing has gone wrong so far."))}
	t.list = newNewest(errorHeight, func(a, b app.Trouble) bool { return a == b }, func() rowOf[app.Trouble] { return newTroubleRow() }, t.open)
	t.empty.Alignment, t.empty.Importance = fyne.TextAlignCenter, widget.LowImportance
	note := look.NewNote(lang.L("What a game server or the sound could not do, the newest first. Click a line to read and copy all of it."))
	rows := look.NewPanel(look.ColorCard, look.Pad(6, 6, container.NewStack(t.list.list, container.NewCenter(look.Wide(420, t.empty)))))
	rows.Edge, rows.Radius = look.ColorEdge, 10
	t.object = container.NewBorder(container.NewVBox(look.Gap(0, 2), note), nil, nil, nil, rows)
	return t
}

func (t *troubles) fyneObject() fyne.CanvasObject { return t.object }

func (t *troubles) refresh(d app.Diagnostics) {
	t.list.set(d.Troubles)
	look.SetShown(t.empty, len(d.Troubles) == 0)
}

func (t *troubles) open(tr app.Trouble) {
	lines := []string{tr.At.Local().Format("2006-01-02 15:04:05"), words.Lane(tr.Lane)}
	if tr.RuleName != "" {
		lines = append(lines, lang.L("Rule: {{.Rule}}", map[string]any{"Rule": words.Clean(tr.RuleName, 120)}))
	}
	if tr.Viewer != "" {
		lines = append(lines, lang.L("Viewer: {{.Name}}", map[string]any{"Name": words.Clean(tr.Viewer, 60)}))
	}
	lines = append(lines, "", words.Sentence(troubleState(tr)))
	said := words.Clean(tr.Text, 2000)
	if mine := words.Reported(said); mine != said {
		lines = append(lines, mine)
	}
	lines = append(lines, said)
	ShowText(t.host, lang.L("What went wrong"), strings.TrimSpace(strings.Join(lines, "\n")), false)
}

// troubleState says in a word or two what has happened.
func troubleState(t app.Trouble) string {
	switch {
	case t.State != "":
		return words.JobState(t.State)
	case t.Text == "":
		return lang.L("works again")
	default:
		return lang.L("in trouble")
	}
}

// troubleRow is one error.
type troubleRow struct {
	widget.BaseWidget
	at          *widget.Label
	icon        *widget.Icon
	rule, who   *widget.Label
	state, said *widget.Label
}

func newTroubleRow() *troubleRow {
	r := &troubleRow{
		at: look.NewNote(""), icon: widget.NewIcon(nil), rule: look.NewStrong(""), who: look.NewNote(""), state: look.NewLine(""), said: look.NewNote(""),
	}
	r.ExtendBaseWidget(r)
	return r
}

// MinSize implements fyne.CanvasObject.
func (r *troubleRow) MinSize() fyne.Size { return fyne.NewSize(400, errorHeight) }

// CreateRenderer implements fyne.Widget.
func (r *troubleRow) CreateRenderer() fyne.WidgetRenderer {
	columns := look.Columns{Gap: 6, Cols: []look.Column{{Width: 126}, {Width: 20}, {Weight: 3}, {Weight: 5}}}
	left := look.NewCompact(tight(r.rule, r.who))
	right := look.NewCompact(tight(r.state, r.said))
	return widget.NewSimpleRenderer(container.New(columns, r.at, container.NewGridWrap(fyne.NewSquareSize(20), r.icon), left, right))
}

func (r *troubleRow) show(t app.Trouble) {
	r.at.SetText(words.Moment(t.At, time.Now()))
	icon, importance := jobs.Icon(t.State), jobs.Importance(t.State)
	switch {
	case t.State != "":
	case t.Text == "":
		icon, importance = look.Tint(theme.ConfirmIcon(), theme.ColorNameSuccess), widget.SuccessImportance
	default:
		icon, importance = look.Tint(theme.WarningIcon(), theme.ColorNameWarning), widget.WarningImportance
	}
	r.icon.SetResource(icon)
	name, who := words.Lane(t.Lane), ""
	if t.RuleName != "" {
		name, who = words.Clean(t.RuleName, 80), name
	}
	if t.Viewer != "" {
		who += " · " + words.Clean(t.Viewer, 40)
	}
	r.rule.SetText(name)
	r.who.SetText(strings.TrimPrefix(who, " · "))
	look.SetText(r.state, troubleState(t), importance)
	r.said.SetText(words.Clean(words.Reported(t.Text), 160))
}
