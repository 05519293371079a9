package logbook

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	crashPrefix = "crash-"
	crashSuffix = ".txt"
	// toldSuffix ends the name of a crash that the log of a later start has told of, answeredSuffix that of one about which
	// the user has been asked as well.
	toldSuffix     = ".told.txt"
	answeredSuffix = ".answered.txt"
	// keptCrashes is how many files of crashes stay.
	keptCrashes = 10
)

// Crash is what an earlier run of the program has left as it died.
type Crash struct {
	// Path is its file, in which nothing is masked.
	Path string
	// At is when it was written.
	At time.Time
}

// watchCrash has the runtime write what kills this process, such as a panic at the top of a goroutine, to a new file in dir,
// and returns its path: crash-DATE-PID.txt. The runtime writes it as it dies, so that nothing in it is masked yet.
func watchCrash(dir string) (path string, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("make the folder: %w", err)
	}
	name := fmt.Sprintf("%s%s-%d%s", crashPrefix, time.Now().UTC().Format("20060102T150405.000"), os.Getpid(), crashSuffix)
	path = filepath.Join(dir, name)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	err = debug.SetCrashOutput(f, debug.CrashOptions{})
	if err := errors.Join(err, f.Close()); err != nil { // the runtime has a handle of its own
		return "", errors.Join(err, os.Remove(path))
	}
	return path, nil
}

// unwatchCrash ends the watch and removes its file, which is empty while the process lives.
func unwatchCrash(path string) error {
	return errors.Join(debug.SetCrashOutput(nil, debug.CrashOptions{}), os.Remove(path))
}

// tellCrashes returns the crashes in dir that the user has not answered, the newest first, and those of them that no log has
// told of, which it marks as told. It removes the files of processes that were killed without a word, and of crashes long
// ago. The returned error goes along with the lists.
func tellCrashes(dir string) (open, told []Crash, err error) {
	var errs []error
	all, err := crashFiles(dir)
	if err != nil {
		return nil, nil, err
	}
	kept := 0
	for _, path := range all {
		info, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist): // another LiveCue was quicker
		case err != nil:
			errs = append(errs, err)
		case info.Size() == 0:
			if !isAlive(crashPID(path)) {
				errs = append(errs, os.Remove(path))
			}
		case kept >= keptCrashes:
			errs = append(errs, os.Remove(path))
		default:
			kept++
			crash := Crash{Path: path, At: info.ModTime()}
			if !strings.HasSuffix(path, toldSuffix) && !strings.HasSuffix(path, answeredSuffix) {
				crash.Path, err = markCrash(path, toldSuffix)
				errs, told = append(errs, err), append(told, crash)
			}
			if !strings.HasSuffix(path, answeredSuffix) {
				open = append(open, crash)
			}
		}
	}
	return open, told, errors.Join(errs...)
}

// markCrash gives a crash's file another ending and returns its path, the old one along with an error.
func markCrash(path, suffix string) (string, error) {
	newPath := strings.TrimSuffix(strings.TrimSuffix(path, toldSuffix), crashSuffix) + suffix
	if err := os.Rename(path, newPath); err != nil {
		return path, err
	}
	return newPath, nil
}

// crashFiles returns the paths of the crash files in dir, the newest first. A folder that is missing has none.
func crashFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var paths []string
	for _, e := range entries {
		isCrash := strings.HasPrefix(e.Name(), crashPrefix) && strings.HasSuffix(e.Name(), crashSuffix)
		if isCrash && e.Type().IsRegular() {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	slices.Reverse(paths) // ReadDir sorts by name, which begins with the date
	return paths, nil
}

// crashPID reads the process's number from a crash file's name; 0 if there is none.
func crashPID(path string) int {
	name := strings.TrimSuffix(filepath.Base(path), crashSuffix)
	pid, err := strconv.Atoi(name[strings.LastIndexByte(name, '-')+1:])
	if err != nil {
		return 0
	}
	return pid
}

// isAlive reports whether a process has the number. It may be another one by now: then a file is kept for longer.
func isAlive(pid int) bool {
	if pid <= 0 {
		return false
	}
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	defer func() { _ = p.Release() }() // a handle at most
	if runtime.GOOS == "windows" {
		return true // there only what lives is found
	}
	err = p.Signal(syscall.Signal(0))
	return err == nil || errors.Is(err, fs.ErrPermission)
}
