package program

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/livecue/livecue/core/action"
)

const (
	defaultTimeout = 30 * time.Second
	// lingerLimit is how long the output of a program that has ended is waited for: what it left behind may hold it open.
	lingerLimit = time.Second
	// maxReply bounds what a program's words are shown of, in runes.
	maxReply = 300
)

// Runner runs programs. The zero value is ready. It may be used from many goroutines.
type Runner struct {
	// Log is told of each program that has ended; nil is nowhere.
	Log *slog.Logger
}

// errTime is why a program was ended whose time was over.
var errTime = errors.New("its time was over")

// Do runs the program of the job once and waits for its end. Exit code 0 is Done, with the first line of its output; any other is
// Rejected, with the last line of its errors. One whose time is over, or that is given up because ctx ends, is ended, and what it has
// done by then is Unknown.
//
// A program that is not there or cannot be run is a Permanent error; one that the system has no room for just now another. What a
// rehearsal triggered is not run.
func (r *Runner) Do(ctx context.Context, job action.Job) (action.Outcome, error) {
	if job.Spec.Program == nil {
		return action.Outcome{}, action.Permanent(errors.New("the job has no program"))
	}
	if err := job.Spec.Check(); err != nil {
		return action.Outcome{}, action.Permanent(err)
	}
	if job.Rehearsed {
		return action.Outcome{State: action.Done, Reply: "a rehearsal: nothing was run"}, nil
	}
	if err := ctx.Err(); err != nil {
		return action.Outcome{}, err
	}
	return r.run(ctx, *job.Spec.Program, job.Fields)
}

func (r *Runner) run(ctx context.Context, spec action.Program, f action.Fields) (action.Outcome, error) {
	path, err := runnable(spec)
	if err != nil {
		return action.Outcome{}, action.Permanent(err)
	}
	batch := isBatch(path, runtime.GOOS)
	timeout := spec.Timeout.Std()
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	ctx, cancel := context.WithTimeoutCause(ctx, timeout, errTime)
	defer cancel()

	out, grumbles := &head{}, &tail{}
	cmd := exec.CommandContext(ctx, path, Args(spec, f)...)
	cmd.Stdout, cmd.Stderr = out, grumbles
	cmd.Env = environment(f, batch, runtime.GOOS)
	cmd.Dir = folder(spec.Path)
	cmd.WaitDelay = lingerLimit
	begun := time.Now()
	err = runGroup(cmd)
	var failed startError
	if errors.As(err, &failed) {
		return action.Outcome{}, failed.classified()
	}
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil // it had ended well, and something that it left behind held its output
	}
	r.log("a program has ended", "program", filepath.Base(path), "took", time.Since(begun), "error", err)
	return outcome(ctx, err, out, grumbles, timeout), nil
}

// outcome says what became of a program that was started.
func outcome(ctx context.Context, err error, out *head, grumbles *tail, timeout time.Duration) action.Outcome {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return action.Outcome{State: action.Done, Reply: out.firstLine()}
	case errors.Is(context.Cause(ctx), errTime):
		return action.Outcome{State: action.Unknown, Reply: fmt.Sprintf("it took longer than %v and was ended", timeout)}
	case ctx.Err() != nil:
		return action.Outcome{State: action.Unknown, Reply: "it was ended before its time"}
	case errors.As(err, &exit):
		reply := exit.Error() // "exit status 3", or the signal
		if line := grumbles.lastLine(); line != "" {
			reply += ": " + line
		}
		return action.Outcome{State: action.Rejected, Reply: reply}
	default:
		return action.Outcome{State: action.Unknown, Reply: action.Printable(err.Error(), maxReply)}
	}
}

func (r *Runner) log(message string, args ...any) {
	if r.Log != nil {
		r.Log.Debug(message, args...) //nolint:sloglint // handed on
	}
}

// Check looks whether the program of an action is there and can be run as it asks. The error says what is wrong.
func Check(spec action.Program) error {
	_, err := runnable(spec)
	return err
}

// runnable returns the file of an action's program, if it may be run.
func runnable(spec action.Program) (string, error) {
	path, err := find(spec.Path)
	if err != nil {
		return "", err
	}
	if isBatch(path, runtime.GOOS) && hasViewerText(spec) {
		return "", fmt.Errorf(
			"%s is a batch file, which would take what a viewer wrote for commands: use a program or a PowerShell script", filepath.Base(path))
	}
	return path, nil
}

// find returns the file of a program. A path that depends on the folder in which LiveCue happens to run is none.
func find(path string) (string, error) {
	if !filepath.IsAbs(path) && strings.ContainsAny(path, `/\`) {
		return "", fmt.Errorf("%q is not a whole path: choose the program again", path)
	}
	found, err := exec.LookPath(path)
	if err != nil {
		return "", fmt.Errorf("find the program %q: %w", path, withoutName(err))
	}
	return found, nil
}

func withoutName(err error) error {
	var e *exec.Error
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}

// folder returns where a program runs: a script expects its files beside it. One from PATH runs in the user's folder.
func folder(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Dir(path)
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "" // LiveCue's own
	}
	return home
}

// startError is why a program did not begin.
type startError struct{ err error }

func (e startError) Error() string { return "start the program: " + withoutPath(e.err).Error() }
func (e startError) Unwrap() error { return e.err }

func withoutPath(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// classified tells what may pass from what will not: too many processes, or a file that is being written, may.
func (e startError) classified() error {
	for _, passing := range []error{syscall.EAGAIN, syscall.ENOMEM, syscall.EMFILE, syscall.ENFILE, errBusy} {
		if errors.Is(e.err, passing) || errors.Is(e.err, context.Canceled) || errors.Is(e.err, context.DeadlineExceeded) {
			return e
		}
	}
	return action.Permanent(e)
}
