package look

import (
	"context"

	"fyne.io/fyne/v2"
)

// Host is what a page needs of the window that it is in.
type Host struct {
	Window fyne.Window
	// Run does work on a goroutine of its own, and then done on the UI thread.
	Run func(work func(context.Context) error, done func(error))
	// Say and Warn show a line above the page.
	Say, Warn func(text string)
}
