package app

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/speech"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/rule"
)

// outletRule does one thing of each kind: it sends a request, makes a file and speaks.
func outletRule(t *testing.T, url string) (r rule.Rule, file string) {
	t.Helper()
	self, err := os.Executable() // a program that every system has: asked for no test and a profile, it makes a file
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "made")
	return rule.Rule{
		ID: "out", Name: "Out", Trigger: rule.Trigger{Kind: rule.OnFollow},
		Actions: []action.Spec{
			{HTTP: &action.HTTP{URL: url + "/lamp", Body: `{"by":"{user}"}`}},
			{Program: &action.Program{Path: self, Args: []string{"-test.run=^$", "-test.cpuprofile=" + file}}},
			{Speech: &action.Speech{Text: "{user} follows"}},
		},
	}, file
}

// needSpeech fails a test where the system cannot speak.
func needSpeech(t *testing.T, a *App) {
	t.Helper()
	if _, err := a.Voices(t.Context()); err != nil {
		t.Fatalf("%v; make test sees to it on Debian and Ubuntu", err)
	}
}

func isReportOf(kind action.Kind, state action.State) func(Update) bool {
	return func(u Update) bool {
		return u.Report != nil && u.Report.Job.Spec.Kind() == kind && u.Report.State == state
	}
}

func TestRequestsProgramsAndSpeech(t *testing.T) {
	bodies := make(chan string, 10)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		bodies <- string(body)
	}))
	defer s.Close()
	r, file := outletRule(t, s.URL)
	device := &loudspeaker{}
	p := testProfile(r)
	p.Speech = profile.Speech{Rate: 300, Blocked: []string{"follows"}}
	a := start(t, Options{Profile: p, Device: device})
	needSpeech(t, a)
	w := watch(t, a)
	if err := a.TestRule(r); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []action.Kind{action.KindHTTP, action.KindProgram, action.KindSpeech} {
		u := w.until("the "+string(kind), isReportOf(kind, action.Done))
		if reply := u.Report.Reply; kind == action.KindSpeech && (reply == "" || strings.Contains(reply, "follows")) {
			t.Errorf("it said %q", reply)
		}
	}
	if body := <-bodies; !strings.HasPrefix(body, `{"by":"`) || body == `{"by":""}` {
		t.Errorf("the server got %s", body)
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
	if device.heard.Load() < 1000 {
		t.Errorf("%d frames were heard", device.heard.Load())
	}
}

// A rehearsal must not switch the lamp.
func TestARehearsalReachesNothingOutside(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") }))
	defer s.Close()
	r, file := outletRule(t, s.URL)
	a := start(t, Options{Profile: testProfile(r), Device: &loudspeaker{}, Speed: 20})
	needSpeech(t, a)
	w := watch(t, a)
	if err := a.StartRehearsal(script(t, "seed 1\nlength 5s\nviewer pixel_pia \"Pixel Pia\"\nat 1s pixel_pia follows\n")); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []action.Kind{action.KindHTTP, action.KindProgram, action.KindSpeech} {
		u := w.until("the "+string(kind), isReportOf(kind, action.Done))
		if kind != action.KindSpeech && !strings.Contains(u.Report.Reply, "rehearsal") {
			t.Errorf("%s says %q", kind, u.Report.Reply)
		}
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the program ran: %v", err)
	}
}

func TestPreviewSpeechCanBeStopped(t *testing.T) {
	for name, stop := range map[string]func(*App){"stop": (*App).StopSounds, "panic stop": (*App).PanicStop} {
		device := &loudspeaker{} // of its own: nothing of an earlier text is heard on it
		a := start(t, Options{Profile: testProfile(), Device: device})
		needSpeech(t, a)
		done := make(chan error, 1)
		go func() {
			done <- a.PreviewSpeech(t.Context(), action.Speech{Text: strings.Repeat("a long story ", 20)}, action.Fields{})
		}()
		eventually(t, "the speech", func() bool { return device.heard.Load() > 0 })
		stop(a)
		if err := <-done; !errors.Is(err, speech.ErrStopped) {
			t.Errorf("%s: %v", name, err)
		}
		if isPaused(a.Lanes(), soundLane) != (name == "panic stop") {
			t.Errorf("%s: the lanes are %+v", name, a.Lanes())
		}
	}
}

func isPaused(lanes []queue.LaneStatus, name string) bool {
	for _, l := range lanes {
		if l.Lane == name {
			return l.Paused
		}
	}
	return false
}

func TestSpeechEndsWithTheApp(t *testing.T) {
	device := &loudspeaker{}
	a := start(t, Options{Profile: testProfile(), Device: device})
	needSpeech(t, a)
	done := make(chan error, 1)
	go func() {
		done <- a.PreviewSpeech(t.Context(), action.Speech{Text: strings.Repeat("a long story ", 20)}, action.Fields{})
	}()
	eventually(t, "the speech", func() bool { return device.heard.Load() > 0 })
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	if err := <-done; err == nil {
		t.Error("it was spoken to its end")
	}
}
