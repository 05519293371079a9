package process

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// Run runs a program to its end, and leaves nothing behind that it has started. The error is a *StartError, or what Wait says. The command is
// made with exec.CommandContext: as its context ends, all of the group does.
func Run(cmd *exec.Cmd) error {
	g, err := Start(cmd)
	if err != nil {
		return err
	}
	return g.Wait()
}

// StartError is why a program did not begin.
type StartError struct{ Err error }

// Error says why in the system's words, without the program's path.
func (e *StartError) Error() string {
	var p *os.PathError
	if errors.As(e.Err, &p) {
		return "start the program: " + p.Err.Error()
	}
	return "start the program: " + e.Err.Error()
}

// Unwrap returns Err.
func (e *StartError) Unwrap() error { return e.Err }

// MayPass tells what may pass from what will not: too many processes, or a file that is being written, may.
func (e *StartError) MayPass() bool {
	for _, passing := range []error{
		syscall.EAGAIN, syscall.ENOMEM, syscall.EMFILE, syscall.ENFILE, errBusy, context.Canceled, context.DeadlineExceeded,
	} {
		if errors.Is(e.Err, passing) {
			return true
		}
	}
	return false
}

// Find returns the file of a program: a whole path, or a name that is looked for in PATH. A path that depends on the folder in which
// LiveCue happens to run is none.
func Find(program string) (string, error) {
	if !filepath.IsAbs(program) && strings.ContainsAny(program, `/\`) {
		return "", &FindError{Program: program, Err: errors.New("it is not a whole path: choose the program again")}
	}
	found, err := exec.LookPath(program)
	if err != nil {
		var e *exec.Error
		if errors.As(err, &e) {
			err = e.Err
		}
		var p *os.PathError
		if errors.As(err, &p) {
			err = p.Err
		}
		return "", &FindError{Program: program, Err: err}
	}
	return found, nil
}

// FindError is why there is no program to run.
type FindError struct {
	Program string
	Err     error
}

// Error names the program and says why.
func (e *FindError) Error() string {
	return "find the program " + quoted(e.Program) + ": " + e.Err.Error()
}

// Unwrap returns Err.
func (e *FindError) Unwrap() error { return e.Err }

// quoted bounds what is said of a path.
func quoted(text string) string {
	const most = 300
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return `"` + text + `"`
}

// Folder returns where a program runs that is not told: a script expects its files beside it. One from PATH runs in the user's
// folder, or in LiveCue's own where the user has none.
func Folder(program string) string {
	if filepath.IsAbs(program) {
		return filepath.Dir(program)
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return home
}
