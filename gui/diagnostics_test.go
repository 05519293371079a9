package gui

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/gui/look/looktest"
)

func TestDiagnosticsAreReachedFromTheSettings(t *testing.T) {
	r := newRig(t, func(c *fakeCore, o *Options) {
		c.haveDiagnostics()
		diagnosable(o)
		o.Crash, o.Page = nil, PageSettings
	})
	r.mustNotShow("ended unexpectedly")
	r.press("Diagnostics")
	if r.w.page != PageDiagnostics || !r.w.nav[PageDiagnostics].Chosen() {
		t.Errorf("page %q", r.w.page)
	}
	r.mustShow("What was lost, and what it cost")
	r.until("the journal's size", func() bool { return looktest.Shows(r.top(), "The file is not there any more") })
}

// withCrash shows a window that tells of a crash, and counts the answers.
func withCrash(t *testing.T, answered *atomic.Int32, answer error) *rig {
	return newRig(t, func(_ *fakeCore, o *Options) {
		diagnosable(o)
		o.Crash.Answer = func() error {
			answered.Add(1)
			return answer
		}
	})
}

func TestACrashIsToldOfUntilItIsDismissed(t *testing.T) {
	var answered atomic.Int32
	r := withCrash(t, &answered, nil)
	r.mustShow("LiveCue ended unexpectedly on " + r.w.opts.Crash.At.Local().Format("2006-01-02") + " at ")
	r.w.show(PageRules)
	r.mustShow("ended unexpectedly")
	r.press("Show")
	r.untilShows("What LiveCue said as it ended")
	r.mustShow("panic: the roof fell in")
	r.press("Copy")
	if got := fyne.CurrentApp().Clipboard().Content(); !strings.HasPrefix(got, "panic: the roof fell in\n\ngoroutine 7 [running]:\n") {
		t.Errorf("copied %q", got)
	}
	r.press("Close")
	if r.mustShow("ended unexpectedly"); answered.Load() != 0 {
		t.Error("reading it is no answer")
	}
	r.press("Dismiss")
	r.mustNotShow("ended unexpectedly")
	r.until("the answer", func() bool { return answered.Load() == 1 })
}

func TestACrashThatCannotBeReadOrAnsweredIsSaid(t *testing.T) {
	var answered atomic.Int32
	r := withCrash(t, &answered, errors.New("read-only file system"))
	r.w.opts.Crash.Excerpt = func(context.Context) (string, error) { return "", errors.New("the file is gone") }
	r.press("Show")
	r.untilShows("the file is gone")
	r.press("Dismiss")
	r.untilShows("LiveCue may ask again at the next start: read-only file system")
}

func TestACrashIsAnsweredByAReport(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	var answered atomic.Int32
	r := withCrash(t, &answered, nil)
	r.press("Save report …")
	r.press("Cancel")
	if r.mustShow("ended unexpectedly"); answered.Load() != 0 {
		t.Error("a report that was not saved is no answer")
	}
	r.press("Save report …")
	for _, e := range looktest.All[*widget.Entry](r.top()) {
		e.SetText("mine.zip")
	}
	test.Tap(looktest.Button(t, r.top(), "Save"))
	r.untilShows("The report is in " + filepath.Join(home, "mine.zip"))
	r.mustNotShow("ended unexpectedly")
	if data, err := os.ReadFile(filepath.Join(home, "mine.zip")); err != nil || string(data) != "PK, as it were" {
		t.Errorf("%q, %v", data, err)
	}
	r.until("the answer", func() bool { return answered.Load() == 1 })
}
