package rehearsal

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// word is a bare word, or a text that stood in quotes.
type word struct {
	text     string
	isQuoted bool
}

// words is what is left of a line.
type words struct{ rest []word }

// filler are words that may be written so that a line reads well; they mean nothing.
var filler = map[string]bool{"the": true, "a": true, "an": true, "its": true, "of": true}

// split cuts a line into words. Commas part words as spaces do; # begins a comment; quoted text has Go's escapes, so that
// invisible characters can be written visibly.
func split(raw string) (words, error) {
	var out words
	for {
		raw = strings.TrimLeftFunc(raw, func(r rune) bool { return unicode.IsSpace(r) || r == ',' })
		if raw == "" || raw[0] == '#' {
			return out, nil
		}
		if raw[0] == '"' {
			quoted, err := strconv.QuotedPrefix(raw)
			if err != nil {
				return out, errors.New(`a text in quotes does not end or has a \ in it that means nothing (write \\)`)
			}
			text, err := strconv.Unquote(quoted)
			if err != nil {
				return out, fmt.Errorf("text %s: %w", quoted, err)
			}
			// The wire carries UTF-8 alone.
			out.rest = append(out.rest, word{strings.ToValidUTF8(text, "\ufffd"), true})
			raw = raw[len(quoted):]
			continue
		}
		end := strings.IndexFunc(raw, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == '"' || r == '#' })
		if end < 0 {
			end = len(raw)
		}
		if bare := raw[:end]; !filler[strings.ToLower(bare)] {
			out.rest = append(out.rest, word{text: bare})
		}
		raw = raw[end:]
	}
}

func (w *words) isDone() bool { return len(w.rest) == 0 }

func (w *words) isQuoted() bool { return !w.isDone() && w.rest[0].isQuoted }

// next takes a word; at the end of the line it is empty.
func (w *words) next() word {
	if w.isDone() {
		return word{}
	}
	first := w.rest[0]
	w.rest = w.rest[1:]
	return first
}

// take takes the word if it is the given one.
func (w *words) take(bare string) bool {
	if w.isDone() || w.rest[0].isQuoted || !strings.EqualFold(w.rest[0].text, bare) {
		return false
	}
	w.rest = w.rest[1:]
	return true
}

func (w *words) expect(bare ...string) error {
	for _, b := range bare {
		if !w.take(b) {
			return fmt.Errorf("%s: expected %q", w.here(), b)
		}
	}
	return nil
}

func (w *words) done() error {
	if w.isDone() {
		return nil
	}
	return fmt.Errorf("%q: expected the end of the line", w.rest[0].text)
}

// here names the next word in an error.
func (w *words) here() string {
	if w.isDone() {
		return "the line ends"
	}
	return strconv.Quote(w.rest[0].text)
}

func (w *words) quoted(what string) (string, error) {
	if !w.isQuoted() {
		return "", fmt.Errorf("%s: expected %s", w.here(), what)
	}
	return w.next().text, nil
}

func (w *words) number(what string, least, most int) (int, error) {
	s, err := w.numbers(what, least, most)
	if err == nil && s.from != s.to {
		err = fmt.Errorf("expected %s, not a range", what)
	}
	return s.from, err
}

// numbers takes N or N..M.
func (w *words) numbers(what string, least, most int) (span[int], error) {
	here := w.here()
	s, err := parseSpan(w.next().text, strconv.Atoi)
	if err != nil || s.from < least || s.to > most {
		return span[int]{}, fmt.Errorf("%s: expected %s, from %d to %d", here, what, least, most)
	}
	return s, nil
}

func (w *words) duration(what string, least, most time.Duration) (time.Duration, error) {
	s, err := w.durations(what, least, most)
	if err == nil && s.from != s.to {
		err = fmt.Errorf("expected %s, not a range", what)
	}
	return s.from, err
}

// durations takes T or T..U.
func (w *words) durations(what string, least, most time.Duration) (span[time.Duration], error) {
	here := w.here()
	s, err := parseSpan(w.next().text, time.ParseDuration)
	if err != nil || s.from < least || s.to > most {
		return span[time.Duration]{}, fmt.Errorf("%s: expected %s, from %s to %s", here, what, least, most)
	}
	return s, nil
}
