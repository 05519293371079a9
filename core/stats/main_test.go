package stats

import (
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/livecue/livecue/core/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock is one that the test sets.
type clock struct{ now time.Time }

func (c *clock) read() time.Time { return c.now }

func open(t *testing.T, c *clock, zone *time.Location) *store.Store {
	t.Helper()
	s, err := store.Open(store.Options{
		Path: filepath.Join(t.TempDir(), "store.db"), Now: c.read, Zone: zone, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
