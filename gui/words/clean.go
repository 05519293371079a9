package words

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"github.com/livecue/livecue/core/event"
)

const (
	// nameLength is how much of a viewer's name is shown, in graphemes.
	nameLength = 28
	// maxRunes is how many runes of one grapheme are kept: the longest real emoji have eleven, and names that pile up
	// combining marks have hundreds.
	maxRunes = 12
)

// Clean makes text that a viewer wrote fit to be shown on one line: without control and format characters and bidi
// overrides, with single spaces, and with at most length graphemes. The emoji joiner stays.
func Clean(text string, length int) string {
	var b strings.Builder
	state, rest, cluster := -1, strings.ToValidUTF8(text, ""), ""
	count, space := 0, false
	for rest != "" && count < length {
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		switch shown := visible(cluster); {
		case isSpace(cluster):
			space = b.Len() > 0
		case shown != "":
			if space {
				b.WriteByte(' ')
				count++
			}
			b.WriteString(shown)
			count, space = count+1, false
		}
	}
	if strings.TrimFunc(rest, func(r rune) bool { return hidden(r) || unicode.IsSpace(r) }) != "" {
		b.WriteString("…")
	}
	return onTheLine(b.String())
}

// strut is nothing to be seen, in the font of our own texts.
const strut = "\u200b"

// onTheLine keeps text that begins in another font on the line of its neighbours: Fyne takes the height of all of it from the first
// font, and draws a name that begins with an emoji three pixels too high.
func onTheLine(shown string) string {
	const ownScripts = '\u0590' // our font has Latin, Greek and Cyrillic letters, which come before it
	if r, _ := utf8.DecodeRuneInString(shown); shown == "" || r < ownScripts {
		return shown
	}
	return strut + shown
}

// Name is how a viewer is called in the window.
func Name(u event.User) string {
	for _, name := range []string{u.Nickname, u.Handle, u.ID} {
		if shown := Clean(name, nameLength); shown != "" {
			return shown
		}
	}
	return "?"
}

// isSpace reports whether a grapheme is white space, a line break included.
func isSpace(cluster string) bool {
	return strings.TrimSpace(cluster) == ""
}

// visible returns what is to be seen of one grapheme.
func visible(cluster string) string {
	var b strings.Builder
	kept, ink := 0, false
	for _, r := range cluster {
		if hidden(r) || kept == maxRunes {
			continue
		}
		b.WriteRune(r)
		kept++
		ink = ink || !isJoiner(r) && !unicode.IsMark(r)
	}
	if !ink {
		return ""
	}
	return b.String()
}

// hidden reports whether r has no picture of its own and could do harm: controls, bidi marks, private use.
func hidden(r rune) bool {
	return !isJoiner(r) && (unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp))
}

// isJoiner reports whether r is the zero-width joiner, which holds the parts of an emoji together.
func isJoiner(r rune) bool { return r == '\u200d' }
