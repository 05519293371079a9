package app

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rehearsal"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/core/store"
)

// life runs one life of the program with a journal at path; end closes it.
func life(t *testing.T, path string, p profile.Profile) (a *App, end func()) {
	t.Helper()
	a, err := New(Options{
		Profile: p, StorePath: path, Device: &loudspeaker{}, Log: slog.New(slog.DiscardHandler),
		Secrets: &memorySecrets{kept: map[string]string{profile.KeyRCON("minecraft"): "right"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	a.Start()
	isOver := false
	end = func() {
		if isOver {
			return
		}
		isOver = true
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(end)
	return a, end
}

// oneRose is a gift as a source would emit it.
func oneRose(id string, count int) event.Gift {
	return event.Gift{
		Head: event.Head{ID: id, At: time.Now(), Source: "tiktok", Room: "1"},
		User: event.User{ID: "7", Handle: "pixel_pia", Nickname: "Pixel Pia"}, Gift: event.GiftInfo{ID: 5655, Name: "Rose", Coins: 1},
		Streak: "7/5655/" + id, Added: count, Count: count, First: true, Final: true,
	}
}

func TestWorkThatIsLeftOverIsShownAndRunOrDropped(t *testing.T) {
	practised := practiceGame(t)
	p := testProfile(roseRule())
	p.RCON[0].Address = practised.Addr()
	path := filepath.Join(t.TempDir(), "livecue.db")

	a, end := life(t, path, p)
	a.PauseLane("rcon:minecraft")
	a.Bus().Emit(oneRose("a", 2))
	a.Bus().Emit(oneRose("b", 3))
	if err := a.TestRule(roseRule()); err != nil { // a test is not worth keeping
		t.Fatal(err)
	}
	eventually(t, "the commands wait, and the sounds have been heard", func() bool {
		lanes := a.Lanes()
		return lanes[0].Waiting == 6 && lanes[1].Done == 3
	})
	end()

	a, end = life(t, path, p)
	left, _ := a.Unfinished(10)
	if len(left) != 4 {
		t.Fatalf("%d jobs are left, want 4: %+v", len(left), left)
	}
	if left[0].Who != "Pixel Pia" || left[0].Job.EventID != "a" || left[0].Claimed {
		t.Errorf("the first: %+v", left[0])
	}
	if practised.Count() != 0 {
		t.Errorf("%d commands were sent without asking", practised.Count())
	}
	a.RunUnfinished([]string{left[0].Job.ID, left[1].Job.ID})
	eventually(t, "they are done", func() bool { return practised.Count() == 3 })
	a.DropUnfinished([]string{left[2].Job.ID})
	if got, total := a.Unfinished(10); total != 1 || len(got) != 1 || got[0].Job.ID != left[3].Job.ID {
		t.Errorf("left: %+v", got)
	}
	eventually(t, "the history has them", func() bool {
		page, _, err := a.History(t.Context(), 0, 10)
		states := map[action.State]int{}
		for _, d := range page {
			states[d.State]++
		}
		return err == nil && states[action.Dropped] == 1 && states[action.Done] >= 2
	})
	end()

	p.Queue.AfterCrash = profile.AfterCrashRun
	a, _ = life(t, path, p)
	eventually(t, "the last one is run by itself", func() bool { return practised.Count() == 6 })
	if left, total := a.Unfinished(10); total != 0 || len(left) != 0 {
		t.Errorf("left: %+v", left)
	}
}

// leave fills a store with jobs that are not done.
func leave(t *testing.T, path string, n int) {
	t.Helper()
	s, err := store.Open(store.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	records := make([]store.Record, n)
	for i := range records {
		id := fmt.Sprint(i)
		records[i] = store.Record{Event: oneRose(id, 1), Jobs: []action.Job{{
			ID: id, EventID: id, Runs: 1, Created: time.Now(),
			Spec: action.Spec{RCON: &action.RCON{Server: "minecraft", Command: "say " + id}},
		}}}
	}
	if err := errors.Join(s.Append(t.Context(), records), s.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestAnyNumberOfJobsCanBeLeftOver(t *testing.T) {
	const n = 2500
	practised := practiceGame(t)
	p := testProfile()
	p.RCON[0].Address = practised.Addr()
	path := filepath.Join(t.TempDir(), "livecue.db")
	leave(t, path, n)
	a, end := life(t, path, p)
	eventually(t, "all are counted", func() bool {
		first, total := a.Unfinished(200)
		return total == n && len(first) == 200 && first[199].Job.ID == "199"
	})
	for range 2 { // more than can be chosen at a time
		first, _ := a.Unfinished(n)
		var ids []string
		for _, u := range first[:900] {
			ids = append(ids, u.Job.ID)
		}
		a.DropUnfinished(ids)
	}
	if first, total := a.Unfinished(n); total != n-1800 || len(first) != total || first[0].Job.ID != "1800" {
		t.Fatalf("%d are left, and %d can be chosen", total, len(first))
	}
	a.RunUnfinished([]string{"1800"})
	eventually(t, "that one is done", func() bool { return practised.Count() == 1 })
	end()

	a, _ = life(t, path, p)
	eventually(t, "the rest is counted", func() bool { _, total := a.Unfinished(0); return total == n-1801 })
	a.RunUnfinished(nil)
	a.RunUnfinished(nil)
	if _, total := a.Unfinished(0); total != 0 {
		t.Errorf("%d are left", total)
	}
	eventually(t, "all are done", func() bool { return practised.Count() == n-1800 })
}

func TestRunAgainRunsACopy(t *testing.T) {
	practised := practiceGame(t)
	p := testProfile(roseRule())
	p.RCON[0].Address = practised.Addr()
	a, _ := life(t, filepath.Join(t.TempDir(), "livecue.db"), p)
	a.Bus().Emit(oneRose("a", 1))
	eventually(t, "both commands are done", func() bool { return practised.Count() == 2 })
	var done []Done
	eventually(t, "the history has all three", func() bool {
		done, _, _ = a.History(t.Context(), 0, 10)
		return len(done) == 3
	})
	for _, d := range done {
		if d.Event == nil || d.Event.Header().ID != "a" {
			t.Errorf("the event of a job: %+v", d.Event)
		}
		if d.Job.Spec.RCON != nil {
			if err := a.RunAgain(d.Job); err != nil {
				t.Fatal(err)
			}
		}
	}
	eventually(t, "they are done again", func() bool { return practised.Count() == 4 })
}

func TestExpiredAndUnsureWorkIsSettledByItself(t *testing.T) {
	path := filepath.Join(t.TempDir(), "livecue.db")
	s, err := store.Open(store.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	job := func(id string, runs int) action.Job {
		return action.Job{ID: id, Runs: runs, Created: time.Now(), Spec: action.Spec{RCON: &action.RCON{Server: "minecraft", Command: "say"}}}
	}
	expired := job("expired", 1)
	expired.Expires = time.Now().Add(-time.Minute)
	jobs := []action.Job{expired, job("unsure", 1), job("half", 3)}
	if err := s.Append(t.Context(), []store.Record{{Event: oneRose("a", 1), Jobs: jobs}}); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Claim("unsure", 0), s.Claim("half", 0), s.Close()); err != nil {
		t.Fatal(err)
	}
	a, _ := life(t, path, testProfile())
	left, _ := a.Unfinished(10)
	if len(left) != 1 || left[0].Job.ID != "half" || !left[0].Claimed || left[0].Runs != 0 {
		t.Errorf("left: %+v", left)
	}
	states := map[string]action.State{}
	page, _, err := a.History(t.Context(), 0, 10)
	for _, d := range page {
		states[d.Job.ID] = d.State
	}
	if err != nil || states["expired"] != action.Expired || states["unsure"] != action.Unknown {
		t.Errorf("history: %v, %v", states, err)
	}
}

// TestAJobThatIsKilledTwiceKnowsBothRuns: a run of each life was sent, and neither was answered.
func TestAJobThatIsKilledTwiceKnowsBothRuns(t *testing.T) {
	path := filepath.Join(t.TempDir(), "livecue.db")
	claim := func(run int, jobs ...action.Job) {
		t.Helper()
		s, err := store.Open(store.Options{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(s.Append(t.Context(), []store.Record{{Jobs: jobs}}), s.Claim("job", run), s.Close()); err != nil {
			t.Fatal(err)
		}
	}
	claim(0, action.Job{
		ID: "job", Runs: 4, Created: time.Now(), Spec: action.Spec{RCON: &action.RCON{Server: "minecraft", Command: "say"}},
	})
	practised := practiceGame(t)
	p := testProfile()
	p.RCON[0].Address = practised.Addr()
	a, end := life(t, path, p)
	a.PauseLane("rcon:minecraft")
	a.RunUnfinished(nil)
	end()
	claim(1)

	a, _ = life(t, path, p)
	left, _ := a.Unfinished(1)
	if len(left) != 1 || left[0].Runs != 1 || left[0].Unsure != 1 || !left[0].Claimed {
		t.Fatalf("left: %+v", left)
	}
	a.RunUnfinished(nil)
	eventually(t, "the rest is done, and the whole is called unknown", func() bool {
		page, _, err := a.History(t.Context(), 0, 10, action.Unknown)
		return err == nil && len(page) == 1 && page[0].Runs == 4 && page[0].Unsure == 2 && practised.Count() == 2
	})
}

func TestNothingCountsTwiceAfterARestart(t *testing.T) {
	script, err := rehearsal.ParseScript("evening", strings.NewReader("seed 1\nlength 2m\nviewer pixel_pia \"Pixel Pia\"\nviewer testy_tom \"Testy Tom\"\n"+
		"at 1s pixel_pia streaks Rose to 300 over 100s\nevery 500ms for 100s testy_tom gifts \"Hand Hearts\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	live, err := rehearsal.Listen(rehearsal.Options{Script: script, Speed: 10, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	serve(t, live.Run)
	practised := practiceGame(t)
	each := command("say {user} {gift_id}")
	each.PerGift = true
	p := testProfile(rule.Rule{ID: "all", Name: "All", Trigger: rule.Trigger{Kind: rule.OnAnyGift}, Actions: []action.Spec{each}})
	p.RCON[0].Address = practised.Addr()
	p.TikTok = profile.TikTok{
		Handle: live.Handle(), Door: profile.DoorDirect, SignerURL: live.SignerURL(), ProxyURL: live.ProxyURL(), ProxyInsecure: true,
	}
	p.Queue.AfterCrash = profile.AfterCrashRun
	path := filepath.Join(t.TempDir(), "livecue.db")
	for round := range uint64(3) {
		a, end := life(t, path, p)
		if err := a.Connect(); err != nil {
			t.Fatal(err)
		}
		eventually(t, "some gifts have come", func() bool { return practised.Count() > 40*(round+1) })
		end()
	}
	a, _ := life(t, path, p)
	if err := a.Connect(); err != nil {
		t.Fatal(err)
	}
	<-live.Done()
	eventually(t, "nothing is left to deliver", func() bool { return live.Ledger().Pending == 0 })
	if err := a.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, want := practised.Count(), uint64(live.Ledger().Gifts); got != want || want < 400 {
		t.Errorf("%d commands for %d gifts", got, want)
	}
}

func TestAJournalThatCannotBeWrittenStopsNoShow(t *testing.T) {
	practised := practiceGame(t)
	p := testProfile(roseRule())
	p.RCON[0].Address = practised.Addr()
	a, err := New(Options{
		Profile: p, StorePath: filepath.Join(t.TempDir(), "livecue.db"), Log: slog.New(slog.DiscardHandler), Device: &loudspeaker{},
		Secrets: &memorySecrets{kept: map[string]string{profile.KeyRCON("minecraft"): "right"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.store.Close(); err != nil { // from now on it refuses
		t.Fatal(err)
	}
	a.Start()
	defer a.Close() //nolint:errcheck // the store is closed already
	a.Bus().Emit(oneRose("a", 1))
	eventually(t, "it is told", func() bool {
		h := a.Health()
		return len(h.Problems) > 0 && h.Problems[0] == journalTrouble
	})
	eventually(t, "the gift has its effect all the same", func() bool { return practised.Count() == 2 })
}

func TestOneProcessAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "livecue.db")
	life(t, path, testProfile())
	if _, err := New(Options{Profile: testProfile(), StorePath: path}); !errors.Is(err, store.ErrInUse) {
		t.Errorf("got %v", err)
	}
}

func TestADamagedJournalIsSetAsideAndToldOf(t *testing.T) {
	path := filepath.Join(t.TempDir(), "livecue.db")
	if err := os.WriteFile(path, []byte("this is no database, and never was one"), 0o600); err != nil {
		t.Fatal(err)
	}
	a, _ := life(t, path, testProfile())
	if h := a.Health(); !slices.ContainsFunc(h.Problems, func(s string) bool { return strings.Contains(s, "damaged") }) {
		t.Errorf("health: %+v", h)
	}
}

func TestAnEventThatAnEarlierLifeHasWrittenIsNotActedUponAgain(t *testing.T) {
	practised := practiceGame(t)
	p := testProfile(roseRule())
	p.RCON[0].Address = practised.Addr()
	path := filepath.Join(t.TempDir(), "livecue.db")
	a, end := life(t, path, p)
	a.Bus().Emit(oneRose("a", 1))
	eventually(t, "both commands are done", func() bool { return practised.Count() == 2 })
	end()
	a, _ = life(t, path, p)
	a.Bus().Emit(oneRose("a", 1))
	a.Bus().Emit(oneRose("b", 1))
	eventually(t, "the new gift is done", func() bool { return practised.Count() == 4 })
	if err := a.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := practised.Count(); n != 4 {
		t.Errorf("%d commands, want 4", n)
	}
}
