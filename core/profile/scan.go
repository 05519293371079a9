package profile

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

const (
	// maxBrackets bounds the opening brackets in a file. The parser calls itself for each that is inside another, and a few
	// million would end the program.
	maxBrackets = 100_000
	// maxUnknown is how many unknown keys are told of at once.
	maxUnknown = 20
)

// scanner looks through a document once, before it is decoded: the decoder takes minutes over a file of a megabyte full of
// keys that it does not know.
type scanner struct {
	path    string
	at      cursor
	version *int
	errs    []*FileError
}

// scan returns the version that the document states at its top, if it does, and what is wrong with its syntax and keys.
func scan(path string, data []byte) (version *int, errs []*FileError) {
	if bytes.Count(data, []byte("["))+bytes.Count(data, []byte("{")) > maxBrackets {
		return nil, []*FileError{{Path: path, Reason: "has more brackets than a profile can have"}}
	}
	s := scanner{path: path, at: cursor{data: data, line: 1}}
	var parser unstable.Parser
	parser.Reset(data)
	section, name := reflect.TypeFor[Profile](), []string(nil)
	for parser.NextExpression() && len(s.errs) < maxUnknown {
		e := parser.Expression()
		if e.Kind == unstable.KeyValue {
			s.keyValue(e, section, name)
			continue
		}
		section, name = s.resolve(e, reflect.TypeFor[Profile](), nil)
	}
	if err := parser.Error(); err != nil {
		return s.version, []*FileError{s.syntax(err)}
	}
	return s.version, s.errs
}

// keyValue looks at a key of a section or inline table of type t, and into its value.
func (s *scanner) keyValue(e *unstable.Node, t reflect.Type, name []string) {
	t, name = s.resolve(e, t, name)
	value := e.Value()
	if len(name) == 1 && name[0] == "version" {
		n, err := strconv.Atoi(string(value.Data))
		if value.Kind != unstable.Integer || err != nil {
			at := s.at.moveTo(keyOffset(e))
			s.errs = append(s.errs, &FileError{Path: s.path, Line: at.line, Column: at.column, Reason: "the version must be " + wanted("int")})
			return
		}
		s.version = &n
	}
	s.value(value, t, name)
}

// value looks for keys inside a value.
func (s *scanner) value(v *unstable.Node, t reflect.Type, name []string) {
	if v.Kind != unstable.InlineTable && v.Kind != unstable.Array {
		return
	}
	for it := v.Children(); it.Next() && len(s.errs) < maxUnknown; {
		if child := it.Node(); child.Kind == unstable.KeyValue {
			s.keyValue(child, t, name)
		} else {
			s.value(child, t, name)
		}
	}
}

// resolve follows e's key from t down and notes a part that is unknown. The type is nil where a value has none: below
// something unknown, or below what is no section, which the decoder tells of.
func (s *scanner) resolve(e *unstable.Node, t reflect.Type, name []string) (reflect.Type, []string) {
	wasKnown := t != nil
	name = name[:len(name):len(name)]
	for keys := e.Key(); keys.Next(); {
		key := keys.Node()
		name = append(name, string(key.Data))
		var isKnown bool
		if t, isKnown = field(t, string(key.Data)); !isKnown {
			at := s.at.moveTo(keyOffset(e))
			s.errs = append(s.errs, &FileError{Path: s.path, Line: at.line, Column: at.column, Reason: unknownKey(name)})
			break
		}
	}
	if !wasKnown {
		return nil, name
	}
	return t, name
}

// keyOffset returns where e's key begins.
func keyOffset(e *unstable.Node) int {
	keys := e.Key()
	if !keys.Next() {
		return 0
	}
	return int(keys.Node().Raw.Offset)
}

// field returns the type of a key of t, or nil and true when t is no section or not known itself.
func field(t reflect.Type, key string) (reflect.Type, bool) {
	for t != nil && (t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice) {
		t = t.Elem()
	}
	if t == nil || t.Kind() != reflect.Struct {
		return nil, true
	}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("toml"), ",")
		if strings.EqualFold(name, key) {
			return t.Field(i).Type, true
		}
	}
	return nil, false
}

// syntax says where the parser gave up.
func (s *scanner) syntax(err error) *FileError {
	fe := &FileError{Path: s.path, Reason: plain(err.Error()), Err: err}
	var pe *unstable.ParserError
	if !errors.As(err, &pe) {
		return fe
	}
	fe.Reason = plain(pe.Message)
	// The highlight is a part of the document, whose capacity tells where it begins, unless the parser made it up.
	data := s.at.data
	offset := cap(data) - cap(pe.Highlight)
	if len(pe.Highlight) == 0 || offset < 0 || offset >= len(data) || &data[offset] != &pe.Highlight[0] {
		return fe
	}
	begin := cursor{data: data, line: 1}
	at := begin.moveTo(offset)
	fe.Line, fe.Column = at.line, at.column
	return fe
}

// versionError returns why a document of that version cannot be read, or nil.
func versionError(path string, data []byte, version *int) *FileError {
	switch {
	case version == nil:
		return &FileError{Path: path, Line: 1, Reason: fmt.Sprintf("the version is missing: begin the file with \"version = %d\"", Version)}
	case *version > Version:
		return &FileError{Path: path, Line: lineOf(data, "version"), Reason: fmt.Sprintf(
			"was written by a newer LiveCue (format %d, and this one knows up to %d): update LiveCue", *version, Version)}
	case *version < 1:
		return &FileError{Path: path, Line: lineOf(data, "version"), Reason: fmt.Sprintf("there is no format %d", *version)}
	default:
		return nil
	}
}
