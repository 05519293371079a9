package jobs

import (
	"context"

	"github.com/livecue/livecue/core/app"
)

// pageSize is how many jobs are asked for at a time.
const pageSize = 100

// source hands out finished jobs as app.App's History does.
type source interface {
	History(ctx context.Context, before int64, limit int) ([]app.Done, int64, error)
}

// reading is what was asked of the history and what came.
type reading struct {
	filter filter
	// before is the mark to begin at, or 0 for the newest.
	before int64
	// until is the id of a job that is known already: reading ends there. "" is none.
	until string
	// isWanted reports whether anybody still waits; reading may take long where few jobs pass the filter.
	isWanted func() bool

	rows []app.Done
	// next is the mark of what follows, 0 at the end.
	next int64
	// newest is the id of the first job read, passed or not.
	newest string
	// met says that until was reached.
	met bool
}

// read gathers at least a page of jobs that pass the filter, or all that there are.
func (r *reading) read(ctx context.Context, from source) error {
	r.next = r.before
	for r.isWanted() {
		page, next, err := from.History(ctx, r.next, pageSize)
		if err != nil {
			return err
		}
		r.next = next
		if r.take(page); r.met || next == 0 || len(r.rows) >= pageSize {
			return nil
		}
	}
	return nil
}

func (r *reading) take(page []app.Done) {
	for _, d := range page {
		if r.newest == "" {
			r.newest = d.Job.ID
		}
		if r.met = d.Job.ID == r.until; r.met {
			return
		}
		if r.filter.passes(d.State) {
			r.rows = append(r.rows, d)
		}
	}
}
