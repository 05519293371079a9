package editor

import (
	"math"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/gui/look"
)

// grip is the handle by which a row is dragged to another place. The buttons beside it do the same for a keyboard.
type grip struct {
	widget.BaseWidget

	row *row
	// far is how far it has been dragged down, or up where it is negative.
	far float32
}

var (
	_ fyne.Draggable     = (*grip)(nil)
	_ desktop.Cursorable = (*grip)(nil)
)

func newGrip(r *row) *grip {
	g := &grip{row: r}
	g.ExtendBaseWidget(g)
	return g
}

// Dragged implements fyne.Draggable.
func (g *grip) Dragged(e *fyne.DragEvent) { g.far += e.Dragged.DY }

// DragEnd implements fyne.Draggable.
func (g *grip) DragEnd() {
	by := int(math.Round(float64(g.far / (rowHeight + theme.Padding()))))
	g.far = 0
	if by != 0 {
		g.row.list.drag(g.row.rule, by)
	}
}

// Cursor implements desktop.Cursorable.
func (g *grip) Cursor() desktop.Cursor { return desktop.VResizeCursor }

// CreateRenderer implements fyne.Widget.
func (g *grip) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(widget.NewIcon(look.IconIn("grip", theme.ColorNamePlaceHolder)))
}

// drag moves a rule by several places, as far as the list goes.
func (l *list) drag(r rule.Rule, by int) {
	l.page.change(func(rules []rule.Rule) []rule.Rule {
		i := indexOf(rules, r.ID)
		if i < 0 {
			return rules
		}
		to := min(max(i+by, 0), len(rules)-1)
		moved := rules[i]
		rules = slices.Delete(slices.Clone(rules), i, i+1)
		return slices.Insert(rules, to, moved)
	})
}
