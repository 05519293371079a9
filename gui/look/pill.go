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

// Pill is a word in a rounded box whose colour says how things stand. The word is never a viewer's.
type Pill struct {
	widget.BaseWidget

	tone   fyne.ThemeColorName
	text   *canvas.Text
	dot    *canvas.Circle
	ground *canvas.Rectangle
}

// NewPill returns a pill in a colour of the theme.
func NewPill(text string, tone fyne.ThemeColorName) *Pill {
	p := &Pill{
		tone: tone, text: canvas.NewText(text, color.Transparent), dot: canvas.NewCircle(color.Transparent),
		ground: canvas.NewRectangle(color.Transparent),
	}
	p.text.TextStyle.Bold = true
	p.ExtendBaseWidget(p)
	return p
}

// Set changes the word and the colour.
func (p *Pill) Set(text string, tone fyne.ThemeColorName) {
	if p.text.Text == text && p.tone == tone {
		return
	}
	p.text.Text, p.tone = text, tone
	p.Refresh()
}

// Text returns the word.
func (p *Pill) Text() string { return p.text.Text }

// Tone returns the name of the colour.
func (p *Pill) Tone() fyne.ThemeColorName { return p.tone }

// CreateRenderer implements fyne.Widget.
func (p *Pill) CreateRenderer() fyne.WidgetRenderer {
	p.paint()
	dot := container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(8), p.dot))
	return widget.NewSimpleRenderer(container.NewStack(p.ground, Pad(3, 10, container.New(layout.NewCustomPaddedHBoxLayout(5), dot, p.text))))
}

// Refresh implements fyne.CanvasObject.
func (p *Pill) Refresh() {
	p.paint()
	p.BaseWidget.Refresh()
}

func (p *Pill) paint() {
	tone := theme.Color(p.tone)
	p.text.Color, p.dot.FillColor = tone, tone
	p.text.TextSize = theme.CaptionTextSize()
	p.ground.FillColor, p.ground.CornerRadius = soft(tone), 12
	p.text.Refresh()
	p.dot.Refresh()
	p.ground.Refresh()
}

// soft is a shade of a colour for the ground below text in that colour.
func soft(c color.Color) color.Color {
	r, g, b, _ := c.RGBA()
	return color.NRGBA{R: uint8(r >> 8), G: uint8(g >> 8), B: uint8(b >> 8), A: 0x26}
}
