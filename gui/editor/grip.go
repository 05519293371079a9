package editor

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/gui/look"
)

// grip is the handle by which a row is dragged to another place; Escape gives a drag up. With the keyboard it is reached with Tab,
// and the arrows move the rule.
type grip struct {
	widget.BaseWidget

	row    *row
	ground *canvas.Rectangle
}

var (
	_ fyne.Draggable     = (*grip)(nil)
	_ fyne.Focusable     = (*grip)(nil)
	_ desktop.Cursorable = (*grip)(nil)
)

func newGrip(r *row) *grip {
	g := &grip{row: r, ground: canvas.NewRectangle(color.Transparent)}
	g.ground.CornerRadius = 4
	g.ExtendBaseWidget(g)
	return g
}

// Dragged implements fyne.Draggable. While it is dragged the grip has the keyboard, so that Escape reaches it.
func (g *grip) Dragged(e *fyne.DragEvent) {
	m := g.row.list.moving
	if !m.isOn && !m.isOver {
		g.row.list.page.host.Window.Canvas().Focus(g)
		m.begin(g.row.rule)
	}
	m.by(e.Dragged.DY)
}

// DragEnd implements fyne.Draggable.
func (g *grip) DragEnd() { g.row.list.moving.drop() }

// Cursor implements desktop.Cursorable.
func (g *grip) Cursor() desktop.Cursor { return desktop.VResizeCursor }

// FocusGained implements fyne.Focusable.
func (g *grip) FocusGained() { g.paint(theme.Color(theme.ColorNameFocus)) }

// FocusLost implements fyne.Focusable.
func (g *grip) FocusLost() { g.paint(color.Transparent) }

func (g *grip) paint(c color.Color) {
	g.ground.FillColor = c
	g.ground.Refresh()
}

// TypedRune implements fyne.Focusable.
func (g *grip) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (g *grip) TypedKey(e *fyne.KeyEvent) {
	l := g.row.list
	switch {
	case e.Name == fyne.KeyEscape:
		l.moving.cancel()
	case l.moving.isOn:
	case e.Name == fyne.KeyUp:
		l.step(g.row.rule, -1)
	case e.Name == fyne.KeyDown:
		l.step(g.row.rule, 1)
	}
}

// CreateRenderer implements fyne.Widget.
func (g *grip) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(g.ground, widget.NewIcon(look.IconIn("grip", theme.ColorNamePlaceHolder))))
}
