package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

// NewCompact shows content with less room between things, for lists with many lines.
func NewCompact(content fyne.CanvasObject) fyne.CanvasObject {
	return container.NewThemeOverride(content, compact{})
}

// compact is whatever theme the program has, with less room. It asks for it each time, so that it follows a change.
type compact struct{}

// Color implements fyne.Theme.
func (compact) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	return current().Color(name, variant)
}

// Font implements fyne.Theme.
func (compact) Font(style fyne.TextStyle) fyne.Resource { return current().Font(style) }

// Icon implements fyne.Theme.
func (compact) Icon(name fyne.ThemeIconName) fyne.Resource { return current().Icon(name) }

// Size implements fyne.Theme.
func (compact) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case theme.SizeNameInnerPadding:
		return 4
	case theme.SizeNamePadding:
		return 2
	default:
		return current().Size(name)
	}
}

func current() fyne.Theme { return fyne.CurrentApp().Settings().Theme() }
