package editor

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// filters let through the rules of one kind of trigger, of one group, or those that are off. The groups of the profile have
// their switches beside them.
type filters struct {
	list *list

	kind   *look.Pick[rule.TriggerKind]
	off    *look.Chip
	chosen struct {
		kind  rule.TriggerKind
		group string
	}
	groups *fyne.Container
	scroll *container.Scroll
	object fyne.CanvasObject
}

func newFilters(l *list) *filters {
	f := &filters{list: l, groups: container.NewHBox()}
	kindName := func(k rule.TriggerKind) string {
		if k == "" {
			return lang.L("All triggers")
		}
		return words.TriggerKind(k)
	}
	f.kind = look.NewPick(append([]rule.TriggerKind{""}, rule.TriggerKinds()...), kindName, func(k rule.TriggerKind) {
		f.chosen.kind = k
		l.filter()
	})
	f.kind.Set("")
	f.off = look.NewChip(lang.L("Switched off"), "filter", false, func(bool) { l.filter() })
	row := container.New(look.Columns{Gap: 8, Cols: []look.Column{{Weight: 5}, {Weight: 2}, {}}}, l.search, f.kind.Select, f.off)
	f.scroll = container.NewHScroll(f.groups)
	f.object = container.NewVBox(row, f.scroll)
	return f
}

// load shows the groups as they are now.
func (f *filters) load() {
	p := f.list.page.core.Profile()
	f.groups.RemoveAll()
	names := groupNames(p.Rules)
	if !slices.Contains(names, f.chosen.group) {
		f.chosen.group = ""
	}
	for _, name := range names {
		isOff := slices.Contains(p.OffGroups(), name)
		toggle := look.NewToggle(!isOff, func(on bool) { f.list.setGroup(name, !on) })
		chip := look.NewChip(words.Clean(name, 30), "group", f.chosen.group == name, func(on bool) {
			f.chosen.group = ""
			if on {
				f.chosen.group = name
			}
			f.load()
			f.list.filter()
		})
		f.groups.Add(container.NewHBox(chip, container.NewCenter(toggle), look.Gap(6, 0)))
	}
	look.SetShown(f.scroll, len(names) > 0)
	f.groups.Refresh()
}

func (f *filters) pass(r rule.Rule) bool {
	return (f.chosen.kind == "" || r.Trigger.Kind == f.chosen.kind) && (f.chosen.group == "" || r.Group == f.chosen.group) &&
		(!f.off.On() || r.Off)
}

// setGroup switches a group of rules.
func (l *list) setGroup(name string, off bool) {
	ok := l.page.alter(func(p *profile.Profile) {
		i := slices.IndexFunc(p.Groups, func(g profile.Group) bool { return g.Name == name })
		if i < 0 {
			p.Groups = append(p.Groups, profile.Group{Name: name})
			i = len(p.Groups) - 1
		}
		p.Groups[i].Off = off
	})
	if !ok {
		l.load() // the switch goes back
	}
}

// selection is the rules that are ticked, and what can be done with all of them.
type selection struct {
	list   *list
	ids    map[string]bool
	count  *widget.Label
	object *fyne.Container
}

func newSelection(l *list) *selection {
	s := &selection{list: l, ids: map[string]bool{}, count: widget.NewLabel("")}
	on := widget.NewButton(lang.L("Switch on"), func() { s.each(func(r *rule.Rule) { r.Off = false }) })
	off := widget.NewButton(lang.L("Switch off"), func() { s.each(func(r *rule.Rule) { r.Off = true }) })
	double := widget.NewButton(lang.L("Duplicate"), s.duplicate)
	group := widget.NewButton(lang.L("To a group …"), nil)
	group.OnTapped = func() { s.chooseGroup(group) }
	remove := widget.NewButton(lang.X("delete something", "Delete"), s.askDelete)
	remove.Importance = widget.DangerImportance
	none := widget.NewButton(lang.L("None"), func() { s.ids = map[string]bool{}; l.load() })
	s.object = container.NewHBox(s.count, on, off, double, group, remove, none)
	s.object.Hide()
	return s
}

func (s *selection) set(id string, on bool) {
	if on {
		s.ids[id] = true
	} else {
		delete(s.ids, id)
	}
	s.show()
}

// keep forgets the ticks of rules that are gone.
func (s *selection) keep(rules []rule.Rule) {
	for id := range s.ids {
		if indexOf(rules, id) < 0 {
			delete(s.ids, id)
		}
	}
	s.show()
}

func (s *selection) show() {
	s.count.SetText(lang.N("{{.N}} chosen", len(s.ids), map[string]any{"N": len(s.ids)}))
	look.SetShown(s.object, len(s.ids) > 0)
}

// each changes all rules that are ticked, in one step.
func (s *selection) each(change func(r *rule.Rule)) {
	s.list.page.change(func(rules []rule.Rule) []rule.Rule {
		rules = slices.Clone(rules)
		for i := range rules {
			if s.ids[rules[i].ID] {
				change(&rules[i])
			}
		}
		return rules
	})
}

func (s *selection) duplicate() {
	s.list.page.change(func(rules []rule.Rule) []rule.Rule {
		var all []rule.Rule
		for _, r := range rules {
			all = append(all, r)
			if s.ids[r.ID] {
				c := r.Clone()
				c.ID, c.Name = newID(), lang.L("{{.Rule}} (copy)", map[string]any{"Rule": r.Name})
				all = append(all, c)
			}
		}
		return all
	})
}

func (s *selection) chooseGroup(at fyne.CanvasObject) {
	items := []*fyne.MenuItem{fyne.NewMenuItem(lang.L("No group"), func() { s.each(func(r *rule.Rule) { r.Group = "" }) })}
	for _, name := range groupNames(s.list.rules) {
		items = append(items, fyne.NewMenuItem(words.Clean(name, 40), func() { s.each(func(r *rule.Rule) { r.Group = name }) }))
	}
	s.list.page.menu(at, items...)
}

func (s *selection) askDelete() {
	look.Ask(look.Question{
		Title: lang.L("Delete these rules?"),
		Text:  lang.N("{{.N}} rules will be gone. Undo brings them back.", len(s.ids), map[string]any{"N": len(s.ids)}),
		Yes:   lang.X("delete something", "Delete"), No: lang.X("leave as it is", "Keep"), Danger: true,
		OnYes: func() {
			s.list.page.change(func(rules []rule.Rule) []rule.Rule {
				return slices.DeleteFunc(slices.Clone(rules), func(r rule.Rule) bool { return s.ids[r.ID] })
			})
		},
	}, s.list.page.host.Window)
}
