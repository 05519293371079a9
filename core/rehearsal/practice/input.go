package practice

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// input is the text of a command and how far it was read.
type input struct {
	text string
	at   int
	// last is where the word began that was read last.
	last int
}

// pointing refuses the word that was read last.
func (in *input) pointing(words string) error { return refusal(pointing(words, in.text, in.last)) }

// word reads up to the next space that is in no quotes and no brackets, and past that space.
func (in *input) word() string {
	word := in.peek()
	in.last = in.at
	in.at = min(in.at+len(word)+1, len(in.text))
	return word
}

// peek returns what word would read.
func (in *input) peek() string {
	rest := in.text[in.at:]
	depth, quote := 0, byte(0)
	for i := 0; i < len(rest); i++ {
		c := rest[i]
		switch {
		case quote != 0 && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case depth > 0 && (c == '"' || c == '\''):
			quote = c
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth--
		case c == ' ' && depth <= 0:
			return rest[:i]
		}
	}
	return rest
}

// rest reads all that is left.
func (in *input) rest() string {
	rest := in.text[in.at:]
	in.last, in.at = in.at, len(in.text)
	return rest
}

func (in *input) done() bool { return in.at >= len(in.text) }

// end refuses what is left over.
func (in *input) end() error {
	if in.done() {
		return nil
	}
	return incorrect(in, in.at)
}

// wrong refuses the word that was read last; where nothing was left to read, the command is incomplete.
func (in *input) wrong() error {
	if in.last >= len(in.text) {
		return unfinished(in.text)
	}
	return incorrect(in, in.last)
}

// thing reads the name of an item, an entity and the like, and returns it as the game shows it: "Diamond Sword".
func (in *input) thing(kind string) (string, error) {
	word := in.word()
	if word == "" {
		return "", unfinished(in.text)
	}
	name, _, _ := strings.Cut(word, "[")
	name, tag, tagged := strings.Cut(name, "{")
	if tagged && checkTag("{"+tag) != nil || !resource.MatchString(name) {
		return "", in.pointing(fmt.Sprintf("Unknown %s '%s'", kind, word))
	}
	if _, after, ok := strings.Cut(name, ":"); ok {
		name = after
	}
	words := strings.Split(name, "_")
	for i, w := range words {
		if w != "" {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, " "), nil
}

// number reads a whole number, or gives missing where nothing is left.
func (in *input) number(missing, least, most int) (int, error) {
	if in.done() {
		return missing, nil
	}
	word := in.word()
	n, err := strconv.Atoi(word)
	switch {
	case err != nil:
		return 0, in.pointing("Expected integer")
	case n < least:
		return 0, in.pointing(fmt.Sprintf("Integer must not be less than %d, found %d", least, n))
	case n > most:
		return 0, in.pointing(fmt.Sprintf("Integer must not be more than %d, found %d", most, n))
	}
	return n, nil
}

// numbers reads exactly n whole numbers.
func (in *input) numbers(n int) error {
	for range n {
		if in.done() {
			return unfinished(in.text)
		}
		if _, err := in.number(0, 0, 1_000_000); err != nil {
			return err
		}
	}
	return in.end()
}

// position reads three coordinates.
func (in *input) position() error {
	for range 3 {
		if in.done() {
			return refusal(pointing("Incomplete (expected 3 coordinates)", in.text, len(in.text)))
		}
		if !coordinate.MatchString(in.word()) {
			return in.pointing("Expected double")
		}
	}
	return nil
}

// component reads a text component, which is JSON to the end.
func (in *input) component() error {
	text := in.rest()
	if text == "" {
		return unfinished(in.text)
	}
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		return in.pointing(fmt.Sprintf("Invalid chat component: %v", err))
	}
	if isEmptyComponent(value) {
		return in.pointing("Invalid chat component: empty")
	}
	return nil
}

func isEmptyComponent(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	default:
		return false
	}
}

// isSelector accepts @a, @p, @e, @r and @s, with arguments in brackets or without.
func isSelector(word string) bool {
	if len(word) < 2 || !strings.ContainsRune("apers", rune(word[1])) {
		return false
	}
	args := word[2:]
	if args == "" {
		return true
	}
	return strings.HasPrefix(args, "[") && strings.HasSuffix(args, "]") && checkBrackets(args) == nil
}

// checkTag refuses an entity's data that is not one balanced {...}.
func checkTag(tag string) error {
	if !strings.HasPrefix(tag, "{") || !strings.HasSuffix(tag, "}") {
		return refusal("Expected '}'")
	}
	return checkBrackets(tag)
}

// checkBrackets refuses text whose brackets and quotes do not match.
func checkBrackets(text string) error {
	var open []byte
	quote := byte(0)
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote != 0 && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '[' || c == '{':
			open = append(open, c+2) // ']' and '}' are two after '[' and '{' in ASCII.
		case c == ']' || c == '}':
			if len(open) == 0 || open[len(open)-1] != c {
				return refusal(fmt.Sprintf("Unexpected '%c'", c))
			}
			open = open[:len(open)-1]
		}
	}
	if quote != 0 || len(open) > 0 {
		return refusal("Expected end of tag")
	}
	return nil
}
