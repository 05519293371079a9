package hotkey

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
)

// State is how a combination stands with the system.
type State string

// The states. The zero State is that of a combination that nobody wants, or that was not tried yet.
const (
	// Held is heard wherever the user presses it, as far as Reach goes.
	Held State = "held"
	// Taken belongs to another program, or to the system.
	Taken State = "taken"
	// NoKey is on no key of this keyboard.
	NoKey State = "noKey"
	// Typing is needed to write in other programs, and is left to them.
	Typing State = "typing"
	// NotHere is a system that gives no keys away.
	NotHere State = "notHere"
)

// Reach is how far a held key is heard.
type Reach string

// The reaches.
const (
	Everywhere Reach = "everywhere"
	// OlderPrograms is Wayland: only while a program of X11 is in front.
	OlderPrograms Reach = "olderPrograms"
	// Nowhere leaves the program's own window.
	Nowhere Reach = "nowhere"
)

// errNotHere is a system without a door for us.
var errNotHere = errors.New("this system gives no keys away")

// Keys holds the combinations that are wanted, while it runs.
type Keys struct {
	press func(Combo)
	log   *slog.Logger
	wake  chan struct{} // has room for one

	mu     sync.Mutex // guards what follows
	want   []Combo
	states map[Combo]State
}

// New returns Keys that want nothing yet. press hears each press once, however long the key is held; it is called on the goroutine of
// Run and must be quick.
func New(press func(Combo), log *slog.Logger) *Keys {
	return &Keys{press: press, log: log, wake: make(chan struct{}, 1), states: map[Combo]State{}}
}

// Set says which combinations are wanted from now on. What is not among them is given back to the system.
func (k *Keys) Set(want []Combo) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if slices.Equal(k.want, want) {
		return
	}
	k.want = slices.Clone(want)
	for c, state := range k.states {
		if state != Held || !slices.Contains(want, c) {
			delete(k.states, c) // what could not be had is tried again
		}
	}
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// State is how a combination stands.
func (k *Keys) State(c Combo) State {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.states[c]
}

// Reach is how far the keys of this system are heard.
func (k *Keys) Reach() Reach { return systemReach() }

// Run holds what is wanted until ctx ends, and has given all of it back when it returns. While nothing is wanted it keeps no
// connection to the system.
func (k *Keys) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-k.wake:
		}
		for len(k.grabbable()) > 0 && ctx.Err() == nil {
			if err := serve(ctx, k); err != nil && ctx.Err() == nil {
				k.fail(err)
				break // the system is asked again when something else is wanted
			}
		}
	}
}

// grabbable returns what is to be asked of the system, and notes what is left to other programs.
func (k *Keys) grabbable() []Combo {
	k.mu.Lock()
	defer k.mu.Unlock()
	var wanted []Combo
	for _, c := range k.want {
		if c.IsTyping() {
			k.states[c] = Typing
			continue
		}
		wanted = append(wanted, c)
	}
	return wanted
}

// note keeps how a combination stands, if it is still wanted.
func (k *Keys) note(c Combo, s State) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if slices.Contains(k.want, c) {
		k.states[c] = s
	}
}

// fail notes that the system gives nothing away.
func (k *Keys) fail(err error) {
	if !errors.Is(err, errNotHere) {
		k.log.Warn("the keys cannot be taken from the system", "error", err)
	}
	for _, c := range k.grabbable() {
		k.note(c, NotHere)
	}
}
