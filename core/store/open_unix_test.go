//go:build unix

package store

import (
	"os"
	"path/filepath"
	"testing"
)

func TestTheFilesAreForThisUserAlone(t *testing.T) {
	path := filled(t)
	s := open(t, Options{Path: path})
	appendAll(t, s, record(100, 1))
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) < 5 {
		t.Fatalf("%d files, %v", len(entries), err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", e.Name(), info.Mode(), err)
		}
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder: %v, %v", info.Mode(), err)
	}
}
