package jobs

import (
	"context"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/app"
)

// pageSize is how many jobs are asked for at a time.
const pageSize = 100

// source hands out finished jobs as app.App's History does.
type source interface {
	History(ctx context.Context, before int64, limit int, states ...action.State) ([]app.Done, int64, error)
}

// reading is what was asked of the history and what came.
type reading struct {
	// states are those that are wanted; none are all.
	states []action.State
	// before is the mark to begin at, or 0 for the newest.
	before int64
	// until is the id of a job that is known already: reading ends there. "" is none.
	until string

	rows []app.Done
	// next is the mark of what follows, 0 at the end.
	next int64
	// met says that until was reached.
	met bool
}

// read gets a page.
func (r *reading) read(ctx context.Context, from source) error {
	page, next, err := from.History(ctx, r.before, pageSize, r.states...)
	if err != nil {
		return err
	}
	r.next = next
	for _, d := range page {
		if r.met = d.Job.ID == r.until; r.met {
			break
		}
		r.rows = append(r.rows, d)
	}
	return nil
}
