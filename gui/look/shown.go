package look

import "fyne.io/fyne/v2"

// SetShown shows or hides o, and does nothing when it is as it should be: each change costs a layout.
func SetShown(o fyne.CanvasObject, shown bool) {
	switch {
	case shown == o.Visible():
	case shown:
		o.Show()
	default:
		o.Hide()
	}
}

// SetEnabled enables or disables b, and does nothing when it is as it should be.
func SetEnabled(b fyne.Disableable, on bool) {
	switch {
	case on == !b.Disabled():
	case on:
		b.Enable()
	default:
		b.Disable()
	}
}
