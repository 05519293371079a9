package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// tiktokForm holds what most streamers never need: how to reach TikTok.
type tiktokForm struct {
	window *window

	door               *widget.Select
	signer, key, proxy *look.Entry
	keyNote, problem   *widget.Label
	forget, save       *widget.Button
	object             fyne.CanvasObject
	loaded             profile.TikTok
}

// doors are in the order of the choice.
func doors() []profile.Door {
	return []profile.Door{profile.DoorAutomatic, profile.DoorDirect, profile.DoorEuler, profile.DoorTikFinity}
}

func newTikTokForm(w *window) *tiktokForm {
	f := &tiktokForm{window: w, signer: look.NewEntry(), key: look.NewPassword(), proxy: look.NewEntry(), keyNote: look.NewHint(""), problem: look.NewHint("")}
	var names []string
	for _, d := range doors() {
		names = append(names, words.Door(d))
	}
	changed := func(string) { f.validate() }
	f.door = widget.NewSelect(names, changed)
	f.signer.SetPlaceHolder(lang.L("empty: the public sign service"))
	f.proxy.SetPlaceHolder(lang.L("empty: none. For example http://127.0.0.1:8080"))
	f.signer.OnChanged, f.key.OnChanged, f.proxy.OnChanged = changed, changed, changed
	f.problem.Importance = widget.DangerImportance
	f.save = widget.NewButtonWithIcon(lang.L("Save"), theme.DocumentSaveIcon(), f.store)
	f.forget = widget.NewButton(lang.L("Forget the key"), f.forgetKey)

	form := container.New(layout.NewFormLayout(),
		widget.NewLabel(lang.L("Way to TikTok")), f.door,
		widget.NewLabel(lang.L("Sign service")), f.signer,
		widget.NewLabel(lang.L("API key")), container.NewBorder(nil, nil, nil, f.forget, f.key),
		layout.NewSpacer(), f.keyNote,
		widget.NewLabel(lang.L("Proxy")), f.proxy,
	)
	bottom := container.NewBorder(nil, nil, nil, f.save, f.problem)
	f.object = widget.NewAccordion(widget.NewAccordionItem(lang.X("advanced settings", "Advanced"), look.Inset(container.NewVBox(form, bottom))))
	return f
}

// load shows the profile's settings.
func (f *tiktokForm) load(t profile.TikTok) {
	f.loaded = t
	door := t.Door
	if door == "" {
		door = profile.DoorAutomatic
	}
	f.door.SetSelected(words.Door(door))
	f.signer.SetText(t.SignerURL)
	f.proxy.SetText(t.ProxyURL)
	f.key.SetText("")
	f.showKey()
	f.validate()
}

// showKey says whether a key is kept; the key itself is never shown.
func (f *tiktokForm) showKey() {
	kept := f.window.secrets.has(signerKey())
	look.SetShown(f.forget, kept)
	f.keyNote.SetText(keyNote(kept, f.window.core.SecretsPlace()))
}

// keyNote says where the key is kept, or would be: in a file, or without one in the keyring.
func keyNote(isKept bool, file string) string {
	with := map[string]any{"File": file}
	switch {
	case isKept && file == "":
		return lang.L("A key is kept in the system's keyring. Type another to replace it.")
	case isKept:
		return lang.L("A key is kept in the file {{.File}}. Type another to replace it.", with)
	case file == "":
		return lang.L("Only needed for Euler Stream or a sign service that asks for one. It is kept in the system's keyring.")
	default:
		return lang.L("Only needed for Euler Stream or a sign service that asks for one. It is kept in the file {{.File}}.", with)
	}
}

// filled returns the settings as they are in the form.
func (f *tiktokForm) filled() profile.TikTok {
	t := f.loaded
	t.SignerURL, t.ProxyURL = trimmed(f.signer.Text), trimmed(f.proxy.Text)
	if i := f.door.SelectedIndex(); i > 0 {
		t.Door = doors()[i]
	} else {
		t.Door = ""
	}
	return t
}

func (f *tiktokForm) validate() {
	t := f.filled()
	problem := ""
	switch {
	case !isAddress(t.SignerURL, "http", "https"):
		problem = lang.L("The sign service must be an address such as https://sign.example.com.")
	case !isAddress(t.ProxyURL, "http", "https"):
		problem = lang.L("The proxy must be an address such as http://127.0.0.1:8080.")
	}
	f.problem.SetText(problem)
	before := f.loaded
	if before.Door == profile.DoorAutomatic {
		before.Door = ""
	}
	look.SetEnabled(f.save, problem == "" && (t != before || f.key.Text != ""))
}

// store keeps the key, if one was typed, and then the settings.
func (f *tiktokForm) store() {
	if f.key.Text == "" {
		f.storeSettings()
		return
	}
	f.save.Disable()
	f.window.secrets.set(signerKey(), f.key.Text, func(err error) {
		if err != nil {
			f.fail(err)
			return
		}
		f.storeSettings()
	})
}

func (f *tiktokForm) storeSettings() {
	t := f.filled()
	p := f.window.core.Profile()
	t.Handle = p.TikTok.Handle
	p.TikTok = t
	if err := f.window.core.SetProfile(p); err != nil {
		f.fail(err)
		return
	}
	f.load(t)
	f.window.notice.say(lang.L("Saved."))
}

func (f *tiktokForm) forgetKey() {
	f.window.secrets.set(signerKey(), "", func(err error) {
		if err != nil {
			f.fail(err)
			return
		}
		f.showKey()
	})
}

func (f *tiktokForm) fail(err error) {
	f.validate()
	f.problem.SetText(words.Error(err))
}
