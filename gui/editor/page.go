// Package editor is the page where the user says what each event sets off: the list of rules, and the form of one rule.
package editor

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/obs"
	"github.com/livecue/livecue/core/action/speech"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/hotkey"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// Core is what the editor needs of the program.
type Core interface {
	Profile() profile.Profile
	SetProfile(p profile.Profile) error
	// ProfilePath tells one profile from another.
	ProfilePath() string
	TestRule(r rule.Rule) error
	// TestRuleFor tests with a chosen viewer, gift and count; DryRun says what that would do, and does nothing of it.
	TestRuleFor(r rule.Rule, choice rule.TestChoice) error
	DryRun(r rule.Rule, choice rule.TestChoice) ([]action.Job, rule.Decision, error)
	// Fire is a press on the button of a rule.
	Fire(ruleID string) error
	// HotkeyState is how a combination of keys stands with the system, and how far such keys are heard.
	HotkeyState(keys string) (hotkey.State, hotkey.Reach)
	// Preflight asks servers and OBS whether they know what the rules say, and does nothing of it. It may take minutes.
	Preflight(ctx context.Context) (app.PreflightReport, error)
	// CheckOverlay looks whether the picture and the sound of an alert can be used. It reads the files.
	CheckOverlay(o action.Overlay) error
	// OverlayPictures are the names of the bundled pictures, each usable as "bundled:name".
	OverlayPictures() []string
	Preview(ctx context.Context, s action.Sound) error
	StopSounds()
	Sounds() []string
	Gifts() []event.GiftInfo
	// OBSNames asks OBS for its scenes, sources and filters; Voices asks the system for those that can read aloud.
	OBSNames(ctx context.Context) (obs.Names, error)
	Voices(ctx context.Context) ([]speech.Voice, error)
	// PreviewSpeech reads a text aloud, outside the queue, with the fields put in.
	PreviewSpeech(ctx context.Context, s action.Speech, f action.Fields) error
}

// Page shows the list of rules, or the form of one. It belongs to the UI thread.
type Page struct {
	core Core
	host look.Host

	// obs and voices are what OBS and the system have, once they were asked.
	obs    obs.Names
	voices words.Voices

	// found is what the last check of everything has found.
	found findings
	// alerts is what was found when files of alerts were looked at; nil is nothing wrong.
	alerts map[alertFile]error

	past  past
	list  *list
	form  *form
	stack *fyne.Container
}

// NewPage returns a page that shows the list.
func NewPage(core Core, host look.Host) *Page {
	p := &Page{core: core, host: host, alerts: map[alertFile]error{}, stack: container.NewStack()}
	p.list = newList(p)
	p.showList()
	return p
}

// Object is what to put into the window.
func (p *Page) Object() fyne.CanvasObject { return p.stack }

// Refresh shows the profile's rules as they are now; a form stays.
func (p *Page) Refresh() { p.list.load() }

// Received tells the page of a gift that a viewer has sent: a form that waits for one takes it.
func (p *Page) Received(gift event.GiftInfo) {
	if p.form != nil && p.form.learn != nil {
		p.form.learn(gift)
	}
}

// EditFirst opens the form with the first rule, if there is one.
func (p *Page) EditFirst() {
	if rules := p.core.Profile().Rules; len(rules) > 0 {
		p.edit(rules[0], false)
	}
}

// Leave closes the form and calls then. With changes that are not saved it asks first, and calls nothing when the user
// stays.
func (p *Page) Leave(then func()) {
	leave := func() {
		if p.form != nil {
			p.showList()
		}
		then()
	}
	if p.form == nil || !p.form.isChanged() {
		leave()
		return
	}
	look.Ask(look.Question{
		Title: lang.L("Discard the changes?"),
		Text:  lang.L("The rule {{.Rule}} is not saved.", map[string]any{"Rule": words.Clean(p.form.filled().Name, 40)}),
		Yes:   lang.L("Discard"), No: lang.L("Keep editing"), Danger: true, OnYes: leave,
	}, p.host.Window)
}

// edit opens the form with a rule; isNew says that the profile does not have it yet.
func (p *Page) edit(r rule.Rule, isNew bool) {
	p.form = newForm(p, r, isNew)
	p.stack.Objects = []fyne.CanvasObject{p.form.object}
	p.stack.Refresh()
}

func (p *Page) showList() {
	p.form = nil
	p.core.StopSounds()
	p.list.load()
	p.stack.Objects = []fyne.CanvasObject{p.list.object}
	p.stack.Refresh()
}

// change saves the rules as change makes them.
func (p *Page) change(change func(rules []rule.Rule) []rule.Rule) bool {
	return p.alter(func(prof *profile.Profile) { prof.Rules = change(prof.Rules) })
}

// alter saves the profile as change makes it, in one step that can be undone.
func (p *Page) alter(change func(prof *profile.Profile)) bool {
	prof := p.core.Profile()
	before := sceneOf(prof)
	change(&prof)
	if !p.store(prof) {
		return false
	}
	p.past.note(p.core.ProfilePath(), before, sceneOf(p.core.Profile()))
	p.list.load()
	return true
}

// store puts a profile in force.
func (p *Page) store(prof profile.Profile) bool {
	if err := p.core.SetProfile(prof); err != nil {
		p.host.Warn(words.Error(err))
		return false
	}
	return true
}

// test triggers a rule as its event would.
func (p *Page) test(r rule.Rule) {
	if err := p.core.TestRule(r); err != nil {
		p.host.Warn(words.Error(err))
		return
	}
	p.sayTest(r)
}

// fire presses the button of a rule.
func (p *Page) fire(r rule.Rule) {
	if err := p.core.Fire(r.ID); err != nil {
		p.host.Warn(words.Error(err))
	}
}

func (p *Page) sayTest(r rule.Rule) {
	p.host.Say(lang.L("Test of {{.Rule}} is under way. What it does is on the Live page.", map[string]any{"Rule": words.Clean(r.Name, 40)}))
}
