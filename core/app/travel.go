package app

import (
	"context"
	"errors"
	"time"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/profile/library"
	"github.com/livecue/livecue/core/rule"
)

// clearEvery is how often the queue is cleared again while a run that is under way keeps the profile from being changed.
const clearEvery = 50 * time.Millisecond

// DeletedProfiles returns the ids of profiles that have nothing but backups; nil where there is no library.
func (a *App) DeletedProfiles() ([]string, error) {
	if a.opts.Library == nil {
		return nil, nil
	}
	return a.opts.Library.Deleted()
}

// ProfileHistory returns the earlier states of a profile, deleted or not, with what is in them, the newest first.
func (a *App) ProfileHistory(ref string) ([]library.State, error) {
	if a.opts.Library == nil {
		return nil, errNoLibrary
	}
	states, err := a.opts.Library.History(ref)
	if errors.Is(err, library.ErrUnknown) && a.CurrentProfile() == "" {
		return nil, nil // a first one that was never saved
	}
	return states, err
}

// PlanExport tells what ExportProfile would leave behind, and writes nothing.
func (a *App) PlanExport(ref string) (library.Exported, error) {
	if a.opts.Library == nil {
		return library.Exported{}, errNoLibrary
	}
	a.file.saving.Lock()
	err := a.saveUnsaved()
	a.file.saving.Unlock()
	if err != nil {
		return library.Exported{}, err
	}
	e, err := a.opts.Library.Find(ref)
	if err != nil {
		return library.Exported{}, err
	}
	p, err := profile.Load(e.Path)
	if err != nil {
		return library.Exported{}, err
	}
	return library.Plan(p, a.keptSecrets(p)), nil
}

// PlanImport tells what ImportProfile would call a previewed profile and make different. It changes nothing.
func (a *App) PlanImport(v *library.Preview, c library.Choices) (name string, changes []library.Change, err error) {
	if a.opts.Library == nil {
		return "", nil, errNoLibrary
	}
	return a.opts.Library.PlanImport(v, a.knowingSecrets(c))
}

// AddImport adds the rules of a previewed profile to the one in force, and tells what was made different.
func (a *App) AddImport(v *library.Preview, c library.Choices) ([]library.Change, error) {
	if a.opts.Library == nil {
		return nil, errNoLibrary
	}
	return a.opts.Library.Add(a.Profile(), v, a.knowingSecrets(c), a.SetProfile)
}

// PlanAdd tells which rules AddImport would add, and what it would make different. It changes nothing.
func (a *App) PlanAdd(v *library.Preview, c library.Choices) ([]rule.Rule, []library.Change, error) {
	if a.opts.Library == nil {
		return nil, nil, errNoLibrary
	}
	return a.opts.Library.PlanAdd(a.Profile(), v, a.knowingSecrets(c))
}

// knowingSecrets lets an import know under which names passwords are kept.
func (a *App) knowingSecrets(c library.Choices) library.Choices {
	if c.HasSecret == nil {
		c.HasSecret = func(key string) bool {
			_, err := a.secrets.Get(key)
			return !errors.Is(err, profile.ErrNoSecret) // one that cannot be read may be there
		}
	}
	return c
}

// ClearAndUse is UseProfile, for which the work that stands against it is given up. What is under way is waited for, as long as ctx
// lasts. What was given up is in the history.
func (a *App) ClearAndUse(ctx context.Context, ref string) error {
	return a.clearing(ctx, func() error { return a.UseProfile(ref) }) //nolint:contextcheck // what the profile starts outlives ctx
}

// ClearAndRestore is RestoreBackup, in the way of ClearAndUse.
func (a *App) ClearAndRestore(ctx context.Context, ref, backup string) error {
	return a.clearing(ctx, func() error { return a.RestoreBackup(ref, backup) }) //nolint:contextcheck // as above
}

// clearing clears the lanes that stand against a change until it is made.
func (a *App) clearing(ctx context.Context, change func() error) error {
	again := time.NewTicker(clearEvery)
	defer again.Stop()
	for {
		err := change()
		var queued *QueuedError
		if !errors.As(err, &queued) {
			return err
		}
		for _, l := range queued.Lanes {
			a.ClearLane(l.Lane)
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return err
		}
	}
}
