package editor

import (
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/profile"
)

// maxPoolDepth is how deep the editor lets pools stand in each other. Deeper ones come from a file, and are shown and kept.
const maxPoolDepth = 1

// actionList edits an ordered list of actions: those of a rule, or those of one choice of a pool.
type actionList struct {
	form *form
	// specs is the list in the form's rule.
	specs *[]action.Spec
	// prefix is the key of the list, such as "action", or "action[2].pool.choice[0].action".
	prefix string
	// depth is how many pools it stands in.
	depth int
	// empty is shown in place of cards while there are none.
	empty fyne.CanvasObject

	cards []*card
	box   *fyne.Container
}

func newActionList(f *form, specs *[]action.Spec, prefix string, depth int, empty fyne.CanvasObject) *actionList {
	l := &actionList{form: f, specs: specs, prefix: prefix, depth: depth, empty: empty, box: container.NewVBox()}
	l.showCards()
	return l
}

func (l *actionList) add(s action.Spec) {
	if l.form.isGift() && l.depth == 0 && s.RCON != nil && len(*l.specs) == 0 {
		s.PerGift = true
	}
	*l.specs = append(*l.specs, s)
	l.showCards()
	l.form.changed()
}

func (l *actionList) remove(i int) {
	*l.specs = slices.Delete(*l.specs, i, i+1)
	l.showCards()
	l.form.changed()
}

func (l *actionList) move(i, by int) {
	specs := *l.specs
	if j := i + by; j >= 0 && j < len(specs) {
		specs[i], specs[j] = specs[j], specs[i]
		l.showCards()
		l.form.changed()
	}
}

// copy puts a copy of an action behind it.
func (l *actionList) copy(i int) {
	*l.specs = slices.Insert(*l.specs, i+1, (*l.specs)[i].Clone())
	l.showCards()
	l.form.changed()
}

// showCards builds the cards anew: their order or the trigger has changed.
func (l *actionList) showCards() {
	l.box.RemoveAll()
	l.cards = nil
	for i := range *l.specs {
		c := newCard(l, i)
		l.cards = append(l.cards, c)
		l.box.Add(c.object)
	}
	if len(l.cards) == 0 && l.empty != nil {
		l.box.Add(l.empty)
	}
	l.box.Refresh()
}

// say shows what is wrong or odd in each action.
func (l *actionList) say(issues []profile.Issue) {
	for i, c := range l.cards {
		c.say(issues, fmt.Sprintf("%s[%d]", l.prefix, i))
	}
}
