package rcon

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/rehearsal/practice"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const password = "practice makes perfect"

// game starts a practice server that ends with the test, or earlier by the function that it returns.
func game(t testing.TB, opts practice.Options) (*practice.Server, func()) {
	t.Helper()
	opts.Password = password
	opts.Log = slog.New(slog.DiscardHandler)
	s, err := practice.Listen(opts)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := s.Run(ctx); err != nil {
			t.Errorf("practice server: %v", err)
		}
	}()
	stop := func() { cancel(); <-done }
	t.Cleanup(stop)
	return s, stop
}

// client returns a client of address that is closed with the test. Its timeout is long, for a loaded machine; tests that
// wait for it set a short one.
func client(t testing.TB, address string, opts Options) *Client {
	t.Helper()
	opts.Address, opts.Log = address, slog.New(slog.DiscardHandler)
	if opts.Password == "" {
		opts.Password = password
	}
	if opts.Timeout == 0 {
		opts.Timeout = 30 * time.Second
	}
	c := New(opts)
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return c
}

func job(command string) action.Job {
	return action.Job{ID: "j", Spec: action.Spec{RCON: &action.RCON{Command: command}}, Runs: 1}
}

// do does a command that must come to an outcome.
func do(t testing.TB, c *Client, command string) action.Outcome {
	t.Helper()
	o, err := c.Do(t.Context(), job(command))
	if err != nil {
		t.Fatalf("%q: %v", command, err)
	}
	return o
}

// eventually waits for a condition that another goroutine brings about.
func eventually(t testing.TB, what string, isTrue func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !isTrue(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}
