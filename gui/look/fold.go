package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Fold lays objects side by side, each as wide as the others, or one below the other where the width is less than below.
func Fold(below float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&fold{below: below}, objects...)
}

// foldGap is the room between two objects.
const foldGap = 4

type fold struct {
	below float32
	// isFolded is what the last width made of it: how high it must be depends on that.
	isFolded bool
}

// Layout implements fyne.Layout.
func (f *fold) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	f.isFolded = size.Width < f.below
	count := float32(len(objects))
	if f.isFolded {
		y := float32(0)
		for _, o := range objects {
			height := o.MinSize().Height
			o.Move(fyne.NewPos(0, y))
			o.Resize(fyne.NewSize(size.Width, height))
			y += height + foldGap
		}
		return
	}
	width := (size.Width - foldGap*(count-1)) / count
	for i, o := range objects {
		o.Move(fyne.NewPos(float32(i)*(width+foldGap), 0))
		o.Resize(fyne.NewSize(width, size.Height))
	}
}

// MinSize implements fyne.Layout.
func (f *fold) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.Size{}
	for i, o := range objects {
		m := o.MinSize()
		size.Width = max(size.Width, m.Width)
		switch {
		case !f.isFolded:
			size.Height = max(size.Height, m.Height)
		case i > 0:
			size.Height += foldGap + m.Height
		default:
			size.Height = m.Height
		}
	}
	return size
}
