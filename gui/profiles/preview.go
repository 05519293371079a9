package profiles

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/profile/library"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// origin is a file that can become a profile, or part of one. Its methods but option use the disk.
type origin interface {
	// option is a choice that only this kind of file has.
	option() string
	// plan tells what take would do, and changes nothing.
	plan(c choices) (planned, error)
	// take does it, and returns the new profile, if there is one.
	take(c choices) (library.Entry, error)
}

// choices are the user's, about an import.
type choices struct {
	// isAdded adds the rules to the profile in force; otherwise a new one of that name is made.
	isAdded bool
	name    string
	option  bool
}

// planned is what an import would bring.
type planned struct {
	summary string
	// name is what a new profile is called when the user says nothing.
	name string
	// rules is how many come in.
	rules int
	tabs  []tab
}

// tab is a part of what a preview tells.
type tab struct {
	name  string
	lines []line
}

// preview shows what an import would bring, and lets the user choose how.
type preview struct {
	page   *Page
	origin origin

	mode             *widget.RadioGroup
	name             *look.Entry
	option           *widget.Check
	summary, problem *widget.Label
	tabs             *container.AppTabs
	reports          []*report
	apply            *widget.Button
	hide             func()
	asked            int // how often it was planned
}

func (p *Page) preview(o origin) {
	v := &preview{page: p, origin: o, name: look.NewEntry(), summary: look.NewProse(""), problem: look.NewHint(""), tabs: container.NewAppTabs()}
	v.problem.Importance = widget.DangerImportance
	v.problem.Hide()
	asNew, asPart := lang.L("As a new profile"), lang.L("Add the rules to “{{.Name}}”, which is in force", map[string]any{"Name": p.currentName()})
	v.mode = widget.NewRadioGroup([]string{asNew, asPart}, nil)
	v.mode.Horizontal, v.mode.Required = true, true
	v.mode.SetSelected(asNew)
	v.mode.OnChanged = func(string) { v.plan() }
	v.name.SetPlaceHolder(lang.L("Name of the profile"))
	v.name.OnChanged = func(string) { v.plan() }
	v.option = widget.NewCheck(o.option(), func(bool) { v.plan() })
	v.apply = widget.NewButton(lang.L("Import"), v.take)
	v.apply.Importance = widget.HighImportance
	v.apply.Disable()
	buttons := container.NewHBox(layout.NewSpacer(), widget.NewButton(lang.L("Cancel"), func() { v.hide() }), v.apply)
	head := container.NewVBox(v.summary, v.mode, v.name, v.option, v.problem)
	d := look.ShowDialog(lang.L("What the import brings"), container.NewBorder(head, look.Pad(6, 0, buttons), nil, nil, v.tabs), fyne.NewSize(980, 660), p.host.Window)
	v.hide = d.Hide
	v.plan()
}

// currentName is that of the profile in force, fit to be shown.
func (p *Page) currentName() string {
	for _, e := range p.entries {
		if p.isCurrent(e) {
			return nameOf(e)
		}
	}
	return words.Clean(p.core.Profile().Name, shownName)
}

func (v *preview) choices() choices {
	return choices{isAdded: v.mode.Selected == v.mode.Options[1], name: v.name.Text, option: v.option.Checked}
}

// plan asks what the choices come to. Of two answers the later question's counts.
func (v *preview) plan() {
	c := v.choices()
	look.SetShown(v.name, !c.isAdded)
	v.asked++
	mine := v.asked
	var got planned
	v.page.host.Run(func(context.Context) (err error) {
		got, err = v.origin.plan(c)
		return err
	}, func(err error) {
		if mine == v.asked {
			v.show(got, err)
		}
	})
}

func (v *preview) show(got planned, err error) {
	look.SetText(v.problem, words.Error(err), widget.DangerImportance)
	look.SetShown(v.problem, err != nil)
	look.SetEnabled(v.apply, err == nil && got.rules > 0)
	if err != nil {
		return
	}
	v.summary.SetText(got.summary)
	v.name.SetPlaceHolder(words.Clean(got.name, shownName))
	for i, t := range got.tabs {
		title := fmt.Sprintf("%s (%s)", t.name, words.Number(len(t.lines)))
		if i == len(v.reports) {
			r := newReport(t.lines)
			v.reports = append(v.reports, r)
			v.tabs.Append(container.NewTabItem(title, r.list))
			continue
		}
		v.tabs.Items[i].Text = title
		v.reports[i].set(t.lines)
	}
	if v.asked == 1 {
		v.selectFirst(got.tabs)
	}
	v.tabs.Refresh()
}

// selectFirst shows the first part that has something in it.
func (v *preview) selectFirst(tabs []tab) {
	for i, t := range tabs {
		if len(t.lines) > 0 {
			v.tabs.SelectIndex(i)
			return
		}
	}
}

func (v *preview) take() {
	c := v.choices()
	var made library.Entry
	v.page.work(func(context.Context) (err error) {
		made, err = v.origin.take(c)
		return err
	}, func(err error) {
		if err != nil {
			look.SetText(v.problem, words.Error(err), widget.DangerImportance)
			look.SetShown(v.problem, true)
			return
		}
		v.hide()
		if c.isAdded {
			v.page.changed()
			v.page.host.Say(lang.L("The rules are added to “{{.Name}}”. To take that back, go to its earlier states.", map[string]any{"Name": v.page.currentName()}))
			return
		}
		v.page.made(made)
	})
}
