// Package overlays is the page with the addresses of the overlays, for OBS, and with what counters and timers stand at.
package overlays

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/overlay"
	"github.com/livecue/livecue/core/scoreboard"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// Core is what the page needs of the program.
type Core interface {
	OverlayPages() []overlay.Page
	OverlayStatus() overlay.Status
	RenewOverlayToken() error
	Counters() []scoreboard.Counter
	Timers() []scoreboard.Timer
}

// Page lists the overlay pages. It belongs to the UI thread.
type Page struct {
	core Core
	host look.Host

	isInSight bool
	status    *widget.Label
	board     *widget.Label
	rows      *fyne.Container
	object    fyne.CanvasObject
}

// NewPage returns the page.
func NewPage(core Core, host look.Host) *Page {
	p := &Page{core: core, host: host, status: look.NewProse(""), board: look.NewProse(""), rows: container.NewVBox()}
	renew := widget.NewButton(lang.L("New addresses …"), p.askRenew)
	title := container.NewBorder(nil, nil, look.NewTitle(lang.L("Overlays")), renew)
	how := look.NewProse(lang.L("In OBS: Sources, the plus, Browser, and paste an address. Whoever has an address can see the page, so do not show it on stream."))
	head := look.NewCard(container.NewVBox(how, p.status))
	board := look.NewCard(container.NewVBox(look.NewHeading(lang.L("Counters and timers")), p.board))
	p.object = container.NewVScroll(look.Narrow(1080, container.NewVBox(title, head, p.rows, board)))
	return p
}

// Object is what to put into the window.
func (p *Page) Object() fyne.CanvasObject { return p.object }

// SetInSight says whether the page is shown.
func (p *Page) SetInSight(isInSight bool) {
	p.isInSight = isInSight
	if isInSight {
		p.showPages()
		p.Tick()
	}
}

// Tick shows how the pages, the counters and the timers stand now.
func (p *Page) Tick() {
	if !p.isInSight {
		return
	}
	s := p.core.OverlayStatus()
	text, importance := lang.N("{{.N}} pages are open in OBS or a browser.", s.Pages, map[string]any{"N": s.Pages}), widget.MediumImportance
	if s.Problem != "" {
		text, importance = lang.L("The pages cannot be shown: {{.Detail}}", map[string]any{"Detail": words.Clean(s.Problem, 200)}), widget.DangerImportance
	}
	look.SetText(p.status, text, importance)
	look.SetText(p.board, standing(p.core.Counters(), p.core.Timers()), widget.MediumImportance)
}

func standing(counters []scoreboard.Counter, timers []scoreboard.Timer) string {
	var parts []string
	for _, c := range counters {
		parts = append(parts, words.Clean(c.Name, 40)+": "+words.Number(c.Value))
	}
	for _, t := range timers {
		left := t.Left.Round(time.Second)
		clock := fmt.Sprintf("%d:%02d:%02d", int(left.Hours()), int(left.Minutes())%60, int(left.Seconds())%60)
		parts = append(parts, words.Clean(t.Name, 40)+": "+clock)
	}
	if len(parts) == 0 {
		return lang.L("None yet. Rules make them with the actions Counter and Timer.")
	}
	return strings.Join(parts, "   ·   ")
}

func (p *Page) showPages() {
	p.rows.RemoveAll()
	for _, one := range p.core.OverlayPages() {
		p.rows.Add(p.row(one))
	}
	p.rows.Refresh()
}

func (p *Page) row(one overlay.Page) fyne.CanvasObject {
	address := look.NewEntry()
	address.SetText(one.Address)
	address.OnChanged = func(string) { address.SetText(one.Address) } // to be copied, not to be changed
	copied := widget.NewButtonWithIcon(lang.L("Copy"), theme.ContentCopyIcon(), func() {
		fyne.CurrentApp().Clipboard().SetContent(one.Address)
		p.host.Say(lang.L("The address is copied. Paste it into a browser source of OBS."))
	})
	example := widget.NewButtonWithIcon(lang.L("Copy example"), theme.VisibilityIcon(), func() {
		fyne.CurrentApp().Clipboard().SetContent(one.Address + "?demo=1")
		p.host.Say(lang.L("The address of an example is copied. Paste it into a browser to see the page at work."))
	})
	text := look.NewCompact(container.NewVBox(look.NewStrong(words.OverlayPage(one.Name)), look.NewNote(words.OverlayHint(one.Name))))
	columns := look.Columns{Gap: 8, Cols: []look.Column{{Weight: 4}, {Weight: 5}, {}, {}}}
	return look.NewCard(container.New(columns, text, address, copied, example))
}

func (p *Page) askRenew() {
	look.Ask(look.Question{
		Title: lang.L("Give all pages new addresses?"),
		Text:  lang.L("Do this when an address was seen by others. The old ones stop working: you have to change them in OBS."),
		Yes:   lang.L("New addresses"), No: lang.X("leave as it is", "Keep"), Danger: true,
		OnYes: func() {
			if err := p.core.RenewOverlayToken(); err != nil {
				p.host.Warn(words.Error(err))
			}
			p.showPages()
		},
	}, p.host.Window)
}
