package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/rehearsal"
	"github.com/livecue/livecue/core/rehearsal/practice"
	"github.com/livecue/livecue/core/source"
	"github.com/livecue/livecue/core/source/tiktok"
)

// rehearsalRun is a rehearsal that is under way: a TikTok LIVE server and a game server on this machine.
type rehearsalRun struct {
	name     string
	live     *rehearsal.Server
	game     *practice.Server
	password string
	stop     context.CancelFunc
	group    sync.WaitGroup
}

// ErrBusy says that the queue still holds work for the real game servers, which a rehearsal would take to the wrong place.
var ErrBusy = errors.New("there is still work in the queue for your game server: let it finish, or clear it")

// StartRehearsal plays a script against the real client, with a practice game server in place of the profile's. A connection
// or rehearsal that is under way is ended first.
func (a *App) StartRehearsal(script string) error {
	loaded, err := rehearsal.Load(script)
	if err != nil {
		return err
	}
	a.Disconnect()
	if a.hasGameWork() {
		return ErrBusy
	}
	run, err := a.newRehearsal(script, loaded)
	if err != nil {
		return err
	}
	a.mu.Lock()
	if a.isClosed || a.rehearsal != nil {
		a.mu.Unlock()
		run.end()
		return fmt.Errorf("rehearse %q: another rehearsal was started meanwhile, or the program is ending", script)
	}
	a.rehearsal = run
	a.mu.Unlock()
	a.rehearsing.Store(true)
	a.rehearseShow()
	a.diagnostics.rehearse(a.losses())
	a.rebuildGames()
	src, err := tiktok.New(tiktok.Options{
		Handle:        run.live.Handle(),
		Door:          "direct",
		SignerURL:     run.live.SignerURL(),
		ProxyURL:      run.live.ProxyURL(),
		ProxyInsecure: true,
		Log:           a.log,
	})
	if err == nil {
		err = a.connect(src, run.live.Handle(), rehearsalPace(a.opts.Speed))
	}
	if err != nil {
		a.StopRehearsal()
		return fmt.Errorf("connect to the rehearsal: %w", err)
	}
	return nil
}

// rehearsalPace is impatient: nobody on this machine minds, and whoever watches a rehearsal of a bad day does not want to wait
// for a minute.
func rehearsalPace(speed float64) source.Pace {
	if speed <= 0 {
		speed = 1
	}
	scaled := func(d time.Duration) time.Duration { return time.Duration(float64(d) / speed) }
	return source.Pace{
		RetryFirst: scaled(time.Second), RetryMax: scaled(4 * time.Second), RefusedFirst: scaled(2 * time.Second),
		LiveFirst: scaled(2 * time.Second), LiveMax: scaled(4 * time.Second), RateLimit: scaled(4 * time.Second),
		HeldAfter: scaled(5 * time.Second),
	}
}

func (a *App) newRehearsal(name string, script *rehearsal.Script) (*rehearsalRun, error) {
	run := &rehearsalRun{name: name, password: rand.Text()}
	var err error
	run.live, err = rehearsal.Listen(rehearsal.Options{Script: script, Speed: a.opts.Speed, Log: a.log})
	if err != nil {
		return nil, fmt.Errorf("start the rehearsal: %w", err)
	}
	ctx, cancel := context.WithCancel(a.life)
	run.stop = cancel
	run.group.Go(func() { a.runPart(ctx, "rehearsal", run.live.Run) })
	run.game, err = practice.Listen(practice.Options{Password: run.password, Log: a.log})
	if err != nil {
		run.end()
		return nil, fmt.Errorf("start the practice game server: %w", err)
	}
	run.group.Go(func() { a.runPart(ctx, "practice game server", run.game.Run) })
	return run, nil
}

// StopRehearsal ends the rehearsal, if there is one, and puts the profile's game servers back in place.
func (a *App) StopRehearsal() {
	a.mu.Lock()
	run := a.rehearsal
	a.mu.Unlock()
	if run == nil {
		return
	}
	a.endSession()
	a.mu.Lock()
	isMine := a.rehearsal == run
	if isMine {
		a.rehearsal = nil
	}
	a.mu.Unlock()
	if !isMine {
		return
	}
	a.rehearsing.Store(false)
	a.endShow()
	a.diagnostics.rehearsed(a.losses())
	a.clearGames() // what was rehearsed must not reach a real server
	a.rebuildGames()
	run.end()
}

func (a *App) hasGameWork() bool {
	return slices.ContainsFunc(a.queue.Lanes(), func(l queue.LaneStatus) bool {
		return isGameLane(l.Lane) && (l.Waiting > 0 || l.Running != nil)
	})
}

func (a *App) clearGames() {
	for _, l := range a.queue.Lanes() {
		if isGameLane(l.Lane) {
			a.queue.Clear(l.Lane)
		}
	}
}

func (r *rehearsalRun) end() {
	r.stop()
	r.group.Wait()
}

// Rehearsal returns the name of the script that plays, or "".
func (a *App) Rehearsal() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.rehearsal == nil {
		return ""
	}
	return a.rehearsal.name
}

// RehearsalResult is what the two servers of a rehearsal know of it.
type RehearsalResult struct {
	// Ledger is what a client could know of what was sent.
	Ledger rehearsal.Ledger
	// Commands is how many commands the practice game server received.
	Commands uint64
	// IsOver says that the script has been played to its end.
	IsOver bool
}

// RehearsalResult returns what the rehearsal's servers have counted so far, and false when none is under way.
func (a *App) RehearsalResult() (RehearsalResult, bool) {
	a.mu.Lock()
	run := a.rehearsal
	a.mu.Unlock()
	if run == nil {
		return RehearsalResult{}, false
	}
	result := RehearsalResult{Ledger: run.live.Ledger(), Commands: run.game.Count()}
	select {
	case <-run.live.Done():
		result.IsOver = true
	default:
	}
	return result, true
}

// RehearsalCommands returns the last commands that the practice game server received, oldest first; nil without a rehearsal.
func (a *App) RehearsalCommands() []practice.Command {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.rehearsal == nil {
		return nil
	}
	return a.rehearsal.game.Commands()
}

// RehearsalOver is closed when the script that plays now has been played to its end; nil, which never is, without one.
func (a *App) RehearsalOver() <-chan struct{} {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.rehearsal == nil {
		return nil
	}
	return a.rehearsal.live.Done()
}
