// Package shelf keeps waiting jobs on disk that memory has no room for, in their order. It is a queue.Shelf in one SQLite
// file that need not outlive the program: it is made when the first job comes, and deleted by Close.
//
// What a job costs does not depend on how many wait, and neither does memory: SQLite sees the file through a cache of fixed
// size. The file's own pages are used again; once the shelf is empty, a file that has grown is deleted.
//
// Nothing is synced, since nothing has to survive. What makes a call all or nothing is a rollback journal in memory: when the
// disk is full, the pages that a call had changed are written back, for which there is room where the old ones stood.
package shelf

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/livecue/livecue/core/queue"
)

// ErrClosed is what a closed Shelf answers.
var ErrClosed = errors.New("the shelf is closed")

// fileName is the database in the folder of a Shelf.
const fileName = "waiting.db"

// smallFile is how large an empty file may be to be kept for the jobs that come next, in pages: making one costs more than
// adding a few jobs.
const smallFile = 1 << 20 / pageSize

// Options bound a Shelf. The zero value does not.
type Options struct {
	// MaxBytes is how large the file may grow; 0 is as large as the disk lets it. Add fails beyond it as it does on a full disk.
	MaxBytes int64
}

// Shelf is a queue.Shelf. It is safe for use from many goroutines, one at a time.
type Shelf struct {
	dir  string
	opts Options

	mu       sync.Mutex // guards what follows
	isClosed bool
	db       *sql.DB   // nil while there is no file
	conn     *sql.Conn // the only connection of db
	on       statements
	lanes    lanes
}

var _ queue.Shelf = (*Shelf)(nil)

// Open returns an empty shelf in a folder that no other process uses. What an earlier life of the program has left there is
// deleted. The folder is made, for this user alone, when the first job comes.
func Open(dir string) (*Shelf, error) { return Options{}.Open(dir) }

// Open is like the function Open, within bounds.
func (o Options) Open(dir string) (*Shelf, error) {
	path, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("open shelf: %w", err)
	}
	s := &Shelf{dir: path, opts: o}
	if err := s.remove(); err != nil {
		return nil, fmt.Errorf("open shelf: delete what an earlier life has left: %w", err)
	}
	return s, nil
}

// Close forgets everything and deletes the file. It may be called twice.
func (s *Shelf) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.isClosed {
		return nil
	}
	s.isClosed = true
	if s.db == nil {
		return nil
	}
	if err := s.discard(); err != nil {
		return fmt.Errorf("close shelf: %w", err)
	}
	return nil
}

func (s *Shelf) path() string { return filepath.Join(s.dir, fileName) }

// create makes the file and opens it. The lock is held.
func (s *Shelf) create() error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	if err := s.remove(); err != nil {
		return fmt.Errorf("make room for the file: %w", err)
	}
	f, err := os.OpenFile(s.path(), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("make the file: %w", err)
	}
	if err := f.Close(); err != nil {
		return errors.Join(fmt.Errorf("make the file: %w", err), s.remove())
	}
	if err := s.connect(context.Background()); err != nil {
		return errors.Join(fmt.Errorf("open the file: %w", err), s.discard())
	}
	return nil
}

// discard closes the file and deletes it: the shelf is as new. The lock is held.
func (s *Shelf) discard() error {
	errs := []error{s.on.close()}
	if s.conn != nil {
		errs = append(errs, s.conn.Close())
	}
	if s.db != nil {
		errs = append(errs, s.db.Close())
	}
	s.db, s.conn, s.lanes = nil, nil, lanes{}
	return errors.Join(append(errs, s.remove())...)
}

// remove deletes the file and whatever SQLite may have put beside it.
func (s *Shelf) remove() error {
	var errs []error
	for _, suffix := range []string{"", "-journal", "-wal", "-shm"} {
		if err := os.Remove(s.path() + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// lanes numbers the lanes: a number is shorter than a name, in the file's indices most of all.
type lanes struct {
	names   []string
	numbers map[string]int64
}

// add returns the number of a lane, a new one if need be.
func (l *lanes) add(name string) int64 {
	if n, ok := l.numbers[name]; ok {
		return n
	}
	if l.numbers == nil {
		l.numbers = map[string]int64{}
	}
	n := int64(len(l.names))
	l.names, l.numbers[name] = append(l.names, name), n
	return n
}
