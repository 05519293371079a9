package gui

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/profile/library"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/look/looktest"
)

// newLibraryRig shows a window over a real program with two profiles on the disk, "Day" in force and "Night".
func newLibraryRig(t *testing.T) (*rig, *app.App, *library.Library) {
	t.Helper()
	l := library.New(library.Options{Dir: t.TempDir(), Data: t.TempDir()})
	p := looktest.ExampleProfile()
	for _, name := range []string{"Night", "Day"} {
		if _, err := l.Create(name, p); err != nil {
			t.Fatal(err)
		}
	}
	p.Name = "Day"
	var a *app.App
	r := newRig(t, func(_ *fakeCore, o *Options) {
		var err error
		a, err = app.New(app.Options{
			Profile: p, ProfilePath: filepath.Join(l.Dir(), "Day.toml"), Library: l, Log: slog.New(slog.DiscardHandler),
			Secrets: profile.OpenSecrets(profile.SecretsOptions{File: filepath.Join(t.TempDir(), "secrets")}),
		})
		if err != nil {
			t.Fatal(err)
		}
		a.Start()
		t.Cleanup(func() {
			if err := a.Close(); err != nil {
				t.Error(err)
			}
		})
		o.Core, o.Page = a, PageProfiles
	})
	return r, a, l
}

func TestUndoDoesNotReachAcrossASwitch(t *testing.T) {
	r, a, l := newLibraryRig(t)
	r.untilShows("Switch to it")
	r.w.show(PageRules)
	test.Tap(looktest.All[*look.Toggle](r.top())[0])
	if !a.Profile().Rules[0].Off {
		t.Fatal("the first rule is not switched off")
	}
	r.w.show(PageProfiles)
	r.untilShows("Switch to it")
	r.press("Switch to it")
	r.untilShows("“Night” is in force now.")
	r.w.show(PageRules)
	r.win.Canvas().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutUndo{})
	saved, err := profile.Load(filepath.Join(l.Dir(), "Day.toml"))
	if err != nil || !saved.Rules[0].Off {
		t.Errorf("Day has changed: %+v, %v", saved.Rules[0], err)
	}
	if p := a.Profile(); p.Name != "Night" || p.Rules[0].Off {
		t.Errorf("%q has changed: %+v", p.Name, p.Rules[0])
	}
	test.Tap(looktest.All[*look.Toggle](r.top())[0])
	r.win.Canvas().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutUndo{})
	if a.Profile().Rules[0].Off {
		t.Error("what is changed after the switch cannot be undone")
	}
	if r.win.Title() != "Night · LiveCue" || r.w.header.profile.Text != "Night" || !r.w.header.profile.Visible() {
		t.Errorf("the window is called %q, the header says %q", r.win.Title(), r.w.header.profile.Text)
	}
}

func TestDroppedFileIsPreviewed(t *testing.T) {
	r, _, _ := newLibraryRig(t)
	r.w.show(PageLive)
	path := filepath.Join(t.TempDir(), "actions.mca")
	if err := os.WriteFile(path, []byte("5655:/say hi\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.w.dropped([]fyne.URI{storage.NewFileURI(path)})
	r.untilShows("actions.mca: one rule do 1 of 1 commands.")
	if r.w.page != PageProfiles {
		t.Errorf("the page is %q", r.w.page)
	}
}

func TestHeaderLeadsToTheProfiles(t *testing.T) {
	r, _, _ := newLibraryRig(t)
	r.w.show(PageLive)
	r.until("the profile's name", func() bool { return r.w.header.profile.Visible() })
	r.press("Day")
	r.untilShows("New profile …")
}

// broken is a library whose only profile cannot be read, with two earlier states.
func broken(t *testing.T) (*library.Library, library.Entry) {
	t.Helper()
	l := library.New(library.Options{Dir: t.TempDir(), Data: t.TempDir()})
	e, err := l.Create("Day", looktest.ExampleProfile())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Show", "Day"} {
		if _, err := l.Rename(e.ID, name); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(e.Path, []byte("version = 1\nname = \"Day\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	e, err = l.Find(e.ID)
	if err != nil {
		t.Fatal(err)
	}
	return l, e
}

func TestRescueOffersWaysOut(t *testing.T) {
	useLanguage(t, "en_US.UTF-8")
	for _, button := range []string{"Go back to it", "Begin with an empty profile", "Mended: try again"} {
		t.Run(button, func(t *testing.T) {
			l, e := broken(t)
			states, err := l.History(e.ID)
			if err != nil {
				t.Fatal(err)
			}
			_, problem := profile.Load(e.Path)
			fe := problem.(*profile.FileError) //nolint:errorlint // Load returns nothing else
			a := test.NewTempApp(t)
			win := test.NewWindow(nil)
			t.Cleanup(win.Close)
			todo := make(chan func())
			var begun bool
			page := newRescuePage(t.Context(), a, win, func(f func()) { todo <- f }, Rescue{
				Problem: fe, States: states,
				Restore: func(backup string) error { _, err := l.RestoreBackup(e.ID, backup); return err },
				Empty:   func() error { return profile.Replace(e.Path, profile.Profile{Name: e.Name}) },
				Begin: func() (Begun, error) {
					_, err := profile.Load(e.Path)
					return Begun{}, err
				},
			})
			page.begun = func(Begun) { begun = true }
			win.SetContent(page.object)
			win.Resize(fyne.NewSize(900, 620))
			for _, want := range []string{e.Path, "Line 2:", "Before it got another name", "7 rules", "[Quit]"} {
				if !looktest.Shows(win.Content(), want) {
					t.Errorf("%q is not to be seen: %s", want, looktest.Texts(win.Content()))
				}
			}
			looktest.Press(t, win.Content(), button)
			(<-todo)()
			page.tasks.wait()
			if want := button != "Mended: try again"; begun != want || page.failed.Visible() == want {
				t.Errorf("begun: %v, %q", begun, page.failed.Text)
			}
			kept, err := filepath.Glob(filepath.Join(l.Dir(), "backups", "*.broken.toml"))
			if err != nil || begun && len(kept) != 1 {
				t.Errorf("the broken file is not kept: %q, %v", kept, err)
			}
		})
	}
}
