package process

import (
	"errors"
	"fmt"
	"os/exec"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// errBusy is what Windows says of a program whose file is being written.
var errBusy error = windows.ERROR_SHARING_VIOLATION

// Group is a program that runs, and all that it has started. It must be waited for.
type Group struct {
	cmd *exec.Cmd
	job windows.Handle
}

// Start begins a program in a job object of its own, which ends all that is in it when it is closed. The program begins suspended: it
// cannot start anything before it is in the job. It gets no console window, and its own windows as they are. The error is a
// *StartError.
func Start(cmd *exec.Cmd) (*Group, error) {
	job, err := newJob()
	if err != nil {
		return nil, &StartError{err}
	}
	g := &Group{cmd, job}
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_SUSPENDED | windows.CREATE_NO_WINDOW}
	cmd.Cancel = g.Kill
	if err := cmd.Start(); err != nil {
		return nil, &StartError{errors.Join(err, windows.CloseHandle(job))}
	}
	if err := release(job, uint32(cmd.Process.Pid)); err != nil {
		// It is suspended still, and has done nothing.
		return nil, &StartError{errors.Join(err, cmd.Process.Kill(), ended(cmd.Wait()), windows.CloseHandle(job))}
	}
	return g, nil
}

// StartGuarded is Start: a job ends with LiveCue.
func StartGuarded(cmd *exec.Cmd) (*Group, error) { return Start(cmd) }

// Pid is the id of the program's process.
func (g *Group) Pid() int { return g.cmd.Process.Pid }

// Wait waits for the program's end, and ends what it has left behind. The error is what exec.Cmd.Wait says.
func (g *Group) Wait() error {
	err := g.cmd.Wait()
	killErr := g.Kill()
	if closeErr := windows.CloseHandle(g.job); killErr == nil && closeErr != nil {
		killErr = fmt.Errorf("close the job object: %w", closeErr)
	}
	if killErr != nil {
		return errors.Join(err, killErr)
	}
	return err
}

// Ask does nothing: Windows has no way to ask a program without a window. One that reads its input, or is connected to LiveCue, notices that
// these end.
func (g *Group) Ask() error { return nil }

// Kill ends all of the group at once.
func (g *Group) Kill() error {
	if err := windows.TerminateJobObject(g.job, 1); err != nil {
		return fmt.Errorf("end the program and what it has started: %w", err)
	}
	return nil
}

// ended drops the exit code of a program that was killed.
func ended(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil
	}
	return err
}

func newJob() (windows.Handle, error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return 0, fmt.Errorf("make a job object: %w", err)
	}
	limits := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{
		BasicLimitInformation: windows.JOBOBJECT_BASIC_LIMIT_INFORMATION{LimitFlags: windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE},
	}
	_, err = windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits)))
	if err != nil {
		return 0, errors.Join(fmt.Errorf("set up a job object: %w", err), windows.CloseHandle(job))
	}
	return job, nil
}

// release puts a suspended process into the job and lets it go on.
func release(job windows.Handle, pid uint32) error {
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, pid)
	if err != nil {
		return fmt.Errorf("open the process: %w", err)
	}
	defer windows.CloseHandle(process) //nolint:errcheck // it was only looked at
	if err := windows.AssignProcessToJobObject(job, process); err != nil {
		return fmt.Errorf("put the process into its job: %w", err)
	}
	thread, err := mainThread(pid)
	if err != nil {
		return err
	}
	defer windows.CloseHandle(thread) //nolint:errcheck // likewise
	if _, err := windows.ResumeThread(thread); err != nil {
		return fmt.Errorf("let the process go on: %w", err)
	}
	return nil
}

// mainThread finds the one thread that a suspended process has. os/exec does not hand out what CreateProcess says of it.
func mainThread(pid uint32) (windows.Handle, error) {
	threads, err := windows.CreateToolhelp32Snapshot(windows.TH32CS_SNAPTHREAD, 0)
	if err != nil {
		return 0, fmt.Errorf("list the threads: %w", err)
	}
	defer windows.CloseHandle(threads) //nolint:errcheck // it was only read
	entry := windows.ThreadEntry32{Size: uint32(unsafe.Sizeof(windows.ThreadEntry32{}))}
	for err = windows.Thread32First(threads, &entry); err == nil; err = windows.Thread32Next(threads, &entry) {
		if entry.OwnerProcessID != pid {
			continue
		}
		thread, err := windows.OpenThread(windows.THREAD_SUSPEND_RESUME, false, entry.ThreadID)
		if err != nil {
			return 0, fmt.Errorf("open the process's thread: %w", err)
		}
		return thread, nil
	}
	return 0, fmt.Errorf("find the process's thread: %w", err)
}
