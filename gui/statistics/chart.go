package statistics

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/store"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

const (
	// maxBars is how many bars a chart draws: more could not be told apart.
	maxBars = 120
	// maxRows and maxMoments are how many marks the axes have at most.
	maxRows, maxMoments = 5, 14
	// maxBar is how broad a bar is at most: a stream of two minutes is not two walls.
	maxBar = 48
	// perMoment is the room that the text of one moment needs.
	perMoment = 64
)

// chart draws numbers over time as bars, between an axis of round numbers and one of round times.
type chart struct {
	widget.BaseWidget

	// onHover is told of the bar that the pointer is over, -1 for none.
	onHover func(bar int)

	tone    fyne.ThemeColorName
	values  []int64
	marks   []int64
	moments func(limit int) []moment

	ground  *canvas.Rectangle
	hovered *canvas.Rectangle
	bars    []*canvas.Rectangle
	lines   []*canvas.Rectangle
	rows    []*canvas.Text
	times   []*canvas.Text
	// left and bottom are the room of the axes, bar is the one that is pointed at.
	left, bottom float32
	bar          int
}

var _ desktop.Hoverable = (*chart)(nil)

func newChart(tone fyne.ThemeColorName) *chart {
	c := &chart{tone: tone, ground: hiddenBox(), hovered: hiddenBox(), bar: -1, onHover: func(int) {}}
	c.ground.Show()
	for range maxBars {
		c.bars = append(c.bars, hiddenBox())
	}
	for range maxRows {
		c.lines, c.rows = append(c.lines, hiddenBox()), append(c.rows, hiddenText())
	}
	for range maxMoments {
		c.times = append(c.times, hiddenText())
	}
	c.set(nil, nil)
	c.ExtendBaseWidget(c)
	return c
}

func hiddenBox() *canvas.Rectangle {
	box := canvas.NewRectangle(color.Transparent)
	box.Hide()
	return box
}

func hiddenText() *canvas.Text {
	text := canvas.NewText("", color.Transparent)
	text.Hide()
	return text
}

// set shows other numbers, at most maxBars of them. moments gives the marks of the time, nil none.
func (c *chart) set(values []int64, moments func(limit int) []moment) {
	c.values, c.moments, c.bar = values[:min(len(values), maxBars)], moments, -1
	highest := int64(1)
	for _, v := range c.values {
		highest = max(highest, v)
	}
	c.marks = marks(highest, maxRows)
	c.Refresh()
}

// point marks a bar, -1 none.
func (c *chart) point(bar int) {
	if c.bar != bar {
		c.bar = bar
		c.Refresh()
	}
}

// MouseIn implements desktop.Hoverable.
func (c *chart) MouseIn(e *desktop.MouseEvent) { c.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (c *chart) MouseMoved(e *desktop.MouseEvent) { c.onHover(c.barAt(e.Position)) }

// MouseOut implements desktop.Hoverable.
func (c *chart) MouseOut() { c.onHover(-1) }

// barAt returns which bar's time a position is in, or -1.
func (c *chart) barAt(at fyne.Position) int {
	wide := c.Size().Width - c.left
	if len(c.values) == 0 || at.X < c.left || wide <= 0 {
		return -1
	}
	return min(int((at.X-c.left)/wide*float32(len(c.values))), len(c.values)-1)
}

// CreateRenderer implements fyne.Widget.
func (c *chart) CreateRenderer() fyne.WidgetRenderer {
	objects := []fyne.CanvasObject{c.ground, c.hovered}
	for _, some := range [][]*canvas.Rectangle{c.lines, c.bars} {
		for _, o := range some {
			objects = append(objects, o)
		}
	}
	for _, some := range [][]*canvas.Text{c.rows, c.times} {
		for _, o := range some {
			objects = append(objects, o)
		}
	}
	return widget.NewSimpleRenderer(&fyne.Container{Layout: chartLayout{c}, Objects: objects})
}

// Refresh implements fyne.CanvasObject.
func (c *chart) Refresh() {
	c.place(c.Size())
	c.BaseWidget.Refresh()
}

// chartLayout puts everything where the numbers want it.
type chartLayout struct{ c *chart }

// MinSize implements fyne.Layout.
func (chartLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(240, 110) }

// Layout implements fyne.Layout.
func (l chartLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) { l.c.place(size) }

func (c *chart) place(size fyne.Size) {
	c.placeNumbers(size)
	wide, high := size.Width-c.left, size.Height-c.bottom
	c.ground.FillColor, c.ground.CornerRadius = theme.Color(look.ColorQuiet), 4
	c.ground.Resize(fyne.NewSize(wide, high))
	c.ground.Move(fyne.NewPos(c.left, 0))
	each := wide / float32(max(len(c.values), 1))
	for i, b := range c.bars {
		if i >= len(c.values) || c.values[i] <= 0 {
			b.Hide()
			continue
		}
		tall := max(high*c.share(c.values[i]), 2)
		b.FillColor = theme.Color(c.tone)
		broad := min(max(each-min(2, each/4), 1), maxBar)
		b.Resize(fyne.NewSize(broad, tall))
		b.Move(fyne.NewPos(c.left+float32(i)*each+(each-broad)/2, high-tall))
		b.Show()
	}
	look.SetShown(c.hovered, c.bar >= 0)
	c.hovered.FillColor = theme.Color(theme.ColorNameSelection)
	c.hovered.Resize(fyne.NewSize(max(each, 3), high))
	c.hovered.Move(fyne.NewPos(c.left+float32(max(c.bar, 0))*each, 0))
	c.placeTimes(size, each)
}

// share is how much of the height a number takes.
func (c *chart) share(v int64) float32 {
	return float32(float64(v) / float64(c.marks[len(c.marks)-1]))
}

// placeNumbers writes the axis at the left and draws its lines.
func (c *chart) placeNumbers(size fyne.Size) {
	small := theme.Size(theme.SizeNameCaptionText)
	c.left, c.bottom = 0, small+8
	for i, t := range c.rows {
		isShown := i < len(c.marks) && len(c.values) > 0
		look.SetShown(t, isShown)
		look.SetShown(c.lines[i], isShown)
		if isShown {
			t.Text, t.TextSize, t.Color = words.Number(c.marks[i]), small, theme.Color(theme.ColorNamePlaceHolder)
			c.left = max(c.left, t.MinSize().Width+6)
		}
	}
	high := size.Height - c.bottom
	for i := range c.marks[:min(len(c.marks), maxRows)] {
		y, t := high*(1-c.share(c.marks[i])), c.rows[i]
		t.Move(fyne.NewPos(c.left-t.MinSize().Width-6, min(max(y-t.MinSize().Height/2, 0), high-t.MinSize().Height+4)))
		t.Resize(t.MinSize())
		c.lines[i].FillColor = theme.Color(look.ColorEdge)
		c.lines[i].Resize(fyne.NewSize(size.Width-c.left, 1))
		c.lines[i].Move(fyne.NewPos(c.left, y))
	}
}

// placeTimes writes the axis at the foot.
func (c *chart) placeTimes(size fyne.Size, each float32) {
	var all []moment
	if c.moments != nil {
		all = c.moments(min(int((size.Width-c.left)/perMoment), maxMoments))
	}
	for i, t := range c.times {
		look.SetShown(t, i < len(all))
		if i >= len(all) {
			continue
		}
		t.Text, t.TextSize, t.Color = all[i].text, theme.Size(theme.SizeNameCaptionText), theme.Color(theme.ColorNamePlaceHolder)
		wide := t.MinSize().Width
		x := min(max(c.left+float32(all[i].point)*each-wide/2, 0), size.Width-wide)
		t.Move(fyne.NewPos(x, size.Height-c.bottom+3))
		t.Resize(t.MinSize())
	}
}

// valuesOf picks a number of each point.
func valuesOf(points []store.Slot, of func(store.Slot) int64) []int64 {
	values := make([]int64, len(points))
	for i, p := range points {
		values[i] = of(p)
	}
	return values
}
