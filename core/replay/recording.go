package replay

import (
	"context"
	"fmt"
	"time"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/store"
)

// Item is an event of a recording.
type Item struct {
	// Number grows from each item to the next.
	Number int64
	// At is when it came.
	At    time.Time
	Event event.Event
}

// Recording is what can be played.
type Recording interface {
	// About tells what is in it.
	About(ctx context.Context) (About, error)
	// Read returns items in their order, at most limit of those whose number is above after. next is where the next call goes
	// on, and 0 when there are no more.
	Read(ctx context.Context, after int64, limit int) (items []Item, next int64, err error)
}

// About is what is known of a recording before it is played.
type About struct {
	// Name says which one it is.
	Name string
	// Begun is when the first event came, Length how long it was from there to the last.
	Begun  time.Time
	Length time.Duration
	// Events is how many there are.
	Events int64
	// Anonymous says that the viewers' names are made up.
	Anonymous bool
}

// session is a session of a store.
type session struct {
	store *store.Store
	id    int64
}

// OfSession returns the recording of a session of the store.
func OfSession(s *store.Store, id int64) Recording { return session{s, id} }

func (r session) About(ctx context.Context) (About, error) {
	one, err := r.store.Session(ctx, r.id)
	if err != nil {
		return About{}, fmt.Errorf("read the session: %w", err)
	}
	about := About{Name: one.Title, Begun: one.Begun, Length: one.Last.Sub(one.Begun), Events: one.Recorded}
	if about.Name == "" {
		about.Name = one.Handle
	}
	return about, nil
}

func (r session) Read(ctx context.Context, after int64, limit int) ([]Item, int64, error) {
	page, next, err := r.store.Recording(ctx, r.id, after, limit)
	if err != nil {
		return nil, 0, fmt.Errorf("read the recording: %w", err)
	}
	items := make([]Item, len(page))
	for i, p := range page {
		items[i] = Item(p)
	}
	return items, next, nil
}
