package sound

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// Options are what a Mixer needs. Only Device is required.
type Options struct {
	// Volume is the master volume in percent, 1 to 100; 0 is 100.
	Volume int
	// Voices is how many sounds may be heard at once; 0 is 8.
	Voices int
	// Device is where the sound goes.
	Device Device
	// Bundled holds the bundled sounds, one file each at its top; nil is none.
	Bundled fs.FS
	// CacheBytes bounds the decoded sounds that are kept in memory, 176 kB a second; 0 is 128 MB.
	CacheBytes int64
	// DecodeTimeout bounds the decoding of one file; 0 is 30 s.
	DecodeTimeout time.Duration
	// OnTrouble is called when Problem changes, with "" when sound is back. It must return at once.
	OnTrouble func(text string)
	Log       *slog.Logger
}

// DefaultVoices is how many sounds may be heard at once when nobody says.
const DefaultVoices = 8

// How long the pauses between two attempts to open the device are.
const (
	firstPause = time.Second
	lastPause  = 15 * time.Second
)

// Mixer plays sounds, several at once, through one device. Its methods may be called from any goroutine.
type Mixer struct {
	device    Device
	library   *library
	onTrouble func(string)
	log       *slog.Logger

	// mu is held for the mixing of 5 ms at a time and for bookkeeping, never for I/O.
	mu sync.Mutex
	// changed is closed, and made anew, whenever state is set.
	changed chan struct{}
	state   state
	// down is why there is no device, while state is broken or closed; problem says it to the user.
	down    error
	problem string
	slots   int
	// gain is the master's, mixed the gain that the last frame was given: a step between them would click.
	gain, mixed float32
	// waiting have no slot yet, first come first served; voices are mixed, or were and are not yet known to be heard.
	waiting []*voice
	voices  []*voice
	limiter *limiter
	// frames counts what the session has handed to the device, the limiter's delay included.
	frames int64
}

// state is how the device stands.
type state int

const (
	// opening: nobody knows yet whether there is a device.
	opening state = iota
	playing
	broken
	closed
)

// New returns a mixer that is silent until Run is called.
func New(o Options) *Mixer {
	m := &Mixer{
		device:    o.Device,
		library:   newLibrary(o),
		onTrouble: o.OnTrouble,
		log:       o.Log,
		changed:   make(chan struct{}),
		limiter:   newLimiter(),
	}
	if m.onTrouble == nil {
		m.onTrouble = func(string) {}
	}
	if m.log == nil {
		m.log = slog.New(slog.DiscardHandler)
	}
	m.SetVolume(o.Volume)
	m.SetVoices(o.Voices)
	m.mixed = m.gain
	return m
}

// Run owns the device: it opens it, watches it and opens it anew after pauses of 1 s to 15 s, until ctx ends. Then there is
// silence, sounds that nobody has heard yet fail with ErrNoDevice, and Run returns nil. It is called once.
func (m *Mixer) Run(ctx context.Context) error {
	defer m.endSession(closed, fmt.Errorf("%w: LiveCue is closing", ErrNoDevice))
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = firstPause, lastPause
	pause.Multiplier, pause.RandomizationFactor = 2, 0
	for {
		err := m.play(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if m.hasPlayed() {
			pause.Reset()
		}
		m.lost(ctx, err)
		select {
		case <-time.After(pause.NextBackOff()):
		case <-ctx.Done():
			return nil
		}
	}
}

// SetVolume sets the master volume in percent, 1 to 100; 0 is 100.
func (m *Mixer) SetVolume(percent int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.gain = gain(percent)
}

// SetVoices sets how many sounds may be heard at once; 0 is DefaultVoices. Sounds that are heard already play on.
func (m *Mixer) SetVoices(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if n <= 0 {
		n = DefaultVoices
	}
	m.slots = n
	m.admit()
}

// Problem says why nothing can be heard, as cause and remedy, or "".
func (m *Mixer) Problem() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.problem
}

// noSound is the Problem while there is no device. What the sound system said is for the log: it can be a page long.
const noSound = "No sound: there are no working loudspeakers or headphones. " +
	"Connect or switch on a sound device; LiveCue tries again by itself."

// lost ends a session that the device ended.
func (m *Mixer) lost(ctx context.Context, err error) {
	level := slog.LevelWarn
	if m.Problem() != "" {
		level = slog.LevelDebug // told before
	}
	m.log.Log(ctx, level, "sound device lost", "error", err)
	m.endSession(broken, ErrNoDevice)
	m.report(noSound)
}

// endSession silences everything. Sounds that were not heard yet fail with why.
func (m *Mixer) endSession(next state, why error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, v := range m.voices {
		v.settle(why)
		v.finish(why)
	}
	for _, v := range m.waiting {
		v.settle(why)
	}
	m.voices, m.waiting = nil, nil
	m.limiter, m.frames, m.mixed = newLimiter(), 0, m.gain
	m.down = why
	m.set(next)
}

// hasPlayed reports whether the session that just ended had a working device.
func (m *Mixer) hasPlayed() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.state == playing
}

// set changes the state and wakes who waits for it. mu is held.
func (m *Mixer) set(s state) {
	m.state = s
	close(m.changed)
	m.changed = make(chan struct{})
}

// report tells a change of the problem. Only the goroutines of Run and of its device call it, never both at once.
func (m *Mixer) report(text string) {
	m.mu.Lock()
	changed := text != m.problem
	m.problem = text
	m.mu.Unlock()
	if changed {
		m.onTrouble(text)
	}
}
