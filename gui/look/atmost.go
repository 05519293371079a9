package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// AtMost lets content ask for no more than a height. Text that wraps asks for a line for each word until it knows its
// width, and would make the window grow.
func AtMost(height float32, content fyne.CanvasObject) fyne.CanvasObject {
	return container.New(atMost{height}, content)
}

type atMost struct{ height float32 }

// Layout implements fyne.Layout.
func (a atMost) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(size)
	}
}

// MinSize implements fyne.Layout.
func (a atMost) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.Size{}
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	return fyne.NewSize(size.Width, min(size.Height, a.height))
}
