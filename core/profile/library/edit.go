package library

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/livecue/livecue/core/profile"
)

// Create adds a profile of that name. Where p has no rules and servers, it is an empty one.
func (l *Library) Create(name string, p profile.Profile) (Entry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	all, err := l.List()
	if err != nil {
		return Entry{}, err
	}
	p = p.Clone()
	if p.Name, err = checkName(all, name, ""); err != nil {
		return Entry{}, err
	}
	return l.save(l.newID(p.Name), p)
}

// save writes p as the profile of an id. The lock is held.
func (l *Library) save(id string, p profile.Profile) (Entry, error) {
	if err := profile.Save(l.path(id), p); err != nil {
		return Entry{}, err
	}
	return l.entry(id), nil
}

// Duplicate adds a copy of a profile under another name. Passwords go by the names of servers, so the copy has them too.
func (l *Library) Duplicate(ref, name string) (Entry, error) {
	e, err := l.Find(ref)
	if err != nil {
		return Entry{}, err
	}
	p, err := profile.Load(e.Path)
	if err != nil {
		return Entry{}, err
	}
	return l.Create(name, p)
}

// Rename gives a profile another name. Its id and file stay.
func (l *Library) Rename(ref, name string) (Entry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	all, err := l.List()
	if err != nil {
		return Entry{}, err
	}
	e, err := find(all, ref)
	if err != nil {
		return Entry{}, err
	}
	p, err := profile.Load(e.Path)
	if err != nil {
		return Entry{}, err
	}
	if p.Name, err = checkName(all, name, e.ID); err != nil {
		return Entry{}, err
	}
	return l.save(e.ID, p)
}

// Delete removes a profile, which is then among its backups and comes back with RestoreBackup. The one used last stays: ErrInUse.
func (l *Library) Delete(ref string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	all, err := l.List()
	if err != nil {
		return err
	}
	e, err := find(all, ref)
	if err != nil {
		return err
	}
	if e.IsLast {
		return ErrInUse
	}
	if err := profile.PutAside(e.Path); err != nil {
		return err
	}
	if err := os.Remove(e.Path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("delete the profile: %w", err)
	}
	return nil
}

// Deleted returns the ids of profiles that have nothing but backups.
func (l *Library) Deleted() ([]string, error) {
	all, err := l.List()
	if err != nil {
		return nil, err
	}
	files, err := os.ReadDir(l.backupDir())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list the backups: %w", err)
	}
	var ids []string
	for _, f := range files {
		id, _, ok := profile.ParseBackupName(f.Name())
		isThere := slices.ContainsFunc(all, func(e Entry) bool { return fold(e.ID) == fold(id) })
		if ok && !isThere && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// Backups returns the earlier states of a profile, or of a deleted one by its id, the newest first.
func (l *Library) Backups(ref string) ([]profile.Backup, error) {
	id, err := l.findAny(ref)
	if err != nil {
		return nil, err
	}
	return profile.Backups(l.path(id))
}

// RestoreBackup makes a backup of a profile, or of a deleted one by its id, its state again. What it is now becomes a backup.
func (l *Library) RestoreBackup(ref, backup string) (Entry, error) {
	id, err := l.findAny(ref)
	if err != nil {
		return Entry{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := profile.Restore(l.path(id), backup); err != nil {
		return Entry{}, err
	}
	return l.entry(id), nil
}

// findAny returns the id of a profile, deleted or not. An id goes before the name of another.
func (l *Library) findAny(ref string) (string, error) {
	deleted, err := l.Deleted()
	if err != nil {
		return "", err
	}
	if slices.Contains(deleted, ref) {
		return ref, nil
	}
	e, err := l.Find(ref)
	if i := slices.IndexFunc(deleted, func(id string) bool { return fold(id) == fold(ref) }); errors.Is(err, ErrUnknown) && i >= 0 {
		return deleted[i], nil
	}
	return e.ID, err
}

// UnreadableError says that the profile that the program should begin with cannot be read, and which states of it can be brought back.
type UnreadableError struct {
	Entry   Entry
	Backups []profile.Backup
}

// Error says what is wrong, and where the backups are.
func (e *UnreadableError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "the profile %q cannot be read: %v", e.Entry.Name, e.Entry.Problem)
	if len(e.Backups) == 0 {
		return b.String()
	}
	fmt.Fprintf(&b, "\nMend it, or bring an earlier state back. The last one is of %s:\n    livecue profile restore %q %s\nAll of them:\n    livecue profile backups %q",
		e.Backups[0].At.Local().Format("2 January 2006, 15:04"), e.Entry.ID, e.Backups[0].Name, e.Entry.ID)
	return b.String()
}

// Unwrap returns why it cannot be read.
func (e *UnreadableError) Unwrap() error { return e.Entry.Problem }

// Unreadable returns the error for an entry that has a Problem.
func (l *Library) Unreadable(e Entry) error {
	kept, err := profile.Backups(e.Path)
	if err != nil {
		return errors.Join(e.Problem, err)
	}
	return &UnreadableError{Entry: e, Backups: kept}
}
