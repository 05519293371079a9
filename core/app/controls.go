package app

import (
	"context"

	"github.com/livecue/livecue/assets"
	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/sound"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/rule"
)

// TestRule triggers the rule as its event would, marked as a test: it fires whatever its cooldown and switch say, and goes
// through the same queue to the same targets. The rule need not be saved. The error is what is wrong with the rule.
func (a *App) TestRule(r rule.Rule) error {
	if problems := rule.Check(r); len(problems) > 0 {
		return problems[0]
	}
	a.mu.Lock()
	r = a.profile.Resolve(r)
	a.mu.Unlock()
	e := rule.TestEvent(r, a.catalog)
	jobs, decision := a.rules.Test(r, e)
	a.enqueue(e, []rule.Decision{decision}, jobs)
	return nil
}

// Lanes returns how the lanes of the queue stand, by name.
func (a *App) Lanes() []queue.LaneStatus { return a.queue.Lanes() }

// PauseLane stops a lane after the run that is under way; ResumeLane lets it go on.
func (a *App) PauseLane(lane string) { a.queue.Pause(lane) }

// ResumeLane lets a paused lane go on, and one whose target is in trouble try again at once.
func (a *App) ResumeLane(lane string) { a.queue.Resume(lane) }

// SkipLane drops the job that is being done, or the next.
func (a *App) SkipLane(lane string) { a.queue.Skip(lane) }

// ClearLane drops all jobs of a lane.
func (a *App) ClearLane(lane string) { a.queue.Clear(lane) }

// Waiting returns the first jobs that wait in a lane, at most limit, in the order in which they are to be done. It may read from the
// disk.
func (a *App) Waiting(ctx context.Context, lane string, limit int) ([]queue.Waiting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return a.queue.Waiting(lane, limit)
}

// MoveJob lets a waiting job wait at another place, and DropJob drops it; false says that it no longer waits. Both may use the disk.
func (a *App) MoveJob(lane string, ticket int64, to queue.Place) bool {
	return a.queue.Move(lane, ticket, to)
}

// DropJob drops a waiting job.
func (a *App) DropJob(lane string, ticket int64) bool { return a.queue.Drop(lane, ticket) }

// PanicStop ends a replay, pauses and clears every lane, silences all sounds and takes the alerts off the screen.
func (a *App) PanicStop() {
	a.haltReplay()
	a.queue.Stop()
	a.StopSounds()
	a.ClearAlerts()
}

// Preview plays a sound at once, outside the queue.
func (a *App) Preview(ctx context.Context, s action.Sound) error { return a.mixer.Preview(ctx, s) }

// StopSounds silences all sounds that are playing, and what is spoken.
func (a *App) StopSounds() {
	a.speaker.Stop()
	a.mixer.StopAll()
}

// SoundProblem is why nothing can be heard, or "".
func (a *App) SoundProblem() string { return a.mixer.Problem() }

// Sounds are the names of the bundled sounds, each usable as "bundled:name".
func (a *App) Sounds() []string { return sound.Names(assets.Sounds()) }
