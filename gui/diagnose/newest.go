package diagnose

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// newest is a list with the newest row on top. What the user looks at stays where it is when rows come or go.
type newest[T any] struct {
	list *widget.List
	// height is a row's.
	height float32
	isSame func(a, b T) bool
	rows   []T
}

// rowOf is a widget that shows a T.
type rowOf[T any] interface {
	fyne.CanvasObject
	show(T)
}

func newNewest[T any](height float32, isSame func(a, b T) bool, create func() rowOf[T], open func(T)) *newest[T] {
	n := &newest[T]{height: height, isSame: isSame}
	n.list = widget.NewList(func() int { return len(n.rows) }, func() fyne.CanvasObject { return create() },
		func(i widget.ListItemID, o fyne.CanvasObject) {
			if row, ok := o.(rowOf[T]); ok && i >= 0 && i < len(n.rows) {
				row.show(n.rows[i])
			}
		})
	n.list.OnSelected = func(i widget.ListItemID) {
		n.list.UnselectAll()
		if i >= 0 && i < len(n.rows) {
			open(n.rows[i])
		}
	}
	n.list.MinSize() // makes the renderer, without which a list cannot scroll
	return n
}

// set shows rows, the newest first, and draws nothing where they are those that are shown.
func (n *newest[T]) set(rows []T) {
	if slices.EqualFunc(rows, n.rows, n.isSame) {
		return
	}
	offset := n.list.GetScrollOffset()
	come := n.come(rows)
	n.rows = rows
	n.list.Refresh()
	switch {
	case offset <= 0:
	case come < 0: // what the user looked at is gone
		n.list.ScrollToTop()
	default:
		n.list.ScrollToOffset(offset + float32(come)*(n.height+n.list.Theme().Size(theme.SizeNamePadding)))
	}
}

// replace shows other rows, from their top.
func (n *newest[T]) replace(rows []T) {
	n.rows = rows
	n.list.Refresh()
	n.list.ScrollToTop()
}

// come is how many of rows are newer than the newest that is shown; -1 where that is not among them.
func (n *newest[T]) come(rows []T) int {
	if len(n.rows) == 0 {
		return 0
	}
	return slices.IndexFunc(rows, func(r T) bool { return n.isSame(r, n.rows[0]) })
}
