package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/rehearsal"
	"github.com/livecue/livecue/core/rehearsal/practice"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/core/source"
)

func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == pluginWord {
		if err := bePlugin(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	// gotiktoklive parks one goroutine for each client, until a signal comes: see core/source/tiktok.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/steampoweredtaco/gotiktoklive.NewTikTokWithApiKey.func3"))
}

// patience is how long a test waits for what must come.
const patience = time.Minute

func TestAGiftBecomesACommandASoundAndALine(t *testing.T) {
	device := &loudspeaker{}
	a := start(t, Options{Profile: testProfile(roseRule()), Device: device, Speed: 20})
	w := watch(t, a)
	path := script(t, "seed 1\nlength 20s\nviewer pixel_pia \"Pixel Pia\"\nat 1s pixel_pia streaks Rose to 7 over 3s\n")
	if err := a.StartRehearsal(path); err != nil {
		t.Fatal(err)
	}
	if a.Rehearsal() != path {
		t.Errorf("the rehearsal is %q", a.Rehearsal())
	}
	w.until("the connection", isKind(event.KindConnected))
	if s := a.Status(); s.State != source.Connected || s.Handle != "rehearsal" {
		t.Errorf("status: %+v", s)
	}
	line := w.until("the line of the gift", func(u Update) bool { return u.Entry != nil && len(u.Entry.Jobs) > 0 })
	gift, ok := line.Entry.Event.(event.Gift)
	if !ok || gift.Count != 7 || !gift.Final || gift.User.Handle != "pixel_pia" {
		t.Errorf("the event that fired: %+v", line.Entry.Event)
	}
	if d := line.Entry.Decisions; len(d) != 1 || d[0].Reason != rule.ReasonFired {
		t.Errorf("decisions: %+v", d)
	}
	for range 3 {
		// One report for each of the three actions.
		w.until("the outcome", isReport("rose", action.Done))
	}
	eventually(t, "all three actions are done", func() bool { return a.queue.Pending() == 0 })
	if device.heard.Load() == 0 {
		t.Error("no sound was heard")
	}
	var texts []string
	for _, c := range a.RehearsalCommands() {
		texts = append(texts, c.Text)
	}
	want := []string{"say pixel_pia sent 7 Rose"}
	for range 7 {
		want = append(want, "summon minecraft:chicken")
	}
	if !slices.Equal(texts, want) {
		t.Errorf("the game got %q, want %q", texts, want)
	}
	a.StopRehearsal()
	if a.Rehearsal() != "" || a.Status().State != source.Offline {
		t.Errorf("after the end: %q, %+v", a.Rehearsal(), a.Status())
	}
}

func TestNoGiftIsLostAndNoneComesTwice(t *testing.T) {
	each := command("say {user} {gift_id}")
	each.PerGift = true
	for mode, name := range map[rule.StreakMode]string{rule.StreakEnd: "gift-storm", rule.StreakGrowth: "bad-day"} {
		t.Run(name, func(t *testing.T) {
			everyGift := rule.Rule{
				ID: "all", Name: "Every gift", Trigger: rule.Trigger{Kind: rule.OnAnyGift}, Streak: mode,
				Actions: []action.Spec{each},
			}
			a := start(t, Options{Profile: testProfile(everyGift), Speed: 8})
			w := watch(t, a)
			if err := a.StartRehearsal(name); err != nil {
				t.Fatal(err)
			}
			select {
			case <-a.RehearsalOver():
			case <-time.After(2 * patience):
				t.Fatalf("the script did not end: %+v", a.Status())
			}
			eventually(t, "it is connected at the end", func() bool { return a.Status().State == source.Connected })
			eventually(t, "nothing is left to deliver", func() bool {
				r, _ := a.RehearsalResult()
				return r.Ledger.Pending == 0
			})
			ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
			defer cancel()
			if err := a.Settle(ctx); err != nil {
				t.Fatal(err)
			}
			w.until("the disconnect", isKind(event.KindDisconnected))
			w.drain()
			result, _ := a.RehearsalResult()
			got := w.outcome()
			want := outcome{
				gifts: result.Ledger.Gifts, coins: result.Ledger.Coins, triggers: got.done, done: got.triggers,
				runs: int(result.Commands),
			}
			if got != want || got.runs != got.gifts {
				t.Errorf("client %+v, servers %+v", got, want)
			}
			if got.gifts < 500 {
				t.Errorf("only %d gifts were sent", got.gifts)
			}
			if h := a.Health(); h.Panics != 0 {
				t.Errorf("health: %+v", h)
			}
		})
	}
}

func TestAStreakAcrossDisconnectAndConnectCountsOnce(t *testing.T) {
	script, err := rehearsal.ParseScript("long", strings.NewReader(
		"seed 1\nlength 2m\nviewer pixel_pia \"Pixel Pia\"\nat 1s pixel_pia streaks Rose to 400 over 100s\n"))
	if err != nil {
		t.Fatal(err)
	}
	live, err := rehearsal.Listen(rehearsal.Options{Script: script, Speed: 20, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	serve(t, live.Run)
	p := testProfile()
	p.TikTok = profile.TikTok{
		Handle: live.Handle(), Door: profile.DoorDirect, SignerURL: live.SignerURL(), ProxyURL: live.ProxyURL(), ProxyInsecure: true,
	}
	a := start(t, Options{Profile: p})
	w := watch(t, a)
	for round := 1; round <= 3; round++ {
		if err := a.Connect(); err != nil {
			t.Fatal(err)
		}
		w.until("some roses", func(u Update) bool {
			if u.Entry == nil {
				return false
			}
			g, ok := u.Entry.Event.(event.Gift)
			return ok && g.Count > 0 && w.outcome().gifts > 50*round
		})
		a.Disconnect()
	}
	if err := a.Connect(); err != nil {
		t.Fatal(err)
	}
	<-live.Done()
	eventually(t, "nothing is left to deliver", func() bool { return live.Ledger().Pending == 0 })
	a.Disconnect()
	w.until("the last word", func(u Update) bool {
		return u.Entry != nil && u.Entry.Event.Kind() == event.KindDisconnected && w.disconnects() == 4
	})
	if got, want := w.outcome().gifts, live.Ledger().Gifts; got != want || want < 400 {
		t.Errorf("%d gifts were counted, %d were sent", got, want)
	}
}

func TestATestTakesTheSameWayAndIsMarked(t *testing.T) {
	practised := practiceGame(t)
	secrets := &memorySecrets{}
	p := testProfile()
	p.RCON[0].Address = practised.Addr()
	a := start(t, Options{Profile: p, Secrets: secrets, Device: &loudspeaker{}})
	if err := a.SetSecret(profile.KeyRCON("minecraft"), "right"); err != nil {
		t.Fatal(err)
	}
	w := watch(t, a)
	r := roseRule()
	r.Off = true
	r.Cooldown = action.Duration(time.Hour)
	for range 2 {
		if err := a.TestRule(r); err != nil {
			t.Fatal(err)
		}
	}
	line := w.until("the line", isKind(event.KindGift))
	if !line.Entry.Event.Header().Test || len(line.Entry.Jobs) != 3 {
		t.Errorf("entry: %+v", line.Entry)
	}
	if u := w.until("the outcome", isReport("rose", action.Done)); !u.Report.Job.Test {
		t.Error("the job is not marked as a test")
	}
	eventually(t, "both tests are done", func() bool { return practised.Count() == 4 && a.queue.Pending() == 0 })
	if err := a.TestRule(rule.Rule{ID: "empty"}); err == nil {
		t.Error("a rule that cannot work was tested")
	}
}

func TestAWrongPasswordKeepsTheJobsUntilItIsMended(t *testing.T) {
	practised := practiceGame(t)
	p := testProfile()
	p.RCON[0].Address = practised.Addr()
	secrets := &memorySecrets{kept: map[string]string{profile.KeyRCON("minecraft"): "wrong"}}
	a := start(t, Options{Profile: p, Secrets: secrets, Device: &loudspeaker{}})
	w := watch(t, a)
	if err := a.TestRule(roseRule()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the lane tells of the password", func() bool {
		return slices.ContainsFunc(a.Lanes(), func(l queue.LaneStatus) bool {
			return l.Lane == "rcon:minecraft" && strings.Contains(l.Trouble, "password")
		})
	})
	w.until("the sound, which waits for nobody", func(u Update) bool {
		return u.Report != nil && u.Report.State == action.Done && u.Report.Job.Spec.Sound != nil
	})
	ctx := t.Context()
	if err := a.TestServer(ctx, p.RCON[0], ""); err == nil {
		t.Error("the kept, wrong password passed the test")
	}
	if err := a.TestServer(ctx, p.RCON[0], "right"); err != nil {
		t.Error(err)
	}
	if err := a.SetSecret(profile.KeyRCON("minecraft"), "right"); err != nil {
		t.Fatal(err)
	}
	w.until("the command", func(u Update) bool {
		return u.Report != nil && u.Report.State == action.Done && u.Report.Job.Spec.RCON != nil
	})
	eventually(t, "the game got all", func() bool { return practised.Count() == 2 })
	if !a.HasSecret(profile.KeyRCON("minecraft")) || a.HasSecret(profile.KeyTikTok()) {
		t.Error("HasSecret is wrong")
	}
}

func TestARehearsalDoesNotTouchRealWork(t *testing.T) {
	p := testProfile(roseRule())
	a := start(t, Options{Profile: p, Device: &loudspeaker{}, Speed: 20})
	a.PauseLane("rcon:minecraft")
	if err := a.TestRule(roseRule()); err != nil {
		t.Fatal(err)
	}
	if err := a.StartRehearsal("first-steps"); !errors.Is(err, ErrBusy) {
		t.Fatalf("got %v, want ErrBusy", err)
	}
	a.ClearLane("rcon:minecraft")
	if err := a.StartRehearsal("first-steps"); err != nil {
		t.Fatal(err)
	}
	if err := a.TestRule(roseRule()); err != nil {
		t.Fatal(err)
	}
	a.StopRehearsal()
	for _, l := range a.Lanes() {
		if l.Lane == "rcon:minecraft" && l.Waiting > 0 {
			t.Errorf("%d rehearsed jobs wait for the real server", l.Waiting)
		}
	}
	if err := a.StartRehearsal("no such script"); err == nil {
		t.Error("an unknown script was played")
	}
}

func TestSetProfile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "profile.toml")
	a := start(t, Options{Profile: testProfile(roseRule()), ProfilePath: path})
	p := a.Profile()
	p.RCON = append(p.RCON, server("lobby"))
	p.Rules[0].Name = "Renamed"
	if err := a.SetProfile(p); err != nil {
		t.Fatal(err)
	}
	loaded, err := profile.Load(path)
	if err != nil || loaded.Rules[0].Name != "Renamed" {
		t.Errorf("on disk: %+v, %v", loaded.Rules, err)
	}
	lanes := func() (names []string) {
		for _, l := range a.Lanes() {
			names = append(names, l.Lane)
		}
		return names
	}
	if got := lanes(); !slices.Equal(got, []string{"rcon:lobby", "rcon:minecraft", "sound"}) {
		t.Errorf("lanes: %v", got)
	}
	bad := a.Profile()
	bad.Rules[0].Trigger.Kind = "nonsense"
	if err := a.SetProfile(bad); err == nil {
		t.Error("a rule that cannot work was saved")
	}
	if a.Profile().Rules[0].Trigger.Kind != rule.OnGift {
		t.Error("a refused profile is in force")
	}
	p.RCON = p.RCON[:1]
	if err := a.SetProfile(p); err != nil {
		t.Fatal(err)
	}
	if got := lanes(); !slices.Equal(got, []string{"rcon:minecraft", "sound"}) {
		t.Errorf("lanes: %v", got)
	}
	if err := os.WriteFile(path, []byte("version = what"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Name = "Another"
	if err := a.SetProfile(p); err == nil {
		t.Error("a file that cannot be read was overwritten")
	}
}

func TestConnectTellsWhatIsWrongWithTheName(t *testing.T) {
	a := start(t, Options{Profile: testProfile()})
	var problem *source.Problem
	if err := a.Connect(); !errors.As(err, &problem) || problem.Cause.Code != event.CauseSettings {
		t.Errorf("got %v", err)
	}
	a.Disconnect()
}

func TestPanicStop(t *testing.T) {
	practised := practiceGame(t)
	practised.SetFault(practice.FaultHang)
	p := testProfile()
	p.RCON[0].Address = practised.Addr()
	secrets := &memorySecrets{kept: map[string]string{profile.KeyRCON("minecraft"): "right"}}
	a := start(t, Options{Profile: p, Secrets: secrets, Device: &loudspeaker{}})
	for range 5 {
		if err := a.TestRule(roseRule()); err != nil {
			t.Fatal(err)
		}
	}
	a.PanicStop()
	eventually(t, "nothing is left", func() bool { return a.queue.Pending() == 0 })
	for _, l := range a.Lanes() {
		if !l.Paused {
			t.Errorf("%s is not paused", l.Lane)
		}
	}
}

func TestCloseMayBeCalledTwiceAndEndsTaps(t *testing.T) {
	a, err := New(Options{Profile: testProfile(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	a.Start()
	tap := a.Tap(1)
	for range 2 {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}
	for range tap.Ready() { //nolint:revive // only its end is waited for
	}
	for range a.Tap(1).Ready() { //nolint:revive // a tap of a closed App is closed
	}
	if err := a.StartRehearsal("first-steps"); err == nil {
		t.Error("a rehearsal began after the end")
	}
}

func TestTapDropsTheOldestAndTells(t *testing.T) {
	tap, feed := NewTap(3)
	for i := range 5 {
		feed(Update{Entry: &Entry{Seq: uint64(i)}})
	}
	updates, dropped := tap.Drain()
	var got []uint64
	for _, u := range updates {
		got = append(got, u.Entry.Seq)
	}
	if !slices.Equal(got, []uint64{2, 3, 4}) || dropped != 2 {
		t.Errorf("got %v, dropped %d", got, dropped)
	}
	feed(Update{Entry: &Entry{Seq: 9}})
	if updates, dropped = tap.Drain(); len(updates) != 1 || updates[0].Entry.Seq != 9 || dropped != 0 {
		t.Errorf("got %d updates, dropped %d", len(updates), dropped)
	}
	tap.Close()
	tap.Close()
	feed(Update{})
}

// lockedSecrets is a keyring that nobody can open.
type lockedSecrets struct{ memorySecrets }

var errLocked = errors.New("the keyring is locked")

func (*lockedSecrets) Get(string) (string, error) { return "", errLocked }

func TestAComputerWithoutAKeyringCanConnect(t *testing.T) {
	p := testProfile()
	p.TikTok = profile.TikTok{Handle: "pixel_pia", Door: profile.DoorEuler}
	a := start(t, Options{Profile: p, Secrets: &lockedSecrets{}})
	if err := a.Connect(); !errors.Is(err, errLocked) {
		t.Errorf("the door that needs a key: %v", err)
	}
	p.TikTok.Door = profile.DoorDirect
	p.TikTok.SignerURL, p.TikTok.ProxyURL = "http://127.0.0.1:9", "http://127.0.0.1:9"
	if err := a.SetProfile(p); err != nil {
		t.Fatal(err)
	}
	if err := a.Connect(); err != nil {
		t.Errorf("the door that needs none: %v", err)
	}
	a.Disconnect()
}
