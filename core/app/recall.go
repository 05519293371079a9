package app

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/overlay"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/core/source/tiktok"
	"github.com/livecue/livecue/core/store"
)

// recallMost bounds the events of a stream that the rules and the pages are told of after a restart. It is more than a
// stream of many hours has. A hundred thousand take one or two seconds, and some thousand are in memory at a time.
const recallMost = 500_000

// recalls tells whose last stream has been told of. Each is told of once, before the first connection to them: what comes
// later the rules have seen themselves.
type recalls struct {
	mu   sync.Mutex // held while the journal is read
	done map[string]bool
}

// recallAtStart tells of the profile's streamer, where a stream of theirs is still on: the pages in OBS need not wait until the
// user connects. Of any other, recall tells later.
func (a *App) recallAtStart(ctx context.Context) {
	name, err := tiktok.ParseHandle(a.Profile().TikTok.Handle)
	if err != nil {
		return // there is none yet
	}
	last, err := a.store.LastSession(ctx, "tiktok", name)
	if err == nil && last.End.IsZero() {
		a.recall(ctx, name)
	}
}

// recall tells rules and pages of the streamer's last stream. Where it still goes on, its room is the same, and so do its goals,
// milestones and first times; a stream in another room begins anew. The room decides and no clock: that may have been set
// meanwhile.
func (a *App) recall(ctx context.Context, handle string) {
	name, err := tiktok.ParseHandle(handle)
	if err != nil {
		return
	}
	a.recalls.mu.Lock()
	defer a.recalls.mu.Unlock()
	if a.recalls.done[name] {
		return
	}
	if a.recalls.done == nil {
		a.recalls.done = map[string]bool{}
	}
	a.recalls.done[name] = true
	last, err := a.store.LastSession(ctx, "tiktok", name)
	if errors.Is(err, store.ErrNoSession) {
		return
	}
	if err == nil {
		err = a.retell(ctx, last)
	}
	if err != nil && ctx.Err() == nil {
		a.log.Error("the last stream could not be recalled, so its rules begin anew", "error", err)
	}
}

func (a *App) retell(ctx context.Context, last store.Session) error {
	isOn := last.End.IsZero()
	if last.Room == "" && !isOn {
		return nil // nothing tells it from the next
	}
	began, n := time.Now(), 0
	pages := overlay.NewPast()
	err := a.store.Retrace(ctx, last.ID, recallMost, func(page []store.Traced) {
		n += len(page)
		past := make([]rule.Past, 0, len(page))
		for _, t := range page {
			past = append(past, rule.Past{Event: t.Event, At: t.At, Fired: t.Rules})
			if _, isCue := t.Event.(event.Cue); !isCue {
				pages.Add(t.Event, t.At)
			}
		}
		a.rules.Remember(past...)
	})
	a.overlay.Remember(pages, isOn)
	a.log.Info("the last stream has been recalled", "events", n, "took", time.Since(began).Round(time.Millisecond))
	return err
}
