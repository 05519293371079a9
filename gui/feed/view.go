package feed

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// View shows a Model: chips to filter by, and the rows, the newest at the end. It belongs to the UI thread.
type View struct {
	// OnOpen is called when the user picks a row.
	OnOpen func(*Row)

	isHidden bool

	model  *Model
	list   *widget.List
	chips  map[Category]*look.Chip
	only   *look.Chip
	pause  *widget.Button
	newest *widget.Button
	empty  fyne.CanvasObject
	note   *widget.Label
	object fyne.CanvasObject
}

// NewView returns a view of model. hint stands in its place while there are no rows.
func NewView(model *Model, hint string) *View {
	v := &View{model: model, chips: map[Category]*look.Chip{}}
	v.list = widget.NewList(model.Len, func() fyne.CanvasObject { return newLine() }, v.update)
	v.list.HideSeparators = true
	v.list.OnSelected = v.open
	v.list.MinSize() // makes the renderer, without which a list cannot scroll
	v.pause = widget.NewButtonWithIcon("", theme.MediaPauseIcon(), v.togglePause)
	v.newest = widget.NewButtonWithIcon(lang.L("Newest"), theme.MoveDownIcon(), v.ScrollToEnd)
	v.newest.Importance = widget.HighImportance
	v.note = look.NewNote("")
	v.build(hint)
	v.showState()
	return v
}

func (v *View) build(hint string) {
	clearAll := widget.NewButtonWithIcon(lang.X("clear the feed", "Clear"), theme.ContentClearIcon(), v.clear)
	chips := container.NewHBox()
	for _, c := range Categories() {
		chip := look.NewChip(c.Label(), string(c), true, func(on bool) { v.model.SetShown(c, on); v.refilter() })
		v.chips[c] = chip
		chips.Add(chip)
	}
	v.only = look.NewChip(lang.L("Only what triggered"), "rule", false, func(on bool) { v.model.SetOnlyTriggered(on); v.refilter() })

	v.empty = container.NewCenter(look.Wide(420, centered(look.NewProse(hint))))
	floating := container.NewVBox(layout.NewSpacer(), container.NewHBox(layout.NewSpacer(), v.newest, look.Gap(12, 0)), look.Gap(0, 4))
	rows := look.NewPanel(look.ColorCard, look.Pad(6, 6, container.NewStack(look.NewCompact(v.list), v.empty, floating)))
	rows.Edge, rows.Radius = look.ColorEdge, 10

	title := container.New(look.Columns{Gap: 8, Cols: []look.Column{{}, {}, {Weight: 1}, {}, {}}},
		look.NewTitle(lang.L("Live")), v.only, v.note, v.pause, clearAll)
	top := container.NewVBox(title, container.NewHScroll(chips), look.Gap(0, 2))
	v.object = container.NewBorder(top, nil, nil, nil, rows)
}

func centered(l *widget.Label) *widget.Label {
	l.Alignment, l.Importance = fyne.TextAlignCenter, widget.LowImportance
	return l
}

// Object is what to put into the window.
func (v *View) Object() fyne.CanvasObject { return v.object }

// SetInSight says whether the user sees the view. Out of sight it draws nothing; in sight again it shows the newest rows.
func (v *View) SetInSight(inSight bool) {
	if v.isHidden == !inSight {
		return
	}
	v.isHidden = !inSight
	if inSight && !v.model.Paused() {
		v.refilter()
	}
}

// Apply takes what a Tap handed on and redraws once. It follows the newest row only when that was in sight.
func (v *View) Apply(updates []app.Update, dropped uint64) {
	if v.isHidden {
		v.model.Apply(updates, dropped)
		return
	}
	following := v.atEnd()
	anchor, below := v.anchor()
	v.model.Apply(updates, dropped)
	v.list.Refresh() // first, so that it knows how far it can scroll
	switch {
	case v.model.Paused():
	case following:
		v.list.ScrollToBottom()
	case anchor == nil:
	case v.model.Index(anchor) < 0:
		v.list.ScrollToTop() // what the user looked at is too old and gone
	default:
		v.list.ScrollToOffset(float32(v.model.Index(anchor))*v.pitch() - below)
	}
	v.showState()
}

// anchor is a row in the middle of what the user sees, which must not run away, and how far below the upper edge it is.
func (v *View) anchor() (r *Row, below float32) {
	offset := v.list.GetScrollOffset()
	i := int((offset + v.list.Size().Height/2) / v.pitch())
	return v.model.Row(i), float32(i)*v.pitch() - offset
}

// ScrollToEnd shows the newest row.
func (v *View) ScrollToEnd() {
	if v.model.Paused() {
		v.togglePause()
	}
	v.list.ScrollToBottom()
	v.showState()
}

// pitch is the distance from one row to the next.
func (v *View) pitch() float32 {
	return rowHeight + v.list.Theme().Size(theme.SizeNamePadding)
}

// atEnd reports whether the newest row is in sight, by a margin of half a row.
func (v *View) atEnd() bool {
	end := float32(v.model.Len()) * v.pitch()
	return v.list.GetScrollOffset()+v.list.Size().Height >= end-1.5*v.pitch()
}

func (v *View) update(id widget.ListItemID, o fyne.CanvasObject) {
	if l, ok := o.(*line); ok {
		l.show(v.model.Row(id))
	}
}

func (v *View) open(id widget.ListItemID) {
	v.list.UnselectAll()
	if r := v.model.Row(id); r != nil && v.OnOpen != nil {
		v.OnOpen(r)
	}
}

func (v *View) togglePause() {
	v.model.SetPaused(!v.model.Paused())
	if v.model.Paused() {
		v.showState()
		return
	}
	v.refilter()
}

func (v *View) clear() {
	v.model.Clear()
	v.list.Refresh()
	v.list.ScrollToTop()
	v.showState()
}

func (v *View) refilter() {
	v.list.Refresh()
	v.list.ScrollToBottom()
	v.showState()
}

// showState redraws what says how the rows stand.
func (v *View) showState() {
	look.SetShown(v.empty, v.model.Len() == 0)
	look.SetShown(v.newest, !v.model.Paused() && !v.atEnd())
	if v.model.Paused() {
		v.pause.SetIcon(theme.MediaPlayIcon())
		v.pause.SetText(lang.N("Resume, {{.N}} new", v.model.Missed(), map[string]any{"N": words.Number(v.model.Missed())}))
	} else {
		v.pause.SetIcon(theme.MediaPauseIcon())
		v.pause.SetText(lang.X("pause the feed", "Pause"))
	}
	note := ""
	if n := v.model.Dropped(); n > 0 {
		note = lang.N("{{.N}} lines came too fast to be shown; their rules ran all the same", int(n), map[string]any{"N": words.Number(n)})
	}
	look.SetText(v.note, note, widget.LowImportance)
}
