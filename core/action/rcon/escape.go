package rcon

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/livecue/livecue/core/action"
)

// The caps of one placeholder. Those in bytes hold for what is sent, so that a name, a gift and a comment together leave
// more than 400 bytes of MaxCommand to the template.
const (
	maxNameRunes    = 64
	maxNameBytes    = 192
	maxCommentRunes = 256
	maxCommentBytes = 600
	// maxLook bounds how much of a viewer's text is looked at.
	maxLook = 16 << 10
)

// What a viewer and a gift are called whose name has nothing left in it: a command would not be complete without one.
const (
	someViewer = "viewer"
	someGift   = "gift"
)

// Escape is the boundary between a viewer's text and Minecraft: what it returns can stand in a command, inside quotes,
// inside JSON and inside a selector, and is nothing more than text there.
//
//   - {user} keeps A-Z a-z 0-9 _ . - and is never empty: it can be a selector's name.
//   - The other texts keep letters, digits, marks, single spaces, emoji and harmless punctuation. They begin with a letter,
//     a digit, an underscore or a symbol that is no ASCII. Names and gifts are never empty; a comment or arguments may be.
//   - With the modifier json a text keeps nearly everything, as the content of a JSON string. What structures a command is
//     written as \uXXXX: the JSON says the same, and no one else reads anything into it.
//   - Numbers stay.
//
// Control characters, section signs, marks of writing direction and other invisible characters are removed in any case.
func Escape(p action.Placeholder) string {
	if p.Numeric {
		return p.Value
	}
	value := p.Value[:min(len(p.Value), maxLook)]
	isComment := p.Name == "comment" || strings.HasPrefix(p.Name, "arg")
	var text string
	switch {
	case p.Name == "user":
		text = strict(value)
	case p.Modifier == action.ModifierJSON:
		text = jsonText(value, isComment)
	default:
		text = plain(value, isComment)
	}
	switch {
	case text != "" || isComment:
		return text
	case p.Name == "gift":
		return someGift
	default:
		return someViewer
	}
}

// strict keeps what Minecraft reads as an unquoted word. A dash or a dot may not lead it.
func strict(text string) string {
	var b strings.Builder
	for _, r := range text {
		isWord := r < utf8.RuneSelf && (r == '_' || isASCIIAlnum(r))
		if isWord || b.Len() > 0 && (r == '-' || r == '.') {
			b.WriteByte(byte(r))
		}
		if b.Len() == maxNameRunes {
			break
		}
	}
	return b.String()
}

// plain keeps what means nothing to a command.
func plain(text string, isComment bool) string {
	w := writer{isComment: isComment}
	for r := range visible(text) {
		switch {
		case r == '\'':
			// The apostrophe of "don't" is too frequent to be lost.
			r = '’'
		case r < utf8.RuneSelf && !isHarmlessASCII(r), r >= utf8.RuneSelf && hasRestless(r):
			continue
		}
		if w.b.Len() == 0 && !canLead(r) {
			continue
		}
		if !w.write(r, string(r)) {
			break
		}
	}
	return w.text()
}

// jsonText keeps all that can be seen, as the content of a JSON string.
func jsonText(text string, isComment bool) string {
	w := writer{isComment: isComment}
	for r := range visible(text) {
		out := string(r)
		isRestless := r < utf8.RuneSelf && !isHarmlessASCII(r) || r >= utf8.RuneSelf && hasRestless(r)
		if isRestless && r != ',' && r <= 0xFFFF {
			out = fmt.Sprintf(`\u%04x`, r)
		}
		if !w.write(r, out) {
			break
		}
	}
	return w.text()
}

// writer collects runes up to the caps.
type writer struct {
	b         strings.Builder
	isComment bool
	runes     int
	// kept is the length without trailing spaces and joiners.
	kept int
}

// write adds r, written as out, and reports whether there was room. A space is added only after something else.
func (w *writer) write(r rune, out string) bool {
	if r == ' ' && w.kept < w.b.Len() || r == ' ' && w.runes == 0 {
		return true
	}
	maxRunes, maxBytes := maxNameRunes, maxNameBytes
	if w.isComment {
		maxRunes, maxBytes = maxCommentRunes, maxCommentBytes
	}
	if w.runes == maxRunes || w.b.Len()+len(out) > maxBytes {
		return false
	}
	w.b.WriteString(out)
	w.runes++
	if r != ' ' && r != joiner {
		w.kept = w.b.Len()
	}
	return true
}

func (w *writer) text() string { return w.b.String()[:w.kept] }

// joiner, the zero-width joiner, makes one emoji of several.
const joiner = '\u200D'

// visible yields the runes of text that can be seen, with a space for each kind of white space.
func visible(text string) func(yield func(rune) bool) {
	return func(yield func(rune) bool) {
		last := ' '
		for i, r := range text {
			size := utf8.RuneLen(r)
			switch {
			case r == utf8.RuneError:
				// Invalid UTF-8, or its replacement.
				continue
			case unicode.IsSpace(r) || unicode.In(r, unicode.Zs, unicode.Zl, unicode.Zp):
				r = ' '
			case r == joiner:
				next, _ := utf8.DecodeRuneInString(text[i+size:])
				if !isEmojiPart(last) || !isEmojiPart(next) {
					continue
				}
			case !isVisible(r):
				continue
			}
			last = r
			if !yield(r) {
				return
			}
		}
	}
}

// isVisible refuses controls, marks of direction and all else that has no shape of its own, private and unassigned
// characters, and the section sign, which colours and hides text in Minecraft.
func isVisible(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r > ' ' && r < '\x7f'
	case r == '§' || r == '\u2800': // the braille blank
		return false
	case unicode.In(r, unicode.Other_Default_Ignorable_Code_Point):
		return false
	case unicode.In(r, unicode.Variation_Selector):
		return r == '\uFE0E' || r == '\uFE0F' // text or emoji
	case r >= 0x1F000 && r <= 0x1FAFF:
		return true // emoji, those that are newer than the tables of this program among them
	default:
		return unicode.In(r, unicode.L, unicode.N, unicode.M, unicode.P, unicode.S)
	}
}

func isEmojiPart(r rune) bool {
	return r == '\uFE0F' || r >= 0x1F000 && r <= 0x1FAFF || r >= utf8.RuneSelf && unicode.In(r, unicode.So)
}

// isHarmlessASCII accepts letters, digits, the space and the punctuation that no command, selector, JSON, data tag or
// common plugin gives a meaning to inside a text.
func isHarmlessASCII(r rune) bool {
	return isASCIIAlnum(r) || strings.ContainsRune(" .!?-_+:/()", r)
}

// hasRestless reports whether r is a variant of an ASCII character that is not harmless, such as the fullwidth ＠: a server
// that normalises text would turn it back.
func hasRestless(r rune) bool {
	for _, n := range norm.NFKC.String(string(r)) {
		if n < utf8.RuneSelf && !isHarmlessASCII(n) || n == '§' {
			return true
		}
	}
	return false
}

// canLead refuses what changes the meaning of a word or a line that it leads: - ~ / ! and combining marks.
func canLead(r rune) bool {
	if r < utf8.RuneSelf {
		return r == '_' || isASCIIAlnum(r)
	}
	return unicode.In(r, unicode.L, unicode.N, unicode.S) || isEmojiPart(r) && r != '\uFE0F'
}

func isASCIIAlnum(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
}
