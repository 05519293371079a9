package statistics

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/gui/look"
)

// maxBars is how many bars a chart draws: more could not be told apart.
const maxBars = 120

// chart draws numbers as bars, the highest as high as there is room.
type chart struct {
	widget.BaseWidget

	tone   fyne.ThemeColorName
	values []int64
	bars   []*canvas.Rectangle
	ground *canvas.Rectangle
}

func newChart(tone fyne.ThemeColorName) *chart {
	c := &chart{tone: tone, ground: canvas.NewRectangle(color.Transparent)}
	for range maxBars {
		bar := canvas.NewRectangle(color.Transparent)
		bar.CornerRadius = 2
		bar.Hide()
		c.bars = append(c.bars, bar)
	}
	c.ExtendBaseWidget(c)
	return c
}

// set shows other numbers, summed up where there are more than bars.
func (c *chart) set(values []int64) {
	c.values = summed(values, maxBars)
	c.Refresh()
}

// summed returns at most so many numbers, each the sum of as many that follow one another.
func summed(values []int64, most int) []int64 {
	each := (len(values) + most - 1) / most
	if each <= 1 {
		return values
	}
	var sums []int64
	for i, v := range values {
		if i%each == 0 {
			sums = append(sums, 0)
		}
		sums[len(sums)-1] += v
	}
	return sums
}

// CreateRenderer implements fyne.Widget.
func (c *chart) CreateRenderer() fyne.WidgetRenderer {
	objects := []fyne.CanvasObject{c.ground}
	for _, b := range c.bars {
		objects = append(objects, b)
	}
	return widget.NewSimpleRenderer(&fyne.Container{Layout: chartLayout{c}, Objects: objects})
}

// Refresh implements fyne.CanvasObject.
func (c *chart) Refresh() {
	chartLayout{c}.place(c.Size())
	c.BaseWidget.Refresh()
}

// chartLayout puts the bars side by side.
type chartLayout struct{ c *chart }

// MinSize implements fyne.Layout.
func (chartLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, 90) }

// Layout implements fyne.Layout.
func (l chartLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) { l.place(size) }

func (l chartLayout) place(size fyne.Size) {
	c := l.c
	c.ground.FillColor, c.ground.CornerRadius = theme.Color(look.ColorQuiet), 6
	c.ground.Resize(size)
	highest := int64(1)
	for _, v := range c.values {
		highest = max(highest, v)
	}
	width := size.Width / float32(max(len(c.values), 1))
	for i, b := range c.bars {
		if i >= len(c.values) || c.values[i] <= 0 {
			b.Hide()
			continue
		}
		height := max((size.Height-8)*float32(float64(c.values[i])/float64(highest)), 2)
		b.FillColor = theme.Color(c.tone)
		b.Resize(fyne.NewSize(max(width-2, 1), height))
		b.Move(fyne.NewPos(float32(i)*width+1, size.Height-height))
		b.Show()
	}
}
