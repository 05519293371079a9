//go:build faults

package faults

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// TestSocketFaults makes TikTok's side fail while viewers give, streaks among them, and kills the program in between.
func TestSocketFaults(t *testing.T) {
	cases := []struct{ name, line string }{
		{"is dropped", "every 2s from 1s drop the connection"},
		{"is cut", "every 2s from 1s cut the connection"},
		{"is cut for a while", "every 3s from 1s cut the connection for 1s"},
		{"stalls", "every 3s from 1s stall for 1500ms"},
		{"sends messages twice", "every 300ms from 1s duplicate the last 10 messages"},
		{"replays old messages", "every 2s from 1s replay the last 50 messages at the next connection\nevery 2s from 1s cut the connection"},
		{"sends garbage", "every 500ms from 1s send garbage\nevery 700ms from 1s send a hollow message"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := rounds() / 2
			s := newStage(t, fmt.Sprintf(evening, 2+5*n)+c.line+"\n", 0)
			for range n {
				p := s.start(t)
				s.works(t)
				time.Sleep(time.Duration(1000+rand.IntN(1500)) * time.Millisecond)
				p.kill(t)
			}
			got := s.finish(t, s.start(t))
			t.Logf("the socket %s, %d kills in between: %v", c.name, n, got)
			if got.sent < 20 {
				t.Errorf("only %d gifts were sent", got.sent)
			}
		})
	}
}
