package library

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/livecue/livecue/core/atomicfile"
	"github.com/livecue/livecue/core/profile"
)

const (
	folder   = "profiles"
	ending   = ".toml"
	backups  = "backups"   // in the folder, as profile.Save has it
	lastUsed = "last-used" // a file in the folder that holds an id
	filePerm = 0o600
	dirPerm  = 0o700
	// MaxName bounds the name of a profile, in bytes.
	MaxName = 200
	// maxProfiles bounds how many there are.
	maxProfiles = 1000
)

// The errors that a caller decides on.
var (
	// ErrUnknown says that there is no profile of that id or name.
	ErrUnknown = errors.New("there is no such profile")
	// ErrInUse says that the profile that was used last cannot be deleted.
	ErrInUse = errors.New("the profile is in use: use another one first")
	// ErrName says that a text cannot be the name of a new profile.
	ErrName = errors.New("that cannot be the name of a profile")
)

// Options say where the library is.
type Options struct {
	// Dir is the program's folder for settings. The profiles are in the folder "profiles" there.
	Dir string
	// Data is the program's folder for data. The files of imported profiles are in the folder "profiles" there.
	Data string
}

// Library is the user's profiles. Its methods are safe for concurrent use.
type Library struct {
	dir, data string
	mu        sync.Mutex // held by what changes files
}

// Entry is a profile of the library.
type Entry struct {
	// ID names it for all other methods; it stays.
	ID string
	// Name is shown: the profile's own, or the id where it has none.
	Name string
	Path string
	// Rules is how many it has.
	Rules int
	// Changed is when its file was written.
	Changed time.Time
	// Problem is why it cannot be read, or nil. Its backups may be.
	Problem error
	// IsLast says that it is the one that was used last.
	IsLast bool
}

// New returns the library at these places. It touches no file.
func New(o Options) *Library {
	return &Library{dir: filepath.Join(o.Dir, folder), data: filepath.Join(o.Data, folder)}
}

// Dir is the folder of the profiles.
func (l *Library) Dir() string { return l.dir }

// List returns the profiles by name. Those that cannot be read are among them.
func (l *Library) List() ([]Entry, error) {
	files, err := os.ReadDir(l.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list the profiles: %w", err)
	}
	last := l.lastID()
	var all []Entry
	for _, f := range files {
		id, isProfile := strings.CutSuffix(f.Name(), ending)
		if !isProfile || strings.HasPrefix(id, ".") || id == "" || f.IsDir() || len(all) == maxProfiles {
			continue
		}
		e := l.entry(id)
		e.IsLast = fold(id) == fold(last)
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b Entry) int {
		return cmp.Or(strings.Compare(fold(a.Name), fold(b.Name)), strings.Compare(a.ID, b.ID))
	})
	return all, nil
}

// entry reads the profile of an id.
func (l *Library) entry(id string) Entry {
	e := Entry{ID: id, Name: id, Path: l.path(id)}
	if info, err := os.Stat(e.Path); err == nil {
		e.Changed = info.ModTime()
	}
	p, err := profile.Load(e.Path)
	if err != nil {
		e.Problem = err
		return e
	}
	e.Rules = len(p.Rules)
	if name := strings.TrimSpace(p.Name); name != "" {
		e.Name = name
	}
	return e
}

// path is the file of an id.
func (l *Library) path(id string) string { return filepath.Join(l.dir, id+ending) }

// Find returns the profile of that id, or else the only one of that name; case does not matter. The error is ErrUnknown, or tells that
// several have the name.
func (l *Library) Find(ref string) (Entry, error) {
	all, err := l.List()
	if err != nil {
		return Entry{}, err
	}
	return find(all, ref)
}

func find(all []Entry, ref string) (Entry, error) {
	if i := slices.IndexFunc(all, func(e Entry) bool { return e.ID == ref }); i >= 0 {
		return all[i], nil
	}
	var named []Entry
	for _, e := range all {
		switch fold(ref) {
		case fold(e.ID):
			return e, nil
		case fold(e.Name):
			named = append(named, e)
		}
	}
	switch len(named) {
	case 0:
		return Entry{}, fmt.Errorf("%w: %q", ErrUnknown, ref)
	case 1:
		return named[0], nil
	default:
		return Entry{}, fmt.Errorf("several profiles are called %q: say which by the name of its file, such as %q", ref, named[0].ID)
	}
}

// lastID is the id in the file of the profile used last, or "".
func (l *Library) lastID() string {
	data, err := os.ReadFile(filepath.Join(l.dir, lastUsed))
	if err != nil || len(data) > 2*maxFileName {
		return ""
	}
	return strings.TrimSpace(string(data))
}

// SetLast remembers which profile is used.
func (l *Library) SetLast(id string) error {
	if err := atomicfile.Write(filepath.Join(l.dir, lastUsed), []byte(id+"\n"), filePerm); err != nil {
		return fmt.Errorf("remember which profile is used: %w", err)
	}
	return nil
}

// Last returns the profile to begin with: the one used last, or the first there is. Where there is none, IsThere is false, and the entry
// says where a first one goes.
func (l *Library) Last() (e Entry, isThere bool, err error) {
	all, err := l.List()
	if err != nil {
		return Entry{}, false, err
	}
	if i := slices.IndexFunc(all, func(e Entry) bool { return e.IsLast }); i >= 0 {
		return all[i], true, nil
	}
	if last := l.lastID(); last != "" && fold(fileName(last)) == fold(last) {
		// Its file is gone, and no other profile may take its place in silence.
		if kept, err := profile.Backups(l.path(last)); err == nil && len(kept) > 0 {
			missing := fmt.Errorf("the profile %q is gone: %w", last, fs.ErrNotExist)
			return Entry{ID: last, Name: last, Path: l.path(last), Problem: missing, IsLast: true}, true, nil
		}
	}
	if len(all) > 0 {
		return all[0], true, nil
	}
	return Entry{ID: firstID, Name: firstID, Path: l.path(firstID)}, false, nil
}

// checkName returns the name without surrounding space, or ErrName. The profile except may have it already.
func checkName(all []Entry, name, except string) (string, error) {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return "", &NameError{Why: NameEmpty}
	case len(name) > MaxName:
		return "", &NameError{Why: NameTooLong}
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return "", &NameError{Why: NameHidden}
	case slices.ContainsFunc(all, func(e Entry) bool { return e.ID != except && fold(e.Name) == fold(name) }):
		return "", &NameError{Why: NameTaken, Other: name}
	case len(all) >= maxProfiles:
		return "", fmt.Errorf("there are %d profiles, and no more can be", maxProfiles)
	}
	return name, nil
}
