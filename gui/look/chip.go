package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Chip is a small switch with an icon and a word, such as a filter. It can be reached and switched with the keyboard.
type Chip struct {
	widget.BaseWidget

	// OnChanged is called when the user has switched it.
	OnChanged func(on bool)

	on, hovered, focused bool
	name                 string
	icon                 *widget.Icon
	text                 *canvas.Text
	ground               *canvas.Rectangle
}

var (
	_ fyne.Tappable     = (*Chip)(nil)
	_ fyne.Focusable    = (*Chip)(nil)
	_ desktop.Hoverable = (*Chip)(nil)
)

// NewChip returns a chip with one of our icons.
func NewChip(text, icon string, on bool, changed func(on bool)) *Chip {
	c := &Chip{
		OnChanged: changed, on: on, name: icon, icon: widget.NewIcon(nil), text: canvas.NewText(text, color.Transparent),
		ground: canvas.NewRectangle(color.Transparent),
	}
	c.ExtendBaseWidget(c)
	return c
}

// On reports whether it is set.
func (c *Chip) On() bool { return c.on }

// Text returns the word.
func (c *Chip) Text() string { return c.text.Text }

// SetText changes the word.
func (c *Chip) SetText(text string) {
	if c.text.Text == text {
		return
	}
	c.text.Text = text
	c.Refresh()
}

// Set switches it without calling OnChanged.
func (c *Chip) Set(on bool) {
	c.on = on
	c.Refresh()
}

// Tapped implements fyne.Tappable.
func (c *Chip) Tapped(*fyne.PointEvent) {
	c.Set(!c.on)
	if c.OnChanged != nil {
		c.OnChanged(c.on)
	}
}

// FocusGained implements fyne.Focusable.
func (c *Chip) FocusGained() { c.focused = true; c.Refresh() }

// FocusLost implements fyne.Focusable.
func (c *Chip) FocusLost() { c.focused = false; c.Refresh() }

// TypedRune implements fyne.Focusable.
func (c *Chip) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (c *Chip) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace {
		c.Tapped(nil)
	}
}

// MouseIn implements desktop.Hoverable.
func (c *Chip) MouseIn(*desktop.MouseEvent) { c.hovered = true; c.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (c *Chip) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (c *Chip) MouseOut() { c.hovered = false; c.Refresh() }

// CreateRenderer implements fyne.Widget.
func (c *Chip) CreateRenderer() fyne.WidgetRenderer {
	c.paint()
	icon := container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(16), c.icon))
	return widget.NewSimpleRenderer(container.NewStack(c.ground, Pad(4, 10, container.NewHBox(icon, c.text))))
}

// Refresh implements fyne.CanvasObject.
func (c *Chip) Refresh() {
	c.paint()
	c.BaseWidget.Refresh()
}

func (c *Chip) paint() {
	fill, ink := ColorQuiet, theme.ColorNamePlaceHolder
	if c.on {
		fill, ink = ColorAccentSoft, theme.ColorNameForeground
	}
	c.icon.SetResource(IconIn(c.name, ink))
	c.text.Color, c.text.TextSize = theme.Color(ink), 13
	c.ground.FillColor, c.ground.CornerRadius = theme.Color(fill), 13
	c.ground.StrokeWidth = 0
	switch {
	case c.focused:
		c.ground.StrokeColor, c.ground.StrokeWidth = theme.Color(theme.ColorNamePrimary), 2
	case c.hovered:
		c.ground.StrokeColor, c.ground.StrokeWidth = theme.Color(theme.ColorNamePlaceHolder), 1
	}
	c.text.Refresh()
	c.ground.Refresh()
}
