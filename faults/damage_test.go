//go:build faults

package faults

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// acts returns a show of n acts with pauses between them; at the end of each act somebody follows. The drop at the end of a
// pause waits for a program that is not back yet: no act begins without it.
func acts(n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "seed 5\nlength %ds\ncrowd 20\n", 4*n)
	for i := range n {
		fmt.Fprintf(&b, "every 20ms from %ds until %dms random viewer gifts GG\n", 4*i, 4000*i+1000)
		fmt.Fprintf(&b, "every 100ms from %ds until %dms random viewer gifts Rosa\n", 4*i, 4000*i+1000)
		fmt.Fprintf(&b, "at %dms random viewer follows\nat %dms drop the connection\n", 4000*i+1200, 4000*i+3700)
	}
	return b.String()
}

// actIsOver waits for the end of an act, counted from 1, and until all of it is done.
func (s *stage) actIsOver(t *testing.T, act int) {
	t.Helper()
	s.eventually(t, fmt.Sprintf("act %d is over", act), func() bool {
		ledger := s.live.Ledger()
		sum := 0
		for _, n := range s.paid() {
			sum += n
		}
		return ledger.Follows >= act && ledger.Pending == 0 && s.count() >= sum
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
	s := newStage(t, acts(len(damages)+1), 0)
	p := s.start(t)
	for i, damage := range damages {
		s.actIsOver(t, i+1)
		p.interrupt(t)
		s.damage(t, damage.do)
		p = s.start(t)
		s.eventually(t, "the file is set aside: "+damage.name, func() bool { return len(s.setAside(t)) == i+1 })
		s.eventually(t, "that is told", func() bool { return strings.Contains(s.said(), "set aside") })
	}
	got := s.finish(t, p)
	t.Logf("the store was damaged %d times: %v", len(damages), got)
	if got.sent < 40*(len(damages)+1) {
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
