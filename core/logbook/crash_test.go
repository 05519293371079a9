package logbook

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
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
	out, err := child.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		t.Fatalf("the child did not crash: %v: %s", err, out)
	}
	first := Open(Options{Dir: dir})
	crashes := first.Crashes()
	if len(crashes) != 1 {
		t.Fatalf("crashes: %q; the child said %s", crashes, out)
	}
	if text := readText(t, crashes[0]); !strings.Contains(text, "the roof fell in") || !strings.Contains(text, "crashChild") {
		t.Errorf("the report says %s", text)
	}
	lines := first.Recent()
	if len(lines) != 1 || lines[0].Message != "the program crashed earlier" || !strings.Contains(lines[0].Details, "crash-") {
		t.Errorf("lines: %+v", lines)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := Open(Options{Dir: dir})
	if got := second.Crashes(); len(got) != 0 {
		t.Errorf("told again: %q", got)
	}
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := crashFiles(dir); err != nil || len(left) != 1 || left[0] != crashes[0] {
		t.Errorf("left: %q, %v", left, err)
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
	told, err := tellCrashes(dir)
	if err != nil || len(told) != keptCrashes {
		t.Errorf("told %d: %v", len(told), err)
	}
	if want := "crash-20290113T000000.000-7.told.txt"; len(told) > 0 && filepath.Base(told[0]) != want {
		t.Errorf("the newest is %s", told[0])
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
	if told, err := tellCrashes(filepath.Join(t.TempDir(), "none")); err != nil || told != nil {
		t.Errorf("%q, %v", told, err)
	}
}
