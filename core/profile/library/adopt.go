package library

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/livecue/livecue/core/atomicfile"
	"github.com/livecue/livecue/core/profile"
)

// Adopt makes the one profile that programs before the library had, the file at old, the library's first, once: where the library has
// profiles, it does nothing. Its backups come with it. What was at old is then among the backups beside it, so that nobody edits a
// file that is not used. Wherever it is interrupted, old or its copy is whole, and the next call goes on.
func (l *Library) Adopt(old string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	all, err := l.List()
	if err != nil || len(all) > 0 {
		return err
	}
	info, err := os.Stat(old)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find the profile: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxProfile {
		return nil // the program has never used it
	}
	data, err := os.ReadFile(filepath.Clean(old))
	if err != nil {
		return fmt.Errorf("take the profile over: %w", err)
	}
	p, err := profile.Decode(old, data)
	if err != nil {
		p.Name = "" // a mistake in it can be mended where it is then
	}
	id := fileName(p.Name)
	if err := l.adoptBackups(old, id); err != nil {
		return fmt.Errorf("take the profile's backups over: %w", err)
	}
	if err := atomicfile.Write(l.path(id), data, filePerm); err != nil {
		return fmt.Errorf("take the profile over: %w", err)
	}
	if err := l.SetLast(id); err != nil {
		return err
	}
	if link, err := os.Lstat(old); err != nil || link.Mode()&fs.ModeSymlink != 0 {
		return nil // the user keeps it elsewhere, and a link that moves may point to nothing
	}
	return moveToBackups(old)
}

// moveToBackups moves the file at old into the folder of its backups.
func moveToBackups(old string) error {
	dir := filepath.Join(filepath.Dir(old), backups)
	if err := os.MkdirAll(dir, dirPerm); err != nil {
		return fmt.Errorf("put the old profile away: %w", err)
	}
	base := filepath.Base(old)
	to := filepath.Join(dir, profile.BackupName(base[:len(base)-len(filepath.Ext(base))], time.Now()))
	if err := os.Rename(old, to); err != nil {
		return fmt.Errorf("put the old profile away: %w", err)
	}
	return nil
}

// adoptBackups copies the backups of the profile at old to those of an id. The old ones stay.
func (l *Library) adoptBackups(old, id string) error {
	all, err := profile.Backups(old)
	if err != nil {
		return err
	}
	for _, b := range all {
		data, err := os.ReadFile(b.Path)
		if err != nil {
			return err
		}
		if err := atomicfile.Write(filepath.Join(l.backupDir(), profile.BackupName(id, b.At)), data, filePerm); err != nil {
			return err
		}
	}
	return nil
}

func (l *Library) backupDir() string { return filepath.Join(l.dir, backups) }
