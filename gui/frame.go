package gui

import "fyne.io/fyne/v2"

const (
	// railWidth is the navigation's width where its words need no more, and slimWidth that of its icons alone, in a window of less
	// than narrowWidth.
	railWidth, slimWidth = 168, 64
	narrowWidth          = 900
	// leastPage is what is left of a page in the smallest window. What has no room there is scrolled to.
	leastPage = 120
)

// frame lays out the window: the header above, the strip below, the navigation at the left, and the page in what is left.
type frame struct {
	top, bottom, left, page fyne.CanvasObject
	// onNarrow is told when the navigation has room for its icons alone, and when it has more again.
	onNarrow func(isNarrow bool)
	isNarrow bool
}

// Layout implements fyne.Layout.
func (f *frame) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	if isNarrow := size.Width < narrowWidth; isNarrow != f.isNarrow {
		f.isNarrow = isNarrow
		f.onNarrow(isNarrow)
	}
	rail := max(railWidth, f.left.MinSize().Width)
	if f.isNarrow {
		rail = slimWidth
	}
	top, bottom := f.top.MinSize().Height, f.bottom.MinSize().Height
	middle := max(size.Height-top-bottom, 0)
	place(f.top, 0, 0, size.Width, top)
	place(f.left, 0, top, rail, middle)
	place(f.page, rail, top, size.Width-rail, middle)
	place(f.bottom, 0, size.Height-bottom, size.Width, bottom)
}

func place(o fyne.CanvasObject, x, y, width, height float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(width, height))
}

// MinSize implements fyne.Layout.
func (f *frame) MinSize([]fyne.CanvasObject) fyne.Size {
	top, bottom := f.top.MinSize(), f.bottom.MinSize()
	return fyne.NewSize(max(top.Width, bottom.Width, slimWidth+leastPage), top.Height+bottom.Height+leastPage)
}
