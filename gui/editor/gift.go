package editor

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// giftField shows the gift that a rule waits for, and opens the picker.
type giftField struct {
	form   *form
	button *widget.Button
	learn  *widget.Button
	object fyne.CanvasObject
}

func newGiftField(f *form) *giftField {
	g := &giftField{form: f}
	g.button = widget.NewButtonWithIcon("", look.IconIn("gift", look.ColorCoin), func() { openGiftPicker(f.page, g.choose) })
	g.button.Alignment = widget.ButtonAlignLeading
	g.learn = widget.NewButton("", g.toggleLearn)
	g.object = container.NewVBox(g.button, container.NewHBox(g.learn))
	g.show()
	return g
}

// toggleLearn begins or ends waiting for the next gift that a viewer sends.
func (g *giftField) toggleLearn() {
	if g.form.learn == nil {
		g.form.learn = func(gift event.GiftInfo) {
			g.form.learn = nil
			g.choose(gift)
		}
	} else {
		g.form.learn = nil
	}
	g.show()
}

func (g *giftField) choose(gift event.GiftInfo) {
	g.form.rule.Trigger.GiftID, g.form.rule.Trigger.Gift = gift.ID, gift.Name
	g.form.changed()
	g.show()
}

func (g *giftField) show() {
	g.learn.SetText(lang.L("Learn from the next gift"))
	if g.form.learn != nil {
		g.learn.SetText(lang.L("Waiting for a gift … press to stop"))
	}
	t := g.form.rule.Trigger
	if t.GiftID == 0 && t.Gift == "" {
		g.button.SetText(lang.L("Choose a gift …"))
		return
	}
	g.button.SetText(trigger(t, g.form.page.list.gifts))
}

// giftPicker lists the gifts that are known and those that were seen, with a search.
type giftPicker struct {
	all, shown []event.GiftInfo
	// collide are the names that several gifts have: those show their numbers.
	collide map[string]bool
	choose  func(event.GiftInfo)

	search *look.Entry
	rows   *widget.List
	byName *widget.Button
	dialog *dialog.CustomDialog
}

func openGiftPicker(p *Page, choose func(event.GiftInfo)) *giftPicker {
	g := &giftPicker{all: p.core.Gifts(), choose: choose, search: look.NewEntry(), collide: map[string]bool{}}
	seen := map[string]bool{}
	for _, gift := range g.all {
		name := strings.ToLower(gift.Name)
		g.collide[name] = seen[name]
		seen[name] = true
	}
	g.search.SetPlaceHolder(lang.L("Search by name or coins"))
	g.search.ActionItem = widget.NewIcon(theme.SearchIcon())
	g.search.OnChanged = func(string) { g.filter() }
	g.search.OnSubmitted = func(string) { g.pick(0) }
	g.rows = widget.NewList(func() int { return len(g.shown) }, newGiftRow, g.update)
	g.rows.OnSelected = g.pick
	g.byName = widget.NewButton("", func() { g.done(event.GiftInfo{Name: strings.TrimSpace(g.search.Text)}) })
	cancel := widget.NewButton(lang.X("leave a dialog", "Cancel"), func() { g.dialog.Hide() })
	bottom := container.NewHBox(g.byName, layout.NewSpacer(), cancel)
	content := container.NewBorder(g.search, bottom, nil, nil, g.rows)
	g.filter()
	g.dialog = look.ShowDialog(lang.L("Which gift?"), content, fyne.NewSize(520, 520), p.host.Window)
	p.host.Window.Canvas().Focus(g.search)
	return g
}

func (g *giftPicker) filter() {
	text := strings.ToLower(strings.TrimSpace(g.search.Text))
	g.shown = nil
	isKnown := false
	for _, gift := range g.all {
		name := strings.ToLower(gift.Name)
		isKnown = isKnown || name == text
		if strings.Contains(name, text) || strings.HasPrefix(words.Coins(gift.Coins), text) {
			g.shown = append(g.shown, gift)
		}
	}
	// What the name begins with, the user most likely means.
	slices.SortStableFunc(g.shown, func(a, b event.GiftInfo) int { return rank(a, text) - rank(b, text) })
	g.byName.SetText(lang.L("Any gift called {{.Name}}", map[string]any{"Name": words.Clean(g.search.Text, 24)}))
	look.SetShown(g.byName, text != "" && !isKnown)
	g.rows.Refresh()
}

func rank(g event.GiftInfo, text string) int {
	if text == "" || strings.HasPrefix(strings.ToLower(g.Name), text) {
		return 0
	}
	return 1
}

func (g *giftPicker) pick(id widget.ListItemID) {
	if id >= 0 && id < len(g.shown) {
		g.done(g.shown[id])
	}
}

func (g *giftPicker) done(gift event.GiftInfo) {
	g.dialog.Hide()
	g.choose(gift)
}

func (g *giftPicker) update(id widget.ListItemID, o fyne.CanvasObject) {
	row, ok := o.(*giftRow)
	if !ok || id >= len(g.shown) {
		return
	}
	gift := g.shown[id]
	name := words.Gift(gift)
	if g.collide[strings.ToLower(gift.Name)] {
		name = lang.L("{{.Gift}} (number {{.ID}})", map[string]any{"Gift": name, "ID": gift.ID})
	}
	row.name.SetText(name)
	row.coins.SetText(words.Coins(gift.Coins))
}

// giftRow is one gift of the picker.
type giftRow struct {
	widget.BaseWidget
	name, coins *widget.Label
}

func newGiftRow() fyne.CanvasObject {
	r := &giftRow{name: look.NewLine(""), coins: widget.NewLabel("")}
	r.coins.Alignment, r.coins.Importance = fyne.TextAlignTrailing, widget.LowImportance
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer implements fyne.Widget.
func (r *giftRow) CreateRenderer() fyne.WidgetRenderer {
	icon := container.NewGridWrap(fyne.NewSquareSize(18), widget.NewIcon(look.IconIn("gift", look.ColorCoin)))
	columns := look.Columns{Gap: 4, Cols: []look.Column{{Width: 22}, {Weight: 1}, {Width: 120}}}
	return widget.NewSimpleRenderer(look.NewCompact(container.New(columns, icon, r.name, r.coins)))
}
