package cli

import (
	"context"
	"errors"
	"slices"

	"github.com/livecue/livecue/core/logbook"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/profile/library"
	"github.com/livecue/livecue/gui"
)

// rescue shows a window that says what is wrong with the profile and offers the ways out, and runs the program when one was chosen. A
// problem of another kind is shown and returned.
func (e env) rescue(ctx context.Context, common programFlags, opts gui.Options, book *logbook.Book, problem error) error {
	r, err := rescueOf(problem)
	if err != nil {
		return showProblem(ctx, opts, errors.Join(problem, err))
	}
	if r == nil {
		return showProblem(ctx, opts, problem)
	}
	var p *program
	r.Begin = func() (gui.Begun, error) {
		begun, err := newProgram(common, profile.Profile{}, book)
		if err != nil {
			return gui.Begun{}, err
		}
		p = begun
		p.Start()
		return gui.Begun{Core: p.App, JournalFile: p.journal}, nil
	}
	err = r.Run(ctx, opts)
	if p == nil { // the user has left, or there is no window
		if errors.Is(err, gui.ErrNoDisplay) {
			err = nil
		}
		return errors.Join(problem, err)
	}
	return errors.Join(err, p.Close())
}

// rescueOf returns the ways out of a problem with a profile's file; nil where there are none.
func rescueOf(problem error) (*gui.Rescue, error) {
	var unreadable *library.UnreadableError
	if !errors.As(problem, &unreadable) {
		return nil, nil
	}
	e := unreadable.Entry
	file := &profile.FileError{Path: e.Path, Reason: e.Problem.Error(), Err: e.Problem}
	errors.As(e.Problem, &file)
	l, _, err := theLibrary()
	if err != nil {
		return nil, err
	}
	states, err := library.History(e.Path)
	if err != nil {
		return nil, err
	}
	others, err := l.List()
	if err != nil {
		return nil, err
	}
	others = slices.DeleteFunc(others, func(o library.Entry) bool { return o.Problem != nil || o.ID == e.ID })
	return &gui.Rescue{
		Problem: file, States: states, Others: others, Use: l.SetLast,
		Restore: func(backup string) error {
			_, err := l.RestoreBackup(e.ID, backup)
			return err
		},
		Empty: func() error {
			return profile.Replace(e.Path, profile.Profile{Name: e.Name, RCON: profile.Default().RCON})
		},
	}, nil
}
