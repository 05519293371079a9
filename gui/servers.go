package gui

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// serverList shows the profile's game servers.
type serverList struct {
	window *window
	rows   *fyne.Container
	// notes are the lines below the servers' names.
	notes  map[string]*widget.Label
	object fyne.CanvasObject
}

func newServerList(w *window) *serverList {
	l := &serverList{window: w, rows: container.NewVBox(), notes: map[string]*widget.Label{}}
	add := widget.NewButtonWithIcon(lang.L("Add server"), theme.ContentAddIcon(), func() { showServerForm(w, nil, l.refresh) })
	l.object = container.NewVBox(l.rows, container.NewHBox(add))
	return l
}

func (l *serverList) refresh() {
	l.rows.RemoveAll()
	clear(l.notes)
	servers := l.window.core.Profile().RCON
	for i, s := range servers {
		l.rows.Add(l.row(i, s))
	}
	if len(servers) == 0 {
		l.rows.Add(look.NewProse(lang.L("No server yet. Rules with Minecraft commands need one; sounds work without.")))
	}
	l.rows.Refresh()
	l.showKept()
}

// showKept says for each server whether its password is kept; all else stays, such as the answer to a test.
func (l *serverList) showKept() {
	for _, s := range l.window.core.Profile().RCON {
		note, ok := l.notes[s.Name]
		if !ok {
			continue
		}
		with := map[string]any{"Address": s.Address}
		switch isKept := l.window.secrets.has(passwordKey(s.Name)); {
		case !isKept:
			note.SetText(lang.L("{{.Address}} · no password kept", with))
		case l.window.core.SecretsPlace() == "":
			note.SetText(lang.L("{{.Address}} · password in the keyring", with))
		default:
			note.SetText(lang.L("{{.Address}} · password in the file for secrets", with))
		}
	}
}

func (l *serverList) row(i int, s profile.Server) fyne.CanvasObject {
	note := look.NewNote("")
	l.notes[s.Name] = note
	result := look.NewHint("")
	result.Hide()
	var test *widget.Button
	test = widget.NewButtonWithIcon(lang.L("Test connection"), look.Icon("test"), func() { testServer(l.window, s, "", test, result) })
	edit := widget.NewButtonWithIcon("", theme.DocumentCreateIcon(), func() { l.edit(i) })
	remove := widget.NewButtonWithIcon("", theme.DeleteIcon(), func() { l.askRemove(s) })
	edit.Importance, remove.Importance = widget.LowImportance, widget.LowImportance
	text := look.NewCompact(container.NewVBox(look.NewStrong(words.Clean(s.Name, 40)), note))
	icon := container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(24), widget.NewIcon(look.Tint(theme.StorageIcon(), theme.ColorNamePlaceHolder))))
	row := container.NewBorder(nil, nil, icon, container.NewCenter(container.NewHBox(test, edit, remove)), text)
	return container.NewVBox(row, result, widget.NewSeparator())
}

// edit opens the form with the i-th server.
func (l *serverList) edit(i int) {
	if servers := l.window.core.Profile().RCON; i < len(servers) {
		showServerForm(l.window, &servers[i], l.refresh)
	}
}

func (l *serverList) askRemove(s profile.Server) {
	look.Ask(look.Question{
		Title: lang.L("Delete this server?"),
		Text:  lang.L("Rules that send commands to {{.Name}} will fail until you choose another server in them.", map[string]any{"Name": words.Clean(s.Name, 40)}),
		Yes:   lang.X("delete something", "Delete"), No: lang.X("leave as it is", "Keep"), Danger: true,
		OnYes: func() { l.remove(s) },
	}, l.window.win)
}

func (l *serverList) remove(s profile.Server) {
	p := l.window.core.Profile()
	p.RCON = slices.DeleteFunc(slices.Clone(p.RCON), func(o profile.Server) bool { return o.Name == s.Name })
	if err := l.window.core.SetProfile(p); err != nil {
		l.window.notice.warn(words.Error(err))
		return
	}
	l.window.forgetPassword(s.Name)
	l.refresh()
}

// forgetPassword forgets the password of a server that is no more.
func (w *window) forgetPassword(server string) {
	w.secrets.set(passwordKey(server), "", func(err error) {
		if err != nil {
			w.notice.warn(words.Error(err))
		}
	})
}

// testServer logs in to a server and says below the button how it went. The button rests meanwhile.
func testServer(w *window, s profile.Server, password string, button *widget.Button, result *widget.Label) {
	button.Disable()
	look.SetText(result, lang.L("Trying {{.Address}} …", map[string]any{"Address": s.Address}), widget.LowImportance)
	result.Show()
	w.tasks.run(func(ctx context.Context) error { return w.core.TestServer(ctx, s, password) }, func(err error) {
		button.Enable()
		if err != nil {
			look.SetText(result, words.Error(err), widget.DangerImportance)
			return
		}
		look.SetText(result, lang.L("It works: the server accepted the password and answers."), widget.SuccessImportance)
	})
}
