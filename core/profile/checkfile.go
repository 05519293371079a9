package profile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2/unstable"
)

// CheckFile writes what is wrong with the profile at path to w, one finding a line, as path:line:column: severity: text. It
// reports whether the profile can be used: warnings do not count.
func CheckFile(path string, w io.Writer) (isUsable bool, err error) {
	data, err := readFile(path)
	if err != nil {
		var fe *FileError
		if !errors.As(err, &fe) {
			return false, err
		}
		_, err = fmt.Fprintf(w, "%v\n", fe)
		return false, err
	}
	p, errs := decode(path, data)
	for _, fe := range errs {
		if _, err := fmt.Fprintln(w, fe); err != nil {
			return false, err
		}
	}
	if len(errs) > 0 {
		return false, nil
	}
	issues := p.Check()
	places := placesOf(trimBOM(data))
	for _, i := range issues {
		at := places.find(i.Field)
		text := i.Text
		if i.RuleName != "" {
			text = fmt.Sprintf("rule %q: %s", i.RuleName, text)
		}
		if _, err := fmt.Fprintf(w, "%s:%d:%d: %s: %s\n", path, at.line, at.column, i.Severity, text); err != nil {
			return false, err
		}
	}
	return !HasErrors(issues), nil
}

// place is where a key stands, counted from 1.
type place struct{ line, column int }

// places maps fields, as Issue writes them, to where they stand.
type places map[string]place

// find returns the place of the field, or of the innermost section around it that is in the file.
func (p places) find(field string) place {
	for field != "" {
		if at, ok := p[field]; ok {
			return at
		}
		field = field[:max(strings.LastIndexAny(field, ".["), 0)]
	}
	return place{1, 1}
}

// placesOf finds the keys of a document that can be parsed. Keys inside inline tables are not looked for: their table is.
func placesOf(data []byte) places {
	found := places{}
	lists := map[string]int{} // how often each [[section]] has come
	at := cursor{data: data, line: 1}
	var parser unstable.Parser
	parser.Reset(data)
	section := ""
	for parser.NextExpression() {
		e := parser.Expression()
		prefix := ""
		if e.Kind == unstable.KeyValue {
			prefix = section
		}
		name := fieldName(prefix, e.Key(), e.Kind == unstable.ArrayTable, lists)
		if e.Kind != unstable.KeyValue {
			section = name
		}
		found[name] = at.moveTo(keyOffset(e))
	}
	return found
}

// fieldName returns the field that a dotted key below prefix stands for. lists numbers the list sections that have come, of
// which the key is one more when isList is true.
func fieldName(prefix string, keys unstable.Iterator, isList bool, lists map[string]int) string {
	name := prefix
	for keys.Next() {
		if name != "" {
			name += "."
		}
		name += strings.ToLower(string(keys.Node().Data))
		if keys.IsLast() && isList {
			lists[name]++
		}
		if n := lists[name]; n > 0 {
			name = fmt.Sprintf("%s[%d]", name, n-1)
		}
	}
	return name
}

// cursor turns rising offsets into places without counting from the beginning each time.
type cursor struct {
	data      []byte
	line      int
	lineStart int
	offset    int
}

func (c *cursor) moveTo(offset int) place {
	passed := c.data[c.offset:offset]
	if last := bytes.LastIndexByte(passed, '\n'); last >= 0 {
		c.line += bytes.Count(passed, []byte("\n"))
		c.lineStart = c.offset + last + 1
	}
	c.offset = offset
	return place{line: c.line, column: 1 + utf8.RuneCount(c.data[c.lineStart:offset])}
}

// lineOf returns the line of a key at the top of a document.
func lineOf(data []byte, key string) int { return placesOf(data).find(key).line }
