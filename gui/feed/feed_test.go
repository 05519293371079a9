package feed

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/livecue/livecue/assets"
	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/rcon"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/look/looktest"
	"github.com/livecue/livecue/gui/words"
)

func TestMain(m *testing.M) {
	for name, value := range map[string]string{"LANGUAGE": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": "en_US.UTF-8"} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	if err := words.Load(assets.Translations()); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// chat returns the n-th entry, a comment that triggers nothing unless jobs are given.
func chat(n int, jobs ...string) app.Update {
	e := &app.Entry{
		Seq: uint64(n), Jobs: jobs,
		Event:     event.Chat{Head: event.Head{ID: fmt.Sprint(n), At: time.Now()}, User: event.User{Nickname: "Pixel Pia"}, Comment: fmt.Sprint("comment ", n)},
		Decisions: []rule.Decision{{RuleID: "a", RuleName: "Zombie", Reason: rule.ReasonCommand}},
	}
	if len(jobs) > 0 {
		e.Decisions[0].Reason = rule.ReasonFired
	}
	return app.Update{Entry: e}
}

func follow(n int) app.Update {
	return app.Update{Entry: &app.Entry{Seq: uint64(n), Event: event.Follow{Head: event.Head{ID: fmt.Sprint(n)}, User: event.User{Handle: "testy_tom"}}}}
}

func report(id string, state action.State, change func(*queue.Report)) app.Update {
	r := &queue.Report{Job: action.Job{ID: id, RuleName: "Zombie", Runs: 1}, State: state, Runs: 1}
	if change != nil {
		change(r)
	}
	return app.Update{Report: r}
}

func chats(from, to int) []app.Update {
	var us []app.Update
	for n := from; n <= to; n++ {
		us = append(us, chat(n))
	}
	return us
}

func TestModelKeepsNoMoreThanItsLimit(t *testing.T) {
	m := NewModel(100)
	m.Apply(chats(1, 90), 0)
	m.Apply(chats(91, 130), 0)
	if m.Len() != 100 || m.Total() != 100 || m.Row(0).Seq != 31 || m.Row(99).Seq != 130 {
		t.Fatalf("%d rows of %d, from %d to %d", m.Len(), m.Total(), m.Row(0).Seq, m.Row(99).Seq)
	}
	if m.Row(100) != nil || m.Row(-1) != nil {
		t.Error("there are rows outside the list")
	}
	if got := NewModel(0); got.max != DefaultMax {
		t.Errorf("limit = %d", got.max)
	}
}

func TestModelForgetsJobsWithTheirRows(t *testing.T) {
	m := NewModel(10)
	for n := range 1000 {
		m.Apply([]app.Update{chat(n, fmt.Sprint("job", n))}, 0)
	}
	if len(m.byJob) != 10 {
		t.Errorf("%d jobs are kept", len(m.byJob))
	}
	for n := range 1000 {
		m.Apply([]app.Update{report(fmt.Sprint("stray", n), action.Done, nil)}, 0)
	}
	if len(m.early) > maxEarly || len(m.earlyIDs) > maxEarly {
		t.Errorf("%d stray reports are kept", len(m.early))
	}
}

func TestModelFilters(t *testing.T) {
	m := NewModel(0)
	m.Apply([]app.Update{chat(1), follow(2), chat(3, "job")}, 0)
	m.SetShown(Chat, false)
	if m.Len() != 1 || m.Row(0).Seq != 2 {
		t.Fatalf("%d rows without the chat", m.Len())
	}
	m.Apply([]app.Update{chat(4), follow(5)}, 0)
	if m.Len() != 2 {
		t.Fatalf("%d rows: new ones are not filtered", m.Len())
	}
	m.SetShown(Chat, true)
	m.SetOnlyTriggered(true)
	if m.Len() != 1 || m.Row(0).Seq != 3 {
		t.Fatalf("%d rows that triggered something", m.Len())
	}
	m.SetOnlyTriggered(false)
	if m.Len() != 5 || m.Total() != 5 {
		t.Fatalf("%d rows of %d", m.Len(), m.Total())
	}
}

func TestModelPause(t *testing.T) {
	m := NewModel(10)
	m.Apply(chats(1, 5), 0)
	m.SetPaused(true)
	m.SetShown(Follows, true)
	m.Apply(chats(6, 20), 0)
	if m.Len() != 5 || m.Row(0).Seq != 1 {
		t.Fatalf("%d rows while paused", m.Len())
	}
	if m.Missed() != 15 {
		t.Errorf("missed = %d", m.Missed())
	}
	m.SetPaused(false)
	if m.Len() != 10 || m.Row(0).Seq != 11 || m.Missed() != 0 {
		t.Fatalf("%d rows after the pause, missed %d", m.Len(), m.Missed())
	}
	m.Clear()
	if m.Len() != 0 || m.Total() != 0 {
		t.Error("rows are left")
	}
}

// rose is a message of a streak of roses with count gifts so far, which may have set off jobs.
func rose(n int, streak string, count int, final bool, jobs ...string) app.Update {
	e := event.Gift{
		Head: event.Head{ID: fmt.Sprint(n), At: time.Now()}, User: event.User{Nickname: "Testy Tom"}, Streak: streak, Count: count, Added: 1, Final: final,
		Gift: event.GiftInfo{ID: 5655, Name: "Rose", Coins: 1, Streakable: true},
	}
	d := rule.Decision{RuleID: "rose", RuleName: "Chicken", Reason: rule.ReasonStreak}
	if len(jobs) > 0 {
		d.Reason = rule.ReasonFired
	}
	return app.Update{Entry: &app.Entry{Seq: uint64(n), Event: e, Decisions: []rule.Decision{d}, Jobs: jobs}}
}

func TestStreakIsOneRowThatEndsAtTheEnd(t *testing.T) {
	m := NewModel(0)
	m.Apply([]app.Update{rose(1, "s", 1, false), chat(2), rose(3, "s", 2, false), rose(4, "other", 1, false)}, 0)
	if m.Len() != 3 || m.Total() != 3 || words.Event(m.Row(0).Event) != "2 × Rose and counting" {
		t.Fatalf("%d rows, the first is %q", m.Len(), words.Event(m.Row(0).Event))
	}
	m.Apply([]app.Update{rose(5, "s", 12, true, "job"), report("job", action.Done, nil)}, 0)
	last := m.Row(m.Len() - 1)
	if m.Len() != 3 || words.Event(last.Event) != "12 × Rose · 12 coins" || outcomeOf(last).text != "Chicken – done" {
		t.Fatalf("%d rows, the last is %q: %q", m.Len(), words.Event(last.Event), outcomeOf(last).text)
	}
	m.Apply([]app.Update{rose(6, "s", 1, false)}, 0)
	if m.Len() != 4 {
		t.Error("a streak that goes on after its end must not change the row that has ended")
	}
}

func TestStreakThatFiresWithEachGiftKeepsItsJobs(t *testing.T) {
	m := NewModel(0)
	m.Apply([]app.Update{rose(1, "s", 1, false, "j1"), rose(2, "s", 2, false, "j2"), rose(3, "s", 2, true)}, 0)
	m.Apply([]app.Update{report("j1", action.Done, nil), report("j2", action.Failed, func(r *queue.Report) { r.Error = "gone" })}, 0)
	if m.Len() != 1 || outcomeOf(m.Row(0)).text != "Chicken – failed: gone" {
		t.Fatalf("%d rows: %q", m.Len(), outcomeOf(m.Row(0)).text)
	}
	for n := range 1000 {
		m.Apply([]app.Update{rose(n+10, "long", n+1, false, fmt.Sprint("long", n))}, 0)
	}
	if n := len(m.Row(1).Jobs); n != maxJobs {
		t.Errorf("a row keeps %d jobs", n)
	}
}

func TestStreakRowComesIntoSightWhenItTriggers(t *testing.T) {
	m := NewModel(0)
	m.SetOnlyTriggered(true)
	m.Apply([]app.Update{rose(1, "s", 1, false)}, 0)
	if m.Len() != 0 {
		t.Fatal("a row that triggered nothing is shown")
	}
	m.Apply([]app.Update{rose(2, "s", 2, false, "job")}, 0)
	if m.Len() != 1 || m.Total() != 1 {
		t.Fatalf("%d rows of %d", m.Len(), m.Total())
	}
}

func TestStreaksAreForgottenWithTheirRows(t *testing.T) {
	m := NewModel(10)
	for n := range 500 {
		m.Apply([]app.Update{rose(n, fmt.Sprint("s", n), 1, false)}, 0)
	}
	if len(m.streaks) != 10 || m.Len() != 10 {
		t.Errorf("%d streaks and %d rows are kept", len(m.streaks), m.Len())
	}
}

func TestOutcomeFollowsReports(t *testing.T) {
	m := NewModel(0)
	m.Apply([]app.Update{report("j2", action.Running, func(r *queue.Report) { r.Job.Runs, r.Runs = 10, 3 }), chat(1, "j1", "j2")}, 0)
	steps := []struct {
		update app.Update
		want   string
		state  action.State
	}{
		{update: report("other", action.Done, nil), want: "Zombie – running 3 of 10", state: action.Running},
		{update: report("j1", action.Done, nil), want: "Zombie – 1 of 2 done, running 3 of 10", state: action.Running},
		{update: report("j2", action.Waiting, func(r *queue.Report) { r.Error = "busy" }), want: "Zombie – 1 of 2 done, waiting: busy", state: action.Waiting},
		{
			update: report("j1", action.Waiting, func(r *queue.Report) { r.Error = rcon.ErrPassword.Error() }),
			want:   "Zombie – waiting: " + words.Clean(words.Error(rcon.ErrPassword), replyLength), state: action.Waiting,
		},
		{update: report("j1", action.Done, nil), want: "Zombie – 1 of 2 done, waiting: busy", state: action.Waiting},
		{update: report("j2", action.Done, func(r *queue.Report) { r.Job.Runs = 10 }), want: "Zombie – done 10 ×", state: action.Done},
		{update: report("j2", action.Rejected, func(r *queue.Report) { r.Reply = "Unknown\ncommand" }), want: "Zombie – refused: Unknown command", state: action.Rejected},
		{update: report("j1", action.Failed, func(r *queue.Report) { r.Error = "no route" }), want: "Zombie – failed: no route", state: action.Failed},
	}
	for _, s := range steps {
		m.Apply([]app.Update{s.update}, 0)
		if got := outcomeOf(m.Row(0)); got.text != s.want || got.state != s.state {
			t.Errorf("%q (%s), want %q (%s)", got.text, got.state, s.want, s.state)
		}
	}
}

func TestOutcomeSaysWhyNot(t *testing.T) {
	m := NewModel(0)
	m.Apply([]app.Update{chat(1), {Entry: &app.Entry{Event: event.ViewerCount{Viewers: 3}}}, {Entry: &app.Entry{Event: event.Connected{}}}}, 0)
	for i, want := range []string{"no rule for this", "", ""} {
		if got := outcomeOf(m.Row(i)).text; got != want {
			t.Errorf("row %d: %q, want %q", i, got, want)
		}
	}
}

// newTestView shows a view of 900 by 500 with the model's limit.
func newTestView(t *testing.T, limit int) (*View, fyne.Window) {
	t.Helper()
	a := test.NewTempApp(t)
	a.Settings().SetTheme(look.NewTheme(look.ModeDark))
	v := NewView(NewModel(limit), "Nothing yet")
	w := test.NewTempWindow(t, v.Object())
	w.Resize(fyne.NewSize(900, 500))
	return v, w
}

func TestViewFollowsOnlyAtItsEnd(t *testing.T) {
	v, w := newTestView(t, 200)
	if !looktest.Shows(w.Content(), "Nothing yet") {
		t.Error("the hint is not shown")
	}
	v.Apply(chats(1, 100), 0)
	if !looktest.Shows(w.Content(), "comment 100 ") && !looktest.Shows(w.Content(), "comment 100") {
		t.Fatalf("the newest row is not in sight: %s", looktest.Texts(w.Content()))
	}
	if looktest.Shows(w.Content(), "Nothing yet") || v.newest.Visible() {
		t.Error("the hint or the button is shown at the end")
	}
	v.list.ScrollToTop()
	v.Apply(chats(101, 150), 0)
	if looktest.Shows(w.Content(), "comment 150") {
		t.Error("it followed although the user looks elsewhere")
	}
	if !v.newest.Visible() {
		t.Error("no way to the newest row")
	}
	test.Tap(v.newest)
	if !looktest.Shows(w.Content(), "comment 150") {
		t.Error("the button does not lead to the newest row")
	}
}

func TestViewKeepsItsPlaceWhenOldRowsGo(t *testing.T) {
	v, w := newTestView(t, 200)
	v.Apply(chats(1, 200), 0)
	v.list.ScrollToOffset(100 * v.pitch())
	if !looktest.Shows(w.Content(), "comment 102") {
		t.Fatalf("scrolled elsewhere: %s", looktest.Texts(w.Content()))
	}
	v.Apply(chats(201, 230), 0)
	if !looktest.Shows(w.Content(), "comment 102") {
		t.Errorf("the rows ran away: %s", looktest.Texts(w.Content()))
	}
}

func TestViewDrawsOnlyWhatIsInSight(t *testing.T) {
	v, w := newTestView(t, 0)
	v.Apply(chats(1, 5000), 3000)
	if n := len(looktest.All[*line](w.Content())); n == 0 || n > 30 {
		t.Errorf("%d lines are drawn", n)
	}
	if v.model.Len() != DefaultMax {
		t.Errorf("%d rows", v.model.Len())
	}
	if !looktest.Shows(w.Content(), "3\u202f000 lines came too fast to be shown") {
		t.Error("it does not tell of the lines that were dropped")
	}
}

func TestViewPauseCountsNewRows(t *testing.T) {
	v, w := newTestView(t, 0)
	v.Apply(chats(1, 3), 0)
	looktest.Press(t, w.Content(), "Pause")
	v.Apply(append(chats(4, 8), follow(9)), 0)
	if looktest.Shows(w.Content(), "comment 4") {
		t.Error("new rows come in while paused")
	}
	looktest.Press(t, w.Content(), "Resume, 6 new")
	if !looktest.Shows(w.Content(), "comment 8") {
		t.Error("the rows that came meanwhile are missing")
	}
}

func TestViewFilterByChipAndClear(t *testing.T) {
	v, w := newTestView(t, 0)
	v.Apply([]app.Update{chat(1), follow(2)}, 0)
	test.Tap(v.chips[Chat])
	if looktest.Shows(w.Content(), "comment 1") || !looktest.Shows(w.Content(), "follows you") {
		t.Errorf("the chip does not filter: %s", looktest.Texts(w.Content()))
	}
	test.Tap(v.chips[Chat])
	if !looktest.Shows(w.Content(), "comment 1") {
		t.Error("the chip does not bring the rows back")
	}
	looktest.Press(t, w.Content(), "Clear")
	if looktest.Shows(w.Content(), "follows you") || !looktest.Shows(w.Content(), "Nothing yet") {
		t.Error("rows are left")
	}
}

func TestViewMarksTestsAndCleansNames(t *testing.T) {
	v, w := newTestView(t, 0)
	u := chat(1)
	u.Entry.Event = event.Chat{
		Head: event.Head{ID: "1", At: time.Now(), Test: true}, User: event.User{Nickname: "\u202eevil\u202c\nname"}, Comment: "x\x00y",
	}
	v.Apply([]app.Update{u}, 0)
	for _, want := range []string{"Test", "evil name", "xy"} {
		if !looktest.Shows(w.Content(), want) {
			t.Errorf("%q is not to be seen: %s", want, looktest.Texts(w.Content()))
		}
	}
}

func TestDetailsTellEverything(t *testing.T) {
	test.NewTempApp(t)
	m := NewModel(0)
	m.Apply([]app.Update{chat(1, "j"), report("j", action.Rejected, func(r *queue.Report) {
		r.Reply, r.Latency, r.Job.Spec = "Unknown command", 120*time.Millisecond, action.Spec{RCON: &action.RCON{Command: "sumon zombie"}}
	})}, 0)
	w := test.NewTempWindow(t, Details(m.Row(0)))
	for _, want := range []string{"Pixel Pia: comment 1", "Zombie · sumon zombie", "refused after 120 ms", "Answer: Unknown command", "fired"} {
		if !looktest.Shows(w.Content(), want) {
			t.Errorf("%q is missing: %s", want, looktest.Texts(w.Content()))
		}
	}
}

func TestViewOutOfSightDrawsNothingAndCatchesUp(t *testing.T) {
	v, w := newTestView(t, 0)
	v.Apply(chats(1, 50), 0)
	v.SetInSight(false)
	v.Apply(chats(51, 100), 0)
	if looktest.Shows(w.Content(), "comment 100") {
		t.Error("it draws out of sight")
	}
	v.SetInSight(true)
	if !looktest.Shows(w.Content(), "comment 100") {
		t.Error("it does not show what came meanwhile")
	}
}

func TestOpenTellsWhichRow(t *testing.T) {
	v, _ := newTestView(t, 0)
	v.Apply(chats(1, 3), 0)
	var opened *Row
	v.OnOpen = func(r *Row) { opened = r }
	v.list.Select(1)
	if opened == nil || opened.Seq != 2 {
		t.Fatalf("opened %+v", opened)
	}
	opened = nil
	v.list.Select(1)
	if opened == nil {
		t.Error("the same row cannot be opened again")
	}
}

func BenchmarkApply(b *testing.B) {
	test.NewTempApp(b)
	v := NewView(NewModel(0), "")
	w := test.NewTempWindow(b, v.Object())
	w.Resize(fyne.NewSize(1100, 600))
	n := 0
	for b.Loop() {
		v.Apply(chats(n, n+44), 0) // 50 ms of 900 events a second
		n += 45
	}
}

func TestEachCueHasItsPictureAndItsWords(t *testing.T) {
	test.NewTempApp(t)
	said := map[string]bool{}
	for _, by := range []event.CueBy{event.CueTimer, event.CueButton, event.CueHotkey} {
		cue := event.Cue{By: by}
		if icon(cue) == nil || !canTrigger(cue) {
			t.Errorf("%s: no picture, or no rule can wait for it", by)
		}
		said[words.Event(cue)] = true
	}
	if len(said) != 3 || said["cue"] {
		t.Errorf("the cues are told as %v", said)
	}
}

func TestWhatIsReplayedIsMarked(t *testing.T) {
	m := NewModel(10)
	decisions := []rule.Decision{{RuleID: "a", RuleName: "Fireworks", Reason: rule.ReasonFired}}
	m.Apply([]app.Update{{Entry: &app.Entry{Seq: 1, Event: event.Follow{User: event.User{Nickname: "Pixel Pia"}}, Decisions: decisions, Replayed: true}}}, 0)
	l := newLine()
	l.show(m.Row(0))
	if texts := looktest.Texts(l); !strings.Contains(texts, "Replay") || !strings.Contains(texts, "Fireworks – only replayed, nothing is done") {
		t.Error(texts)
	}
}
