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
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// conditionList edits the conditions of a rule, or those of a group among them.
type conditionList struct {
	form *form
	all  *[]rule.Condition
	// depth is how many groups it stands in. The editor builds one level; deeper ones from a file are shown and kept.
	depth int

	cards []*conditionCard
	box   *fyne.Container
}

// conditionCard edits one condition.
type conditionCard struct {
	inner   *conditionList // of a group
	problem *widget.Label
	object  fyne.CanvasObject
}

func newConditionList(f *form, all *[]rule.Condition, depth int) *conditionList {
	l := &conditionList{form: f, all: all, depth: depth, box: container.NewVBox()}
	l.show()
	return l
}

// show builds the cards anew.
func (l *conditionList) show() {
	l.box.RemoveAll()
	l.cards = nil
	for i := range *l.all {
		c := l.card(i)
		l.cards = append(l.cards, c)
		l.box.Add(c.object)
	}
	add := widget.NewButtonWithIcon(lang.L("Add condition"), theme.ContentAddIcon(), nil)
	add.Importance = widget.LowImportance
	add.OnTapped = func() { l.choose(add) }
	l.box.Add(container.NewHBox(add))
	l.box.Refresh()
}

// choose opens a menu of the kinds.
func (l *conditionList) choose(at fyne.CanvasObject) {
	var items []*fyne.MenuItem
	for _, k := range rule.ConditionKinds() {
		if l.depth > 0 && (k == rule.IfAllOf || k == rule.IfAnyOf) {
			continue
		}
		items = append(items, fyne.NewMenuItem(words.ConditionKind(k), func() { l.add(k) }))
	}
	l.form.page.menu(at, items...)
}

func (l *conditionList) add(k rule.ConditionKind) {
	c := rule.Condition{Kind: k}
	switch k {
	case rule.IfRole:
		c.Role = rule.RoleFollower
	case rule.IfChance:
		c.Percent = 50
	case rule.IfPerMinute:
		c.Max = 5
	case rule.IfTime:
		c.From, c.To = "18:00", "22:00"
	}
	*l.all = append(*l.all, c)
	l.rebuilt()
}

func (l *conditionList) remove(i int) {
	*l.all = slices.Delete(*l.all, i, i+1)
	l.rebuilt()
}

func (l *conditionList) rebuilt() {
	l.show()
	l.form.changed()
}

func (l *conditionList) card(i int) *conditionCard {
	c := &conditionCard{problem: look.NewHint("")}
	c.problem.Hide()
	one := &(*l.all)[i]
	not := widget.NewCheck(lang.L("not"), func(on bool) { one.Not = on; l.form.changed() })
	not.Checked = one.Not
	remove := plain(theme.DeleteIcon(), func() { l.remove(i) })
	head := container.New(look.Columns{Gap: 2, Cols: []look.Column{{Weight: 1}, {}, {}}}, look.NewStrong(words.ConditionKind(one.Kind)), not, remove)
	panel := look.NewPanel(look.ColorQuiet, look.Pad(2, 6, container.NewVBox(head, l.inputs(c, one), c.problem)))
	panel.Radius = 8
	c.object = panel
	return c
}

// inputs asks for what a kind of condition needs.
func (l *conditionList) inputs(c *conditionCard, one *rule.Condition) fyne.CanvasObject {
	f := l.form
	switch one.Kind {
	case rule.IfRole:
		return l.role(one)
	case rule.IfViewer:
		return f.line(strings.Join(one.Viewers, ", "), "@pixel_pia, @testy_tom", func(s string) { one.Viewers = splitNames(s) })
	case rule.IfCoins, rule.IfTotalCoins, rule.IfGifts:
		low := number(one.Min, func(n int) { one.Min = n; f.changed() })
		high := number(one.Max, func(n int) { one.Max = n; f.changed() })
		high.SetPlaceHolder(lang.L("no limit"))
		return container.New(look.Columns{Gap: 4, Cols: []look.Column{{}, {Weight: 1}, {}, {Weight: 1}}},
			widget.NewLabel(lang.X("lower bound", "from")), low, widget.NewLabel(lang.X("upper bound", "to")), high)
	case rule.IfComment:
		return f.line(one.Text, lang.L("creeper"), func(s string) { one.Text = strings.TrimSpace(s) })
	case rule.IfChance:
		e := look.NewEntry()
		e.SetText(strconv.FormatFloat(one.Percent, 'f', -1, 64))
		e.OnChanged = func(s string) { one.Percent = parsePercent(s); f.changed() }
		return sentence(lang.L("in"), e, lang.L("% of all cases"))
	case rule.IfOnce:
		return pickOf([]rule.Scope{rule.PerViewer, rule.PerStream}, rule.PerViewer, one.Per, onceFor, func(s rule.Scope) { one.Per = s; f.changed() }).Select
	case rule.IfPerMinute:
		return sentence(lang.L("at most"), number(one.Max, func(n int) { one.Max = n; f.changed() }), lang.L("times in any minute"))
	case rule.IfAllOf, rule.IfAnyOf:
		if l.depth > 0 {
			return look.NewHint(words.Condition(*one))
		}
		c.inner = newConditionList(f, &one.Conditions, l.depth+1)
		return c.inner.box
	default:
		return l.stateInputs(one)
	}
}

// stateInputs asks for the conditions that are about other parts of the program.
func (l *conditionList) stateInputs(one *rule.Condition) fyne.CanvasObject {
	f := l.form
	switch one.Kind {
	case rule.IfTime:
		return l.time(one)
	case rule.IfCounter:
		name := f.known(one.Counter, f.counterNames(), func(s string) { one.Counter = strings.TrimSpace(s) })
		name.SetPlaceHolder(lang.L("name"))
		is := pickOf([]rule.Comparison{rule.IsAbove, rule.IsBelow, rule.IsEqual}, rule.IsAbove, one.Is, words.Comparison, func(c rule.Comparison) { one.Is = c; f.changed() })
		value := look.NewEntry()
		value.SetText(strconv.FormatInt(one.Value, 10))
		value.OnChanged = func(s string) { one.Value = parseAmount(s); f.changed() }
		return container.New(look.Columns{Gap: 4, Cols: []look.Column{{Weight: 1}, {}, {Width: 64}}}, name, is.Select, value)
	case rule.IfLanePaused:
		lane := look.NewPick(l.lanes(), words.Lane, func(s string) { one.Lane = s; f.changed() })
		lane.Set(one.Lane)
		return lane.Select
	case rule.IfGroupOn:
		return f.known(one.Group, groupNames(f.profile.Rules), func(s string) { one.Group = strings.TrimSpace(s) })
	default:
		return look.NewHint(string(one.Kind))
	}
}

func onceFor(s rule.Scope) string {
	if s == rule.PerStream {
		return lang.L("for all viewers together")
	}
	return lang.L("for each viewer")
}

func (l *conditionList) role(one *rule.Condition) fyne.CanvasObject {
	role := look.NewPick(rule.Roles(), words.Role, func(r rule.Role) {
		one.Role = r
		l.rebuilt()
	})
	role.Set(one.Role)
	if one.Role != rule.RoleTeam {
		return role.Select
	}
	level := number(one.Level, func(n int) { one.Level = n; l.form.changed() })
	level.SetPlaceHolder("1")
	return container.New(look.Columns{Gap: 4, Cols: []look.Column{{Weight: 1}, {}, {Width: 56}}}, role.Select, widget.NewLabel(lang.L("from level")), level)
}

func (l *conditionList) time(one *rule.Condition) fyne.CanvasObject {
	f := l.form
	from := f.line(one.From, "18:00", func(s string) { one.From = strings.TrimSpace(s) })
	to := f.line(one.To, "22:00", func(s string) { one.To = strings.TrimSpace(s) })
	clock := container.New(look.Columns{Gap: 4, Cols: []look.Column{{}, {Weight: 1}, {}, {Weight: 1}}},
		widget.NewLabel(lang.X("begin of a time", "from")), from, widget.NewLabel(lang.X("end of a time", "to")), to)
	days := container.NewGridWithColumns(7)
	all := rule.Days()
	for _, d := range append(all[1:], all[0]) { // the week as a calendar shows it
		b := widget.NewButton(words.Day(d), nil)
		paint := func() {
			b.Importance = widget.LowImportance
			if slices.Contains(one.Days, d) {
				b.Importance = widget.HighImportance
			}
			b.Refresh()
		}
		b.OnTapped = func() {
			if i := slices.Index(one.Days, d); i >= 0 {
				one.Days = slices.Delete(one.Days, i, i+1)
			} else {
				one.Days = append(one.Days, d)
			}
			paint()
			f.changed()
		}
		paint()
		days.Add(b)
	}
	return container.NewVBox(clock, look.NewCompact(days))
}

// lanes are the targets that can be paused.
func (l *conditionList) lanes() []string {
	var all []string
	for _, s := range l.form.profile.RCON {
		all = append(all, "rcon:"+s.Name)
	}
	all = append(all, "sound", "overlay", "obs", "speech", "program", "http")
	return append(all, l.form.namesOf(func(s action.Spec) string {
		if s.HTTP == nil {
			return ""
		}
		return s.Lane()
	})...)
}

// say shows what is wrong with each condition.
func (l *conditionList) say(issues []profile.Issue, prefix string) {
	for i, c := range l.cards {
		at := fmt.Sprintf("%scondition[%d]", prefix, i)
		text := ""
		for _, issue := range issues {
			rest, isOurs := strings.CutPrefix(issue.Field, at)
			if isOurs && text == "" && (c.inner == nil || !strings.HasPrefix(rest, ".condition[")) {
				text = words.Issue(issue)
			}
		}
		look.SetText(c.problem, text, widget.DangerImportance)
		look.SetShown(c.problem, text != "")
		if c.inner != nil {
			c.inner.say(issues, at+".")
		}
	}
}

func splitNames(text string) []string {
	var names []string
	for name := range strings.SplitSeq(text, ",") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// parsePercent reads a number with a point or a comma; what is none is 0, which no check lets through.
func parsePercent(text string) float64 {
	n, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(text), ",", ".", 1), 64)
	if err != nil {
		return 0
	}
	return n
}

// conditionsItem asks what else must hold. Most rules ask for nothing else, so it is folded up until one does.
func (w *whenForm) conditionsItem() fyne.CanvasObject {
	r := &w.form.rule
	match := pickOf([]rule.Match{rule.MatchAll, rule.MatchAny}, rule.MatchAll, r.Match, matchName, func(m rule.Match) { r.Match = m; w.form.changed() })
	w.conditions = newConditionList(w.form, &r.Conditions, 0)
	item := widget.NewAccordionItem(lang.L("Only if"), container.NewVBox(match.Select, w.conditions.box))
	item.Open = len(r.Conditions) > 0
	return widget.NewAccordion(item)
}

func matchName(m rule.Match) string {
	if m == rule.MatchAny {
		return lang.L("one of these holds")
	}
	return lang.L("all of these hold")
}
