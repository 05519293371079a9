package gui

import (
	"context"
	"time"

	"github.com/livecue/livecue/core/app"
)

const (
	// batchEvery is the shortest time between two batches for the UI thread: a call for every event starves it.
	batchEvery = 50 * time.Millisecond
	// tickEvery redraws countdowns and what no update tells of.
	tickEvery = time.Second
	// tapSize is how many updates may wait for the pump.
	tapSize = 8192
)

// pump carries the feed to the UI thread in batches, never more than one at a time.
type pump struct {
	tap *app.Tap
	do  func(func())
	// apply takes a batch, tick is called every second; both on the UI thread.
	apply func(updates []app.Update, dropped uint64)
	tick  func()
}

// run blocks until ctx is done.
func (p *pump) run(ctx context.Context) {
	defer p.tap.Close()
	ticker := time.NewTicker(tickEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			p.handOver(ctx, p.tick)
		case _, open := <-p.tap.Ready():
			if !open {
				return
			}
			p.batch(ctx)
		}
	}
}

func (p *pump) batch(ctx context.Context) {
	updates, dropped := p.tap.Drain()
	if len(updates) == 0 && dropped == 0 {
		return
	}
	began := time.Now()
	p.handOver(ctx, func() { p.apply(updates, dropped) })
	// A slow machine gets at least half of its time back for the user's clicks.
	select {
	case <-ctx.Done():
	case <-time.After(max(batchEvery, time.Since(began))):
	}
}

// handOver waits until the UI thread has done f: its queue has no bound, so nothing may pile up there.
func (p *pump) handOver(ctx context.Context, f func()) {
	done := make(chan struct{})
	p.do(func() {
		defer close(done)
		if ctx.Err() == nil {
			f()
		}
	})
	select {
	case <-done:
	case <-ctx.Done():
	}
}
