//go:build unix

package tiktok

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/livecue/livecue/core/event"
)

// survivor is the code with which the child process ends if the library did not end it.
const survivor = 7

// The library must not end the program on a signal, nor take the signal from the program's own handlers, whichever was
// installed first. It is tried in a process of its own.
func TestSignalsStayTheProgramsOwn(t *testing.T) {
	if when := os.Getenv("LIVECUE_TEST_SIGNAL"); when != "" {
		childOfSignalTest(t, when)
		return
	}
	for _, when := range []string{"before", "after"} {
		cmd := exec.Command(os.Args[0], "-test.run=TestSignalsStayTheProgramsOwn")
		cmd.Env = append(os.Environ(), "LIVECUE_TEST_SIGNAL="+when)
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != survivor {
			t.Errorf("notify %s the lookup: %v\n%s", when, err, out)
		}
	}
}

func childOfSignalTest(t *testing.T, when string) {
	notify := func() context.Context {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
		t.Cleanup(stop)
		return ctx
	}
	var ctx context.Context
	if when == "before" {
		ctx = notify()
	}
	f := newFake(t)
	r := start(t, f.source(nil))
	r.untilKind(event.KindConnected)
	_ = r.stop()
	if when == "after" {
		ctx = notify()
	}
	if !hasLibraryGoroutine() {
		t.Fatal("the library does not wait for signals any more: keepAlive may go")
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-ctx.Done()
	for hasLibraryGoroutine() {
		time.Sleep(time.Millisecond)
	}
	os.Exit(survivor)
}

func hasLibraryGoroutine() bool {
	buf := make([]byte, 1<<20)
	return strings.Contains(string(buf[:runtime.Stack(buf, true)]), "gotiktoklive.NewTikTokWithApiKey.func")
}
