package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Mode is light, dark, or "" for what the system has.
type Mode string

// The modes.
const (
	ModeSystem Mode = ""
	ModeLight  Mode = "light"
	ModeDark   Mode = "dark"
)

// The colours that Fyne has no name for.
const (
	// ColorCard is the ground of a card.
	ColorCard fyne.ThemeColorName = "livecueCard"
	// ColorRail is the ground of the navigation, the header and the queue strip.
	ColorRail fyne.ThemeColorName = "livecueRail"
	// ColorEdge is the thin line around cards.
	ColorEdge fyne.ThemeColorName = "livecueEdge"
	// ColorQuiet is a ground that hardly stands out, such as an unset chip's.
	ColorQuiet fyne.ThemeColorName = "livecueQuiet"
	// ColorAccentSoft is a ground in a shade of the accent, such as the chosen page's.
	ColorAccentSoft fyne.ThemeColorName = "livecueAccentSoft"
	// ColorCoin is gold.
	ColorCoin fyne.ThemeColorName = "livecueCoin"
)

type palette map[fyne.ThemeColorName]color.NRGBA

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}

func rgba(hex uint32, alpha uint8) color.NRGBA {
	c := rgb(hex)
	c.A = alpha
	return c
}

func darkPalette() palette {
	return palette{
		ColorCard: rgb(0x1d1f27), ColorRail: rgb(0x191b22), ColorEdge: rgb(0x2c2f3a), ColorQuiet: rgb(0x262933),
		ColorAccentSoft: rgb(0x2d2850), ColorCoin: rgb(0xf0b84a),

		theme.ColorNameBackground: rgb(0x14151b), theme.ColorNameForeground: rgb(0xeceef4),
		theme.ColorNamePlaceHolder: rgb(0x9ba1b3), theme.ColorNameDisabled: rgb(0x858b9d),
		theme.ColorNameButton: rgb(0x2a2d38), theme.ColorNameDisabledButton: rgb(0x20222a),
		theme.ColorNameInputBackground: rgb(0x252833), theme.ColorNameInputBorder: rgb(0x4b5063),
		theme.ColorNameMenuBackground: rgb(0x232630), theme.ColorNameOverlayBackground: rgb(0x1d1f27),
		theme.ColorNameHeaderBackground: rgb(0x191b22), theme.ColorNameSeparator: rgb(0x2c2f3a),
		theme.ColorNamePrimary: rgb(0x8b72ff), theme.ColorNameHyperlink: rgb(0xa593ff),
		theme.ColorNameForegroundOnPrimary: rgb(0x12101f), theme.ColorNameFocus: rgba(0x8b72ff, 0x66),
		theme.ColorNameSelection: rgba(0x8b72ff, 0x40), theme.ColorNameHover: rgba(0xffffff, 0x0d),
		theme.ColorNameSuccess: rgb(0x45d18b), theme.ColorNameWarning: rgb(0xffb13d), theme.ColorNameError: rgb(0xff6464),
		theme.ColorNameForegroundOnSuccess: rgb(0x0a1f14), theme.ColorNameForegroundOnWarning: rgb(0x241600),
		theme.ColorNameForegroundOnError: rgb(0x240505), theme.ColorNameScrollBarBackground: rgba(0, 0),
		theme.ColorNameScrollBar: rgba(0xffffff, 0x55),
	}
}

func lightPalette() palette {
	return palette{
		ColorCard: rgb(0xffffff), ColorRail: rgb(0xfbfbfd), ColorEdge: rgb(0xdfe2ea), ColorQuiet: rgb(0xeceef4),
		ColorAccentSoft: rgb(0xe7e2ff), ColorCoin: rgb(0x9a6700),

		theme.ColorNameBackground: rgb(0xf3f4f8), theme.ColorNameForeground: rgb(0x1c1f2a),
		theme.ColorNamePlaceHolder: rgb(0x5f6678), theme.ColorNameDisabled: rgb(0x727889),
		theme.ColorNameButton: rgb(0xe6e8f0), theme.ColorNameDisabledButton: rgb(0xeff0f5),
		theme.ColorNameInputBackground: rgb(0xf1f2f7), theme.ColorNameInputBorder: rgb(0xc6cbd8),
		theme.ColorNameMenuBackground: rgb(0xffffff), theme.ColorNameOverlayBackground: rgb(0xffffff),
		theme.ColorNameHeaderBackground: rgb(0xfbfbfd), theme.ColorNameSeparator: rgb(0xdfe2ea),
		theme.ColorNamePrimary: rgb(0x5a3fe0), theme.ColorNameHyperlink: rgb(0x5a3fe0),
		theme.ColorNameForegroundOnPrimary: rgb(0xffffff), theme.ColorNameFocus: rgba(0x5a3fe0, 0x55),
		theme.ColorNameSelection: rgba(0x5a3fe0, 0x30), theme.ColorNameHover: rgba(0, 0x0a),
		theme.ColorNameSuccess: rgb(0x0f7a47), theme.ColorNameWarning: rgb(0xa65a00), theme.ColorNameError: rgb(0xc62a2a),
		theme.ColorNameForegroundOnSuccess: rgb(0xffffff), theme.ColorNameForegroundOnWarning: rgb(0xffffff),
		theme.ColorNameForegroundOnError: rgb(0xffffff), theme.ColorNameScrollBarBackground: rgba(0, 0),
		theme.ColorNameScrollBar: rgba(0, 0x55),
	}
}

// livecueTheme is Fyne's theme in our colours.
type livecueTheme struct {
	fyne.Theme
	mode        Mode
	light, dark palette
}

// NewTheme returns the theme in the mode.
func NewTheme(mode Mode) fyne.Theme {
	return &livecueTheme{Theme: theme.DefaultTheme(), mode: mode, light: lightPalette(), dark: darkPalette()}
}

// Color implements fyne.Theme.
func (t *livecueTheme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	switch t.mode {
	case ModeLight:
		variant = theme.VariantLight
	case ModeDark:
		variant = theme.VariantDark
	}
	colors := t.dark
	if variant == theme.VariantLight {
		colors = t.light
	}
	if c, ok := colors[name]; ok {
		return c
	}
	return t.Theme.Color(name, variant)
}

// Size implements fyne.Theme.
func (t *livecueTheme) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case theme.SizeNameInputRadius, theme.SizeNameSelectionRadius:
		return 6
	case theme.SizeNameCaptionText:
		return 12
	case theme.SizeNameSubHeadingText:
		return 17
	case theme.SizeNameHeadingText:
		return 22
	default:
		return t.Theme.Size(name)
	}
}
