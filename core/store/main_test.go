package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

// childEnv asks this test program to be another process that uses the store: "append", "steps", "lives" or "hold".
const childEnv = "LIVECUE_STORE_CHILD"

func TestMain(m *testing.M) {
	if role := os.Getenv(childEnv); role != "" {
		if err := child(role, os.Args[len(os.Args)-1]); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// child says each thing that the store has acknowledged in a line of its own, until it is killed or its input ends.
func child(role, path string) error {
	s, err := Open(Options{Path: path})
	if err != nil {
		return err
	}
	fmt.Println("open")
	switch role {
	case "append":
		return childAppends(s)
	case "steps":
		return childSteps(s)
	case "lives":
		return childLives(s)
	default:
		_, err := io.Copy(io.Discard, os.Stdin)
		return err
	}
}

const (
	childBatch = 3
	childJobs  = 40
)

func childAppends(s *Store) error {
	for i := 0; ; i++ {
		var records []Record
		for j := range childBatch {
			records = append(records, record(i*childBatch+j, 2))
		}
		if err := s.Append(context.Background(), records); err != nil {
			return err
		}
		fmt.Println(i)
	}
}

// childLives goes on where the last child was killed: it says how many records it has appended since. Two of three jobs are
// claimed and done, and now and then the log is folded.
func childLives(s *Store) error {
	past, err := s.Past(context.Background(), "tiktok", time.Time{}, 1_000_000)
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		n := len(past) + i
		if err := s.Append(context.Background(), []Record{record(n, 1)}); err != nil {
			return err
		}
		fmt.Println(i + 1)
		if id := jobID(n, 0); n%3 > 0 {
			if err := errors.Join(s.Claim(id, 0), s.Note(Outcome{JobID: id, State: action.Done, Runs: 1})); err != nil {
				return err
			}
		}
		if n%7 == 0 {
			if err := s.fold(context.Background()); err != nil {
				return err
			}
		}
	}
}

// childSteps takes each job through claim, note of a run, claim, and its end.
func childSteps(s *Store) error {
	for i := range childJobs {
		if err := s.Append(context.Background(), []Record{record(i, 1)}); err != nil {
			return err
		}
	}
	fmt.Println("ready")
	for i := range childJobs {
		id := jobID(i, 0)
		for n, do := range []func() error{
			func() error { return s.Claim(id, 0) },
			func() error { return s.Note(Outcome{JobID: id, State: action.Running, Runs: 1}) },
			func() error { return s.Claim(id, 1) },
			func() error { return s.Note(Outcome{JobID: id, State: action.Done, Runs: 2, Reply: "Given"}) },
		} {
			if err := do(); err != nil {
				return err
			}
			fmt.Println(i*4 + n)
		}
	}
	fmt.Println("end")
	_, err := io.Copy(io.Discard, os.Stdin)
	return err
}

// process is a child under way.
type process struct {
	t     *testing.T
	cmd   *exec.Cmd
	lines *bufio.Scanner
	stdin io.Closer
}

func start(t *testing.T, role, path string) *process {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$", path)
	cmd.Env = append(os.Environ(), childEnv+"="+role)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, cmd: cmd, lines: bufio.NewScanner(out), stdin: stdin}
	t.Cleanup(func() { p.kill() })
	return p
}

// wait reads the lines up to the one given.
func (p *process) wait(line string) {
	p.t.Helper()
	for p.lines.Scan() {
		if p.lines.Text() == line {
			return
		}
		if strings.HasPrefix(p.lines.Text(), "error") {
			p.t.Fatal(p.lines.Text())
		}
	}
	p.t.Fatalf("the process ended before it said %q", line)
}

// kill ends the process as kill -9 does, and returns the last line that it said, "" where it said none since wait.
func (p *process) kill() string {
	p.cmd.Process.Kill() //nolint:errcheck // it may have ended
	last := ""
	for p.lines.Scan() {
		last = p.lines.Text()
	}
	p.cmd.Wait() //nolint:errcheck // it was killed
	return last
}

// open opens a store in a folder of the test's own, or at the path given, and closes it with the test.
func open(t testing.TB, opts Options) *Store {
	t.Helper()
	if opts.Path == "" {
		opts.Path = filepath.Join(t.TempDir(), "LiveCue data", "store #1?.db")
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	s, err := Open(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func closeNow(t testing.TB, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func jobID(i, j int) string { return fmt.Sprintf("job-%d-%d", i, j) }

// record is a gift with jobs. Its time is i seconds after the first's.
func record(i, jobs int) Record {
	at := time.Date(2026, 3, 14, 20, 0, i, 123456789, time.UTC)
	r := Record{Event: event.Gift{
		Head: event.Head{ID: fmt.Sprint("gift-", i), At: at, Source: "tiktok", Room: "7"},
		User: event.User{ID: "1", Handle: "pixel_pia", Nickname: "Pia"},
		Gift: event.GiftInfo{ID: 5655, Name: "Rose", Coins: 1}, Added: 1, Count: 1, First: true, Final: true,
	}}
	for j := range jobs {
		r.Jobs = append(r.Jobs, action.Job{
			ID: jobID(i, j), EventID: fmt.Sprint("gift-", i), RuleID: "r1", RuleName: "Roses", Created: at, Runs: 2,
			Spec:   action.Spec{RCON: &action.RCON{Server: "smp", Command: "give {user} minecraft:rose_bush"}},
			Fields: action.Fields{User: "pixel_pia", Nickname: "Pia", Gift: "Rose", Count: 1, Coins: 1},
		})
	}
	return r
}

func appendAll(t testing.TB, s *Store, records ...Record) {
	t.Helper()
	if err := s.Append(t.Context(), records); err != nil {
		t.Fatal(err)
	}
}

// unfinished returns all unfinished jobs, those of this life of the store too.
func unfinished(t testing.TB, s *Store) []Pending {
	t.Helper()
	all, _, err := s.unfinished(t.Context(), 0, math.MaxInt64, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func ids(all []Pending) []string {
	var ids []string
	for _, p := range all {
		ids = append(ids, p.Job.ID)
	}
	return ids
}
