package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/replay"
	"github.com/livecue/livecue/core/rule"
)

var (
	// ErrLive refuses a replay while a stream may be on.
	ErrLive = errors.New("a replay cannot run while LiveCue is connected or rehearses: disconnect first")
	// ErrNoReplay says that none is under way.
	ErrNoReplay = errors.New("no replay is under way")
)

// Replay says what is to be played again.
type Replay struct {
	// Session is the number of the stream; File is a file of SaveRecording, in its place.
	Session int64
	File    string
	// From is where it begins, counted from the stream's begin.
	From time.Duration
	// Speed is how many times as fast as it was, 0.25 to 64; 0 is as fast as can be.
	Speed float64
	// WithEffects lets the rules act. Otherwise it is only told what they would do.
	WithEffects bool
	// Server is the game server that all game commands go to, in place of those that the rules name; "" leaves them.
	Server string
	// Lanes are those that may act; the jobs of others are held back. "http" is all requests, whatever server they go to. Without any, all are but those that reach beyond the
	// show: requests, programs, and the counters and timers, whose numbers are the show's own.
	Lanes []string
}

// ReplayStatus is how a replay stands.
type ReplayStatus struct {
	replay.Status
	// Session and File are what is played, as in Replay.
	Session int64
	File    string
	// WithEffects says that the rules act, IsOn that it is under way.
	WithEffects, IsOn bool
	// HeldBack is how many jobs were kept from acting.
	HeldBack int
	// Error is why it ended early, or "".
	Error string
}

// replayRun is a replay that is under way, or was.
type replayRun struct {
	app    *App
	opts   Replay
	player *replay.Player
	stop   context.CancelFunc
	ended  chan struct{}

	// guarded by app.mu
	heldBack int
	problem  string
}

// isOn says that it is under way. The App's lock need not be held.
func (r *replayRun) isOn() bool {
	if r == nil {
		return false
	}
	select {
	case <-r.ended:
		return false
	default:
		return true
	}
}

// StartReplay plays a stream again, through the rules of the profile in force. It goes on until StopReplay, Connect, or its end;
// one that is under way is ended first. The rules' cooldowns and milestones are the replay's own. With effects, its events and jobs are
// marked as replayed; the journal, the history and the statistics do not have them. The error may be ErrLive.
func (a *App) StartReplay(ctx context.Context, opts Replay) error { //nolint:contextcheck // ctx is for the reading: the replay goes on after it
	a.StopReplay()
	if a.isLive() {
		return ErrLive
	}
	p := a.Profile()
	isServer := func(s profile.Server) bool { return s.Name == opts.Server }
	if opts.Server != "" && !slices.ContainsFunc(p.RCON, isServer) {
		return fmt.Errorf("the profile has no game server called %q", opts.Server)
	}
	recording, closeIt, err := a.recording(ctx, opts)
	if err != nil {
		return err
	}
	run := &replayRun{app: a, opts: opts, ended: make(chan struct{})}
	playing := replay.Options{Recording: recording, Rules: a.replayRules(p), From: opts.From, Speed: opts.Speed, OnMoment: run.tell}
	if opts.WithEffects {
		playing.OnMoment = run.act
	}
	if run.player, err = replay.New(ctx, playing); err != nil {
		return errors.Join(err, closeIt())
	}
	life, stop := context.WithCancel(a.life) //nolint:contextcheck // it outlives the call
	run.stop = stop
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.isClosed || a.session != nil || a.rehearsal != nil || a.replay.isOn() {
		stop()
		return errors.Join(ErrLive, closeIt())
	}
	a.replay = run
	a.group.Go(func() { // ends with StopReplay, or with the App
		defer close(run.ended)
		defer stop()
		run.over(errors.Join(run.player.Run(life), closeIt()))
	})
	return nil
}

// isLive says that there is, or may soon be, something that must not be mixed with a replay.
func (a *App) isLive() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.session != nil || a.rehearsal != nil
}

// recording opens what is to be played, and returns what closes it.
func (a *App) recording(ctx context.Context, opts Replay) (replay.Recording, func() error, error) {
	if opts.File != "" {
		f, err := replay.Open(ctx, opts.File)
		if err != nil {
			return nil, nil, err
		}
		return f, f.Close, nil
	}
	if a.store == nil {
		return nil, nil, ErrNoJournal
	}
	return replay.OfSession(a.store, opts.Session), func() error { return nil }, nil
}

// replayRules are the rules of p, with what their conditions ask of the program.
func (a *App) replayRules(p profile.Profile) replay.Rules {
	return replay.Rules{
		Rules: p.ResolvedRules(), Waiting: waitingOf(p), State: showState{app: a, counters: a.board.Counter},
		Prepare: func(s *rule.Set) {
			s.SetGroups(p.OffGroups())
			s.SetViewers(p.Viewers.Allow, p.Viewers.Block)
		},
	}
}

// tell shows a moment in the feed, and does nothing of it. One that is played as fast as can be would only flood it: its report tells.
func (r *replayRun) tell(ctx context.Context, m replay.Moment) error {
	if r.player.Speed() != 0 {
		r.app.taps.put(Update{Entry: &Entry{Seq: r.app.seq.Add(1), Event: m.Event, Decisions: m.Decisions, Replayed: true}})
	}
	return ctx.Err()
}

// act shows a moment in the feed and puts its jobs into the queue.
func (r *replayRun) act(ctx context.Context, m replay.Moment) error {
	now := time.Now()
	entry := &Entry{Seq: r.app.seq.Add(1), Event: m.Event, Decisions: m.Decisions, Replayed: true}
	var jobs []action.Job
	for _, j := range m.Jobs {
		if j.Spec.RCON != nil && r.opts.Server != "" {
			j.Spec.RCON.Server = r.opts.Server
		}
		if !r.mayAct(j.Lane()) {
			continue
		}
		shift := now.Sub(j.Created)
		j.Created, j.Replayed = now, true
		for _, t := range []*time.Time{&j.Due, &j.Expires} {
			if !t.IsZero() {
				*t = t.Add(shift)
			}
		}
		jobs = append(jobs, j)
		entry.Jobs = append(entry.Jobs, j.ID)
	}
	r.app.mu.Lock()
	r.heldBack += len(m.Jobs) - len(jobs)
	r.app.mu.Unlock()
	r.app.taps.put(Update{Entry: entry})
	r.app.publish(m.Event, true)
	if len(jobs) > 0 {
		r.app.putJobs(ctx, jobs)
	}
	return ctx.Err()
}

// mayAct says whether a job of the lane reaches its target.
func (r *replayRun) mayAct(lane string) bool {
	if len(r.opts.Lanes) > 0 {
		return slices.Contains(r.opts.Lanes, lane) || isWebLane(lane) && slices.Contains(r.opts.Lanes, webLanes)
	}
	return !isWebLane(lane) && lane != programLane && lane != stateLane
}

// over notes why it ended.
func (r *replayRun) over(err error) {
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	r.app.log.Error("a replay ended early", "error", err)
	r.app.mu.Lock()
	defer r.app.mu.Unlock()
	r.problem = err.Error()
}

// lastReplay returns the last one, or nil.
func (a *App) lastReplay() *replayRun {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.replay
}

// StopReplay ends the replay, if there is one, and drops what it has left in the queue.
func (a *App) StopReplay() {
	run := a.lastReplay()
	if run == nil {
		return
	}
	run.stop()
	<-run.ended
	if run.opts.WithEffects {
		a.dropReplayed()
	}
}

// haltReplay ends the replay at once, and drops what it still puts into the queue meanwhile.
func (a *App) haltReplay() {
	run := a.lastReplay()
	if !run.isOn() {
		return
	}
	run.stop()
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.isClosed || !run.opts.WithEffects {
		return
	}
	a.group.Go(func() { // ends with the replay
		<-run.ended
		a.dropReplayed()
	})
}

// dropReplayed drops the jobs of replays that wait: they must not stand before those of a stream.
func (a *App) dropReplayed() {
	for _, l := range a.queue.Lanes() {
		waiting, err := a.queue.Waiting(l.Lane, l.Waiting)
		if err != nil {
			a.log.Error("what a replay left could not be dropped", "lane", l.Lane, "error", err)
			continue
		}
		for _, w := range waiting {
			if w.Job.Replayed {
				a.queue.Drop(l.Lane, w.Ticket)
			}
		}
	}
}

// PauseReplay stops the replay between two events, ResumeReplay lets it go on.
func (a *App) PauseReplay() error { return a.onReplay((*replay.Player).Pause) }

// ResumeReplay lets a paused replay go on.
func (a *App) ResumeReplay() error { return a.onReplay((*replay.Player).Resume) }

// SeekReplay goes on at another place of the stream, counted from its begin. What came before is the past, and the report begins
// anew.
func (a *App) SeekReplay(to time.Duration) error {
	return a.onReplay(func(p *replay.Player) { p.Seek(to) })
}

// SetReplaySpeed changes the speed of the replay. The error may be replay.ErrSpeed.
func (a *App) SetReplaySpeed(speed float64) (err error) {
	return errors.Join(a.onReplay(func(p *replay.Player) { err = p.SetSpeed(speed) }), err)
}

// onReplay does something with the replay that is under way.
func (a *App) onReplay(do func(*replay.Player)) error {
	run := a.lastReplay()
	if !run.isOn() {
		return ErrNoReplay
	}
	do(run.player)
	return nil
}

// ReplayStatus tells how the replay stands, or how the last one ended; false when there was none. What its report says of each
// event is made anew for each call: it is for a slow tick.
func (a *App) ReplayStatus() (ReplayStatus, bool) {
	run := a.lastReplay()
	if run == nil {
		return ReplayStatus{}, false
	}
	isOn := run.isOn()
	st := ReplayStatus{Status: run.player.Status(), Session: run.opts.Session, File: run.opts.File, WithEffects: run.opts.WithEffects, IsOn: isOn}
	a.mu.Lock()
	defer a.mu.Unlock()
	st.HeldBack, st.Error = run.heldBack, run.problem
	return st, true
}

// ReplayOver is closed when the replay has ended; nil, which never is, without one.
func (a *App) ReplayOver() <-chan struct{} {
	if run := a.lastReplay(); run != nil {
		return run.ended
	}
	return nil
}

// SaveRecording writes the recording of a stream to a file, which StartReplay can play: with made-up names for its viewers when
// anonymous.
func (a *App) SaveRecording(ctx context.Context, session int64, path string, anonymous bool) (err error) {
	if a.store == nil {
		return ErrNoJournal
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.part") // one that is broken off must not pass for whole
	if err != nil {
		return fmt.Errorf("save the recording: %w", err)
	}
	err = errors.Join(replay.Write(ctx, f, replay.OfSession(a.store, session), anonymous), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("save the recording: %w", errors.Join(err, os.Remove(f.Name())))
	}
	return nil
}
