package look

import (
	"embed"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

//go:embed icons/*.svg
var icons embed.FS

// Icon returns one of our own icons in the foreground colour. The names are those of the files in icons, without .svg; a
// name that there is no file for gets a question mark.
func Icon(name string) fyne.Resource { return IconIn(name, theme.ColorNameForeground) }

// IconIn returns one of our own icons in a colour of the theme.
func IconIn(name string, color fyne.ThemeColorName) fyne.Resource {
	data, err := icons.ReadFile("icons/" + name + ".svg")
	if err != nil {
		return Tint(theme.QuestionIcon(), color)
	}
	return Tint(fyne.NewStaticResource(name+".svg", data), color)
}

// Tint returns icon in a colour of the theme.
func Tint(icon fyne.Resource, color fyne.ThemeColorName) fyne.Resource {
	if themed, ok := icon.(*theme.ThemedResource); ok {
		tinted := *themed
		tinted.ColorName = color
		return &tinted
	}
	tinted := theme.NewThemedResource(icon)
	tinted.ColorName = color
	return tinted
}
