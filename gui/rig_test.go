package gui

import (
	"context"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"go.uber.org/goleak"

	"github.com/livecue/livecue/assets"
	"github.com/livecue/livecue/gui/look/looktest"
	"github.com/livecue/livecue/gui/words"
)

// rig is a window over a fake core, in Fyne's test driver. The test's goroutine is the UI thread: what the window's own
// goroutines have for it waits in a channel until the test looks.
type rig struct {
	t    *testing.T
	core *fakeCore
	win  fyne.Window
	w    *window
	todo chan func()
	// isClosed is set when the window was closed.
	isClosed bool
}

// useLanguage makes the window speak a language, whatever the machine's is.
func useLanguage(t *testing.T, locale string) {
	t.Helper()
	for _, name := range []string{"LANGUAGE", "LC_ALL", "LC_MESSAGES"} {
		t.Setenv(name, "")
	}
	t.Setenv("LANG", locale)
	if err := words.Load(assets.Translations()); err != nil {
		t.Fatal(err)
	}
}

// newRig shows a window. prepare may change the core and the options before.
func newRig(t *testing.T, prepare func(*fakeCore, *Options)) *rig {
	t.Helper()
	useLanguage(t, "en_US.UTF-8")
	return newRigHere(t, prepare)
}

func newRigHere(t *testing.T, prepare func(*fakeCore, *Options)) *rig {
	t.Helper()
	// Fyne keeps goroutines of its own for as long as the process lives.
	leaks := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, leaks) })
	r := &rig{t: t, core: newFakeCore(), todo: make(chan func())}
	a := test.NewTempApp(t)
	opts := Options{Core: r.core, Version: "1.2.3"}
	if prepare != nil {
		prepare(r.core, &opts)
	}
	ctx, cancel := context.WithCancel(context.Background())
	do := func(f func()) {
		select {
		case r.todo <- f:
		case <-ctx.Done():
		}
	}
	r.win = test.NewWindow(nil)
	r.win.SetOnClosed(func() { r.isClosed = true })
	r.w = newWindow(ctx, a, r.win, do, opts)
	r.win.Resize(fyne.NewSize(1280, 720))
	r.w.run()
	t.Cleanup(func() {
		cancel()
		r.w.close()
		r.core.StopRehearsal()
		if !r.isClosed {
			r.win.Close()
		}
	})
	return r
}

// until runs what the window's goroutines want of the UI thread until cond holds.
func (r *rig) until(what string, cond func() bool) {
	r.t.Helper()
	deadline := time.After(30 * time.Second)
	for !cond() {
		select {
		case f := <-r.todo:
			f()
		case <-deadline:
			r.t.Fatalf("never came: %s; there is: %s", what, looktest.Texts(r.top()))
		}
	}
}

// top is what the user can reach.
func (r *rig) top() fyne.CanvasObject { return looktest.Top(r.win) }

func (r *rig) press(text string) {
	r.t.Helper()
	looktest.Press(r.t, r.top(), text)
}

func (r *rig) mustShow(text string) {
	r.t.Helper()
	if !looktest.Shows(r.top(), text) {
		r.t.Fatalf("%q is not to be seen; there is: %s", text, looktest.Texts(r.top()))
	}
}

func (r *rig) mustNotShow(text string) {
	r.t.Helper()
	if looktest.Shows(r.top(), text) {
		r.t.Fatalf("%q is to be seen: %s", text, looktest.Texts(r.top()))
	}
}

// untilShows waits until the text is to be seen.
func (r *rig) untilShows(text string) {
	r.t.Helper()
	r.until(text, func() bool { return looktest.Shows(r.top(), text) })
}
