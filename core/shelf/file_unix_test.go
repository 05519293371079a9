//go:build unix

package shelf

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/livecue/livecue/core/queue"
)

func TestTheFileIsForThisUserAlone(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "outer", "inner"))
	if err != nil {
		t.Fatal(err)
	}
	add(t, s, bulk(1, 1000)...)
	for path, mode := range map[string]os.FileMode{s.path(): 0o600, s.dir: 0o700, filepath.Dir(s.dir): 0o700} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, want %v (%v)", path, info.Mode(), mode, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// Windows does not delete what is open.
func TestAFolderThatVanishesTakesNothingAlong(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "folder")
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	add(t, s, bulk(1, 1000)...)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	add(t, s, bulk(1001, 1000)...)
	for range 2 {
		if got, err := s.Take("rcon:a", queue.Ready, 1000); err != nil || len(got) != 1000 {
			t.Fatalf("%d jobs, %v", len(got), err)
		}
	}
	add(t, s, job(1, 1)) // in a folder that has been made again
	if sizeOf(t, s) == 0 {
		t.Error("there is no file")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
