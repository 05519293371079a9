package speech

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/livecue/livecue/core/action/sound/speaker"
)

// TestMain lets the test program be the child that plays sounds, as LiveCue is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == speaker.Command {
		if err := speaker.Serve(os.Stdin, os.Stdout); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// patience is how long a test waits for anything.
const patience = time.Minute

func await(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited %v in vain for %s", patience, what)
		}
	}
}

// listener is a Player that takes what it is given and is done when it is told to be.
type listener struct {
	mu     sync.Mutex
	got    [][]byte
	volume int
	play   func(ctx context.Context) error // nil is done at once
}

func (l *listener) PlayOut(ctx context.Context, data []byte, volume int) error {
	l.mu.Lock()
	l.got, l.volume = append(l.got, data), volume
	play := l.play
	l.mu.Unlock()
	if play == nil {
		return nil
	}
	return play(ctx)
}

func (l *listener) heard() [][]byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.got
}

// program puts an executable of the shell's into a folder that is all of PATH but for the system's tools, and returns the folder.
// In its text % is the folder.
func program(t *testing.T, name, text string) string {
	t.Helper()
	dir := t.TempDir()
	text = "#!/bin/sh\nPATH=/usr/bin:/bin\n" + strings.ReplaceAll(text, "%", dir) + "\n"
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	return dir
}

// read returns the content of a file of the folder.
func read(t *testing.T, dir, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
