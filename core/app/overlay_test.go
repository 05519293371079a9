package app

import (
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/overlay"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
)

// openPage opens the socket of an overlay page, and returns what waits for a message with the given text.
func openPage(t *testing.T, a *App, page string) (hears func(text string)) {
	t.Helper()
	eventually(t, "the overlay pages are served", func() bool {
		resp, err := (&http.Client{Timeout: time.Second}).Get(a.OverlayPages()[0].Address)
		if err == nil {
			_ = resp.Body.Close()
		}
		return err == nil && resp.StatusCode == http.StatusOK
	})
	address := strings.Replace(a.OverlayPages()[0].Address, "http:", "ws:", 1)
	address = strings.TrimSuffix(address, overlay.PageAlert) + "live?page=" + page
	conn, resp, err := websocket.Dial(t.Context(), address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if resp.Body != nil {
		_ = resp.Body.Close()
	}
	conn.SetReadLimit(1 << 20)
	t.Cleanup(func() { _ = conn.CloseNow() })
	return func(text string) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		var last []byte
		for !strings.Contains(string(last), text) {
			_, data, err := conn.Read(ctx)
			if err != nil {
				t.Fatalf("waited in vain for %s after %s: %v", text, last, err)
			}
			last = data
		}
	}
}

// boardRule counts and adds time on each follow.
func boardRule() rule.Rule {
	return rule.Rule{ID: "board", Name: "Board", Trigger: rule.Trigger{Kind: rule.OnFollow}, Actions: []action.Spec{
		{Counter: &action.Counter{Name: "follows", Amount: 2}},
		{Timer: &action.Timer{Name: "show", Do: action.TimerSet, Time: action.Duration(time.Minute)}},
	}}
}

func follow(id string) event.Follow {
	return event.Follow{Head: event.Head{ID: id, Source: "tiktok", Room: "1"}, User: event.User{ID: "7", Nickname: "Pixel Pia"}}
}

func TestCountersAndTimersOutliveTheProgram(t *testing.T) {
	path := filepath.Join(t.TempDir(), "livecue.db")
	a := start(t, Options{Profile: testProfile(boardRule()), StorePath: path})
	hears := openPage(t, a, overlay.PageCounter)
	w := watch(t, a)
	a.bus.Emit(follow("1"))
	w.until("the timer", func(u Update) bool {
		return u.Report != nil && u.Report.State == action.Done && u.Report.Job.Spec.Timer != nil && u.Report.Reply == "show: 1m0s, paused"
	})
	hears(`{"name":"follows","value":2}`)
	if err := a.SetCounter("deaths", 41); err != nil {
		t.Fatal(err)
	}
	hears(`{"name":"deaths","value":41}`)
	token := a.OverlayPages()[0].Address
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	again := start(t, Options{Profile: testProfile(boardRule()), StorePath: path})
	if c := again.Counters(); len(c) != 2 || c[0].Value != 41 || c[1].Value != 2 {
		t.Errorf("the counters are %+v", c)
	}
	if timers := again.Timers(); len(timers) != 1 || timers[0].Left != time.Minute || timers[0].Running {
		t.Errorf("the timers are %+v", timers)
	}
	if got := strings.Split(again.OverlayPages()[0].Address, "/")[3]; got != strings.Split(token, "/")[3] {
		t.Error("the pages have another token")
	}
}

func TestPagesShowARehearsalAndForgetIt(t *testing.T) {
	a := start(t, Options{Profile: testProfile(boardRule()), Speed: 20})
	hears := openPage(t, a, overlay.PageTop)
	hears(`"data":[]`)
	a.bus.Emit(event.Gift{
		Head: event.Head{ID: "g", Room: "1"}, User: event.User{ID: "7", Nickname: "Pixel Pia"},
		Gift: event.GiftInfo{ID: 1, Name: "Rose", Coins: 5}, Streak: "s", Added: 3, Count: 3, First: true, Final: true,
	})
	hears(`"name":"Pixel Pia","coins":15`)
	a.bus.Emit(follow("1"))
	eventually(t, "the follow is counted", func() bool { c := a.Counters(); return len(c) == 1 && c[0].Value == 2 })
	w := watch(t, a)
	if err := a.StartRehearsal(script(t, "viewer testy_tom \"Testy Tom\"\nat 1s testy_tom follows\n")); err != nil {
		t.Fatal(err)
	}
	w.until("a rehearsed count", func(u Update) bool {
		return u.Report != nil && u.Report.Job.Rehearsed && u.Report.Job.Spec.Counter != nil && u.Report.Reply == "follows: 4"
	})
	hears(`"data":[]`)
	a.StopRehearsal()
	hears(`"name":"Pixel Pia","coins":15`)
	if c := a.Counters(); c[0].Value != 2 {
		t.Errorf("after the rehearsal the counters are %+v", c)
	}
}

func TestTheQueuePageIsToldWhatWaits(t *testing.T) {
	r := roseRule()
	r.Actions = r.Actions[:2] // without its sound, which nothing here plays
	a := start(t, Options{Profile: testProfile(r)})
	hears := openPage(t, a, overlay.PageQueue)
	a.PauseLane("rcon:minecraft")
	if err := a.TestRule(r); err != nil {
		t.Fatal(err)
	}
	hears(`"total":{"rcon:minecraft":2`)
	a.ClearLane("rcon:minecraft")
	hears(`"jobs":[]`)
}

func TestAnAlertThatNobodyCouldSeeIsRejected(t *testing.T) {
	p := testProfile(rule.Rule{
		ID: "alert", Name: "Alert", Trigger: rule.Trigger{Kind: rule.OnFollow},
		Actions: []action.Spec{{Overlay: &action.Overlay{Text: "{nickname} follows"}}},
	})
	p.Overlay = profile.Overlay{Off: true}
	a := start(t, Options{Profile: p})
	w := watch(t, a)
	a.bus.Emit(follow("1"))
	u := w.until("the rejection", isReport("alert", action.Rejected))
	if u.Report.Reply != "the overlay pages are switched off" {
		t.Errorf("the reply is %q", u.Report.Reply)
	}
}
