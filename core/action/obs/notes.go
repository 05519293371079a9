package obs

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/atomicfile"
)

const (
	notesVersion = 1
	// maxNotesFile bounds the file, maxNotes how much is noted in it, and maxNoted each of its texts, in bytes.
	maxNotesFile = 1 << 20
	maxNotes     = 256
	maxNoted     = 64 << 10
	// maxFor is the longest that a rule can switch something for. One that is due later was noted by another clock.
	maxFor = 24 * time.Hour
	// maxLate is how long after its time something is still switched back. Later its user has got used to it.
	maxLate = 7 * 24 * time.Hour
)

// Notes remember on disk what is to be switched back in OBS, each OBS by its address, so that it is even when the program was
// killed meanwhile. They are safe for use from many goroutines. The nil Notes remember nothing.
type Notes struct {
	path string
	log  *slog.Logger

	mu sync.Mutex
	// all are those of one address after another, the address noted last first.
	all       []note
	hasFailed bool
}

// note is one thing to be switched back.
type note struct {
	Address string         `json:"address"`
	Do      action.OBSVerb `json:"do"`
	Scene   string         `json:"scene,omitempty"`
	Source  string         `json:"source,omitempty"`
	Filter  string         `json:"filter,omitempty"`
	// From is how it stood before, Left how it may have been left.
	From string    `json:"from"`
	Left []string  `json:"left"`
	Due  time.Time `json:"due"`
}

// OpenNotes reads the notes at path, if there are any. A file that is no such notes is moved aside; log is told of it.
func OpenNotes(path string, log *slog.Logger) *Notes {
	n := &Notes{path: path, log: log}
	data, err := readNotes(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return n
	case err == nil:
		n.all, err = decodeNotes(data, time.Now())
	}
	if err != nil {
		aside := path + ".damaged"
		err = errors.Join(err, os.Rename(path, aside))
		log.Warn("what was to be switched back in OBS could not be read", "damaged", aside, "error", err)
	}
	return n
}

func readNotes(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is not a file")
	}
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	return io.ReadAll(io.LimitReader(f, maxNotesFile+1))
}

// notesFile is the file's content.
type notesFile struct {
	Version int               `json:"version"`
	Notes   []json.RawMessage `json:"notes"`
}

// decodeNotes reads a file's content, without what is too old. What is beyond the bounds was not written by us.
func decodeNotes(data []byte, now time.Time) ([]note, error) {
	if len(data) > maxNotesFile {
		return nil, fmt.Errorf("it has more than %d bytes", maxNotesFile)
	}
	var file notesFile
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, err
	}
	if file.Version != notesVersion || len(file.Notes) > maxNotes {
		return nil, fmt.Errorf("its version is %d, with %d notes", file.Version, len(file.Notes))
	}
	var all []note
	for _, raw := range file.Notes {
		var n note
		if err := json.Unmarshal(raw, &n); err != nil {
			return nil, err
		}
		if err := n.check(); err != nil {
			return nil, err
		}
		if latest := now.Add(maxFor); n.Due.After(latest) {
			n.Due = latest
		}
		if now.Sub(n.Due) <= maxLate {
			all = append(all, n)
		}
	}
	return all, nil
}

// check refuses what no job can have left to do.
func (n note) check() error {
	states := append([]string{n.From}, n.Left...)
	isNamed, isState := true, func(string) bool { return true }
	switch n.Do {
	case action.OBSScene:
		isState = func(s string) bool { return s != "" }
	case action.OBSSource:
		isNamed, isState = n.Scene != "" && n.Source != "", isPosition
	case action.OBSFilter:
		isNamed, isState = n.Source != "" && n.Filter != "", isPosition
	case action.OBSText:
		isNamed = n.Source != ""
	default:
		return fmt.Errorf("%w: %.40q", ErrVerb, n.Do)
	}
	isOdd := func(s string) bool { return !isState(s) }
	if !isNamed || n.Address == "" || len(n.Left) < 1 || len(n.Left) > 2 || slices.ContainsFunc(states, isOdd) {
		return fmt.Errorf("a note for %q is not whole", n.Do)
	}
	if n.isLong() {
		return fmt.Errorf("a note for %q is too long", n.Do)
	}
	return nil
}

func isPosition(s string) bool { return s == string(action.SwitchOn) || s == string(action.SwitchOff) }

func (n note) isLong() bool {
	texts := append([]string{n.Address, n.Scene, n.Source, n.Filter, n.From}, n.Left...)
	return slices.ContainsFunc(texts, func(s string) bool { return len(s) > maxNoted })
}

// of returns the notes for the OBS at an address.
func (n *Notes) of(address string) []note {
	if n == nil {
		return nil
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(n.all), func(m note) bool { return m.Address != address })
}

// keep writes down what is to be switched back in the OBS at an address, in place of what was noted for it, and returns when it is
// on the disk. Where it cannot be, the show goes on, and the log is told once.
func (n *Notes) keep(address string, mine []note) {
	if n == nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	isMine := func(m note) bool { return m.Address == address }
	if len(mine) == 0 && !slices.ContainsFunc(n.all, isMine) {
		return
	}
	slices.SortFunc(mine, func(a, b note) int { return a.Due.Compare(b.Due) })
	n.all = slices.Concat(mine, slices.DeleteFunc(n.all, isMine))
	err := n.write()
	if err != nil && !n.hasFailed {
		n.log.Warn("it could not be noted what is to be switched back in OBS, which a kill would leave switched", "error", err)
	}
	n.hasFailed = err != nil
}

// write writes as many notes as the file may have, and says whether there were more.
func (n *Notes) write() error {
	if len(n.all) == 0 {
		err := os.Remove(n.path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	file := notesFile{Version: notesVersion}
	size := len(`{"version":1,"notes":[]}`) + 1
	left := 0
	for _, m := range n.all {
		raw, err := json.Marshal(m)
		if err != nil {
			return err
		}
		if len(file.Notes) == maxNotes || size+len(raw)+1 > maxNotesFile || m.isLong() {
			left++
			continue
		}
		size += len(raw) + 1
		file.Notes = append(file.Notes, raw)
	}
	data, err := json.Marshal(file)
	if err == nil {
		err = atomicfile.Write(n.path, append(data, '\n'), 0o600)
	}
	if err == nil && left > 0 {
		err = fmt.Errorf("%d of %d notes are too long or too many", left, len(n.all))
	}
	return err
}

// recall takes what is noted for this OBS. The client is not in use yet.
func (c *Client) recall() {
	for _, n := range c.notes.of(c.address) {
		t := thing{verb: n.Do, scene: n.Scene, source: n.Source, filter: n.Filter}
		c.backs[t] = &back{origin: n.From, left: n.Left, at: n.Due}
	}
	if len(c.backs) > 0 {
		c.log.Info("OBS was left switched for a while, and is to be switched back", "address", c.address, "things", len(c.backs))
	}
}

// note writes down what is to be switched back as it is now. The turn is held.
func (c *Client) note() {
	var all []note
	for t, b := range c.backs {
		all = append(all, note{
			Address: c.address, Do: t.verb, Scene: t.scene, Source: t.source, Filter: t.filter,
			From: b.origin, Left: b.left, Due: b.at.Round(0),
		})
	}
	c.notes.keep(c.address, all)
}

// inOrder returns what is to be switched back, by time.
func (c *Client) inOrder() []thing {
	things := make([]thing, 0, len(c.backs))
	for t := range c.backs {
		things = append(things, t)
	}
	slices.SortFunc(things, func(a, b thing) int {
		return cmp.Or(c.backs[a].at.Compare(c.backs[b].at), cmp.Compare(a.verb, b.verb), cmp.Compare(a.source, b.source))
	})
	return things
}
