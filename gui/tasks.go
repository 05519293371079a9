package gui

import (
	"context"
	"sync"
)

// tasks are the window's own goroutines: each ends with the context, and wait waits for all of them.
type tasks struct {
	ctx context.Context // the life of the goroutines, not of a call
	// do runs a function on the UI thread; the function may never run when the window is closing.
	do func(func())
	wg sync.WaitGroup
}

// run does work on a goroutine of its own and then, unless the window has closed, done on the UI thread.
func (t *tasks) run(work func(context.Context) error, done func(error)) {
	t.wg.Go(func() {
		err := work(t.ctx)
		t.do(func() {
			if t.ctx.Err() == nil {
				done(err)
			}
		})
	})
}

// wait returns when all have ended. The context must be done.
func (t *tasks) wait() { t.wg.Wait() }
