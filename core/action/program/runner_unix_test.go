//go:build unix

package program

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
)

// long is a time limit that no test is to reach, short one that it is.
const (
	long  = action.Duration(2 * time.Minute)
	short = action.Duration(300 * time.Millisecond)
)

// script writes an executable of the shell's.
func script(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "script")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func job(spec action.Program) action.Job {
	if spec.Timeout == 0 {
		spec.Timeout = long
	}
	fields := action.Fields{User: "pixel_pia", Nickname: "--help; $(touch owned) \"'", Count: 3}
	return action.Job{ID: "j", Spec: action.Spec{Program: &spec}, Fields: fields, Runs: 1}
}

// do runs a program that must come to an outcome. The kernel may find a script that another test has just written busy.
func do(t *testing.T, spec action.Program) action.Outcome {
	t.Helper()
	o, err := (&Runner{}).Do(t.Context(), job(spec))
	for errors.Is(err, syscall.ETXTBSY) && !action.IsPermanent(err) {
		o, err = (&Runner{}).Do(t.Context(), job(spec))
	}
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestAProgramGetsItsArguments(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "told")
	o := do(t, action.Program{Path: self, Args: []string{"tell", file, "{nickname}", "n={count}", "*", "$HOME", "a b"}})
	if o != (action.Outcome{State: action.Done, Reply: "told"}) {
		t.Fatalf("outcome %+v", o)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var r report
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	want := []string{file, "help; $(touch owned) \"'", "n=3", "*", "$HOME", "a b"}
	if !slices.Equal(r.Args, want) {
		t.Errorf("got  %q\nwant %q", r.Args, want)
	}
	if r.Dir != filepath.Dir(self) || !slices.Contains(r.Env, "LIVECUE_COUNT=3") {
		t.Errorf("folder %s, environment %q", r.Dir, r.Env)
	}
}

func TestOutcomes(t *testing.T) {
	noise := "i=0; while [ $i -lt 20000 ]; do echo 0123456789012345678901234567890123456789; i=$((i+1)); done; "
	tests := []struct {
		name, text string
		timeout    action.Duration
		want       action.Outcome
	}{
		{"done", "echo; echo lamp on; echo more", 0, action.Outcome{State: action.Done, Reply: "lamp on"}},
		{"silent", "exit 0", 0, action.Outcome{State: action.Done}},
		{"its input is empty", "cat; echo read", 0, action.Outcome{State: action.Done, Reply: "read"}},
		{"refused", "echo hello; echo no >&2; echo 'no lamp' >&2; echo >&2; exit 3", 0, action.Outcome{State: action.Rejected, Reply: "exit status 3: no lamp"}},
		{"killed", "kill -TERM $$", 0, action.Outcome{State: action.Rejected, Reply: "signal: terminated"}},
		{"much output", noise + noise, 0, action.Outcome{State: action.Done, Reply: "0123456789012345678901234567890123456789"}},
		{"many errors", "(" + noise + "echo last) >&2; exit 1", 0, action.Outcome{State: action.Rejected, Reply: "exit status 1: last"}},
		{"hostile output", `printf '\033[2J\377ok\n'`, 0, action.Outcome{State: action.Done, Reply: "[2Jok"}},
		{"too slow", "sleep 1000", short, action.Outcome{State: action.Unknown, Reply: "it took longer than 300ms and was ended"}},
		{"will not go", "trap '' TERM INT HUP; while :; do sleep 1000; done", short, action.Outcome{State: action.Unknown, Reply: "it took longer than 300ms and was ended"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := do(t, action.Program{Path: script(t, tt.text), Timeout: tt.timeout}); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

// isAlive reports whether a process runs. One that has ended and that nobody waits for does not.
func isAlive(t *testing.T, pid int) bool {
	t.Helper()
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

// pids waits for a file of process ids.
func pids(t *testing.T, file string, count int) []int {
	t.Helper()
	var found []int
	eventually(t, "the processes to begin", func() bool {
		data, err := os.ReadFile(file)
		if err != nil || !strings.HasSuffix(string(data), "\n") {
			return false
		}
		found = nil
		for word := range strings.FieldsSeq(string(data)) {
			n, err := strconv.Atoi(word)
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, n)
		}
		return len(found) == count
	})
	return found
}

func eventually(t *testing.T, what string, isTrue func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !isTrue(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func TestNothingOutlivesAProgram(t *testing.T) {
	// Two children of a child, one of which holds the output open.
	const family = "(sleep 1000 & echo $! > %; sleep 1000 >/dev/null 2>&1 & echo $! >> %; wait) & "
	for name, end := range map[string]struct {
		text    string
		timeout action.Duration
		want    action.State
	}{
		"its time is over": {"wait", action.Duration(2 * time.Second), action.Unknown},
		"it ends itself":   {"while [ $(wc -l < %) -lt 2 ]; do sleep 0.01; done; exit 0", long, action.Done},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "pids")
			path := script(t, strings.ReplaceAll("touch %; "+family+end.text, "%", file))
			if o := do(t, action.Program{Path: path, Timeout: end.timeout}); o.State != end.want {
				t.Errorf("outcome %+v", o)
			}
			for _, pid := range pids(t, file, 2) {
				eventually(t, "the children to end", func() bool { return !isAlive(t, pid) })
			}
		})
	}
}

func TestAProgramThatIsGivenUp(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pids")
	path := script(t, "echo $$ > "+file+"; sleep 1000")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		o, err := (&Runner{}).Do(ctx, job(action.Program{Path: path}))
		if err != nil || o.State != action.Unknown {
			t.Errorf("%+v, %v", o, err)
		}
	}()
	pid := pids(t, file, 1)[0]
	cancel()
	<-done
	if isAlive(t, pid) {
		t.Error("it goes on")
	}
	if _, err := (&Runner{}).Do(ctx, job(action.Program{Path: path})); !errors.Is(err, context.Canceled) || action.IsPermanent(err) {
		t.Errorf("never begun: %v", err)
	}
}

func TestWhatCannotBeRun(t *testing.T) {
	dir := t.TempDir()
	plain := filepath.Join(dir, "plain")
	if err := os.WriteFile(plain, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(dir, "broken")
	if err := os.WriteFile(broken, []byte("\x7fELFnonsense"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"missing": filepath.Join(dir, "missing"), "not in PATH": "no-such-program", "not executable": plain, "a folder": dir,
		"no program": broken, "relative": "./script", "above": "../x",
	} {
		_, err := (&Runner{}).Do(t.Context(), job(action.Program{Path: path}))
		if err == nil || !action.IsPermanent(err) {
			t.Errorf("%s: %v", name, err)
		}
		t.Logf("%s: %v", name, err)
	}
	for name, j := range map[string]action.Job{
		"another kind": {}, "part of an argument": job(action.Program{Path: "true", Args: []string{"--name={nickname}"}}),
	} {
		if _, err := (&Runner{}).Do(t.Context(), j); !action.IsPermanent(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestARehearsalRunsNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ran")
	j := job(action.Program{Path: script(t, "touch "+file)})
	j.Rehearsed = true
	o, err := (&Runner{}).Do(t.Context(), j)
	if err != nil || o.State != action.Done || !strings.Contains(o.Reply, "nothing was run") {
		t.Errorf("%+v, %v", o, err)
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it ran: %v", err)
	}
}
