//go:build linux || freebsd || netbsd || openbsd

package hotkey

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// repeatGap is at most how many milliseconds lie between the two halves of a repeat: the server releases the key and presses it
// again in one moment, while nobody's finger is that quick.
const repeatGap = 2

func systemReach() Reach {
	switch {
	case os.Getenv("DISPLAY") == "":
		return Nowhere
	case os.Getenv("WAYLAND_DISPLAY") != "":
		return OlderPrograms
	default:
		return Everywhere
	}
}

// grab is what the server is asked for: a keycode with modifiers, those that a lock switches on left out.
type grab struct {
	code xproto.Keycode
	mods uint16
}

// x11 holds keys at an X server.
type x11 struct {
	keys  *Keys
	conn  *xgb.Conn
	roots []xproto.Window
	board keyboard
	held  map[grab]Combo
	// down are the keys that are held down, or were a moment ago.
	down map[xproto.Keycode]stroke
}

// stroke is what is known of a key that was pressed.
type stroke struct {
	isUp bool
	// at is when it was released, in the server's milliseconds.
	at xproto.Timestamp
}

// serve holds what is wanted until nothing is, or ctx ends, or the connection does.
func serve(ctx context.Context, k *Keys) error {
	if systemReach() == Nowhere {
		return errNotHere
	}
	xgb.Logger.SetOutput(io.Discard) // what goes wrong is returned; that there is no authority file is nothing to speak of
	conn, err := xgb.NewConn()
	if err != nil {
		return fmt.Errorf("connect to the X server: %w", err)
	}
	x := &x11{keys: k, conn: conn, held: map[grab]Combo{}, down: map[xproto.Keycode]stroke{}}
	for _, screen := range xproto.Setup(conn).Roots {
		x.roots = append(x.roots, screen.Root)
	}
	events := make(chan xgb.Event)
	go x.read(events)
	defer func() { // the server takes back what is still held
		conn.Close()
		for range events {
		}
	}()
	return x.run(ctx, events)
}

// read passes events on until the connection is closed.
func (x *x11) read(events chan<- xgb.Event) {
	defer close(events)
	for {
		e, problem := x.conn.WaitForEvent()
		if e == nil && problem == nil {
			return
		}
		if e != nil {
			events <- e
		}
	}
}

func (x *x11) run(ctx context.Context, events <-chan xgb.Event) error {
	if err := x.learnKeyboard(); err != nil {
		return err
	}
	for x.update() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-x.keys.wake:
		case e, ok := <-events:
			if !ok {
				return errors.New("the X server has closed the connection")
			}
			if err := x.handle(e); err != nil {
				return err
			}
		}
	}
	return nil
}

// handle fires the combination of a press. While a key is held the server sends us all others too, so that what was pressed must be
// looked up.
func (x *x11) handle(e xgb.Event) error {
	switch e := e.(type) {
	case xproto.KeyPressEvent:
		before, known := x.down[e.Detail]
		isRepeat := known && (!before.isUp || e.Time-before.at <= repeatGap)
		x.down[e.Detail] = stroke{}
		if c, ok := x.held[grab{e.Detail, e.State & x.board.significant()}]; ok && !isRepeat {
			x.keys.press(c)
		}
	case xproto.KeyReleaseEvent:
		x.down[e.Detail] = stroke{isUp: true, at: e.Time}
	case xproto.MappingNotifyEvent:
		if e.Request != xproto.MappingPointer {
			return x.learnKeyboard()
		}
	}
	return nil
}

// update grabs what is wanted and not held yet, and gives back what is held and not wanted. It reports whether anything is wanted.
func (x *x11) update() bool {
	wanted := x.keys.grabbable()
	now := map[grab]Combo{}
	for _, c := range wanted {
		for _, code := range x.board.codes(c) {
			now[grab{code, x.board.mods(c.Mods)}] = c
		}
	}
	for g := range x.held {
		if _, ok := now[g]; !ok {
			x.release(g)
			delete(x.held, g)
		}
	}
	for _, c := range wanted {
		if x.keys.State(c) == Taken {
			continue // until it is wanted anew
		}
		x.keys.note(c, x.take(c))
	}
	return len(wanted) > 0
}

// take grabs all keys that a combination is on.
func (x *x11) take(c Combo) State {
	codes := x.board.codes(c)
	if len(codes) == 0 {
		return NoKey
	}
	for _, code := range codes {
		g := grab{code, x.board.mods(c.Mods)}
		if _, ok := x.held[g]; ok {
			continue
		}
		if !x.grab(g) {
			return Taken
		}
		x.held[g] = c
	}
	return Held
}

// grab grabs a key with each combination of the locks, which the server takes for modifiers. It is all or nothing.
func (x *x11) grab(g grab) bool {
	for _, root := range x.roots {
		for _, lock := range x.board.locks {
			err := xproto.GrabKeyChecked(x.conn, false, root, g.mods|lock, g.code, xproto.GrabModeAsync, xproto.GrabModeAsync).Check()
			if err != nil {
				x.release(g)
				return false
			}
		}
	}
	return true
}

func (x *x11) release(g grab) {
	for _, root := range x.roots {
		for _, lock := range x.board.locks {
			xproto.UngrabKey(x.conn, g.code, root, g.mods|lock)
		}
	}
}
