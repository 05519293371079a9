package gui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/action/obs"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// studioCard asks where OBS is, and says how it stands.
type studioCard struct {
	window *window
	loaded profile.OBS
	state  studioState
	// isTrying says that the user has pressed Test and waits.
	isTrying bool

	address, password     *look.Entry
	perMinute, perViewer  *limitField
	note, problem, result *widget.Label
	forget, test, save    *widget.Button
	object                fyne.CanvasObject
}

func newStudioCard(w *window) *studioCard {
	c := &studioCard{
		window: w, address: look.NewEntry(), password: look.NewPassword(),
		note: look.NewHint(""), problem: look.NewHint(""), result: look.NewHint(""),
	}
	c.state.pill = look.NewPill("", theme.ColorNamePlaceHolder)
	changed := func(string) { c.validate() }
	c.address.SetPlaceHolder(obs.DefaultAddress)
	c.address.OnChanged, c.password.OnChanged = changed, changed
	c.perMinute = newLimitField(0, lang.L("actions a minute; the rest waits"), changed)
	c.perViewer = newLimitField(0, lang.L("actions a minute; others go on"), changed)
	c.forget = widget.NewButton(lang.L("Forget the password"), c.forgetPassword)
	c.test = widget.NewButtonWithIcon(lang.L("Test connection"), look.Icon("test"), c.try)
	c.save = widget.NewButtonWithIcon(lang.L("Save"), theme.DocumentSaveIcon(), c.store)
	c.problem.Hide()
	c.result.Hide()
	c.object = c.build()
	return c
}

func (c *studioCard) build() fyne.CanvasObject {
	head := container.NewBorder(nil, nil, nil, look.Inset(container.NewCenter(c.state.pill)), look.NewHeading(lang.L("OBS Studio")))
	form := container.New(layout.NewFormLayout(),
		widget.NewLabel(lang.L("Address")), c.address,
		widget.NewLabel(lang.L("Password")), container.NewBorder(nil, nil, nil, c.forget, c.password),
		layout.NewSpacer(), c.note,
		widget.NewLabel(lang.L("At most")), c.perMinute.object,
		widget.NewLabel(lang.L("Of each viewer")), c.perViewer.object,
	)
	buttons := look.Inset(container.NewHBox(layout.NewSpacer(), c.test, c.save))
	return look.NewCard(container.NewVBox(head,
		look.NewHint(lang.L("For rules that switch scenes, sources, filters or texts. In OBS, open Tools, WebSocket Server Settings and tick Enable WebSocket server; Show Connect Info there shows port and password.")),
		insetRight(form), c.problem, c.result, buttons))
}

// load shows the profile's settings, and looks how OBS stands.
func (c *studioCard) load(o profile.OBS) {
	c.loaded = o
	c.address.SetText(o.Address)
	c.password.SetText("")
	c.perMinute.set(o.PerMinute)
	c.perViewer.set(o.PerViewer)
	c.result.Hide()
	c.showKept()
	c.validate()
	c.state.again()
}

// showKept says whether a password is kept; the password itself is never shown.
func (c *studioCard) showKept() {
	isKept := c.window.secrets.has(profile.KeyOBS())
	look.SetShown(c.forget, isKept)
	place := ""
	if isKept {
		place = lang.L("kept; type another to replace it")
	}
	c.password.SetPlaceHolder(place)
	look.SetText(c.note, passwordPlace(c.window.core.SecretsPlace()), widget.LowImportance)
}

// filled returns the settings as they are in the form; an empty address is OBS's usual one.
func (c *studioCard) filled() (o profile.OBS, isAddress bool) {
	o = c.loaded
	o.Address, isAddress = "", true
	if text := trimmed(c.address.Text); text != "" {
		o.Address = serverAddress(text, obsPort)
		isAddress = o.Address != ""
	}
	o.PerMinute, _ = c.perMinute.limit()
	o.PerViewer, _ = c.perViewer.limit()
	return o, isAddress
}

func (c *studioCard) validate() {
	o, isAddress := c.filled()
	_, isLimit := c.perMinute.limit()
	_, isViewerLimit := c.perViewer.limit()
	problem := ""
	switch {
	case !isAddress:
		problem = words.Error(obs.ErrAddress)
	case !isLimit || !isViewerLimit:
		problem = noLimit()
	}
	look.SetText(c.problem, problem, widget.DangerImportance)
	look.SetShown(c.problem, problem != "")
	look.SetEnabled(c.save, problem == "" && (o != c.loaded || c.password.Text != ""))
	look.SetEnabled(c.test, isAddress && !c.isTrying)
}

// try logs in with what is in the form, saved or not, and says below it how that went.
func (c *studioCard) try() {
	o, _ := c.filled()
	address, password := o.Address, c.password.Text
	if address == "" {
		address = obs.DefaultAddress
	}
	c.say(lang.L("Trying {{.Address}} …", map[string]any{"Address": address}), widget.LowImportance)
	c.isTrying = true
	c.validate()
	var info obs.Info
	c.window.tasks.run(func(ctx context.Context) (err error) {
		info, err = c.window.core.TestOBS(ctx, o, password)
		return err
	}, func(err error) {
		c.isTrying = false
		c.validate()
		if saved := c.loaded; password == "" && o.Address == saved.Address {
			c.state.answered(info, err)
		}
		if err != nil {
			c.say(words.Error(err), widget.DangerImportance)
			return
		}
		with := map[string]any{"Version": words.Clean(info.Version, 20), "N": words.Number(info.Scenes)}
		c.say(lang.N("It works: OBS {{.Version}} answers, with {{.N}} scenes.", info.Scenes, with), widget.SuccessImportance)
	})
}

func (c *studioCard) say(text string, importance widget.Importance) {
	look.SetText(c.result, text, importance)
	c.result.Show()
}

// store keeps the password, if one was typed, and then the settings. Leaving an OBS whose address changes may take seconds.
func (c *studioCard) store() {
	c.save.Disable()
	if c.password.Text == "" {
		c.storeSettings()
		return
	}
	c.window.secrets.set(profile.KeyOBS(), c.password.Text, func(err error) {
		if err != nil {
			c.fail(err)
			return
		}
		c.storeSettings()
	})
}

func (c *studioCard) storeSettings() {
	o, _ := c.filled()
	p := c.window.core.Profile()
	p.OBS = o
	c.window.tasks.run(func(context.Context) error { return c.window.core.SetProfile(p) }, func(err error) {
		if err != nil {
			c.fail(err)
			return
		}
		c.load(o)
		c.window.notice.say(lang.L("Saved."))
	})
}

func (c *studioCard) forgetPassword() {
	c.window.secrets.set(profile.KeyOBS(), "", func(err error) {
		if err != nil {
			c.fail(err)
			return
		}
		c.showKept()
		c.state.again()
	})
}

func (c *studioCard) fail(err error) {
	c.validate()
	look.SetText(c.problem, words.Error(err), widget.DangerImportance)
	c.problem.Show()
}
