//go:build faults

package faults

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/livecue/livecue/core/rehearsal/practice"
)

// hasty is how long the program waits for an answer where the game gives none.
const hasty = 300 * time.Millisecond

// singles are gifts that ask for one command each, so that a run whose answer never came is a job whose outcome is unknown,
// and those that the game refuses.
const singles = `
seed 3
length %ds
crowd 20
every 20ms random viewer gifts GG
every 100ms random viewer gifts Rosa
`

// TestGameFaults makes the game server fail under load, again and again. What the server has swallowed is known: each command
// reaches it once.
func TestGameFaults(t *testing.T) {
	cases := []struct {
		name string
		turn func(*gameFault) // one fault, from good to good
		// swallows says that the server gets commands and does not run them.
		swallows bool
	}{
		{"hangs", func(f *gameFault) { f.with(practice.FaultHang) }, true},
		{"half-closes", func(f *gameFault) { f.with(practice.FaultHalfClose) }, true},
		{"resets", func(f *gameFault) { f.with(practice.FaultReset) }, true},
		{"answers garbage", func(f *gameFault) { f.with(practice.FaultGarbage) }, false},
		{"answers too late", (*gameFault).late, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := rounds()
			s := newStage(t, fmt.Sprintf(singles, 1+2*n), hasty)
			p := s.start(t)
			for range n {
				s.works(t)
				c.turn(&gameFault{t, s})
			}
			got := s.finish(t, p)
			t.Logf("the game server %s %d times: %v", c.name, n, got)
			if got.unknown == 0 || got.rejected == 0 {
				t.Errorf("nothing has gone wrong: %v", got)
			}
			swallowed := int(s.game.Count()) - s.count()
			if missing := got.sent - s.count(); missing != swallowed || c.swallows == (swallowed == 0) {
				t.Errorf("%d commands were not run, and the server has swallowed %d", missing, swallowed)
			}
		})
	}
}

// works waits until the game has received some more, or the show is over.
func (s *stage) works(t *testing.T) {
	t.Helper()
	before := s.count()
	s.eventually(t, "it is at work", func() bool { return s.count() > before+20 || s.isOver() })
}

// gameFault makes the game server fail for a while.
type gameFault struct {
	t *testing.T
	s *stage
}

// with lasts until a command has met the fault and the client has logged in anew.
func (f *gameFault) with(fault practice.Fault) {
	f.t.Helper()
	logins, commands := f.s.game.Logins(), f.s.game.Count()
	f.s.game.SetFault(fault)
	f.s.eventually(f.t, "the fault has been met", func() bool {
		return f.s.game.Logins() > logins && f.s.game.Count() > commands || f.s.isOver()
	})
	f.s.game.SetFault(practice.FaultNone)
}

// late lasts until some commands have been answered after the deadline.
func (f *gameFault) late() {
	f.t.Helper()
	before := f.s.game.Count()
	f.s.game.SetDelay(2 * hasty)
	f.s.eventually(f.t, "answers are late", func() bool { return f.s.game.Count() > before+3 || f.s.isOver() })
	f.s.game.SetDelay(0)
}

func TestGameRestartsUnderLoad(t *testing.T) {
	t.Parallel()
	n := 1 + rounds()
	s := newStage(t, fmt.Sprintf(singles, 1+2*n), 0)
	p := s.start(t)
	for range n {
		s.works(t)
		s.endGame()
		s.moreGifts(t)
		s.openGame(t, s.game.Addr())
	}
	got := s.finish(t, p)
	t.Logf("the game server restarted %d times: %v", n, got)
}

// moreGifts waits until viewers have sent some more, or the show is over.
func (s *stage) moreGifts(t *testing.T) {
	t.Helper()
	before := s.live.Ledger().Gifts
	s.eventually(t, "more gifts have come", func() bool { return s.live.Ledger().Gifts > before+10 || s.isOver() })
}

// TestGameRefusesThePasswordAfterARestart: what waits is kept until the user acts, who restarts LiveCue, or whose computer does.
func TestGameRefusesThePasswordAfterARestart(t *testing.T) {
	t.Parallel()
	n := rounds()
	s := newStage(t, fmt.Sprintf(singles, 1+3*n), 0)
	p := s.start(t)
	for round := range n {
		s.works(t)
		s.endGame()
		s.openGame(t, s.game.Addr())
		s.game.SetFault(practice.FaultRefuse)
		s.eventually(t, "the password is refused", func() bool { return s.game.Logins() > 0 || s.isOver() })
		s.moreGifts(t)
		if logins := s.game.Logins(); logins > 1 {
			t.Errorf("%d logins with a password that was refused", logins)
		}
		if round%2 == 0 {
			if err := p.end(t); err == nil || !strings.Contains(s.said(), "refused the RCON password") {
				t.Errorf("it ended with %v and did not tell why gifts wait: %s", err, s.said())
			}
		} else {
			p.kill(t)
		}
		s.game.SetFault(practice.FaultNone)
		p = s.start(t)
	}
	got := s.finish(t, p)
	t.Logf("the password was refused %d times: %v", n, got)
}
