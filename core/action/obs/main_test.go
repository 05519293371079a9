package obs

import (
	"log/slog"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/livecue/livecue/core/action"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const password = "open sesame"

// client returns a client that is closed with the test. Its timeout is long, for a loaded machine; tests that wait for it set
// a short one.
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
	t.Cleanup(func() { _ = c.Close() }) // tests of Close look at its error
	return c
}

func job(o action.OBS) action.Job {
	return action.Job{ID: "j", Spec: action.Spec{OBS: &o}, Runs: 1, Fields: action.Fields{User: "testy_tom", Nickname: "Tom"}}
}

// do does a job that must be done.
func do(t testing.TB, c *Client, o action.OBS) action.Outcome {
	t.Helper()
	got, err := c.Do(t.Context(), job(o))
	if err != nil || got.State != action.Done {
		t.Fatalf("%+v: got %+v, %v", o, got, err)
	}
	return got
}

// eventually waits for a condition that another goroutine or program brings about.
func eventually(t testing.TB, what string, isTrue func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !isTrue(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}
