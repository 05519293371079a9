package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Toggle is a sliding switch. It can be reached and switched with the keyboard.
type Toggle struct {
	widget.BaseWidget

	// OnChanged is called when the user has switched it.
	OnChanged func(on bool)

	on, focused bool
	track       *canvas.Rectangle
	knob        *canvas.Circle
}

var (
	_ fyne.Tappable  = (*Toggle)(nil)
	_ fyne.Focusable = (*Toggle)(nil)
)

// NewToggle returns a switch.
func NewToggle(on bool, changed func(on bool)) *Toggle {
	t := &Toggle{OnChanged: changed, on: on, track: canvas.NewRectangle(color.Transparent), knob: canvas.NewCircle(color.White)}
	t.ExtendBaseWidget(t)
	return t
}

// On reports whether it is set.
func (t *Toggle) On() bool { return t.on }

// Set switches it without calling OnChanged.
func (t *Toggle) Set(on bool) {
	if t.on == on {
		return
	}
	t.on = on
	t.Refresh()
}

// Tapped implements fyne.Tappable.
func (t *Toggle) Tapped(*fyne.PointEvent) {
	t.Set(!t.on)
	if t.OnChanged != nil {
		t.OnChanged(t.on)
	}
}

// FocusGained implements fyne.Focusable.
func (t *Toggle) FocusGained() { t.focused = true; t.Refresh() }

// FocusLost implements fyne.Focusable.
func (t *Toggle) FocusLost() { t.focused = false; t.Refresh() }

// TypedRune implements fyne.Focusable.
func (t *Toggle) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (t *Toggle) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace {
		t.Tapped(nil)
	}
}

// MinSize implements fyne.CanvasObject.
func (t *Toggle) MinSize() fyne.Size { return fyne.NewSize(38, 22) }

// CreateRenderer implements fyne.Widget.
func (t *Toggle) CreateRenderer() fyne.WidgetRenderer {
	t.paint()
	return widget.NewSimpleRenderer(&fyne.Container{Layout: toggleLayout{t}, Objects: []fyne.CanvasObject{t.track, t.knob}})
}

// Refresh implements fyne.CanvasObject.
func (t *Toggle) Refresh() {
	t.paint()
	t.BaseWidget.Refresh()
}

func (t *Toggle) paint() {
	fill, knob := theme.ColorNameButton, theme.ColorNamePlaceHolder
	if t.on {
		fill, knob = theme.ColorNamePrimary, theme.ColorNameForegroundOnPrimary
	}
	t.track.FillColor, t.track.CornerRadius = theme.Color(fill), 11
	t.knob.FillColor = theme.Color(knob)
	t.track.StrokeWidth = 1
	t.track.StrokeColor = theme.Color(theme.ColorNameInputBorder)
	if t.focused {
		t.track.StrokeColor, t.track.StrokeWidth = theme.Color(theme.ColorNameForeground), 2
	}
	toggleLayout{t}.place(t.Size())
	t.track.Refresh()
	t.knob.Refresh()
}

// toggleLayout puts the knob at the side that says on or off.
type toggleLayout struct{ t *Toggle }

// Layout implements fyne.Layout.
func (l toggleLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) { l.place(size) }

// MinSize implements fyne.Layout.
func (l toggleLayout) MinSize([]fyne.CanvasObject) fyne.Size { return l.t.MinSize() }

func (l toggleLayout) place(size fyne.Size) {
	top, left := (size.Height-22)/2, (size.Width-38)/2
	l.t.track.Move(fyne.NewPos(left, top))
	l.t.track.Resize(fyne.NewSize(38, 22))
	if l.t.on {
		left += 16
	}
	l.t.knob.Move(fyne.NewPos(left+4, top+4))
	l.t.knob.Resize(fyne.NewSize(14, 14))
}
