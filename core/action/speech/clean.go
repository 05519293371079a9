package speech

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/livecue/livecue/core/action"
)

const (
	// maxName bounds a name in a text, and maxLook how much of anything is looked at, in runes.
	maxName = 60
	maxLook = 4000
	// maxLetters and maxDigits are how often the same may come in a row: German writes three, and millions have six.
	maxLetters, maxDigits = 3, 9
	// maxMarks is how many combining marks may sit on one letter.
	maxMarks = 3
)

// Text returns what is to be said: the text of an action with f's texts in it, cleaned. A name of which nothing can be said is
// replaced by the viewer's @name. It is empty when nothing is left.
func (s Settings) Text(text string, f action.Fields) string {
	return s.Clean(action.Expand(text, f, func(p action.Placeholder) string {
		switch p.Name {
		case "comment", "args":
			return action.Printable(p.Value, maxLook)
		case "nickname":
			if name := s.Clean(action.Printable(p.Value, maxName)); name != "" {
				return name
			}
			return action.Printable(f.User, maxName)
		default:
			return action.Printable(p.Value, maxName)
		}
	}))
}

// Clean returns text as it is to be said, on one line: without links, emoji, blocked words and signs that mean something to a speech
// program, with what is repeated shortened, and not longer than MaxLength. Letters from the fonts of fancy names are plain ones.
func (s Settings) Clean(text string) string {
	text = action.Printable(norm.NFKC.String(action.Printable(text, maxLook)), maxLook)
	text = withoutLinks(text)
	text = s.filter.remove(text)
	return clip(speakable(text), s.maxLength())
}

// links are addresses as people write them. One without a scheme is known by the end of its name; an end that is also a word needs a
// path behind it, because people forget the space after a full stop.
var links = []*regexp.Regexp{
	regexp.MustCompile(`(?i)\b(?:[a-z][a-z0-9+.-]*://|www\.)\S+`),
	regexp.MustCompile(`(?i)\b(?:[\p{L}\p{N}-]+\.)+(?:com|net|org|gg|tv|io|co|uk|ru|fr|pl|br|link|live|xyz|info|biz|app|dev|shop|site|online|store|club)\b(?:/\S*)?`),
	regexp.MustCompile(`(?i)\b(?:[\p{L}\p{N}-]+\.)+[a-z]{2,}/\S+`),
}

func withoutLinks(text string) string {
	for _, l := range links {
		text = l.ReplaceAllString(text, " ")
	}
	return text
}

// speakable keeps letters, digits and what a voice makes pauses and words of.
func speakable(text string) string {
	var b strings.Builder
	var last rune // the last that was written
	count, marks := 0, 0
	for _, r := range text {
		switch {
		case unicode.IsMark(r):
			if marks++; marks <= maxMarks && b.Len() > 0 && last != ' ' && !unicode.In(r, unicode.Variation_Selector) {
				b.WriteRune(r)
			}
			continue
		case unicode.IsLetter(r), unicode.IsNumber(r), isSpoken(r):
		case unicode.Is(unicode.Cf, r):
			continue // inside a word
		default:
			r = ' '
		}
		marks = 0
		if unicode.ToLower(r) == unicode.ToLower(last) {
			count++
		} else {
			count = 1
		}
		if count > most(r) || isPause(r) && (isPause(last) || b.Len() == 0) {
			if r == ' ' && b.Len() > 0 && last != ' ' { // the space after a comma
				b.WriteRune(' ')
				last = ' '
			}
			continue
		}
		b.WriteRune(r)
		last = r
	}
	if text = strings.TrimSpace(b.String()); strings.IndexFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) < 0 {
		return ""
	}
	return text
}

// most is how often r may come in a row.
func most(r rune) int {
	switch {
	case unicode.IsDigit(r):
		return maxDigits
	case unicode.IsLetter(r):
		return maxLetters
	default:
		return 1
	}
}

// isPause reports whether r separates words. Of several in a row the first is kept, and a space.
func isPause(r rune) bool { return strings.ContainsRune(" .,;:!?-()…。、！？", r) }

// isSpoken reports whether a sign is read, or shapes how the rest is read.
func isSpoken(r rune) bool {
	return isPause(r) || strings.ContainsRune("'’&+%=@#", r) || unicode.Is(unicode.Sc, r)
}

// clip cuts text to most runes, at the end of a word where there is one.
func clip(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	runes := []rune(text)
	cut := string(runes[:most])
	if i := strings.LastIndexFunc(cut, isPause); !isPause(runes[most]) && i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRightFunc(cut, isPause)
}
