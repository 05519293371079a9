package profile

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/atomicfile"
)

const (
	filePerm = 0o600
	dirPerm  = 0o700
	// backupFolder lies beside the profile.
	backupFolder = "backups"
	// backupTime sorts by age. It is in UTC.
	backupTime = "20060102-150405.000"
)

// header is what a saved profile begins with.
const header = `# LiveCue profile. You may edit this file while LiveCue is closed; "livecue profile check FILE" tells of mistakes.
# LiveCue writes it anew when you change something in the window: comments of your own are not kept.
# Earlier states are in the folder "backups" beside it. Passwords and keys are not in here.

`

// DefaultPath returns where the profile is kept when the user names no other place: profile.toml in the folder livecue of
// the system's folder for settings.
func DefaultPath() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("find the folder for settings: %w", err)
	}
	return filepath.Join(dir, "livecue", "profile.toml"), nil
}

// Save writes p to path as a whole: a reader sees the old state or the new one. What was there before goes to the folder
// "backups" beside it, of which the last twenty are kept, and one a day for thirty days. A file that Load cannot read, because someone made a mistake in it or
// a newer LiveCue wrote it, is not overwritten: the error is then a *FileError. Nothing is written when nothing changed.
func Save(path string, p Profile) error {
	data, err := encode(p)
	if err != nil {
		return fmt.Errorf("save the profile: %w", err)
	}
	old, err := readFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return fmt.Errorf("the profile is not saved over a file that cannot be read: %w", err)
	case bytes.Equal(old, data):
		return nil
	default:
		if _, errs := decode(path, old); len(errs) > 0 {
			return fmt.Errorf("the profile is not saved over a file with a mistake; mend it or move it away: %w", errs[0])
		}
		if err := backUp(path, old, time.Now()); err != nil {
			return fmt.Errorf("back up the profile: %w", err)
		}
	}
	if err := atomicfile.Write(path, data, filePerm); err != nil {
		return fmt.Errorf("save the profile: %w", err)
	}
	return nil
}

// encode returns the file of p. It makes sure that the file can be read again and then says the same.
func encode(p Profile) ([]byte, error) {
	p = normalize(p)
	p.Version = Version
	text, err := marshal(p)
	if err != nil {
		return nil, err
	}
	data := append([]byte(header), text...)
	if len(data) > maxFile {
		return nil, fmt.Errorf("it would be larger than %d MB", maxFile>>20)
	}
	again, errs := decode("the new file", data)
	if len(errs) > 0 {
		return nil, errs[0]
	}
	if !reflect.DeepEqual(again, p) {
		return nil, errors.New("it holds text that a file cannot keep")
	}
	return data, nil
}

// marshal turns p into TOML. Commands that go between triple quotes end with a line end: it reads better, and the library
// panics on a text of that kind that ends with two quotation marks. normalize takes it away again.
func marshal(p Profile) (text []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("it holds text that cannot be written")
		}
	}()
	p = p.Clone()
	for _, r := range p.Rules {
		action.Each(r.Actions, func(a *action.Spec) {
			for _, text := range manyLines(a) {
				if needsQuotes(*text) {
					*text += "\n"
				}
			}
		})
	}
	return toml.Marshal(p)
}

// needsQuotes reports whether text cannot stand between single quotes, where nothing has to be escaped.
func needsQuotes(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r == '\'' || r < ' ' && r != '\t' || r == 0x7f })
}

// backUp keeps data, the content of the file at path.
func backUp(path string, data []byte, now time.Time) error {
	dir := filepath.Join(filepath.Dir(path), backupFolder)
	if err := os.MkdirAll(dir, dirPerm); err != nil {
		return err
	}
	f, err := createBackup(dir, baseOf(path), now)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return pruneBackups(path, filepath.Base(f.Name()))
}

// createBackup makes a file with a name of its own, however many are made within a millisecond.
func createBackup(dir, base string, now time.Time) (*os.File, error) {
	for {
		f, err := os.OpenFile(filepath.Join(dir, BackupName(base, now)), os.O_CREATE|os.O_EXCL|os.O_WRONLY, filePerm)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
		now = now.Add(time.Millisecond)
	}
}
