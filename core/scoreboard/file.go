package scoreboard

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/atomicfile"
)

const (
	fileVersion = 1
	// maxFile bounds what is read, in bytes: more than the largest that can be written, with every byte of a name escaped.
	maxFile = 1 << 20
)

// kept is the file's content.
type kept struct {
	Version  int                  `json:"version"`
	Counters map[string]int64     `json:"counters"`
	Timers   map[string]keptTimer `json:"timers"`
}

// keptTimer has the time of its end while it runs, and its rest, in milliseconds, while it stands.
type keptTimer struct {
	Ends time.Time `json:"ends,omitzero"`
	Rest int64     `json:"rest_ms,omitempty"`
}

func (s *state) encode() []byte {
	k := kept{Version: fileVersion, Counters: s.counters, Timers: map[string]keptTimer{}}
	for name, c := range s.timers {
		k.Timers[name] = keptTimer{Ends: c.ends.Round(0), Rest: c.rest.Milliseconds()}
	}
	data, err := json.MarshalIndent(k, "", "  ")
	if err != nil {
		panic(err) // numbers, texts and times of this century always can be written
	}
	return append(data, '\n')
}

func write(path string, data []byte) error { return atomicfile.Write(path, data, 0o600) }

// load returns what is kept at path, or nothing where there is no file.
func load(path string, log *slog.Logger) (*state, error) {
	if path == "" {
		return newState(), nil
	}
	f, err := os.Open(filepath.Clean(path))
	if errors.Is(err, fs.ErrNotExist) {
		return newState(), nil
	}
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	_ = f.Close() // it was only read
	if err != nil {
		return nil, err
	}
	s, err := decode(data)
	if err == nil {
		return s, nil
	}
	aside := path + ".damaged"
	if err := os.Rename(path, aside); err != nil {
		return nil, fmt.Errorf("move a damaged file aside: %w", err)
	}
	log.Warn("counters and timers could not be read, and begin anew", "damaged", aside, "error", err)
	return newState(), nil
}

// decode reads a file's content. What is beyond the bounds was not written by us.
func decode(data []byte) (*state, error) {
	if len(data) > maxFile {
		return nil, fmt.Errorf("it has more than %d bytes", maxFile)
	}
	var k kept
	if err := json.Unmarshal(data, &k); err != nil {
		return nil, err
	}
	if k.Version != fileVersion {
		return nil, fmt.Errorf("its version is %d", k.Version)
	}
	s, now := newState(), time.Now()
	for name, value := range k.Counters {
		key, err := keyOf(name)
		if err == nil {
			_, err = s.setCounter(key, func(int64) int64 { return value })
		}
		if err != nil {
			return nil, fmt.Errorf("counter %q: %w", name, err)
		}
	}
	for name, t := range k.Timers {
		key, err := keyOf(name)
		if err != nil {
			return nil, fmt.Errorf("timer %q: %w", name, err)
		}
		rest := time.Duration(min(max(t.Rest, 0), MaxTime.Milliseconds())) * time.Millisecond
		if _, err := s.setTimer(key, action.TimerSet, rest, now); err != nil {
			return nil, fmt.Errorf("timer %q: %w", name, err)
		}
		if latest := now.Add(MaxTime); t.Ends.After(latest) {
			t.Ends = latest // the clock was set back meanwhile
		}
		if !t.Ends.IsZero() {
			s.timers[key] = countdown{ends: t.Ends}
		}
	}
	return s, nil
}
