package app

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/livecue/livecue/core/action"
)

// blockShelf puts something in the place of the shelf's file that cannot be deleted like one.
func blockShelf(t *testing.T, dir string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, "waiting.db", "full"), 0o700); err != nil {
		t.Fatal(err)
	}
}

func hasShelfProblem(a *App) bool {
	return slices.ContainsFunc(a.Health().Problems, func(p string) bool { return strings.HasPrefix(p, shelfProblem) })
}

func TestAShelfThatCannotBeOpenedIsToldOf(t *testing.T) {
	dir := t.TempDir()
	blockShelf(t, dir)
	a, _ := life(t, filepath.Join(dir, "livecue.db"), testProfile())
	if !hasShelfProblem(a) {
		t.Errorf("health: %+v", a.Health())
	}
}

func TestAShelfThatFillsUpIsToldOf(t *testing.T) {
	dir := t.TempDir()
	a, _ := life(t, filepath.Join(dir, "livecue.db"), testProfile())
	blockShelf(t, dir)
	a.PauseLane(soundLane)
	jobs := make([]action.Job, 5000)
	for i := range jobs {
		jobs[i] = action.Job{ID: fmt.Sprint(i), Spec: action.Spec{Sound: &action.Sound{File: "bundled:chime"}}}
	}
	if err := a.queue.Put(t.Context(), jobs...); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is told", func() bool { return hasShelfProblem(a) })
	if l, _ := hasLane(a, soundLane); l.Waiting != len(jobs) {
		t.Errorf("%d of them wait", l.Waiting)
	}
}
