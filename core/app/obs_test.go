package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sync/atomic"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/obs"
	"github.com/livecue/livecue/core/action/obs/obstest"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/rule"
)

const obsPassword = "open sesame"

// pauseRule switches to the scene Pause for a while.
func pauseRule(length time.Duration) rule.Rule {
	r := roseRule()
	r.Actions = []action.Spec{{OBS: &action.OBS{Do: action.OBSScene, Scene: "Pause", For: action.Duration(length)}}}
	return r
}

func hasLane(a *App, name string) (status queue.LaneStatus, ok bool) {
	for _, l := range a.Lanes() {
		if l.Lane == name {
			return l, true
		}
	}
	return status, false
}

func waitFor(t *testing.T, what string, isTrue func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !isTrue(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

// A job waits until the right password is typed in, is then done, and closing the program leaves OBS as it was.
func TestOBSJobsWaitForThePassword(t *testing.T) {
	s := obstest.Start(t, obstest.Options{Password: obsPassword})
	p := testProfile(pauseRule(time.Hour))
	p.OBS.Address = s.Addr
	secrets := &memorySecrets{kept: map[string]string{profile.KeyOBS(): "open barley"}}
	a := start(t, Options{Profile: p, Secrets: secrets})
	if _, ok := hasLane(a, obsLane); !ok {
		t.Error("OBS is not shown among the targets")
	}
	if err := a.TestRule(p.Rules[0]); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the lane is blocked", func() bool { l, _ := hasLane(a, obsLane); return l.Trouble != "" })
	if s.Live() != "Main" {
		t.Error("the scene was switched")
	}
	if err := a.SetSecret(profile.KeyOBS(), obsPassword); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the scene is switched", func() bool { return s.Live() == "Pause" })
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	if s.Live() != "Main" {
		t.Error("the scene was left switched")
	}
}

// Jobs of a rehearsal count as done and reach no OBS.
func TestRehearsalsLeaveOBSAlone(t *testing.T) {
	s := obstest.Start(t, obstest.Options{})
	p := testProfile(pauseRule(0))
	p.OBS.Address = s.Addr
	a := start(t, Options{Profile: p, Speed: 20})
	w := watch(t, a)
	if err := a.StartRehearsal(script(t, "seed 1\nlength 5s\nviewer pixel_pia \"Pixel Pia\"\nat 1s pixel_pia gifts Rose\n")); err != nil {
		t.Fatal(err)
	}
	got := w.until("the outcome", isReport("rose", action.Done))
	if got.Report.Reply != leftAlone || s.Live() != "Main" || s.Count("GetCurrentProgramScene") != 0 {
		t.Errorf("reply %q, %s is live", got.Report.Reply, s.Live())
	}
}

// Another address means another OBS: the one before is left as it was.
func TestOBSMoves(t *testing.T) {
	first, second := obstest.Start(t, obstest.Options{}), obstest.Start(t, obstest.Options{})
	p := testProfile(pauseRule(time.Hour))
	p.OBS.Address = first.Addr
	a := start(t, Options{Profile: p})
	test := func() {
		t.Helper()
		if err := a.TestRule(p.Rules[0]); err != nil {
			t.Fatal(err)
		}
	}
	test()
	waitFor(t, "the first is switched", func() bool { return first.Live() == "Pause" })
	p.OBS.PerMinute = 100 // no reason to leave it
	if err := a.SetProfile(p); err != nil {
		t.Fatal(err)
	}
	if first.Live() != "Pause" {
		t.Error("switched back for nothing")
	}
	p.OBS.Address = second.Addr
	if err := a.SetProfile(p); err != nil {
		t.Fatal(err)
	}
	if first.Live() != "Main" {
		t.Error("the first was left switched")
	}
	test()
	waitFor(t, "the second is switched", func() bool { return second.Live() == "Pause" })
	p.Rules = nil
	if err := a.SetProfile(p); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the lane is gone", func() bool {
		a.applyProfile() // the lane stays while its last job is being reported
		_, ok := hasLane(a, obsLane)
		return !ok
	})
}

func TestOBSIsTested(t *testing.T) {
	s := obstest.Start(t, obstest.Options{Password: obsPassword})
	secrets := &memorySecrets{kept: map[string]string{profile.KeyOBS(): obsPassword}}
	var told atomic.Int32
	p := testProfile()
	p.OBS.Address = s.Addr
	a := start(t, Options{Profile: p, Secrets: secrets, OnSecret: func(v string) {
		if v == obsPassword || v == "open barley" {
			told.Add(1)
		}
	}})
	for _, tt := range []struct {
		address, password string
		want              error
	}{
		{s.Addr, "", nil},
		{s.Addr, obsPassword, nil},
		{s.Addr, "open barley", obs.ErrPassword},
		{"127.0.0.1:1", "", obs.ErrUnreachable},
	} {
		info, err := a.TestOBS(t.Context(), profile.OBS{Address: tt.address}, tt.password)
		if !errors.Is(err, tt.want) || err == nil && info != (obs.Info{Version: "30.2.3", Scenes: 2}) {
			t.Errorf("%+v: got %+v, %v", tt, info, err)
		}
	}
	if told.Load() == 0 {
		t.Error("the password was not told of")
	}
	names, err := a.OBSNames(t.Context())
	if err != nil || len(names.Scenes) != 2 || names.Scenes[0] != "Main" || len(names.Sources["Pause"]) != 1 {
		t.Errorf("got %+v, %v", names, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := a.OBSNames(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, ok := hasLane(a, obsLane); ok {
		t.Error("OBS is shown among the targets, and no rule uses it")
	}
}

func TestUsesOBS(t *testing.T) {
	scene := action.Spec{OBS: &action.OBS{Do: action.OBSScene, Scene: "Pause"}}
	pool := action.Spec{Pool: &action.Pool{Choices: []action.Choice{{}, {Actions: []action.Spec{scene}}}}}
	for _, tt := range []struct {
		actions []action.Spec
		want    bool
	}{
		{nil, false},
		{[]action.Spec{{Sound: &action.Sound{}}}, false},
		{[]action.Spec{{Sound: &action.Sound{}}, scene}, true},
		{[]action.Spec{pool}, true},
	} {
		if got := usesOBS([]rule.Rule{{}, {Actions: tt.actions}}); got != tt.want {
			t.Errorf("%+v: got %v", tt.actions, got)
		}
	}
}

// What a killed LiveCue has left switched is switched back by the next one, once the password is right.
func TestOBSIsPutBackAfterAKill(t *testing.T) {
	s := obstest.Start(t, obstest.Options{Password: obsPassword})
	p := testProfile(pauseRule(time.Hour))
	p.OBS.Address = s.Addr
	folder := t.TempDir()
	secrets := &memorySecrets{kept: map[string]string{profile.KeyOBS(): obsPassword}}
	a := start(t, Options{Profile: p, Secrets: secrets, StorePath: filepath.Join(folder, "livecue.db")})
	if err := a.TestRule(p.Rules[0]); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the scene is switched", func() bool { return s.Live() == "Pause" })
	noted, err := os.ReadFile(filepath.Join(folder, "obs.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	// The rest of the hour is over, and OBS is as it was when these notes were taken.
	s.Switch("Pause")
	folder = t.TempDir()
	noted = regexp.MustCompile(`"due":"[^"]*"`).ReplaceAll(noted, fmt.Appendf(nil, `"due":%q`, time.Now().Format(time.RFC3339)))
	if err := os.WriteFile(filepath.Join(folder, "obs.json"), noted, 0o600); err != nil {
		t.Fatal(err)
	}
	secrets = &memorySecrets{kept: map[string]string{profile.KeyOBS(): "open barley"}}
	a = start(t, Options{Profile: p, Secrets: secrets, StorePath: filepath.Join(folder, "livecue.db")})
	waitFor(t, "it was tried", func() bool { return s.Refused() > 0 })
	if s.Live() != "Pause" {
		t.Error("switched without the password")
	}
	if err := a.SetSecret(profile.KeyOBS(), obsPassword); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "it is as it was", func() bool { return s.Live() == "Main" })
}
