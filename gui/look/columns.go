package look

import "fyne.io/fyne/v2"

// Columns lays objects out side by side, each in the middle of its height: those with a width keep it, the others share the
// rest by their weights.
type Columns struct {
	// Cols has one for each object.
	Cols []Column
	// Gap is the room between two.
	Gap float32
}

// Column is one column of Columns.
type Column struct {
	// Width is fixed when it is greater than 0.
	Width float32
	// Weight is the share of the rest; with neither width nor weight, a column takes its object's own width.
	Weight float32
}

// Layout implements fyne.Layout.
func (c Columns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	rest, weights := size.Width, float32(0)
	for i, o := range objects {
		rest -= c.fixed(i, o)
		weights += c.col(i).Weight
		if i > 0 {
			rest -= c.Gap
		}
	}
	x := float32(0)
	for i, o := range objects {
		width := c.fixed(i, o)
		if w := c.col(i).Weight; w > 0 {
			width = max(rest*w/weights, 0)
		}
		// Text in other scripts may be higher than its line: it then stands out at both ends, and keeps its middle.
		height := o.MinSize().Height
		o.Resize(fyne.NewSize(width, height))
		o.Move(fyne.NewPos(x, (size.Height-height)/2))
		x += width + c.Gap
	}
}

// MinSize implements fyne.Layout.
func (c Columns) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.Size{}
	for i, o := range objects {
		m := o.MinSize()
		size.Height = max(size.Height, m.Height)
		size.Width += c.fixed(i, o)
		if c.col(i).Weight > 0 {
			size.Width += m.Width
		}
		if i > 0 {
			size.Width += c.Gap
		}
	}
	return size
}

func (c Columns) col(i int) Column {
	if i < len(c.Cols) {
		return c.Cols[i]
	}
	return Column{}
}

// fixed is the width of a column that has no weight.
func (c Columns) fixed(i int, o fyne.CanvasObject) float32 {
	switch col := c.col(i); {
	case col.Weight > 0:
		return 0
	case col.Width > 0:
		return col.Width
	default:
		return o.MinSize().Width
	}
}
