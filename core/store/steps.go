package store

import (
	"cmp"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"slices"
	"sync"
	"time"
)

const (
	stepsSuffix = ".steps"
	// foldAfter is how long a step may wait to be folded into the database, foldAt how many steps may.
	foldAfter = time.Second
	foldAt    = 512
	// maxUnfolded is how many steps may wait before Claim and Note have to help, maxUnfoldedBytes how much they may fill.
	maxUnfolded      = 8192
	maxUnfoldedBytes = 8 << 20
	// recordHead is length, checksum and generation.
	recordHead = 16
	maxRecord  = 1 << 20
)

// step is one record of a steps file: a Claim, or a Note where Outcome is set.
type step struct {
	Job     string   `json:"job"`
	Run     int      `json:"run,omitempty"`
	Outcome *Outcome `json:"outcome,omitempty"`
}

// progress is what the steps of one job come to.
type progress struct {
	job     string
	order   int // of the last step
	claimed bool
	outcome *Outcome
}

// batch is the steps of one generation. A job that takes many steps costs the database one update.
type batch struct {
	generation int64
	steps      int
	jobs       map[string]*progress
}

func (b *batch) add(s step) {
	b.steps++
	p := b.jobs[s.Job]
	if p == nil {
		p = &progress{job: s.Job}
		b.jobs[s.Job] = p
	}
	p.order, p.claimed = b.steps, s.Outcome == nil
	if s.Outcome != nil {
		p.outcome = s.Outcome
	}
}

// inOrder returns the jobs in the order of their last steps.
func (b *batch) inOrder() []*progress {
	all := make([]*progress, 0, len(b.jobs))
	for _, p := range b.jobs {
		all = append(all, p)
	}
	slices.SortFunc(all, func(x, y *progress) int { return x.order - y.order })
	return all
}

// steps are the two steps files. Generations take turns with them: while one is folded, the next is filled. A file is
// written from its beginning for each generation and keeps its length, so that a full disk does not stop the steps.
type steps struct {
	some, many chan struct{} // capacity 1: a step waits; foldAt of them do

	mu     sync.Mutex
	files  [2]*os.File
	offset int64
	buffer []byte
	open   *batch
	sealed *batch // is being folded, or nil
}

// openSteps opens the files and folds what the last process left in them.
func (s *Store) openSteps(ctx context.Context) error {
	s.steps = &steps{some: make(chan struct{}, 1), many: make(chan struct{}, 1)}
	var generation int64
	row := s.conn.QueryRowContext(ctx, `SELECT coalesce(max(value), 0) FROM meta WHERE name = 'generation'`)
	if err := row.Scan(&generation); err != nil {
		return s.failed("read the generation", err)
	}
	left, err := s.steps.load(s.opts.Path, generation)
	if err != nil {
		return err
	}
	s.write.Lock()
	defer s.write.Unlock()
	if err := s.foldBatch(ctx, left); err != nil {
		return err
	}
	s.steps.begin(left.generation + 1)
	return nil
}

// load opens both files and returns their steps as one batch, of the newest generation there is. What is older than
// generation is in the database.
func (t *steps) load(path string, generation int64) (*batch, error) {
	var found []batchOf
	for i := range t.files {
		f, err := os.OpenFile(fmt.Sprintf("%s%s%d", path, stepsSuffix, i), os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return nil, fmt.Errorf("open the steps: %w", err)
		}
		t.files[i] = f
		b, err := readSteps(f)
		if err != nil {
			return nil, fmt.Errorf("read the steps: %w", err)
		}
		if b.generation >= generation {
			found = append(found, b)
		}
	}
	slices.SortFunc(found, func(x, y batchOf) int { return cmp.Compare(x.generation, y.generation) })
	all := &batch{generation: generation, jobs: map[string]*progress{}}
	for _, b := range found {
		all.generation = max(all.generation, b.generation)
		for _, s := range b.steps {
			all.add(s)
		}
	}
	return all, nil
}

// batchOf is what one file holds.
type batchOf struct {
	generation int64
	steps      []step
}

// readSteps reads the steps of the file's generation, which is that of its first record. The first record that is not whole,
// or is an older generation's, ends them.
func readSteps(f io.Reader) (batchOf, error) {
	var b batchOf
	data, err := io.ReadAll(f)
	if err != nil {
		return b, err
	}
	for first := true; len(data) >= recordHead; first = false {
		size := binary.LittleEndian.Uint32(data)
		generation := int64(binary.LittleEndian.Uint64(data[8:]))
		if size > maxRecord || int(size) > len(data)-recordHead || !(first || generation == b.generation) {
			break
		}
		record := data[8 : recordHead+size]
		var s step
		if crc32.ChecksumIEEE(record) != binary.LittleEndian.Uint32(data[4:]) || json.Unmarshal(record[8:], &s) != nil {
			break
		}
		b.generation = generation
		b.steps = append(b.steps, s)
		data = data[recordHead+size:]
	}
	return b, nil
}

// begin starts a generation. The caller holds mu, or is alone.
func (t *steps) begin(generation int64) {
	t.offset = 0
	t.open = &batch{generation: generation, jobs: map[string]*progress{}}
}

// add writes one step with one write, and reports whether too many wait. The offset moves only when it succeeded, so that
// half a record is written over.
func (t *steps) add(s step) (isFull bool, err error) {
	body, err := json.Marshal(s)
	if err != nil {
		return false, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buffer = binary.LittleEndian.AppendUint32(t.buffer[:0], uint32(len(body)))
	t.buffer = binary.LittleEndian.AppendUint32(t.buffer, 0)
	t.buffer = binary.LittleEndian.AppendUint64(t.buffer, uint64(t.open.generation))
	t.buffer = append(t.buffer, body...)
	binary.LittleEndian.PutUint32(t.buffer[4:], crc32.ChecksumIEEE(t.buffer[8:]))
	n, err := t.files[t.open.generation%2].WriteAt(t.buffer, t.offset)
	if err != nil {
		return false, err
	}
	t.offset += int64(n)
	t.open.add(s)
	if t.open.steps == 1 {
		signal(t.some)
	}
	if t.open.steps == foldAt {
		signal(t.many)
	}
	return t.open.steps >= maxUnfolded || t.offset >= maxUnfoldedBytes, nil
}

// seal returns the batch to fold, nil when no step waits, and begins the next. One that could not be folded is returned again;
// then there may be a next one already.
func (t *steps) seal() (b *batch, isAgain bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.sealed != nil {
		return t.sealed, true
	}
	if t.open.steps > 0 {
		t.sealed = t.open
		t.begin(t.sealed.generation + 1)
	}
	return t.sealed, false
}

// folded says that the sealed batch is in the database: its file may be written over.
func (t *steps) folded() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sealed = nil
	if t.open.steps > 0 {
		signal(t.some)
	}
}

func (t *steps) close() error {
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

// foldUntil folds the steps, soon after they come, until ctx ends.
func (s *Store) foldUntil(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.steps.some:
		}
		select {
		case <-ctx.Done():
			return
		case <-s.steps.many:
		case <-time.After(foldAfter):
		}
		if err := s.fold(ctx); err != nil {
			s.opts.Log.Error("how far the jobs have come cannot be kept yet", "error", err)
			signal(s.steps.some)
		}
	}
}

// fold brings the database up to date with the steps. Once begun it does not stop for ctx: half of it would be for nothing.
func (s *Store) fold(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	s.write.Lock()
	defer s.write.Unlock()
	for {
		b, isAgain := s.steps.seal()
		if b == nil {
			return nil
		}
		if err := s.foldBatch(ctx, b); err != nil {
			return err
		}
		s.steps.folded()
		if !isAgain {
			return nil
		}
	}
}

// foldBatch writes a batch, and that it is written, in one transaction. The caller holds write.
func (s *Store) foldBatch(ctx context.Context, b *batch) error {
	done := s.lastDone
	err := s.transact(ctx, func(ctx context.Context) error {
		for _, p := range b.inOrder() {
			if err := s.foldJob(ctx, p, &done); err != nil {
				return err
			}
		}
		_, err := s.in.generation.ExecContext(ctx, b.generation+1)
		return err
	})
	if err != nil {
		return s.failed("keep how far the jobs have come", err)
	}
	s.lastDone = done
	return nil
}

func (s *Store) foldJob(ctx context.Context, p *progress, done *int64) error {
	o := p.outcome
	if o == nil {
		_, err := s.in.claim.ExecContext(ctx, p.job)
		return err
	}
	var number any
	if o.State.IsFinal() {
		*done++
		number = *done
	}
	_, err := s.in.note.ExecContext(ctx, string(o.State), o.Reply, o.Error, o.Runs, o.Refused, int64(o.Latency), nanos(o.At),
		p.claimed, number, p.job)
	return err
}
