package store

// eventKey is what tells events apart, where id is not empty.
type eventKey struct{ source, id string }

// entry is a Record on its way into the database.
type entry struct {
	eventKey
	kind  string // "" for jobs without an event
	at    int64
	added int64
	body  []byte
	jobs  []*progress
}

// progress is what the steps of one job come to.
type progress struct {
	job  string
	body []byte // of a job that is not in the database yet
	// order is that of the last step, 0 for none.
	order   int
	claimed bool
	isNoted bool
	outcome Outcome // where isNoted
}

// batch is what one generation of the log holds: records to insert, and the progress of their jobs and of jobs that are in the
// database. A job costs the database one statement, however many steps it takes.
type batch struct {
	generation int64
	steps      int
	bytes      int // of the records
	entries    []entry
	events     map[eventKey]struct{}
	jobs       map[string]*progress
}

func newBatch(generation int64) *batch {
	return &batch{generation: generation, events: map[eventKey]struct{}{}, jobs: map[string]*progress{}}
}

func (b *batch) isEmpty() bool { return b.steps == 0 && len(b.entries) == 0 }

// size is how many things wait in the batch.
func (b *batch) size() int { return b.steps + len(b.entries) }

// append takes entries in, without those that are in the batch already.
func (b *batch) append(entries []entry, bytes int) {
	b.bytes += bytes
	for _, e := range entries {
		if e.kind != "" && e.id != "" {
			if _, isKnown := b.events[e.eventKey]; isKnown {
				continue
			}
			b.events[e.eventKey] = struct{}{}
		}
		for i, p := range e.jobs {
			e.jobs[i] = b.join(p)
		}
		b.entries = append(b.entries, e)
	}
}

// join takes in a job to insert. What steps have been told of its id stands; a second one of its id is not kept.
func (b *batch) join(p *progress) *progress {
	old := b.jobs[p.job]
	switch {
	case old == nil:
		b.jobs[p.job] = p
		return p
	case old.body == nil:
		old.body = p.body
		return old
	default:
		return nil
	}
}

func (b *batch) claim(job string) {
	b.steps++
	p := b.progressOf(job)
	if p.isNoted && p.outcome.State.IsFinal() {
		return
	}
	p.order, p.claimed = b.steps, true
}

func (b *batch) note(o Outcome) {
	b.steps++
	p := b.progressOf(o.JobID)
	if p.isNoted && p.outcome.State.IsFinal() {
		return
	}
	p.order, p.claimed, p.isNoted, p.outcome = b.steps, false, true, o
}

func (b *batch) progressOf(job string) *progress {
	p := b.jobs[job]
	if p == nil {
		p = &progress{job: job}
		b.jobs[job] = p
	}
	return p
}
