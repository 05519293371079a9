package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/source/tiktok"
	"github.com/livecue/livecue/gui/look"
)

// nameForm asks for the TikTok name and connects.
type nameForm struct {
	entry   *look.Entry
	problem *widget.Label
	connect *widget.Button
	object  fyne.CanvasObject
}

// newNameForm returns a form that hands a name that can be one to onConnect, as it was typed.
func newNameForm(onConnect func(name string)) *nameForm {
	f := &nameForm{entry: look.NewEntry(), problem: look.NewHint("")}
	f.entry.SetPlaceHolder(lang.L("@name, or the address of your live page"))
	f.problem.Importance = widget.DangerImportance
	f.problem.Hide()
	submit := func() {
		if f.check() {
			onConnect(f.entry.Text)
		}
	}
	f.connect = widget.NewButton(lang.L("Connect"), submit)
	f.connect.Importance = widget.HighImportance
	f.entry.OnSubmitted = func(string) { submit() }
	f.entry.OnChanged = func(text string) {
		if text == "" {
			f.problem.Hide()
			return
		}
		f.check()
	}
	f.object = container.NewVBox(container.NewBorder(nil, nil, nil, f.connect, f.entry), f.problem)
	return f
}

// check says what is wrong with the name, and reports whether nothing is.
func (f *nameForm) check() bool {
	_, err := tiktok.ParseHandle(f.entry.Text)
	if err == nil {
		f.problem.Hide()
		return true
	}
	text := lang.L("This cannot be a TikTok name. Type it as it stands after the @ on the profile, or paste the address of the live page.")
	if f.entry.Text == "" {
		text = lang.L("Type your TikTok name first, as it stands after the @ on your profile.")
	}
	f.problem.SetText(text)
	f.problem.Show()
	return false
}

// set shows the profile's name, unless the user is typing another.
func (f *nameForm) set(name string) {
	if f.entry.Text == "" {
		f.entry.SetText(name)
	}
}
