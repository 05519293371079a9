package app

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/replay"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/core/stats"
)

func TestAnEveningIsPlayedAgain(t *testing.T) {
	practised, other := practiceGame(t), practiceGame(t)
	p := testProfile(roseRule())
	p.RCON[0].Address = practised.Addr()
	second := p.RCON[0]
	second.Name, second.Address = "test", other.Addr()
	p.RCON = append(p.RCON, second)
	secrets := &memorySecrets{kept: map[string]string{profile.KeyRCON("minecraft"): "right", profile.KeyRCON("test"): "right"}}
	a := start(t, Options{Profile: p, Secrets: secrets, Device: &loudspeaker{}, StorePath: filepath.Join(t.TempDir(), "livecue.db")})
	a.Bus().Emit(event.Connected{Head: event.Head{ID: "c", At: time.Now(), Source: "tiktok", Room: "1"}, Handle: "testy_tom"})
	for i := range 5 {
		a.Bus().Emit(oneRose(fmt.Sprint("g", i), 2))
	}
	eventually(t, "the evening is done", func() bool { return a.queue.Pending() == 0 && practised.Count() > 0 })
	if err := a.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	commands := practised.Count()
	sessions, err := a.Sessions(t.Context(), 0, 10)
	if err != nil || len(sessions) != 1 || sessions[0].Total.Gifts != 10 || sessions[0].Handle != "testy_tom" {
		t.Fatalf("%+v %v", sessions, err)
	}
	before, err := a.Statistics(t.Context(), stats.Query{})
	if err != nil || len(before.Rules) != 1 || before.Rules[0].Fired != 5 || before.Rules[0].Done != 15 {
		t.Fatalf("%+v %v", before, err)
	}

	done := func(opts Replay) ReplayStatus {
		t.Helper()
		if err := a.StartReplay(t.Context(), opts); err != nil {
			t.Fatal(err)
		}
		<-a.ReplayOver()
		st, ok := a.ReplayStatus()
		if !ok || st.IsOn || st.Error != "" || st.State != replay.Over {
			t.Fatalf("%+v", st)
		}
		return st
	}
	dry := done(Replay{Session: 1})
	if dry.Report.Rules[0].Fired != 5 || dry.Report.Jobs != 15 || len(dry.Report.Firings) != 5 || dry.Events != 6 {
		t.Errorf("%+v", dry.Report)
	}
	file := filepath.Join(t.TempDir(), "evening.jsonl")
	if err := a.SaveRecording(t.Context(), 1, file, true); err != nil {
		t.Fatal(err)
	}
	if practised.Count() != commands || a.queue.Pending() != 0 {
		t.Error("a dry replay has effects")
	}

	w := watch(t, a)
	wet := done(Replay{File: file, WithEffects: true, Server: "test", Lanes: []string{"rcon:test"}})
	eventually(t, "the test server has had it", func() bool { return a.queue.Pending() == 0 && other.Count() == commands })
	if practised.Count() != commands || wet.HeldBack != 5 {
		t.Errorf("the show's server was met, or %d held back", wet.HeldBack)
	}
	w.until("a replayed gift", func(u Update) bool { return u.Entry != nil && u.Entry.Replayed && len(u.Entry.Jobs) == 2 })
	w.until("its job", func(u Update) bool {
		return u.Report != nil && u.Report.Job.Replayed && u.Report.State == action.Done && u.Report.Job.Fields.User == "viewer_00001"
	})
	after, err := a.Statistics(t.Context(), stats.Query{})
	if err != nil || after.Total != before.Total || after.Rules[0] != before.Rules[0] {
		t.Errorf("the replay counts: %+v %v", after, err)
	}
	if history, _, err := a.History(t.Context(), 0, 100); err != nil || len(history) != 15 {
		t.Errorf("the history has %d: %v", len(history), err)
	}
	if d := a.Diagnostics(); d.Rules[0].Done != 15 {
		t.Errorf("the diagnostics: %+v", d.Rules)
	}
	data, err := a.StatisticsCSV(t.Context(), stats.Query{}, stats.TableSessions, stats.CSV{ForExcel: true})
	if err != nil || !bytes.HasPrefix(data, []byte("\uFEFFsession,")) || !strings.Contains(string(data), "testy_tom") {
		t.Errorf("%q %v", data, err)
	}
}

func TestAReplayGivesWayToTheShow(t *testing.T) {
	practised := practiceGame(t)
	p := testProfile(roseRule())
	p.RCON[0].Address = practised.Addr()
	a := start(t, Options{
		Profile: p, Device: &loudspeaker{}, Speed: 20, StorePath: filepath.Join(t.TempDir(), "livecue.db"),
		Secrets: &memorySecrets{kept: map[string]string{profile.KeyRCON("minecraft"): "right"}},
	})
	if err := a.PauseReplay(); !errors.Is(err, ErrNoReplay) {
		t.Error(err)
	}
	a.Bus().Emit(oneRose("a", 2))
	eventually(t, "the gift is done", func() bool { return practised.Count() > 0 && a.queue.Pending() == 0 })
	a.PauseLane("rcon:minecraft")
	if err := a.StartReplay(t.Context(), Replay{Session: 1, WithEffects: true}); err != nil {
		t.Fatal(err)
	}
	<-a.ReplayOver()
	if a.queue.Pending() == 0 {
		t.Error("nothing of the replay waits")
	}
	path := script(t, "seed 1\nlength 60s\nviewer pixel_pia \"Pixel Pia\"\nat 1s pixel_pia follows\n")
	if err := a.StartRehearsal(path); err != nil { // for which nothing must wait
		t.Fatal(err)
	}
	if err := a.StartReplay(t.Context(), Replay{Session: 1}); !errors.Is(err, ErrLive) {
		t.Error(err)
	}
	a.StopRehearsal()
	for _, opts := range []Replay{{Session: 77}, {File: path}, {Session: 1, Speed: 100}, {Session: 1, Server: "none"}} {
		if err := a.StartReplay(t.Context(), opts); err == nil {
			t.Errorf("%+v was played", opts)
		}
	}
}

func TestConnectingAndAPanicStopEndAReplay(t *testing.T) {
	practised := practiceGame(t)
	p := testProfile(roseRule())
	p.RCON[0].Address = practised.Addr()
	p.TikTok = profile.TikTok{Handle: "testy_tom", Door: profile.DoorTikFinity, TikFinityURL: "ws://127.0.0.1:1/"}
	a := start(t, Options{
		Profile: p, Device: &loudspeaker{}, StorePath: filepath.Join(t.TempDir(), "livecue.db"),
		Secrets: &memorySecrets{kept: map[string]string{profile.KeyRCON("minecraft"): "right"}},
	})
	a.Bus().Emit(oneRose("a", 2))
	eventually(t, "the gift is done", func() bool { return practised.Count() > 0 && a.queue.Pending() == 0 })
	if err := a.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	played := func() {
		t.Helper()
		a.PauseLane("rcon:minecraft")
		if err := a.StartReplay(t.Context(), Replay{Session: 1, WithEffects: true, Speed: 1}); err != nil {
			t.Fatal(err)
		}
		eventually(t, "its jobs wait", func() bool { return a.queue.Pending() > 0 })
	}
	commands := practised.Count()
	played()
	a.PanicStop()
	eventually(t, "the panic stop has ended it", func() bool { st, _ := a.ReplayStatus(); return !st.IsOn && a.queue.Pending() == 0 })

	played()
	path := script(t, "seed 1\nlength 60s\nviewer pixel_pia \"Pixel Pia\"\nat 1s pixel_pia follows\n")
	if err := a.StartRehearsal(path); err != nil { // which connects as the user does
		t.Fatal(err)
	}
	if st, _ := a.ReplayStatus(); st.IsOn || st.Error != "" {
		t.Errorf("%+v", st)
	}
	a.StopRehearsal()

	played()
	if err := a.Connect(); err != nil {
		t.Fatal(err)
	}
	if st, _ := a.ReplayStatus(); st.IsOn || st.Error != "" || a.queue.Pending() != 0 {
		t.Errorf("connected to the live beside %+v, with %d jobs", st, a.queue.Pending())
	}
	a.Disconnect()
	if practised.Count() != commands {
		t.Error("what the replay left was done after it")
	}
}

func TestADryReplayIsShownAndMarked(t *testing.T) {
	a := start(t, Options{Profile: testProfile(roseRule()), Device: &loudspeaker{}, StorePath: filepath.Join(t.TempDir(), "livecue.db")})
	a.Bus().Emit(oneRose("a", 2))
	if err := a.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	w := watch(t, a)
	if err := a.StartReplay(t.Context(), Replay{Session: 1, Speed: 64}); err != nil {
		t.Fatal(err)
	}
	w.until("the gift, marked", func(u Update) bool {
		return u.Entry != nil && u.Entry.Replayed && len(u.Entry.Jobs) == 0 && u.Entry.Decisions[0].Reason == rule.ReasonFired
	})
}
