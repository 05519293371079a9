package profiles

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/profile/library"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// row shows a profile with what can be done with it.
func (p *Page) row(e library.Entry, now time.Time) fyne.CanvasObject {
	name, note := look.NewStrong(nameOf(e)), look.NewNote(entryNote(e, now))
	var first fyne.CanvasObject
	switch {
	case p.isCurrent(e):
		first = container.NewCenter(look.NewPill(lang.L("In force"), theme.ColorNameSuccess))
	case e.Problem != nil:
		note.Importance = widget.DangerImportance
		mend := widget.NewButton(lang.L("Mend …"), func() { p.openStates(e.ID, nameOf(e)) })
		mend.Importance = widget.HighImportance
		first = mend
	default:
		first = widget.NewButton(lang.L("Switch to it"), func() { p.use(e) })
	}
	export := widget.NewButton(lang.L("Export …"), func() { p.askExport(e) })
	states := widget.NewButton(lang.L("Earlier states …"), func() { p.openStates(e.ID, nameOf(e)) })
	look.SetEnabled(export, e.Problem == nil)
	more := widget.NewButtonWithIcon("", theme.MoreHorizontalIcon(), nil)
	more.OnTapped = func() { p.openMenu(e, more) }
	columns := look.Columns{Gap: 6, Cols: []look.Column{{Width: 22}, {Weight: 1}, {}, {}, {}, {}}}
	icon := container.NewGridWrap(fyne.NewSquareSize(20), widget.NewIcon(look.Icon("profiles")))
	text := look.NewCompact(container.NewVBox(name, note))
	return look.NewCard(container.New(columns, icon, text, first, export, states, more))
}

// entryNote says what is in a profile, or why it cannot be read.
func entryNote(e library.Entry, now time.Time) string {
	if e.Problem != nil {
		return words.Error(e.Problem)
	}
	rules := lang.N("{{.N}} rules", e.Rules, map[string]any{"N": words.Number(e.Rules)})
	if e.Changed.IsZero() {
		return rules + " · " + lang.L("not saved yet")
	}
	return rules + " · " + lang.L("changed {{.Time}}", map[string]any{"Time": words.Moment(e.Changed, now)})
}

func (p *Page) deletedRow(id string) fyne.CanvasObject {
	name := words.Clean(id, shownName)
	states := widget.NewButton(lang.L("Bring back …"), func() { p.openStates(id, name) })
	columns := look.Columns{Gap: 6, Cols: []look.Column{{Width: 22}, {Weight: 1}, {}}}
	icon := container.NewGridWrap(fyne.NewSquareSize(20), widget.NewIcon(look.Tint(theme.DeleteIcon(), theme.ColorNamePlaceHolder)))
	return look.NewCard(container.New(columns, icon, look.NewLine(name), states))
}

// openMenu opens what is done more seldom.
func (p *Page) openMenu(e library.Entry, at fyne.CanvasObject) {
	rename := fyne.NewMenuItem(lang.L("Rename …"), func() { p.askRename(e) })
	double := fyne.NewMenuItem(lang.L("Duplicate …"), func() { p.askDuplicate(e) })
	remove := fyne.NewMenuItem(lang.L("Delete …"), func() { p.askDelete(e) })
	rename.Disabled, double.Disabled = e.Problem != nil, e.Problem != nil
	remove.Disabled = p.isCurrent(e) // the core refuses it too
	menu := widget.NewPopUpMenu(fyne.NewMenu("", rename, double, remove), p.host.Window.Canvas())
	menu.ShowAtRelativePosition(fyne.NewPos(at.Size().Width-menu.MinSize().Width, at.Size().Height), at)
}
