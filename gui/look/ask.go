package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// Question is a question that stands in the way until it is answered.
type Question struct {
	Title, Text string
	// Yes and No are the buttons; an empty No leaves only Yes.
	Yes, No string
	// Danger paints Yes as something that cannot be undone.
	Danger bool
	// OnYes is called when the user says yes.
	OnYes func()
}

// Ask shows q over win and returns the dialog.
func Ask(q Question, win fyne.Window) *dialog.CustomDialog {
	var d *dialog.CustomDialog
	yes := widget.NewButton(q.Yes, func() {
		d.Hide()
		if q.OnYes != nil {
			q.OnYes()
		}
	})
	yes.Importance = widget.HighImportance
	if q.Danger {
		yes.Importance = widget.DangerImportance
	}
	buttons := container.NewHBox(layout.NewSpacer())
	if q.No != "" {
		buttons.Add(widget.NewButton(q.No, func() { d.Hide() }))
	}
	buttons.Add(yes)
	d = ShowDialog(q.Title, container.NewBorder(nil, Pad(6, 0, buttons), nil, nil, NewProse(q.Text)), fyne.NewSize(460, 190), win)
	return d
}

// ShowDialog shows content over win, without buttons of its own, and returns the dialog for hiding it.
func ShowDialog(title string, content fyne.CanvasObject, size fyne.Size, win fyne.Window) *dialog.CustomDialog {
	d := dialog.NewCustomWithoutButtons(title, content, win)
	d.Resize(size.Min(win.Canvas().Size().SubtractWidthHeight(24, 24)))
	d.Show()
	return d
}

// AskFor shows inputs over win, with a button that takes them and one that leaves all as it is.
func AskFor(title string, inputs fyne.CanvasObject, yes, no string, onYes func(), win fyne.Window) *dialog.CustomDialog {
	var d *dialog.CustomDialog
	take := widget.NewButton(yes, func() {
		d.Hide()
		onYes()
	})
	take.Importance = widget.HighImportance
	leave := widget.NewButton(no, func() { d.Hide() })
	buttons := container.NewHBox(layout.NewSpacer(), leave, take)
	content := container.NewBorder(nil, Pad(6, 0, buttons), nil, nil, inputs)
	d = ShowDialog(title, content, fyne.NewSize(540, 120), win)
	return d
}

// FileDialogSize is how large a dialog that asks for a file is in win.
func FileDialogSize(win fyne.Window) fyne.Size {
	return fyne.NewSize(820, 560).Min(win.Canvas().Size().SubtractWidthHeight(24, 24))
}
