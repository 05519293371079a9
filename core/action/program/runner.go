package program

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/process"
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
	cmd.Dir = process.Folder(spec.Path)
	cmd.WaitDelay = lingerLimit
	begun := time.Now()
	err = process.Run(cmd)
	var failed *process.StartError
	switch {
	case errors.As(err, &failed) && failed.MayPass():
		return action.Outcome{}, failed
	case failed != nil:
		return action.Outcome{}, action.Permanent(failed)
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
	path, err := process.Find(spec.Path)
	if err != nil {
		return "", err
	}
	if isBatch(path, runtime.GOOS) && hasViewerText(spec) {
		return "", fmt.Errorf(
			"%s is a batch file, which would take what a viewer wrote for commands: use a program or a PowerShell script", filepath.Base(path))
	}
	return path, nil
}
