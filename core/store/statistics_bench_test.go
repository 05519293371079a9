package store

import (
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/livecue/livecue/core/event"
)

// BenchmarkStatistics has a million events of 50 evenings and 20,000 viewers counted, and then asks for all that a page shows.
// The first asks of each kind are what is reported.
func BenchmarkStatistics(b *testing.B) {
	const events, evenings, batch = 1_000_000, 50, 500
	now := &clock{evening()}
	s := open(b, Options{Now: now.read, Zone: testZone()})
	s.tally.mu.Lock() // so that the counting is measured alone
	sh := &show{random: rand.New(rand.NewPCG(1, 2))}
	records := make([]Record, batch)
	for i := 0; i < events; i += batch {
		if i%(events/evenings) == 0 {
			now.now = now.now.Add(20 * time.Hour)
		}
		now.now = now.now.Add(5 * time.Second * 60 * 4 / 100)
		for j := range records {
			e := sh.next(string(rune('a'+i/(events/evenings))), now.now)
			u := viewer(sh.random.IntN(20_000))
			switch v := e.(type) {
			case event.Gift:
				v.User = u
				e = v
			case event.Like:
				v.User = u
				e = v
			}
			records[j] = Record{Event: e}
		}
		appendAll(b, s, records...)
	}
	if err := s.fold(b.Context()); err != nil {
		b.Fatal(err)
	}
	s.tally.mu.Unlock()
	before := fileSize(b, s)
	report := func(name string, ask func() error) {
		begun := time.Now()
		if err := ask(); err != nil {
			b.Fatal(name, err)
		}
		b.ReportMetric(float64(time.Since(begun).Microseconds())/1000, "ms-"+name)
	}
	ctx := b.Context()
	for b.Loop() {
	}
	report("count", func() error { return s.count(ctx) })
	report("sessions", func() error { _, err := s.Sessions(ctx, 0, 100); return err })
	for name, scope := range map[string]Scope{"all": {}, "session": {Session: 25}, "day": {From: now.now, To: now.now}} {
		report(name+"-slots", func() error { _, err := s.Slots(ctx, scope, time.Time{}, 10); return err })
		report(name+"-coins", func() error { _, err := s.TopViewers(ctx, scope, ByCoins, 20); return err })
		report(name+"-likes", func() error { _, err := s.TopViewers(ctx, scope, ByLikes, 20); return err })
		report(name+"-gifts", func() error { _, err := s.TopGifts(ctx, scope, 20); return err })
		report(name+"-rules", func() error { _, err := s.Rules(ctx, scope); return err })
	}
	report("recording", func() error { _, _, err := s.Recording(ctx, 25, 0, 500); return err })
	b.ReportMetric(before, "MB-before")
	b.ReportMetric(fileSize(b, s), "MB-after")
}

func fileSize(b *testing.B, s *Store) float64 {
	b.Helper()
	if _, err := s.conn.ExecContext(b.Context(), `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(s.opts.Path)
	if err != nil {
		b.Fatal(err)
	}
	return float64(info.Size()) / 1e6
}
