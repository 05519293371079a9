package logbook

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func readText(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestBookLevels(t *testing.T) {
	for _, c := range []struct {
		isVerbose                  bool
		screen, file, recentLevels string
	}{
		{false, "WE", "IWE", "IWE"},
		{true, "DIWE", "DIWE", "DIWE"},
	} {
		path := filepath.Join(t.TempDir(), "new", FileName)
		var screen bytes.Buffer
		b := Open(Options{File: path, Screen: &screen, IsVerbose: c.isVerbose})
		for _, level := range []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError} {
			b.Logger().Log(t.Context(), level, "word", "a", "b c")
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		levels := ""
		for _, line := range b.Recent() {
			levels += line.Level.String()[:1]
			if line.Message != "word" || line.Details != `a="b c"` || line.Time.IsZero() {
				t.Errorf("line %+v", line)
			}
		}
		if got := initials(screen.String()); got != c.screen {
			t.Errorf("verbose %v: the screen got %s", c.isVerbose, got)
		}
		if got := initials(readText(t, path)); got != c.file {
			t.Errorf("verbose %v: the file got %s", c.isVerbose, got)
		}
		if levels != c.recentLevels {
			t.Errorf("verbose %v: memory got %s", c.isVerbose, levels)
		}
	}
}

// initials returns the first letter of each line's level.
func initials(text string) string {
	got := ""
	for line := range strings.Lines(text) {
		if _, level, ok := strings.Cut(line, "level="); ok {
			got += level[:1]
		}
	}
	return got
}

func TestRecentKeepsTheNewest(t *testing.T) {
	b := Open(Options{})
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range recentLines / 2 {
				b.Logger().Info("early")
				b.Recent()
			}
		})
	}
	group.Wait()
	for i := range recentLines {
		b.Logger().With("with", "x").WithGroup("g").Info("late", "i", i)
	}
	lines := b.Recent()
	if len(lines) != recentLines {
		t.Fatalf("%d lines", len(lines))
	}
	for i, line := range lines {
		if line.Details != fmt.Sprintf("with=x g.i=%d", i) {
			t.Fatalf("line %d is %+v", i, line)
		}
	}
}

func TestFilesRollOver(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, FileName)
	b := Open(Options{File: path})
	text := strings.Repeat("x ", maxText/2)
	for range 2*fileMegabytes<<20/len(text) + 1 {
		b.Logger().Info("long", "text", text)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 3 {
		t.Errorf("%d files, want the log and two older ones", len(entries))
	}
	for _, e := range entries {
		if info, err := e.Info(); err != nil || info.Size() > fileMegabytes<<20 || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v, %v", e.Name(), info, err)
		}
	}
}

func TestABookThatCannotBeWrittenSaysSoAndWorks(t *testing.T) {
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var screen bytes.Buffer
	b := Open(Options{Dir: filepath.Join(blocked, "in"), File: filepath.Join(blocked, "in", FileName), Screen: &screen})
	b.Logger().Warn("still here")
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	for _, want := range []string{"the log file cannot be written", "a crash would leave no report", "still here"} {
		if !strings.Contains(screen.String(), want) {
			t.Errorf("%q is missing in %s", want, screen.String())
		}
	}
}
