// Package profiles is the page with the user's profiles: which is in force, how to switch, how they travel to other computers and
// back, and the earlier states of each. What reads or writes files is done on goroutines of the host.
package profiles

import (
	"context"
	"io"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/mca"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/profile/library"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/core/source"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// Core is what the page needs of the program. All but Profile, ProfilePath, Lanes and Status use the disk, and may wait for a
// keyring: they are called from goroutines of their own. The methods are those of app.App.
type Core interface {
	Profile() profile.Profile
	ProfilePath() string
	Lanes() []queue.LaneStatus
	Status() source.Status

	SetProfile(p profile.Profile) error
	Profiles() ([]library.Entry, error)
	DeletedProfiles() ([]string, error)
	UseProfile(ref string) error
	ClearAndUse(ctx context.Context, ref string) error
	CreateProfile(name string, p profile.Profile) (library.Entry, error)
	DuplicateProfile(ref, name string) (library.Entry, error)
	RenameProfile(ref, name string) error
	DeleteProfile(ref string) error
	ProfileHistory(ref string) ([]library.State, error)
	RestoreBackup(ref, backup string) error
	ClearAndRestore(ctx context.Context, ref, backup string) error
	PlanExport(ref string) (library.Exported, error)
	ExportProfile(ref string, w io.Writer) (library.Exported, error)
	PreviewImport(r io.Reader) (*library.Preview, error)
	PlanImport(v *library.Preview, c library.Choices) (name string, changes []library.Change, err error)
	ImportProfile(v *library.Preview, c library.Choices) (library.Entry, []library.Change, error)
	PlanAdd(v *library.Preview, c library.Choices) ([]rule.Rule, []library.Change, error)
	AddImport(v *library.Preview, c library.Choices) ([]library.Change, error)
	PreviewMCA(text string, alerts bool) mca.Result
}

// shownName is how much of a profile's name is shown, in graphemes.
const shownName = 48

// Page lists the profiles. It belongs to the UI thread.
type Page struct {
	// OnChanged is called when another profile is in force, or the one in force has changed: all that shows it does so anew.
	OnChanged func()
	// OnListed is called with how many profiles there are.
	OnListed func(n int)
	// Templates are the sets of rules that a new profile can begin with.
	Templates func() []Template

	core Core
	host look.Host

	isInSight bool
	entries   []library.Entry
	deleted   []string
	waiting   *change // waits for the queue, or nil
	isBusy    bool

	banner *banner
	rows   *fyne.Container
	note   *widget.Label
	object fyne.CanvasObject
}

// Template is a set of rules to begin with, by its name in the user's language.
type Template struct {
	Name  string
	Rules []rule.Rule
}

// NewPage returns the page, empty until it is in sight.
func NewPage(core Core, host look.Host) *Page {
	p := &Page{core: core, host: host, rows: container.NewVBox(), note: look.NewHint("")}
	p.banner = newBanner(p.stopWaiting)
	open := widget.NewButtonWithIcon(lang.L("Import …"), theme.FolderOpenIcon(), p.askImport)
	add := widget.NewButtonWithIcon(lang.L("New profile …"), theme.ContentAddIcon(), p.askNew)
	add.Importance = widget.HighImportance
	head := container.New(look.Columns{Gap: 8, Cols: []look.Column{{Weight: 1}, {}, {}}}, look.NewTitle(lang.L("Profiles")), open, add)
	how := look.NewHint(lang.L("A profile holds all your rules and settings: have one for each game or show. To import one, drop its file on this window: an export of LiveCue, or actions.mca of Tiktok2Mc."))
	p.object = container.NewVScroll(look.Narrow(1080, container.NewVBox(head, how, p.banner.panel, p.rows, p.note)))
	p.note.Hide()
	return p
}

// Object is what to put into the window.
func (p *Page) Object() fyne.CanvasObject { return p.object }

// SetInSight says whether the page is shown; it is read anew each time that it comes.
func (p *Page) SetInSight(isInSight bool) {
	p.isInSight = isInSight
	if isInSight {
		p.Load()
	}
}

// Tick shows what the queue still has, while a switch waits for it.
func (p *Page) Tick() {
	if p.waiting == nil || !p.isInSight || p.isBusy {
		return
	}
	left := p.waiting.left(p.core.Lanes())
	p.banner.show(p.waiting, left)
	if len(left) == 0 {
		next := p.waiting
		p.stopWaiting()
		p.try(next)
	}
}

// Load reads the profiles and shows them.
func (p *Page) Load() {
	var entries []library.Entry
	var deleted []string
	p.host.Run(func(context.Context) (err error) {
		if entries, err = p.core.Profiles(); err != nil {
			return err
		}
		deleted, err = p.core.DeletedProfiles()
		return err
	}, func(err error) {
		look.SetText(p.note, words.Error(err), widget.DangerImportance)
		look.SetShown(p.note, err != nil)
		if err != nil {
			return
		}
		p.entries, p.deleted = entries, deleted
		p.show()
		if p.OnListed != nil {
			p.OnListed(len(entries))
		}
	})
}

func (p *Page) show() {
	p.rows.RemoveAll()
	now := time.Now()
	for _, e := range p.entries {
		p.rows.Add(p.row(e, now))
	}
	if len(p.deleted) > 0 {
		p.rows.Add(look.NewHeading(lang.L("Deleted")))
	}
	for _, id := range p.deleted {
		p.rows.Add(p.deletedRow(id))
	}
	p.rows.Refresh()
}

// isCurrent reports whether a profile is in force.
func (p *Page) isCurrent(e library.Entry) bool { return e.Path == p.core.ProfilePath() }

// changed shows the profiles anew, and lets the window show the one in force anew.
func (p *Page) changed() {
	p.Load()
	if p.OnChanged != nil {
		p.OnChanged()
	}
}

// nameOf returns a profile's name, fit to be shown.
func nameOf(e library.Entry) string { return words.Clean(e.Name, shownName) }
