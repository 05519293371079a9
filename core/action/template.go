package action

import (
	"regexp"
	"strconv"
	"strings"
)

// Placeholder is one {name} or {name:modifier} of a template.
type Placeholder struct {
	// Name is one of Placeholders.
	Name string
	// Modifier is what follows the colon, "json" or "".
	Modifier string
	// Value is what it stands for, raw.
	Value string
	// Numeric says that Value is a number that no viewer wrote.
	Numeric bool
}

// ModifierJSON asks for the content of a JSON string, without its quotes.
const ModifierJSON = "json"

// Placeholders are the names that a template may use.
func Placeholders() []string {
	return []string{
		"user", "nickname", "gift", "gift_id", "count", "coins", "total_coins", "comment", "args", "arg1", "arg2", "arg3",
		"likes", "viewers", "total",
	}
}

// placeholder finds what could be one. Game commands are full of braces of their own, so only known names count.
var placeholder = regexp.MustCompile(`\{([a-z_]+[1-9]?)(?::([a-z]+))?\}`)

// Template is a text whose placeholders have been found, to be filled in many times. The zero value is an empty text.
type Template struct {
	holes []hole
	// rest is what follows the last hole.
	rest string
}

// hole is a placeholder and the text before it.
type hole struct {
	before string
	Placeholder
}

// Parse finds the placeholders of text. Everything else, other braces included, is text.
func Parse(text string) Template {
	var t Template
	last := 0
	for _, m := range placeholder.FindAllStringSubmatchIndex(text, -1) {
		p := Placeholder{Name: text[m[2]:m[3]]}
		if m[4] >= 0 {
			p.Modifier = text[m[4]:m[5]]
		}
		if !(Fields{}).fill(&p) {
			continue
		}
		t.holes = append(t.holes, hole{before: text[last:m[0]], Placeholder: p})
		last = m[1]
	}
	t.rest = text[last:]
	return t
}

// Expand returns the text with each placeholder replaced by what escape makes of it, called in their order.
func (t Template) Expand(f Fields, escape func(Placeholder) string) string {
	var b strings.Builder
	for _, h := range t.holes {
		f.fill(&h.Placeholder)
		b.WriteString(h.before)
		b.WriteString(escape(h.Placeholder))
	}
	b.WriteString(t.rest)
	return b.String()
}

// Expand replaces each placeholder of text by what escape makes of it. Everything else, other braces included, stays.
func Expand(text string, f Fields, escape func(Placeholder) string) string {
	return Parse(text).Expand(f, escape)
}

// Lines returns the commands of a text: its lines, trimmed, without empty ones and without a leading slash.
func Lines(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "/")
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// fill sets p's value and reports whether f has such a placeholder.
func (f Fields) fill(p *Placeholder) bool {
	if p.Modifier != "" && p.Modifier != ModifierJSON {
		return false
	}
	number := func(n int64) { p.Value, p.Numeric = strconv.FormatInt(n, 10), true }
	switch p.Name {
	case "user":
		p.Value = f.User
	case "nickname":
		p.Value = f.Nickname
	case "gift":
		p.Value = f.Gift
	case "gift_id":
		number(f.GiftID)
	case "count":
		number(int64(f.Count))
	case "coins":
		number(int64(f.Coins))
	case "total_coins":
		number(int64(f.TotalCoins))
	case "comment":
		p.Value = f.Comment
	case "args":
		p.Value = f.Args
	case "arg1", "arg2", "arg3":
		p.Value = f.arg(int(p.Name[3] - '1'))
	case "likes":
		number(int64(f.Likes))
	case "viewers":
		number(int64(f.Viewers))
	case "total":
		number(int64(f.Total))
	default:
		return false
	}
	return true
}

// arg returns word i of the arguments, counted from 0, or "".
func (f Fields) arg(i int) string {
	for word := range strings.FieldsSeq(f.Args) {
		if i == 0 {
			return word
		}
		i--
	}
	return ""
}
