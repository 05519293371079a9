package action

import (
	"strings"
	"unicode"
)

// Printable returns text as one line of at most most runes, without what a viewer, a server or a program could confuse its reader
// with: broken UTF-8, controls and marks of writing direction go, each stretch of white space becomes one space.
func Printable(text string, most int) string {
	var b strings.Builder
	runes, gap := 0, false
	for _, r := range text {
		switch {
		case unicode.IsSpace(r):
			gap = runes > 0
			continue
		case r == unicode.ReplacementChar, unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), unicode.Is(unicode.Cs, r):
			continue
		}
		if gap && runes+1 < most {
			b.WriteByte(' ')
			runes++
		}
		gap = false
		if runes >= most {
			break
		}
		b.WriteRune(r)
		runes++
	}
	return b.String()
}
