package rehearsal

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// ParseError is a mistake in a script.
type ParseError struct {
	// Script is the script's name.
	Script string
	// Line counts from 1.
	Line int
	// Reason says what is wrong and what was expected.
	Reason string
}

// Error implements error.
func (e *ParseError) Error() string {
	return fmt.Sprintf("script %s, line %d: %s", e.Script, e.Line, e.Reason)
}

// handlePattern is what TikTok allows in a @name.
var handlePattern = regexp.MustCompile(`^[A-Za-z0-9_.]{2,24}$`)

// reserved are words that begin an instruction and so cannot be a viewer's handle.
var reserved = map[string]bool{
	"random": true, "viewers": true, "drop": true, "cut": true, "stall": true, "duplicate": true, "replay": true, "send": true,
	"rate": true, "refuse": true, "close": true, "end": true, "restrict": true, "from": true, "for": true, "until": true,
}

type parser struct {
	script  *Script
	gifts   catalogue
	handles map[string]*viewer
	// openEnded are the indices of lines that repeat until the script's end.
	openEnded []int
	number    int
	words     words
}

func newParser(name string) (*parser, error) {
	gifts, err := readCatalogue()
	if err != nil {
		return nil, err
	}
	return &parser{script: &Script{Name: name, Seed: 1}, gifts: gifts, handles: map[string]*viewer{}}, nil
}

func (p *parser) parse(text string) (*Script, error) {
	for i, raw := range strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n") {
		p.number = i + 1
		if err := p.line(strings.TrimSuffix(raw, "\r")); err != nil {
			return nil, p.at(p.number, err)
		}
	}
	return p.finish()
}

func (p *parser) at(number int, err error) error {
	return &ParseError{Script: p.script.Name, Line: number, Reason: err.Error()}
}

func (p *parser) line(raw string) error {
	var err error
	if p.words, err = split(raw); err != nil {
		return err
	}
	if p.words.isDone() {
		return nil
	}
	switch w := p.words.next(); strings.ToLower(w.text) {
	case "at":
		err = p.once()
	case "every":
		err = p.repeated()
	case "title":
		p.script.Title, err = p.words.quoted("a title in quotes")
	case "seed":
		var n int
		n, err = p.words.number("a seed such as 42", 0, math.MaxInt)
		p.script.Seed = uint64(n)
	case "length":
		p.script.Length, err = p.words.duration("a length such as 60s", time.Millisecond, maxLength)
	case "viewer":
		err = p.viewer()
	case "crowd":
		err = p.crowd()
	case "gift":
		err = p.gift()
	default:
		return fmt.Errorf("%q: expected at, every, viewer, crowd, gift, title, seed or length", w.text)
	}
	if err != nil {
		return err
	}
	return p.words.done()
}

// once reads: at TIME ACTION.
func (p *parser) once() error {
	at, err := p.words.duration("a time such as 3s or 1m30s", 0, maxLength)
	if err != nil {
		return err
	}
	d, err := p.action()
	if err != nil {
		return err
	}
	p.script.lines = append(p.script.lines, line{number: p.number, at: at, deed: d})
	return nil
}

// repeated reads: every TIME [from TIME] [for TIME | until TIME] ACTION.
func (p *parser) repeated() error {
	l := line{number: p.number}
	var err error
	if l.every, err = p.words.duration("an interval such as 500ms", time.Millisecond, maxLength); err != nil {
		return err
	}
	if p.words.take("from") {
		if l.at, err = p.words.duration("a time such as 10s", 0, maxLength); err != nil {
			return err
		}
	}
	switch {
	case p.words.take("for"):
		l.until, err = p.words.duration("a length such as 20s", time.Millisecond, maxLength)
		l.until += l.at
	case p.words.take("until"):
		l.until, err = p.words.duration("a time after the beginning, such as 30s", l.at+time.Millisecond, maxLength)
	default:
		p.openEnded = append(p.openEnded, len(p.script.lines))
	}
	if err != nil {
		return err
	}
	if l.deed, err = p.action(); err != nil {
		return err
	}
	p.script.lines = append(p.script.lines, l)
	return nil
}

// viewer reads: viewer HANDLE ["NAME"] [moderator] [subscriber] [follower] [gifter] [team N] [picture "URL"].
func (p *parser) viewer() error {
	w := p.words.next()
	v := &viewer{handle: strings.TrimPrefix(w.text, "@")}
	if w.isQuoted || !handlePattern.MatchString(v.handle) {
		return fmt.Errorf("%q: expected a handle of 2 to 24 letters, digits, dots and underscores", w.text)
	}
	v.nickname = v.handle
	if p.words.isQuoted() {
		v.nickname = p.words.next().text
	}
	for !p.words.isDone() {
		if err := p.trait(v); err != nil {
			return err
		}
	}
	return p.addViewer(v)
}

func (p *parser) trait(v *viewer) (err error) {
	switch w := p.words.next(); strings.ToLower(w.text) {
	case "moderator":
		v.roles.moderator = true
	case "subscriber":
		v.roles.subscriber = true
	case "follower":
		v.roles.follower = true
	case "gifter":
		v.roles.gifter = true
	case "team":
		v.roles.team, err = p.words.number("a team level such as 12", 1, 100)
	case "picture":
		v.picture, err = p.words.quoted("the picture's address in quotes")
	default:
		err = fmt.Errorf("%q: expected moderator, subscriber, follower, gifter, team or picture", w.text)
	}
	return err
}

func (p *parser) addViewer(v *viewer) error {
	key := strings.ToLower(v.handle)
	switch {
	case reserved[key]:
		return fmt.Errorf("%q is a word of the script language and cannot be a handle", v.handle)
	case p.handles[key] != nil:
		return fmt.Errorf("%q has been defined above", v.handle)
	case len(p.script.viewers) >= maxViewers:
		return fmt.Errorf("more than %d viewers", maxViewers)
	}
	v.id = firstViewerID + int64(len(p.script.viewers))
	p.handles[key] = v
	p.script.viewers = append(p.script.viewers, v)
	return nil
}

// crowd reads: crowd N.
func (p *parser) crowd() error {
	n, err := p.words.number("a number of viewers such as 40", 1, maxViewers)
	if err != nil {
		return err
	}
	return p.makeUp(n)
}

func (p *parser) makeUp(n int) error {
	for range n {
		if err := p.addViewer(madeUp(len(p.script.viewers))); err != nil {
			return err
		}
	}
	return nil
}

// gift reads: gift "NAME" id N costs N.
func (p *parser) gift() error {
	name, err := p.words.quoted("the gift's name in quotes")
	if err != nil {
		return err
	}
	g := gift{name: name}
	if err := p.words.expect("id"); err != nil {
		return err
	}
	id, err := p.words.number("the gift's id", 1, math.MaxInt)
	if err != nil {
		return err
	}
	if err := p.words.expect("costs"); err != nil {
		return err
	}
	g.id = int64(id)
	if g.coins, err = p.words.number("a price in coins", 0, 1_000_000); err != nil {
		return err
	}
	g.streakable = g.coins < streakableBelow
	for _, o := range p.gifts {
		if o.id == g.id || o.name == g.name {
			return fmt.Errorf("gift %q with id %d is known already", o.name, o.id)
		}
	}
	p.gifts = append(p.gifts, g)
	return nil
}

// finish checks what can only be checked when every line is known.
func (p *parser) finish() (*Script, error) {
	s := p.script
	if len(s.viewers) == 0 {
		if err := p.makeUp(12); err != nil {
			return nil, err
		}
	}
	for _, i := range p.openEnded {
		l := &s.lines[i]
		if s.Length <= l.at {
			return nil, p.at(l.number, fmt.Errorf("repeats for ever: add for, until, or a line such as length 60s"))
		}
		l.until = s.Length
	}
	if len(s.lines) == 0 {
		return nil, p.at(p.number, fmt.Errorf("nothing happens: expected a line such as at 3s random viewer follows"))
	}
	steps := 0.0
	for _, l := range s.lines {
		if steps += l.cost(); steps > maxSteps {
			return nil, p.at(l.number, fmt.Errorf("the script has more than %d messages up to this line", maxSteps))
		}
		s.Length = max(s.Length, l.at)
	}
	return s, nil
}

// cost returns how many messages a line makes at most. A float cannot overflow, whatever was written.
func (l line) cost() float64 {
	times := 1.0
	if l.every > 0 {
		times = math.Ceil(float64(l.until-l.at) / float64(l.every))
	}
	switch l.deed.verb {
	case doHollow:
		return times * 5
	case doGift, doStreak:
		return times * float64(l.deed.count.to+1)
	default:
		return times
	}
}

// parseSpan reads one value, or two with .. between them.
func parseSpan[T int | time.Duration](text string, one func(string) (T, error)) (span[T], error) {
	low, high, isRange := strings.Cut(text, "..")
	from, err := one(low)
	if err != nil {
		return span[T]{}, err
	}
	if !isRange {
		return span[T]{from, from}, nil
	}
	to, err := one(high)
	if err != nil {
		return span[T]{}, err
	}
	if to < from {
		return span[T]{}, strconv.ErrRange
	}
	return span[T]{from, to}, nil
}
