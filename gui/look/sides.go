package look

import "fyne.io/fyne/v2"

// Sides lays objects out side by side in their full height, sharing the width by their weights.
type Sides struct {
	Weights []float32
	// Gap is the room between two.
	Gap float32
}

// Layout implements fyne.Layout.
func (s Sides) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	all := float32(0)
	for _, w := range s.Weights {
		all += w
	}
	room := size.Width - s.Gap*float32(len(objects)-1)
	x := float32(0)
	for i, o := range objects {
		width := room * s.Weights[i] / all
		o.Move(fyne.NewPos(x, 0))
		o.Resize(fyne.NewSize(width, size.Height))
		x += width + s.Gap
	}
}

// MinSize implements fyne.Layout.
func (s Sides) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(s.Gap*float32(len(objects)-1), 0)
	for _, o := range objects {
		m := o.MinSize()
		size = fyne.NewSize(size.Width+m.Width, max(size.Height, m.Height))
	}
	return size
}
