package rule

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// maxWord bounds the first word of a comment that is compared, in bytes.
const maxWord = 256

// splitCommand returns the first word of a comment, folded, and what follows it. Some phones put characters without width
// around what was typed; they are no part of either.
func splitCommand(comment string) (word, args string) {
	comment = strings.TrimFunc(comment, isBlank)
	end := strings.IndexFunc(comment[:min(len(comment), maxWord)], unicode.IsSpace)
	switch {
	case end >= 0:
		return foldName(comment[:end]), strings.TrimLeftFunc(comment[end:], isBlank)
	case len(comment) > maxWord:
		return "", ""
	default:
		return foldName(comment), ""
	}
}

// foldName returns name in the form in which names are compared: without surrounding blanks, case and the ways in which
// Unicode can write one letter.
func foldName(name string) string {
	name = strings.TrimFunc(name, isBlank)
	for i := range len(name) {
		if name[i] >= 0x80 {
			return norm.NFC.String(cases.Fold().String(norm.NFC.String(name)))
		}
	}
	return strings.ToLower(name)
}

// isBlank reports whether r takes no ink: white space, or a format character such as a zero-width space or a mark of
// direction.
func isBlank(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }

// countWords returns how many words text has, and counts no further than most.
func countWords(text string, most int) int {
	n := 0
	for range strings.FieldsSeq(text) {
		if n++; n >= most {
			break
		}
	}
	return n
}

// phrase is a text to be found in others, folded. The empty one is found nowhere.
type phrase string

func newPhrase(text string) phrase { return phrase(foldText(text)) }

// foldText returns text in the form in which phrases are looked for: as foldName, with single spaces, and without format
// characters, by which "zom\u200bbie" would be another word. What goes beyond maxText is left out.
func foldText(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, clip(text))
	return strings.Join(strings.Fields(foldName(text)), " ")
}

// in reports whether p stands in text, which is folded, as whole words.
func (p phrase) in(text string) bool {
	if p == "" {
		return false
	}
	first, _ := utf8.DecodeRuneInString(string(p))
	last, _ := utf8.DecodeLastRuneInString(string(p))
	for from := 0; ; {
		at := strings.Index(text[from:], string(p))
		if at < 0 {
			return false
		}
		begin := from + at
		end := begin + len(p)
		before, _ := utf8.DecodeLastRuneInString(text[:begin])
		after, _ := utf8.DecodeRuneInString(text[end:])
		if !isGlued(before, first) && !isGlued(last, after) {
			return true
		}
		_, size := utf8.DecodeRuneInString(text[begin:])
		from = begin + size
	}
}

// isGlued reports whether a and b, side by side, belong to one word. Some scripts put no spaces between words: there any place
// can be a word's end.
func isGlued(a, b rune) bool { return isWordRune(a) && isWordRune(b) }

func isWordRune(r rune) bool {
	if r == utf8.RuneError || !unicode.In(r, unicode.L, unicode.M, unicode.N) && r != '_' {
		return false
	}
	return !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
