package diagnose

import (
	"errors"
	"io/fs"
	"os"
)

// journalSize is how many bytes the journal takes on the disk, with what has not been moved into its file yet.
func journalSize(path string) (int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	size := info.Size()
	for _, name := range []string{path + "-wal", path + "-shm"} {
		info, err := os.Stat(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return 0, err
		default:
			size += info.Size()
		}
	}
	return size, nil
}
