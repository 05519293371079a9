package meta

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// localPath finds the folders of the machine that somebody writes on: they mean nothing on another.
var localPath = regexp.MustCompile(`(^|[^\w.])/(work|root|tmp/\w)/`)

func TestLocalPath(t *testing.T) {
	slash := func(s string) string { return strings.ReplaceAll(s, "|", "/") }
	for text, want := range map[string]bool{
		"see |work|main":            true,
		"|root|.cache":              true,
		"(|tmp|x|notes.md)":         true,
		"https:||a.example|work|of": false,
		"|tmp|.X11-unix|X9":         false,
		"|home|pia|sounds":          false,
	} {
		if got := localPath.MatchString(slash(text)); got != want {
			t.Errorf("localPath in %q: %v, want %v", slash(text), got, want)
		}
	}
}

func TestNoFileNamesOneMachine(t *testing.T) {
	for _, name := range files(t) {
		content := read(t, name)
		if !utf8.Valid(content) {
			continue
		}
		for i, line := range bytes.Split(content, []byte("\n")) {
			if localPath.Match(line) {
				t.Errorf("%s:%d names a folder of one machine: %.120s", name, i+1, line)
			}
		}
	}
}
