package obs

import (
	"context"
	"log/slog"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/livecue/livecue/core/action"
)

// victimAddress and victimNotes tell a process of this test that it is to be killed.
const victimAddress, victimNotes = "LIVECUE_TEST_OBS", "LIVECUE_TEST_OBS_NOTES"

func TestMain(m *testing.M) {
	if address := os.Getenv(victimAddress); address != "" {
		beKilled(address, os.Getenv(victimNotes))
		return
	}
	goleak.VerifyTestMain(m)
}

// beKilled switches OBS for an hour, and hopes that nobody ends it meanwhile.
func beKilled(address, path string) {
	log := slog.New(slog.DiscardHandler)
	c := New(Options{Address: address, Password: password, Notes: OpenNotes(path, log), Log: log})
	pause := action.OBS{Do: action.OBSScene, Scene: "Pause", For: action.Duration(time.Hour)}
	_, _ = c.Do(context.Background(), job(pause)) // OBS is asked how it went
}

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
