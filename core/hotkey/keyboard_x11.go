//go:build linux || freebsd || netbsd || openbsd

package hotkey

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jezek/xgb/xproto"
)

// X11's numbers of the keys that modify others.
const (
	symNumLock    = 0xff7f
	symScrollLock = 0xff14
	symAlt        = 0xffe9 // and the next, which is the right one
	symSuper      = 0xffeb // likewise
)

// keyboard says which keys write what, and which bits stand for which modifiers.
type keyboard struct {
	first xproto.Keycode
	// columns is how many keysyms each key has: plain, with Shift, and the same for other layouts.
	columns int
	syms    []xproto.Keysym

	alt, super uint16
	// locks are the combinations of the locks' bits, none among them.
	locks []uint16
}

// learnKeyboard asks for the layout. What is held for a key that has moved is given back by the next update.
func (x *x11) learnKeyboard() error {
	setup := xproto.Setup(x.conn)
	count := byte(setup.MaxKeycode - setup.MinKeycode + 1)
	layout, err := xproto.GetKeyboardMapping(x.conn, setup.MinKeycode, count).Reply()
	if err != nil {
		return fmt.Errorf("ask for the keyboard's layout: %w", err)
	}
	mods, err := xproto.GetModifierMapping(x.conn).Reply()
	if err != nil {
		return fmt.Errorf("ask for the keyboard's modifiers: %w", err)
	}
	b := keyboard{
		first: setup.MinKeycode, columns: int(layout.KeysymsPerKeycode), syms: layout.Keysyms, alt: xproto.ModMask1, super: xproto.ModMask4,
	}
	locks := []uint16{xproto.ModMaskLock}
	per := int(mods.KeycodesPerModifier)
	for i, code := range mods.Keycodes {
		bit := uint16(1) << (i / max(per, 1))
		if bit <= xproto.ModMaskControl || code == 0 {
			continue
		}
		switch sym := b.sym(code, 0); sym {
		case symNumLock, symScrollLock:
			locks = append(locks, bit)
		case symAlt, symAlt + 1:
			b.alt = bit
		case symSuper, symSuper + 1:
			b.super = bit
		}
	}
	b.locks = combinations(locks)
	if !slices.Equal(b.locks, x.board.locks) { // what is held cannot be given back with other locks
		for g := range x.held {
			x.release(g)
		}
		clear(x.held)
	}
	x.board = b
	return nil
}

// combinations returns all sums of the bits, each once.
func combinations(bits []uint16) []uint16 {
	sums := []uint16{0}
	for _, bit := range bits {
		if sums[len(sums)-1]&bit != 0 {
			continue // it is there already
		}
		for _, sum := range sums {
			sums = append(sums, sum|bit)
		}
	}
	return sums
}

func (b keyboard) sym(code xproto.Keycode, column int) xproto.Keysym {
	if i := int(code-b.first)*b.columns + column; code >= b.first && column < b.columns && i < len(b.syms) {
		return b.syms[i]
	}
	return 0
}

// codes returns the keys that write a combination's key, with as few modifiers as can be: a digit is on the row above the letters
// with Shift on some layouts, and without on others.
func (b keyboard) codes(c Combo) []xproto.Keycode {
	k, ok := keyNamed(strings.ToLower(c.Key))
	if !ok || b.columns == 0 {
		return nil
	}
	for column := range b.columns {
		var codes []xproto.Keycode
		for i := range len(b.syms) / b.columns {
			if code := b.first + xproto.Keycode(i); b.sym(code, column) == xproto.Keysym(k.keysym) {
				codes = append(codes, code)
			}
		}
		if len(codes) > 0 {
			return codes
		}
	}
	return nil
}

// mods returns X11's bits of modifiers.
func (b keyboard) mods(m Mods) uint16 {
	var bits uint16
	for mod, bit := range map[Mods]uint16{Ctrl: xproto.ModMaskControl, Shift: xproto.ModMaskShift, Alt: b.alt, Super: b.super} {
		if m&mod != 0 {
			bits |= bit
		}
	}
	return bits
}

// significant are the bits that make one combination another.
func (b keyboard) significant() uint16 { return b.mods(Ctrl | Shift | Alt | Super) }
