package profile

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/livecue/livecue/core/atomicfile"
)

const (
	// keptBackups is how many earlier states of a profile are kept, the last ones.
	keptBackups = 20
	// keptDays is for how many days, on which something was changed, the last state of the day is kept too.
	keptDays = 30
)

// Backup is an earlier state of a profile.
type Backup struct {
	// Name is that of its file.
	Name string
	// Path is where it is.
	Path string
	// At is when it was replaced by a newer state.
	At time.Time
	// Size is in bytes.
	Size int64
}

// Backups returns the earlier states of the profile at path, the newest first, whether the profile itself is there or not.
func Backups(path string) ([]Backup, error) {
	dir := filepath.Join(filepath.Dir(path), backupFolder)
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list the backups: %w", err)
	}
	var all []Backup
	for _, e := range entries {
		owner, at, isBackup := ParseBackupName(e.Name())
		info, err := e.Info()
		if isBackup && err == nil && info.Mode().IsRegular() && owner == baseOf(path) {
			all = append(all, Backup{Name: e.Name(), Path: filepath.Join(dir, e.Name()), At: at, Size: info.Size()})
		}
	}
	slices.SortFunc(all, func(a, b Backup) int { return cmp.Or(b.At.Compare(a.At), strings.Compare(b.Name, a.Name)) })
	return all, nil
}

// ParseBackupName tells whose backup a file of that name is: the profile's file name without its ending.
func ParseBackupName(name string) (owner string, at time.Time, ok bool) {
	base, isTOML := strings.CutSuffix(name, ".toml")
	i := len(base) - len(backupTime) - 1
	if !isTOML || i < 1 || base[i] != '-' {
		return "", time.Time{}, false
	}
	at, err := time.Parse(backupTime, base[i+1:])
	return base[:i], at, err == nil
}

// BackupName is the name of the backup of that time of a profile whose file has that name without its ending.
func BackupName(owner string, at time.Time) string {
	return owner + "-" + at.UTC().Format(backupTime) + ".toml"
}

// Restore makes the backup of that name the profile at path again, and returns it. What is there now becomes a backup itself, or,
// where it cannot be read, a file that ends in .broken.toml among them. A backup that cannot be read is not restored: the error is a
// *FileError.
func Restore(path, name string) (Profile, error) {
	all, err := Backups(path)
	if err != nil {
		return Profile{}, err
	}
	i := slices.IndexFunc(all, func(b Backup) bool { return b.Name == name })
	if i < 0 {
		return Profile{}, fmt.Errorf("there is no backup %q of this profile", name)
	}
	data, err := readFile(all[i].Path)
	if err != nil {
		return Profile{}, err
	}
	p, err := Decode(all[i].Path, data)
	if err != nil {
		return Profile{}, err
	}
	if err := PutAside(path); err != nil {
		return Profile{}, err
	}
	if err := atomicfile.Write(path, data, filePerm); err != nil {
		return Profile{}, fmt.Errorf("restore the profile: %w", err)
	}
	return p, nil
}

// PutAside copies the profile at path to its backups, so that it can be replaced or removed. One that is not there is no error.
func PutAside(path string) error {
	now := time.Now()
	data, err := readFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil: // it is no file, or may not be read
		return putBrokenAside(path, now, func(to string) error { return os.Rename(path, to) })
	}
	if _, errs := decode(path, data); len(errs) > 0 {
		return putBrokenAside(path, now, func(to string) error { return atomicfile.Write(to, data, filePerm) })
	}
	if err := backUp(path, data, now); err != nil {
		return fmt.Errorf("back up the profile: %w", err)
	}
	return nil
}

// Replace writes p in the place of the profile at path, which may be one that cannot be read: that goes to its backups first.
func Replace(path string, p Profile) error {
	data, err := encode(p)
	if err != nil {
		return fmt.Errorf("save the profile: %w", err)
	}
	if err := PutAside(path); err != nil {
		return err
	}
	if err := atomicfile.Write(path, data, filePerm); err != nil {
		return fmt.Errorf("save the profile: %w", err)
	}
	return nil
}

func putBrokenAside(path string, now time.Time, put func(to string) error) error {
	dir := filepath.Join(filepath.Dir(path), backupFolder)
	if err := os.MkdirAll(dir, dirPerm); err != nil {
		return fmt.Errorf("put the profile that cannot be read aside: %w", err)
	}
	for {
		to := filepath.Join(dir, strings.TrimSuffix(BackupName(baseOf(path), now), ".toml")+".broken.toml")
		if _, err := os.Lstat(to); errors.Is(err, fs.ErrNotExist) {
			if err := put(to); err != nil {
				return fmt.Errorf("put the profile that cannot be read aside: %w", err)
			}
			return nil
		}
		now = now.Add(time.Millisecond)
	}
}

// baseOf returns the name of a profile's file without its ending.
func baseOf(path string) string { return strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)) }

// pruneBackups removes the backups of the profile at path that are neither among the last nor the last of one of the last days.
// newest stays, even if the clock was set back.
func pruneBackups(path, newest string) error {
	all, err := Backups(path)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(b Backup) bool { return b.Name == newest })
	days := map[string]bool{}
	for i, b := range all {
		day := b.At.Format(time.DateOnly)
		isLastOfDay := !days[day] && len(days) < keptDays
		if isLastOfDay {
			days[day] = true
		}
		if i < keptBackups-1 || isLastOfDay {
			continue
		}
		if err := os.Remove(b.Path); err != nil && !errors.Is(err, fs.ErrNotExist) { // another Save may have been faster
			return err
		}
	}
	return nil
}
