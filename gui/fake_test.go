package gui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/obs"
	"github.com/livecue/livecue/core/action/rcon"
	"github.com/livecue/livecue/core/action/speech"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/hotkey"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/core/source"
	"github.com/livecue/livecue/gui/look/looktest"
	"github.com/livecue/livecue/gui/profiles"
)

// fakeCore is a program for the window to show: real rules, and a queue that a test moves by hand or that play drives.
type fakeCore struct {
	profiles.Core // what changes profiles: tests that do so have the real program

	mu       sync.Mutex
	profile  profile.Profile
	saveErr  error
	secrets  map[string]string
	place    string
	status   source.Status
	script   string
	rules    *rule.Set
	lanes    map[string]*queue.LaneStatus
	health   app.Health
	figures  app.Diagnostics
	silent   string
	feeds    []func(app.Update)
	seq      uint64
	jobs     map[string]action.Job
	tested   []rule.Rule
	previews []action.Sound
	panics   int
	connects int
	fired    []string
	keys     map[string]hotkey.State
	password string

	waits map[string][]queue.Waiting
	left  []app.Unfinished
	past  []app.Done // newest first
	rerun []action.Job

	plugins fakePlugins

	replay                       app.ReplayStatus
	obsErr, voicesErr, speechErr error
	obsTests                     int
	voices                       []speech.Voice
	spoken                       []action.Speech

	out io.Writer // what was asked of it, where a test in another process listens

	stopPlay context.CancelFunc
	playing  sync.WaitGroup
}

func newFakeCore() *fakeCore {
	p := looktest.ExampleProfile()
	return &fakeCore{
		profile: p, secrets: map[string]string{}, rules: rule.NewSet(p.ResolvedRules(), rule.Options{}), password: "right",
		status: source.Status{State: source.Offline}, jobs: map[string]action.Job{},
		waits: map[string][]queue.Waiting{},
		lanes: map[string]*queue.LaneStatus{"rcon:minecraft": {Lane: "rcon:minecraft"}, "sound": {Lane: "sound"}},
	}
}

func (f *fakeCore) Profile() profile.Profile {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.profile.Clone()
}

func (f *fakeCore) SetProfile(p profile.Profile) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.saveErr != nil {
		return f.saveErr
	}
	f.profile = p.Clone()
	f.rules.Replace(p.ResolvedRules())
	return nil
}

// onProfile changes the profile behind the window's back.
func (f *fakeCore) onProfile(change func(*profile.Profile)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(&f.profile)
}

func (f *fakeCore) ProfilePath() string { return "/home/pia/.config/livecue/profile.toml" }

func (f *fakeCore) SecretsPlace() string { return f.place }

func (f *fakeCore) HasSecret(key string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.secrets[key] != ""
}

func (f *fakeCore) SetSecret(key, value string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.secrets[key] = value
	return nil
}

func (f *fakeCore) TestRuleFor(r rule.Rule, _ rule.TestChoice) error { return f.TestRule(r) }

func (f *fakeCore) DryRun(r rule.Rule, choice rule.TestChoice) ([]action.Job, rule.Decision, error) {
	jobs, decision := rule.NewSet(nil, rule.Options{}).Test(r, rule.TestEventFor(r, nil, choice))
	return jobs, decision, nil
}

func (f *fakeCore) Preflight(context.Context) (app.PreflightReport, error) {
	return app.PreflightReport{Results: []app.PreflightResult{{
		RuleID: f.profile.Rules[0].ID, RuleName: f.profile.Rules[0].Name, Field: "action[0]", Kind: action.KindRCON, Server: "minecraft",
		Text: "sumon chicken", Verdict: app.VerdictBad, Refusal: "Unknown or incomplete command, see below for error",
	}}}, nil
}

func (f *fakeCore) CheckOverlay(action.Overlay) error { return nil }

func (f *fakeCore) OverlayPictures() []string { return []string{"heart"} }

func (f *fakeCore) Fire(id string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fired = append(f.fired, id)
	return nil
}

func (f *fakeCore) HotkeyState(keys string) (hotkey.State, hotkey.Reach) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.keys[keys], hotkey.Everywhere
}

func (f *fakeCore) OBSNames(context.Context) (obs.Names, error) {
	return obs.Names{Scenes: []string{"Gameplay", "Pause"}, Sources: map[string][]string{"Gameplay": {"Camera"}}}, nil
}

func (f *fakeCore) TestOBS(ctx context.Context, s profile.OBS, password string) (obs.Info, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.obsTests++
	switch {
	case ctx.Err() != nil:
		return obs.Info{}, ctx.Err()
	case f.obsErr != nil:
		return obs.Info{}, f.obsErr
	case password != f.password && f.secrets[profile.KeyOBS()] != f.password:
		return obs.Info{}, action.Blocked(fmt.Errorf("log in to %s: %w", s.Address, obs.ErrPassword))
	}
	return obs.Info{Version: "30.2.3", Scenes: 2}, nil
}

func (f *fakeCore) Voices(context.Context) ([]speech.Voice, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.voices, f.voicesErr
}

func (f *fakeCore) PreviewSpeech(_ context.Context, s action.Speech, _ action.Fields) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.spoken = append(f.spoken, s)
	return f.speechErr
}

func (f *fakeCore) Connect() error {
	f.mu.Lock()
	f.connects++
	f.replay.IsOn = false
	f.say("connect " + f.profile.TikTok.Handle)
	f.status = source.Status{
		State: source.WaitingForLive, Handle: strings.TrimPrefix(f.profile.TikTok.Handle, "@"),
		Cause: event.Cause{Code: event.CauseNotLive}, Until: time.Now().Add(30 * time.Second),
	}
	f.mu.Unlock()
	return nil
}

// beInTrouble makes everything go wrong, in many words.
func (f *fakeCore) beInTrouble() {
	f.profile.TikTok.Handle = "pixel_pia"
	f.status = source.Status{State: source.Reconnecting, Handle: "pixel_pia", Cause: event.Cause{Code: event.CauseCertificate}, Until: time.Now().Add(time.Hour), Attempt: 7}
	f.lanes["rcon:minecraft"] = &queue.LaneStatus{Lane: "rcon:minecraft", Waiting: 12345, Trouble: rcon.ErrUnreachable.Error(), RetryAt: time.Now().Add(time.Hour)}
	f.lanes["sound"].Paused = true
	f.silent = "No sound: there are no working loudspeakers"
	f.haveAQueue(12345)
	f.haveLeftovers(1234)
	f.haveAPast(20)
	f.health = app.Health{Events: 1234567, Malformed: 12, Reconnects: 34, Problems: []string{"a gift without a number"}}
}

func (f *fakeCore) say(text string) {
	if f.out != nil {
		_, _ = fmt.Fprintln(f.out, text)
	}
}

func (f *fakeCore) Disconnect() { f.setStatus(source.Status{State: source.Offline}) }

func (f *fakeCore) setStatus(s source.Status) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.status = s
}

func (f *fakeCore) Status() source.Status {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.status
}

func (f *fakeCore) StartRehearsal(script string) error {
	ctx, cancel := context.WithCancel(context.Background())
	f.mu.Lock()
	f.script, f.stopPlay = script, cancel
	f.status = source.Status{State: source.Connected, Handle: "rehearsal", Door: "direct"}
	f.mu.Unlock()
	f.playing.Go(func() { f.play(ctx) })
	return nil
}

func (f *fakeCore) StopRehearsal() {
	f.mu.Lock()
	stop := f.stopPlay
	f.script, f.stopPlay = "", nil
	f.status = source.Status{State: source.Offline}
	f.mu.Unlock()
	if stop != nil {
		stop()
	}
	f.playing.Wait()
}

func (f *fakeCore) Rehearsal() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.script
}

func (f *fakeCore) TestRule(r rule.Rule) error {
	f.mu.Lock()
	f.tested = append(f.tested, r)
	f.mu.Unlock()
	e := rule.TestEvent(r, nil)
	jobs, d := f.rules.Test(r, e)
	f.publish(e, []rule.Decision{d}, jobs)
	return nil
}

func (f *fakeCore) TestServer(ctx context.Context, s profile.Server, password string) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case strings.HasPrefix(s.Address, "nowhere"):
		return fmt.Errorf("dial: %w", rcon.ErrUnreachable)
	case password != f.password && f.secrets[profile.KeyRCON(s.Name)] != f.password:
		return fmt.Errorf("log in: %w", rcon.ErrPassword)
	}
	return nil
}

func (f *fakeCore) Lanes() []queue.LaneStatus {
	f.mu.Lock()
	defer f.mu.Unlock()
	var lanes []queue.LaneStatus
	for _, l := range f.lanes {
		lanes = append(lanes, *l)
	}
	slices.SortFunc(lanes, func(a, b queue.LaneStatus) int { return strings.Compare(a.Lane, b.Lane) })
	return lanes
}

// onLane changes a lane.
func (f *fakeCore) onLane(lane string, change func(*queue.LaneStatus)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.lanes[lane] == nil {
		f.lanes[lane] = &queue.LaneStatus{Lane: lane}
	}
	change(f.lanes[lane])
}

func (f *fakeCore) PauseLane(lane string) {
	f.onLane(lane, func(l *queue.LaneStatus) { l.Paused = true })
}

func (f *fakeCore) ResumeLane(lane string) {
	f.onLane(lane, func(l *queue.LaneStatus) { l.Paused = false })
}

func (f *fakeCore) SkipLane(lane string) {
	f.onLane(lane, func(l *queue.LaneStatus) { l.Running, l.Waiting = nil, max(l.Waiting-1, 0) })
}

func (f *fakeCore) ClearLane(lane string) {
	f.onLane(lane, func(l *queue.LaneStatus) { l.Waiting, f.waits[lane] = 0, nil })
}

func (f *fakeCore) Waiting(_ context.Context, lane string, limit int) ([]queue.Waiting, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := f.waits[lane]
	return slices.Clone(all[:min(limit, len(all))]), nil
}

func (f *fakeCore) MoveJob(lane string, ticket int64, to queue.Place) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := slices.IndexFunc(f.waits[lane], func(w queue.Waiting) bool { return w.Ticket == ticket })
	if i < 0 {
		return false
	}
	w := f.waits[lane][i]
	f.waits[lane] = slices.Delete(f.waits[lane], i, i+1)
	if to == queue.First {
		f.waits[lane] = slices.Insert(f.waits[lane], 0, w)
	} else {
		f.waits[lane] = append(f.waits[lane], w)
	}
	return true
}

func (f *fakeCore) DropJob(lane string, ticket int64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := len(f.waits[lane])
	f.waits[lane] = slices.DeleteFunc(f.waits[lane], func(w queue.Waiting) bool { return w.Ticket == ticket })
	return len(f.waits[lane]) < before
}

func (f *fakeCore) PanicStop() {
	for _, l := range f.Lanes() {
		f.onLane(l.Lane, func(l *queue.LaneStatus) { *l = queue.LaneStatus{Lane: l.Lane, Paused: true} })
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.panics++
	f.say("panic stop")
}

func (f *fakeCore) Preview(_ context.Context, s action.Sound) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.previews = append(f.previews, s)
	if strings.HasPrefix(s.File, "/missing") {
		return errors.New("open " + s.File + ": no such file")
	}
	return nil
}

func (f *fakeCore) StopSounds() {}

func (f *fakeCore) SoundProblem() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.silent
}

func (f *fakeCore) Sounds() []string { return []string{"chime", "coin", "fanfare"} }

func (f *fakeCore) Gifts() []event.GiftInfo {
	return []event.GiftInfo{
		{ID: 5655, Name: "Rose", Coins: 1, Streakable: true},
		{ID: 6064, Name: "GG", Coins: 1, Streakable: true},
		{ID: 8913, Name: "Rosa", Coins: 10},
		{ID: 5879, Name: "Doughnut", Coins: 30},
		{ID: 5660, Name: "Hand Hearts", Coins: 100},
		{ID: 37, Name: "Hand Hearts", Coins: 100},
		{ID: 5827, Name: "Ice Cream Cone", Coins: 1},
		{ID: 6369, Name: "Lion", Coins: 29999},
	}
}

func (f *fakeCore) Health() app.Health {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.health
}

func (f *fakeCore) Unfinished(limit int) (first []app.Unfinished, total int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.left[:min(limit, len(f.left))]), len(f.left)
}

func (f *fakeCore) RunUnfinished(ids []string)  { f.settle(ids, "") }
func (f *fakeCore) DropUnfinished(ids []string) { f.settle(ids, action.Dropped) }

// settle takes unfinished jobs away; with a state they are over.
func (f *fakeCore) settle(ids []string, state action.State) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.left = slices.DeleteFunc(f.left, func(u app.Unfinished) bool {
		isWanted := ids == nil || slices.Contains(ids, u.Job.ID)
		if isWanted && state != "" {
			f.past = slices.Insert(f.past, 0, app.Done{Job: u.Job, State: state, At: time.Now()})
		}
		return isWanted
	})
}

func (f *fakeCore) History(_ context.Context, before int64, limit int, states ...action.State) ([]app.Done, int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	past := slices.Clone(f.past)
	if len(states) > 0 {
		past = slices.DeleteFunc(past, func(d app.Done) bool { return !slices.Contains(states, d.State) })
	}
	// A mark is how many jobs are older.
	from := 0
	if before > 0 {
		from = len(past) - int(before)
	}
	to := min(from+limit, len(past))
	return past[from:to], int64(len(past) - to), nil
}

func (f *fakeCore) RunAgain(job action.Job) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rerun = append(f.rerun, job)
	return nil
}

func (f *fakeCore) Tap(size int) *app.Tap {
	tap, feed := app.NewTap(size)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.feeds = append(f.feeds, feed)
	return tap
}

// emit lets the rules look at an event, and returns the ids of the jobs that it set off.
func (f *fakeCore) emit(e event.Event) []string {
	jobs, decisions := f.rules.Evaluate(e)
	return f.publish(e, decisions, jobs)
}

func (f *fakeCore) publish(e event.Event, decisions []rule.Decision, jobs []action.Job) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seq++
	f.health.Events++
	entry := &app.Entry{Seq: f.seq, Event: e, Decisions: decisions}
	for _, j := range jobs {
		entry.Jobs = append(entry.Jobs, j.ID)
		f.jobs[j.ID] = j
	}
	for _, feed := range f.feeds {
		feed(app.Update{Entry: entry})
	}
	return entry.Jobs
}

// report tells the feed how a job stands.
func (f *fakeCore) report(id string, state action.State, reply string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	j := f.jobs[id]
	r := &queue.Report{Job: j, State: state, Reply: reply, Runs: j.Runs, Latency: 84 * time.Millisecond, At: time.Now()}
	if state == action.Rejected {
		r.Refused = j.Runs
	}
	for _, feed := range f.feeds {
		feed(app.Update{Report: r})
	}
}

// play is a rehearsal to look at: a bit of everything, one thing every 400 ms.
func (f *fakeCore) play(ctx context.Context) {
	ticker := time.NewTicker(400 * time.Millisecond)
	defer ticker.Stop()
	random := rand.New(rand.NewPCG(1, 2))
	f.emit(event.Connected{Head: head(0), Door: "direct", Handle: "rehearsal"})
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		ids := f.emit(madeUp(random, n))
		waiting := len(ids) * 2
		f.onLane("rcon:minecraft", func(l *queue.LaneStatus) { l.Waiting = waiting })
		for i, id := range ids {
			if random.IntN(9) == 0 && i == 0 {
				f.report(id, action.Rejected, "Unknown or incomplete command, see below for error: sumon<--[HERE]")
				continue
			}
			f.report(id, action.Done, "Summoned new Chicken")
		}
	}
}

func head(n int) event.Head {
	return event.Head{ID: fmt.Sprint("e", n, "-", time.Now().UnixNano()), At: time.Now(), Source: "tiktok", Room: "1"}
}

// madeUp is the n-th event of play.
func madeUp(random *rand.Rand, n int) event.Event {
	names := []string{"Pixel Pia", "testy_tom", "🦊 Foxy Fiona", "made_up_mo", "ナナ", "Robin ✨ Example", "\u202eevil\u202c\nname"}
	u := event.User{ID: fmt.Sprint(n % 7), Handle: "viewer", Nickname: names[random.IntN(len(names))]}
	switch n % 10 {
	case 0, 5:
		return event.Gift{Head: head(n), User: u, Gift: event.GiftInfo{ID: 5655, Name: "Rose", Coins: 1, Streakable: true}, Added: 3, Count: 3, Final: true, First: true}
	case 1:
		return event.Gift{Head: head(n), User: u, Gift: event.GiftInfo{ID: 5660, Name: "Hand Hearts", Coins: 100}, Added: 1, Count: 1, Final: true, First: true}
	case 2:
		return event.Follow{Head: head(n), User: u}
	case 3:
		return event.Like{Head: head(n), User: u, Added: 15, Total: 900 + 15*n}
	case 4:
		return event.Chat{Head: head(n), User: u, Comment: "!zombie please, this is so much fun to watch and I want to see more of it"}
	case 6:
		return event.Share{Head: head(n), User: u}
	case 7:
		return event.ViewerCount{Head: head(n), Viewers: 1200 + n}
	case 8:
		return event.Chat{Head: head(n), User: u, Comment: "hello from the other side 👋"}
	default:
		return event.Join{Head: head(n), User: u}
	}
}
