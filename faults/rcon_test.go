package faults

import (
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
length 2s
crowd 20
every 20ms random viewer gifts GG
every 100ms random viewer gifts Rosa
`

// TestGameFaults makes the game server fail under load, again and again. What the server has swallowed is known: none of it
// has been run, and all of it is unknown. What else is unknown was lost on its way, or answered too late.
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
			s := newStage(t, singles, hasty)
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
			swallowed, missing := int(s.game.Count())-s.count(), got.sent-s.count()
			if swallowed > missing || missing > got.unknown || c.swallows == (swallowed == 0) {
				t.Errorf("%d commands were not run, the server has swallowed %d: %v", missing, swallowed, got)
			}
		})
	}
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
		return f.s.game.Logins() > logins && f.s.game.Count() > commands
	})
	f.s.game.SetFault(practice.FaultNone)
}

// late lasts until the client has given up waiting, and with it the connection, a few times.
func (f *gameFault) late() {
	f.t.Helper()
	before := f.s.game.Logins()
	f.s.game.SetDelay(2 * hasty)
	f.s.eventually(f.t, "answers are late", func() bool { return f.s.game.Logins() > before+2 })
	f.s.game.SetDelay(0)
}

func TestGameRestartsUnderLoad(t *testing.T) {
	t.Parallel()
	n := 1 + rounds()
	s := newStage(t, singles, unhurried)
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

// TestGameRefusesThePasswordAfterARestart: what waits is kept until the user acts, who restarts LiveCue, or whose computer does.
func TestGameRefusesThePasswordAfterARestart(t *testing.T) {
	t.Parallel()
	n := rounds()
	s := newStage(t, singles, unhurried)
	p := s.start(t)
	for round := range n {
		s.works(t)
		s.endGame()
		s.openGame(t, s.game.Addr())
		s.game.SetFault(practice.FaultRefuse)
		s.eventually(t, "the password is refused", func() bool { return s.game.Logins() > 0 })
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
