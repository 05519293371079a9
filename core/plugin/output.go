package plugin

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"
)

const (
	// linesKept is how many lines of a plugin are kept, and rawKept how many bytes of each.
	linesKept = 1000
	rawKept   = 2 << 10
	// shownRunes is how much of a line is shown.
	shownRunes = 500
	// bytesPerSecond is how fast a plugin may print in the long run, and bytesAtOnce without being slowed. A flood costs the plugin time
	// that way, and us none.
	bytesPerSecond = 16 << 20
	bytesAtOnce    = 16 << 20
	// hiddenToken stands in place of the token.
	hiddenToken = "(token)"
)

// output keeps the last lines that a plugin has printed. They are kept as they came and cleaned when somebody looks, so that a flood
// is only copied.
type output struct {
	mu    sync.Mutex
	lines []rawLine // a ring that grows up to linesKept
	total uint64
	// part is the line that has not ended.
	part rawLine
	// secret is not to be shown.
	secret string

	left float64 // bytes that may come at once
	last time.Time
}

// rawLine is a line as it was printed, its beginning at most.
type rawLine struct {
	at     time.Time
	text   []byte
	isCut  bool
	secret string
	mark   Mark
}

func newOutput() *output { return &output{left: bytesAtOnce} }

// Write implements io.Writer. It never fails.
func (o *output) Write(p []byte) (int, error) {
	now := time.Now()
	for rest := p; len(rest) > 0; {
		line, after, isWhole := bytes.Cut(rest, []byte{'\n'})
		rest = after
		o.mu.Lock()
		o.extend(line)
		if isWhole {
			o.endLine(now)
		}
		o.mu.Unlock()
	}
	if pause := o.slow(len(p), now); pause > 0 {
		time.Sleep(pause)
	}
	return len(p), nil
}

// slow returns how long a writer of n bytes is to wait.
func (o *output) slow(n int, now time.Time) time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.last.IsZero() {
		o.left = min(o.left+now.Sub(o.last).Seconds()*bytesPerSecond, bytesAtOnce)
	}
	o.last = now
	if o.left -= float64(n); o.left >= 0 {
		return 0
	}
	return time.Duration(-o.left / bytesPerSecond * float64(time.Second))
}

// extend adds to the line that has not ended. The caller holds the lock.
func (o *output) extend(text []byte) {
	room := rawKept - len(o.part.text)
	if len(text) > room {
		text, o.part.isCut = text[:room], true
	}
	o.part.text = append(o.part.text, text...)
}

// endLine files the line. The caller holds the lock.
func (o *output) endLine(now time.Time) {
	o.part.at, o.part.secret = now, o.secret
	at := int(o.total % linesKept)
	if at == len(o.lines) {
		o.lines = append(o.lines, rawLine{})
	}
	o.lines[at], o.part = o.part, rawLine{text: o.lines[at].text[:0]}
	o.total++
}

// begin says that the plugin is started with a token.
func (o *output) begin(token string, now time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.secret = token
	o.mark(MarkStarted, "", now)
}

// end says that it has ended: the line that it was printing is its last.
func (o *output) end(how string, now time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.part.text) > 0 {
		o.endLine(now)
	}
	o.mark(MarkEnded, how, now)
}

func (o *output) mark(m Mark, text string, now time.Time) {
	o.part.text = append(o.part.text[:0], text...)
	o.part.isCut, o.part.mark = false, m
	o.endLine(now)
}

// counts returns how many lines there were, and how many of them are not kept.
func (o *output) counts() (lines, dropped uint64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.total, o.total - uint64(len(o.lines))
}

// tail returns at most limit of the last lines, the oldest first.
func (o *output) tail(limit int) []Line {
	o.mu.Lock()
	count := min(limit, len(o.lines))
	raw := make([]rawLine, 0, max(count, 0))
	for i := o.total - uint64(max(count, 0)); i < o.total; i++ {
		line := o.lines[i%linesKept]
		line.text = slices.Clone(line.text)
		raw = append(raw, line)
	}
	o.mu.Unlock()
	lines := make([]Line, len(raw))
	for i, r := range raw {
		lines[i] = Line{At: r.at, Text: r.shown(), Mark: r.mark}
	}
	return lines
}

// shown returns the line fit to be shown. The token is taken out of what is left when all else has gone, so that controls cannot hide it.
func (r rawLine) shown() string {
	text := clean(string(r.text))
	if r.isCut && r.secret != "" { // the token may stand across the cut
		text = strings.ToValidUTF8(text[:max(0, len(text)-len(r.secret))], "")
	}
	if r.secret != "" {
		text = strings.ReplaceAll(text, r.secret, hiddenToken)
	}
	end := 0
	for range shownRunes {
		_, size := utf8.DecodeRuneInString(text[end:])
		end += size
	}
	if r.isCut || end < len(text) {
		return text[:end] + " …"
	}
	return text
}

// clean takes out of a line what its reader could be confused with: broken UTF-8, controls, colours of a terminal, marks of writing
// direction. Indents stay.
func clean(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		if size := escape(text); size > 0 {
			text = text[size:]
			continue
		}
		r, size := utf8.DecodeRuneInString(text)
		text = text[size:]
		switch {
		case r == '\t':
			b.WriteString("    ")
		case r == utf8.RuneError && size == 1:
			b.WriteRune('\uFFFD')
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\u2028', r == '\u2029':
		default:
			b.WriteRune(r)
		}
	}
	return strings.TrimRightFunc(b.String(), unicode.IsSpace)
}

// escape returns the length of the terminal's sequence (ECMA-48, CSI) that text begins with, or 0.
func escape(text string) int {
	if !strings.HasPrefix(text, "\x1b[") {
		return 0
	}
	for i := 2; i < len(text); i++ {
		if c := text[i]; c < 0x20 || c > 0x3f {
			if c >= 0x40 && c <= 0x7e {
				return i + 1
			}
			return 0
		}
	}
	return len(text)
}
