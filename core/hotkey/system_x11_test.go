//go:build linux

package hotkey

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"go.uber.org/goleak"
)

// The keys that are held with others. They come before it is known what for, and reach the program in front.
const (
	symShift   = 0xffe1
	symControl = 0xffe3
)

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

// desk is an X display with a program in front that is not ours, and Keys that run beside it.
type desk struct {
	t     *testing.T
	conn  *xgb.Conn
	root  xproto.Window
	typed chan xproto.KeyPressEvent // what the program in front gets
	heard chan Combo
	keys  *Keys
	stop  func()
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	leaks := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, leaks) })
	startDisplay(t)
	d := &desk{t: t, typed: make(chan xproto.KeyPressEvent, 1000), heard: make(chan Combo, 100)}
	d.openProgram()
	d.keys = New(func(c Combo) { d.heard <- c }, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- d.keys.Run(ctx) }()
	isOver := false
	d.stop = func() {
		if isOver {
			return
		}
		isOver = true
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Run: %v", err)
		}
	}
	t.Cleanup(d.stop)
	return d
}

// startDisplay begins an X server of the test's own.
func startDisplay(t *testing.T) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	server := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "320x240x24", "-nolisten", "tcp", "-noreset", "-ardelay", "40", "-arinterval", "10")
	server.ExtraFiles = []*os.File{w}
	if err := server.Start(); err != nil {
		t.Fatalf("start Xvfb (of the package xvfb): %v", err)
	}
	_ = w.Close()
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb says no display: %v", err)
	}
	t.Setenv("DISPLAY", ":"+strings.TrimSpace(number))
	t.Setenv("WAYLAND_DISPLAY", "")
}

// openProgram puts a window in front that notes what is typed into it.
func (d *desk) openProgram() {
	d.t.Helper()
	xgb.Logger.SetOutput(io.Discard)
	conn, err := xgb.NewConn()
	if err != nil {
		d.t.Fatal(err)
	}
	gone := make(chan struct{})
	d.t.Cleanup(func() { conn.Close(); <-gone })
	d.conn, d.root = conn, xproto.Setup(conn).Roots[0].Root
	board := keyboardOf(d.t, d)
	win, err := xproto.NewWindowId(conn)
	if err != nil {
		d.t.Fatal(err)
	}
	events := uint32(xproto.EventMaskKeyPress | xproto.EventMaskExposure)
	xproto.CreateWindow(conn, xproto.WindowClassCopyFromParent, win, d.root, 0, 0, 100, 100, 0, xproto.WindowClassInputOutput,
		xproto.WindowClassCopyFromParent, xproto.CwEventMask, []uint32{events})
	xproto.MapWindow(conn, win)
	visible := make(chan struct{})
	go func() {
		defer close(gone)
		for {
			e, problem := conn.WaitForEvent()
			switch e := e.(type) {
			case xproto.ExposeEvent:
				close(visible)
			case xproto.KeyPressEvent:
				if sym := board.sym(e.Detail, 0); sym != symShift && sym != symControl {
					d.typed <- e
				}
			case nil:
				if problem == nil {
					return
				}
			}
		}
	}()
	<-visible
	if err := xproto.SetInputFocusChecked(conn, xproto.InputFocusPointerRoot, win, xproto.TimeCurrentTime).Check(); err != nil {
		d.t.Fatal(err)
	}
}

// want asks for combinations, and waits until the last of them stands as it should.
func (d *desk) want(state State, keys ...string) {
	d.t.Helper()
	var all []Combo
	for _, k := range keys {
		all = append(all, combo(d.t, k))
	}
	d.keys.Set(all)
	d.until(keys[len(keys)-1], state)
}

func (d *desk) until(keys string, state State) {
	d.t.Helper()
	c := combo(d.t, keys)
	for end := time.Now().Add(patience); d.keys.State(c) != state; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			d.t.Fatalf("%s is %q, want %q", keys, d.keys.State(c), state)
		}
	}
}

func combo(t *testing.T, keys string) Combo {
	t.Helper()
	c, err := Parse(keys)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// xdotool types as a user would, into whatever is in front.
func (d *desk) xdotool(args ...string) {
	d.t.Helper()
	if out, err := exec.Command("xdotool", args...).CombinedOutput(); err != nil {
		d.t.Fatalf("xdotool %q: %v\n%s", args, err, out)
	}
}

// hears waits for a press, and fails if another one comes first.
func (d *desk) hears(keys string) {
	d.t.Helper()
	select {
	case c := <-d.heard:
		if c != combo(d.t, keys) {
			d.t.Fatalf("heard %v, want %s", c, keys)
		}
	case e := <-d.typed:
		d.t.Fatalf("the program in front has got %v", e)
	case <-time.After(patience):
		d.t.Fatalf("%s was not heard", keys)
	}
}

// types waits until the program in front has got a key.
func (d *desk) types() {
	d.t.Helper()
	select {
	case <-d.typed:
	case c := <-d.heard:
		d.t.Fatalf("heard %v, which is for the program in front", c)
	case <-time.After(patience):
		d.t.Fatal("the program in front has got nothing")
	}
}

func TestAKeyIsHeardWhileAnotherProgramIsInFront(t *testing.T) {
	d := newDesk(t)
	d.want(Held, "F6", "Num5", "Ctrl+Shift+F1")
	if d.keys.Reach() != Everywhere {
		t.Errorf("reach %q", d.keys.Reach())
	}
	d.xdotool("key", "ctrl+shift+F1")
	d.hears("Ctrl+Shift+F1")
	d.xdotool("key", "F6")
	d.hears("F6")
	for _, lock := range []string{"Num_Lock", "Caps_Lock"} {
		d.xdotool("key", lock)
		d.types() // the lock itself
		d.xdotool("key", "F6")
		d.hears("F6")
	}
	d.xdotool("key", "F7")
	d.types()
}

func TestAKeyThatIsHeldDownIsOnePress(t *testing.T) {
	d := newDesk(t)
	d.want(Held, "F6", "F8")
	d.xdotool("keydown", "F7")
	for range 3 {
		d.types() // this server repeats
	}
	d.xdotool("keyup", "F7")
	d.xdotool("keydown", "F6", "sleep", "0.2", "keyup", "F6", "key", "F8")
	for _, want := range []string{"F6", "F8"} {
		select {
		case c := <-d.heard:
			if c != combo(t, want) {
				t.Errorf("heard %v, want %s", c, want)
			}
		case <-time.After(patience):
			t.Fatalf("%s was not heard", want)
		}
	}
}

func TestAKeyThatAnotherProgramHoldsIsTaken(t *testing.T) {
	d := newDesk(t)
	b := keyboardOf(t, d)
	code := b.codes(combo(t, "F9"))[0]
	grab := xproto.GrabKeyChecked(d.conn, false, d.root, xproto.ModMask2, code, xproto.GrabModeAsync, xproto.GrabModeAsync)
	if err := grab.Check(); err != nil {
		t.Fatal(err)
	}
	d.want(Taken, "F9")
	d.xdotool("key", "F9")
	d.types() // what could be had in part was given back
	if err := xproto.UngrabKeyChecked(d.conn, code, d.root, xproto.ModMask2).Check(); err != nil {
		t.Fatal(err)
	}
	d.keys.Set(nil)
	d.want(Held, "F9")
	d.xdotool("key", "F9")
	d.hears("F9")
}

func TestKeysAreGivenBack(t *testing.T) {
	d := newDesk(t)
	d.want(Held, "F6", "F8")
	d.want(Held, "F8", "F5")
	d.xdotool("key", "F6")
	d.types()
	d.stop()
	d.xdotool("key", "F8")
	d.types()
}

func TestWhatPeopleTypeIsLeftToThem(t *testing.T) {
	d := newDesk(t)
	d.want(Typing, "F6", "K")
	d.xdotool("key", "k")
	d.types()
	d.want(NoKey, "F6", "Ctrl+語")
}

func TestAKeyThatMovesIsFollowed(t *testing.T) {
	d := newDesk(t)
	d.want(Held, "Ctrl+K", "F6")
	b := keyboardOf(t, d)
	from, to := b.codes(combo(t, "K"))[0], b.codes(combo(t, "J"))[0]
	for code, sym := range map[xproto.Keycode]xproto.Keysym{from: 'j', to: 'k'} {
		if err := xproto.ChangeKeyboardMappingChecked(d.conn, 1, code, 1, []xproto.Keysym{sym}).Check(); err != nil {
			t.Fatal(err)
		}
	}
	for end := time.Now().Add(patience); time.Now().Before(end); {
		d.xdotool("keydown", "ctrl", "key", "k", "keyup", "ctrl")
		select {
		case c := <-d.heard:
			if c != combo(t, "Ctrl+K") {
				t.Errorf("heard %v", c)
			}
			return
		case <-time.After(10 * time.Millisecond): // the new layout is not in force yet
		}
	}
	t.Error("Ctrl+K was not heard after it had moved")
}

// keyboardOf asks for the display's keyboard.
func keyboardOf(t *testing.T, d *desk) keyboard {
	t.Helper()
	x := &x11{conn: d.conn}
	if err := x.learnKeyboard(); err != nil {
		t.Fatal(err)
	}
	return x.board
}

func TestWithoutADisplay(t *testing.T) {
	t.Setenv("DISPLAY", "")
	keys := New(func(Combo) {}, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- keys.Run(ctx) }()
	d := &desk{t: t, keys: keys}
	d.want(NotHere, "F6")
	cancel()
	<-ended //nolint:errcheck // it ends as it is told to
	if keys.Reach() != Nowhere {
		t.Errorf("reach %q", keys.Reach())
	}
}

func TestOnWaylandOnlyOlderProgramsAreHeard(t *testing.T) {
	t.Setenv("DISPLAY", ":0")
	t.Setenv("WAYLAND_DISPLAY", "wayland-0")
	if reach := New(nil, nil).Reach(); reach != OlderPrograms {
		t.Errorf("reach %q", reach)
	}
}
