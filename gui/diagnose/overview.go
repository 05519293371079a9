package diagnose

import (
	"context"
	"runtime"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/source"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// leastCard is the height in which a card shows some of its lines, where the window is low or the cards stand below one another.
const leastCard = 180

// overview is the connection, what was lost, the journal and the versions.
type overview struct {
	program Program
	host    look.Host

	state     *widget.Label
	why       *widget.Label
	counts    *widget.Label
	events    *newest[app.ConnectionNote]
	noEvents  *widget.Label
	losses    []*loss
	file      string
	isReading bool // the file's size is being read
	journal   *widget.Label
	object    fyne.CanvasObject
}

func newOverview(o Options) *overview {
	v := &overview{
		program: o.Program, host: o.Host, state: look.NewStrong(""), why: look.NewHint(""), counts: look.NewNote(""), file: o.JournalFile,
		journal: look.NewHint(""), noEvents: look.NewHint(lang.L("Nothing has happened to the connection yet.")),
	}
	high := func(card fyne.CanvasObject) fyne.CanvasObject {
		return container.NewStack(look.Gap(0, leastCard), card)
	}
	sides := look.Fold(700, high(v.connectionCard()), high(v.lossCard()))
	v.object = container.NewBorder(look.Gap(0, 4), container.NewVBox(look.Gap(0, 2), v.journalCard()), nil, nil, sides)
	return v
}

func (v *overview) fyneObject() fyne.CanvasObject { return v.object }

func (v *overview) connectionCard() fyne.CanvasObject {
	isSame := func(a, b app.ConnectionNote) bool { return a.At.Equal(b.At) && noteText(a) == noteText(b) }
	v.events = newNewest(noteHeight, isSame, func() rowOf[app.ConnectionNote] { return newNoteRow() }, v.open)
	head := look.NewCompact(tight(look.NewHeading(lang.L("Connection")), v.state, look.AtMost(36, v.why), v.counts))
	return look.NewCard(container.NewBorder(head, nil, nil, nil, container.NewStack(v.noEvents, v.events.list)))
}

func (v *overview) open(n app.ConnectionNote) {
	ShowText(v.host, words.Moment(n.At, time.Now()), noteText(n), false)
}

func (v *overview) lossCard() fyne.CanvasObject {
	box := container.New(layout.NewCustomPaddedVBoxLayout(0), look.NewHeading(lang.L("What was lost, and what it cost")))
	for _, l := range losses() {
		v.losses = append(v.losses, l)
		box.Add(l.object)
	}
	return look.NewCard(container.NewVScroll(look.NewCompact(box)))
}

func (v *overview) journalCard() fyne.CanvasObject {
	path := look.NewNote(lang.L("Nothing is kept: this LiveCue has no journal."))
	if v.file != "" {
		path.SetText(v.file)
	}
	copyPath := widget.NewButtonWithIcon("", theme.ContentCopyIcon(), func() {
		fyne.CurrentApp().Clipboard().SetContent(v.file)
		v.host.Say(lang.L("The path is copied."))
	})
	copyPath.Importance = widget.LowImportance
	look.SetShown(copyPath, v.file != "")
	look.SetShown(v.journal, v.file != "")
	columns := look.Columns{Gap: 4, Cols: []look.Column{{}, {Weight: 2}, {Weight: 3}, {}}}
	row := container.New(columns, look.NewHeading(lang.L("Journal")), path, look.AtMost(36, v.journal), copyPath)
	card := look.NewPanel(look.ColorCard, look.Pad(2, 12, look.NewCompact(row)))
	card.Edge, card.Radius = look.ColorEdge, 10
	return card
}

// tight puts lines of text under each other with less room between them than labels ask for.
func tight(lines ...fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedVBoxLayout(-5), lines...)
}

// versions says which LiveCue runs where.
func versions(version string) string {
	if version == "" {
		version = lang.L("development version")
	}
	system := map[string]string{"linux": "Linux", "windows": "Windows", "darwin": "macOS"}[runtime.GOOS]
	if system == "" {
		system = runtime.GOOS
	}
	return "LiveCue " + version + " · Go " + strings.TrimPrefix(runtime.Version(), "go") + " · " + system + " " + runtime.GOARCH
}

func (v *overview) refresh(d app.Diagnostics) {
	now := time.Now()
	status := v.program.Status()
	state, importance := words.State(status.State), widget.MediumImportance
	if status.State == source.Connected {
		importance = widget.SuccessImportance
		if begun := connectedSince(d.Connection); !begun.IsZero() {
			state = lang.L("{{.State}} for {{.Time}}", map[string]any{"State": state, "Time": words.Span(now.Sub(begun))})
		}
	}
	look.SetText(v.state, state, importance)
	look.SetText(v.why, words.Status(status, now), widget.LowImportance)
	look.SetText(v.counts, sinceText(d, now), widget.LowImportance)
	v.events.set(newestFirst(d.Connection))
	look.SetShown(v.noEvents, len(d.Connection) == 0)
	for _, l := range v.losses {
		l.show(d)
	}
	v.readJournal()
}

func sinceText(d app.Diagnostics, now time.Time) string {
	text := lang.N("{{.N}} events", int(d.Events), map[string]any{"N": words.Number(d.Events)}) +
		" · " + lang.N("{{.N}} reconnects", int(d.Reconnects), map[string]any{"N": words.Number(d.Reconnects)})
	if d.ConnectedFor > 0 {
		text += " · " + lang.L("{{.Time}} connected in all", map[string]any{"Time": words.Span(d.ConnectedFor)})
	}
	if d.Since.IsZero() {
		return text
	}
	return lang.L("{{.Text}} since {{.Time}}", map[string]any{"Text": text, "Time": words.Moment(d.Since, now)})
}

// readJournal asks the disk how large the journal is, which may take a while on a slow one.
func (v *overview) readJournal() {
	if v.file == "" || v.isReading {
		return
	}
	v.isReading = true
	var size int64
	v.host.Run(func(context.Context) (err error) {
		size, err = journalSize(v.file)
		return err
	}, func(err error) {
		v.isReading = false
		v.showJournal(size, err)
	})
}

func (v *overview) showJournal(size int64, err error) {
	for _, p := range v.program.Health().Problems {
		if words.IsJournalProblem(p) {
			look.SetText(v.journal, words.Problem(p), widget.WarningImportance)
			return
		}
	}
	if err != nil {
		look.SetText(v.journal, words.Error(err), widget.WarningImportance)
		return
	}
	look.SetText(v.journal, lang.L("{{.Size}}. Each gift is on the disk before it acts.", map[string]any{"Size": words.Bytes(size)}), widget.LowImportance)
}
