package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Panel is content on a ground of a colour of the theme, which follows when the theme changes.
type Panel struct {
	widget.BaseWidget

	// Fill and Edge are names of colours; an empty Edge draws no line.
	Fill, Edge fyne.ThemeColorName
	// Radius rounds the corners, in the theme's units.
	Radius float32

	ground  *canvas.Rectangle
	content fyne.CanvasObject
}

// NewPanel returns a panel without an edge.
func NewPanel(fill fyne.ThemeColorName, content fyne.CanvasObject) *Panel {
	p := &Panel{Fill: fill, ground: canvas.NewRectangle(color.Transparent), content: content}
	p.ExtendBaseWidget(p)
	return p
}

// NewCard returns a rounded panel with an edge and room around its content.
func NewCard(content fyne.CanvasObject) *Panel {
	p := NewPanel(ColorCard, Pad(10, 12, content))
	p.Edge, p.Radius = ColorEdge, 10
	return p
}

// CreateRenderer implements fyne.Widget.
func (p *Panel) CreateRenderer() fyne.WidgetRenderer {
	p.paint()
	return widget.NewSimpleRenderer(container.NewStack(p.ground, p.content))
}

// Refresh implements fyne.CanvasObject.
func (p *Panel) Refresh() {
	p.paint()
	p.BaseWidget.Refresh()
}

func (p *Panel) paint() {
	p.ground.FillColor = theme.Color(p.Fill)
	p.ground.CornerRadius = p.Radius
	p.ground.StrokeWidth = 0
	if p.Edge != "" {
		p.ground.StrokeColor, p.ground.StrokeWidth = theme.Color(p.Edge), 1
	}
	p.ground.Refresh()
}

// Pad puts room above and below, and left and right of content.
func Pad(vertical, horizontal float32, content fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(vertical, vertical, horizontal, horizontal), content)
}

// Inset moves fields and buttons in by as much as a label has of its own, so that they stand in one line with text.
func Inset(content fyne.CanvasObject) *fyne.Container { return Pad(0, 8, content) }

// Gap is empty room of a size.
func Gap(width, height float32) fyne.CanvasObject {
	gap := canvas.NewRectangle(color.Transparent)
	gap.SetMinSize(fyne.NewSize(width, height))
	return gap
}

// Wide gives content at least a width.
func Wide(width float32, content fyne.CanvasObject) fyne.CanvasObject {
	return container.NewStack(Gap(width, 0), content)
}
