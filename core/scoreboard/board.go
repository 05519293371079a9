package scoreboard

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/livecue/livecue/core/action"
)

// savePause is how long changes are gathered after one was written, so that a storm of gifts costs two writes a second.
const savePause = 500 * time.Millisecond

// Options are what a Board is made from.
type Options struct {
	// Path is the file that it is kept in; empty keeps it in memory.
	Path string
	// Log receives what goes wrong; nil is slog.Default.
	Log *slog.Logger
}

// Board is the counters and timers of a show. It is safe for use from many goroutines. It is the action.Action of both kinds, and
// answers rules that ask for a counter.
type Board struct {
	opts Options
	log  *slog.Logger
	wake chan struct{} // there is something to save

	mu       sync.Mutex // guards what follows
	real     *state
	scratch  *state // what a rehearsal plays with; nil without one
	version  uint64 // of real
	saved    uint64 // the version on disk
	trouble  string
	watchers map[chan struct{}]struct{}

	saving sync.Mutex // held while the file is written
}

// Open reads what is kept. A file that cannot be understood is moved aside and told of in the log.
func Open(opts Options) (*Board, error) {
	if opts.Log == nil {
		opts.Log = slog.Default()
	}
	b := &Board{opts: opts, log: opts.Log, wake: make(chan struct{}, 1), watchers: map[chan struct{}]struct{}{}}
	var err error
	if b.real, err = load(opts.Path, opts.Log); err != nil {
		return nil, fmt.Errorf("read the counters: %w", err)
	}
	return b, nil
}

// Run writes changes to the disk until ctx ends; what has changed by then is written before it returns.
func (b *Board) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			if err := b.Save(); err != nil {
				return fmt.Errorf("save counters and timers: %w", err)
			}
			return ctx.Err()
		case <-b.wake:
		}
		if err := b.Save(); err != nil {
			b.log.Error("counters and timers could not be saved", "error", err)
			b.signal() // the disk may have room again later
		}
		select {
		case <-ctx.Done():
		case <-time.After(savePause):
		}
	}
}

func (b *Board) signal() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// Save writes what has changed since it was last written.
func (b *Board) Save() error {
	b.saving.Lock()
	defer b.saving.Unlock()
	b.mu.Lock()
	version := b.version
	isDirty := version != b.saved && b.opts.Path != ""
	var data []byte
	if isDirty {
		data = b.real.encode()
	}
	b.mu.Unlock()
	if !isDirty {
		return nil
	}
	err := write(b.opts.Path, data)
	b.mu.Lock()
	defer b.mu.Unlock()
	if err != nil {
		b.trouble = err.Error()
		return err
	}
	b.saved, b.trouble = version, ""
	return nil
}

// Problem is why changes are not on disk, or "".
func (b *Board) Problem() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.trouble
}

// Changes returns a channel that receives a value after changes: one for many, where its reader is slow. The reader then asks for what
// it wants to know. Call the function when done.
func (b *Board) Changes() (<-chan struct{}, func()) {
	ch := make(chan struct{}, 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.watchers[ch] = struct{}{}
	return ch, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.watchers, ch)
	}
}

// tell wakes the watchers. The lock is held.
func (b *Board) tell() {
	for ch := range b.watchers {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}

// Rehearse begins a rehearsal: until EndRehearsal, what rehearsed jobs change is changed in a copy, which is what everybody sees.
func (b *Board) Rehearse() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.scratch = &state{counters: maps.Clone(b.real.counters), timers: maps.Clone(b.real.timers)}
	b.tell()
}

// EndRehearsal forgets what was rehearsed.
func (b *Board) EndRehearsal() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.scratch = nil
	b.tell()
}

// seen is the state that everybody sees. The lock is held.
func (b *Board) seen() *state {
	if b.scratch != nil {
		return b.scratch
	}
	return b.real
}

// change lets apply change the states that are concerned. What is not rehearsed concerns the copy of a rehearsal too, so that a user who
// sets a counter sees it.
func (b *Board) change(isRehearsed bool, apply func(*state) error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if isRehearsed && b.scratch == nil {
		return action.Permanent(errors.New("the rehearsal that triggered it is over"))
	}
	if !isRehearsed {
		if err := apply(b.real); err != nil {
			return err
		}
		b.version++
		b.signal()
	}
	if b.scratch != nil {
		if err := apply(b.scratch); err != nil {
			return err
		}
	}
	b.tell()
	return nil
}

// Counter returns a counter's value, and false for one that there is not. It does not wait for the disk.
func (b *Board) Counter(name string) (int64, bool) {
	key, err := keyOf(name)
	if err != nil {
		return 0, false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	value, ok := b.seen().counters[key]
	return value, ok
}

// Counters returns all counters by name.
func (b *Board) Counters() []Counter {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []Counter
	for name, value := range b.seen().counters {
		all = append(all, Counter{name, value})
	}
	slices.SortFunc(all, func(x, y Counter) int { return cmp.Compare(x.Name, y.Name) })
	return all
}

// SetCounter sets a counter, and makes it first if need be. It refuses a name that is empty or too long, and more counters than
// MaxEntries. A value beyond MaxValue becomes MaxValue.
func (b *Board) SetCounter(name string, value int64) error {
	_, err := b.changeCounter(false, name, func(int64) int64 { return value })
	return err
}

func (b *Board) changeCounter(isRehearsed bool, name string, change func(old int64) int64) (value int64, err error) {
	key, err := keyOf(name)
	if err != nil {
		return 0, fmt.Errorf("change a counter: %w", err)
	}
	err = b.change(isRehearsed, func(s *state) error {
		value, err = s.setCounter(key, change)
		return err
	})
	return value, err
}

// RemoveCounter forgets a counter.
func (b *Board) RemoveCounter(name string) {
	b.remove(name, func(s *state, key string) { delete(s.counters, key) })
}

// RemoveTimer forgets a timer.
func (b *Board) RemoveTimer(name string) {
	b.remove(name, func(s *state, key string) { delete(s.timers, key) })
}

func (b *Board) remove(name string, from func(s *state, key string)) {
	key, err := keyOf(name)
	if err != nil {
		return // there can be none
	}
	_ = b.change(false, func(s *state) error { from(s, key); return nil }) // it has nothing to fail with
}

// Timers returns all timers by name, as they stand now.
func (b *Board) Timers() []Timer {
	now := time.Now()
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []Timer
	for name, c := range b.seen().timers {
		all = append(all, Timer{Name: name, Left: c.left(now), Running: c.isRunning()})
	}
	slices.SortFunc(all, func(x, y Timer) int { return cmp.Compare(x.Name, y.Name) })
	return all
}

// ChangeTimer adds time to a timer (less than 0 takes it away), sets, starts or pauses it, and makes it first if need be: one that is made by
// adding runs, one that is made by setting stands. It refuses a name that is empty or too long, and more timers than MaxEntries.
func (b *Board) ChangeTimer(name string, do action.TimerVerb, by time.Duration) error {
	_, err := b.changeTimer(false, name, do, by)
	return err
}

func (b *Board) changeTimer(isRehearsed bool, name string, do action.TimerVerb, by time.Duration) (timer Timer, err error) {
	key, err := keyOf(name)
	if err != nil {
		return Timer{}, fmt.Errorf("change a timer: %w", err)
	}
	now := time.Now()
	err = b.change(isRehearsed, func(s *state) error {
		c, err := s.setTimer(key, do, by, now)
		timer = Timer{Name: key, Left: c.left(now), Running: c.isRunning()}
		return err
	})
	return timer, err
}
