package diagnose

import (
	"cmp"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// speeds is the table of targets and rules.
type speeds struct {
	sort  *widget.Select
	last  app.Diagnostics
	rows  []speedLine
	list  *widget.List
	empty *widget.Label

	object fyne.CanvasObject
}

// speedLine is a line of the table: a heading, or a Speed.
type speedLine struct {
	heading string
	speed   app.Speed
}

func newSpeeds() *speeds {
	s := &speeds{empty: look.NewProse(lang.L("Nothing has been done yet. When viewers set rules off, this shows how long it took."))}
	s.list = widget.NewList(func() int { return len(s.rows) }, func() fyne.CanvasObject { return newSpeedRow() }, func(i widget.ListItemID, o fyne.CanvasObject) {
		if row, ok := o.(*speedRow); ok && i >= 0 && i < len(s.rows) {
			row.show(s.rows[i])
		}
	})
	s.list.HideSeparators = true
	s.list.OnSelected = func(widget.ListItemID) { s.list.UnselectAll() }
	s.list.MinSize() // makes the renderer, without which a list cannot scroll
	s.sort = widget.NewSelect([]string{lang.L("Slowest first"), lang.L("Most used first")}, nil)
	s.sort.SetSelectedIndex(0)
	s.sort.OnChanged = func(string) { s.refresh(s.last) }
	s.empty.Alignment, s.empty.Importance = fyne.TextAlignCenter, widget.LowImportance
	note := look.NewNote(lang.L("From the trigger to the answer. “95 % in”: 95 of 100 took at most so long (p95)."))
	top := container.New(look.Columns{Gap: 12, Cols: []look.Column{{Weight: 1}, {Width: 200}}}, note, s.sort)
	body := container.NewStack(look.NewCompact(s.list), container.NewCenter(look.Wide(420, s.empty)))
	lines := container.NewHScroll(look.Wide(leastWidth, container.NewBorder(speedHead(), nil, nil, nil, body)))
	table := look.NewPanel(look.ColorCard, look.Pad(6, 6, lines))
	table.Edge, table.Radius = look.ColorEdge, 10
	s.object = container.NewBorder(container.NewVBox(look.Gap(0, 2), top), nil, nil, nil, table)
	return s
}

func (s *speeds) fyneObject() fyne.CanvasObject { return s.object }

func (s *speeds) refresh(d app.Diagnostics) {
	s.last = d
	order := bySlowness
	if s.sort.SelectedIndex() == 1 {
		order = byUse
	}
	var rows []speedLine
	add := func(heading string, of []app.Speed, name func(app.Speed) string) {
		of = slices.Clone(of)
		slices.SortStableFunc(of, order)
		for i, speed := range of {
			if i == 0 {
				rows = append(rows, speedLine{heading: heading})
			}
			speed.Name = name(speed)
			rows = append(rows, speedLine{speed: speed})
		}
	}
	add(lang.L("Targets"), d.Lanes, func(s app.Speed) string { return words.Lane(s.ID) })
	add(lang.L("Rules"), d.Rules, func(s app.Speed) string { return words.Clean(s.Name, 60) })
	look.SetShown(s.empty, len(rows) == 0)
	if !slices.Equal(rows, s.rows) {
		s.rows = rows
		s.list.Refresh()
	}
}

func bySlowness(a, b app.Speed) int {
	return cmp.Or(cmp.Compare(b.P95, a.P95), cmp.Compare(b.P50, a.P50), byUse(a, b))
}

func byUse(a, b app.Speed) int {
	return cmp.Or(cmp.Compare(used(b), used(a)), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
}

// used is how many came to an end that the target decided.
func used(s app.Speed) uint64 { return s.Done + s.Rejected + s.Failed + s.Unknown }

const (
	speedHeight = 26
	countWidth  = 94
	timeWidth   = 64
	// leastWidth leaves room for a name. In less, the table is scrolled sideways.
	leastWidth = 5*countWidth + 4*timeWidth + 140
)

// speedColumns are a name, five counts and four times.
func speedColumns() look.Columns {
	c := look.Columns{Gap: 2, Cols: []look.Column{{Weight: 1}}}
	for range 5 {
		c.Cols = append(c.Cols, look.Column{Width: countWidth})
	}
	for range 4 {
		c.Cols = append(c.Cols, look.Column{Width: timeWidth})
	}
	c.Cols = append(c.Cols, look.Column{Width: 8}) // the scroll bar's
	return c
}

func speedHead() fyne.CanvasObject {
	names := []string{
		"", words.JobState("done"), words.JobState("rejected"), words.JobState("failed"), lang.L("no answer"), lang.L("too late"),
		lang.L("50 % in"), lang.L("95 % in"), lang.L("99 % in"), lang.L("longest"),
	}
	cells := container.New(speedColumns())
	for _, name := range names {
		cell := look.NewNote(name)
		cell.Alignment = fyne.TextAlignTrailing
		cells.Add(cell)
	}
	cells.Add(look.Gap(0, 0))
	return look.NewCompact(cells)
}

// speedRow is a line of the table.
type speedRow struct {
	widget.BaseWidget
	name   *widget.Label
	counts [5]*widget.Label
	times  [4]*widget.Label
}

func newSpeedRow() *speedRow {
	r := &speedRow{name: look.NewLine("")}
	for i := range r.counts {
		r.counts[i] = look.NewLine("")
		r.counts[i].Alignment = fyne.TextAlignTrailing
	}
	for i := range r.times {
		r.times[i] = look.NewLine("")
		r.times[i].Alignment = fyne.TextAlignTrailing
	}
	r.ExtendBaseWidget(r)
	return r
}

// MinSize implements fyne.CanvasObject.
func (r *speedRow) MinSize() fyne.Size { return fyne.NewSize(600, speedHeight) }

// CreateRenderer implements fyne.Widget.
func (r *speedRow) CreateRenderer() fyne.WidgetRenderer {
	cells := container.New(speedColumns(), r.name)
	for _, c := range r.counts {
		cells.Add(c)
	}
	for _, c := range r.times {
		cells.Add(c)
	}
	cells.Add(look.Gap(0, 0))
	return widget.NewSimpleRenderer(cells)
}

func (r *speedRow) show(line speedLine) {
	isHeading := line.heading != ""
	s := line.speed
	if r.name.TextStyle.Bold != isHeading {
		r.name.TextStyle.Bold = isHeading
		r.name.Refresh()
	}
	look.SetText(r.name, line.heading+s.Name, widget.MediumImportance)
	importances := []widget.Importance{
		widget.MediumImportance, widget.DangerImportance, widget.DangerImportance, widget.WarningImportance, widget.WarningImportance,
	}
	for i, n := range []uint64{s.Done, s.Rejected, s.Failed, s.Unknown, s.Expired} {
		text, importance := words.Number(n), importances[i]
		if n == 0 {
			text, importance = "–", widget.LowImportance
		}
		if isHeading {
			text = ""
		}
		look.SetText(r.counts[i], text, importance)
	}
	for i, d := range []time.Duration{s.P50, s.P95, s.P99, s.Max} {
		text := ""
		if d > 0 {
			text = words.Latency(d)
		}
		look.SetText(r.times[i], text, widget.MediumImportance)
	}
}
