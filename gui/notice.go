package gui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/gui/look"
)

// readingTime is how long good news stay.
const readingTime = 8 * time.Second

// notice is a line over the foot of the page that says what has just happened, until the user closes it or the next one comes.
type notice struct {
	// fades says that it goes by itself: good news need no answer.
	fades   bool
	shownAt time.Time

	icon  *widget.Icon
	text  *widget.Label
	panel *look.Panel
}

func newNotice() *notice {
	n := &notice{icon: widget.NewIcon(theme.InfoIcon()), text: look.NewProse("")}
	dismiss := widget.NewButtonWithIcon("", theme.CancelIcon(), func() { n.panel.Hide() })
	dismiss.Importance = widget.LowImportance
	icon := container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(20), n.icon))
	row := container.NewBorder(nil, nil, container.NewHBox(look.Gap(6, 0), icon), container.NewCenter(dismiss), look.AtMost(76, n.text))
	n.panel = look.NewPanel(look.ColorCard, row)
	n.panel.Radius = 8
	n.panel.Hide()
	return n
}

// say shows text as good news, warn as trouble.
func (n *notice) say(text string) {
	n.fades, n.shownAt = true, time.Now()
	n.show(text, theme.ConfirmIcon(), theme.ColorNameSuccess)
}

func (n *notice) warn(text string) {
	n.fades = false
	n.show(text, theme.WarningIcon(), theme.ColorNameWarning)
}

// fade hides good news that have been read.
func (n *notice) fade(now time.Time) {
	if n.fades && n.panel.Visible() && now.Sub(n.shownAt) > readingTime {
		n.panel.Hide()
	}
}

func (n *notice) show(text string, icon fyne.Resource, tone fyne.ThemeColorName) {
	n.icon.SetResource(look.Tint(icon, tone))
	n.text.SetText(text)
	n.panel.Edge = tone
	n.panel.Show()
	n.panel.Refresh()
}
