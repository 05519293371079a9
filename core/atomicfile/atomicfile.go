// Package atomicfile replaces files whole: whoever reads one sees the old content or the new, and after a power cut one of
// the two is there.
package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// Write makes data the content of the file at path, with the permissions perm. The folder is made, for its owner alone, if
// it is missing. A path that is a symbolic link keeps pointing where it points.
func Write(path string, data []byte, perm fs.FileMode) error {
	target, err := filepath.EvalSymlinks(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		target = path
	case err != nil:
		return fmt.Errorf("find %s: %w", path, err)
	}
	dir := filepath.Dir(target)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	temp, err := writeTemp(dir, filepath.Base(target), data, perm)
	if err != nil {
		return fmt.Errorf("write beside %s: %w", target, err)
	}
	if err := rename(temp, target); err != nil {
		_ = os.Remove(temp) // the rename's error tells more
		return err
	}
	return syncDir(dir)
}

// writeTemp writes a file of its own in dir down to the disk and returns its path.
func writeTemp(dir, base string, data []byte, perm fs.FileMode) (path string, err error) {
	f, err := os.CreateTemp(dir, "."+base+".*.tmp")
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			_ = f.Close() // closed already, or the error before it tells more
			_ = os.Remove(f.Name())
		}
	}()
	if err := f.Chmod(perm); err != nil && runtime.GOOS != "windows" {
		return "", err
	}
	if _, err := f.Write(data); err != nil {
		return "", err
	}
	if err := f.Sync(); err != nil {
		return "", err
	}
	return f.Name(), f.Close()
}

// renameTries and renamePause bound how long a file on Windows is waited for that another program holds open, most often
// a virus scanner that looks at what was just written.
const (
	renameTries = 10
	renamePause = 20 * time.Millisecond
)

func rename(from, to string) error {
	err := os.Rename(from, to)
	for try := 1; err != nil && runtime.GOOS == "windows" && try < renameTries; try++ {
		time.Sleep(renamePause)
		err = os.Rename(from, to)
	}
	return err
}

// syncDir makes a rename in dir last. Windows has no such call and needs none.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("open the folder: %w", err)
	}
	defer func() { _ = d.Close() }()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("sync the folder: %w", err)
	}
	return nil
}
