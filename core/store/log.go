package store

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

const (
	// stepsSuffix is from the time when the log held steps alone.
	stepsSuffix = ".steps"
	// foldAt is how much is folded at once without waiting for more; maxUnfolded is how much may wait before Append, Claim and
	// Note have to help. Both have a number of records and steps, and a number of bytes of the log.
	foldAt, maxUnfolded           = 16 << 10, 32 << 10
	foldAtBytes, maxUnfoldedBytes = 12 << 20, 24 << 20
	// maxFrame bounds what Append puts into the log: more goes into the database at once.
	maxFrame = 8 << 20
	// reserve is how much room there is in a log file behind its end, so that a full disk stops Append some thousand steps
	// before it stops Claim and Note. Files grow by growBy and keep at most keepBytes for the next generation.
	reserve, growBy, keepBytes = 512 << 10, 256 << 10, 4 << 20
	// maxLog bounds a log file, even while nothing can be folded.
	maxLog = 64 << 20
)

// errLogFull says that nothing could be folded for so long that the log has come to its end.
var errLogFull = errors.New("the log is full")

// log is the two log files. Generations take turns with them: while one is folded, the next is filled. A file is written from
// its beginning for each generation and keeps its length, so that a full disk does not stop the steps.
type log struct {
	some, many chan struct{} // capacity 1: something waits; foldAt of it does

	mu     sync.Mutex
	files  [2]*os.File
	length [2]int64
	offset int64
	step   frame
	open   *batch
	sealed *batch // is being folded, or nil
}

func newLog() *log {
	return &log{some: make(chan struct{}, 1), many: make(chan struct{}, 1), step: newFrame(frameClaim)}
}

// load opens both files and returns what is in them as one batch, of the newest generation there is. What is older than
// generation is in the database.
func (t *log) load(path string, generation int64) (*batch, error) {
	var found []contents
	for i := range t.files {
		f, err := os.OpenFile(fmt.Sprintf("%s%s%d", path, stepsSuffix, i), os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return nil, fmt.Errorf("open the log: %w", err)
		}
		t.files[i] = f
		info, err := f.Stat()
		if err != nil {
			return nil, fmt.Errorf("open the log: %w", err)
		}
		t.length[i] = info.Size()
		data, err := io.ReadAll(io.LimitReader(f, maxLog))
		if err != nil {
			return nil, fmt.Errorf("read the log: %w", err)
		}
		if c := readLog(data); len(c.bodies) > 0 && c.generation >= generation {
			found = append(found, c)
		}
	}
	if err := syncFolder(filepath.Dir(path)); err != nil {
		return nil, fmt.Errorf("keep the log: %w", err)
	}
	slices.SortFunc(found, func(x, y contents) int { return cmp.Compare(x.generation, y.generation) })
	all := newBatch(generation)
	for _, c := range found {
		all.generation = c.generation
		c.replay(all)
	}
	return all, nil
}

// contents is what one file holds.
type contents struct {
	generation int64
	bodies     [][]byte
}

// readLog finds the frames of the file's generation, which is that of its first frame. The first one that is not whole, or is
// of another generation, ends them.
func readLog(data []byte) contents {
	var c contents
	for {
		body, generation, rest, ok := nextFrame(data)
		if !ok || len(c.bodies) > 0 && generation != c.generation {
			return c
		}
		c.generation, data = generation, rest
		c.bodies = append(c.bodies, body)
	}
}

// replay adds the frames to the batch, up to the first that makes no sense.
func (c contents) replay(b *batch) {
	for _, body := range c.bodies {
		if b.replay(body) != nil {
			return
		}
	}
}

// begin starts a generation. The caller holds mu, or is alone.
func (t *log) begin(generation int64) {
	t.offset = 0
	t.open = newBatch(generation)
	if i := generation % 2; t.length[i] > keepBytes && t.files[i].Truncate(keepBytes) == nil {
		t.length[i] = keepBytes
	}
	_ = t.grow(reserve) // on a full disk Append will tell
}

// claim and note write one step with one write, and report whether too much waits.
func (t *log) claim(job string) (isFull bool, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.step.claim(job)
	if err := t.write(&t.step); err != nil {
		return false, err
	}
	t.open.claim(job)
	return t.added(), nil
}

func (t *log) note(o Outcome) (isFull bool, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.step.note(o)
	if err := t.write(&t.step); err != nil {
		return false, err
	}
	t.open.note(o)
	return t.added(), nil
}

// append writes records with one write. They are on the disk only when the file that it returns has been synchronised.
// errLogFull says that what waits has to be folded first.
func (t *log) append(f *frame, entries []entry) (*os.File, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	size := int64(len(f.bytes))
	if t.open.size()+len(entries) > maxUnfolded && !t.open.isEmpty() || t.offset+size > maxUnfoldedBytes {
		return nil, errLogFull
	}
	if err := t.grow(t.offset + size + reserve); err != nil {
		return nil, err
	}
	if err := t.write(f); err != nil {
		return nil, err
	}
	t.open.append(entries, len(f.bytes))
	t.added()
	return t.files[t.open.generation%2], nil
}

// write writes a frame. The offset moves only when it succeeded, so that half a frame is written over.
func (t *log) write(f *frame) error {
	if t.offset+int64(len(f.bytes)) > maxLog {
		return errLogFull
	}
	i := t.open.generation % 2
	n, err := t.files[i].WriteAt(f.seal(t.open.generation), t.offset)
	if err != nil {
		return err
	}
	t.offset += int64(n)
	t.length[i] = max(t.length[i], t.offset)
	return nil
}

// grow makes the open file at least so long, with blocks of its own.
func (t *log) grow(length int64) error {
	i := t.open.generation % 2
	var zeros []byte
	for t.length[i] < length {
		if zeros == nil {
			zeros = make([]byte, growBy)
		}
		n, err := t.files[i].WriteAt(zeros, t.length[i])
		t.length[i] += int64(n)
		if err != nil {
			return err
		}
	}
	return nil
}

// added tells the folding goroutine, and reports whether too much waits.
func (t *log) added() (isFull bool) {
	signal(t.some)
	if t.open.size() >= foldAt || t.offset >= foldAtBytes {
		signal(t.many)
	}
	return t.open.size() >= maxUnfolded || t.offset >= maxUnfoldedBytes
}

// isEmpty says that everything is in the database.
func (t *log) isEmpty() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.sealed == nil && t.open.isEmpty()
}

// generation is that of the open batch.
func (t *log) generation() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.open.generation
}

// holds reports whether an event is in the log.
func (t *log) holds(key eventKey) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, isOpen := t.open.events[key]
	if t.sealed == nil || isOpen {
		return isOpen
	}
	_, isSealed := t.sealed.events[key]
	return isSealed
}

// seal returns the batch to fold, nil when nothing waits, and begins the next. One that could not be folded is returned again;
// then there may be a next one already.
func (t *log) seal() (b *batch, isAgain bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.sealed != nil {
		return t.sealed, true
	}
	if !t.open.isEmpty() {
		t.sealed = t.open
		t.begin(t.sealed.generation + 1)
	}
	return t.sealed, false
}

// folded says that the sealed batch is in the database: its file may be written over.
func (t *log) folded() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sealed = nil
	if !t.open.isEmpty() {
		signal(t.some)
	}
}

func (t *log) close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	var errs []error
	for _, f := range t.files {
		if f != nil {
			errs = append(errs, f.Close())
		}
	}
	return errors.Join(errs...)
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
