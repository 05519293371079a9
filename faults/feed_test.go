package faults

import (
	"bytes"
	"encoding/json"
	"sync"
)

// feed reads what the program prints, one JSON object a line, and counts. While it is held it reads nothing, as a terminal does
// that somebody has stopped.
type feed struct {
	mu      sync.Mutex
	part    []byte // the beginning of a line
	printed int    // events
	dropped int    // lines that the program has left out
	summary []byte

	gate sync.RWMutex
}

// hold lasts until release is called, once or more often.
func (f *feed) hold() (release func()) {
	f.gate.Lock()
	return sync.OnceFunc(f.gate.Unlock)
}

// Write implements io.Writer.
func (f *feed) Write(b []byte) (int, error) {
	f.gate.RLock()
	defer f.gate.RUnlock()
	f.mu.Lock()
	defer f.mu.Unlock()
	for rest := b; ; {
		line, after, isWhole := bytes.Cut(rest, []byte("\n"))
		if !isWhole {
			f.part = append(f.part, rest...)
			return len(b), nil
		}
		f.line(append(f.part, line...))
		f.part, rest = f.part[:0], after
	}
}

// line counts one. Only the rare ones are parsed.
func (f *feed) line(text []byte) {
	switch {
	case bytes.HasPrefix(text, []byte(`{"type":"event"`)):
		f.printed++
	case bytes.HasPrefix(text, []byte(`{"type":"dropped"`)):
		var d struct{ Lines int }
		if json.Unmarshal(text, &d) == nil {
			f.dropped += d.Lines
		}
	case bytes.HasPrefix(text, []byte(`{"type":"summary"`)):
		f.summary = bytes.Clone(text)
	}
}

// counts returns how many events were printed, how many lines were left out, and how many events the program has had in all,
// by its summary.
func (f *feed) counts() (printed, dropped int, received uint64, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var s struct{ Health struct{ Events uint64 } }
	err = json.Unmarshal(f.summary, &s)
	return f.printed, f.dropped, s.Health.Events, err
}
