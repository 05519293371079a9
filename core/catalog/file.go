package catalog

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"slices"

	"github.com/livecue/livecue/core/atomicfile"
	"github.com/livecue/livecue/core/event"
)

const (
	// maxFile bounds the file of learned gifts, in bytes: more than maxGifts with the longest texts can need.
	maxFile = 32 << 20
	// fileVersion is that of the file's format.
	fileVersion = 1
	// brokenSuffix is added to the name of a file that cannot be read.
	brokenSuffix = ".broken"
)

// file is the form in which learned gifts are kept.
type file struct {
	Version int    `json:"version"`
	Gifts   []gift `json:"gifts"`
}

type gift struct {
	ID         int64  `json:"id"`
	Name       string `json:"name"`
	Coins      int    `json:"coins"`
	IconURL    string `json:"icon,omitempty"`
	Streakable bool   `json:"streakable,omitempty"`
}

// Open returns the gifts of table (a header, then id, name and price of each) together with those learned before, which are
// in the JSON file at path. A file that is missing is an empty one; one that is broken is renamed to path + ".broken", with a
// warning in the log, because gifts can be learned again. An empty path keeps nothing. An error means that table is
// malformed, or that the file is there and cannot be reached.
func Open(path string, table []byte) (*Catalog, error) {
	gifts, err := parse(table)
	if err != nil {
		return nil, err
	}
	c := &Catalog{path: path, gifts: gifts, learned: map[int64]bool{}}
	if path == "" {
		return c, nil
	}
	f, err := read(path)
	var broken *brokenError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return c, nil
	case errors.As(err, &broken):
		slog.Warn("gift catalogue is broken and is set aside", "path", path, "error", err)
		if err := os.Rename(path, path+brokenSuffix); err != nil {
			return nil, fmt.Errorf("set the broken gift catalogue aside: %w", err)
		}
		return c, nil
	case err != nil:
		return nil, fmt.Errorf("open the gift catalogue: %w", err)
	}
	for _, g := range f.Gifts {
		c.Learn(event.GiftInfo(g))
	}
	c.isChanged = false
	return c, nil
}

// brokenError is a file whose content makes no sense.
type brokenError struct{ err error }

func (e *brokenError) Error() string { return e.err.Error() }
func (e *brokenError) Unwrap() error { return e.err }

func read(path string) (file, error) {
	f, err := os.Open(path)
	if err != nil {
		return file{}, err
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return file{}, err
	}
	if len(data) > maxFile {
		return file{}, &brokenError{fmt.Errorf("it is larger than %d MB", maxFile>>20)}
	}
	var content file
	if err := json.Unmarshal(data, &content); err != nil {
		return file{}, &brokenError{err}
	}
	if content.Version != fileVersion {
		return file{}, &brokenError{fmt.Errorf("it has format %d, want %d", content.Version, fileVersion)}
	}
	return content, nil
}

// Save writes the learned gifts to the file, if there are new ones since the last time. With a Keeper it hands over those that
// the keeper could not take when they were learned.
func (c *Catalog) Save() error {
	c.save.Lock()
	defer c.save.Unlock()
	if c.isKept() {
		return c.saveToKeeper()
	}
	content, isChanged := c.snapshot()
	if !isChanged || c.path == "" {
		return nil
	}
	data, err := json.MarshalIndent(content, "", " ")
	if err == nil {
		err = atomicfile.Write(c.path, append(data, '\n'), 0o600)
	}
	if err != nil {
		c.mu.Lock()
		c.isChanged = true
		c.mu.Unlock()
		return fmt.Errorf("save the gift catalogue: %w", err)
	}
	return nil
}

func (c *Catalog) isKept() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.keeper != nil
}

// snapshot returns the learned gifts by id, and whether there is something to save; that is then taken as saved.
func (c *Catalog) snapshot() (content file, isChanged bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	isChanged, c.isChanged = c.isChanged, false
	content = file{Version: fileVersion, Gifts: make([]gift, 0, len(c.learned))}
	for id := range c.learned {
		content.Gifts = append(content.Gifts, gift(c.gifts[id]))
	}
	slices.SortFunc(content.Gifts, func(a, b gift) int { return compare(event.GiftInfo(a), event.GiftInfo(b)) })
	return content, isChanged
}
