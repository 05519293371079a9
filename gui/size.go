package gui

import "fyne.io/fyne/v2"

// The preferences hold the window's size and nothing else: they are saved late and tell of no error.
const (
	widthPreference  = "window.width"
	heightPreference = "window.height"
)

const (
	defaultWidth, defaultHeight = 1180, 700
	leastWidth, leastHeight     = 640, 360
)

// firstSize is the window's size at the start.
func firstSize(p fyne.Preferences, opts Options) fyne.Size {
	if opts.Width > 0 && opts.Height > 0 {
		return fyne.NewSize(opts.Width, opts.Height)
	}
	width := p.FloatWithFallback(widthPreference, defaultWidth)
	height := p.FloatWithFallback(heightPreference, defaultHeight)
	return fyne.NewSize(max(float32(width), leastWidth), max(float32(height), leastHeight))
}

func saveSize(p fyne.Preferences, size fyne.Size) {
	p.SetFloat(widthPreference, float64(size.Width))
	p.SetFloat(heightPreference, float64(size.Height))
}
