package editor

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// card edits one action.
type card struct {
	then  *thenForm
	index int

	repeat, delay *look.Entry
	perGift       *widget.Check
	problem       *widget.Label
	command       *commandField
	sound         *soundField
	object        fyne.CanvasObject
}

func newCard(t *thenForm, index int) *card {
	c := &card{then: t, index: index, problem: look.NewHint("")}
	c.problem.Hide()
	spec := c.spec()
	var body fyne.CanvasObject
	kind := "command"
	if spec.Kind() == action.KindSound {
		kind = "sound"
		c.sound = newSoundField(t.form, spec.Sound)
		body = c.sound.object
	} else {
		c.command = newCommandField(t.form, spec.RCON)
		body = c.command.object
	}
	up := plain(theme.MoveUpIcon(), func() { t.move(c.index, -1) })
	down := plain(theme.MoveDownIcon(), func() { t.move(c.index, 1) })
	remove := plain(theme.DeleteIcon(), func() { t.remove(c.index) })
	look.SetEnabled(up, index > 0)
	look.SetEnabled(down, index < len(t.form.rule.Actions)-1)
	title := look.NewStrong(strconv.Itoa(index+1) + ". " + words.ActionKind(spec.Kind()))
	icon := container.NewGridWrap(fyne.NewSquareSize(18), widget.NewIcon(look.IconIn(kind, theme.ColorNamePrimary)))
	head := container.New(look.Columns{Gap: 4, Cols: []look.Column{{}, {Weight: 1}, {}, {}, {}}}, icon, title, up, down, remove)
	c.object = look.NewCard(container.NewVBox(head, body, c.timing(), c.problem))
	return c
}

// spec is the action in the form's rule.
func (c *card) spec() *action.Spec { return &c.then.form.rule.Actions[c.index] }

// timing asks how often and when.
func (c *card) timing() fyne.CanvasObject {
	spec := c.spec()
	c.repeat = look.NewEntry()
	c.repeat.SetText(strconv.Itoa(max(spec.Repeat, 1)))
	c.repeat.OnChanged = func(text string) {
		n := parseNumber(text)
		switch n {
		case 0:
			n = -1 // empty is no number of times
		case 1:
			n = 0 // as an action that never said it
		}
		spec.Repeat = n
		c.then.form.changed()
	}
	c.delay = seconds(spec.Delay, func(d duration) { spec.Delay = d; c.then.form.changed() })
	row := container.New(look.Columns{Gap: 2, Cols: []look.Column{{}, {Width: 56}, {}, {}, {Width: 56}, {}, {Weight: 1}}},
		widget.NewLabel(lang.L("Do it")), c.repeat, widget.NewLabel(lang.L("times")),
		widget.NewLabel(lang.L("after")), c.delay, widget.NewLabel(lang.L("seconds")), look.Gap(0, 0))
	if !c.then.form.isGift() {
		return row
	}
	c.perGift = widget.NewCheck(lang.L("once more for each gift of the streak"), func(on bool) { spec.PerGift = on; c.then.form.changed() })
	c.perGift.Checked = spec.PerGift
	return container.NewVBox(row, c.perGift)
}

// say shows what is wrong with the action, or what is odd and still works.
func (c *card) say(issues []profile.Issue, prefix string) {
	text, importance := errorIn(issues, prefix), widget.DangerImportance
	if text == "" {
		importance = widget.WarningImportance
		var odd []string
		for _, i := range issues {
			if i.Severity == profile.SeverityWarning && strings.HasPrefix(i.Field, prefix) {
				odd = append(odd, words.Issue(i))
			}
		}
		text = strings.Join(odd, " ")
	}
	look.SetText(c.problem, text, importance)
	look.SetShown(c.problem, text != "")
}
