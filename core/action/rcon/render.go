package rcon

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/livecue/livecue/core/action"
)

// MaxCommand is how many bytes one command may have. Vanilla and Paper read at most 1460 bytes at once, 14 of them the
// packet's own, and close the connection on more.
const MaxCommand = 1446

// Render returns the commands of spec, ready to be sent, with f's texts in them. The lines are told apart before a text is
// filled in, and a text that looks like a placeholder stays as it is. Errors are Permanent: ErrNoCommand, ErrTooLong with
// the length and the limit, or ErrViewerCommand.
func Render(spec action.RCON, f action.Fields) ([]string, error) {
	templates, err := compile(spec.Command)
	if err != nil {
		return nil, err
	}
	return render(templates, f)
}

// lineTemplate is one line of a command, ready to be filled in.
type lineTemplate struct {
	action.Template
	// nested tells of each placeholder what nestedHoles does.
	nested []bool
}

// compile reads the lines of a command. Errors are Permanent.
func compile(command string) ([]lineTemplate, error) {
	lines := action.Lines(command)
	if len(lines) == 0 {
		return nil, action.Permanent(ErrNoCommand)
	}
	templates := make([]lineTemplate, 0, len(lines))
	for _, line := range lines {
		template := action.Parse(line)
		holes := skeleton(template)
		if err := checkTemplate(line, holes); err != nil {
			return nil, action.Permanent(err)
		}
		templates = append(templates, lineTemplate{template, nestedHoles(holes)})
	}
	return templates, nil
}

func render(templates []lineTemplate, f action.Fields) ([]string, error) {
	lines := make([]string, 0, len(templates))
	for _, template := range templates {
		line := strings.TrimSpace(template.fill(f))
		if len(line) > MaxCommand {
			return nil, action.Permanent(fmt.Errorf("%w: it has %d bytes, and the server reads at most %d", ErrTooLong,
				len(line), MaxCommand))
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// maxCompiled bounds the commands that are kept compiled: more than a profile's rules have.
const maxCompiled = 1000

// compiled keeps the commands that were compiled last. It is safe for use from many goroutines.
type compiled struct {
	mu       sync.Mutex
	commands map[string][]lineTemplate
}

// get is compile, once for each command.
func (c *compiled) get(command string) ([]lineTemplate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if templates, ok := c.commands[command]; ok {
		return templates, nil
	}
	templates, err := compile(command)
	if err != nil {
		return nil, err
	}
	if c.commands == nil || len(c.commands) >= maxCompiled {
		c.commands = map[string][]lineTemplate{}
	}
	c.commands[command] = templates
	return templates, nil
}

// textHole and numberHole are what a skeleton has in the place of a placeholder. They are never sent.
const (
	textHole   = '\x00'
	numberHole = '\x01'
)

// chosen finds a text in the word that names a command: the first, and in execute the one after "run".
var chosen = regexp.MustCompile(`^\S*\x00|^(?:minecraft:)?execute\s.*\brun\s+\S*\x00`)

// skeleton returns template with holes in it.
func skeleton(template action.Template) string {
	return template.Expand(action.Fields{}, func(p action.Placeholder) string {
		if p.Numeric {
			return string(numberHole)
		}
		return string(textHole)
	})
}

// checkTemplate refuses a line in which a viewer would choose the command, and what no server can read.
func checkTemplate(template, holes string) error {
	switch {
	case strings.ContainsFunc(template, isControl):
		return fmt.Errorf("%w: it has a control character in it", ErrNoCommand)
	case chosen.MatchString(holes):
		return fmt.Errorf("%w: %q", ErrViewerCommand, template)
	default:
		return nil
	}
}

func isControl(r rune) bool { return r < ' ' && r != '\t' }

// fill puts f's texts into the line.
func (l lineTemplate) fill(f action.Fields) string {
	n := 0
	return l.Expand(f, func(p action.Placeholder) string {
		text := Escape(p)
		if l.nested[n] {
			// A data tag's string takes the backslashes out before the JSON in it is read.
			text = strings.ReplaceAll(text, `\`, `\\`)
		}
		n++
		return text
	})
}

// nestedHoles reports of each hole whether it stands in a JSON string inside a data tag's string: '{"text":"..."}', '"..."'
// or "{\"text\":\"...\"}". A quote that is only part of a text, as in {"text":"It's ..."}, opens nothing.
func nestedHoles(holes string) []bool {
	var nested []bool
	outer, holdsJSON, isInner := byte(0), false, false
	for i := 0; i < len(holes); i++ {
		c := holes[i]
		switch {
		case c == textHole || c == numberHole:
			nested = append(nested, isInner)
		case outer == 0 && (c == '\'' || c == '"'):
			outer, isInner = c, false
			holdsJSON = startsJSON(holes[i+1:], outer)
		case outer != 0 && c == '\\':
			i++
			isQuote := i < len(holes) && holes[i] == '"'
			if outer == '"' && holdsJSON && isQuote {
				isInner = !isInner
			}
		case c == outer:
			outer, isInner = 0, false
		case outer == '\'' && holdsJSON && c == '"':
			isInner = !isInner
		}
	}
	return nested
}

// startsJSON reports whether the content of a string that was opened with quote looks like a text component.
func startsJSON(content string, quote byte) bool {
	content = strings.TrimLeft(content, " ")
	return content != "" && (content[0] == '{' || content[0] == '[' || quote == '\'' && content[0] == '"')
}
