package hotkey

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Mods are the modifiers that are held with a key.
type Mods uint8

// The modifiers.
const (
	Ctrl Mods = 1 << iota
	Shift
	Alt
	Super
)

// Combo is a key and the modifiers that are held with it. Two that mean the same are equal, however they were written.
type Combo struct {
	Mods Mods
	// Key is the key's one name: see Parse.
	Key string
}

// ErrUnknown is a text that names no combination of keys.
var ErrUnknown = errors.New("this is no combination of keys such as Ctrl+Shift+F1")

// Parse reads keys such as "Ctrl+Shift+F1", in English or as a German keyboard has them. The case does not matter. The error wraps
// ErrUnknown.
func Parse(keys string) (Combo, error) {
	var c Combo
	for part := range strings.SplitSeq(keys, "+") {
		name := strings.ToLower(strings.TrimSpace(part))
		if mod := modifier(name); mod != 0 {
			c.Mods |= mod
			continue
		}
		k, ok := keyNamed(name)
		if !ok || c.Key != "" {
			return Combo{}, fmt.Errorf("%q: %w", keys, ErrUnknown)
		}
		c.Key = k.name
	}
	if c.Key == "" {
		return Combo{}, fmt.Errorf("%q: %w", keys, ErrUnknown)
	}
	return c, nil
}

// String writes the combination as Parse reads it.
func (c Combo) String() string {
	var b strings.Builder
	for _, m := range []struct {
		mod  Mods
		name string
	}{{Ctrl, "Ctrl+"}, {Shift, "Shift+"}, {Alt, "Alt+"}, {Super, "Super+"}} {
		if c.Mods&m.mod != 0 {
			b.WriteString(m.name)
		}
	}
	return b.String() + c.Key
}

// IsTyping reports whether people need the combination to write in other programs, so that it must not be taken from them.
func (c Combo) IsTyping() bool {
	k, _ := keyNamed(strings.ToLower(c.Key))
	return !k.isSpare && c.Mods&(Ctrl|Alt|Super) == 0
}

func modifier(name string) Mods {
	switch name {
	case "ctrl", "control", "strg":
		return Ctrl
	case "shift", "umschalt":
		return Shift
	case "alt", "option":
		return Alt
	case "super", "win", "windows", "cmd", "meta":
		return Super
	default:
		return 0
	}
}

// key is a key as the systems know it.
type key struct {
	name string
	// keysym is X11's number of what the key writes, vk the virtual key of Windows; 0 is none.
	keysym uint32
	vk     uint32
	// isSpare says that nobody writes with the key, so that it may be taken without a modifier.
	isSpare bool
}

// keyNamed finds a key by a name in lower case: a character, f1 to f24, num0 to num9, or one of namedKeys.
func keyNamed(name string) (key, bool) {
	if r, size := utf8.DecodeRuneInString(name); size == len(name) && r > ' ' && r != utf8.RuneError {
		return character(r), true
	}
	if k, ok := numbered(name); ok {
		return k, true
	}
	for _, k := range namedKeys() {
		for alias := range strings.FieldsSeq(k.aliases) {
			if alias == name {
				return k.key, true
			}
		}
	}
	return key{}, false
}

// numbered finds the keys that bear a number.
func numbered(name string) (key, bool) {
	prefix := strings.TrimRight(name, "0123456789")
	n, err := strconv.ParseUint(name[len(prefix):], 10, 8)
	switch i := uint32(n); {
	case err != nil:
	case prefix == "f" && i >= 1 && i <= 24:
		return key{name: fmt.Sprintf("F%d", i), keysym: 0xffbd + i, vk: 0x6f + i, isSpare: true}, true
	case (prefix == "num" || prefix == "numpad" || prefix == "kp_") && i < 10:
		return key{name: fmt.Sprintf("Num%d", i), keysym: 0xffb0 + i, vk: 0x60 + i, isSpare: true}, true
	}
	return key{}, false
}

// character is the key that writes r, in lower case. X11 numbers the characters of Latin-1 as Unicode does, and the others with a
// bit in front. Windows has digits and Latin letters for virtual keys, and is asked for the rest.
func character(r rune) key {
	k := key{name: strings.ToUpper(string(r)), keysym: uint32(r)}
	switch {
	case r >= 'a' && r <= 'z':
		k.vk = uint32(r - 'a' + 'A')
	case r >= '0' && r <= '9':
		k.vk = uint32(r)
	case r > 0xff:
		k.keysym |= 1 << 24
	}
	if utf8.RuneCountInString(k.name) != 1 { // as ß, which has no upper case
		k.name = string(r)
	}
	return k
}

type namedKey struct {
	key

	// aliases are the names, the key's own among them, in lower case.
	aliases string
}

func namedKeys() []namedKey {
	return []namedKey{
		{key{"Space", 0x20, 0x20, false}, "space leertaste"},
		{key{"Return", 0xff0d, 0x0d, false}, "return enter eingabe"},
		{key{"Escape", 0xff1b, 0x1b, false}, "escape esc"},
		{key{"Tab", 0xff09, 0x09, false}, "tab tabulator"},
		{key{"BackSpace", 0xff08, 0x08, false}, "backspace rücktaste"},
		{key{"Delete", 0xffff, 0x2e, false}, "delete del entf"},
		{key{"Home", 0xff50, 0x24, false}, "home pos1"},
		{key{"End", 0xff57, 0x23, false}, "end ende"},
		{key{"Prior", 0xff55, 0x21, false}, "prior pageup bildauf"},
		{key{"Next", 0xff56, 0x22, false}, "next pagedown bildab"},
		{key{"Left", 0xff51, 0x25, false}, "left links"},
		{key{"Up", 0xff52, 0x26, false}, "up hoch"},
		{key{"Right", 0xff53, 0x27, false}, "right rechts"},
		{key{"Down", 0xff54, 0x28, false}, "down runter"},
		{key{"Insert", 0xff63, 0x2d, true}, "insert ins einfg"},
		{key{"Pause", 0xff13, 0x13, true}, "pause break"},
		{key{"ScrollLock", 0xff14, 0x91, true}, "scrolllock rollen"},
		{key{"Print", 0xff61, 0x2c, true}, "print printscreen druck"},
		{key{"NumAdd", 0xffab, 0x6b, true}, "numadd numplus kp_add"},
		{key{"NumSubtract", 0xffad, 0x6d, true}, "numsubtract numminus kp_subtract"},
		{key{"NumMultiply", 0xffaa, 0x6a, true}, "nummultiply kp_multiply"},
		{key{"NumDivide", 0xffaf, 0x6f, true}, "numdivide kp_divide"},
	}
}
