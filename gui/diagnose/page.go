package diagnose

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/logbook"
	"github.com/livecue/livecue/core/source"
	"github.com/livecue/livecue/gui/look"
)

// Program is what the page shows of the program. Its methods return at once.
type Program interface {
	Status() source.Status
	Health() app.Health
	// Diagnostics tells how the program has done since it began.
	Diagnostics() app.Diagnostics
	// Rehearsal is the script that plays, or "".
	Rehearsal() string
}

// Options are what a Page is built from.
type Options struct {
	Program Program
	Host    look.Host
	// Saver saves the report; nil offers none.
	Saver *Saver
	// Version is the program's.
	Version string
	// JournalFile is the file of the journal, LogDir the folder of the log; empty where there is none.
	JournalFile, LogDir string
	// Recent returns the newest lines of the log, the oldest first; nil has none.
	Recent func() []logbook.Line
	// OpenFolder shows a folder as the system does.
	OpenFolder func(path string) error
}

// part is what one tab shows.
type part interface {
	fyneObject() fyne.CanvasObject
	// refresh draws what has changed.
	refresh(d app.Diagnostics)
}

// Page is the diagnostics page. It belongs to the UI thread.
type Page struct {
	program Program
	// versions say which LiveCue runs where; note shows them.
	versions string
	note     *widget.Label
	parts    []part
	tabs     *container.AppTabs
	save     *widget.Button
	inSight  bool
	object   fyne.CanvasObject
}

// NewPage returns the page. It shows nothing before it comes into sight.
func NewPage(o Options) *Page {
	p := &Page{program: o.Program, versions: versions(o.Version), note: look.NewNote("")}
	p.parts = []part{newOverview(o), newSpeeds(), newErrors(o.Host), newLog(o)}
	names := []string{lang.L("Overview"), lang.L("Speed"), lang.L("Errors"), lang.L("Log")}
	p.tabs = container.NewAppTabs()
	for i, part := range p.parts {
		p.tabs.Append(container.NewTabItem(names[i], part.fyneObject()))
	}
	p.tabs.OnSelected = func(*container.TabItem) { p.Tick() }
	p.save = widget.NewButtonWithIcon(lang.L("Save report …"), theme.DocumentSaveIcon(), nil)
	p.save.Importance = widget.HighImportance
	p.save.OnTapped = func() { o.Saver.Ask(p.save, nil) }
	if o.Saver == nil {
		p.save.Hide()
	}
	title := container.New(look.Columns{Gap: 12, Cols: []look.Column{{}, {Weight: 1}, {}}},
		look.NewTitle(lang.L("Diagnostics")), p.note, p.save)
	p.object = container.NewBorder(title, nil, nil, nil, p.tabs)
	return p
}

// Object is what to put into the window.
func (p *Page) Object() fyne.CanvasObject { return p.object }

// SetInSight says whether the user sees the page. Out of sight it asks for nothing.
func (p *Page) SetInSight(inSight bool) {
	p.inSight = inSight
	p.Tick()
}

// Tick draws what has changed in the tab that is in sight. It is called every second.
func (p *Page) Tick() {
	if !p.inSight {
		return
	}
	note := p.versions
	if p.program.Rehearsal() != "" {
		note += " · " + lang.L("the figures are the rehearsal's")
	}
	look.SetText(p.note, note, widget.LowImportance)
	p.parts[p.tabs.SelectedIndex()].refresh(p.program.Diagnostics())
}
