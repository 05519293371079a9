package diagnose

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// loss is one way in which something may come to nothing: how often, and what that cost.
type loss struct {
	count func(app.Diagnostics) uint64
	// costs says that each one may be a gift without its effect.
	costs  bool
	shown  uint64
	number *widget.Label
	icon   *widget.Icon
	object fyne.CanvasObject
}

func newLoss(what, cost string, costs bool, count func(app.Diagnostics) uint64) *loss {
	l := &loss{count: count, costs: costs, number: look.NewStrong(""), icon: widget.NewIcon(nil)}
	l.number.Alignment = fyne.TextAlignTrailing
	columns := look.Columns{Gap: 2, Cols: []look.Column{{Width: 18}, {Width: 64}, {Weight: 1}}}
	l.object = container.New(columns, container.NewGridWrap(fyne.NewSquareSize(18), l.icon), l.number,
		tight(look.NewLine(what), look.NewNote(cost)))
	l.draw(0)
	return l
}

// losses are in the order of the card: first what costs nothing.
func losses() []*loss {
	return []*loss{
		newLoss(lang.L("came twice"), lang.L("Counted once: nothing was done double."), false, func(d app.Diagnostics) uint64 { return d.Duplicates }),
		newLoss(lang.L("of another kind"), lang.L("TikTok sends much that LiveCue has no use for."), false, func(d app.Diagnostics) uint64 { return d.Unknown }),
		newLoss(lang.L("not drawn"), lang.L("Too fast for the live feed; their rules ran all the same."), false, func(d app.Diagnostics) uint64 { return d.FeedDropped }),
		newLoss(lang.L("cancelled"), lang.L("Actions that you have skipped, cleared or dropped."), false, inLanes(func(s app.Speed) uint64 { return s.Dropped })),
		newLoss(lang.L("unreadable"), lang.L("If a gift is missing, please save a report."), true, func(d app.Diagnostics) uint64 { return d.Malformed }),
		newLoss(lang.L("too late"), lang.L("Actions that waited longer than they may and were not done."), true, inLanes(func(s app.Speed) uint64 { return s.Expired })),
		newLoss(lang.L("refused or failed"), lang.L("The game or the sound did not do it. Errors says why."), true, inLanes(func(s app.Speed) uint64 { return s.Rejected + s.Failed })),
		newLoss(lang.L("sent, no answer"), lang.L("They may have happened: look at your game, then History."), true, inLanes(func(s app.Speed) uint64 { return s.Unknown })),
	}
}

// inLanes adds up a number of all targets.
func inLanes(count func(app.Speed) uint64) func(app.Diagnostics) uint64 {
	return func(d app.Diagnostics) (n uint64) {
		for _, s := range d.Lanes {
			n += count(s)
		}
		return n
	}
}

func (l *loss) show(d app.Diagnostics) {
	if n := l.count(d); n != l.shown {
		l.draw(n)
	}
}

func (l *loss) draw(n uint64) {
	l.shown = n
	icon, importance := look.Tint(theme.ConfirmIcon(), theme.ColorNameSuccess), widget.MediumImportance
	switch {
	case n > 0 && l.costs:
		icon, importance = look.Tint(theme.WarningIcon(), theme.ColorNameWarning), widget.WarningImportance
	case n == 0:
		importance = widget.LowImportance
	}
	l.icon.SetResource(icon)
	look.SetText(l.number, words.Number(n), importance)
}
