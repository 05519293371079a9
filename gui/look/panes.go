package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// panesGap is the room between the two sides.
const panesGap = 10

// Panes are two sides, each of which scrolls for itself. Where the width is less than that, the right one stands below the left
// one, and both scroll together.
type Panes struct {
	// Object is what to show.
	Object *fyne.Container

	below             float32
	left, head, right fyne.CanvasObject
	isFolded          bool
	leftScroll        *container.Scroll
	rightScroll       *container.Scroll
	all               *container.Scroll
	column            *fyne.Container
}

// NewPanes returns panes; head stands above the right side and stays while that scrolls.
func NewPanes(below float32, left, head, right fyne.CanvasObject) *Panes {
	p := &Panes{
		below: below, left: left, head: head, right: right, leftScroll: container.NewVScroll(left), rightScroll: container.NewVScroll(right),
		column: container.NewVBox(),
	}
	p.all = container.NewVScroll(p.column)
	p.Object = container.New(p, p.leftScroll, p.head, p.rightScroll)
	return p
}

// IsFolded reports whether the sides stand below one another.
func (p *Panes) IsFolded() bool { return p.isFolded }

// ScrollTo brings what is at a height of the right side into sight; its end, when it is higher than all.
func (p *Panes) ScrollTo(y float32) {
	if !p.isFolded {
		p.rightScroll.ScrollToOffset(fyne.NewPos(0, y))
		return
	}
	p.all.ScrollToOffset(fyne.NewPos(0, p.right.Position().Y+y))
}

// Layout implements fyne.Layout. A little more than half is the right side's.
func (p *Panes) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	if isFolded := size.Width < p.below; isFolded != p.isFolded {
		p.fold(isFolded)
	}
	if p.isFolded {
		p.all.Move(fyne.NewPos(0, 0))
		p.all.Resize(size)
		return
	}
	room, least := size.Width-panesGap, max(p.head.MinSize().Width, p.right.MinSize().Width)
	left, head := min(max(room*4/9, p.left.MinSize().Width), room-least), p.head.MinSize().Height
	p.leftScroll.Move(fyne.NewPos(0, 0))
	p.leftScroll.Resize(fyne.NewSize(left, size.Height))
	p.head.Move(fyne.NewPos(left+panesGap, 0))
	p.head.Resize(fyne.NewSize(room-left, head))
	p.rightScroll.Move(fyne.NewPos(left+panesGap, head+foldGap))
	p.rightScroll.Resize(fyne.NewSize(room-left, size.Height-head-foldGap))
}

// fold moves what is shown from the two scrolls into the one, or back: an object has one place only.
func (p *Panes) fold(isFolded bool) {
	p.isFolded = isFolded
	if isFolded {
		p.leftScroll.Content, p.rightScroll.Content = Gap(0, 0), Gap(0, 0)
		p.Object.Objects = []fyne.CanvasObject{p.all}
		p.column.Objects = []fyne.CanvasObject{p.left, p.head, p.right}
		p.column.Refresh()
		return
	}
	p.column.Objects = nil
	p.leftScroll.Content, p.rightScroll.Content = p.left, p.right
	p.Object.Objects = []fyne.CanvasObject{p.leftScroll, p.head, p.rightScroll}
	p.leftScroll.Refresh()
	p.rightScroll.Refresh()
}

// MinSize implements fyne.Layout.
func (p *Panes) MinSize([]fyne.CanvasObject) fyne.Size {
	width := max(p.left.MinSize().Width, p.head.MinSize().Width, p.right.MinSize().Width)
	return fyne.NewSize(width, p.all.MinSize().Height)
}
