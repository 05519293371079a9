//go:build unix

package program

import (
	"errors"
	"fmt"
	"os/exec"
	"syscall"
)

// errBusy is what a system says of a program whose file is being written.
var errBusy error = syscall.ETXTBSY

// runGroup runs a program in a process group of its own, and leaves nothing of the group behind. The error is a startError, or what Wait
// says.
func runGroup(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return killGroup(cmd.Process.Pid) }
	if err := cmd.Start(); err != nil {
		return startError{err}
	}
	err := cmd.Wait()
	if killErr := killGroup(cmd.Process.Pid); killErr != nil {
		return errors.Join(err, killErr)
	}
	return err
}

// killGroup ends all processes of a group. That there are none is what it is for.
func killGroup(id int) error {
	// A group that has no process left but ones that nobody has waited for answers EPERM on macOS.
	if err := syscall.Kill(-id, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) && !errors.Is(err, syscall.EPERM) {
		return fmt.Errorf("end the program and what it has started: %w", err)
	}
	return nil
}
