package profile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// maxFile bounds a profile, in bytes. The largest that makes sense has a few hundred kilobytes.
const maxFile = 4 << 20

// FileError is why a profile cannot be used.
type FileError struct {
	Path string
	// Line and Column count from 1, columns in characters; 0 is unknown.
	Line, Column int
	// Reason says what is wrong and, where that is not plain, what to do.
	Reason string
	// Err is what went wrong underneath, or nil.
	Err error
}

// Error returns path:line:column: reason, as far as they are known.
func (e *FileError) Error() string {
	switch {
	case e.Line == 0:
		return fmt.Sprintf("%s: %s", e.Path, e.Reason)
	case e.Column == 0:
		return fmt.Sprintf("%s:%d: %s", e.Path, e.Line, e.Reason)
	default:
		return fmt.Sprintf("%s:%d:%d: %s", e.Path, e.Line, e.Column, e.Reason)
	}
}

// Unwrap returns Err.
func (e *FileError) Unwrap() error { return e.Err }

// Load reads the profile at path. Each error is a *FileError; errors.Is(err, fs.ErrNotExist) tells a file that is not there.
// A profile that can be read may still hold mistakes: Check tells of them.
func Load(path string) (Profile, error) {
	data, err := readFile(path)
	if err != nil {
		return Profile{}, err
	}
	p, errs := decode(path, data)
	if len(errs) > 0 {
		return Profile{}, errs[0]
	}
	return p, nil
}

// readFile returns the content of a file that can be a profile.
func readFile(path string) ([]byte, error) {
	fail := func(err error) error {
		reason := err.Error()
		var pe *os.PathError
		if errors.As(err, &pe) {
			reason = "cannot be read: " + pe.Err.Error()
		}
		return &FileError{Path: path, Reason: reason, Err: err}
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fail(err)
	}
	if !info.Mode().IsRegular() {
		return nil, &FileError{Path: path, Reason: "is not a file"}
	}
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, fail(err)
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fail(err)
	}
	if len(data) > maxFile {
		return nil, tooLarge(path)
	}
	return data, nil
}

func tooLarge(path string) *FileError {
	return &FileError{Path: path, Reason: fmt.Sprintf("is larger than %d MB, so it is no profile", maxFile>>20)}
}

// decode returns the profile in data, or all that stands against it.
func decode(path string, data []byte) (Profile, []*FileError) {
	data = trimBOM(data)
	version, errs := scan(path, data)
	isOurs := version != nil && *version == Version
	if len(errs) > 0 && (isOurs || version == nil) {
		return Profile{}, errs
	}
	if !isOurs {
		if fe := versionError(path, data, version); fe != nil {
			return Profile{}, []*FileError{fe}
		}
		migrated, err := migrate(data, *version, migrations())
		if err != nil {
			return Profile{}, []*FileError{{Path: path, Reason: err.Error(), Err: err}}
		}
		data = migrated
	}
	var p Profile
	if err := unmarshal(data, &p, true); err != nil {
		return Profile{}, fileErrors(path, data, err)
	}
	if p.Version != Version {
		return Profile{}, []*FileError{versionError(path, data, nil)}
	}
	return normalize(p), nil
}

// trimBOM takes away the mark that some editors put in front of a file.
func trimBOM(data []byte) []byte { return bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")) }

// unmarshal decodes data into v. The library is known to panic on some documents that it cannot point into.
func unmarshal(data []byte, v any, isStrict bool) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("toml: this cannot be understood")
		}
	}()
	d := toml.NewDecoder(bytes.NewReader(data))
	if isStrict {
		d.DisallowUnknownFields()
	}
	return d.Decode(v)
}

// fileErrors turns what the library says into what a person can use, in the order of the file.
func fileErrors(path string, data []byte, err error) []*FileError {
	var missing *toml.StrictMissingError
	if errors.As(err, &missing) {
		errs := make([]*FileError, len(missing.Errors))
		for i := range missing.Errors {
			line, column := missing.Errors[i].Position()
			errs[i] = &FileError{Path: path, Line: line, Column: runeColumn(data, line, column), Reason: unknownKey(missing.Errors[i].Key())}
		}
		sort.SliceStable(errs, func(i, j int) bool { return errs[i].Line < errs[j].Line })
		return errs
	}
	fe := &FileError{Path: path, Reason: plain(err.Error()), Err: err}
	var de *toml.DecodeError
	if errors.As(err, &de) {
		line, column := de.Position()
		fe.Line, fe.Column = line, runeColumn(data, line, column)
	} else {
		fe.Line = failingLine(data)
	}
	return []*FileError{fe}
}

// unknownKey explains a key that a profile does not have. People look for a place for their passwords; a file that is
// shared with friends is none.
func unknownKey(key []string) string {
	last, name := strings.ToLower(key[len(key)-1]), strings.Join(key, ".")
	if len(name) > maxShort {
		name = name[:maxShort]
	}
	isSecret := slices.ContainsFunc([]string{"password", "passwort", "secret", "token", "api_key", "apikey"}, func(s string) bool {
		return strings.Contains(last, s)
	})
	switch {
	case isSecret && key[0] == "rcon":
		return fmt.Sprintf("%q does not belong into the profile: type the password into LiveCue's window, which keeps it in the system's keyring, or set %s, and delete this line", name, "LIVECUE_RCON_<NAME>_PASSWORD")
	case isSecret || last == "key":
		return fmt.Sprintf("%q does not belong into the profile: type the key into LiveCue's window, which keeps it in the system's keyring, or set %s, and delete this line", name, EnvName(KeyTikTok()))
	default:
		return fmt.Sprintf("unknown key %q", name)
	}
}

// mismatch is how the library words a value of the wrong type, with names of Go types that tell a streamer nothing.
var mismatch = regexp.MustCompile(`cannot decode TOML ([a-z ]+) into (?:struct field .+|a Go value) of type \*?(\S+)$`)

// plain rewords an error of the library.
func plain(text string) string {
	text = strings.TrimPrefix(text, "toml: ")
	if m := mismatch.FindStringSubmatch(text); m != nil {
		return fmt.Sprintf("here must be %s, and it is of type %s", wanted(m[2]), m[1])
	}
	switch {
	case strings.HasPrefix(text, "cannot assign boolean"):
		return "true and false have no place here"
	case strings.HasPrefix(text, "float cannot be assigned"):
		return "a number with a decimal point has no place here"
	case strings.HasPrefix(text, "cannot store a table in a slice"):
		return "here must be " + wanted("[]")
	case strings.HasPrefix(text, "couldn't parse decimal number"):
		return "the number is too large"
	default:
		return text
	}
}

// wanted describes what a profile has to hold for a Go type.
func wanted(goType string) string {
	switch {
	case goType == "[]string":
		return "a list of texts"
	case strings.HasPrefix(goType, "[]"):
		return "a section in double brackets, such as [[rule]]"
	case goType == "int" || goType == "int64":
		return "a whole number"
	case goType == "float64":
		return "a number"
	case goType == "bool":
		return "true or false"
	case goType == "action.Duration":
		return "a duration in quotes, such as \"2m\""
	case goType == "string":
		return "a text in quotes"
	default:
		return "a text in quotes or a section"
	}
}

// failingLine finds the line of the first expression that cannot be decoded, for errors that do not tell: the shortest
// beginning of the document that fails ends with it.
func failingLine(data []byte) int {
	var starts []int
	var parser unstable.Parser
	parser.Reset(data)
	for parser.NextExpression() {
		starts = append(starts, expressionStart(&parser))
	}
	failing := sort.Search(len(starts), func(i int) bool {
		end := len(data)
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		return unmarshal(data[:end], &Profile{}, false) != nil
	})
	if failing == len(starts) {
		return 0
	}
	return 1 + bytes.Count(data[:starts[failing]], []byte("\n"))
}

// expressionStart returns the offset of the beginning of the line on which the parser's expression has its key.
func expressionStart(parser *unstable.Parser) int {
	offset := keyOffset(parser.Expression())
	return bytes.LastIndexByte(parser.Data()[:offset], '\n') + 1
}

// runeColumn turns a column in bytes into one in characters.
func runeColumn(data []byte, line, column int) int {
	for range line - 1 {
		_, data, _ = bytes.Cut(data, []byte("\n"))
	}
	return 1 + utf8.RuneCount(data[:min(max(column-1, 0), len(data))])
}
