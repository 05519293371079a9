package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// NavItem is a line of the navigation. It can be reached and chosen with the keyboard.
type NavItem struct {
	widget.BaseWidget

	// OnTapped is called when the user chooses it.
	OnTapped func()

	source                    fyne.Resource
	chosen, hovered, hasFocus bool
	icon                      *widget.Icon
	text                      *canvas.Text
	words                     fyne.CanvasObject
	ground, mark              *canvas.Rectangle
}

var (
	_ fyne.Tappable     = (*NavItem)(nil)
	_ fyne.Focusable    = (*NavItem)(nil)
	_ desktop.Hoverable = (*NavItem)(nil)
)

// NewNavItem returns an item.
func NewNavItem(text string, icon fyne.Resource, tapped func()) *NavItem {
	n := &NavItem{
		OnTapped: tapped, source: icon, icon: widget.NewIcon(icon), text: canvas.NewText(text, color.Transparent),
		ground: canvas.NewRectangle(color.Transparent), mark: canvas.NewRectangle(color.Transparent),
	}
	// The chosen one is bold: with room for that in each, the navigation does not change its width.
	bold := fyne.MeasureText(text, theme.TextSize(), fyne.TextStyle{Bold: true}).Width
	n.words = container.NewHBox(Gap(4, 0), container.NewStack(Gap(bold+4, 0), n.text))
	n.ExtendBaseWidget(n)
	return n
}

// SetChosen marks it as the page that is shown.
func (n *NavItem) SetChosen(chosen bool) {
	n.chosen = chosen
	n.Refresh()
}

// Chosen reports whether its page is shown.
func (n *NavItem) Chosen() bool { return n.chosen }

// SetSlim leaves it its icon alone, where there is no room for words.
func (n *NavItem) SetSlim(isSlim bool) { SetShown(n.words, !isSlim) }

// Tapped implements fyne.Tappable.
func (n *NavItem) Tapped(*fyne.PointEvent) { n.OnTapped() }

// FocusGained implements fyne.Focusable.
func (n *NavItem) FocusGained() { n.hasFocus = true; n.Refresh() }

// FocusLost implements fyne.Focusable.
func (n *NavItem) FocusLost() { n.hasFocus = false; n.Refresh() }

// TypedRune implements fyne.Focusable.
func (n *NavItem) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (n *NavItem) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace || e.Name == fyne.KeyReturn {
		n.OnTapped()
	}
}

// MouseIn implements desktop.Hoverable.
func (n *NavItem) MouseIn(*desktop.MouseEvent) { n.hovered = true; n.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (n *NavItem) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (n *NavItem) MouseOut() { n.hovered = false; n.Refresh() }

// CreateRenderer implements fyne.Widget.
func (n *NavItem) CreateRenderer() fyne.WidgetRenderer {
	n.paint()
	n.mark.SetMinSize(fyne.NewSize(3, 0))
	icon := container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(20), n.icon))
	row := Pad(9, 10, container.NewHBox(icon, n.words))
	return widget.NewSimpleRenderer(container.NewStack(n.ground, container.NewBorder(nil, nil, Pad(8, 0, n.mark), nil, row)))
}

// Refresh implements fyne.CanvasObject.
func (n *NavItem) Refresh() {
	n.paint()
	n.BaseWidget.Refresh()
}

func (n *NavItem) paint() {
	ink, fill, mark := theme.ColorNamePlaceHolder, color.Color(color.Transparent), color.Color(color.Transparent)
	if n.hovered {
		fill = theme.Color(theme.ColorNameHover)
	}
	if n.chosen {
		ink, fill, mark = theme.ColorNameForeground, theme.Color(ColorAccentSoft), theme.Color(theme.ColorNamePrimary)
	}
	n.icon.SetResource(Tint(n.source, ink))
	n.text.Color, n.text.TextSize = theme.Color(ink), theme.TextSize()
	n.text.TextStyle.Bold = n.chosen
	n.ground.FillColor, n.ground.CornerRadius, n.ground.StrokeWidth = fill, 8, 0
	if n.hasFocus {
		n.ground.StrokeColor, n.ground.StrokeWidth = theme.Color(theme.ColorNamePrimary), 2
	}
	n.mark.FillColor, n.mark.CornerRadius = mark, 2
	n.text.Refresh()
	n.ground.Refresh()
	n.mark.Refresh()
}
