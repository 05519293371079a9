package jobs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/livecue/livecue/assets"
	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/queue"
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

// archive is a program that only has a past. A job's mark is its number.
type archive struct {
	left     []app.Unfinished
	ran      []string
	dropped  []string
	past     []app.Done // newest first
	readings int
	err      error
	rerun    []action.Job
}

func (a *archive) Unfinished(limit int) (first []app.Unfinished, total int) {
	return slices.Clone(a.left[:min(limit, len(a.left))]), len(a.left)
}

func (a *archive) RunUnfinished(ids []string) { a.ran = append(a.ran, a.take(ids)...) }

func (a *archive) DropUnfinished(ids []string) { a.dropped = append(a.dropped, a.take(ids)...) }

// take takes unfinished jobs away and returns their ids; nil takes all.
func (a *archive) take(ids []string) (taken []string) {
	a.left = slices.DeleteFunc(a.left, func(u app.Unfinished) bool {
		isWanted := ids == nil || slices.Contains(ids, u.Job.ID)
		if isWanted {
			taken = append(taken, u.Job.ID)
		}
		return isWanted
	})
	return taken
}

func (a *archive) History(_ context.Context, before int64, limit int, states ...action.State) (page []app.Done, next int64, err error) {
	a.readings++
	if a.err != nil {
		return nil, 0, a.err
	}
	for _, d := range a.past {
		if n := int64(d.Job.Fields.Coins); before != 0 && n >= before || len(states) > 0 && !slices.Contains(states, d.State) {
			continue
		}
		if len(page) == limit {
			return page, int64(page[limit-1].Job.Fields.Coins), nil
		}
		page = append(page, d)
	}
	return page, 0, nil
}

func (a *archive) RunAgain(job action.Job) error {
	a.rerun = append(a.rerun, job)
	return a.err
}

// end adds the n-th job, newer than all others.
func (a *archive) end(n int, state action.State) {
	d := app.Done{
		Job: action.Job{
			ID: fmt.Sprint("job-", n), RuleName: fmt.Sprint("Rule ", n), Runs: 1, Fields: action.Fields{Nickname: "Pixel Pia", Coins: n},
			Spec: action.Spec{RCON: &action.RCON{Command: "say Thank you, {nickname}"}},
		},
		State: state, Runs: 1, Reply: "fine", Latency: 84 * time.Millisecond, At: time.Now(), Event: event.Follow{User: event.User{Nickname: "Pixel Pia"}},
	}
	a.past = slices.Insert(a.past, 0, d)
}

// stage has a window, and runs what the page wants done when the test says so.
type stage struct {
	t    *testing.T
	core *archive
	win  fyne.Window
	work []func()
	said []string
}

func newStage(t *testing.T) *stage {
	t.Helper()
	a := test.NewTempApp(t)
	a.Settings().SetTheme(look.NewTheme(look.ModeDark))
	return &stage{t: t, core: &archive{}, win: test.NewTempWindow(t, nil)}
}

func (s *stage) host() look.Host {
	say := func(text string) { s.said = append(s.said, text) }
	return look.Host{Window: s.win, Say: say, Warn: say, Run: func(work func(context.Context) error, done func(error)) {
		s.work = append(s.work, func() { done(work(s.t.Context())) })
	}}
}

// show puts o into the window.
func (s *stage) show(o fyne.CanvasObject) {
	s.win.SetContent(o)
	s.win.Resize(fyne.NewSize(1100, 500))
}

// settle does what waits, and what comes of it.
func (s *stage) settle() {
	for len(s.work) > 0 {
		work := s.work[0]
		s.work = s.work[1:]
		work()
	}
}

func (s *stage) top() fyne.CanvasObject { return looktest.Top(s.win) }

func (s *stage) mustShow(texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		if !looktest.Shows(s.top(), text) {
			s.t.Errorf("%q is not to be seen; there is: %s", text, looktest.Texts(s.top()))
		}
	}
}

func (s *stage) history() *History {
	h := NewHistory(s.core, s.host())
	s.show(h.Object())
	h.SetInSight(true)
	s.settle()
	return h
}

// ruleNames are the rules of the rows that were read.
func ruleNames(h *History) []string {
	var names []string
	for _, d := range h.rows {
		names = append(names, d.Job.RuleName)
	}
	return names
}

func TestHistoryShowsWhatCameOfIt(t *testing.T) {
	s := newStage(t)
	s.history()
	s.mustShow("Nothing has ended yet.")
	s.core.end(1, action.Rejected)
	s.core.past[0].Reply, s.core.past[0].Job.Runs, s.core.past[0].Refused = "Unknown\ncommand", 3, 2
	s.core.end(2, action.Failed)
	s.core.past[0].Error, s.core.past[0].Reply = "dial tcp: no route", ""
	s.core.end(3, action.Done)
	s.history()
	s.mustShow("Pixel Pia", "follows you", "Rule 3", "say Thank you, Pixel Pia", "done after 84 ms", "fine",
		"failed", "dial tcp: no route", "3 × say Thank you", "refused 2 of 3 after 84 ms", "Unknown command")
}

func TestHistoryIsReadAsTheUserScrolls(t *testing.T) {
	s := newStage(t)
	for n := 1; n <= 450; n++ {
		s.core.end(n, action.Done)
	}
	h := s.history()
	if len(h.rows) != pageSize || s.core.readings != 1 {
		t.Fatalf("%d rows by %d readings at first", len(h.rows), s.core.readings)
	}
	for range 20 {
		h.list.ScrollToBottom()
		s.settle()
	}
	if len(h.rows) != 450 || h.rows[449].Job.RuleName != "Rule 1" {
		t.Fatalf("%d rows in the end", len(h.rows))
	}
	s.mustShow("Rule 1")
	if rows := looktest.All[*historyRow](s.top()); len(rows) > 30 {
		t.Errorf("%d rows are drawn", len(rows))
	}
}

func TestHistoryFilters(t *testing.T) {
	s := newStage(t)
	for n := 1; n <= 1000; n++ {
		state := action.Done
		switch n {
		case 2:
			state = action.Unknown
		case 500:
			state = action.Failed
		}
		s.core.end(n, state)
	}
	h := s.history()
	h.choice.SetSelected("What did not work")
	s.settle()
	if got := ruleNames(h); !slices.Equal(got, []string{"Rule 500", "Rule 2"}) {
		t.Errorf("what did not work: %v", got)
	}
	if s.core.readings != 2 {
		t.Errorf("it took %d readings", s.core.readings)
	}
	s.core.end(1001, action.Done)
	s.core.end(1002, action.Failed)
	h.MarkStale()
	h.Tick()
	s.settle()
	if got := ruleNames(h); !slices.Equal(got, []string{"Rule 1002", "Rule 500", "Rule 2"}) {
		t.Errorf("what did not work, a while later: %v", got)
	}
	h.choice.SetSelected("cancelled")
	s.settle()
	s.mustShow("There is nothing of that kind.")
	h.choice.SetSelected("failed")
	h.choice.SetSelected("Everything") // before the other has been read
	s.settle()
	if len(h.rows) != pageSize || h.rows[0].Job.RuleName != "Rule 1002" {
		t.Errorf("everything: %v", ruleNames(h))
	}
}

func TestHistoryFollowsWhatEnds(t *testing.T) {
	s := newStage(t)
	for n := 1; n <= 300; n++ {
		s.core.end(n, action.Done)
	}
	h := s.history()
	h.list.ScrollToOffset(400)
	before := h.list.GetScrollOffset()
	tell := func() { h.Apply([]app.Update{{Report: &queue.Report{State: action.Done}}}); h.Tick(); s.settle() }

	s.core.end(301, action.Done)
	h.Tick()
	s.settle()
	if len(h.rows) != pageSize {
		t.Error("it was read although nothing was told")
	}
	tell()
	if h.rows[0].Job.RuleName != "Rule 301" || h.rows[1].Job.RuleName != "Rule 300" || len(h.rows) != pageSize+1 {
		t.Errorf("rows %v", ruleNames(h)[:2])
	}
	if after := h.list.GetScrollOffset(); after <= before {
		t.Errorf("what the user looks at moved: %v, %v", before, after)
	}

	h.SetInSight(false)
	for n := 302; n <= 600; n++ { // more than a page
		s.core.end(n, action.Done)
	}
	readings := s.core.readings
	tell()
	if s.core.readings != readings {
		t.Error("it is read out of sight")
	}
	h.SetInSight(true)
	s.settle()
	if h.rows[0].Job.RuleName != "Rule 600" || len(h.rows) != pageSize || h.next == 0 {
		t.Errorf("%d rows from %s", len(h.rows), h.rows[0].Job.RuleName)
	}
}

func TestHistoryThatCannotBeReadIsToldOfOnce(t *testing.T) {
	s := newStage(t)
	s.core.err = errors.New("the disk is on fire")
	h := s.history()
	for range 3 {
		h.Tick()
		s.settle()
	}
	if !slices.Equal(s.said, []string{"the disk is on fire"}) {
		t.Errorf("said %q", s.said)
	}
}

func TestRunAgainAsksWhereItMayHaveHappened(t *testing.T) {
	s := newStage(t)
	s.core.end(1, action.Unknown)
	h := s.history()
	looktest.Press(t, s.top(), "Run again")
	s.mustShow("It may have happened already")
	looktest.Press(t, s.top(), "Cancel")
	if len(s.core.rerun) != 0 {
		t.Fatal("it was done although the user did not want it")
	}
	looktest.Press(t, s.top(), "Run again")
	looktest.Press(t, s.top(), "Run again")
	if len(s.core.rerun) != 1 || s.core.rerun[0].ID != "job-1" || s.said[0] != "Rule 1 is in the queue again." {
		t.Fatalf("run again: %v, said %q", s.core.rerun, s.said)
	}
	s.core.past[0].State = action.Failed
	h.setFilter(h.filter)
	s.settle()
	looktest.Press(t, s.top(), "Run again")
	if len(s.core.rerun) != 2 {
		t.Error("what failed is not done at one press")
	}
	for _, state := range []action.State{action.Dropped, action.Expired} { // while it was under way, and before
		s.core.past[0].State, s.core.past[0].Runs = state, 1
		h.setFilter(h.filter)
		s.settle()
		looktest.Press(t, s.top(), "Run again")
		s.mustShow("It was under way when it ended")
		looktest.Press(t, s.top(), "Cancel")
		s.core.past[0].Runs = 0
		h.setFilter(h.filter)
		s.settle()
		before := len(s.core.rerun)
		looktest.Press(t, s.top(), "Run again")
		if len(s.core.rerun) != before+1 {
			t.Errorf("what was %s before it began is not done at one press", state)
		}
	}
	s.core.err = queue.ErrFull
	looktest.Press(t, s.top(), "Run again")
	if got := s.said[len(s.said)-1]; got != words.Error(queue.ErrFull) {
		t.Errorf("said %q", got)
	}
}

func TestHistoryOpensAJob(t *testing.T) {
	s := newStage(t)
	s.core.end(7, action.Done)
	h := s.history()
	var opened app.Done
	h.OnOpen = func(d app.Done) { opened = d }
	h.list.Select(0)
	if opened.Job.ID != "job-7" {
		t.Errorf("opened %+v", opened.Job)
	}
	if r := Report(opened); r.Job.ID != "job-7" || r.State != action.Done || r.Reply != "fine" || r.Latency != opened.Latency {
		t.Errorf("report %+v", r)
	}
}

// leave adds n jobs that were not finished: the first was under way, the second is too late.
func (a *archive) leave(n int) {
	for i := range n {
		u := app.Unfinished{Job: action.Job{
			ID: fmt.Sprint("left-", i), RuleName: "Rose: a chicken", Runs: 3, Created: time.Now(), Fields: action.Fields{User: "testy_tom"},
			Spec: action.Spec{PerGift: true, RCON: &action.RCON{Command: "say hi"}},
		}}
		switch i {
		case 0:
			u.Runs, u.Claimed = 1, true
		case 1:
			u.Expired = true
		}
		a.left = append(a.left, u)
	}
}

func newLeftoverOn(s *stage) *Leftover {
	l := NewLeftover(s.core, s.host())
	s.show(l.Object())
	return l
}

func TestLeftoverIsHiddenWhenNothingIsLeft(t *testing.T) {
	s := newStage(t)
	if newLeftoverOn(s).panel.Visible() {
		t.Error("it is to be seen")
	}
}

func TestLeftoverSaysWhoWhatAndHowFar(t *testing.T) {
	s := newStage(t)
	s.core.leave(12)
	newLeftoverOn(s)
	s.mustShow("From last time: 12 actions were not done", "One of them was under way", "testy_tom", "Rose: a chicken – 3 × say hi",
		"1 done · 1 sent, not answered · 1 to go", "its time is over", "[Run 11 now]", "[Drop 11]")
}

func TestLeftoverRunsAndDropsTheChosen(t *testing.T) {
	s := newStage(t)
	s.core.leave(4)
	l := newLeftoverOn(s)
	ended := 0
	l.OnEnd = func() { ended++ }
	l.list.Select(0) // no more
	looktest.Press(t, s.top(), "Run 2 now")
	if !l.run.Disabled() || !l.drop.Disabled() {
		t.Error("it can be asked for twice")
	}
	s.settle()
	if !slices.Equal(s.core.ran, []string{"left-2", "left-3"}) || s.said[0] != "2 actions are in the queue again." {
		t.Fatalf("ran %v, said %q", s.core.ran, s.said)
	}
	s.mustShow("From last time: 2 actions were not done")
	l.all.SetChecked(true)
	l.all.SetChecked(false)
	if !l.run.Disabled() || !l.drop.Disabled() {
		t.Error("nothing is chosen, and can be run")
	}
	l.all.SetChecked(true)
	looktest.Press(t, s.top(), "Drop 2")
	s.settle()
	if !slices.Equal(s.core.dropped, []string{"left-0", "left-1"}) || l.panel.Visible() || ended != 1 {
		t.Errorf("dropped %v, ended %d", s.core.dropped, ended)
	}
}

func TestLeftoverOfManyListsAFew(t *testing.T) {
	s := newStage(t)
	s.core.leave(100_000)
	l := newLeftoverOn(s)
	s.mustShow("From last time: 100\u202f000 actions", "[Run 100\u202f000 now]", "and 99\u202f800 more, which are chosen too")
	if rows := looktest.All[*leftoverRow](s.top()); len(rows) == 0 || len(rows) > 12 || len(l.left) != leftoverMost {
		t.Errorf("%d rows are drawn of %d", len(rows), len(l.left))
	}
	l.list.Select(3) // not this one: then only of those that can be looked at
	s.mustShow("[Run 199 now]", "and 99\u202f800 more, which stay")
	looktest.Press(t, s.top(), "Run 199 now")
	s.settle()
	if len(s.core.ran) != 199 || slices.Contains(s.core.ran, "left-3") || s.said[0] != "199 actions are in the queue again." {
		t.Fatalf("%d ran, said %q", len(s.core.ran), s.said)
	}
	l.all.SetChecked(false)
	if !l.drop.Disabled() {
		t.Error("nothing is chosen, and can be dropped")
	}
	l.all.SetChecked(true)
	looktest.Press(t, s.top(), "Drop 99\u202f801")
	s.settle()
	if len(s.core.left) != 0 || len(s.core.dropped) != 99_801 || l.panel.Visible() {
		t.Errorf("%d are left, %d dropped", len(s.core.left), len(s.core.dropped))
	}
}

// What was left may be found out some time after the start.
func TestLeftoverFollowsWhatIsFound(t *testing.T) {
	s := newStage(t)
	l := newLeftoverOn(s)
	s.core.leave(3)
	l.Tick()
	s.mustShow("[Run 2 now]") // one is too late
	l.list.Select(0)          // not that one
	s.core.left = append(s.core.left, s.core.left[2])
	s.core.left[3].Job.ID = "left-3"
	l.Tick()
	s.mustShow("From last time: 4 actions", "[Run 1 now]") // the choice stays, and what is new is not in it
	looktest.Press(t, s.top(), "Run 1 now")
	l.Tick()
	if !l.run.Disabled() {
		t.Error("it can be asked for twice")
	}
	s.settle()
	if !slices.Equal(s.core.ran, []string{"left-2"}) {
		t.Errorf("ran %v", s.core.ran)
	}
	l.all.SetChecked(true)
	s.core.left = nil // all were run elsewhere
	l.Tick()
	if l.panel.Visible() {
		t.Error("it asks for what is no more")
	}
}
