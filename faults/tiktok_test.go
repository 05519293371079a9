package faults

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/livecue/livecue/core/rehearsal"
)

// TestSocketFaults makes TikTok's side fail while viewers give, streaks among them, in each act of the show, and kills the
// program in between.
func TestSocketFaults(t *testing.T) {
	isCut := func(l rehearsal.Ledger) int { return l.Received.Connections }
	isRepeating := func(l rehearsal.Ledger) int { return l.Sent.Repeated }
	cases := []struct {
		name, line string
		// met counts what shows that the fault has been met.
		met func(rehearsal.Ledger) int
	}{
		{"is dropped", "at 1s drop the connection", isCut},
		{"is cut", "at 1s cut the connection", isCut},
		{"is cut for a while", "at 1s cut the connection for 1s", isCut},
		{"stalls", "at 1s stall for 1500ms", func(l rehearsal.Ledger) int { return l.Sent.Stalls }},
		{"sends messages twice", "every 300ms from 1s duplicate the last 10 messages", isRepeating},
		{
			"replays old messages", "at 1s replay the last 50 messages at the next connection\nat 2s cut the connection", isRepeating,
		},
		{
			"sends garbage", "every 500ms from 1s send garbage\nevery 700ms from 1s send a hollow message",
			func(l rehearsal.Ledger) int { return min(l.Sent.Garbage, l.Sent.Hollow) },
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			kills := rounds() / 2
			s := newStage(t, evening+c.line+"\n", unhurried)
			p := s.start(t)
			for range kills {
				s.meets(t, c.name, c.met)
				time.Sleep(time.Duration(rand.IntN(500)) * time.Millisecond) // any moment will do
				p.kill(t)
				p = s.start(t)
			}
			s.meets(t, c.name, c.met)
			got := s.finish(t, p)
			t.Logf("the socket %s, %d kills in between: %v", c.name, kills, got)
			if got.sent < 20 {
				t.Errorf("only %d gifts were sent", got.sent)
			}
		})
	}
}

// meets waits until the program works and has met the fault.
func (s *stage) meets(t *testing.T, fault string, met func(rehearsal.Ledger) int) {
	t.Helper()
	s.works(t)
	before := met(s.live.Totals())
	s.eventually(t, "the socket "+fault, func() bool { return met(s.live.Totals()) > before })
}
