package faults

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// noJournal is what the program says when the disk is full.
const noJournal = "could not be journalled"

// TestFullDisk fills the disk under the program and makes room again, a few times: the show goes on, and nothing is lost. A
// disk of its own takes the right to mount one; a limit on the size of files, which anybody may set, comes close.
func TestFullDisk(t *testing.T) {
	t.Run("limit", func(t *testing.T) {
		t.Parallel()
		n := rounds()
		s := newStage(t, singles, unhurried)
		p := s.start(t)
		s.survivesFull(t, n, func() { p.limitFiles(t, 1) }, func() { p.limitFiles(t, unix.RLIM_INFINITY) })
		t.Logf("files could not grow %d times: %v", n, s.finish(t, p))
	})
	t.Run("small disk", func(t *testing.T) {
		t.Parallel()
		n := rounds()
		s := newStage(t, singles, unhurried)
		if !s.mountSmall(t, "12m") {
			return
		}
		p := s.start(t)
		ballast := filepath.Join(s.path("data"), "ballast")
		s.survivesFull(t, n, func() { fill(t, ballast) }, func() { remove(t, ballast) })
		t.Logf("the disk was full %d times: %v", n, s.finish(t, p))
	})
}

// survivesFull waits while the disk is full until that is told, and until commands go on all the same.
func (s *stage) survivesFull(t *testing.T, n int, fill, free func()) {
	t.Helper()
	for range n {
		s.works(t)
		told := strings.Count(s.said(), noJournal)
		fill()
		s.eventually(t, "the full disk is told of", func() bool { return strings.Count(s.said(), noJournal) > told })
		s.works(t)
		free()
		s.works(t)
	}
}

// limitFiles keeps the program from writing past that many bytes of any file.
func (p *program) limitFiles(t *testing.T, bytes uint64) {
	t.Helper()
	limit := unix.Rlimit{Cur: bytes, Max: unix.RLIM_INFINITY}
	if err := unix.Prlimit(p.cmd.Process.Pid, unix.RLIMIT_FSIZE, &limit, nil); err != nil {
		t.Fatal(err)
	}
}

// mountSmall puts the program's data on a disk of that size, and reports whether this user may mount one.
func (s *stage) mountSmall(t *testing.T, size string) bool {
	t.Helper()
	dir := s.path("data")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size)
	if errors.Is(err, syscall.EPERM) {
		t.Log("this user may not mount a small disk")
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return true
}

// fill writes until there is no room.
func fill(t *testing.T, name string) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // it is meant to fail
	for size := 64 << 10; size > 0; size /= 2 {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
	}
}

func remove(t *testing.T, name string) {
	t.Helper()
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
}
