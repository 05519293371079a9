package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// HintButton is a button with an icon alone, which says what it does while the pointer is over it.
type HintButton struct {
	widget.Button

	// Hint says what it does.
	Hint string
	// OnHint is called with the hint when the pointer comes, and with "" when it goes.
	OnHint func(hint string)
}

// NewHintButton returns a plain button.
func NewHintButton(icon fyne.Resource, hint string, onHint func(string), tapped func()) *HintButton {
	b := &HintButton{Hint: hint, OnHint: onHint}
	b.Icon, b.OnTapped, b.Importance = icon, tapped, widget.LowImportance
	b.ExtendBaseWidget(b)
	return b
}

// MouseIn implements desktop.Hoverable.
func (b *HintButton) MouseIn(e *desktop.MouseEvent) {
	b.Button.MouseIn(e)
	b.say(b.Hint)
}

// MouseOut implements desktop.Hoverable.
func (b *HintButton) MouseOut() {
	b.Button.MouseOut()
	b.say("")
}

func (b *HintButton) say(hint string) {
	if b.OnHint != nil {
		b.OnHint(hint)
	}
}
