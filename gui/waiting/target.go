package waiting

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// targets are the chips with which the user chooses a target, in the order of the lanes' names.
type targets struct {
	choose func(lane string)
	chips  map[string]*look.Chip
	row    *fyne.Container
	object fyne.CanvasObject
}

func newTargets(choose func(lane string)) *targets {
	t := &targets{choose: choose, chips: map[string]*look.Chip{}, row: container.NewHBox()}
	t.object = container.NewHScroll(t.row)
	return t
}

// show draws a chip for each lane, the chosen one set.
func (t *targets) show(lanes []queue.LaneStatus, chosen string) {
	isNew := len(lanes) != len(t.chips)
	for _, l := range lanes {
		isNew = isNew || t.chips[l.Lane] == nil
	}
	if isNew {
		t.build(lanes)
	}
	for _, l := range lanes {
		c := t.chips[l.Lane]
		text := words.Lane(l.Lane)
		if l.Waiting > 0 {
			text = lang.L("{{.Target}} · {{.N}}", map[string]any{"Target": text, "N": words.Number(l.Waiting)})
		}
		c.SetText(text)
		if isChosen := l.Lane == chosen; c.On() != isChosen {
			c.Set(isChosen)
		}
	}
}

func (t *targets) build(lanes []queue.LaneStatus) {
	t.row.RemoveAll()
	clear(t.chips)
	for _, l := range lanes {
		icon := "command"
		if l.Lane == soundLane {
			icon = "sound"
		}
		var c *look.Chip
		c = look.NewChip("", icon, false, func(bool) {
			c.Set(true) // one is always chosen
			t.choose(l.Lane)
		})
		t.chips[l.Lane] = c
		t.row.Add(c)
	}
	t.row.Refresh()
}
