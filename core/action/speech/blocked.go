package speech

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// filter finds blocked words. The zero value finds none.
type filter struct {
	phrases []phrase
	// parts are those of writings without spaces between words: they are found anywhere.
	parts []string
}

// phrase is one entry: a word or several that follow each other.
type phrase []word

// word is one word of a text.
type word struct {
	start, end int
	// folded is it without case and marks.
	folded string
	// squeezed is folded with each letter once; for a word of a text only where it has a letter three times in a row.
	squeezed string
}

func newFilter(blocked []string) filter {
	var f filter
	for _, entry := range blocked {
		entry = norm.NFKC.String(entry)
		if strings.IndexFunc(entry, hasNoSpaces) >= 0 {
			f.parts = append(f.parts, strings.TrimSpace(entry))
			continue
		}
		p := phrase(wordsOf(entry))
		for i := range p {
			p[i].squeezed = squeeze(p[i].folded)
		}
		if len(p) > 0 {
			f.phrases = append(f.phrases, p)
		}
	}
	return f
}

// hasNoSpaces reports whether r is of a writing that sets no spaces between words.
func hasNoSpaces(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// remove leaves the blocked words out of text, which is NFKC: whole words, whatever their case, accents and drawn-out letters.
func (f filter) remove(text string) string {
	for _, part := range f.parts {
		text = strings.ReplaceAll(text, part, " ")
	}
	if len(f.phrases) == 0 {
		return text
	}
	words := wordsOf(text)
	var b strings.Builder
	kept := 0
	for i := 0; i < len(words); {
		n := f.match(words[i:])
		if n == 0 {
			i++
			continue
		}
		b.WriteString(text[kept:words[i].start])
		kept = words[i+n-1].end
		i += n
	}
	b.WriteString(text[kept:])
	return b.String()
}

// match returns how many words at the beginning of words are the longest entry that fits, or 0.
func (f filter) match(words []word) int {
	longest := 0
	for _, p := range f.phrases {
		if len(p) > len(words) || len(p) <= longest {
			continue
		}
		fits := true
		for i, w := range p {
			isSame := w.folded == words[i].folded || words[i].squeezed != "" && w.squeezed == words[i].squeezed
			fits = fits && isSame
		}
		if fits {
			longest = len(p)
		}
	}
	return longest
}

// wordsOf finds the words of text: letters, digits and marks, and invisible characters that someone put between them.
func wordsOf(text string) []word {
	var words []word
	start := -1
	for i, r := range text + " " {
		isPart := unicode.In(r, unicode.L, unicode.N, unicode.M, unicode.Cf)
		switch {
		case isPart && start < 0:
			start = i
		case !isPart && start >= 0:
			words = append(words, newWord(text, start, i))
			start = -1
		}
	}
	return words
}

func newWord(text string, start, end int) word {
	w := word{start: start, end: end, folded: fold(text[start:end])}
	if hasRun(w.folded, 3) {
		w.squeezed = squeeze(w.folded)
	}
	return w
}

// fold makes words the same that differ in case, accents or invisible characters alone.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Mn, unicode.Cf) {
			return -1
		}
		return r
	}, norm.NFKD.String(cases.Fold().String(s)))
}

func hasRun(s string, length int) bool {
	var last rune
	n := 0
	for _, r := range s {
		if n++; r != last {
			n = 1
		}
		if last = r; n >= length {
			return true
		}
	}
	return false
}

func squeeze(s string) string {
	last := utf8.RuneError
	return strings.Map(func(r rune) rune {
		if r == last {
			return -1
		}
		last = r
		return r
	}, s)
}
