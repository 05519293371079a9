package app

import (
	"context"
	"crypto/rand"
	"fmt"
	"path/filepath"
	"reflect"
	"time"

	"github.com/livecue/livecue/assets"
	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/overlay"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/scoreboard"
)

const (
	overlayLane = string(action.KindOverlay)
	stateLane   = "state"
	// queueShown is how many waiting jobs of each lane the queue page is told of, and queueEvery how often.
	queueShown = 20
	queueEvery = 500 * time.Millisecond
)

// openOverlay opens the counters and timers, and makes the server of the overlay pages. Beside the journal they keep what is to
// outlive the program; without one they keep nothing.
func (a *App) openOverlay() error {
	var counters, token string
	if a.opts.StorePath != "" {
		dir := filepath.Dir(a.opts.StorePath)
		counters, token = filepath.Join(dir, "counters.json"), filepath.Join(dir, "overlay-token")
	}
	var err error
	if a.board, err = scoreboard.Open(scoreboard.Options{Path: counters, Log: a.log}); err != nil {
		return err
	}
	a.overlay, err = overlay.New(overlay.Options{
		Settings: a.overlaySettings(a.opts.Profile), TokenPath: token, OnSecret: a.opts.OnSecret,
		Files: assets.Overlay(), Sounds: assets.Sounds(), Board: a.board, Log: a.log,
	})
	if err != nil {
		return fmt.Errorf("set up the overlay pages: %w", err)
	}
	return nil
}

// overlaySettings are what the profile says about the pages.
func (a *App) overlaySettings(p profile.Profile) overlay.Settings {
	o := p.Overlay
	s := overlay.Settings{
		Off: o.Off, Port: o.Port, Styles: o.CSS,
		Goal: overlay.Goal{Of: o.Goal.Of, Target: o.Goal.Target, Title: o.Goal.Title},
	}
	if s.Styles == "" && a.opts.StorePath != "" {
		s.Styles = filepath.Join(filepath.Dir(a.opts.StorePath), "overlay")
	}
	if s.Goal.Of == "" {
		s.Goal.Of = "likes"
	}
	if s.Goal.Target == 0 {
		s.Goal.Target = 1000
	}
	return s
}

// applyOverlay brings pages and lanes in line with the profile.
func (a *App) applyOverlay(p profile.Profile) {
	a.queue.SetPolicy(overlayLane, queue.Policy{TakeTurns: p.Queue.TakeTurns})
	a.overlay.Configure(a.overlaySettings(p))
}

// showTarget returns the action of a lane that is done inside the program, or nil.
func (a *App) showTarget(lane string) action.Action {
	switch lane {
	case overlayLane:
		return a.overlay
	case stateLane:
		return a.board
	default:
		return nil
	}
}

// showParts are what Start runs for the pages.
func (a *App) showParts() map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"counters": a.board.Run, "overlay pages": a.overlay.Run, "overlay queue": a.showQueue,
	}
}

// rehearseShow lets a rehearsal play with counters, timers and pages of its own; endShow forgets them.
func (a *App) rehearseShow() {
	a.board.Rehearse()
	a.overlay.Rehearse()
}

func (a *App) endShow() {
	a.board.EndRehearsal()
	a.overlay.EndRehearsal()
}

// showEvent takes an event of the bus to the pages.
func (a *App) showEvent(e event.Event) { a.overlay.Take(e) }

// closeShow writes what jobs have changed after the counters' own end.
func (a *App) closeShow() error {
	if err := a.board.Save(); err != nil {
		return fmt.Errorf("save counters and timers: %w", err)
	}
	return nil
}

// showQueue tells the queue pages what waits, while there are any.
func (a *App) showQueue(ctx context.Context) error {
	tick := time.NewTicker(queueEvery)
	defer tick.Stop()
	var told overlay.Queue
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		if !a.overlay.HasPage(overlay.PageQueue) {
			continue
		}
		q, err := a.waitingShown()
		if err != nil {
			a.log.Debug("the queue page was not told what waits", "error", err)
			continue
		}
		if !reflect.DeepEqual(q, told) {
			told = q
			a.overlay.SetQueue(q)
		}
	}
}

// waitingShown is what waits and is being done, lane by lane, as viewers may see it.
func (a *App) waitingShown() (overlay.Queue, error) {
	q := overlay.Queue{Total: map[string]int{}}
	for _, l := range a.queue.Lanes() {
		lane := l.Lane
		if isWebLane(lane) {
			lane = webLanes // which servers there are is nobody's business
		}
		if l.Running != nil {
			q.Total[lane]++
			// How many runs are left of it changes faster than anyone reads.
			q.Jobs = append(q.Jobs, shown(lane, "running-"+l.Running.ID, *l.Running, l.Running.Runs))
		}
		q.Total[lane] += l.Waiting
		if l.Waiting == 0 {
			continue
		}
		waiting, err := a.queue.Waiting(l.Lane, queueShown)
		if err != nil {
			return overlay.Queue{}, fmt.Errorf("read what waits: %w", err)
		}
		for _, w := range waiting {
			q.Jobs = append(q.Jobs, shown(lane, fmt.Sprint(w.Ticket), w.Job, w.Runs))
		}
	}
	return q, nil
}

func shown(lane, key string, job action.Job, runs int) overlay.Waiting {
	name := job.Fields.Nickname
	if name == "" {
		name = job.Fields.User
	}
	return overlay.Waiting{Key: lane + " " + key, Name: name, Rule: job.RuleName, Lane: lane, Runs: runs}
}

// showProblems are why pages or counters are not as they should be, in English.
func (a *App) showProblems() []string {
	var all []string
	if text := a.overlay.Status().Problem; text != "" {
		all = append(all, text)
	}
	if text := a.board.Problem(); text != "" {
		all = append(all, "Counters and timers cannot be saved: "+text)
	}
	return all
}

// OverlayPages returns the pages for OBS, with the addresses that they have now. Whoever has an address can see the page: it is not for
// showing on stream.
func (a *App) OverlayPages() []overlay.Page { return a.overlay.Pages() }

// OverlayStatus tells where the pages are, what is wrong with them, and how many are open.
func (a *App) OverlayStatus() overlay.Status { return a.overlay.Status() }

// OverlayClients is how many overlay pages are open.
func (a *App) OverlayClients() int { return a.overlay.Status().Pages }

// OverlayShown is what the pages show now, in short.
func (a *App) OverlayShown() overlay.Shown { return a.overlay.Shown() }

// OverlayChanges returns a channel that receives a value after the pages have come to show something else, or pages have come or gone: one
// for many, where its reader is slow. Call the function when done.
func (a *App) OverlayChanges() (<-chan struct{}, func()) { return a.overlay.Watch() }

// TryAlert shows an alert on the pages at once, past the queue, and tells what came of it. Nothing counts it. It waits while a page may come
// back.
func (a *App) TryAlert(ctx context.Context, o action.Overlay) (action.Outcome, error) {
	job := action.Job{ID: rand.Text(), Runs: 1, Test: true, Rehearsed: a.rehearsing.Load(), Spec: action.Spec{Overlay: &o}}
	return a.overlay.Do(ctx, job)
}

// TryGift shows a made-up gift on the gift pages for some seconds. No total counts it, and no rule hears of it.
func (a *App) TryGift(g event.Gift) { a.overlay.SampleGift(g) }

// RenewOverlayToken gives all pages other addresses. Those in OBS have to be changed.
func (a *App) RenewOverlayToken() error { return a.overlay.RenewToken() }

// ClearAlerts takes the alerts off the screen that are on it.
func (a *App) ClearAlerts() { a.overlay.ClearAlerts() }

// OverlayPictures are the names of the bundled pictures, each usable as "bundled:name" in an alert.
func (a *App) OverlayPictures() []string { return overlay.Pictures(assets.Overlay()) }

// Counters and Timers return what there is of them now, by name.
func (a *App) Counters() []scoreboard.Counter { return a.board.Counters() }

// Timers returns the countdowns as they stand now, by name.
func (a *App) Timers() []scoreboard.Timer { return a.board.Timers() }

// BoardChanges returns a channel that receives a value after counters or timers have changed: one for many, where its reader is slow.
// Call the function when done.
func (a *App) BoardChanges() (<-chan struct{}, func()) { return a.board.Changes() }

// SetCounter sets a counter, and makes it first if need be.
func (a *App) SetCounter(name string, value int64) error { return a.board.SetCounter(name, value) }

// RemoveCounter forgets a counter.
func (a *App) RemoveCounter(name string) { a.board.RemoveCounter(name) }

// ChangeTimer adds time to a timer (less than 0 takes it away), sets, starts or pauses it, and makes it first if need be.
func (a *App) ChangeTimer(name string, do action.TimerVerb, by time.Duration) error {
	return a.board.ChangeTimer(name, do, by)
}

// RemoveTimer forgets a timer.
func (a *App) RemoveTimer(name string) { a.board.RemoveTimer(name) }

// CheckOverlay looks whether the picture and the sound of an alert can be used. The error says which cannot, and why.
func (a *App) CheckOverlay(o action.Overlay) error { return a.overlay.Check(o) }
