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

// Option is one of several things to choose from: an icon, its name, and a line that says what it is good for. It can be
// reached and chosen with the keyboard.
type Option struct {
	widget.BaseWidget

	// OnTapped is called when the user chooses it.
	OnTapped func()

	hovered, focused bool
	icon             *widget.Icon
	title, hint      *widget.Label
	ground           *canvas.Rectangle
}

var (
	_ fyne.Tappable     = (*Option)(nil)
	_ fyne.Focusable    = (*Option)(nil)
	_ desktop.Hoverable = (*Option)(nil)
)

// NewOption returns an option with an icon in the theme's accent.
func NewOption(icon, title, hint string, tapped func()) *Option {
	o := &Option{
		OnTapped: tapped, icon: widget.NewIcon(IconIn(icon, theme.ColorNamePrimary)), title: NewStrong(title), hint: NewHint(hint),
		ground: canvas.NewRectangle(color.Transparent),
	}
	o.ExtendBaseWidget(o)
	return o
}

// Title returns its name.
func (o *Option) Title() string { return o.title.Text }

// Tapped implements fyne.Tappable.
func (o *Option) Tapped(*fyne.PointEvent) { o.OnTapped() }

// FocusGained implements fyne.Focusable.
func (o *Option) FocusGained() { o.focused = true; o.Refresh() }

// FocusLost implements fyne.Focusable.
func (o *Option) FocusLost() { o.focused = false; o.Refresh() }

// TypedRune implements fyne.Focusable.
func (o *Option) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (o *Option) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace || e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter {
		o.OnTapped()
	}
}

// MouseIn implements desktop.Hoverable.
func (o *Option) MouseIn(*desktop.MouseEvent) { o.hovered = true; o.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (o *Option) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (o *Option) MouseOut() { o.hovered = false; o.Refresh() }

// CreateRenderer implements fyne.Widget.
func (o *Option) CreateRenderer() fyne.WidgetRenderer {
	o.paint()
	icon := container.NewGridWrap(fyne.NewSquareSize(22), o.icon)
	text := NewCompact(container.NewVBox(o.title, o.hint))
	row := container.New(Columns{Gap: 8, Cols: []Column{{Width: 22}, {Weight: 1}}}, icon, text)
	return widget.NewSimpleRenderer(container.NewStack(o.ground, Pad(3, 8, row)))
}

// Refresh implements fyne.CanvasObject.
func (o *Option) Refresh() {
	o.paint()
	o.BaseWidget.Refresh()
}

func (o *Option) paint() {
	fill := color.Color(color.Transparent)
	if o.hovered || o.focused {
		fill = theme.Color(ColorAccentSoft)
	}
	o.ground.FillColor, o.ground.CornerRadius, o.ground.StrokeWidth = fill, 8, 0
	if o.focused {
		o.ground.StrokeColor, o.ground.StrokeWidth = theme.Color(theme.ColorNamePrimary), 2
	}
	o.ground.Refresh()
}
