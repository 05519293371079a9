package look

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestPanesStandBelowOneAnotherWhereThereIsNoRoom(t *testing.T) {
	test.NewTempApp(t)
	left, head, right := Gap(300, 900), Gap(200, 30), Gap(250, 1200)
	p := NewPanes(600, left, head, right)
	w := test.NewTempWindow(t, p.Object)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(800, 400))
	if p.IsFolded() || right.Size().Width < 400 || head.Position().X < 300 {
		t.Fatalf("wide: folded %v, the right side %v, its head at %v", p.IsFolded(), right.Size(), head.Position())
	}
	p.ScrollTo(500)
	if got := p.rightScroll.Offset.Y; got != 500 {
		t.Errorf("the right side is scrolled to %v", got)
	}

	w.Resize(fyne.NewSize(500, 400))
	if !p.IsFolded() || right.Position().Y < 930 || right.Size().Width < 490 {
		t.Fatalf("narrow: folded %v, the right side %v at %v", p.IsFolded(), right.Size(), right.Position())
	}
	p.ScrollTo(100)
	if got, want := p.all.Offset.Y, right.Position().Y+100; got != want {
		t.Errorf("all is scrolled to %v, not %v", got, want)
	}

	w.Resize(fyne.NewSize(800, 400))
	if p.IsFolded() || len(p.column.Objects) != 0 || left.Size().Height != 900 {
		t.Errorf("wide again: folded %v, the left side %v", p.IsFolded(), left.Size())
	}
}
