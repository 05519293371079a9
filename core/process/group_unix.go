//go:build unix

package process

import (
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
)

// errBusy is what a system says of a program whose file is being written.
var errBusy error = syscall.ETXTBSY

// Group is a program that runs, and all that it has started. It must be waited for.
type Group struct {
	cmd   *exec.Cmd
	guard *guard
	// over is closed by Wait; ended when the program's thread is free again.
	over, ended chan struct{}
}

// Start begins a program in a group of its own. The error is a *StartError.
//
// Linux ends a program with the thread that has started it, rather than with the whole of its parent. So that thread is kept until the
// program has ended.
func Start(cmd *exec.Cmd) (*Group, error) {
	g := &Group{cmd: cmd, over: make(chan struct{}), ended: make(chan struct{})}
	cmd.SysProcAttr = attributes()
	cmd.Cancel = g.Kill
	started := make(chan error, 1)
	go func() { // ends with Wait
		runtime.LockOSThread()
		defer close(g.ended)
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			<-g.over
		}
	}()
	if err := <-started; err != nil {
		return nil, &StartError{err}
	}
	return g, nil
}

// StartGuarded is Start for a group that is to end with LiveCue even where LiveCue is killed. Without a shell it is not guarded.
func StartGuarded(cmd *exec.Cmd) (*Group, error) {
	g, err := Start(cmd)
	if err != nil {
		return nil, err
	}
	g.guard = newGuard(g.Pid())
	return g, nil
}

// Pid is the id of the program's process.
func (g *Group) Pid() int { return g.cmd.Process.Pid }

// Wait waits for the program's end, and ends what it has left behind. The error is what exec.Cmd.Wait says.
func (g *Group) Wait() error {
	err := g.cmd.Wait()
	killErr := g.Kill()
	g.guard.dismiss()
	close(g.over)
	<-g.ended
	if killErr != nil {
		return errors.Join(err, killErr)
	}
	return err
}

// Ask asks all of the group to end.
func (g *Group) Ask() error { return g.send(syscall.SIGTERM) }

// Kill ends all of the group at once.
func (g *Group) Kill() error { return g.send(syscall.SIGKILL) }

// send signals all processes of the group. That there are none is what it is for.
func (g *Group) send(s syscall.Signal) error {
	// A group that has no process left but ones that nobody has waited for answers EPERM on macOS.
	if err := syscall.Kill(-g.Pid(), s); err != nil && !errors.Is(err, syscall.ESRCH) && !errors.Is(err, syscall.EPERM) {
		return fmt.Errorf("end the program and what it has started: %w", err)
	}
	return nil
}

// guarding waits for the end of its input, which is LiveCue's end, and then ends the group. A line before that sends it away.
const guarding = `trap '' HUP INT TERM; read -r line && exit 0; kill -s KILL -- "-$1"`

// guard is the small process that outlives LiveCue by a moment. A nil guard does nothing.
type guard struct {
	cmd  *exec.Cmd
	line io.WriteCloser
}

// newGuard returns the guard of a group, or nil where there can be none.
func newGuard(group int) *guard {
	cmd := exec.Command("/bin/sh", "-c", guarding, "livecue-guard", strconv.Itoa(group)) //nolint:noctx // it ends as it is told to
	cmd.Dir, cmd.Env = "/", []string{}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // what is typed at LiveCue's terminal is not for it
	line, err := cmd.StdinPipe()
	if err != nil || cmd.Start() != nil {
		return nil
	}
	return &guard{cmd, line}
}

// dismiss ends the guard, whose group is gone.
func (g *guard) dismiss() {
	if g == nil {
		return
	}
	_, _ = io.WriteString(g.line, "\n") // one that somebody has killed takes no line
	_ = g.line.Close()
	_ = g.cmd.Wait()
}
