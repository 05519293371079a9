package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/obs"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/rule"
)

const obsLane = string(action.KindOBS)

// leftAlone is the reply of OBS jobs that a rehearsal triggered: OBS may be on air, with no stand-in as there is for a game.
const leftAlone = "a rehearsal: OBS was left alone"

// studio is the client of OBS, with the settings that it was made from. It asks for the password when there is something to
// say, on the lane's goroutine, because a keyring may be locked and ask its user first.
type studio struct {
	*obs.Client
	settings profile.OBS
	password func() (string, error)
}

// Do implements action.Action.
func (s *studio) Do(ctx context.Context, job action.Job) (action.Outcome, error) {
	if job.Rehearsed {
		return action.Outcome{State: action.Done, Reply: leftAlone}, nil
	}
	if err := s.readPassword(); err != nil {
		return action.Outcome{}, action.Blocked(err)
	}
	return s.Client.Do(ctx, job)
}

// readPassword gives the client the password that is kept now.
func (s *studio) readPassword() error {
	password, err := s.password()
	if err != nil && !errors.Is(err, profile.ErrNoSecret) {
		return fmt.Errorf("read the password of OBS: %w", err)
	}
	s.SetPassword(password)
	return nil
}

// resume lets be switched back what the last run of the program has left switched, because it was killed.
func (s *studio) resume(ctx context.Context) error {
	if owes, err := s.Owes(ctx); err != nil || !owes {
		return err
	}
	if err := s.readPassword(); err != nil {
		return err
	}
	return s.Resume(ctx)
}

// openOBSNotes opens the notes of what is to be switched back in OBS. They are beside the journal; without one there are none.
func (a *App) openOBSNotes() *obs.Notes {
	if a.opts.StorePath == "" {
		return nil
	}
	return obs.OpenNotes(filepath.Join(filepath.Dir(a.opts.StorePath), "obs.json"), a.log)
}

// nudgeOBS lets resumeOBS look again: the client or the password is another.
func (a *App) nudgeOBS() {
	select {
	case a.toResume <- struct{}{}:
	default: // it is about to look
	}
}

// resumeOBS sees to what is still to be switched back in OBS, with a keyring to ask that may be slow.
func (a *App) resumeOBS(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-a.toResume:
			err := a.theStudio().resume(ctx)
			if err != nil && ctx.Err() == nil && !errors.Is(err, obs.ErrClosed) {
				a.log.Warn("what is to be switched back in OBS must wait", "error", err)
			}
		}
	}
}

// theStudio returns the client of OBS.
func (a *App) theStudio() *studio {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.studio
}

// rebuildOBS brings the client of OBS and its lane in line with the profile. A client whose settings have not changed is kept, with
// its connection and what it has to switch back; another one is closed, which switches back. The lock is not held.
func (a *App) rebuildOBS(p profile.Profile) {
	a.queue.SetPolicy(obsLane, queue.Policy{
		TakeTurns: p.Queue.TakeTurns, PerMinute: p.OBS.PerMinute, PerViewer: p.OBS.PerViewer,
	})
	a.mu.Lock()
	old := a.studio
	isNew := old == nil || old.settings.Address != p.OBS.Address || old.settings.Timeout != p.OBS.Timeout
	if isNew {
		a.studio = &studio{
			Client: obs.New(obs.Options{
				Address: p.OBS.Address, Timeout: p.OBS.Timeout.Std(), Notes: a.obsNotes, Log: a.log,
			}),
			settings: p.OBS,
			password: func() (string, error) { return a.secrets.Get(profile.KeyOBS()) },
		}
	}
	a.mu.Unlock()
	if isNew && old != nil {
		a.closeStudio(old)
		a.queue.Retry(obsLane)
	}
	if isNew {
		a.nudgeOBS()
	}
	if usesOBS(p.Rules) {
		a.queue.Declare(obsLane)
	} else {
		a.queue.Forget(obsLane)
	}
}

// usesOBS reports whether a rule, switched on or not, has something for OBS: only then is OBS shown among the targets.
func usesOBS(rules []rule.Rule) bool {
	return slices.ContainsFunc(rules, func(r rule.Rule) bool { return hasOBS(r.Actions) })
}

func hasOBS(specs []action.Spec) bool {
	return slices.ContainsFunc(specs, func(s action.Spec) bool {
		isChoice := func(c action.Choice) bool { return hasOBS(c.Actions) }
		return s.OBS != nil || s.Pool != nil && slices.ContainsFunc(s.Pool.Choices, isChoice)
	})
}

// closeStudio switches back in OBS what is still to be, and disconnects. It takes a few seconds where OBS hangs.
func (a *App) closeStudio(s *studio) {
	if err := s.Close(); err != nil {
		a.log.Warn("OBS could not be left as it was", "error", err)
	}
}

// TestOBS connects to OBS, logs in with the password, or with the kept one when it is empty, and asks OBS what it is. It changes
// nothing in OBS. The error tells an OBS that is not running (obs.ErrUnreachable) from one that does not answer (obs.ErrSilent), a refused password
// (obs.ErrPassword) and a port that is another program's (obs.ErrProtocol).
func (a *App) TestOBS(ctx context.Context, settings profile.OBS, password string) (obs.Info, error) {
	if password == "" {
		kept, err := a.secrets.Get(profile.KeyOBS())
		if err != nil && !errors.Is(err, profile.ErrNoSecret) {
			return obs.Info{}, fmt.Errorf("read the password of OBS: %w", err)
		}
		password = kept
	}
	a.opts.OnSecret(password)
	client := obs.New(obs.Options{Address: settings.Address, Password: password, Timeout: settings.Timeout.Std(), Log: a.log})
	info, err := client.Test(ctx)
	return info, errors.Join(err, client.Close()) //nolint:contextcheck // it has a deadline of its own
}

// OBSNames asks OBS for its scenes, sources and filters, for an editor to choose from. The error is as TestOBS's. It waits for OBS, so
// it is not for the window's own goroutine.
func (a *App) OBSNames(ctx context.Context) (obs.Names, error) {
	s := a.theStudio()
	if err := s.readPassword(); err != nil {
		return obs.Names{}, err
	}
	return s.Names(ctx)
}
