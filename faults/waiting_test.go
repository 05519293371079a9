//go:build faults

package faults

import (
	"errors"
	"io/fs"
	"os"
	"testing"
)

// rain is gifts that come far faster than a slow game runs their commands.
const rain = `
seed 9
length 1s
crowd 200
every 1ms random viewer gifts GG
`

// manyWaiting is how many jobs are to wait: far more than memory takes, so that the rest goes to the shelf.
func manyWaiting() int {
	if isLong() {
		return 20_000
	}
	return 6000
}

// rains waits until that many more gifts have come.
func (s *stage) rains(t *testing.T, gifts int) {
	t.Helper()
	before := s.live.Totals().Gifts
	s.eventually(t, "more gifts have come", func() bool { return s.live.Totals().Gifts >= before+gifts })
}

// TestKillWhileThousandsWait kills the program while most of what waits is on the shelf, and again when it has read from the
// journal what was left. The shelf does not outlive the program: the journal has all.
func TestKillWhileThousandsWait(t *testing.T) {
	t.Parallel()
	s := newStage(t, rain, unhurried)
	s.game.SetDelay(slowCommand)
	p := s.start(t)
	s.rains(t, manyWaiting())
	for round := range 1 + rounds() {
		s.works(t)
		s.eventually(t, "jobs are on the shelf", func() bool { return s.hasShelf(t) })
		t.Logf("kill %d with %d gifts given and %d done", round+1, s.live.Totals().Gifts, s.count())
		p.kill(t)
		p = s.start(t)
	}
	s.works(t)
	s.game.SetDelay(0)
	got := s.finish(t, p)
	t.Logf("%d kills while thousands waited: %v", 1+rounds(), got)
	if got.sent < manyWaiting() {
		t.Errorf("only %d gifts were sent", got.sent)
	}
}

// hasShelf says whether the program has a file with what waits.
func (s *stage) hasShelf(t *testing.T) bool {
	t.Helper()
	_, err := os.Stat(s.path("data/livecue/waiting.db"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return err == nil
}
