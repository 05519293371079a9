package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// NewTitle is a page's title.
func NewTitle(text string) *widget.Label {
	l := widget.NewLabelWithStyle(text, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	l.SizeName = theme.SizeNameHeadingText
	return l
}

// NewHeading is a section's title.
func NewHeading(text string) *widget.Label {
	l := widget.NewLabelWithStyle(text, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	l.SizeName = theme.SizeNameSubHeadingText
	return l
}

// NewStrong is a line in bold that is cut off where the room ends.
func NewStrong(text string) *widget.Label {
	l := NewLine(text)
	l.TextStyle.Bold = true
	return l
}

// NewLine is a line that is cut off where the room ends.
func NewLine(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Truncation = fyne.TextTruncateEllipsis
	return l
}

// NewProse is text that wraps.
func NewProse(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Wrapping = fyne.TextWrapWord
	return l
}

// NewHint is small, quiet text that wraps.
func NewHint(text string) *widget.Label {
	l := NewProse(text)
	l.SizeName, l.Importance = theme.SizeNameCaptionText, widget.LowImportance
	return l
}

// NewNote is a hint on one line, cut off where the room ends.
func NewNote(text string) *widget.Label {
	l := NewLine(text)
	l.SizeName, l.Importance = theme.SizeNameCaptionText, widget.LowImportance
	return l
}

// SetText sets a label's text and importance and redraws it only when something has changed.
func SetText(l *widget.Label, text string, importance widget.Importance) {
	if l.Text == text && l.Importance == importance {
		return
	}
	l.Importance = importance
	l.SetText(text)
}
