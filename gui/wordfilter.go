package gui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// editBlocked lets the user change the words that are never said, one a line.
func (c *speechCard) editBlocked() {
	list := look.NewMultiLine(10)
	list.SetPlaceHolder(lang.L("one word or phrase a line"))
	list.SetText(strings.Join(c.window.core.Profile().Speech.Blocked, "\n"))
	problem := look.NewHint("")
	problem.Hide()
	var d *dialog.CustomDialog
	save := widget.NewButton(lang.L("Save"), func() {
		blocked := parseBlocked(list.Text)
		p := c.window.core.Profile()
		p.Speech.Blocked = blocked
		if err := c.window.core.SetProfile(p); err != nil {
			look.SetText(problem, blockedProblem(p, err), widget.DangerImportance)
			problem.Show()
			return
		}
		c.showBlocked(len(blocked))
		d.Hide()
	})
	save.Importance = widget.HighImportance
	cancel := widget.NewButton(lang.X("leave a dialog", "Cancel"), func() { d.Hide() })
	hint := look.NewHint(lang.L("These are left out of what is read aloud: one word or phrase a line, whatever its case, accents and drawn-out letters. Press Listen to hear what is left."))
	buttons := container.NewHBox(layout.NewSpacer(), cancel, save)
	content := container.NewBorder(hint, container.NewVBox(problem, look.Pad(6, 0, buttons)), nil, nil, list)
	d = look.ShowDialog(lang.L("Word filter"), content, fyne.NewSize(520, 460), c.window.win)
	c.window.win.Canvas().Focus(list)
}

// parseBlocked reads one word or phrase a line. What stands there twice counts once.
func parseBlocked(text string) []string {
	var blocked []string
	for line := range strings.Lines(text) {
		entry := strings.Join(strings.Fields(line), " ")
		if entry != "" && !slices.Contains(blocked, entry) {
			blocked = append(blocked, entry)
		}
	}
	return blocked
}

// blockedProblem says what is wrong with the list, or with saving it.
func blockedProblem(p profile.Profile, err error) string {
	for _, issue := range p.Check() {
		if issue.Field == "speech.blocked" {
			return words.Issue(issue)
		}
	}
	return words.Error(err)
}
