package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Narrow keeps content at most width wide, at the left: lines that run over a whole screen are hard to read.
func Narrow(width float32, content fyne.CanvasObject) fyne.CanvasObject {
	return container.New(narrow{width}, content)
}

type narrow struct{ width float32 }

// Layout implements fyne.Layout.
func (n narrow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(fyne.NewSize(min(size.Width, n.width), size.Height))
	}
}

// MinSize implements fyne.Layout.
func (n narrow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.Size{}
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	return size
}
