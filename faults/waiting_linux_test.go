//go:build faults

package faults

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestFullDiskWhileThousandsWait fills the disk while what waits for a slow game goes to the shelf on it.
func TestFullDiskWhileThousandsWait(t *testing.T) {
	t.Parallel()
	s := newStage(t, rain, unhurried)
	if !s.mountSmall(t, "200m") {
		return
	}
	s.game.SetDelay(slowCommand)
	p := s.start(t)
	ballast := filepath.Join(s.path("data"), "ballast")
	s.rains(t, manyWaiting())
	s.eventually(t, "jobs are on the shelf", func() bool { return s.hasShelf(t) })
	s.eventually(t, "the full disk is told of", func() bool {
		fill(t, ballast) // again: some room may have been made
		return strings.Contains(s.said(), noJournal)
	})
	s.rains(t, 500)
	remove(t, ballast)
	s.rains(t, 500)
	s.game.SetDelay(0)
	t.Logf("the disk was full while thousands waited: %v", s.finish(t, p))
}
