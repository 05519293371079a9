package store

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

// age makes an event and its jobs older than they are.
func age(t *testing.T, s *Store, id string, by time.Duration) {
	t.Helper()
	for _, text := range []string{
		`UPDATE jobs SET added = added - ?1 WHERE id = ?2 OR event IN (SELECT seq FROM events WHERE id = ?2)`,
		`UPDATE events SET added = added - ?1 WHERE id = ?2`,
	} {
		if _, err := s.conn.ExecContext(t.Context(), text, int64(by), id); err != nil {
			t.Fatal(err)
		}
	}
}

func prune(t *testing.T, s *Store) {
	t.Helper()
	if err := s.Prune(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestPruneByAge(t *testing.T) {
	s := open(t, Options{KeepFor: time.Hour})
	appendAll(t, s, record(1, 2), record(2, 2), record(3, 1), record(4, 0), Record{Jobs: []action.Job{{ID: "bare"}, {ID: "open"}}})
	for _, id := range []string{jobID(1, 0), jobID(1, 1), jobID(2, 0), jobID(3, 0), "bare"} {
		finish(t, s, id)
	}
	unfinished(t, s)
	for _, id := range []string{"gift-1", "gift-2", "gift-4", "bare", "open"} {
		age(t, s, id, 2*time.Hour)
	}
	prune(t, s)
	prune(t, s)
	for id, want := range map[string]bool{"gift-1": false, "gift-2": true, "gift-3": true, "gift-4": false} {
		if got, err := s.Known(t.Context(), "tiktok", id); err != nil || got != want {
			t.Errorf("%s is kept: %v, want %v (%v)", id, got, want, err)
		}
	}
	page, _, err := s.History(t.Context(), HistoryQuery{Limit: 10})
	if err != nil || len(page) != 2 || len(unfinished(t, s)) != 2 {
		t.Errorf("%d finished and %q, want 2 and 2 (%v)", len(page), ids(unfinished(t, s)), err)
	}
}

func TestPruneBySizeKeepsTheNewestAndTheUnfinished(t *testing.T) {
	s := open(t, Options{MaxBytes: 1 << 20})
	text := strings.Repeat("long ", 1000)
	records := make([]Record, 600)
	for i := range records {
		records[i] = record(i, 1)
		records[i].Event = event.Chat{Head: records[i].Event.Header(), Comment: text}
	}
	appendAll(t, s, records...)
	for i := 1; i < len(records); i++ {
		finish(t, s, jobID(i, 0))
	}
	prune(t, s)
	bytes, err := s.size(t.Context())
	if err != nil || bytes > 1<<20 {
		t.Errorf("%d bytes are in use, want at most %d (%v)", bytes, 1<<20, err)
	}
	var pages int64
	if err := s.conn.QueryRowContext(t.Context(), `SELECT freelist_count FROM pragma_freelist_count`).Scan(&pages); err != nil || pages != 0 {
		t.Errorf("%d pages were not given back (%v)", pages, err)
	}
	if got := unfinished(t, s); len(got) != 1 {
		t.Errorf("unfinished: %q", ids(got))
	}
	page, _, err := s.History(t.Context(), HistoryQuery{Limit: 1000})
	if err != nil || len(page) < 50 || len(page) > 300 || page[0].Job.ID != jobID(599, 0) {
		t.Errorf("%d finished jobs are kept (%v)", len(page), err)
	}
}

func TestPruneStopsAtWhatIsUnfinished(t *testing.T) {
	s := open(t, Options{MaxBytes: 1})
	appendAll(t, s, record(1, 1))
	prune(t, s)
	if got := unfinished(t, s); len(got) != 1 {
		t.Errorf("unfinished: %q", ids(got))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Prune(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}
