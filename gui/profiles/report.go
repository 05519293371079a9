package profiles

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/gui/look"
)

// reportRowHeight is fixed, so that a list of fifty thousand lines need not measure them.
const reportRowHeight = 56

// line is one thing that a preview tells: what it is about, and below it why.
type line struct {
	icon          fyne.Resource
	tone          fyne.ThemeColorName
	title, detail string
}

// report is a list of lines.
type report struct {
	lines []line
	list  *widget.List
}

func newReport(lines []line) *report {
	r := &report{lines: lines}
	r.list = widget.NewList(func() int { return len(r.lines) }, func() fyne.CanvasObject { return newReportRow() }, func(i widget.ListItemID, o fyne.CanvasObject) {
		if row, ok := o.(*reportRow); ok && i >= 0 && i < len(r.lines) {
			row.show(r.lines[i])
		}
	})
	r.list.OnSelected = func(widget.ListItemID) { r.list.UnselectAll() }
	return r
}

func (r *report) set(lines []line) {
	r.lines = lines
	r.list.ScrollToTop()
	r.list.Refresh()
}

// reportRow shows a line.
type reportRow struct {
	widget.BaseWidget

	icon          *widget.Icon
	title, detail *widget.Label
}

func newReportRow() *reportRow {
	r := &reportRow{icon: widget.NewIcon(nil), title: look.NewStrong(""), detail: look.NewHint("")}
	r.ExtendBaseWidget(r)
	return r
}

// MinSize implements fyne.CanvasObject.
func (r *reportRow) MinSize() fyne.Size { return fyne.NewSize(260, reportRowHeight) }

// CreateRenderer implements fyne.Widget.
func (r *reportRow) CreateRenderer() fyne.WidgetRenderer {
	icon := container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(18), r.icon))
	text := look.NewCompact(container.NewBorder(r.title, nil, nil, nil, look.AtMost(30, r.detail)))
	return widget.NewSimpleRenderer(container.NewBorder(nil, nil, icon, nil, text))
}

func (r *reportRow) show(l line) {
	r.icon.SetResource(look.Tint(l.icon, l.tone))
	r.title.SetText(l.title)
	r.detail.SetText(l.detail)
}
