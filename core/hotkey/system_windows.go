package hotkey

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"unicode/utf8"
	"unsafe"

	"golang.org/x/sys/windows"
)

// What winuser.h says.
const (
	wmHotkey    = 0x0312
	wmApp       = 0x8000
	modAlt      = 0x1
	modControl  = 0x2
	modShift    = 0x4
	modWin      = 0x8
	modNoRepeat = 0x4000
	vkNone      = 0xff
)

// message is a MSG.
type message struct {
	window  uintptr
	kind    uint32
	wParam  uintptr
	lParam  uintptr
	time    uint32
	x, y    int32
	private uint32
}

// user32 are the calls of the system. A hotkey belongs to the thread that has registered it, so that one thread makes them all.
type user32 struct {
	register, unregister, getMessage, peekMessage, postMessage, keyScan *windows.LazyProc
}

func loadUser32() user32 {
	dll := windows.NewLazySystemDLL("user32.dll")
	return user32{
		register: dll.NewProc("RegisterHotKey"), unregister: dll.NewProc("UnregisterHotKey"), getMessage: dll.NewProc("GetMessageW"),
		peekMessage: dll.NewProc("PeekMessageW"), postMessage: dll.NewProc("PostThreadMessageW"), keyScan: dll.NewProc("VkKeyScanW"),
	}
}

func systemReach() Reach { return Everywhere }

// registrar holds keys at the system.
type registrar struct {
	keys *Keys
	user user32
	held map[Combo]uintptr // their numbers
	next uintptr
}

// serve holds what is wanted until nothing is, or ctx ends.
func serve(ctx context.Context, k *Keys) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	r := &registrar{keys: k, user: loadUser32(), held: map[Combo]uintptr{}}
	if err := r.user.register.Find(); err != nil {
		return fmt.Errorf("find RegisterHotKey: %w", err)
	}
	var m message
	r.user.peekMessage.Call(uintptr(unsafe.Pointer(&m)), 0, 0, 0, 0) //nolint:errcheck // it gives the thread its queue
	ctx, cancel := context.WithCancel(ctx)
	thread := windows.GetCurrentThreadId()
	var waker sync.WaitGroup
	waker.Go(func() { r.wake(ctx, thread) })
	defer waker.Wait()
	defer cancel()
	defer r.releaseAll()
	for r.update() {
		got, _, err := r.user.getMessage.Call(uintptr(unsafe.Pointer(&m)), 0, 0, 0)
		switch {
		case int32(got) == -1:
			return fmt.Errorf("wait for a key: %w", err)
		case got == 0:
			return errors.New("the thread was told to quit")
		case ctx.Err() != nil:
			return ctx.Err()
		case m.kind == wmHotkey:
			r.press(m.wParam)
		}
	}
	return nil
}

// wake ends the wait of a thread when there is something to look after.
func (r *registrar) wake(ctx context.Context, thread uint32) {
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-r.keys.wake:
		}
		r.user.postMessage.Call(uintptr(thread), wmApp, 0, 0) //nolint:errcheck // a thread that is gone needs no waking
	}
}

func (r *registrar) press(number uintptr) {
	for c, n := range r.held {
		if n == number {
			r.keys.press(c)
		}
	}
}

// update registers what is wanted and not held yet, and gives back what is held and not wanted. It reports whether anything is
// wanted.
func (r *registrar) update() bool {
	wanted := r.keys.grabbable()
	isWanted := map[Combo]bool{}
	for _, c := range wanted {
		isWanted[c] = true
	}
	for c, number := range r.held {
		if !isWanted[c] {
			r.user.unregister.Call(0, number) //nolint:errcheck // it was registered
			delete(r.held, c)
		}
	}
	for _, c := range wanted {
		if r.keys.State(c) == "" {
			r.keys.note(c, r.take(c))
		}
	}
	return len(wanted) > 0
}

func (r *registrar) take(c Combo) State {
	vk := r.virtualKey(c.Key)
	if vk == 0 {
		return NoKey
	}
	mods := uintptr(modNoRepeat)
	for mod, bit := range map[Mods]uintptr{Ctrl: modControl, Shift: modShift, Alt: modAlt, Super: modWin} {
		if c.Mods&mod != 0 {
			mods |= bit
		}
	}
	r.next++
	if ok, _, _ := r.user.register.Call(0, r.next, mods, uintptr(vk)); ok == 0 {
		return Taken
	}
	r.held[c] = r.next
	return Held
}

// virtualKey returns the key of a name, or 0. The keyboard's layout says where characters are.
func (r *registrar) virtualKey(name string) uint32 {
	k, _ := keyNamed(strings.ToLower(name))
	if k.vk != 0 || utf8.RuneCountInString(name) != 1 {
		return k.vk
	}
	if k.keysym&^(1<<24) > 0xffff {
		return 0
	}
	got, _, _ := r.user.keyScan.Call(uintptr(k.keysym &^ (1 << 24)))
	if vk := uint32(got & 0xff); vk != vkNone {
		return vk
	}
	return 0
}

func (r *registrar) releaseAll() {
	for _, number := range r.held {
		r.user.unregister.Call(0, number) //nolint:errcheck // it was registered
	}
}
