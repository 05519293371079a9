package queue

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/livecue/livecue/core/action"
)

// ErrFull says that the queue holds as many jobs as it may.
var ErrFull = errors.New("the queue is full")

// MaxInMemory is how many jobs may wait in memory where nothing else is said.
const MaxInMemory = 200_000

// Options are what a Queue needs. Target is required.
type Options struct {
	// Target returns the action that does the jobs of a lane. An error means that there is none: the job fails.
	Target func(lane string) (action.Action, error)
	// OnReport is told of every change of a job's state after it was put, in order for each job: Running, Waiting again if its
	// target could not be reached, and how it ended. It must return at once.
	OnReport func(Report)
	// Keeper notes how far jobs have come, where the notes outlive the program; nil notes nothing.
	Keeper Keeper
	// Shelf holds the waiting jobs that memory has no room for; nil keeps all in memory. The queue does not close it.
	Shelf Shelf
	// InMemory is how many waiting jobs of a lane memory holds while there is a Shelf; 0 is 4096.
	InMemory int
	// MaxWaiting bounds the waiting jobs in memory; 0 is MaxInMemory. While there is a shelf, there are far fewer.
	MaxWaiting int
	// MinBackoff and MaxBackoff bound the pause before a target that could not be reached is tried again; the pause doubles
	// each time. 0 is 500 ms and 15 s.
	MinBackoff, MaxBackoff time.Duration
	// Log receives what goes wrong; nil is slog.Default.
	Log *slog.Logger
}

func (o *Options) setDefaults() {
	if o.Keeper == nil {
		o.Keeper = noKeeper{}
	}
	if o.InMemory == 0 {
		o.InMemory = 4096
	}
	if o.MaxWaiting == 0 {
		o.MaxWaiting = MaxInMemory
	}
	if o.MinBackoff == 0 {
		o.MinBackoff = 500 * time.Millisecond
	}
	if o.MaxBackoff == 0 {
		o.MaxBackoff = 15 * time.Second
	}
	if o.OnReport == nil {
		o.OnReport = func(Report) {}
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
}

// Queue holds jobs until their targets take them. It is safe for use from many goroutines.
type Queue struct {
	opts Options

	mu      sync.Mutex
	changed *sync.Cond // of mu; broadcast when a job leaves or a lane stops being held up
	lanes   map[string]*lane
	policy  map[string]Policy // by lane
	untold  int               // jobs that are over, and whose last report is still to be given
	ticket  int64             // the last that was given out

	// shelving is held by whoever uses the shelf, and is taken before mu.
	shelving sync.Mutex
	// clerkCall wakes the clerk. shelfTrouble is why the shelf cannot be written, or "", shelfRetryAt when it is tried again.
	clerkCall    chan struct{}
	shelfTrouble string
	shelfRetryAt time.Time

	// begin gives a lane its goroutine; it is set while Run runs.
	begin func(*lane)
}

// New returns an empty queue. Jobs may be put at once; they are done while Run runs.
func New(opts Options) *Queue {
	opts.setDefaults()
	q := &Queue{opts: opts, lanes: map[string]*lane{}, policy: map[string]Policy{}, clerkCall: make(chan struct{}, 1)}
	q.changed = sync.NewCond(&q.mu)
	return q
}

// Put adds jobs, all of them or none. While the shelf is behind it waits; when there is no room it returns ErrFull, or ctx's
// error.
func (q *Queue) Put(ctx context.Context, jobs ...action.Job) error {
	items := make([]*item, len(jobs))
	for i, job := range jobs {
		due := dueTime(job)
		items[i] = &item{job: job, due: due, since: due}
	}
	return q.put(ctx, items)
}

// PutBack adds jobs that go on after the runs that are over. Their latency counts from now.
func (q *Queue) PutBack(ctx context.Context, jobs ...Begun) error {
	items := make([]*item, len(jobs))
	now := time.Now()
	for i, b := range jobs {
		items[i] = &item{job: b.Job, due: now, since: now, progress: progress{Runs: b.Runs, Unsure: b.Unsure}}
	}
	return q.put(ctx, items)
}

func (q *Queue) put(ctx context.Context, items []*item) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.waitForRoom(ctx, len(items)); err != nil {
		return err
	}
	now := time.Now()
	for _, it := range items {
		q.ticket++
		it.ticket = q.ticket
		it.job.Runs = max(it.job.Runs, 1)
		l := q.lane(it.job.Lane())
		if it.due.After(now) {
			l.fileLater(it)
		} else {
			l.fileReady(it)
		}
		l.signal()
	}
	return nil
}

// Run does the jobs until ctx ends, and returns when the last lane has stopped. What is waiting then stays.
func (q *Queue) Run(ctx context.Context) error {
	q.mu.Lock()
	if q.begin != nil {
		q.mu.Unlock()
		return errors.New("queue: Run is running already")
	}
	var lanes sync.WaitGroup
	q.begin = func(l *lane) { lanes.Go(func() { l.serve(ctx) }) }
	for _, l := range q.lanes {
		q.begin(l)
	}
	if q.opts.Shelf != nil {
		lanes.Go(func() { q.keepShelf(ctx) })
	}
	q.mu.Unlock()

	<-ctx.Done()
	q.mu.Lock()
	q.begin = nil
	q.changed.Broadcast() // nobody waits for room now
	q.mu.Unlock()
	lanes.Wait()
	q.sweepAll() // what was cleared stays so, though the program ends
	return ctx.Err()
}

// Pause stops a lane after the run that is under way.
func (q *Queue) Pause(name string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.lane(name).paused = true
	q.changed.Broadcast()
}

// Resume lets a lane go on, at once if it was waiting to try a target again.
func (q *Queue) Resume(name string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	l := q.lane(name)
	l.paused = false
	l.forgive()
	l.signal()
}

// Retry makes a lane try its target again at once, because something about the target has changed. A pause stays.
func (q *Queue) Retry(name string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if l, ok := q.lanes[name]; ok {
		l.forgive()
		l.signal()
	}
}

// Skip drops the job that is being done, after the run that is under way, or else the one that is next.
func (q *Queue) Skip(name string) {
	q.mu.Lock()
	var reports []Report
	if l, ok := q.lanes[name]; ok {
		reports = l.skip()
	}
	q.mu.Unlock()
	q.report(reports)
}

// Clear drops all jobs that wait in a lane and the rest of the one that is being done, and returns how many. Those that wait on
// disk are told of as they are come across.
func (q *Queue) Clear(name string) int {
	q.mu.Lock()
	var reports []Report
	n := 0
	if l, ok := q.lanes[name]; ok {
		reports, n = l.clear()
	}
	q.mu.Unlock()
	q.report(reports)
	return n
}

// Stop pauses and clears every lane and gives up what is being done.
func (q *Queue) Stop() {
	q.mu.Lock()
	var reports []Report
	for _, l := range q.lanes {
		l.paused = true
		cleared, _ := l.clear()
		reports = append(reports, cleared...)
		if l.cancel != nil {
			l.cancel()
		}
	}
	q.mu.Unlock()
	q.report(reports)
}

// Lanes returns how the lanes stand, by name.
func (q *Queue) Lanes() []LaneStatus {
	q.mu.Lock()
	defer q.mu.Unlock()
	all := make([]LaneStatus, 0, len(q.lanes))
	for _, l := range q.lanes {
		all = append(all, l.status())
	}
	slices.SortFunc(all, func(a, b LaneStatus) int { return strings.Compare(a.Lane, b.Lane) })
	return all
}

// SetPolicy says how a lane lets its jobs go. It need not be known yet.
func (q *Queue) SetPolicy(name string, p Policy) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.policy[name] = p
	if l, ok := q.lanes[name]; ok && l.policy != p {
		l.policy = p
		l.signal()
	}
}

// Declare makes a lane known before its first job, so that it is shown.
func (q *Queue) Declare(name string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.lane(name)
}

// Forget removes a lane that has no jobs, because its target is no more.
func (q *Queue) Forget(name string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if l, ok := q.lanes[name]; ok && l.current == nil && l.waiting()+l.sweeping == 0 {
		l.retired = true
		l.signal()
		delete(q.lanes, name)
	}
}

// Pending returns the number of jobs that wait or are being done.
func (q *Queue) Pending() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.pending(func(*lane) bool { return true })
}

// Idle waits until no job is left that is getting on, and all reports have been given: those of paused lanes, and of lanes whose target refuses us or cannot be
// reached, do not count. It returns ctx's error when that ends first.
func (q *Queue) Idle(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.changed.Broadcast()
	})
	defer stop()
	q.mu.Lock()
	defer q.mu.Unlock()
	isGettingOn := func(l *lane) bool { return !l.paused && l.trouble == "" }
	for q.pending(isGettingOn)+q.untold > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		q.changed.Wait()
	}
	return nil
}

// pending counts jobs of the lanes that count says. The lock is held.
func (q *Queue) pending(count func(*lane) bool) int {
	n := 0
	for _, l := range q.lanes {
		if !count(l) {
			continue
		}
		n += l.waiting() + l.sweeping
		if l.current != nil {
			n++
		}
	}
	return n
}

// lane returns the lane of that name, made if need be. The lock is held.
func (q *Queue) lane(name string) *lane {
	l, ok := q.lanes[name]
	if !ok {
		l = &lane{name: name, queue: q, wake: make(chan struct{}, 1), policy: q.policy[name]}
		l.later.kind = Later
		l.ready.full, l.later.full = q.opts.InMemory, q.opts.InMemory
		q.lanes[name] = l
		if q.begin != nil {
			q.begin(l)
		}
	}
	return l
}

// report gives the reports. The lock is not held.
func (q *Queue) report(reports []Report) {
	over := 0
	for _, r := range reports {
		if r.State != action.Running {
			q.note(r)
		}
		q.opts.OnReport(r)
		if r.State.IsFinal() {
			over++
		}
	}
	if over == 0 {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.untold -= over
	q.changed.Broadcast()
}

func (q *Queue) note(r Report) {
	if err := q.opts.Keeper.Note(r); err != nil {
		q.opts.Log.Error("a job's progress could not be noted", "state", string(r.State), "error", err)
	}
}

func dueTime(job action.Job) time.Time {
	switch {
	case !job.Due.IsZero():
		return job.Due
	case !job.Created.IsZero():
		return job.Created
	default:
		return time.Now()
	}
}
