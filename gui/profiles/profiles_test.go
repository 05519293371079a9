package profiles

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/assets"
	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/profile/library"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/look/looktest"
	"github.com/livecue/livecue/gui/words"
)

// desk is the page over a real program with two profiles on the disk, "Day" in force and "Night". Its goroutines are run at once.
type desk struct {
	t       *testing.T
	app     *app.App
	lib     *library.Library
	page    *Page
	win     fyne.Window
	said    []string
	changed int
	listed  int
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	for _, name := range []string{"LANGUAGE", "LC_ALL", "LC_MESSAGES"} {
		t.Setenv(name, "")
	}
	t.Setenv("LANG", "en_US.UTF-8")
	if err := words.Load(assets.Translations()); err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, lib: library.New(library.Options{Dir: t.TempDir(), Data: t.TempDir()})}
	d.create("Night", profile.Server{Name: "skyblock", Address: "127.0.0.1:2"}, "Rose", rule.Trigger{Kind: rule.OnGift, GiftID: 5655, Gift: "Rose"})
	day := d.create("Day", profile.Server{Name: "minecraft", Address: "127.0.0.1:1"}, "Hi", rule.Trigger{Kind: rule.OnFollow})
	p, err := profile.Load(day.Path)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.lib.SetLast(day.ID); err != nil {
		t.Fatal(err)
	}
	d.app, err = app.New(app.Options{
		Log:     slog.New(slog.DiscardHandler),
		Profile: p, ProfilePath: day.Path, Library: d.lib,
		Secrets: profile.OpenSecrets(profile.SecretsOptions{File: filepath.Join(t.TempDir(), "secrets")}),
	})
	if err != nil {
		t.Fatal(err)
	}
	d.app.Start()
	t.Cleanup(func() {
		if err := d.app.Close(); err != nil {
			t.Error(err)
		}
	})
	test.NewTempApp(t)
	d.win = test.NewWindow(nil)
	t.Cleanup(d.win.Close)
	say := func(text string) { d.said = append(d.said, text) }
	run := func(work func(context.Context) error, done func(error)) { done(work(t.Context())) }
	d.page = NewPage(d.app, look.Host{Window: d.win, Run: run, Say: say, Warn: say})
	d.page.OnChanged = func() { d.changed++ }
	d.page.OnListed = func(n int) { d.listed = n }
	d.page.Templates = func() []Template {
		return []Template{{Name: "Two rules", Rules: []rule.Rule{soundRule("a", "A"), soundRule("b", "B")}}}
	}
	d.win.SetContent(d.page.Object())
	d.win.Resize(fyne.NewSize(1280, 720))
	d.page.SetInSight(true)
	return d
}

func soundRule(id, name string) rule.Rule {
	return rule.Rule{ID: id, Name: name, Trigger: rule.Trigger{Kind: rule.OnShare}, Actions: []action.Spec{{Sound: &action.Sound{File: "bundled:chime"}}}}
}

func (d *desk) create(name string, s profile.Server, ruleName string, tr rule.Trigger) library.Entry {
	d.t.Helper()
	r := rule.Rule{ID: strings.ToLower(ruleName), Name: ruleName, Trigger: tr, Actions: []action.Spec{{RCON: &action.RCON{Command: "say hi"}}}}
	e, err := d.lib.Create(name, profile.Profile{RCON: []profile.Server{s}, Rules: []rule.Rule{r}})
	if err != nil {
		d.t.Fatal(err)
	}
	return e
}

func (d *desk) top() fyne.CanvasObject { return looktest.Top(d.win) }

func (d *desk) press(text string) {
	d.t.Helper()
	looktest.Press(d.t, d.top(), text)
}

func (d *desk) mustShow(texts ...string) {
	d.t.Helper()
	for _, text := range texts {
		if !looktest.Shows(d.top(), text) {
			d.t.Errorf("%q is not to be seen; there is: %s", text, looktest.Texts(d.top()))
		}
	}
}

// mustSay checks the newest line that the window was told to show.
func (d *desk) mustSay(text string) {
	d.t.Helper()
	if len(d.said) == 0 || !strings.Contains(d.said[len(d.said)-1], text) {
		d.t.Errorf("%q was not said, but %q", text, d.said)
	}
}

// entry returns a profile as it is listed.
func (d *desk) entry(name string) library.Entry {
	d.t.Helper()
	e, err := d.lib.Find(name)
	if err != nil {
		d.t.Fatal(err)
	}
	return e
}

// file keeps data under a name, and returns its path.
func (d *desk) file(name string, data []byte) string {
	d.t.Helper()
	path := filepath.Join(d.t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		d.t.Fatal(err)
	}
	return path
}

func TestSwitchesBetweenProfiles(t *testing.T) {
	d := newDesk(t)
	d.mustShow("Day", "Night", "In force", "one rule")
	d.press("Switch to it")
	if d.app.Profile().Name != "Night" || d.changed != 1 || d.listed != 2 {
		t.Errorf("%q is in force, told %d times, of %d", d.app.Profile().Name, d.changed, d.listed)
	}
	d.mustSay("“Night” is in force now.")
}

func TestSwitchAsksAboutWhatWaits(t *testing.T) {
	for _, c := range []struct{ name, button string }{{"clear", "Clear them and switch"}, {"wait", "Wait, then switch"}, {"stay", "Do not switch"}} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			if err := d.app.TestRule(d.app.Profile().Rules[0]); err != nil {
				t.Fatal(err)
			}
			d.press("Switch to it")
			d.mustShow("Something still waits in the queue", "one action for minecraft")
			d.press(c.button)
			if c.name == "wait" {
				d.mustShow("LiveCue switches to “Night” when this is done", "one action for minecraft")
				d.app.ClearLane("rcon:minecraft")
				for d.app.Profile().Name != "Night" && d.page.waiting != nil {
					d.page.Tick()
				}
			}
			if got, want := d.app.Profile().Name == "Night", c.name != "stay"; got != want {
				t.Errorf("%q is in force", d.app.Profile().Name)
			}
		})
	}
}

func TestMakesDuplicatesRenamesAndDeletes(t *testing.T) {
	d := newDesk(t)
	d.press("New profile …")
	looktest.Entry(t, d.top(), "Name of the profile").SetText("Day")
	d.press("Create")
	d.mustShow("There is a profile called “Day” already.")
	looktest.Entry(t, d.top(), "Name of the profile").SetText("Show")
	looktest.Choice(t, d.top(), "Two rules").SetSelected("Two rules")
	d.press("Create")
	d.mustSay("“Show” is there.")
	made, err := profile.Load(d.entry("Show").Path)
	if err != nil || len(made.Rules) != 2 || made.RCON[0].Name != "minecraft" {
		t.Fatalf("got %+v, %v", made, err)
	}
	d.page.askDuplicate(d.entry("Show"))
	d.press("Duplicate")
	d.page.askRename(d.entry("Show (copy)"))
	looktest.Entry(t, d.top(), "Name of the profile").SetText("Other show")
	d.press("Rename")
	d.mustShow("Other show")
	d.page.askDelete(d.entry("Other show"))
	d.press("Delete")
	d.mustShow("Deleted", "Bring back …")
	d.page.askDelete(d.entry("Day"))
	d.press("Delete")
	d.mustSay("That profile is in use.")
	d.press("Bring back …")
	d.mustShow("Before the profile was deleted", "2 rules")
	d.press("Go back to it")
	d.press("Go back to it")
	if e := d.entry("Other show"); e.Rules != 2 {
		t.Errorf("it came back as %+v", e)
	}
}

func TestGoesBackToAnEarlierState(t *testing.T) {
	d := newDesk(t)
	p := d.app.Profile()
	p.Rules = append(p.Rules, soundRule("x", "Extra"))
	if err := d.app.SetProfile(p); err != nil {
		t.Fatal(err)
	}
	d.page.openStates("Day", "Day")
	d.mustShow("Before a rule was added: Extra")
	d.press("Go back to it")
	d.mustShow("What it is now is kept")
	d.press("Go back to it")
	if len(d.app.Profile().Rules) != 1 || d.changed != 1 {
		t.Errorf("got %+v", d.app.Profile().Rules)
	}
	d.page.openStates("Day", "Day")
	d.mustShow("Before an earlier state was brought back")
	d.press("Go back to it")
	d.press("Go back to it")
	if len(d.app.Profile().Rules) != 2 {
		t.Error("it cannot be undone")
	}
}

func TestExportsAndImports(t *testing.T) {
	d := newDesk(t)
	p := d.app.Profile()
	p.Rules = append(p.Rules, rule.Rule{ID: "wav", Name: "Own sound", Trigger: rule.Trigger{Kind: rule.OnShare}, Actions: []action.Spec{{Sound: &action.Sound{File: d.file("boom.wav", []byte("RIFF"))}}, {Sound: &action.Sound{File: "/none/gone.mp3"}}}})
	if err := d.app.SetProfile(p); err != nil {
		t.Fatal(err)
	}
	d.page.askExport(d.entry("Day"))
	d.mustShow("Passwords and keys are not in it.", "boom.wav", "travels with the profile", "gone.mp3", "Own sound · left out: it cannot be found")
	d.press("Cancel")
	path := filepath.Join(t.TempDir(), "Day.livecue")
	w, err := storage.Writer(storage.NewFileURI(path))
	if err != nil {
		t.Fatal(err)
	}
	d.page.export(d.entry("Day"), w)
	d.mustSay("The export is in " + path)

	d.page.Drop([]fyne.URI{storage.NewFileURI(path)})
	d.mustShow("“Day”: 2 rules, one sound or picture, one game server.", "Comes in (4)", "boom.wav", "Game server at 127.0.0.1:1", "Not taken (1)")
	d.press("Import")
	if e := d.entry("Day 2"); e.Rules != 2 {
		t.Errorf("got %+v", e)
	}
	d.page.Open(path)
	mode := looktest.All[*widget.RadioGroup](d.top())[0]
	mode.SetSelected(mode.Options[1])
	d.mustShow("Is made different (3)")
	d.press("Import")
	if got := d.app.Profile().Rules; len(got) != 4 || got[2].ID == got[0].ID {
		t.Errorf("got %+v", got)
	}
	d.mustSay("The rules are added to “Day”")
}

func TestExportThatFailsLeavesNoFile(t *testing.T) {
	d := newDesk(t)
	path := filepath.Join(t.TempDir(), "Day.livecue")
	w, err := storage.Writer(storage.NewFileURI(path))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil { // each write fails now
		t.Fatal(err)
	}
	d.page.export(d.entry("Day"), w)
	d.mustSay("The export was not saved")
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("a file is left: %v", err)
	}
}

func TestImportsActionsMCA(t *testing.T) {
	d := newDesk(t)
	path := d.file("actions.mca", []byte("5655:/summon chicken; $crazy\nfollow:/say hi\nno colon\n"))
	d.page.Open(path)
	d.mustShow("actions.mca: 2 rules do 2 of 3 commands.", "Rules (2)", "Not taken (2)", "Gift: Rose")
	mode := looktest.All[*widget.RadioGroup](d.top())[0]
	mode.SetSelected(mode.Options[1])
	d.press("Import")
	if got := d.app.Profile().Rules; len(got) != 3 {
		t.Errorf("got %+v", got)
	}
	o := &mcaOrigin{core: d.app, file: "actions.mca", text: "no colon\n5655:$crazy"}
	got, err := o.plan(choices{})
	if err != nil || len(got.tabs[1].lines) != 2 {
		t.Fatalf("got %+v, %v", got, err)
	}
	for i, want := range []string{"Line 1: no colon – There is no colon, so it is not clear what the trigger is.", "Line 2: $crazy – $crazy is a script of Tiktok2Mc’s own, which LiveCue cannot run."} {
		if l := got.tabs[1].lines[i]; l.title+" – "+l.detail != want {
			t.Errorf("got %q", l)
		}
	}
}

func TestHostileFilesAreRefusedInPlainWords(t *testing.T) {
	var bomb bytes.Buffer
	z := zip.NewWriter(&bomb)
	for name, size := range map[string]int{"profile.toml": 10, "files/a.wav": 40 << 20} {
		f, err := z.Create(name)
		if err == nil {
			_, err = f.Write(bytes.Repeat([]byte("#"), size))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"png.livecue":   {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "png.livecue: This file is no profile of LiveCue."},
		"bomb.livecue":  {bomb.Bytes(), "bomb.livecue: This file is not what LiveCue exports"},
		"empty.livecue": {nil, "empty.livecue: This file is no profile of LiveCue."},
		"cut.zip":       {bomb.Bytes()[:50], "cut.zip: This file is no profile of LiveCue."},
	} {
		d.page.Open(d.file(name, c.data))
		d.mustSay(c.want)
		if d.win.Canvas().Overlays().Top() != nil {
			t.Errorf("%s: something is shown: %s", name, looktest.Texts(d.top()))
		}
	}
	d.page.Open(t.TempDir())
	d.mustSay("That is no file.")
	d.page.Open(filepath.Join(t.TempDir(), "gone.livecue"))
	d.mustSay("The file is not there any more")
}

func TestLargeMCAIsShownAndBounded(t *testing.T) {
	d := newDesk(t)
	var text strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&text, "%d:/say %d\n", i+1, i%10)
	}
	d.page.Open(d.file("actions.mca", []byte(text.String())))
	d.mustShow("Rules (2\u202f000)", "Not taken (")
	d.press("Import")
	if e := d.entry("Tiktok2Mc"); e.Rules != 2000 {
		t.Errorf("got %+v", e)
	}
	d.page.Open(d.file("huge.mca", bytes.Repeat([]byte("1:/say hi\n"), 200_000)))
	d.mustShow("The file is larger than 1 MB")
	if !looktest.Button(t, d.top(), "Import").Disabled() {
		t.Error("nothing can be imported")
	}
}

func TestUnreadableProfileCanBeMended(t *testing.T) {
	d := newDesk(t)
	night := d.entry("Night")
	if err := d.lib.SetLast("Day"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.lib.Rename("Night", "Late"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(night.Path, []byte("version = 1\n[x"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.page.Load()
	d.mustShow("The profile cannot be read: ")
	d.press("Mend …")
	d.press("Go back to it")
	d.press("Go back to it")
	if e := d.entry("Night"); e.Problem != nil || e.Rules != 1 {
		t.Errorf("got %+v", e)
	}
}
