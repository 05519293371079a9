package meta

import (
	"bytes"
	"path"
	"testing"
)

// maxLines is where a Go file must be divided. Most have one idea, and half as many.
const maxLines = 600

func TestFilesStayShort(t *testing.T) {
	for _, name := range files(t) {
		if path.Ext(name) != ".go" {
			continue
		}
		if n := bytes.Count(read(t, name), []byte("\n")); n > maxLines {
			t.Errorf("%s has %d lines, at most %d are allowed: which idea moves out?", name, n, maxLines)
		}
	}
}
