package faults

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/livecue/livecue/core/rehearsal"
)

// TestSocketFaults makes TikTok's side fail while viewers give, streaks among them, and kills the program in between.
func TestSocketFaults(t *testing.T) {
	isCut := func(l rehearsal.Ledger) int { return l.Received.Connections }
	isRepeating := func(l rehearsal.Ledger) int { return l.Sent.Repeated }
	cases := []struct {
		name, line string
		// met counts what shows that the fault has been met.
		met func(rehearsal.Ledger) int
	}{
		{"is dropped", "every 2s from 1s drop the connection", isCut},
		{"is cut", "every 2s from 1s cut the connection", isCut},
		{"is cut for a while", "every 3s from 1s cut the connection for 1s", isCut},
		{"stalls", "every 3s from 1s stall for 1500ms", func(l rehearsal.Ledger) int { return l.Sent.Stalls }},
		{"sends messages twice", "every 300ms from 1s duplicate the last 10 messages", isRepeating},
		{
			"replays old messages",
			"every 2s from 1s replay the last 50 messages at the next connection\nevery 2s from 1s cut the connection",
			isRepeating,
		},
		{
			"sends garbage", "every 500ms from 1s send garbage\nevery 700ms from 1s send a hollow message",
			func(l rehearsal.Ledger) int { return min(l.Sent.Garbage, l.Sent.Hollow) },
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := (rounds() + 1) / 2
			s := newStage(t, evening+c.line+"\n", unhurried)
			for range n {
				before := c.met(s.live.Ledger())
				p := s.start(t)
				s.works(t)
				s.eventually(t, "the socket "+c.name, func() bool { return c.met(s.live.Ledger()) > before+1 })
				time.Sleep(time.Duration(rand.IntN(500)) * time.Millisecond) // any moment will do
				p.kill(t)
			}
			got := s.finish(t, s.start(t))
			t.Logf("the socket %s, %d kills in between: %v", c.name, n, got)
			if got.sent < 20*n {
				t.Errorf("only %d gifts were sent", got.sent)
			}
		})
	}
}
