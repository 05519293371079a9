package editor

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/gui/look"
)

// thenForm edits what a rule does. The two kinds of action that most rules have are one press away, the others two.
type thenForm struct {
	*actionList

	problem *widget.Label
	// head has the buttons that add something, object what there is.
	head, object fyne.CanvasObject
	// panes are what it scrolls in.
	panes *look.Panes
}

func newThenForm(f *form) *thenForm {
	t := &thenForm{problem: look.NewHint("")}
	empty := look.NewCard(look.NewProse(lang.L("Nothing yet. Add a command for your Minecraft server, a sound, or something for the stream.")))
	t.actionList = newActionList(f, &f.rule.Actions, "action", 0, empty)
	command := widget.NewButtonWithIcon(lang.L("Add command"), look.Icon("command"), func() { t.addLast(newSpec(f, action.KindRCON)) })
	sound := widget.NewButtonWithIcon(lang.L("Add sound"), look.Icon("sound"), func() { t.addLast(newSpec(f, action.KindSound)) })
	more := widget.NewButtonWithIcon(lang.L("More …"), theme.ContentAddIcon(), func() { openKinds(f, t.depth, t.addLast) })
	more.Importance = widget.HighImportance
	t.head = container.New(look.Columns{Gap: 6, Cols: []look.Column{{}, {Weight: 1}, {}, {}, {}}},
		look.NewHeading(lang.L("Then")), look.Gap(0, 0), command, sound, more)
	t.object = container.NewVBox(t.box, t.problem)
	return t
}

// addLast appends an action and shows it.
func (t *thenForm) addLast(s action.Spec) {
	t.add(s)
	t.panes.ScrollTo(t.object.MinSize().Height)
}

// say shows what is wrong or odd in each action, and in all together.
func (t *thenForm) say(issues []profile.Issue) {
	t.actionList.say(issues)
	text := ""
	for _, i := range issues {
		if i.Severity == profile.SeverityError && i.Field == "action" && len(t.cards) > 0 {
			text = errorIn([]profile.Issue{i}, "action")
		}
	}
	if len(t.cards) > rule.MaxActions {
		text = errorIn(issues, "action")
	}
	look.SetText(t.problem, text, widget.DangerImportance)
	look.SetShown(t.problem, text != "")
}
