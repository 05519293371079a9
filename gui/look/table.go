package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// TableColumn is one column of a Table. Numbers stand at the right, so that their digits stand below one another.
type TableColumn struct {
	Title         string
	Width, Weight float32
	IsNumber      bool
}

const (
	tableGap = 6
	// leastWeighed is the room that a column needs for each of its weight.
	leastWeighed = 60
)

// Table shows rows of text below the names of their columns. Only the rows in sight cost anything.
type Table struct {
	// Object is what to show.
	Object fyne.CanvasObject
	// OnSelected is told of the row that the user has chosen; without it no row can be chosen.
	OnSelected func(row int)
	// OnEnd is called when the last row comes into sight; nil is nobody.
	OnEnd func()

	columns []TableColumn
	rows    [][]string
	list    *widget.List
	empty   *widget.Label
}

// NewTable returns a table without rows; empty stands in their place.
func NewTable(empty string, columns ...TableColumn) *Table {
	t := &Table{columns: columns, empty: NewProse(empty)}
	t.empty.Alignment, t.empty.Importance = fyne.TextAlignCenter, widget.LowImportance
	t.list = widget.NewList(func() int { return len(t.rows) }, func() fyne.CanvasObject { return t.row(NewLine) }, t.update)
	t.list.OnSelected = t.selected
	head := t.row(NewNote)
	for i, o := range head.Objects {
		if l, ok := o.(*widget.Label); ok {
			l.SetText(columns[i].Title)
		}
	}
	body := container.NewStack(NewCompact(t.list), container.NewCenter(Wide(420, t.empty)))
	table := container.NewBorder(container.NewVBox(NewCompact(head), widget.NewSeparator()), nil, nil, nil, body)
	t.Object = container.NewHScroll(Wide(t.least(), table))
	return t
}

// least is the width in which each column can be read. In less, the table is scrolled sideways, and not the whole page.
func (t *Table) least() float32 {
	width := float32(0)
	for _, c := range t.columns {
		width += c.Width + c.Weight*leastWeighed + tableGap
	}
	return width
}

// row returns a line with an empty cell for each column.
func (t *Table) row(cell func(string) *widget.Label) *fyne.Container {
	layout := Columns{Gap: tableGap}
	var cells []fyne.CanvasObject
	for _, c := range t.columns {
		l := cell("")
		if c.IsNumber {
			l.Alignment = fyne.TextAlignTrailing
		}
		cells = append(cells, l)
		layout.Cols = append(layout.Cols, Column{Width: c.Width, Weight: c.Weight})
	}
	// The bar that scrolls lies over the end of a row.
	layout.Cols = append(layout.Cols, Column{Width: 8})
	return container.New(layout, append(cells, Gap(0, 0))...)
}

// Set shows other rows, each with a text for every column.
func (t *Table) Set(rows [][]string) {
	t.rows = rows
	SetShown(t.empty, len(rows) == 0)
	t.list.Refresh()
}

// Rows returns what is shown.
func (t *Table) Rows() [][]string { return t.rows }

// SetEmpty changes what stands in place of rows.
func (t *Table) SetEmpty(text string) { SetText(t.empty, text, widget.LowImportance) }

// Select chooses a row as the user would; a number that is none chooses nothing.
func (t *Table) Select(row int) {
	if row < 0 || row >= len(t.rows) {
		t.list.UnselectAll()
		return
	}
	t.list.Select(row)
}

func (t *Table) selected(id widget.ListItemID) {
	if t.OnSelected == nil {
		t.list.UnselectAll()
		return
	}
	t.OnSelected(id)
}

func (t *Table) update(id widget.ListItemID, o fyne.CanvasObject) {
	row, ok := o.(*fyne.Container)
	if !ok || id < 0 || id >= len(t.rows) {
		return
	}
	for i, text := range t.rows[id] {
		if l, ok := row.Objects[i].(*widget.Label); ok && i < len(t.columns) {
			SetText(l, text, l.Importance)
		}
	}
	if id == len(t.rows)-1 && t.OnEnd != nil {
		t.OnEnd()
	}
}
