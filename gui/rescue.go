package gui

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/profile/library"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/profiles"
	"github.com/livecue/livecue/gui/words"
)

// Rescue is what can be done about a profile that the program cannot begin with. Its functions use the disk: they are called from
// goroutines of the window.
type Rescue struct {
	// Problem is why it cannot be read.
	Problem *profile.FileError
	// States are its earlier ones; Restore brings one of them back.
	States  []library.State
	Restore func(backup string) error
	// Empty puts the file away and begins a profile without rules in its place.
	Empty func() error
	// Others are further profiles that can be read; Use takes one of them from now on.
	Others []library.Entry
	Use    func(id string) error
	// Begin starts the program.
	Begin func() (Begun, error)
}

// Begun is a program that has been started.
type Begun struct {
	Core        Core
	JournalFile string
}

// Run shows what is wrong with the profile, and becomes the program's window when the user has chosen a way out. It blocks and returns
// as gui.Run does; opts need no Core. It must be called from the main goroutine.
func (r Rescue) Run(ctx context.Context, opts Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	a, win, err := openWindow(opts)
	if err != nil {
		return err
	}
	a.Settings().SetTheme(themeOf(opts.Theme))
	var w *window
	page := newRescuePage(ctx, a, win, fyne.Do, r)
	page.begun = func(b Begun) {
		opts.Core, opts.JournalFile = b.Core, b.JournalFile
		w = newWindow(ctx, a, win, fyne.Do, opts)
		win.Resize(firstSize(a.Preferences(), opts))
		w.run()
	}
	win.SetContent(page.object)
	win.Resize(fyne.NewSize(900, 620))
	win.CenterOnScreen()
	if err := show(win); err != nil {
		return err
	}
	loop(ctx, a)
	cancel()
	page.tasks.wait()
	if w != nil {
		w.close()
	}
	return nil
}

// rescuePage is the content of that window at first.
type rescuePage struct {
	rescue Rescue
	tasks  *tasks
	// begun is called with the program that was started.
	begun func(Begun)

	failed  *widget.Label
	choices *fyne.Container
	object  fyne.CanvasObject
}

func newRescuePage(ctx context.Context, a fyne.App, win fyne.Window, do func(func()), r Rescue) *rescuePage {
	p := &rescuePage{rescue: r, tasks: &tasks{ctx: ctx, do: do}, failed: look.NewProse("")}
	p.failed.Hide()
	path := look.NewStrong(r.Problem.Path)
	path.Truncation, path.Wrapping = fyne.TextTruncateOff, fyne.TextWrapBreak
	trouble := words.FileTrouble(r.Problem)
	file := fileButtons(a, r.Problem.Path)
	file.Add(widget.NewButtonWithIcon(lang.L("Mended: try again"), theme.ViewRefreshIcon(), func() { p.try(func() error { return nil }) }))
	icon := container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(32), widget.NewIcon(look.Tint(theme.WarningIcon(), theme.ColorNameWarning))))
	title := container.NewHBox(look.Gap(2, 0), icon, look.NewTitle(lang.L("LiveCue cannot read your profile")))
	hint := look.NewHint(lang.L("Choose how to go on. Whatever you choose, the file as it is now is kept in the folder “backups” beside it."))
	head := container.NewVBox(title, path, look.NewProse(trouble.Cause), look.Inset(file), p.failed, hint, look.NewHeading(lang.L("Go back to an earlier state")))
	states := profiles.NewStates(r.States, func(s library.State) { p.try(func() error { return r.Restore(s.Backup.Name) }) })
	p.choices = container.NewHBox(p.otherWays()...)
	p.choices.Add(layout.NewSpacer())
	p.choices.Add(widget.NewButton(lang.L("Quit"), win.Close))
	p.object = look.Pad(10, 12, container.NewBorder(head, look.Pad(8, 8, p.choices), nil, nil, look.Inset(states)))
	return p
}

// otherWays are the buttons for going on without an earlier state. Of several other profiles one is chosen from a list.
func (p *rescuePage) otherWays() []fyne.CanvasObject {
	ways := []fyne.CanvasObject{widget.NewButton(lang.L("Begin with an empty profile"), func() { p.try(p.rescue.Empty) })}
	if len(p.rescue.Others) == 0 {
		return ways
	}
	names := make([]string, len(p.rescue.Others))
	for i, e := range p.rescue.Others {
		names[i] = words.Clean(e.Name, 40)
	}
	other := widget.NewSelect(names, nil)
	other.PlaceHolder = lang.L("Use another profile …")
	other.OnChanged = func(string) {
		i := other.SelectedIndex()
		p.try(func() error { return p.rescue.Use(p.rescue.Others[max(i, 0)].ID) })
	}
	return append(ways, other)
}

// try does something about the profile and starts the program. The page stays where that fails.
func (p *rescuePage) try(first func() error) {
	if p.begun == nil {
		return
	}
	begun := p.begun
	p.begun = nil // until this is over, nothing else is begun
	var started Begun
	p.tasks.run(func(context.Context) (err error) {
		if err = first(); err == nil {
			started, err = p.rescue.Begin()
		}
		return err
	}, func(err error) {
		if err == nil {
			begun(started)
			return
		}
		p.begun = begun
		look.SetText(p.failed, rescueFailed(err), widget.DangerImportance)
		p.failed.Show()
	})
}

// rescueFailed says why it is not better yet.
func rescueFailed(err error) string {
	var file *profile.FileError
	if errors.As(err, &file) {
		return words.FileTrouble(file).Cause
	}
	return words.Error(err)
}
