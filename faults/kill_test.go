package faults

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
)

// kills is how often the program is killed: a few times in a usual run, LIVECUE_KILLS times in a long one.
func kills() int {
	if n, err := strconv.Atoi(os.Getenv("LIVECUE_KILLS")); err == nil {
		return n
	}
	return 5
}

// evening is what viewers do while the program is killed: streaks and single gifts, on and on.
const evening = `
seed 7
length 4s
crowd 20
every 150ms random viewer gifts "Hand Hearts" or Corgi
every 400ms random viewer streaks Rose to 5..40 over 1s..3s
every 300ms random viewer gifts GG or "Heart Me" x1..4
`

func TestKillAtRandomMoments(t *testing.T) {
	n := kills()
	s := newStage(t, evening, unhurried)
	for round := range n {
		before := s.count()
		p := s.start(t)
		// Killed before it has done anything, it would prove nothing.
		s.eventually(t, "it is at work", func() bool { return s.count() > before+20 })
		time.Sleep(time.Duration(rand.IntN(300)) * time.Millisecond)
		p.kill(t)
		t.Logf("kill %d after %d commands", round+1, s.count())
	}
	got := s.finish(t, s.start(t))
	t.Logf("%d kills: %v", n, got)
	if got.sent < 20*n {
		t.Errorf("only %d gifts were sent", got.sent)
	}
}
