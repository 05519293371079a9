package statistics

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/stats"
	"github.com/livecue/livecue/core/store"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// series is one number over time: its chart, its sum, and what the pointer is at.
type series struct {
	chart *chart
	sum   *widget.Label
	at    *widget.Label
	of    func(store.Slot) int64
}

// foldBelow is the width in which two charts have no room beside one another.
const foldBelow = 620

// overTime is the view with a chart for each of the numbers. A pointer over one of them marks the same time in all.
type overTime struct {
	series []series
	st     stats.Statistics
	object fyne.CanvasObject
}

func newOverTime() *overTime {
	o := &overTime{}
	o.object = container.NewGridWithRows(2,
		look.Fold(foldBelow,
			o.add(lang.L("Coins"), "coin", look.ColorCoin, func(s store.Slot) int64 { return s.Coins }),
			o.add(lang.L("Gifts"), "gift", theme.ColorNamePrimary, func(s store.Slot) int64 { return s.Gifts })),
		look.Fold(foldBelow,
			o.add(lang.L("Follows"), "follow", theme.ColorNameSuccess, func(s store.Slot) int64 { return s.Follows }),
			o.add(lang.L("Likes"), "like", theme.ColorNameError, func(s store.Slot) int64 { return s.Likes })))
	return o
}

// add makes a card. Its name and picture tell what the bars are; the colour only helps.
func (o *overTime) add(name, icon string, tone fyne.ThemeColorName, of func(store.Slot) int64) fyne.CanvasObject {
	s := series{chart: newChart(tone), sum: look.NewHeading("0"), at: look.NewNote(""), of: of}
	s.chart.onHover = o.point
	s.at.Alignment = fyne.TextAlignTrailing
	o.series = append(o.series, s)
	picture := container.NewGridWrap(fyne.NewSquareSize(20), widget.NewIcon(look.IconIn(icon, tone)))
	columns := look.Columns{Gap: 2, Cols: []look.Column{{}, {}, {}, {Weight: 1}}}
	head := look.NewCompact(container.New(columns, picture, look.NewHeading(name), s.sum, s.at))
	return look.NewCard(container.NewBorder(head, nil, nil, nil, s.chart))
}

// show draws other numbers.
func (o *overTime) show(st stats.Statistics) {
	o.st = st
	times := func(limit int) []moment { return moments(st.Points, st.Step, limit) }
	for _, s := range o.series {
		s.chart.set(valuesOf(st.Points, s.of), times)
		s.sum.SetText(words.Number(s.of(st.Total)))
	}
	o.point(-1)
}

// point says what was at a bar, in all charts; -1 says nothing.
func (o *overTime) point(bar int) {
	for _, s := range o.series {
		text := ""
		if bar >= 0 && bar < len(o.st.Points) {
			p := o.st.Points[bar]
			text = lang.L("{{.Time}}: {{.N}}", map[string]any{"Time": during(p.Start, o.st.Step), "N": words.Number(s.of(p))})
		}
		look.SetText(s.at, text, widget.MediumImportance)
		s.chart.point(bar)
	}
}
