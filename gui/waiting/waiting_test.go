package waiting

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/assets"
	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/rcon"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/look/looktest"
	"github.com/livecue/livecue/gui/words"
)

const game = "rcon:minecraft"

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

// line is a program in which all waits for ever.
type line struct {
	profile  profile.Profile
	lanes    []queue.LaneStatus
	waiting  map[string][]queue.Waiting
	readings int
	err      error
	asked    []string
}

func (l *line) Profile() profile.Profile { return l.profile }

func (l *line) Lanes() []queue.LaneStatus {
	all := slices.Clone(l.lanes)
	for i := range all {
		all[i].Waiting = len(l.waiting[all[i].Lane])
	}
	return all
}

func (l *line) PauseLane(lane string)  { l.ask("pause", lane); at(l.lanes, lane).Paused = true }
func (l *line) ResumeLane(lane string) { l.ask("resume", lane); at(l.lanes, lane).Paused = false }
func (l *line) SkipLane(lane string)   { l.ask("skip", lane); at(l.lanes, lane).Running = nil }
func (l *line) ClearLane(lane string)  { l.ask("clear", lane); l.waiting[lane] = nil }

func (l *line) ask(what, lane string) { l.asked = append(l.asked, what+" "+lane) }

func (l *line) Waiting(_ context.Context, lane string, limit int) ([]queue.Waiting, error) {
	l.readings++
	all := l.waiting[lane]
	return slices.Clone(all[:min(limit, len(all))]), l.err
}

func (l *line) MoveJob(lane string, ticket int64, to queue.Place) bool {
	w, ok := l.take(lane, ticket)
	if !ok {
		return false
	}
	place := 0
	if to == queue.Last {
		place = len(l.waiting[lane])
	}
	l.waiting[lane] = slices.Insert(l.waiting[lane], place, w)
	return true
}

func (l *line) DropJob(lane string, ticket int64) bool {
	_, ok := l.take(lane, ticket)
	return ok
}

func (l *line) take(lane string, ticket int64) (queue.Waiting, bool) {
	i := slices.IndexFunc(l.waiting[lane], func(w queue.Waiting) bool { return w.Ticket == ticket })
	if i < 0 {
		return queue.Waiting{}, false
	}
	w := l.waiting[lane][i]
	l.waiting[lane] = slices.Delete(l.waiting[lane], i, i+1)
	return w, true
}

// put lets n more jobs wait in a lane. Tickets count from 1.
func (l *line) put(lane string, n int) {
	for range n {
		ticket := int64(1)
		if all := l.waiting[lane]; len(all) > 0 {
			ticket = all[len(all)-1].Ticket + 1
		}
		l.waiting[lane] = append(l.waiting[lane], queue.Waiting{Ticket: ticket, Runs: 1, Job: action.Job{
			ID: fmt.Sprint("job-", ticket), RuleName: fmt.Sprint("Rule ", ticket), Runs: 1, Created: time.Now(),
			Spec:   action.Spec{RCON: &action.RCON{Command: "say Thank you, {nickname}"}},
			Fields: action.Fields{Nickname: "Pixel Pia", Gift: "Rose", GiftID: 5655, Count: 3, Coins: 1, TotalCoins: 3},
		}})
	}
}

// stage has a window, and runs what the page wants done when the test says so.
type stage struct {
	t    *testing.T
	core *line
	win  fyne.Window
	page *Page
	work []func()
	said []string
	hint string
}

func newStage(t *testing.T, prepare func(*line)) *stage {
	t.Helper()
	a := test.NewTempApp(t)
	a.Settings().SetTheme(look.NewTheme(look.ModeDark))
	s := &stage{t: t, win: test.NewTempWindow(t, nil), core: &line{
		profile: looktest.ExampleProfile(), waiting: map[string][]queue.Waiting{}, lanes: []queue.LaneStatus{{Lane: game}, {Lane: "sound"}},
	}}
	if prepare != nil {
		prepare(s.core)
	}
	say := func(text string) { s.said = append(s.said, text) }
	s.page = NewPage(s.core, look.Host{Window: s.win, Say: say, Warn: say, Run: func(work func(context.Context) error, done func(error)) {
		s.work = append(s.work, func() { done(work(s.t.Context())) })
	}})
	s.page.OnHint = func(hint string) { s.hint = hint }
	s.win.SetContent(s.page.Object())
	s.win.Resize(fyne.NewSize(1100, 520))
	s.page.SetInSight(true)
	s.settle()
	return s
}

// settle does what waits, and what comes of it.
func (s *stage) settle() {
	for len(s.work) > 0 {
		work := s.work[0]
		s.work = s.work[1:]
		work()
	}
}

// later is the window's tick, d from now.
func (s *stage) later(d time.Duration) {
	s.page.Tick(time.Now().Add(d))
	s.settle()
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

func (s *stage) mustNotShow(text string) {
	s.t.Helper()
	if looktest.Shows(s.top(), text) {
		s.t.Errorf("%q is to be seen: %s", text, looktest.Texts(s.top()))
	}
}

// row returns the row of a ticket.
func (s *stage) row(ticket int64) *row {
	s.t.Helper()
	for _, r := range looktest.All[*row](s.top()) {
		if r.waiting.Ticket == ticket {
			return r
		}
	}
	s.t.Fatalf("no row of ticket %d", ticket)
	return nil
}

func (s *stage) tickets() []int64 {
	var all []int64
	for _, w := range s.page.rows {
		all = append(all, w.Ticket)
	}
	return all
}

func TestEmptyQueueSaysSo(t *testing.T) {
	s := newStage(t, nil)
	s.mustShow("Nothing waits here. What your viewers set off is done at once", "ready", "(minecraft)", "(Sounds)")
	if !s.page.head.clear.Disabled() {
		t.Error("nothing can be cleared")
	}
	s.core.lanes = nil
	s.later(time.Minute)
	s.mustShow("Nothing waits here.")
	s.mustNotShow("ready")
}

func TestRowsSayWhoWhatAndWhen(t *testing.T) {
	s := newStage(t, func(l *line) {
		l.put(game, 3)
		first, second := &l.waiting[game][0], &l.waiting[game][1]
		first.Job.Runs, first.Runs = 20, 17
		second.Due = time.Now().Add(90 * time.Second)
		l.lanes[0].Running = &action.Job{
			RuleName: "Big gift", Runs: 5, Fields: action.Fields{User: "testy_tom"}, Spec: action.Spec{RCON: &action.RCON{Command: "give @a diamond"}},
		}
		l.lanes[0].Runs = 24
	})
	s.mustShow("Pixel Pia", "3 × Rose · 3 coins", "Rule 1", "say Thank you, Pixel Pia", "17 runs left", "in 90 s",
		"Now", "testy_tom", "Big gift – 5 × give @a diamond", "running", "3 waiting · 24 runs left", "(minecraft · 3)")
	s.core.lanes[0].HeldUntil = time.Now().Add(time.Hour)
	s.later(time.Second)
	s.mustShow("held back", "Next")
	s.mustNotShow("Now")
	s.mustShow(words.Moment(s.core.waiting[game][0].Job.Created, time.Now()))
	if s.row(1).first.Disabled() != true || s.row(2).first.Disabled() {
		t.Error("what is next can be made next, or what is not cannot")
	}
	if w := s.row(3); w.left.Text != "" {
		t.Errorf("of a job of one run it says %q", w.left.Text)
	}
}

func TestJobsAreMovedAndDropped(t *testing.T) {
	s := newStage(t, func(l *line) { l.put(game, 4) })
	test.Tap(s.row(3).first)
	s.settle()
	if got := s.tickets(); !slices.Equal(got, []int64{3, 1, 2, 4}) || s.said[0] != "Rule 3 of Pixel Pia is next." {
		t.Fatalf("do next: %v, said %q", got, s.said)
	}
	test.Tap(s.row(1).last)
	s.settle()
	if got := s.tickets(); !slices.Equal(got, []int64{3, 2, 4, 1}) || s.said[1] != "Rule 1 of Pixel Pia is behind all others." {
		t.Fatalf("to the end: %v, said %q", got, s.said)
	}
	test.Tap(s.row(2).drop)
	s.settle()
	if got := s.tickets(); !slices.Equal(got, []int64{3, 4, 1}) || !strings.HasPrefix(s.said[2], "Rule 2 of Pixel Pia is dropped.") {
		t.Fatalf("drop: %v, said %q", got, s.said)
	}
	gone := s.row(4)
	s.core.waiting[game] = nil // all are done before the press
	test.Tap(gone.drop)
	s.settle()
	if s.said[3] != "It does not wait any more: its turn has come, or it is over." {
		t.Errorf("said %q", s.said[3])
	}
	s.mustShow("Nothing waits here.")
}

func TestTargetsAreChosen(t *testing.T) {
	s := newStage(t, func(l *line) { l.put("sound", 2) })
	if s.page.lane != "sound" {
		t.Fatalf("it begins with %q, where nothing waits", s.page.lane)
	}
	s.core.put(game, 5)
	s.later(time.Minute)
	if s.page.lane != "sound" || len(s.page.rows) != 2 {
		t.Fatalf("%q is shown with %d rows", s.page.lane, len(s.page.rows))
	}
	s.mustShow("(minecraft · 5)")
	chips := looktest.All[*look.Chip](s.top())
	test.Tap(chips[0])
	s.settle()
	if s.page.lane != game || len(s.page.rows) != 5 || !chips[0].On() || chips[1].On() {
		t.Fatalf("%q is shown with %d rows", s.page.lane, len(s.page.rows))
	}
	test.Tap(chips[0]) // one is always chosen
	s.settle()
	if !chips[0].On() {
		t.Error("no target is chosen")
	}
	s.core.lanes = s.core.lanes[1:] // the server was deleted
	s.later(2 * time.Minute)
	if s.page.lane != "sound" || len(s.page.rows) != 2 {
		t.Errorf("%q is shown with %d rows", s.page.lane, len(s.page.rows))
	}
}

// What was read of a target that is no longer shown is not shown as another's.
func TestReadingOfAnotherTargetIsNotShown(t *testing.T) {
	s := newStage(t, func(l *line) { l.put(game, 3); l.put("sound", 1) })
	s.page.Tick(time.Now().Add(time.Minute)) // asks, and does not get it yet
	s.page.choose("sound")
	if len(s.page.rows) != 0 {
		t.Error("the other target's rows stay")
	}
	s.settle()
	if got := len(s.page.rows); got != 1 {
		t.Errorf("%d rows", got)
	}
}

func TestPauseSkipAndTryAgain(t *testing.T) {
	s := newStage(t, func(l *line) { l.lanes[0].Running = &action.Job{RuleName: "Storm"} })
	looktest.Press(t, s.top(), "Pause")
	s.mustShow("paused", "What comes in waits until you resume.", "[Resume]")
	looktest.Press(t, s.top(), "Resume")
	s.mustNotShow("paused")
	test.Tap(s.page.head.skip)
	s.mustNotShow("Storm")
	s.core.lanes[0].Trouble, s.core.lanes[0].RetryAt = "dial: "+rcon.ErrUnreachable.Error(), time.Now().Add(time.Hour)
	s.later(time.Second)
	looktest.Press(t, s.top(), "Try now")
	if want := []string{"pause " + game, "resume " + game, "skip " + game, "resume " + game}; !slices.Equal(s.core.asked, want) {
		t.Errorf("asked for %q", s.core.asked)
	}
}

func TestDropAllAsksWhereItIsMuch(t *testing.T) {
	s := newStage(t, func(l *line) { l.put(game, askFrom) })
	looktest.Press(t, s.top(), "Drop all")
	s.settle()
	if len(s.core.waiting[game]) != 0 {
		t.Fatal("a few are not dropped at one press")
	}
	s.core.put(game, askFrom+1)
	s.later(time.Minute)
	looktest.Press(t, s.top(), "Drop all")
	s.mustShow("11 actions that wait for minecraft will not be done.")
	looktest.Press(t, s.top(), "Keep")
	if len(s.core.waiting[game]) == 0 {
		t.Fatal("dropped although the user keeps them")
	}
	looktest.Press(t, s.top(), "Drop all")
	looktest.Press(t, s.top(), "Drop all")
	s.settle()
	if len(s.core.waiting[game]) != 0 {
		t.Error("not dropped")
	}
	s.mustShow("Nothing waits here.")
}

func TestManyAreCountedAndFewDrawn(t *testing.T) {
	s := newStage(t, func(l *line) { l.put(game, 12_545) })
	s.mustShow("and 12\u202f345 more", "(minecraft · 12\u202f545)")
	if len(s.page.rows) != shownMost {
		t.Errorf("%d rows", len(s.page.rows))
	}
	if rows := looktest.All[*row](s.top()); len(rows) == 0 || len(rows) > 20 {
		t.Errorf("%d rows are drawn", len(rows))
	}
	before := s.page.list.Size().Height
	s.core.waiting[game] = s.core.waiting[game][:150]
	s.later(time.Minute)
	s.mustNotShow("more")
	if after := s.page.list.Size().Height; after <= before {
		t.Errorf("where nothing is told of others, the list does not take the room: %v, %v", before, after)
	}
}

func TestRowsInSightStayWhileTheQueueMoves(t *testing.T) {
	s := newStage(t, func(l *line) { l.put(game, 100) })
	pitch := rowHeight + s.page.list.Theme().Size(theme.SizeNamePadding)
	s.page.list.ScrollToOffset(20*pitch + 7)
	s.core.waiting[game] = s.core.waiting[game][5:] // five are done
	s.later(time.Minute)
	if got := s.page.list.GetScrollOffset(); got != 15*pitch+7 {
		t.Errorf("scrolled to %v, want %v", got, 15*pitch+7)
	}
	s.core.waiting[game] = s.core.waiting[game][30:] // those in sight, too
	s.later(2 * time.Minute)
	if got := s.page.list.GetScrollOffset(); got != 0 {
		t.Errorf("scrolled to %v", got)
	}
}

// A press must meet the job that it was meant for.
func TestRowsStayWhileThePointerIsOnAButton(t *testing.T) {
	s := newStage(t, func(l *line) { l.put(game, 9) })
	drop := s.row(2).drop
	drop.MouseIn(nil)
	if s.hint != "Drop this: it will not be done" {
		t.Errorf("the hint is %q", s.hint)
	}
	s.core.waiting[game] = s.core.waiting[game][1:]
	s.later(2 * time.Second)
	if got := s.tickets()[0]; got != 1 {
		t.Fatalf("the rows moved: %d is first", got)
	}
	test.Tap(drop)
	s.settle()
	if got := s.tickets(); got[0] != 3 {
		t.Errorf("after the press: %v", got)
	}
	s.row(3).drop.MouseIn(nil)
	s.core.waiting[game] = s.core.waiting[game][1:]
	s.later(holdFor + time.Second) // it may have been left there
	if got := s.tickets()[0]; got != 4 {
		t.Errorf("the rows still stay: %d is first", got)
	}
	s.row(4).drop.MouseOut()
	if s.hint != "" {
		t.Errorf("the hint is %q", s.hint)
	}
}

func TestOutOfSightNothingIsRead(t *testing.T) {
	s := newStage(t, func(l *line) { l.put(game, 1) })
	s.page.SetInSight(false)
	before := s.core.readings
	s.later(time.Minute)
	if s.core.readings != before {
		t.Error("it is read out of sight")
	}
	s.page.SetInSight(true)
	s.settle()
	now := time.Now()
	before = s.core.readings
	for range 50 { // a storm of events ticks often
		s.page.Tick(now.Add(readEvery / 2))
		s.settle()
	}
	if s.core.readings != before {
		t.Errorf("read %d times within a second", s.core.readings-before)
	}
}

func TestFailedReadingIsToldOfOnce(t *testing.T) {
	s := newStage(t, func(l *line) { l.put(game, 1); l.err = errors.New("the disk is on fire") })
	for n := range 3 {
		s.later(time.Duration(n+2) * time.Minute)
	}
	if !slices.Equal(s.said, []string{"the disk is on fire"}) {
		t.Errorf("said %q", s.said)
	}
	s.core.err = nil
	s.later(time.Hour)
	if len(s.page.rows) != 1 {
		t.Error("it is not read again")
	}
}

func TestHostileNamesAreClipped(t *testing.T) {
	s := newStage(t, func(l *line) {
		l.put(game, 3)
		for i, name := range []string{strings.Repeat("🦊🏳️‍🌈", 500), "\u202eevil\u202c\nname" + strings.Repeat("\u0301", 300), strings.Repeat("W", 5000)} {
			w := &l.waiting[game][i]
			w.Job.Fields.Nickname, w.Job.Fields.Gift, w.Job.RuleName = name, name, name
			w.Job.Spec.RCON.Command = "say " + name + " {nickname}"
		}
		job := l.waiting[game][2].Job
		l.lanes[0].Running = &job
	})
	before := s.page.Object().MinSize()
	for _, l := range looktest.All[*widget.Label](s.top()) {
		if len(l.Text) > 4000 || strings.ContainsAny(l.Text, "\u202e\n") {
			t.Errorf("it shows %.80q, %d bytes", l.Text, len(l.Text))
		}
	}
	if before.Width > 900 {
		t.Errorf("it asks for a width of %v", before.Width)
	}
	for _, r := range looktest.All[*row](s.top()) {
		if r.Size().Height != rowHeight {
			t.Errorf("a row is %v high", r.Size().Height)
		}
	}
}

func TestJobIsOpened(t *testing.T) {
	s := newStage(t, func(l *line) { l.put(game, 3) })
	var opened queue.Waiting
	s.page.OnOpen = func(w queue.Waiting) { opened = w }
	s.page.list.Select(1)
	if opened.Job.ID != "job-2" {
		t.Errorf("opened %+v", opened)
	}
}

func TestStanding(t *testing.T) {
	now := time.Date(2026, 3, 1, 20, 0, 0, 0, time.Local)
	in := func(d time.Duration) time.Time { return now.Add(d) }
	unreachable, refused := "dial: "+rcon.ErrUnreachable.Error(), "log in: "+rcon.ErrPassword.Error()
	tests := []struct {
		status queue.LaneStatus
		limit  int
		word   string
		said   string
	}{
		{queue.LaneStatus{}, 0, "ready", ""},
		{queue.LaneStatus{Waiting: 1, Runs: 1}, 0, "waiting", "1 waiting"},
		{queue.LaneStatus{Waiting: 3, Runs: 1234, Running: &action.Job{}}, 0, "running", "3 waiting · 1\u202f234 runs left"},
		{queue.LaneStatus{Paused: true, Running: &action.Job{}}, 0, "paused", "What comes in waits until you resume."},
		{queue.LaneStatus{Trouble: unreachable, RetryAt: in(4500 * time.Millisecond)}, 0, "cannot be reached", "Next attempt in 5 s."},
		{queue.LaneStatus{Trouble: refused}, 0, "password refused", "The server is there, but refused the password."},
		{queue.LaneStatus{Trouble: rcon.ErrSilent.Error()}, 0, "does not answer", "The server does not answer."},
		{queue.LaneStatus{Trouble: "a bad day"}, 0, "stuck", "a bad day."},
		{queue.LaneStatus{Trouble: refused, Paused: true}, 0, "paused", "refused the password."},
		{queue.LaneStatus{HeldUntil: in(12 * time.Second), Waiting: 2}, 30, "held back", "At most 30 a minute may begin: it goes on at 20:00:12, in 12 s."},
		{queue.LaneStatus{HeldUntil: in(12 * time.Second), Waiting: 2}, 0, "held back", "A limit a minute holds it back until 20:00:12, for 12 s more."},
		{queue.LaneStatus{HeldUntil: in(-time.Second)}, 30, "ready", ""},
	}
	for _, tt := range tests {
		got := standing(tt.status, tt.limit, now)
		if got.word != tt.word || !strings.Contains(got.said, tt.said) || tt.said == "" && got.said != "" {
			t.Errorf("%+v: %q, %q; want %q, %q", tt.status, got.word, got.said, tt.word, tt.said)
		}
	}
}

func TestLimitOfATarget(t *testing.T) {
	p := profile.Profile{RCON: []profile.Server{{Name: "a", PerMinute: 5}, {Name: "b"}}, Sound: profile.Sound{PerMinute: 7}}
	for lane, want := range map[string]int{"rcon:a": 5, "rcon:b": 0, "rcon:gone": 0, "sound": 7, "": 0} {
		if got := perMinute(p, lane); got != want {
			t.Errorf("%q: %d, want %d", lane, got, want)
		}
	}
}
