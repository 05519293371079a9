package editor

import (
	"crypto/rand"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// leastList is the height in which some rules are in sight. In a lower window the page is scrolled.
const leastList = 3 * rowHeight

// list shows the rules.
type list struct {
	page *Page

	rules []rule.Rule
	gifts []event.GiftInfo
	// shown are the indices of the rules that the search lets through.
	shown []int

	search     *look.Entry
	filters    *filters
	undo, redo *widget.Button
	some       *selection
	rows       *widget.List
	// made are the rows that the list shows rules in, and moving the one that is dragged.
	made   []*row
	moving *moving
	empty  *widget.Label
	start  *widget.Button
	object fyne.CanvasObject
}

func newList(p *Page) *list {
	l := &list{page: p, search: look.NewEntry(), empty: look.NewProse("")}
	l.search.SetPlaceHolder(lang.L("Search name, gift or command"))
	l.search.ActionItem = widget.NewIcon(theme.SearchIcon())
	l.search.OnChanged = func(string) { l.filter() }
	add := widget.NewButtonWithIcon(lang.L("Add rule"), theme.ContentAddIcon(), l.add)
	add.Importance = widget.HighImportance
	l.undo = plain(look.Icon("undo"), p.Undo)
	l.redo = plain(look.Icon("redo"), p.Redo)
	more := widget.NewButton(lang.L("Templates"), nil)
	more.OnTapped = func() { l.openTemplates(more) }
	l.start = widget.NewButton(lang.L("Begin with a template"), nil)
	l.start.OnTapped = func() { l.openTemplates(l.start) }
	l.filters, l.some = newFilters(l), newSelection(l)
	l.moving = newMoving(l)
	l.rows = widget.NewList(func() int { return len(l.shown) }, l.newRow, l.update)
	l.rows.OnSelected = func(id widget.ListItemID) {
		l.rows.UnselectAll()
		if r, ok := l.rule(id); ok {
			p.edit(r, false)
		}
	}
	l.empty.Alignment, l.empty.Importance = fyne.TextAlignCenter, widget.LowImportance
	check := widget.NewButtonWithIcon(lang.L("Check everything"), theme.ConfirmIcon(), nil)
	check.OnTapped = func() { p.checkAll(check) }
	title := look.Fold(920,
		container.New(look.Columns{Gap: 12, Cols: []look.Column{{}, {Weight: 1}}}, look.NewTitle(lang.L("Rules")), look.NewNote(lang.L("When this happens, do that"))),
		container.New(look.Columns{Gap: 12, Cols: []look.Column{{Weight: 1}, {}, {}, {}, {}, {}}}, look.Gap(0, 0), l.undo, l.redo, check, more, add))
	rows := look.NewPanel(look.ColorCard, look.Pad(6, 6, container.NewStack(l.rows, l.moving.layer, container.NewCenter(container.NewVBox(look.Wide(420, l.empty), container.NewCenter(l.start))))))
	rows.Edge, rows.Radius = look.ColorEdge, 10
	l.listenToArrows()
	l.object = container.NewBorder(container.NewVBox(title, l.filters.object, l.some.object), nil, nil, nil, container.NewStack(look.Gap(0, leastList), rows))
	return l
}

// load shows the profile's rules as they are now.
func (l *list) load() {
	prof := l.page.core.Profile()
	l.rules = prof.Rules
	l.page.past.check(sceneOf(prof))
	l.gifts = l.page.core.Gifts()
	l.filters.load()
	l.some.keep(l.rules)
	look.SetEnabled(l.undo, len(l.page.past.undo) > 0)
	look.SetEnabled(l.redo, len(l.page.past.redo) > 0)
	l.filter()
}

func (l *list) filter() {
	l.shown = l.shown[:0]
	for i, r := range l.rules {
		if matches(r, l.gifts, l.search.Text) && l.filters.pass(r) {
			l.shown = append(l.shown, i)
		}
	}
	switch {
	case len(l.rules) == 0:
		l.empty.SetText(lang.L("No rules yet. Add one: choose a gift, and what it sets off."))
	case len(l.shown) == 0:
		l.empty.SetText(lang.L("No rule has that in its name, gift or command."))
	}
	look.SetShown(l.empty, len(l.shown) == 0)
	look.SetShown(l.start, len(l.rules) == 0)
	l.rows.Refresh()
}

// rule returns the rule of a row.
func (l *list) rule(id int) (rule.Rule, bool) {
	if id < 0 || id >= len(l.shown) {
		return rule.Rule{}, false
	}
	return l.rules[l.shown[id]], true
}

func (l *list) newRow() fyne.CanvasObject {
	r := newRow(l)
	l.made = append(l.made, r)
	return r
}

func (l *list) update(id widget.ListItemID, o fyne.CanvasObject) {
	r, ok := l.rule(id)
	if row, isRow := o.(*row); isRow && ok {
		// While a search hides rules, moving one past its neighbours could not be seen.
		movable := len(l.shown) == len(l.rules)
		row.show(r, movable && id > 0, movable && id < len(l.shown)-1)
	}
}

func (l *list) add() {
	l.page.edit(rule.Rule{ID: newID(), Trigger: rule.Trigger{Kind: rule.OnGift}}, true)
}

func (l *list) duplicate(r rule.Rule) {
	c := r.Clone()
	c.ID = newID()
	c.Name = lang.L("{{.Rule}} (copy)", map[string]any{"Rule": r.Name})
	l.page.change(func(rules []rule.Rule) []rule.Rule {
		return slices.Insert(slices.Clone(rules), indexOf(rules, r.ID)+1, c)
	})
}

// move moves a rule by one place, up when by is -1, down when it is 1.
func (l *list) move(r rule.Rule, by int) { l.put(r, indexOf(l.rules, r.ID)+by) }

func (l *list) setOff(r rule.Rule, off bool) {
	l.page.change(func(rules []rule.Rule) []rule.Rule {
		rules = slices.Clone(rules)
		if i := indexOf(rules, r.ID); i >= 0 {
			rules[i].Off = off
		}
		return rules
	})
}

func (l *list) askDelete(r rule.Rule) {
	look.Ask(look.Question{
		Title: lang.L("Delete this rule?"),
		Text:  lang.L("{{.Rule}} will be gone. If you only want it quiet for a while, switch it off instead.", map[string]any{"Rule": words.Clean(r.Name, 60)}),
		Yes:   lang.X("delete something", "Delete"), No: lang.X("leave as it is", "Keep"), Danger: true,
		OnYes: func() {
			l.page.change(func(rules []rule.Rule) []rule.Rule {
				return slices.DeleteFunc(slices.Clone(rules), func(o rule.Rule) bool { return o.ID == r.ID })
			})
		},
	}, l.page.host.Window)
}

func indexOf(rules []rule.Rule, id string) int {
	return slices.IndexFunc(rules, func(r rule.Rule) bool { return r.ID == id })
}

// newID returns an id that no other rule has.
func newID() string { return "rule-" + strings.ToLower(rand.Text()[:10]) }
