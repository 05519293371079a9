package shelf

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/livecue/livecue/core/queue"
)

func TestTheFileIsMadeWhenItIsNeeded(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a folder?with#odd 100%", "names")
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	add(t, s)
	got, err := s.Take("rcon:a", queue.Ready, 9)
	want(t, got, err)
	got, err = s.Peek("rcon:a", queue.Ready, 9)
	want(t, got, err)
	got, next, err := s.TakeExpired("rcon:a", math.MaxInt64, 9)
	if want(t, got, err); next != 0 {
		t.Errorf("next %d", next)
	}
	if _, ok, err := s.Remove(1); ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Fatalf("the folder: %v", err)
	}
	add(t, s, job(1, 1))
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != fileName {
		t.Errorf("files %v, %v", entries, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("files %v, %v", entries, err)
	}
}

func TestAnEarlierLifeIsForgotten(t *testing.T) {
	dir := t.TempDir()
	for _, suffix := range []string{"", "-journal", "-wal", "-shm"} {
		if err := os.WriteFile(filepath.Join(dir, fileName+suffix), []byte("not a database"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	other := filepath.Join(dir, "store.db")
	if err := os.WriteFile(other, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != "store.db" {
		t.Errorf("files %v, %v", entries, err)
	}
	add(t, s, job(1, 1))
	got, err := s.Take("rcon:a", queue.Ready, 9)
	want(t, got, err, 1)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestAFolderThatCannotBe(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "folder")
	s, err := Open(filepath.Join(dir, "inner"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Add([]queue.Shelved{job(1, 1)}); err == nil {
		t.Error("added to a folder that is a file")
	}
	got, err := s.Take("rcon:a", queue.Ready, 9)
	want(t, got, err)
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	add(t, s, job(2, 1))
	got, err = s.Take("rcon:a", queue.Ready, 9)
	want(t, got, err, 2)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestAFileThatCannotBeOpenedLeavesNothing(t *testing.T) {
	s := open(t, Options{MaxBytes: 1}) // less than an empty one has
	for range 2 {
		if err := s.Add([]queue.Shelved{job(1, 1)}); err == nil {
			t.Fatal("added")
		}
		if entries, err := os.ReadDir(s.dir); err != nil || len(entries) != 0 {
			t.Errorf("files %v, %v", entries, err)
		}
	}
}

func TestAnEmptyFileThatHasGrownIsDeleted(t *testing.T) {
	s := open(t, Options{})
	const size = 2000
	add(t, s, bulk(1, size)...)
	if n := sizeOf(t, s); n < size*600 {
		t.Fatalf("the file has %d bytes: not all is on disk", n)
	}
	for taken := 0; taken < size; taken += 1000 {
		if sizeOf(t, s) == 0 {
			t.Fatal("the file is gone before its time")
		}
		if got, err := s.Take("rcon:a", queue.Ready, 1000); err != nil || len(got) != 1000 {
			t.Fatalf("%d jobs, %v", len(got), err)
		}
	}
	if n := sizeOf(t, s); n != 0 {
		t.Errorf("the file has %d bytes", n)
	}
	add(t, s, job(1, 1))
	if _, ok, err := s.Remove(1); !ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
	if n := sizeOf(t, s); n == 0 {
		t.Error("a small file is not kept")
	}
}

func TestPagesAreUsedAgain(t *testing.T) {
	s := open(t, Options{})
	add(t, s, job(math.MaxInt64, math.MaxInt64)) // so that it never is empty
	var first int64
	for round := range int64(5) {
		add(t, s, bulk(round*1000+1, 1000)...)
		if first == 0 {
			first = sizeOf(t, s)
		}
		if got, err := s.Take("rcon:a", queue.Ready, 1000); err != nil || len(got) != 1000 {
			t.Fatalf("%d jobs, %v", len(got), err)
		}
	}
	if n := sizeOf(t, s); n > first*6/5 {
		t.Errorf("the file has grown from %d to %d bytes", first, n)
	}
}

func TestOpenTellsWhatItCannotDelete(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, fileName, "full"), 0o700); err != nil {
		t.Fatal(err)
	}
	if s, err := Open(dir); err == nil || errors.Is(err, ErrClosed) || s != nil {
		t.Errorf("got %v, %v", s, err)
	}
}
