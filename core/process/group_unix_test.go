//go:build unix

package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// TestMain lets the test program be one that starts a group and is killed.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "host" {
		host(os.Args[2])
	}
	goleak.VerifyTestMain(m)
}

// family has a child and one more of its child's, and tells the ids of all three.
const family = `sh -c 'echo $$ >> "$0"; sleep 1000 & echo $! >> "$0"; wait' "$0" & echo $$ >> "$0"; wait`

func host(file string) {
	cmd := exec.CommandContext(context.Background(), "/bin/sh", "-c", family, file)
	g, err := StartGuarded(cmd)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	_ = g.Wait() // it is killed before
	os.Exit(0)
}

// isAlive reports whether a process runs. One that has ended and that nobody waits for does not.
func isAlive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return !errors.Is(err, os.ErrNotExist)
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(rest, "Z")
}

func eventually(t *testing.T, what string, isTrue func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !isTrue(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// pids waits for three ids in a file.
func pids(t *testing.T, file string) (all []int) {
	t.Helper()
	eventually(t, "the processes to begin", func() bool {
		data, _ := os.ReadFile(file) // at first it is not there
		all = nil
		for word := range strings.FieldsSeq(string(data)) {
			n, err := strconv.Atoi(word)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, n)
		}
		return len(all) == 3 && strings.HasSuffix(string(data), "\n")
	})
	return all
}

func gone(t *testing.T, all []int) {
	t.Helper()
	for _, pid := range all {
		eventually(t, fmt.Sprintf("%d to end", pid), func() bool { return !isAlive(pid) })
	}
}

// A program and its children end with the one that started it, though nobody is left to end them.
func TestAGuardedGroupEndsWithUs(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "pids")
	cmd := exec.CommandContext(t.Context(), self, "host", file)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	all := pids(t, file)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	gone(t, all)
}

func TestAGroupEndsWhenItIsToldTo(t *testing.T) {
	for name, end := range map[string]func(g *Group, cancel func()){
		"asked":    func(g *Group, _ func()) { _ = g.Ask() },
		"killed":   func(g *Group, _ func()) { _ = g.Kill() },
		"given up": func(_ *Group, cancel func()) { cancel() },
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "pids")
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			g, err := StartGuarded(exec.CommandContext(ctx, "/bin/sh", "-c", family, file))
			if err != nil {
				t.Fatal(err)
			}
			all := pids(t, file)
			end(g, cancel)
			if err := g.Wait(); err == nil {
				t.Error("it says that it has done its work")
			}
			gone(t, all)
		})
	}
}

// A program outlives the thread of whoever asked for it, with which Linux would end it.
func TestAProgramOutlivesTheThreadThatAskedForIt(t *testing.T) {
	started := make(chan *Group)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with this goroutine
		g, err := Start(exec.CommandContext(t.Context(), "/bin/sh", "-c", "sleep 0.2; exit 7"))
		if err != nil {
			t.Error(err)
		}
		started <- g
	}()
	g := <-started
	var exit *exec.ExitError
	if err := g.Wait(); !errors.As(err, &exit) || exit.ExitCode() == -1 {
		t.Errorf("it ended with %v", err)
	}
}

func TestProgramsThatCannotBegin(t *testing.T) {
	dir := t.TempDir()
	if _, err := Start(exec.CommandContext(t.Context(), dir)); err == nil {
		t.Error("a folder was started")
	} else if e := (*StartError)(nil); !errors.As(err, &e) || e.MayPass() || strings.Contains(err.Error(), dir) {
		t.Errorf("a folder: %v", err)
	}
	if e := (&StartError{fmt.Errorf("fork: %w", syscall.EAGAIN)}); !e.MayPass() {
		t.Error("a system that is full is for ever")
	}
	for _, path := range []string{dir, filepath.Join(dir, "missing"), "no-such-program", "./script", "../x", strings.Repeat("x", 10_000)} {
		_, err := Find(path)
		var e *FindError
		if !errors.As(err, &e) || len(err.Error()) > 500 {
			t.Errorf("%.20q: %v", path, err)
		}
	}
}
