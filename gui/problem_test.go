package gui

import (
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/gui/look/looktest"
)

// browserApp notes what it is asked to open.
type browserApp struct {
	fyne.App
	opened []string
	err    error
}

func (a *browserApp) OpenURL(u *url.URL) error {
	a.opened = append(a.opened, u.String())
	return a.err
}

// newProblem shows the window of a problem in Fyne's test driver.
func newProblem(t *testing.T, locale string, problem error) (*browserApp, fyne.Window) {
	t.Helper()
	useLanguage(t, locale)
	a := &browserApp{App: test.NewTempApp(t)}
	win := test.NewWindow(nil)
	win.SetContent(newProblemPage(a, win, problem))
	t.Cleanup(func() {
		if slices.Contains(fyne.CurrentApp().Driver().AllWindows(), win) {
			win.Close()
		}
	})
	return a, win
}

func TestProblemWithProfileSaysCauseAndRemedy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "profile.toml")
	if err := os.WriteFile(path, []byte("version = 1\n[tiktok\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, problem := profile.Load(path)
	a, win := newProblem(t, "en_US.UTF-8", problem)
	for _, want := range []string{"LiveCue cannot read your profile", path, "Line 2: ", "does not overwrite it", "backups"} {
		if !looktest.Shows(win.Content(), want) {
			t.Errorf("%q is not to be seen: %s", want, looktest.Texts(win.Content()))
		}
	}
	looktest.Press(t, win.Content(), "Copy path")
	if got := a.Clipboard().Content(); got != path {
		t.Errorf("copied %q", got)
	}
	looktest.Press(t, win.Content(), "Open folder")
	if want := fileURL(filepath.Dir(path)).String(); len(a.opened) != 1 || a.opened[0] != want {
		t.Errorf("opened %q, want %q", a.opened, want)
	}
	a.err = errors.New("no file manager")
	looktest.Press(t, win.Content(), "Open folder")
	if !looktest.Button(t, win.Content(), "The folder cannot be opened").Disabled() {
		t.Error("what failed can be pressed again")
	}
	isClosed := false
	win.SetOnClosed(func() { isClosed = true })
	looktest.Press(t, win.Content(), "Close")
	if !isClosed {
		t.Error("it does not close")
	}
}

func TestProblemsOfOtherKinds(t *testing.T) {
	_, missing := profile.Load(filepath.Join(t.TempDir(), "none.toml"))
	_, folder := profile.Load(t.TempDir())
	tests := map[string]struct {
		locale  string
		problem error
		want    string
	}{
		"missing":     {"en_US.UTF-8", missing, "There is no such file."},
		"missing, de": {"de_DE.UTF-8", missing, "Diese Datei gibt es nicht."},
		"folder":      {"en_US.UTF-8", folder, "It cannot be used: is not a file."},
		"may not":     {"en_US.UTF-8", &profile.FileError{Path: "/p", Reason: "cannot be read", Err: os.ErrPermission}, "LiveCue may not read it."},
		"no file":     {"en_US.UTF-8", errors.New("the disk is on fire"), "the disk is on fire"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, win := newProblem(t, tt.locale, tt.problem)
			if !looktest.Shows(win.Content(), tt.want) {
				t.Errorf("%q is not to be seen: %s", tt.want, looktest.Texts(win.Content()))
			}
		})
	}
}

func TestFileURL(t *testing.T) {
	for path, want := range map[string]string{"/home/pia": "file:///home/pia", "/home/pia/Meine Rollen #1": "file:///home/pia/Meine%20Rollen%20%231"} {
		if got := fileURL(path).String(); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}
