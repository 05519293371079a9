package faults

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// act ends with all gifts closed. What is sent again after the store is gone would count again: so it is damaged in the pause
// between two acts, when all is done.
const act = `
seed 5
length 1s
crowd 20
every 20ms random viewer gifts GG
every 100ms random viewer gifts Rosa
`

// pause waits for the end of an act, and until all of it is done.
func (s *stage) pause(t *testing.T) {
	t.Helper()
	s.live.Pause()
	s.eventually(t, "the act is over", func() bool {
		if !s.live.IsPaused() {
			return false
		}
		ledger, sum := s.live.Ledger(), 0
		for _, n := range paid(ledger.Streaks) {
			sum += n
		}
		return ledger.Pending == 0 && s.count() >= sum
	})
}

// TestDamagedStore damages the store's file while the program is down, in a pause of the show: it starts all the same, sets
// the file aside and tells, and every gift from then on counts.
func TestDamagedStore(t *testing.T) {
	t.Parallel()
	damages := []struct {
		name string
		do   func([]byte) []byte
	}{
		{"cut in half", func(b []byte) []byte { return b[:len(b)/2] }},
		{"emptied", func([]byte) []byte { return nil }},
		{"its beginning garbage", func(b []byte) []byte { return append(bytes.Repeat([]byte("x"), 4096), b[4096:]...) }},
		{"its end garbage", func(b []byte) []byte { return append(b[:len(b)-4096:len(b)-4096], bytes.Repeat([]byte("x"), 4096)...) }},
		{"all garbage", func(b []byte) []byte { return garbage(len(b)) }},
	}
	s := newStage(t, act, unhurried)
	p := s.start(t)
	for i, damage := range damages {
		s.works(t)
		s.pause(t)
		p.interrupt(t)
		s.damage(t, damage.do)
		p = s.start(t)
		s.eventually(t, "the file is set aside: "+damage.name, func() bool { return len(s.setAside(t)) == i+1 })
		s.eventually(t, "that is told", func() bool { return strings.Contains(s.said(), "set aside") })
		// What is sent before it is back is the past to a program whose memory is gone.
		s.eventually(t, "it is connected", func() bool { return s.live.Totals().Received.Open > 0 })
		s.live.Resume()
	}
	got := s.finish(t, p)
	t.Logf("the store was damaged %d times: %v", len(damages), got)
	if got.sent < 20*len(damages) {
		t.Errorf("only %d gifts were sent", got.sent)
	}
}

func garbage(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(rand.IntN(256))
	}
	return b
}

func (s *stage) damage(t *testing.T, how func([]byte) []byte) {
	t.Helper()
	content, err := os.ReadFile(s.database())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.database(), how(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// setAside returns the damaged files that the program has kept.
func (s *stage) setAside(t *testing.T) (found []string) {
	t.Helper()
	all, err := filepath.Glob(s.database() + ".broken-*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range all {
		if !strings.Contains(strings.TrimPrefix(name, s.database()+".broken-"), "-") && !strings.Contains(name, ".steps") {
			found = append(found, name)
		}
	}
	return found
}
