package diagnose

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2/storage"
)

// fullDisk is a file that the system has for this: it takes nothing.
const fullDisk = "/dev/full"

func TestAFullDiskIsToldOf(t *testing.T) {
	s := newStage(t, nil)
	saver := &Saver{Host: s.host(), Write: func(_ context.Context, w io.Writer) error { return writeAll(w) }}
	path := filepath.Join(t.TempDir(), "r.zip")
	if err := os.Symlink(fullDisk, path); err != nil {
		t.Fatal(err)
	}
	file, err := storage.Writer(storage.NewFileURI(path))
	if err != nil {
		t.Fatal(err)
	}
	saver.save(file, nil, func(err error) {
		if err == nil {
			t.Error("it was saved")
		}
	})
	s.settle()
	if !strings.Contains(s.lastSaid(), "The disk is full.") {
		t.Errorf("said %q", s.lastSaid())
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("something is left: %v", err)
	}
}
