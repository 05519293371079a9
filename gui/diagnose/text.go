package diagnose

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/gui/look"
)

// ShowText shows a text that is too long for a line, to be read and copied. isCode keeps its lines whole, in a font for code.
func ShowText(host look.Host, title, text string, isCode bool) {
	label := look.NewProse(text)
	size := fyne.NewSize(640, 320)
	if isCode {
		label.Wrapping, label.TextStyle.Monospace = fyne.TextWrapOff, true
		label.SizeName = theme.SizeNameCaptionText
		size = fyne.NewSize(900, 520)
	}
	var d *dialog.CustomDialog
	done := widget.NewButton(lang.X("close a dialog", "Close"), func() { d.Hide() })
	copyText := widget.NewButtonWithIcon(lang.L("Copy"), theme.ContentCopyIcon(), nil)
	copyText.OnTapped = func() {
		fyne.CurrentApp().Clipboard().SetContent(text)
		copyText.SetText(lang.L("Copied"))
	}
	buttons := container.NewHBox(copyText, layout.NewSpacer(), done)
	d = look.ShowDialog(title, container.NewBorder(nil, look.Pad(6, 0, buttons), nil, nil, container.NewScroll(label)), size, host.Window)
}
