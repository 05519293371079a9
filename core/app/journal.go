package app

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/store"
)

const (
	// journalTries is how often the journal is tried before jobs are let go without it: a full disk must not stop the show.
	journalTries = 3
	journalPause = time.Second
	// putMost is how many jobs are put into the queue at once.
	putMost = 256
	// pruneEvery is how often what is too old is removed.
	pruneEvery = time.Hour
	// journalTrouble is what Health says while the journal cannot be written.
	journalTrouble = "The journal cannot be written: gifts are acted upon, but what waits would not survive a crash"
)

// journal writes events and their jobs to the store, as many at a time as have come, and hands the jobs on once they are on
// disk. One write to the disk serves a burst.
type journal struct {
	store *store.Store
	put   func(context.Context, []action.Job)
	log   *slog.Logger

	mu      sync.Mutex
	records []store.Record
	waiting []func() // to be called when all records so far are on disk
	isBusy  bool     // a batch is being written
	idle    *sync.Cond
	trouble string
	wake    chan struct{}
}

func newJournal(s *store.Store, put func(context.Context, []action.Job), log *slog.Logger) *journal {
	j := &journal{store: s, put: put, log: log, wake: make(chan struct{}, 1)}
	j.idle = sync.NewCond(&j.mu)
	return j
}

// add takes a record. It returns at once.
func (j *journal) add(r store.Record) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.records = append(j.records, r)
	j.signal()
}

// commit calls done when all that was added before is on disk.
func (j *journal) commit(done func()) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.waiting = append(j.waiting, done)
	j.signal()
}

// signal wakes run. The lock is held.
func (j *journal) signal() {
	select {
	case j.wake <- struct{}{}:
	default:
	}
}

// flush waits until nothing is left to write, or ctx ends.
func (j *journal) flush(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		j.mu.Lock()
		defer j.mu.Unlock()
		j.idle.Broadcast()
	})
	defer stop()
	j.mu.Lock()
	defer j.mu.Unlock()
	for j.isBusy || len(j.records) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		j.idle.Wait()
	}
	return nil
}

// run writes until ctx ends; what has been added by then is written before it returns.
func (j *journal) run(ctx context.Context) error {
	prune := time.NewTicker(pruneEvery)
	defer prune.Stop()
	for {
		select {
		case <-ctx.Done():
			j.writeAll(ctx)
			return ctx.Err()
		case <-j.wake:
			j.writeAll(ctx)
		case <-prune.C:
			if err := j.store.Prune(ctx); err != nil {
				j.log.Warn("the journal could not be pruned", "error", err)
			}
		}
	}
}

func (j *journal) writeAll(ctx context.Context) {
	for {
		j.mu.Lock()
		records, waiting := j.records, j.waiting
		j.records, j.waiting = nil, nil
		j.isBusy = len(records) > 0
		j.mu.Unlock()
		if len(records) == 0 && len(waiting) == 0 {
			return
		}
		j.write(ctx, records)
		for _, done := range waiting {
			done()
		}
		j.mu.Lock()
		j.isBusy = false
		j.idle.Broadcast()
		j.mu.Unlock()
	}
}

// write appends the records and hands their jobs on. When the store refuses again and again the jobs are handed on all the
// same, and Health tells.
func (j *journal) write(ctx context.Context, records []store.Record) {
	records = j.fresh(ctx, records)
	if len(records) == 0 {
		return
	}
	if err := j.append(ctx, records); err != nil {
		j.setProblem(journalTrouble)
		j.log.Error("events could not be journalled", "events", len(records), "error", err)
	} else {
		j.setProblem("")
	}
	var jobs []action.Job
	for _, r := range records {
		jobs = append(jobs, r.Jobs...)
	}
	for part := range slices.Chunk(jobs, putMost) {
		j.put(ctx, part)
	}
}

// fresh leaves out the events that an earlier life of the program has written, whose jobs are known too: a second guard behind
// the source's own memory.
func (j *journal) fresh(ctx context.Context, records []store.Record) []store.Record {
	fresh, err := j.store.Fresh(context.WithoutCancel(ctx), records)
	if err != nil {
		return records // Append will tell
	}
	if again := len(records) - len(fresh); again > 0 {
		j.log.Warn("events came again, and were not acted upon twice", "events", again)
	}
	return fresh
}

func (j *journal) append(ctx context.Context, records []store.Record) (err error) {
	for try := 1; ; try++ {
		// The end of the program must not lose what is only waiting to be written.
		err = j.store.Append(context.WithoutCancel(ctx), records)
		if err == nil || try == journalTries || j.problem() != "" {
			return err
		}
		select {
		case <-time.After(journalPause):
		case <-ctx.Done():
		}
	}
}

// problem is why the journal cannot be written, or "".
func (j *journal) problem() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.trouble
}

func (j *journal) setProblem(text string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.trouble = text
}

// keeper notes in the store how far the queue's jobs have come, except those that are to be forgotten with the program.
type keeper struct {
	store    *store.Store
	journal  *journal
	failures *atomic.Int32 // claims in a row that could not be noted
}

// Claim refuses a job that cannot be claimed, so that it is tried again; but not for ever.
func (k keeper) Claim(job action.Job, run int) error {
	if isPassing(job) {
		return nil
	}
	err := k.store.Claim(job.ID, run)
	if err == nil {
		k.failures.Store(0)
		return nil
	}
	if k.failures.Add(1) < journalTries {
		return err
	}
	k.journal.setProblem(journalTrouble)
	return nil
}

func (k keeper) Note(r queue.Report) error {
	if isPassing(r.Job) {
		return nil
	}
	err := k.store.Note(store.Outcome{
		JobID: r.Job.ID, State: r.State, Reply: r.Reply, Error: r.Error, Runs: r.Runs, Refused: r.Refused, Unsure: r.Unsure, Latency: r.Latency, At: r.At,
	})
	if err != nil && k.journal.problem() != "" {
		return nil // told already: a full disk would fill the log too
	}
	return err
}

// isPassing says that a job need not outlive the program: nobody has paid for it.
func isPassing(job action.Job) bool { return job.Test || job.Rehearsed || job.Replayed }
