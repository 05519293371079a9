package editor

import (
	"fmt"
	"slices"
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

// poolField edits what a pool can pick: each choice with its weight and its own list of actions.
type poolField struct {
	form  *form
	pool  *action.Pool
	depth int

	lists   []*actionList
	box     *fyne.Container
	problem *widget.Label
	object  fyne.CanvasObject
}

func newPoolField(l *actionList, p *action.Pool) *poolField {
	f := &poolField{form: l.form, pool: p, depth: l.depth + 1, box: container.NewVBox(), problem: look.NewHint("")}
	f.problem.Hide()
	if f.depth > maxPoolDepth {
		f.object = look.NewHint(lang.L("A choice inside a choice, from the file. It is kept and works: {{.Actions}}",
			map[string]any{"Actions": words.Action(action.Spec{Pool: p})}))
		return f
	}
	order := pickOf([]action.PoolOrder{action.PoolRandom, action.PoolCycle}, action.PoolRandom, p.Order, words.PoolOrder, func(o action.PoolOrder) {
		p.Order = o
		f.show()
		l.form.changed()
	})
	add := widget.NewButtonWithIcon(lang.L("Add choice"), theme.ContentAddIcon(), f.add)
	f.object = container.NewVBox(order.Select, f.box, container.NewHBox(add), f.problem)
	f.show()
	return f
}

func (f *poolField) add() {
	f.pool.Choices = append(f.pool.Choices, action.Choice{})
	f.show()
	f.form.changed()
}

func (f *poolField) remove(i int) {
	f.pool.Choices = slices.Delete(f.pool.Choices, i, i+1)
	f.show()
	f.form.changed()
}

// show builds the choices anew.
func (f *poolField) show() {
	f.box.RemoveAll()
	f.lists = nil
	for i := range f.pool.Choices {
		f.box.Add(f.choice(i))
	}
	f.box.Refresh()
}

func (f *poolField) choice(i int) fyne.CanvasObject {
	choice := &f.pool.Choices[i]
	list := newActionList(f.form, &choice.Actions, "", f.depth, look.NewHint(lang.L("Nothing happens with this choice.")))
	f.lists = append(f.lists, list)
	remove := plain(theme.DeleteIcon(), func() { f.remove(i) })
	title := look.NewStrong(lang.L("Choice {{.N}}", map[string]any{"N": i + 1}))
	head := container.New(look.Columns{Gap: 4, Cols: []look.Column{{Weight: 1}, {}, {}}}, title, f.weight(choice), remove)
	panel := look.NewPanel(look.ColorQuiet, look.Pad(6, 8, container.NewVBox(head, list.box, container.NewHBox(addButton(list)))))
	panel.Radius = 8
	return panel
}

// weight asks how often a choice is picked beside the others. Where they take turns, it means nothing.
func (f *poolField) weight(choice *action.Choice) fyne.CanvasObject {
	if f.pool.Order == action.PoolCycle {
		return look.Gap(0, 0)
	}
	e := look.NewEntry()
	e.SetText(strconv.Itoa(max(choice.Weight, 1)))
	e.OnChanged = func(text string) {
		n := parseNumber(text)
		switch n {
		case 0:
			n = -1
		case 1:
			n = 0
		}
		choice.Weight = n
		f.form.changed()
	}
	return container.New(look.Columns{Gap: 2, Cols: []look.Column{{}, {Width: 56}}}, widget.NewLabel(lang.L("Weight")), e)
}

// has reports whether a problem with the key, which begins with "pool", is shown in one of the choices.
func (f *poolField) has(key string) bool {
	return f.depth <= maxPoolDepth && strings.Contains(key, "].action[") || strings.HasSuffix(key, "].weight")
}

// say shows what is wrong with each choice. prefix is the key of the pool's action.
func (f *poolField) say(issues []profile.Issue, prefix string) {
	if f.depth > maxPoolDepth {
		return
	}
	text := ""
	for i, l := range f.lists {
		at := fmt.Sprintf("%s.pool.choice[%d].", prefix, i)
		l.prefix = at + "action"
		l.say(issues)
		if text == "" {
			text = errorAt(issues, at+"weight")
		}
	}
	look.SetText(f.problem, text, widget.DangerImportance)
	look.SetShown(f.problem, text != "")
}
