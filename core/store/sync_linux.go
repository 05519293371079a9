package store

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// syncFile brings what was written to the disk. The times of the file are not worth a further write.
func syncFile(f *os.File) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	e := raw.Control(func(fd uintptr) {
		for {
			if err = unix.Fdatasync(int(fd)); !errors.Is(err, unix.EINTR) {
				return
			}
		}
	})
	return errors.Join(e, err)
}
