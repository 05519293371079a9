package plugin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/livecue/livecue/core/grant"
	"github.com/livecue/livecue/core/process"
)

// life is a plugin that is to run, with all its starts, until it is told to end.
type life struct {
	set    *Set
	entry  *entry
	spec   Spec
	port   int
	cancel context.CancelFunc
	// again has a value when the plugin is to be started anew at once.
	again  chan struct{}
	pauses *pauses
}

// run starts the plugin again and again until ctx ends. It returns when its program has ended.
func (l *life) run(ctx context.Context) {
	for ctx.Err() == nil {
		began := time.Now()
		err := l.once(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case errors.Is(err, errAgain):
			l.pauses.forget()
		case err == nil:
			l.pauses.forget()
			l.rest(ctx, Ended, 0)
		default:
			pause, isFailing := l.pauses.after(time.Since(began))
			var unstarted *unstartedError
			if errors.As(err, &unstarted) && !unstarted.mayPass() {
				pause, isFailing = l.set.pace.seldom, true
			}
			state := Pausing
			if isFailing {
				state = Failing
			}
			l.rest(ctx, state, pause)
		}
	}
}

// rest waits for so long, or where pause is 0 for ever, unless the plugin is to be started at once or to end.
func (l *life) rest(ctx context.Context, state State, pause time.Duration) {
	now := time.Now()
	var due <-chan time.Time
	var next time.Time
	if pause > 0 {
		timer := time.NewTimer(pause)
		defer timer.Stop()
		due, next = timer.C, now.Add(pause)
	}
	l.set.note(ctx, l.entry, func(st *Status) {
		st.State, st.Since, st.Next, st.Pid = state, now, next, 0
	})
	select {
	case <-ctx.Done():
	case <-due:
	case <-l.again:
		l.pauses.forget()
	}
}

// errAgain is why a program was ended that is to be started anew.
var errAgain = errors.New("it is started anew")

// unstartedError is why there was no program to run.
type unstartedError struct{ err error }

func (e *unstartedError) Error() string { return e.err.Error() }
func (e *unstartedError) Unwrap() error { return e.err }

func (e *unstartedError) mayPass() bool {
	var start *process.StartError
	return errors.As(e.err, &start) && start.MayPass()
}

// once runs the program to its end, and returns how it ended: nil is well.
func (l *life) once(ctx context.Context) error {
	scopes := []grant.Scope{grant.Read}
	if l.spec.MayTrigger {
		scopes = append(scopes, grant.Trigger)
	}
	token, giveBack, err := l.set.opts.Lend(l.spec.Kinds, l.spec.Name, scopes...)
	if err != nil {
		return l.unstarted(ctx, fmt.Errorf("make a token: %w", err))
	}
	defer giveBack()
	// The program ends with its life by stop, which asks before it kills.
	killing, kill := context.WithCancel(context.WithoutCancel(ctx))
	defer kill()
	cmd, err := l.command(killing, token)
	if err != nil {
		return l.unstarted(ctx, err)
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		return l.unstarted(ctx, err)
	}
	l.entry.output.begin(token, time.Now())
	group, err := process.StartGuarded(cmd)
	if err != nil {
		l.entry.output.end(err.Error(), time.Now())
		return l.unstarted(ctx, err)
	}
	l.started(ctx, group.Pid())
	ended := make(chan error, 1)
	go func() { ended <- group.Wait() }() // ends with the program, which is waited for below
	isAgain := false
	select {
	case err = <-ended:
	case <-ctx.Done():
		err = l.stop(group, in, giveBack, kill, ended)
	case <-l.again:
		isAgain = true
		err = l.stop(group, in, giveBack, kill, ended)
	}
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil // it had ended well, and something that it left behind held its output
	}
	l.over(ctx, err, isAgain)
	if isAgain {
		return errAgain
	}
	return err
}

// stop asks a program to end, and kills it when it takes too long. The token ends first: what was switched off calls no rule.
func (l *life) stop(group *process.Group, in io.Closer, giveBack func(), kill context.CancelFunc, ended <-chan error) error {
	giveBack()
	_ = in.Close()
	if err := group.Ask(); err != nil {
		l.set.opts.Log.Warn("a plugin cannot be asked to end", "plugin", l.spec.Name, "error", err)
	}
	timer := time.NewTimer(l.set.pace.patience)
	defer timer.Stop()
	select {
	case err := <-ended:
		return err
	case <-timer.C:
	}
	kill()
	return <-ended
}

// command returns what to run.
func (l *life) command(ctx context.Context, token string) (*exec.Cmd, error) {
	path, err := process.Find(l.spec.Program)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, path, l.spec.Args...)
	cmd.Dir = l.spec.Folder
	if cmd.Dir == "" {
		cmd.Dir = process.Folder(l.spec.Program)
	}
	if info, err := os.Stat(cmd.Dir); err != nil || !info.IsDir() || !filepath.IsAbs(cmd.Dir) {
		return nil, fmt.Errorf("there is no folder %.300q to run in", cmd.Dir)
	}
	cmd.Env = environment(os.Environ(), l.port, token)
	cmd.Stdout, cmd.Stderr = l.entry.output, l.entry.output
	cmd.WaitDelay = l.set.pace.linger
	return cmd, nil
}

// environment adds port and token to what LiveCue has itself, without LiveCue's own variables: some of those are passwords.
func environment(inherited []string, port int, token string) []string {
	var env []string
	for _, pair := range inherited {
		name := strings.ToUpper(pair)
		if !strings.HasPrefix(name, "LIVECUE_") && !strings.HasPrefix(name, "TOKI_") {
			env = append(env, pair)
		}
	}
	at := strconv.Itoa(port)
	return append(env, "TOKI_PORT="+at, "TOKI_TOKEN="+token, "LIVECUE_PORT="+at, "LIVECUE_TOKEN="+token)
}

func (l *life) started(ctx context.Context, pid int) {
	now := time.Now()
	l.set.opts.Log.Info("a plugin has started", "plugin", l.spec.Name, "program", filepath.Base(l.spec.Program), "pid", pid)
	l.set.note(ctx, l.entry, func(st *Status) {
		st.State, st.Since, st.Next, st.Pid, st.Problem = Running, now, time.Time{}, pid, ""
		st.Starts++
	})
}

func (l *life) unstarted(ctx context.Context, err error) error {
	l.set.opts.Log.Warn("a plugin cannot be started", "plugin", l.spec.Name, "error", err)
	l.set.note(ctx, l.entry, func(st *Status) {
		st.Problem = err.Error()
		st.Failures++
	})
	return &unstartedError{err}
}

// over notes how the program has ended.
func (l *life) over(ctx context.Context, err error, isAgain bool) {
	how := "exit status 0"
	if err != nil {
		how = err.Error()
	}
	l.entry.output.end(how, time.Now())
	l.set.opts.Log.Info("a plugin has ended", "plugin", l.spec.Name, "how", how)
	l.set.note(ctx, l.entry, func(st *Status) {
		st.Pid, st.LastExit = 0, how
		if err != nil && !isAgain {
			st.Failures++
		}
	})
}
