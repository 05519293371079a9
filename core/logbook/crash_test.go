package logbook

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// crashChildEnv makes this executable the program that crashes; its value is the data folder.
const crashChildEnv = "LOGBOOK_CRASH_CHILD"

// crashChild panics at the top of a goroutine, which nothing can recover.
func crashChild(dir string) {
	Open(Options{Dir: dir, File: filepath.Join(dir, FileName)})
	go func() { panic("the roof fell in") }()
	select {}
}

func TestACrashIsToldOnceByTheNextStart(t *testing.T) {
	dir := t.TempDir()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), crashChildEnv+"="+dir)
	begun := time.Now().Add(-time.Second) // a file's time may be coarse
	out, err := child.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		t.Fatalf("the child did not crash: %v: %s", err, out)
	}
	first := Open(Options{Dir: dir})
	crashes := first.Crashes()
	if len(crashes) != 1 {
		t.Fatalf("crashes: %v; the child said %s", crashes, out)
	}
	if text := readText(t, crashes[0].Path); !strings.Contains(text, "the roof fell in") || !strings.Contains(text, "crashChild") {
		t.Errorf("the report says %s", text)
	}
	if crashes[0].At.Before(begun) || crashes[0].At.After(time.Now().Add(time.Second)) {
		t.Errorf("it crashed at %v, begun %v", crashes[0].At, begun)
	}
	lines := first.Recent()
	if len(lines) != 1 || lines[0].Message != "the program crashed earlier" || !strings.Contains(lines[0].Details, "crash-") {
		t.Errorf("lines: %+v", lines)
	}
	closeBook(t, first)

	second := Open(Options{Dir: dir})
	if got := second.Crashes(); len(got) != 1 || got[0] != crashes[0] || len(second.Recent()) != 0 {
		t.Errorf("not answered, and now: %v; the log has %+v", got, second.Recent())
	}
	if err := second.AnswerCrashes(); err != nil || len(second.Crashes()) != 0 {
		t.Errorf("answered: %v, left %v", err, second.Crashes())
	}
	closeBook(t, second)

	third := Open(Options{Dir: dir})
	if got := third.Crashes(); len(got) != 0 || len(third.Recent()) != 0 {
		t.Errorf("told again: %v, %+v", got, third.Recent())
	}
	if err := third.AnswerCrashes(); err != nil {
		t.Errorf("nothing to answer: %v", err)
	}
	closeBook(t, third)
	want := strings.TrimSuffix(crashes[0].Path, toldSuffix) + answeredSuffix
	if left, err := crashFiles(dir); err != nil || len(left) != 1 || left[0] != want {
		t.Errorf("left: %q, %v, want %s", left, err, want)
	}
}

func closeBook(t *testing.T, b *Book) {
	t.Helper()
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
}

// Two windows may ask about one crash; the second answer finds nothing to note.
func TestACrashMayBeAnsweredTwice(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "crash-20300101T000000.000-7.txt"), []byte("panic: boo"), 0o600); err != nil {
		t.Fatal(err)
	}
	one := &Book{log: slog.New(slog.DiscardHandler)}
	one.openCrashes(dir)
	other := &Book{log: slog.New(slog.DiscardHandler)}
	other.openCrashes(dir)
	for _, b := range []*Book{one, other} {
		if len(b.Crashes()) != 1 {
			t.Errorf("crashes: %v", b.Crashes())
		}
	}
	for _, b := range []*Book{one, other} {
		if err := b.AnswerCrashes(); err != nil {
			t.Error(err)
		}
		closeBook(t, b)
	}
}

func TestOldCrashFilesAreRemoved(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for i := range keptCrashes + 3 {
		write(fmt.Sprintf("crash-202901%02dT000000.000-7.txt", i+1), "panic")
	}
	alive := fmt.Sprintf("crash-20300101T000000.000-%d.txt", os.Getpid())
	write(alive, "")                                       // of a LiveCue that runs beside
	write("crash-20300101T000001.000-0.txt", "")           // of one that was killed
	write("crash-by-hand.txt", "")                         // of nobody
	write("mine.txt", "")                                  // not ours
	write("crash-20280101T000000.000-7.told.txt", "panic") // the oldest
	open, told, err := tellCrashes(dir)
	if err != nil || len(told) != keptCrashes || len(open) != keptCrashes {
		t.Errorf("told %d, open %d: %v", len(told), len(open), err)
	}
	if want := "crash-20290113T000000.000-7.told.txt"; len(told) > 0 && filepath.Base(told[0].Path) != want {
		t.Errorf("the newest is %s", told[0].Path)
	}
	left, err := crashFiles(dir)
	if err != nil || len(left) != keptCrashes+1 || filepath.Base(left[0]) != alive {
		t.Errorf("left: %q, %v", left, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "mine.txt")); err != nil {
		t.Error(err)
	}
}

func TestNoFolderHasNoCrashes(t *testing.T) {
	if open, told, err := tellCrashes(filepath.Join(t.TempDir(), "none")); err != nil || open != nil || told != nil {
		t.Errorf("%v, %v, %v", open, told, err)
	}
}
