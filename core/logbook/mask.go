package logbook

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

const (
	// hidden stands in a secret's place.
	hidden = "[redacted]"
	// maxText is how many bytes of one text are kept: enough for an error with its causes, too few to flood a log with.
	maxText = 2000
	// maxRead is how many bytes of one text are looked at for secrets; the rest is cut off before.
	maxRead = 1 << 14
	// minLong is how long a secret must be to be hidden inside a word as well. A shorter one would tear up every line.
	minLong = 4
)

// Mask hides secrets in texts: those it was told of, and what looks like one. The zero value is ready for use, and safe for
// concurrent use.
type Mask struct {
	mu     sync.RWMutex
	values []string // each spelling of each secret
}

// Redact has value hidden wherever it stands from now on, also as an address, as JSON or in Base64. An empty value is ignored.
func (m *Mask) Redact(value string) {
	if strings.TrimSpace(value) == "" {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range spellings(value) {
		if s != "" && !slices.Contains(m.values, s) {
			m.values = append(m.values, s)
		}
	}
}

// spellings are the ways in which a value comes to stand in a log.
func spellings(value string) []string {
	quoted := strconv.Quote(value)
	all := []string{
		value, strings.TrimSpace(value), clean(value), quoted[1 : len(quoted)-1],
		url.QueryEscape(value), url.PathEscape(value), url.UserPassword("", value).String()[1:],
		base64.StdEncoding.EncodeToString([]byte(value)), base64.RawStdEncoding.EncodeToString([]byte(value)),
		base64.URLEncoding.EncodeToString([]byte(value)), base64.RawURLEncoding.EncodeToString([]byte(value)),
	}
	if text, err := json.Marshal(value); err == nil {
		all = append(all, string(text[1:len(text)-1]))
	}
	for _, s := range all[4:7] {
		all = append(all, escape.ReplaceAllStringFunc(s, strings.ToLower))
	}
	return all
}

var escape = regexp.MustCompile(`%[0-9A-F]{2}`)

// Text returns s in one line, without secrets and control characters, cut to 2,000 bytes.
func (m *Mask) Text(s string) string {
	s = m.hideValues(s)   // first: a cut through a secret would leave half of it
	if len(s) > maxRead { // between words: half an address does not show that it has a password
		s = s[:strings.LastIndexByte(s[:maxRead], ' ')+1] + "…"
	}
	s = m.hideValues(clean(s)) // again: a control character inside a secret has hidden it
	return cut(hidePatterns(s), maxText)
}

// Document is Text for a whole file: it keeps the lines and cuts nothing.
func (m *Mask) Document(s string) string {
	var b strings.Builder
	for line := range strings.Lines(m.hideValues(s)) {
		text := strings.TrimRight(line, "\r\n")
		b.WriteString(hidePatterns(m.hideValues(clean(strings.ReplaceAll(text, "\t", "    ")))))
		if text != line {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// span is a part of a text, from its first byte to the one after its last.
type span struct{ from, to int }

// hideValues hides the registered secrets. All are found before any is replaced, so that of two that overlap no rest is left.
func (m *Mask) hideValues(s string) string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	var found []span
	for _, value := range m.values {
		for at := 0; at < len(s); {
			i := strings.Index(s[at:], value)
			if i < 0 {
				break
			}
			from, to := at+i, at+i+len(value)
			if len(value) >= minLong || isWord(s, from, to) {
				found = append(found, span{from, to})
			}
			at = from + 1
		}
	}
	return replaceSpans(s, found)
}

func replaceSpans(s string, found []span) string {
	if len(found) == 0 {
		return s
	}
	slices.SortFunc(found, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var b strings.Builder
	end := 0 // of what has been written or hidden
	for _, f := range found {
		if f.from >= end {
			b.WriteString(s[end:f.from])
			b.WriteString(hidden)
		}
		end = max(end, f.to)
	}
	b.WriteString(s[end:])
	return b.String()
}

// isWord reports whether no letter or digit adjoins s[from:to].
func isWord(s string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:from])
	after, _ := utf8.DecodeRuneInString(s[to:])
	isPart := func(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }
	return !isPart(before) && !isPart(after)
}

// clean makes one line of s: white space becomes spaces; control characters, and those that turn the direction of writing,
// are dropped.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t', r == '\u2028', r == '\u2029':
			return ' '
		case r >= ' ' && r < unicode.MaxASCII:
			return r
		case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// cut shortens s to at most limit bytes and a mark, between two characters.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit] + "…"
}
