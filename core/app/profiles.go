package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/livecue/livecue/core/mca"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/profile/library"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/rule"
)

// flushFor bounds how long a change of the profile waits for what was triggered just before.
const flushFor = 10 * time.Second

// errNoLibrary is what the methods of the library return in a program without one.
var errNoLibrary = errors.New("this program was started with one profile alone")

// openFile is the file that the profile in force is of.
type openFile struct {
	// saving is held while a profile is saved and put in force, so that none is saved to another's file. It is taken before the
	// App's lock.
	saving sync.Mutex
	path   string // guarded by the App's lock
}

// ProfilePath is where the profile in force is saved; empty when it is kept in memory alone.
func (a *App) ProfilePath() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.file.path
}

// Profiles returns the profiles of the library by name, those that cannot be read and a first one that was never saved among them; nil
// where there is no library.
func (a *App) Profiles() ([]library.Entry, error) {
	if a.opts.Library == nil {
		return nil, nil
	}
	all, err := a.opts.Library.List()
	if err != nil {
		return nil, err
	}
	path := a.ProfilePath()
	isListed := slices.ContainsFunc(all, func(e library.Entry) bool { return e.Path == path })
	if isListed || filepath.Dir(path) != a.opts.Library.Dir() {
		return all, nil
	}
	p := a.Profile()
	id := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	return append(all, library.Entry{ID: id, Name: cmp.Or(strings.TrimSpace(p.Name), id), Path: path, Rules: len(p.Rules), IsLast: true}), nil
}

// CurrentProfile is the id of the profile in force, or "" where it is none of the library's.
func (a *App) CurrentProfile() string {
	if a.opts.Library == nil {
		return ""
	}
	all, err := a.opts.Library.List()
	if err != nil {
		return "" // Profiles tells
	}
	path := a.ProfilePath()
	for _, e := range all {
		if e.Path == path {
			return e.ID
		}
	}
	return ""
}

// QueuedError says that a change of the profile would lose work that is in the queue, or send it to another place.
type QueuedError struct {
	// Lanes are those that would be gone or lead elsewhere.
	Lanes []queue.LaneStatus
}

// Error says what to do.
func (e *QueuedError) Error() string {
	var names []string
	for _, l := range e.Lanes {
		names = append(names, strings.TrimPrefix(l.Lane, gameLane))
	}
	return fmt.Sprintf("there is still work in the queue for %s, which the other profile does not have or has elsewhere: let it finish, or clear it", strings.Join(names, ", "))
}

// UseProfile puts another profile of the library, by id or name, in force, and remembers it for the next start. Work that waits stays in its
// lane. As long as some waits for a target that the other profile does not have, or has at another address, nothing is changed, and
// the error is a *QueuedError: such work would fail, or go to the wrong place. The streamer and the way to TikTok count from the next
// Connect. Other errors are a *library.UnreadableError, which offers backups, library.ErrUnknown, or what is wrong in the profile.
func (a *App) UseProfile(ref string) error {
	if a.opts.Library == nil {
		return errNoLibrary
	}
	a.file.saving.Lock()
	defer a.file.saving.Unlock()
	e, err := a.opts.Library.Find(ref)
	if err != nil {
		return err
	}
	if e.Path == a.ProfilePath() {
		return nil
	}
	p, err := a.loadEntry(e)
	if err != nil {
		return err
	}
	if err := a.saveUnsaved(); err != nil {
		return err
	}
	return a.putInForce(p, func() error {
		if err := a.opts.Library.SetLast(e.ID); err != nil {
			return err
		}
		a.mu.Lock()
		a.file.path = e.Path
		a.mu.Unlock()
		return nil
	})
}

// loadEntry returns the profile of an entry, if it can be used.
func (a *App) loadEntry(e library.Entry) (profile.Profile, error) {
	p, err := profile.Load(e.Path)
	if err != nil {
		e.Problem = err
		return profile.Profile{}, a.opts.Library.Unreadable(e)
	}
	return p, firstError(p.Check())
}

// putInForce applies p, once keep has made it last, unless work in the queue stands against it. Saving is locked.
func (a *App) putInForce(p profile.Profile, keep func() error) error {
	if a.journal != nil { // what was triggered a moment ago is on its way to the queue
		ctx, cancel := context.WithTimeout(a.life, flushFor)
		defer cancel()
		if err := a.journal.flush(ctx); err != nil {
			return fmt.Errorf("wait until what has come is written down: %w", err)
		}
	}
	if err := a.checkQueued(p); err != nil {
		return err
	}
	if err := keep(); err != nil {
		return err
	}
	a.mu.Lock()
	a.profile = p
	a.mu.Unlock()
	a.applyProfile()
	return nil
}

// checkQueued returns a *QueuedError if lanes with work would be gone with the profile p, or lead elsewhere.
func (a *App) checkQueued(p profile.Profile) error {
	old := a.Profile()
	address := func(p profile.Profile, lane string) string {
		if lane == obsLane {
			return "OBS at " + p.OBS.Address
		}
		i := slices.IndexFunc(p.RCON, func(s profile.Server) bool { return gameLane+s.Name == lane })
		if i < 0 {
			return ""
		}
		return p.RCON[i].Address
	}
	var lost []queue.LaneStatus
	for _, l := range a.queue.Lanes() {
		hasWork := l.Waiting > 0 || l.Running != nil
		if hasWork && (isGameLane(l.Lane) || l.Lane == obsLane) && address(p, l.Lane) != address(old, l.Lane) {
			lost = append(lost, l)
		}
	}
	if len(lost) > 0 {
		return &QueuedError{Lanes: lost}
	}
	return nil
}

// saveUnsaved saves the profile in force where that was never done: a first one is in memory until it is changed.
func (a *App) saveUnsaved() error {
	path := a.ProfilePath()
	if path == "" {
		return nil
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return profile.Save(path, a.Profile())
}

// CreateProfile adds p to the library under a name. It is not put in force.
func (a *App) CreateProfile(name string, p profile.Profile) (library.Entry, error) {
	if a.opts.Library == nil {
		return library.Entry{}, errNoLibrary
	}
	return a.opts.Library.Create(name, p)
}

// DuplicateProfile adds a copy of a profile under another name. It is not put in force.
func (a *App) DuplicateProfile(ref, name string) (library.Entry, error) {
	if a.opts.Library == nil {
		return library.Entry{}, errNoLibrary
	}
	a.file.saving.Lock()
	defer a.file.saving.Unlock()
	if err := a.saveUnsaved(); err != nil {
		return library.Entry{}, err
	}
	return a.opts.Library.Duplicate(ref, name)
}

// RenameProfile gives a profile another name, the one in force too.
func (a *App) RenameProfile(ref, name string) error {
	if a.opts.Library == nil {
		return errNoLibrary
	}
	a.file.saving.Lock()
	defer a.file.saving.Unlock()
	if err := a.saveUnsaved(); err != nil {
		return err
	}
	e, err := a.opts.Library.Rename(ref, name)
	if err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if e.Path == a.file.path {
		a.profile.Name = e.Name
	}
	return nil
}

// DeleteProfile removes a profile, which stays among the backups. The one in force cannot be removed: library.ErrInUse.
func (a *App) DeleteProfile(ref string) error {
	if a.opts.Library == nil {
		return errNoLibrary
	}
	a.file.saving.Lock()
	defer a.file.saving.Unlock()
	e, err := a.opts.Library.Find(ref)
	if err != nil {
		return err
	}
	if e.Path == a.ProfilePath() {
		return library.ErrInUse
	}
	return a.opts.Library.Delete(e.ID)
}

// ExportProfile writes a profile with its sounds and pictures as one file, without passwords and keys. It tells what was left out. It may
// take as long as a keyring takes to answer.
func (a *App) ExportProfile(ref string, w io.Writer) (library.Exported, error) {
	if a.opts.Library == nil {
		return library.Exported{}, errNoLibrary
	}
	e, err := a.opts.Library.Find(ref)
	if err != nil {
		return library.Exported{}, err
	}
	p, err := profile.Load(e.Path)
	if err != nil {
		return library.Exported{}, err
	}
	if p.Name == "" {
		p.Name = e.Name // as the user knows it
	}
	return library.Write(p, w, a.keptSecrets(p))
}

// keptSecrets returns the passwords and keys of a profile, as far as they can be read.
func (a *App) keptSecrets(p profile.Profile) []string {
	keys := []string{profile.KeyTikTok(), profile.KeyOBS()}
	for _, s := range p.RCON {
		keys = append(keys, profile.KeyRCON(s.Name))
	}
	var secrets []string
	for _, key := range keys {
		if value, err := a.secrets.Get(key); err == nil {
			secrets = append(secrets, value)
		}
	}
	return secrets
}

// PreviewImport reads a file that was exported, or a profile alone, and tells what it holds. Nothing is kept.
func (a *App) PreviewImport(r io.Reader) (*library.Preview, error) { return library.PreviewImport(r) }

// ImportProfile adds a previewed profile to the library, and tells what was made different. It is not put in force.
func (a *App) ImportProfile(v *library.Preview, c library.Choices) (library.Entry, []library.Change, error) {
	if a.opts.Library == nil {
		return library.Entry{}, nil, errNoLibrary
	}
	return a.opts.Library.Import(v, a.knowingSecrets(c))
}

// Backups returns the earlier states of a profile, the newest first.
func (a *App) Backups(ref string) ([]profile.Backup, error) {
	if a.opts.Library == nil {
		return nil, errNoLibrary
	}
	return a.opts.Library.Backups(ref)
}

// RestoreBackup makes a backup of a profile its state again, and puts it in force where the profile is; the state of now becomes a backup.
// The errors are those of UseProfile.
func (a *App) RestoreBackup(ref, backup string) error {
	if a.opts.Library == nil {
		return errNoLibrary
	}
	a.file.saving.Lock()
	defer a.file.saving.Unlock()
	restore := func() error {
		_, err := a.opts.Library.RestoreBackup(ref, backup)
		return err
	}
	e, err := a.opts.Library.Find(ref)
	if err != nil || e.Path != a.ProfilePath() {
		return restore() // of another, or of one that was deleted
	}
	kept, err := a.opts.Library.Backups(e.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(kept, func(b profile.Backup) bool { return b.Name == backup })
	if i < 0 {
		return restore() // which says so
	}
	p, err := profile.Load(kept[i].Path)
	if err != nil {
		return err
	}
	if err := firstError(p.Check()); err != nil {
		return err
	}
	return a.putInForce(p, restore)
}

// PreviewMCA makes rules of the content of Tiktok2Mc's actions.mca, for the profile in force, and tells what could not be taken. Nothing is
// kept: add those of the rules that are wanted with SetProfile. With alerts, texts become overlay alerts instead of titles in the
// game.
func (a *App) PreviewMCA(text string, alerts bool) mca.Result {
	rules := a.Profile().Rules
	return mca.Read(text, mca.Options{
		Gifts: a.Gifts(), Alerts: alerts,
		IsTaken: func(id string) bool { return slices.ContainsFunc(rules, func(r rule.Rule) bool { return r.ID == id }) },
	})
}
