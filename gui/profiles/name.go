package profiles

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/profile/library"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// naming is a dialog that asks for the name of a profile.
type naming struct {
	title, name string
	// more stands below the name.
	more []fyne.CanvasObject
	// yes are the buttons that go on, the last the most likely one.
	yes []step
}

// step is a way on: do is done off the UI thread, and done on it when that went well.
type step struct {
	text string
	do   func(name string) error
	done func()
}

// ask shows the dialog. What is wrong with the name is said below it, and the dialog stays.
func (p *Page) ask(n naming) {
	entry, problem := look.NewEntry(), look.NewHint("")
	entry.SetText(n.name)
	problem.Importance = widget.DangerImportance
	problem.Hide()
	var hide func()
	goOn := func(s step) func() {
		return func() {
			name := entry.Text
			p.work(func(context.Context) error { return s.do(name) }, func(err error) {
				if err != nil {
					problem.SetText(words.Error(err))
					problem.Show()
					return
				}
				hide()
				s.done()
			})
		}
	}
	buttons := container.NewHBox(layout.NewSpacer(), widget.NewButton(lang.L("Cancel"), func() { hide() }))
	for i, s := range n.yes {
		b := widget.NewButton(s.text, goOn(s))
		if i == len(n.yes)-1 {
			b.Importance = widget.HighImportance
			entry.OnSubmitted = func(string) { b.OnTapped() }
		}
		buttons.Add(b)
	}
	entry.SetPlaceHolder(lang.L("Name of the profile"))
	entry.OnChanged = func(string) { problem.Hide() }
	fields := container.NewVBox(append([]fyne.CanvasObject{entry, problem}, n.more...)...)
	size := fyne.NewSize(520, 210+48*float32(len(n.more)))
	d := look.ShowDialog(n.title, container.NewBorder(nil, look.Pad(6, 0, buttons), nil, nil, fields), size, p.host.Window)
	hide = d.Hide
	p.host.Window.Canvas().Focus(entry)
}

// askNew makes a profile: without rules, or with those of a template.
func (p *Page) askNew() {
	var rules []Template
	if p.Templates != nil {
		rules = p.Templates()
	}
	all := append([]Template{{Name: lang.L("No rules yet")}}, rules...)
	names := make([]string, len(all))
	for i, t := range all {
		names[i] = t.Name
	}
	begin := widget.NewSelect(names, nil)
	begin.SetSelectedIndex(0)
	keep := widget.NewCheck(lang.L("With the TikTok name, game servers and settings of now"), nil)
	keep.SetChecked(true)
	var made library.Entry
	create := func(name string) (err error) {
		made, err = p.core.CreateProfile(name, p.beginning(keep.Checked, all[max(begin.SelectedIndex(), 0)]))
		return err
	}
	p.ask(naming{
		title: lang.L("New profile"),
		more: []fyne.CanvasObject{
			container.NewBorder(nil, nil, widget.NewLabel(lang.L("Begin with")), nil, begin), keep,
		},
		yes: []step{
			{lang.L("Create"), create, func() { p.made(made) }},
			{lang.L("Create and switch to it"), create, func() { p.Load(); p.use(made) }},
		},
	})
}

// beginning is a new profile with the rules of a template. With keep it has all else of the one in force.
func (p *Page) beginning(keep bool, t Template) profile.Profile {
	b := profile.Profile{Version: profile.Version, RCON: profile.Default().RCON}
	if keep {
		b = p.core.Profile()
		b.Groups = nil // of rules that are not there
	}
	b.Rules = t.Rules
	return b
}

// made says that there is a new profile.
func (p *Page) made(e library.Entry) {
	p.Load()
	p.host.Say(lang.L("“{{.Name}}” is there. Press “Switch to it” to use it.", map[string]any{"Name": nameOf(e)}))
}

func (p *Page) askDuplicate(e library.Entry) {
	var made library.Entry
	p.ask(naming{
		title: lang.L("Duplicate “{{.Name}}”", map[string]any{"Name": nameOf(e)}),
		name:  lang.L("{{.Name}} (copy)", map[string]any{"Name": e.Name}),
		yes: []step{{lang.L("Duplicate"), func(name string) (err error) {
			made, err = p.core.DuplicateProfile(e.ID, name)
			return err
		}, func() { p.made(made) }}},
	})
}

func (p *Page) askRename(e library.Entry) {
	p.ask(naming{
		title: lang.L("Rename “{{.Name}}”", map[string]any{"Name": nameOf(e)}), name: e.Name,
		yes: []step{{lang.L("Rename"), func(name string) error { return p.core.RenameProfile(e.ID, name) }, p.changed}},
	})
}

func (p *Page) askDelete(e library.Entry) {
	look.Ask(look.Question{
		Title: lang.L("Delete “{{.Name}}”?", map[string]any{"Name": nameOf(e)}),
		Text:  lang.L("Its rules and settings go. You can bring it back: it stays at the foot of this page."),
		Yes:   lang.L("Delete"), No: lang.X("leave as it is", "Keep"), Danger: true,
		OnYes: func() {
			p.work(func(context.Context) error { return p.core.DeleteProfile(e.ID) }, func(err error) {
				if err != nil {
					p.host.Warn(words.Error(err))
				}
				p.Load()
			})
		},
	}, p.host.Window)
}
