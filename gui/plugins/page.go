// Package plugins is the page with the programs that LiveCue keeps running, the tokens of other programs, and who is connected now.
package plugins

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/feed"
	"github.com/livecue/livecue/core/grant"
	"github.com/livecue/livecue/core/plugin"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// Core is what the page needs of the program.
type Core interface {
	Profile() profile.Profile
	SetProfile(p profile.Profile) error

	Plugins() []plugin.Status
	// PluginLog returns at most limit of the last lines that a plugin has printed.
	PluginLog(name string, limit int) []plugin.Line
	RestartPlugin(name string) error

	Grants() []grant.Grant
	// IssueToken and RevokeToken write to the disk: call them from a goroutine of their own.
	IssueToken(name string, scopes ...grant.Scope) (string, error)
	RevokeToken(id string) error
	SocketStatus() feed.Status
}

// shownName is how much of a name is shown, in graphemes.
const shownName = 48

// Page lists the plugins. It belongs to the UI thread.
type Page struct {
	core Core
	host look.Host

	isInSight bool
	listed    []profile.Plugin // what the cards show
	cards     []*card
	rows      *fyne.Container
	tokens    *tokens
	visitors  *visitors
	object    fyne.CanvasObject
}

// NewPage returns the page.
func NewPage(core Core, host look.Host) *Page {
	p := &Page{core: core, host: host, rows: container.NewVBox(), tokens: newTokens(core, host), visitors: newVisitors(core)}
	add := widget.NewButtonWithIcon(lang.L("Add plugin …"), theme.ContentAddIcon(), func() { newForm(p, -1, profile.Plugin{}).show() })
	add.Importance = widget.HighImportance
	title := container.NewBorder(nil, nil, look.NewTitle(lang.L("Plugins")), add)
	how := look.NewHint(lang.L("A plugin is a program that LiveCue starts and keeps running. It hears what happens in the stream, and may call your rules if you let it. Add only programs that you trust: they can do on this computer whatever you can."))
	p.object = container.NewVScroll(look.Narrow(1080, container.NewVBox(title, how, p.rows, look.Gap(0, 2), p.tokens.object, look.Gap(0, 2), p.visitors.object)))
	return p
}

// Object is what to put into the window.
func (p *Page) Object() fyne.CanvasObject { return p.object }

// SetInSight says whether the page is shown.
func (p *Page) SetInSight(isInSight bool) {
	p.isInSight = isInSight
	p.Tick(time.Now())
}

// Edit opens the form with a plugin of the profile, by its place.
func (p *Page) Edit(at int) {
	if all := p.core.Profile().Plugins; at < len(all) {
		newForm(p, at, all[at]).show()
	}
}

// Tick shows how plugins and connections stand now.
func (p *Page) Tick(now time.Time) {
	if !p.isInSight {
		return
	}
	p.list(p.core.Profile().Plugins)
	stand := p.core.Plugins()
	for _, c := range p.cards {
		i := slices.IndexFunc(stand, func(st plugin.Status) bool { return st.Name == c.plugin.Name })
		if i >= 0 {
			c.show(stand[i], now)
		}
	}
	p.tokens.show(p.core.Grants())
	p.visitors.show(p.core.SocketStatus())
}

// list builds the cards anew when the plugins are others.
func (p *Page) list(all []profile.Plugin) {
	isSame := slices.EqualFunc(p.listed, all, func(a, b profile.Plugin) bool { return a.Name == b.Name && isSame(a, b) })
	if isSame && len(p.rows.Objects) > 0 {
		return
	}
	before := p.cards
	p.listed, p.cards = all, nil
	p.rows.RemoveAll()
	for i, one := range all {
		c := newCard(p, i, one)
		if n := slices.IndexFunc(before, func(b *card) bool { return b.plugin.Name == one.Name && b.isChosen }); n >= 0 {
			c.isChosen = true
			c.setOpen(before[n].isOpen)
		}
		p.cards = append(p.cards, c)
		p.rows.Add(c.object)
	}
	if len(all) == 0 {
		p.rows.Add(look.NewCard(look.NewProse(lang.L("No plugins yet. Two examples come with LiveCue’s source: a gift counter for OBS in Python, and a game for the chat in Go."))))
	}
	p.rows.Refresh()
}

func isSame(a, b profile.Plugin) bool {
	return a.Program == b.Program && slices.Equal(a.Args, b.Args) && a.Off == b.Off && a.Imported == b.Imported && a.Trigger == b.Trigger && a.Start == b.Start
}

// save changes the plugins of the profile, and reports whether that went well.
func (p *Page) save(change func(all []profile.Plugin) []profile.Plugin) error {
	changed := p.core.Profile()
	changed.Plugins = change(changed.Plugins)
	if err := p.core.SetProfile(changed); err != nil {
		return err
	}
	p.Tick(time.Now())
	return nil
}

// change changes one plugin, as long as it is still there.
func (p *Page) change(name string, change func(*profile.Plugin)) {
	err := p.save(func(all []profile.Plugin) []profile.Plugin {
		for i := range all {
			if all[i].Name == name {
				change(&all[i])
			}
		}
		return all
	})
	if err != nil {
		p.host.Warn(words.Error(err))
	}
}
