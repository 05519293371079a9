package gui

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// limitField is a field for how much may be begun in a minute.
type limitField struct {
	entry  *look.Entry
	object fyne.CanvasObject
}

// newLimitField returns a field between whose label and the words after it a number is typed.
func newLimitField(n int, after string, changed func(string)) *limitField {
	f := &limitField{entry: look.NewEntry()}
	f.entry.SetPlaceHolder(words.PerMinute(0))
	f.set(n)
	f.entry.OnChanged = changed
	f.object = container.New(look.Columns{Gap: 4, Cols: []look.Column{{Width: 124}, {Weight: 1}}}, f.entry, look.NewNote(after))
	return f
}

// limit is what was typed, 0 for nothing; ok is false where that is no limit.
func (f *limitField) limit() (n int, ok bool) {
	text := trimmed(f.entry.Text)
	if text == "" {
		return 0, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 0 && n <= profile.MaxPerMinute
}

// set shows a limit; 0 is none.
func (f *limitField) set(n int) {
	text := ""
	if n != 0 {
		text = strconv.Itoa(n)
	}
	f.entry.SetText(text)
}

// noLimit says that what was typed is no limit.
func noLimit() string {
	return lang.L("A limit is a whole number up to {{.N}}. Leave it empty for none.", map[string]any{"N": words.Number(profile.MaxPerMinute)})
}

// limits are what the settings offer for sounds and texts.
func limits() []int { return []int{0, 1, 2, 3, 5, 10, 15, 20, 30, 60, 120} }

// newLimitPick returns a choice of how many sounds may be begun in a minute.
func newLimitPick(changed func(int)) *look.Pick[int] {
	return look.NewPick(slices.Clone(limits()), words.PerMinute, changed)
}

// soundLimits asks how many sounds there may be at once, and how many may begin in a minute, in all and for each viewer.
func (s *settings) soundLimits() fyne.CanvasObject {
	s.perMinute = newLimitPick(func(n int) { s.change(func(p *profile.Profile) { p.Sound.PerMinute = n }) })
	s.perViewer = newLimitPick(func(n int) { s.change(func(p *profile.Profile) { p.Sound.PerViewer = n }) })
	row := func(choice *widget.Select, after string) fyne.CanvasObject {
		return container.New(look.Columns{Gap: 4, Cols: []look.Column{{Width: 132}, {Weight: 1}}}, choice, look.NewNote(after))
	}
	return insetRight(container.New(layout.NewFormLayout(),
		widget.NewLabel(lang.L("Sounds at once")), row(s.voices, lang.L("What comes on top waits its turn.")),
		widget.NewLabel(lang.L("At most")), row(s.perMinute.Select, lang.L("sounds a minute; the rest waits")),
		widget.NewLabel(lang.L("Of each viewer")), row(s.perViewer.Select, lang.L("a minute; others go on"))))
}
