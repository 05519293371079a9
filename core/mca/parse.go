package mca

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/livecue/livecue/core/action"
)

const (
	// MaxFile bounds a file, in bytes. Large ones have a few kilobytes.
	MaxFile = 1 << 20
	// maxLine bounds a line, in bytes.
	maxLine = 64 << 10
	// maxShown is how much of a line a Problem repeats, in characters.
	maxShown = 80
)

// prefix says what kind of command one is.
type prefix string

const (
	forGame   prefix = "/"
	forPlugin prefix = "!"
	forTool   prefix = "$"
	forScreen prefix = ">>"
)

// prefixes are all of them.
func prefixes() []prefix { return []prefix{forScreen, forGame, forPlugin, forTool} }

// statement is all that a file says of one trigger.
type statement struct {
	line     int // of the first that names it
	trigger  string
	name     string // the trigger as Tiktok2Mc compares it
	commands []command
}

// command is one of a statement's.
type command struct {
	line  int
	kind  prefix
	body  string // without prefix and repetition
	times int
}

// parser gathers statements and problems.
type parser struct {
	statements []*statement
	byName     map[string]*statement
	problems   []Problem
	commands   int // how many have been met
}

// parse reads a whole file.
func parse(text string) *parser {
	p := &parser{byName: map[string]*statement{}}
	if len(text) > MaxFile {
		p.lost(0, "", FileTooLarge, "the file is larger than %d MB, so it is no actions.mca", MaxFile>>20)
		return p
	}
	n := 0
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		n++
		p.line(n, strings.TrimSpace(line))
	}
	return p
}

// line reads line n, without surrounding space.
func (p *parser) line(n int, text string) {
	trigger, rest, hasColon := strings.Cut(text, ":")
	if before, _, ok := strings.Cut(trigger, "#"); ok {
		trigger, hasColon = before, false // the colon stands in a comment
	}
	trigger = strings.TrimSpace(trigger)
	switch {
	case trigger == "" && !hasColon:
		return
	case !utf8.ValidString(text):
		p.lost(n, text, NotUTF8, "the line is not in UTF-8: save the file as UTF-8 and try again")
	case strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\t' }):
		p.lost(n, text, ControlCharacters, "the line has control characters in it")
	case len(text) > maxLine:
		p.lost(n, text, LineTooLong, "the line is longer than %d KB", maxLine>>10)
	case !hasColon:
		p.lost(n, text, NoColon, "there is no colon, so it is not clear what the trigger is")
	case sanitize(trigger) == "":
		p.lost(n, text, NoTrigger, "%q cannot be a trigger", shorten(trigger))
	default:
		p.statement(n, trigger, rest)
	}
}

// statement reads what follows the colon of line n.
func (p *parser) statement(n int, trigger, rest string) {
	parts, comment, isBalanced := split(rest)
	if !isBalanced {
		p.note(n, rest, NotClosed, "quotes or brackets are not closed, so the line was divided at each semicolon")
	}
	if isOddComment(comment) {
		p.note(n, comment, Comment, "what follows # is a comment, as it is for Tiktok2Mc")
	}
	name := sanitize(trigger)
	s := p.byName[name]
	if s == nil {
		s = &statement{line: n, trigger: trigger, name: name}
		p.byName[name] = s
		p.statements = append(p.statements, s)
	}
	before := p.commands
	for _, part := range parts {
		if part = strings.TrimSpace(part); part != "" {
			p.command(n, s, part)
		}
	}
	if p.commands == before {
		p.lost(n, trigger+":"+rest, NoCommand, "nothing follows the colon")
	}
}

func (p *parser) command(n int, s *statement, text string) {
	p.commands++
	for _, kind := range prefixes() {
		body, ok := strings.CutPrefix(text, string(kind))
		if !ok {
			continue
		}
		c := command{line: n, kind: kind, body: strings.TrimSpace(body), times: 1}
		if kind != forScreen {
			c.body, c.times = p.repetition(n, c.body)
		}
		if c.body == "" {
			p.lost(n, text, EmptyCommand, "the command is empty")
			return
		}
		s.commands = append(s.commands, c)
		return
	}
	p.lost(n, text, NoPrefix, "a command must begin with /, !, $ or >>")
}

// repetition takes " xN" from the end of a command.
func (p *parser) repetition(n int, body string) (rest string, times int) {
	i := strings.LastIndexAny(body, " \t")
	if i < 0 || !strings.HasPrefix(body[i+1:], "x") {
		return body, 1
	}
	digits := body[i+2:]
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return body, 1
	}
	times, err := strconv.Atoi(digits)
	if err != nil || times > action.MaxRepeat {
		p.note(n, body, TooManyTimes, "x%s is more than %d, which is the most", shorten(digits), action.MaxRepeat)
		times = action.MaxRepeat
	}
	return strings.TrimSpace(body[:i]), max(times, 1)
}

// sanitize returns a trigger as Tiktok2Mc compares it.
func sanitize(trigger string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '_'
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_' || r == '-':
			return r
		default:
			return -1
		}
	}, strings.ToLower(strings.TrimSpace(trigger)))
}

// shorten makes text fit for a list.
func shorten(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
	runes := []rune(strings.TrimSpace(text))
	if len(runes) <= maxShown {
		return string(runes)
	}
	return string(runes[:maxShown-1]) + "…"
}
