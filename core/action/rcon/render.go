package rcon

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/livecue/livecue/core/action"
)

// MaxCommand is how many bytes one command may have. Vanilla and Paper read at most 1460 bytes at once, 14 of them the
// packet's own, and close the connection on more.
const MaxCommand = 1446

// Render returns the commands of spec, ready to be sent, with f's texts in them. The lines are told apart before a text is
// filled in, and a text that looks like a placeholder stays as it is. Errors are Permanent: ErrNoCommand, ErrTooLong with
// the length, or ErrViewerCommand.
func Render(spec action.RCON, f action.Fields) ([]string, error) {
	templates := action.Lines(spec.Command)
	if len(templates) == 0 {
		return nil, action.Permanent(ErrNoCommand)
	}
	lines := make([]string, 0, len(templates))
	for _, template := range templates {
		if err := checkTemplate(template); err != nil {
			return nil, action.Permanent(err)
		}
		line := strings.TrimSpace(expand(template, f))
		if len(line) > MaxCommand {
			return nil, action.Permanent(fmt.Errorf("%w: it has %d bytes, and the server reads at most %d", ErrTooLong,
				len(line), MaxCommand))
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// hole is put where a placeholder was. It cannot be in a line that was typed, and is never sent.
const hole = "\x00"

// chosen finds a hole in the word that names a command: the first, and in execute the one after "run".
var chosen = regexp.MustCompile(`^\S*\x00|^(?:minecraft:)?execute\s.*\brun\s+\S*\x00`)

// checkTemplate refuses a line in which a viewer would choose the command, and what no server can read.
func checkTemplate(template string) error {
	if strings.Contains(template, hole) {
		return fmt.Errorf("%w: it has a NUL in it", ErrNoCommand)
	}
	skeleton := action.Expand(template, action.Fields{}, func(p action.Placeholder) string {
		if p.Numeric {
			return p.Value
		}
		return hole
	})
	if chosen.MatchString(skeleton) {
		return fmt.Errorf("%w: %q", ErrViewerCommand, template)
	}
	return nil
}

// expand fills f into template.
func expand(template string, f action.Fields) string {
	skeleton := action.Expand(template, action.Fields{}, func(action.Placeholder) string { return hole })
	nested := nestedHoles(skeleton)
	n := 0
	return action.Expand(template, f, func(p action.Placeholder) string {
		text := Escape(p)
		if nested[n] {
			// A data tag's string takes the backslashes out before the JSON in it is read.
			text = strings.ReplaceAll(text, `\`, `\\`)
		}
		n++
		return text
	})
}

// nestedHoles reports of each hole whether it stands in a JSON string inside a data tag's string: '{"text":"..."}', '"..."'
// or "{\"text\":\"...\"}". A quote that is only part of a text, as in {"text":"It's ..."}, opens nothing.
func nestedHoles(skeleton string) []bool {
	var nested []bool
	outer, holdsJSON, isInner := byte(0), false, false
	for i := 0; i < len(skeleton); i++ {
		c := skeleton[i]
		switch {
		case c == hole[0]:
			nested = append(nested, isInner)
		case outer == 0 && (c == '\'' || c == '"'):
			outer, isInner = c, false
			holdsJSON = startsJSON(skeleton[i+1:], outer)
		case outer != 0 && c == '\\':
			i++
			isQuote := i < len(skeleton) && skeleton[i] == '"'
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
