package editor

import (
	"reflect"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// foldBelow is the width in which what a rule does no longer fits beside when it fires.
const foldBelow = 860

// form edits one rule: at the left when it fires, at the right what it does. Each change is checked at once.
type form struct {
	page  *Page
	isNew bool
	// before is the rule as it was, rule as it is in the form.
	before, rule rule.Rule
	profile      profile.Profile
	// learn takes the next gift that a viewer sends, or is nil.
	learn func(event.GiftInfo)

	name    *look.Entry
	when    *whenForm
	then    *thenForm
	problem *widget.Label
	save    *widget.Button
	test    *widget.Button
	try     *widget.Button
	object  fyne.CanvasObject
}

func newForm(p *Page, r rule.Rule, isNew bool) *form {
	f := &form{page: p, isNew: isNew, before: r.Clone(), rule: r.Clone(), profile: p.core.Profile(), problem: look.NewProse("")}
	f.name = look.NewEntry()
	f.name.SetText(r.Name)
	f.name.OnChanged = func(text string) { f.rule.Name = text; f.changed() }
	f.when = newWhenForm(f)
	f.then = newThenForm(f)
	f.save = widget.NewButtonWithIcon(lang.L("Save"), theme.DocumentSaveIcon(), f.store)
	f.save.Importance = widget.HighImportance
	f.test = widget.NewButtonWithIcon(lang.L("Test"), look.Icon("test"), func() { f.page.test(f.filled()) })
	f.try = widget.NewButtonWithIcon(lang.L("Try with …"), theme.SettingsIcon(), func() { openTrial(f.page, f.filled()) })
	f.build()
	f.validate()
	return f
}

func (f *form) build() {
	back := widget.NewButtonWithIcon(lang.L("All rules"), theme.NavigateBackIcon(), func() { f.page.Leave(func() {}) })
	title := lang.L("Edit rule")
	if f.isNew {
		title = lang.L("New rule")
	}
	head := container.New(look.Columns{Gap: 10, Cols: []look.Column{{}, {}, {Weight: 1}}}, back, look.NewTitle(title), layout.NewSpacer())

	name := container.NewBorder(nil, nil, widget.NewLabel(lang.X("name of a rule", "Name")), nil, f.name)
	when := look.NewCard(container.NewVBox(look.NewHeading(lang.L("When")), look.Inset(container.NewVBox(name, f.when.object))))
	f.then.panes = look.NewPanes(foldBelow, when, f.then.head, f.then.object)

	cancel := widget.NewButton(lang.X("leave a dialog", "Cancel"), func() { f.page.Leave(func() {}) })
	bottom := container.New(look.Columns{Gap: 6, Cols: []look.Column{{Weight: 1}, {}, {}, {}, {}}}, f.problem, cancel, f.try, f.test, f.save)
	f.object = container.NewBorder(container.NewVBox(head, look.Gap(0, 2)), container.NewVBox(look.Gap(0, 2), bottom), nil, nil, f.then.panes.Object)
}

// filled returns the rule of the form. One without a name is called by its trigger.
func (f *form) filled() rule.Rule {
	r := f.rule.Clone()
	if r.Name = strings.TrimSpace(r.Name); r.Name == "" {
		r.Name = trigger(r.Trigger, f.page.list.gifts)
	}
	return r
}

// isChanged reports whether there is something to lose.
func (f *form) isChanged() bool { return !reflect.DeepEqual(f.before, f.rule) }

// changed is called after each change of f.rule.
func (f *form) changed() {
	f.when.touched = true
	f.validate()
}

// validate says what is wrong beside each field, and lets the rule be saved when nothing is.
func (f *form) validate() {
	r := f.filled()
	f.name.SetPlaceHolder(r.Name)
	issues := f.profile.CheckRule(r)
	f.when.say(issues)
	f.then.say(issues)
	reason := ""
	for _, i := range issues {
		if i.Severity == profile.SeverityError {
			reason = words.Issue(i)
			break
		}
	}
	look.SetText(f.problem, reason, widget.DangerImportance)
	look.SetEnabled(f.save, reason == "")
	look.SetEnabled(f.test, reason == "")
	look.SetEnabled(f.try, reason == "")
}

func (f *form) store() {
	r := f.filled()
	ok := f.page.change(func(rules []rule.Rule) []rule.Rule {
		rules = append([]rule.Rule{}, rules...)
		if i := indexOf(rules, r.ID); i >= 0 {
			r.Off = rules[i].Off
			rules[i] = r
			return rules
		}
		return append(rules, r)
	})
	if !ok {
		return
	}
	f.page.showList()
	f.page.host.Say(lang.L("{{.Rule}} is saved and in force.", map[string]any{"Rule": words.Clean(r.Name, 60)}))
}

// errorIn returns the words of the first error whose field begins with prefix.
func errorIn(issues []profile.Issue, prefix string) string {
	for _, i := range issues {
		if i.Severity == profile.SeverityError && strings.HasPrefix(i.Field, prefix) {
			return words.Issue(i)
		}
	}
	return ""
}
