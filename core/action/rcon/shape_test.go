package rcon

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// The readers of this file take commands apart as Minecraft's parser does, and return the shape and the text in it.

// readGreedy reads a message: selectors in it would be replaced by names.
func readGreedy(line string) (any, string, error) {
	name, rest, _ := strings.Cut(line, " ")
	if strings.ContainsAny(line, "\n\r\x00") {
		return nil, "", errors.New("a second line")
	}
	return []any{name, strings.Count(rest, "@"), strings.HasPrefix(rest, "/")}, rest, nil
}

// readTellraw reads a command whose third argument is JSON.
func readTellraw(line string) (any, string, error) {
	parts := strings.SplitN(line, " ", 3)
	if len(parts) != 3 {
		return nil, "", errors.New("no JSON")
	}
	shape, text, err := readJSON(parts[2])
	return []any{parts[0], parts[1], shape}, text, err
}

// readJSON parses text and returns it with each string value replaced, and the first value of "text" that is not empty.
func readJSON(text string) (any, string, error) {
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		return nil, "", err
	}
	found := ""
	return blank(value, &found), found, nil
}

func blank(value any, found *string) any {
	switch v := value.(type) {
	case string:
		if *found == "" {
			*found = v
		}
		return "text"
	case []any:
		for i := range v {
			v[i] = blank(v[i], found)
		}
		return v
	case map[string]any:
		if text, ok := v["text"]; ok {
			v["text"] = blank(text, found)
		}
		return v
	default:
		return v
	}
}

// readTag reads a command with quoted strings. What stands outside them is the shape, together with what the JSON in them,
// where there is some, says.
func readTag(line string) (any, string, error) {
	var shape []any
	text := ""
	for {
		at := strings.IndexAny(line, `"'`)
		if at < 0 {
			return append(shape, line), text, nil
		}
		content, rest, err := readQuoted(line[at:])
		if err != nil {
			return nil, "", err
		}
		shape = append(shape, line[:at])
		text = content
		if content != "" && strings.ContainsRune(`{"`, rune(content[0])) {
			inner, said, err := readJSON(content)
			if err != nil {
				return nil, "", fmt.Errorf("inner JSON %q: %w", content, err)
			}
			shape = append(shape, inner)
			text = said
		}
		line = rest
	}
}

// readQuoted reads a string as Brigadier's StringReader does: a backslash may stand before the quote and itself alone.
func readQuoted(s string) (content, rest string, err error) {
	quote := s[0]
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch c := s[i]; c {
		case '\\':
			i++
			if i == len(s) || s[i] != '\\' && s[i] != quote {
				return "", "", errors.New("invalid escape sequence")
			}
			b.WriteByte(s[i])
		case quote:
			return b.String(), s[i+1:], nil
		default:
			b.WriteByte(c)
		}
	}
	return "", "", errors.New("unclosed quoted string")
}

// readSelector reads the arguments of the selector in line.
func readSelector(line string) (any, string, error) {
	head, rest, ok := strings.Cut(line, "[")
	if !ok {
		return nil, "", errors.New("no selector")
	}
	shape := []any{head}
	text := ""
	for {
		key, after, ok := strings.Cut(rest, "=")
		if !ok {
			return nil, "", errors.New("no value")
		}
		var value string
		if after != "" && after[0] == '"' {
			var err error
			if value, after, err = readQuoted(after); err != nil {
				return nil, "", err
			}
		} else {
			end := strings.IndexAny(after, ",]")
			if end < 0 {
				return nil, "", errors.New("unclosed selector")
			}
			value, after = after[:end], after[end:]
		}
		shape = append(shape, key, strings.HasPrefix(value, "!"), strings.HasPrefix(value, "#"))
		if key == "name" {
			text = value
		}
		if after == "" || after[0] == ']' {
			return append(shape, after), text, nil
		}
		rest = after[1:]
	}
}
