package editor

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// rowHeight is fixed, so that the list need not measure its rows.
const rowHeight = 52

// row is one rule in the list.
type row struct {
	widget.BaseWidget

	list *list
	rule rule.Rule

	chosen                *widget.Check
	grip                  *grip
	on                    *look.Toggle
	kind                  *widget.Icon
	name, trigger         *widget.Label
	first, others         *widget.Label
	test, up, down, extra *widget.Button
}

func newRow(l *list) *row {
	r := &row{list: l, kind: widget.NewIcon(nil), name: look.NewStrong(""), trigger: look.NewNote(""), first: look.NewLine(""), others: look.NewNote("")}
	r.chosen = widget.NewCheck("", func(on bool) { l.some.set(r.rule.ID, on) })
	r.grip = newGrip(r)
	r.on = look.NewToggle(true, func(on bool) { l.setOff(r.rule, !on) })
	r.test = widget.NewButtonWithIcon(lang.L("Test"), look.Icon("test"), r.press)
	r.up = plain(theme.MoveUpIcon(), func() { l.move(r.rule, -1) })
	r.down = plain(theme.MoveDownIcon(), func() { l.move(r.rule, 1) })
	r.extra = plain(theme.MoreVerticalIcon(), r.menu)
	r.ExtendBaseWidget(r)
	return r
}

// plain is a button with an icon alone.
func plain(icon fyne.Resource, tapped func()) *widget.Button {
	b := widget.NewButtonWithIcon("", icon, tapped)
	b.Importance = widget.LowImportance
	return b
}

// MinSize implements fyne.CanvasObject.
func (r *row) MinSize() fyne.Size { return fyne.NewSize(400, rowHeight) }

// CreateRenderer implements fyne.Widget.
func (r *row) CreateRenderer() fyne.WidgetRenderer {
	text := look.NewCompact(container.NewVBox(r.name, r.trigger))
	does := look.NewCompact(container.NewVBox(r.first, r.others))
	icon := container.NewGridWrap(fyne.NewSquareSize(24), r.kind)
	columns := look.Columns{Gap: 6, Cols: []look.Column{{Width: 18}, {}, {Width: 42}, {Width: 24}, {Weight: 4}, {Weight: 5}, {Width: testWidth()}, {}, {}, {}}}
	return widget.NewSimpleRenderer(container.New(columns, r.grip, r.chosen, r.on, icon, text, does, r.test, r.up, r.down, r.extra))
}

// testWidth has room for either word of the button, so that the columns of all rows stand below one another.
func testWidth() float32 {
	test := widget.NewButtonWithIcon(lang.L("Test"), look.Icon("test"), nil)
	press := widget.NewButtonWithIcon(lang.L("Press"), look.Icon("test"), nil)
	return max(test.MinSize().Width, press.MinSize().Width)
}

func (r *row) show(c rule.Rule, canGoUp, canGoDown bool) {
	r.rule = c
	r.chosen.Checked = r.list.some.ids[c.ID]
	r.chosen.Refresh()
	look.SetShown(r.grip, canGoUp || canGoDown)
	r.on.Set(!c.Off)
	if isManual(c) {
		r.test.SetText(lang.L("Press"))
	} else {
		r.test.SetText(lang.L("Test"))
	}
	r.kind.SetResource(icon(c.Trigger.Kind))
	ink := widget.MediumImportance
	if c.Off {
		ink = widget.LowImportance
	}
	look.SetText(r.name, words.Clean(c.Name, 80), ink)
	r.showTrigger(c)
	first, others := actions(c)
	look.SetText(r.first, first, ink)
	look.SetText(r.others, others, widget.LowImportance)
	look.SetShown(r.others, others != "")
	r.showFound(c)
	look.SetEnabled(r.up, canGoUp)
	look.SetEnabled(r.down, canGoDown)
}

// showTrigger says what the rule waits for, and why that cannot come.
func (r *row) showTrigger(c rule.Rule) {
	text, importance := conditions(c, r.list.gifts), widget.LowImportance
	if c.Trigger.Kind == rule.OnHotkey && !c.Off {
		state, _ := r.list.page.core.HotkeyState(c.Trigger.Keys)
		if trouble := words.HotkeyTrouble(state); trouble != "" {
			text, importance = lang.L("{{.Keys}}: {{.Trouble}}", map[string]any{"Keys": words.Keys(c.Trigger.Keys), "Trouble": trouble}), widget.WarningImportance
		}
	}
	look.SetText(r.trigger, text, importance)
}

// isManual reports whether the rule waits for its user.
func isManual(r rule.Rule) bool {
	return r.Trigger.Kind == rule.OnButton || r.Trigger.Kind == rule.OnHotkey
}

// press tests the rule, or does what its button is for.
func (r *row) press() {
	if isManual(r.rule) {
		r.list.page.fire(r.rule)
		return
	}
	r.list.page.test(r.rule)
}

// menu opens what else can be done with the rule.
func (r *row) menu() {
	c := r.rule
	m := fyne.NewMenu("",
		fyne.NewMenuItemWithIcon(lang.L("Edit"), theme.DocumentCreateIcon(), func() { r.list.page.edit(c, false) }),
		fyne.NewMenuItemWithIcon(lang.L("Try with …"), look.Icon("test"), func() { openTrial(r.list.page, c) }),
		fyne.NewMenuItemWithIcon(lang.L("Duplicate"), theme.ContentCopyIcon(), func() { r.list.duplicate(c) }),
		fyne.NewMenuItemWithIcon(lang.X("delete something", "Delete"), theme.DeleteIcon(), func() { r.list.askDelete(c) }),
	)
	popup := widget.NewPopUpMenu(m, r.list.page.host.Window.Canvas())
	popup.ShowAtRelativePosition(fyne.NewPos(r.extra.Size().Width-popup.MinSize().Width, r.extra.Size().Height), r.extra)
}
