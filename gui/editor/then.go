package editor

import (
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/gui/look"
)

// thenForm edits the ordered list of a rule's actions.
type thenForm struct {
	form *form

	cards   []*card
	box     *fyne.Container
	problem *widget.Label
	scroll  *container.Scroll
	object  fyne.CanvasObject
}

func newThenForm(f *form) *thenForm {
	t := &thenForm{form: f, box: container.NewVBox(), problem: look.NewHint("")}
	command := widget.NewButtonWithIcon(lang.L("Add command"), look.Icon("command"), func() { t.add(action.Spec{RCON: &action.RCON{}}) })
	sound := widget.NewButtonWithIcon(lang.L("Add sound"), look.Icon("sound"), func() { t.add(action.Spec{Sound: &action.Sound{File: t.firstSound()}}) })
	head := container.New(look.Columns{Gap: 6, Cols: []look.Column{{}, {Weight: 1}, {}, {}}}, look.NewHeading(lang.L("Then")), look.Gap(0, 0), command, sound)
	t.scroll = container.NewVScroll(container.NewVBox(t.box, t.problem))
	t.object = container.NewBorder(head, nil, nil, nil, t.scroll)
	t.showCards()
	return t
}

// firstSound is what a new sound action plays until another is chosen.
func (t *thenForm) firstSound() string {
	if names := t.form.page.core.Sounds(); len(names) > 0 {
		return bundledPrefix + names[0]
	}
	return ""
}

func (t *thenForm) add(s action.Spec) {
	if n := len(t.form.rule.Actions); t.form.isGift() && s.RCON != nil && n == 0 {
		s.PerGift = true
	}
	t.form.rule.Actions = append(t.form.rule.Actions, s)
	t.showCards()
	t.form.changed()
	t.scroll.ScrollToBottom()
}

func (t *thenForm) remove(i int) {
	t.form.rule.Actions = slices.Delete(t.form.rule.Actions, i, i+1)
	t.showCards()
	t.form.changed()
}

func (t *thenForm) move(i, by int) {
	actions := t.form.rule.Actions
	if j := i + by; j >= 0 && j < len(actions) {
		actions[i], actions[j] = actions[j], actions[i]
		t.showCards()
		t.form.changed()
	}
}

// showCards builds the cards anew: their order or the trigger has changed.
func (t *thenForm) showCards() {
	t.box.RemoveAll()
	t.cards = nil
	for i := range t.form.rule.Actions {
		c := newCard(t, i)
		t.cards = append(t.cards, c)
		t.box.Add(c.object)
	}
	if len(t.cards) == 0 {
		t.box.Add(look.NewCard(look.NewProse(lang.L("Nothing yet. Add a command for your Minecraft server, or a sound."))))
	}
	t.box.Refresh()
}

// say shows what is wrong or odd in each action.
func (t *thenForm) say(issues []profile.Issue) {
	for i, c := range t.cards {
		c.say(issues, fmt.Sprintf("action[%d]", i))
	}
	text := ""
	if len(t.cards) > action.MaxRepeat {
		text = errorIn(issues, "action")
	}
	look.SetText(t.problem, text, widget.DangerImportance)
	look.SetShown(t.problem, text != "")
}
