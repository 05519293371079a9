// Package store keeps on disk what must not be lost: the events that came in, and the jobs that they asked for with how far
// each has come. It is one SQLite file, written through one connection; readers have their own and hold nobody up.
//
// Two promises, at two prices. What Append was given is on the disk when it returns: one synchronisation serves all its
// records. What Claim and Note were told survives the end of the process, however sudden, but perhaps not a power cut: they
// write a few dozen bytes and do not wait for the disk. All three write to the log, two files beside the database, and a
// goroutine of the Store folds the log into the database a little later, when most jobs have ended and are written once. A
// thing is never lost between the two, nor there twice: the transaction that folds a generation of the log also says so.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

var (
	// ErrInUse says that another process has the store open.
	ErrInUse = errors.New("another LiveCue has it open")
	// ErrNewer says that a newer version has written the store, and that this one cannot read it.
	ErrNewer = errors.New("a newer version of LiveCue has written it")
	// ErrCorrupt says that the file is damaged. The next Open checks all of it, however long that takes, and sets it aside.
	ErrCorrupt = errors.New("the file is damaged")
	// ErrClosed is what a closed Store answers.
	ErrClosed = errors.New("the store is closed")
)

const (
	defaultKeepFor  = 90 * 24 * time.Hour
	defaultMaxBytes = 1 << 30
	readers         = 4
)

// Options say where the store is and how much it keeps.
type Options struct {
	// Path is the database file; others stand beside it with longer names. Its folder is made if there is none, for this
	// user alone.
	Path string
	// KeepFor is how long events and finished jobs are kept; 0 is 90 days.
	KeepFor time.Duration
	// MaxBytes is how large the content may grow before the oldest of it goes; 0 is 1 GiB.
	MaxBytes int64
	// Zone is where days begin in statistics; nil is this computer's.
	Zone *time.Location
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Log is nil for slog.Default.
	Log *slog.Logger
}

// Store is an open store. It is safe for use from many goroutines.
type Store struct {
	opts     Options
	lock     *os.File
	setAside string

	writer *sql.DB
	conn   *sql.Conn // the only connection of writer
	reader *sql.DB
	in     writing
	out    reading
	log    *log
	// isStuck says that the log could not be folded the last time. Append then does not add to it.
	isStuck atomic.Bool
	sieve   *sieve
	gifts   gifts
	write   sync.Mutex // guards conn, in and place
	place   place
	tally   counter
	// opened is the number of the last job that there was when the store was opened.
	opened int64

	stop      context.CancelFunc
	working   sync.WaitGroup
	closeOnce sync.Once
	closeErr  error
}

// Open opens the store, or makes one. It returns ErrInUse when another process has it open, and ErrNewer when its version
// is too new. A file that is damaged is renamed and a new one begun: SetAside tells.
func Open(opts Options) (*Store, error) {
	if opts.KeepFor <= 0 {
		opts.KeepFor = defaultKeepFor
	}
	if opts.MaxBytes <= 0 {
		opts.MaxBytes = defaultMaxBytes
	}
	if opts.Zone == nil {
		opts.Zone = time.Local
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Log == nil {
		opts.Log = slog.Default()
	}
	path, err := filepath.Abs(opts.Path)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	opts.Path = path
	s := &Store{opts: opts, tally: counter{some: make(chan struct{}, 1)}}
	if err := s.open(); err != nil {
		return nil, errors.Join(fmt.Errorf("open store %s: %w", path, err), s.release())
	}
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.working.Go(func() { s.foldUntil(ctx) })
	s.working.Go(func() { s.fillSieve(ctx) })
	s.working.Go(func() { s.countUntil(ctx) })
	return s, nil
}

// SetAside returns where the damaged file went that Open found, or "" when all was well.
func (s *Store) SetAside() string { return s.setAside }

// Close folds what is left, closes the files and lets others open them.
func (s *Store) Close() error {
	s.closeOnce.Do(func() {
		s.stop()
		s.working.Wait()
		s.closeErr = errors.Join(s.fold(context.Background()), s.keepGifts(context.Background()), s.release())
	})
	return s.closeErr
}

func (s *Store) open() error {
	if err := os.MkdirAll(filepath.Dir(s.opts.Path), 0o700); err != nil {
		return fmt.Errorf("make its folder: %w", err)
	}
	lock, err := lockFile(s.opts.Path + ".lock")
	if err != nil {
		return err
	}
	s.lock = lock
	err = s.openDatabase()
	if !errors.Is(err, ErrCorrupt) {
		return err
	}
	s.opts.Log.Error("the store is damaged and is set aside", "path", s.opts.Path, "error", err)
	if err := s.closeDatabase(); err != nil {
		s.opts.Log.Warn("closing the damaged store", "error", err)
	}
	if err := s.rename(time.Now()); err != nil {
		return fmt.Errorf("set the damaged file aside: %w", err)
	}
	return s.openDatabase()
}

// openDatabase opens database and log, and brings both up to date.
func (s *Store) openDatabase() error {
	if err := s.create(); err != nil {
		return err
	}
	if err := s.connect(); err != nil {
		return s.failed("connect", err)
	}
	if err := s.check(); err != nil {
		return err
	}
	ctx := context.Background()
	if err := migrate(ctx, s.conn); err != nil {
		return s.failed("migrate", err)
	}
	if err := s.in.prepare(ctx, s.conn); err != nil {
		return s.failed("prepare", err)
	}
	if err := s.out.prepare(ctx, s.reader); err != nil {
		return s.failed("prepare", err)
	}
	if err := s.findPlace(ctx); err != nil {
		return s.failed("look for the last rows", err)
	}
	if err := s.findCounted(ctx); err != nil {
		return s.failed("look for what is counted", err)
	}
	s.sieve = newSieve()
	if err := s.openLog(ctx); err != nil {
		return err
	}
	s.opened = s.place.job
	return nil
}

// create makes an empty file for this user alone. One that is empty already has lost what it had.
func (s *Store) create() error {
	info, err := os.Stat(s.opts.Path)
	switch {
	case err == nil && info.Size() == 0:
		return fmt.Errorf("%w: it is empty", ErrCorrupt)
	case err == nil:
		return nil
	case !errors.Is(err, os.ErrNotExist):
		return err
	}
	f, err := os.OpenFile(s.opts.Path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("make the file: %w", err)
	}
	return f.Close()
}

// rename gives the database and all that belongs to it a name of its own.
func (s *Store) rename(now time.Time) error {
	aside := s.opts.Path + ".broken-" + now.UTC().Format("20060102T150405.000")
	for _, suffix := range []string{"-wal", "-shm", stepsSuffix + "0", stepsSuffix + "1"} {
		if err := os.Rename(s.opts.Path+suffix, aside+suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	if err := os.Rename(s.opts.Path, aside); err != nil {
		return err
	}
	s.setAside = aside
	if err := os.Remove(s.suspectFile()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

func (s *Store) closeDatabase() error {
	var errs []error
	s.write.Lock()
	defer s.write.Unlock()
	if s.log != nil {
		errs = append(errs, s.log.close())
	}
	if s.reader != nil {
		errs = append(errs, s.reader.Close())
	}
	if s.conn != nil {
		errs = append(errs, s.in.close(), s.conn.Close())
	}
	if s.writer != nil {
		errs = append(errs, s.writer.Close())
	}
	s.conn = nil
	return errors.Join(errs...)
}

// release closes what is open, the lock last.
func (s *Store) release() error {
	err := s.closeDatabase()
	if s.lock != nil {
		err = errors.Join(err, s.lock.Close())
	}
	return err
}
