package faults

import (
	"database/sql"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/livecue/livecue/core/store"
)

// TestClockIsSetWhileTheProgramIsDown kills the program, sets the clock, starts it again, and has the platform replay what was
// sent before. The machine's own clock is not touched: what the store holds is moved the other way, which looks the same to
// a program that starts.
func TestClockIsSetWhileTheProgramIsDown(t *testing.T) {
	by := []time.Duration{-48 * time.Hour, time.Hour}
	if isLong() {
		by = append(by, -time.Hour, 48*time.Hour)
	}
	for _, by := range by {
		t.Run(by.String(), func(t *testing.T) {
			t.Parallel()
			replay := "every 300ms replay the last 100 messages at the next connection\nat 1s drop the connection\n"
			s := newStage(t, singles+replay, unhurried)
			p := s.start(t)
			s.works(t)
			s.moreGifts(t)
			time.Sleep(time.Duration(500+rand.IntN(500)) * time.Millisecond)
			p.kill(t)
			s.moveStore(t, -by)
			p = s.start(t)
			s.eventually(t, "something is sent again", func() bool { return s.live.Totals().Sent.Repeated > 0 })
			got := s.finish(t, p)
			t.Logf("the clock was set by %v: %v", by, got)
		})
	}
}

// moveStore adds to every time of the store's events.
func (s *stage) moveStore(t *testing.T, by time.Duration) {
	t.Helper()
	folded, err := store.Open(store.Options{Path: s.database()}) // what is in the log goes into the database
	if err != nil {
		t.Fatal(err)
	}
	if err := folded.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", s.database())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // the statement's error tells
	result, err := db.ExecContext(t.Context(), `UPDATE events SET at = at + ?, added = added + ?`, int64(by), int64(by))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		t.Fatalf("%d events were moved: %v", n, err)
	}
}
