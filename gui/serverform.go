package gui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// serverForm edits one game server, or makes a new one.
type serverForm struct {
	window *window
	// old is the server as it was, or nil for a new one.
	old   *profile.Server
	saved func()

	name, address, password *look.Entry
	perMinute, perViewer    *limitField
	problem, result         *widget.Label
	save, test              *widget.Button
	// touched says that the user has typed: before that, what is missing is no mistake.
	touched bool
	dialog  *dialog.CustomDialog
}

// showServerForm opens the form; saved is called when the profile has changed.
func showServerForm(w *window, old *profile.Server, saved func()) *serverForm {
	f := &serverForm{
		window: w, old: old, saved: saved, name: look.NewEntry(), address: look.NewEntry(), password: look.NewPassword(),
		problem: look.NewHint(""), result: look.NewHint(""),
	}
	f.name.SetPlaceHolder(lang.L("for example minecraft"))
	f.address.SetPlaceHolder("127.0.0.1:" + rconPort)
	changed := func(string) { f.touched = true; f.validate() }
	was := profile.Server{}
	if old != nil {
		was = *old
	}
	f.perMinute = newLimitField(was.PerMinute, lang.L("commands a minute; the rest waits"), changed)
	f.perViewer = newLimitField(was.PerViewer, lang.L("actions a minute; others go on"), changed)
	f.fill()
	f.name.OnChanged, f.address.OnChanged, f.password.OnChanged = changed, changed, changed
	f.save = widget.NewButton(lang.L("Save"), f.store)
	f.save.Importance = widget.HighImportance
	f.test = widget.NewButtonWithIcon(lang.L("Test connection"), look.Icon("test"), func() {
		testServer(w, f.filled(), f.password.Text, f.test, f.result)
	})
	f.show()
	f.validate()
	return f
}

func (f *serverForm) fill() {
	if f.old == nil {
		if len(f.window.core.Profile().RCON) == 0 {
			f.name.SetText("minecraft")
			f.address.SetText("127.0.0.1:" + rconPort)
		}
		return
	}
	f.name.SetText(f.old.Name)
	f.address.SetText(f.old.Address)
	if f.hasPassword() {
		f.password.SetPlaceHolder(lang.L("kept; type another to replace it"))
	}
}

func (f *serverForm) show() {
	form := container.New(layout.NewFormLayout(),
		widget.NewLabel(lang.X("name of a server", "Name")), f.name,
		widget.NewLabel(lang.L("Address")), f.address,
		widget.NewLabel(lang.L("RCON password")), f.password,
		widget.NewLabel(lang.L("At most")), f.perMinute.object,
		widget.NewLabel(lang.L("Of each viewer")), f.perViewer.object,
	)
	hint := look.NewHint(passwordPlace(f.window.core.SecretsPlace()))
	cancel := widget.NewButton(lang.X("leave a dialog", "Cancel"), func() { f.dialog.Hide() })
	buttons := container.NewHBox(f.test, layout.NewSpacer(), cancel, f.save)
	title := lang.L("Add server")
	if f.old != nil {
		title = lang.L("Edit server")
	}
	notes := container.NewVBox(hint, f.problem, f.result)
	f.dialog = look.ShowDialog(title, container.NewBorder(form, buttons, nil, nil, notes), fyne.NewSize(600, 450), f.window.win)
}

// passwordPlace says where passwords are kept: in a file, or without one in the keyring.
func passwordPlace(file string) string {
	if file == "" {
		return lang.L("The password goes into the system's keyring, never into a file of LiveCue.")
	}
	return lang.L("The password goes into the file {{.File}}. Do not share that file.", map[string]any{"File": file})
}

func (f *serverForm) hasPassword() bool {
	return f.old != nil && f.window.secrets.has(passwordKey(f.old.Name))
}

// filled returns the server as it is in the form.
func (f *serverForm) filled() profile.Server {
	s := profile.Server{}
	if f.old != nil {
		s = *f.old
	}
	s.Name, s.Address = trimmed(f.name.Text), serverAddress(f.address.Text, rconPort)
	s.PerMinute, _ = f.perMinute.limit()
	s.PerViewer, _ = f.perViewer.limit()
	return s
}

func (f *serverForm) validate() {
	s := f.filled()
	problem := ""
	switch {
	case s.Name == "":
		problem = lang.L("Give the server a name, so that rules can choose it.")
	case f.isTaken(s.Name):
		problem = lang.L("There is a server of that name already.")
	case s.Address == "":
		problem = lang.L("The address must be a name or number, a colon and the port, such as 127.0.0.1:25575.")
	case f.old != nil && s.Name != f.old.Name && f.hasPassword() && f.password.Text == "":
		problem = lang.L("The password is kept under the old name: type it once more.")
	case !f.hasLimits():
		problem = noLimit()
	}
	look.SetText(f.problem, problem, widget.DangerImportance)
	look.SetShown(f.problem, problem != "" && f.touched)
	look.SetEnabled(f.save, problem == "")
	look.SetEnabled(f.test, s.Address != "")
}

// hasLimits reports whether what was typed for the limits can be.
func (f *serverForm) hasLimits() bool {
	_, isLimit := f.perMinute.limit()
	_, isViewerLimit := f.perViewer.limit()
	return isLimit && isViewerLimit
}

func (f *serverForm) isTaken(name string) bool {
	return slices.ContainsFunc(f.window.core.Profile().RCON, func(s profile.Server) bool {
		return s.Name == name && (f.old == nil || s.Name != f.old.Name)
	})
}

// store keeps the password, if one was typed, and then the server.
func (f *serverForm) store() {
	if f.password.Text == "" {
		f.storeServer()
		return
	}
	f.save.Disable()
	f.window.secrets.set(passwordKey(f.filled().Name), f.password.Text, func(err error) {
		if err != nil {
			f.fail(err)
			return
		}
		f.storeServer()
	})
}

// storeServer puts the server into the profile. Rules that name it follow when its name changes.
func (f *serverForm) storeServer() {
	s := f.filled()
	p := f.window.core.Profile()
	if f.old == nil {
		p.RCON = append(p.RCON, s)
	} else {
		replaceServer(&p, f.old.Name, s)
	}
	if err := f.window.core.SetProfile(p); err != nil {
		f.fail(err)
		return
	}
	f.dialog.Hide()
	if f.old != nil && f.old.Name != s.Name {
		f.window.forgetPassword(f.old.Name)
	}
	f.saved()
}

func (f *serverForm) fail(err error) {
	f.validate()
	look.SetText(f.problem, words.Error(err), widget.DangerImportance)
	f.problem.Show()
}

// replaceServer puts s in the place of the server called old, in the rules too.
func replaceServer(p *profile.Profile, old string, s profile.Server) {
	for i := range p.RCON {
		if p.RCON[i].Name == old {
			p.RCON[i] = s
		}
	}
	for _, r := range p.Rules {
		for _, a := range r.Actions {
			if a.RCON != nil && a.RCON.Server == old {
				a.RCON.Server = s.Name
			}
		}
	}
}
