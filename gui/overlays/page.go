// Package overlays is the page of the overlays for OBS: a card for each with its address and what it shows now, their settings, and
// the counters and timers.
package overlays

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/overlay"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/scoreboard"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// showPause is how long changes are gathered before they are shown: gifts may come by the hundred.
const showPause = 150 * time.Millisecond

// Core is what the page needs of the program.
type Core interface {
	Profile() profile.Profile
	SetProfile(p profile.Profile) error

	OverlayPages() []overlay.Page
	OverlayStatus() overlay.Status
	OverlayShown() overlay.Shown
	// OverlayChanges and BoardChanges return a channel that receives a value after what the pages, and counters and timers, show
	// has changed, and what ends that.
	OverlayChanges() (<-chan struct{}, func())
	BoardChanges() (<-chan struct{}, func())
	// RenewOverlayToken writes to the disk, and TryAlert waits for the pages: call them from a goroutine of their own.
	RenewOverlayToken() error
	TryAlert(ctx context.Context, o action.Overlay) (action.Outcome, error)
	TryGift(g event.Gift)

	Counters() []scoreboard.Counter
	Timers() []scoreboard.Timer
	SetCounter(name string, value int64) error
	RemoveCounter(name string)
	ChangeTimer(name string, do action.TimerVerb, by time.Duration) error
	RemoveTimer(name string)
}

// Page lists the overlay pages. It belongs to the UI thread.
type Page struct {
	core Core
	host look.Host

	// left is closed when the page goes out of sight; nil while it is.
	left     chan struct{}
	status   *widget.Label
	cards    []*card
	grid     *fyne.Container
	board    *board
	settings *settingsCard
	object   fyne.CanvasObject
}

// NewPage returns the page.
func NewPage(core Core, host look.Host) *Page {
	p := &Page{core: core, host: host, status: look.NewProse("")}
	p.board, p.settings = newBoard(core, host), newSettings(core, host)
	for _, one := range core.OverlayPages() {
		p.cards = append(p.cards, newCard(p, one))
	}
	p.grid = container.NewVBox()
	for pair := range slices.Chunk(p.cards, 2) {
		p.grid.Add(beside(pair))
	}
	renew := widget.NewButton(lang.L("New addresses …"), p.askRenew)
	title := container.New(look.Columns{Cols: []look.Column{{}, {Weight: 1}, {}}}, look.NewTitle(lang.L("Overlays")), look.Gap(0, 0), renew)
	how := look.NewProse(lang.L("In OBS: Sources, the plus, Browser, and paste an address. Whoever has an address can see the page, so do not show it on stream."))
	head := look.NewCard(container.NewVBox(how, p.status))
	p.object = container.NewVScroll(look.Narrow(1080, container.NewVBox(title, head, p.grid, p.board.object, p.settings.object)))
	return p
}

// foldBelow is the width in which two cards have no room beside one another.
const foldBelow = 700

// beside lays out a row of at most two cards.
func beside(cards []*card) fyne.CanvasObject {
	if len(cards) == 1 {
		return look.Fold(foldBelow, cards[0].object, look.Gap(0, 0))
	}
	return look.Fold(foldBelow, cards[0].object, cards[1].object)
}

// Object is what to put into the window.
func (p *Page) Object() fyne.CanvasObject { return p.object }

// SetInSight says whether the page is shown. Only then it watches the program.
func (p *Page) SetInSight(isInSight bool) {
	if isInSight == (p.left != nil) {
		return
	}
	if !isInSight {
		close(p.left)
		p.left = nil
		return
	}
	for i, one := range p.core.OverlayPages() {
		p.cards[i].address = one.Address
	}
	p.settings.read()
	p.left = make(chan struct{})
	p.show()
	p.watch(p.left)
}

// watch shows each change until the page is left.
func (p *Page) watch(left <-chan struct{}) {
	pages, endPages := p.core.OverlayChanges()
	board, endBoard := p.core.BoardChanges()
	end := func() { endPages(); endBoard() }
	var next func()
	next = func() {
		p.host.Run(func(window context.Context) error { return await(window, left, pages, board) }, func(err error) {
			select {
			case <-left:
				err = errLeft
			default:
			}
			if err != nil {
				end()
				return
			}
			p.show()
			next()
		})
	}
	next()
}

// errLeft ends the watching of a page that is out of sight.
var errLeft = errors.New("the page was left")

// await waits for a change, and a little longer for those that come with it.
func await(window context.Context, left, pages, board <-chan struct{}) error {
	select {
	case <-window.Done():
		return window.Err()
	case <-left:
		return errLeft
	case <-pages:
	case <-board:
	}
	select {
	case <-window.Done():
		return window.Err()
	case <-left:
		return errLeft
	case <-time.After(showPause):
		return nil
	}
}

// Tick lets timers count on. It is called every second.
func (p *Page) Tick() {
	if p.left != nil {
		p.show()
	}
}

// show shows how the pages, the counters and the timers stand now.
func (p *Page) show() {
	s := p.core.OverlayStatus()
	text, importance := lang.N("{{.N}} pages are open in OBS or a browser.", s.Pages, map[string]any{"N": s.Pages}), widget.MediumImportance
	switch {
	case s.Problem != "" && !strings.HasSuffix(s.Address, ":"+port(p.core)):
		text = lang.L("Another program has port {{.Port}}, so the pages are at {{.Address}}: copy the addresses into OBS again, or end the other program and start LiveCue anew.",
			map[string]any{"Port": port(p.core), "Address": s.Address})
		importance = widget.WarningImportance
	case s.Problem != "":
		text, importance = lang.L("The pages cannot be shown: {{.Detail}}", map[string]any{"Detail": words.Clean(s.Problem, 200)}), widget.DangerImportance
	case p.core.Profile().Overlay.Off:
		text, importance = lang.L("The pages are switched off. Switch them on below."), widget.WarningImportance
	}
	look.SetText(p.status, text, importance)
	n := now{shown: p.core.OverlayShown(), counters: p.core.Counters(), timers: p.core.Timers()}
	for _, c := range p.cards {
		c.show(n)
	}
	p.board.show(n.counters, n.timers)
}

// port is the one that the profile wants.
func port(core Core) string {
	return strconv.Itoa(cmp.Or(core.Profile().Overlay.Port, overlay.DefaultPort))
}

func (p *Page) askRenew() {
	look.Ask(look.Question{
		Title: lang.L("Give all pages new addresses?"),
		Text:  lang.L("Do this when an address was seen by others. The old ones stop working: you have to change them in OBS."),
		Yes:   lang.L("New addresses"), No: lang.X("leave as it is", "Keep"), Danger: true,
		OnYes: p.renew,
	}, p.host.Window)
}

func (p *Page) renew() {
	p.host.Run(func(context.Context) error { return p.core.RenewOverlayToken() }, func(err error) {
		if err != nil {
			p.host.Warn(words.Error(err))
			return
		}
		for i, one := range p.core.OverlayPages() {
			p.cards[i].address = one.Address
		}
		p.host.Say(lang.L("All pages have new addresses. Copy them into OBS."))
	})
}
