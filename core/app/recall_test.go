package app

import (
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rehearsal"
	"github.com/livecue/livecue/core/rule"
)

// rehearse serves a script and returns a profile that connects to it.
func rehearse(t *testing.T, text string, rules ...rule.Rule) (*rehearsal.Server, profile.Profile) {
	t.Helper()
	parsed, err := rehearsal.ParseScript("evening", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	live, err := rehearsal.Listen(rehearsal.Options{Script: parsed, Speed: 40, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	serve(t, live.Run)
	p := testProfile(rules...)
	p.TikTok = profile.TikTok{
		Handle: live.Handle(), Door: profile.DoorDirect, SignerURL: live.SignerURL(), ProxyURL: live.ProxyURL(), ProxyInsecure: true,
	}
	return live, p
}

// TestAStreamGoesOnAfterARestart closes the program three times in the middle of a stream. What is once a stream stays so.
func TestAStreamGoesOnAfterARestart(t *testing.T) {
	once := rule.Rule{
		ID: "once", Name: "Once", Trigger: rule.Trigger{Kind: rule.OnAnyGift}, Conditions: []rule.Condition{{Kind: rule.IfOnce}},
		Actions: []action.Spec{command("say once {user}")},
	}
	goal := rule.Rule{
		ID: "goal", Name: "Goal", Trigger: rule.Trigger{Kind: rule.OnGoal, At: 200}, Actions: []action.Spec{command("say goal")},
	}
	live, p := rehearse(t, "seed 1\nlength 2m\nviewer pixel_pia \"Pixel Pia\"\nviewer testy_tom \"Testy Tom\"\n"+
		"every 500ms for 100s testy_tom gifts Rose\nevery 500ms for 100s pixel_pia gifts Rose\n", once, goal)
	practised := practiceGame(t)
	p.RCON[0].Address = practised.Addr()
	p.Overlay.Off = true
	p.Queue.AfterCrash = profile.AfterCrashRun // what a life had not come to, the next does
	path := filepath.Join(t.TempDir(), "livecue.db")
	for round := range 3 {
		a, end := life(t, path, p)
		if err := a.Connect(); err != nil {
			t.Fatal(err)
		}
		eventually(t, "more gifts have come", func() bool { return live.Totals().Gifts > 60*(round+1) })
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
	said := map[string]int{}
	for _, c := range practised.Commands() {
		said[c.Text]++
	}
	if len(said) != 3 || said["say once pixel_pia"] != 1 || said["say once testy_tom"] != 1 || said["say goal"] != 1 {
		t.Errorf("for %d gifts: %v", live.Ledger().Gifts, said)
	}
}

// TestANewStreamBeginsAnew ends the live while the program is down: the next is another.
func TestANewStreamBeginsAnew(t *testing.T) {
	once := rule.Rule{
		ID: "once", Name: "Once", Trigger: rule.Trigger{Kind: rule.OnAnyGift}, Conditions: []rule.Condition{{Kind: rule.IfOnce}},
		Actions: []action.Spec{command("say once {user}")},
	}
	const evening = "seed 1\nlength 10s\nviewer pixel_pia \"Pixel Pia\"\nevery 500ms for 10s pixel_pia gifts Rose\n"
	practised := practiceGame(t)
	path := filepath.Join(t.TempDir(), "livecue.db")
	for n := range uint64(2) { // each evening is a room of its own
		live, p := rehearse(t, evening, once)
		p.RCON[0].Address = practised.Addr()
		p.Overlay.Off = true
		p.Queue.AfterCrash = profile.AfterCrashRun
		for range 2 {
			a, end := life(t, path, p)
			if err := a.Connect(); err != nil {
				t.Fatal(err)
			}
			before := live.Totals().Gifts
			eventually(t, "gifts have come", func() bool {
				return live.Totals().Gifts > before+2 || live.Ledger().Pending == 0 && isClosed(live.Done())
			})
			end()
		}
		if got := practised.Count(); got != n+1 {
			t.Errorf("evening %d: %d commands", n+1, got)
		}
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
