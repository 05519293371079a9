package gui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/source"
	"github.com/livecue/livecue/core/source/livekit"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// roomCore is what the card needs of the program.
type roomCore interface {
	// LiveKitStatus tells how the connection to the LiveKit room stands; RetryLiveKit joins it anew.
	LiveKitStatus() source.Status
	RetryLiveKit()
	// TestLiveKit asks the server whether it would let LiveCue in with the token, or with the kept one when it is empty.
	TestLiveKit(ctx context.Context, settings profile.LiveKit, token string) error
}

// roomCard asks which LiveKit room to join, and says how it stands.
type roomCard struct {
	window *window
	loaded profile.LiveKit
	// isTrying says that the user has pressed Test and waits.
	isTrying bool

	enabled                       *widget.Check
	address, token                *look.Entry
	pill                          *look.Pill
	stands, note, warning, result *widget.Label
	forget, again, test, save     *widget.Button
	object                        fyne.CanvasObject
}

func newRoomCard(w *window) *roomCard {
	c := &roomCard{
		window: w, address: look.NewEntry(), token: look.NewPassword(), pill: look.NewPill("", theme.ColorNamePlaceHolder),
		stands: look.NewHint(""), note: look.NewHint(""), warning: look.NewHint(""), result: look.NewHint(""),
	}
	changed := func(string) { c.validate() }
	c.enabled = widget.NewCheck(lang.L("Stay in the room while LiveCue runs"), func(bool) { c.validate() })
	c.address.SetPlaceHolder("wss://example.livekit.cloud")
	c.address.OnChanged, c.token.OnChanged = changed, changed
	c.forget = widget.NewButton(lang.L("Forget the token"), func() { c.keep("", c.showKept) })
	c.again = widget.NewButton(lang.L("Join again"), w.core.RetryLiveKit)
	c.test = widget.NewButtonWithIcon(lang.L("Test connection"), look.Icon("test"), c.try)
	c.save = widget.NewButtonWithIcon(lang.L("Save"), theme.DocumentSaveIcon(), c.store)
	c.result.Hide()
	head := container.NewBorder(nil, nil, nil, look.Inset(container.NewCenter(c.pill)), look.NewHeading(lang.L("LiveKit room")))
	form := container.New(layout.NewFormLayout(),
		widget.NewLabel(lang.L("Address")), container.NewVBox(c.address, c.warning),
		widget.NewLabel(lang.L("Token")), container.NewBorder(nil, nil, nil, c.forget, c.token),
		layout.NewSpacer(), c.note,
		layout.NewSpacer(), c.enabled,
	)
	c.object = look.NewCard(container.NewVBox(head,
		look.NewHint(lang.L("For rules that wait for data, guests who join or guests who speak. LiveCue only listens, and gets no sound and no picture. Give it a token with an identity of its own.")),
		insetRight(form), c.stands, c.result, look.Inset(container.NewHBox(c.again, layout.NewSpacer(), c.test, c.save))))
	return c
}

// load shows the profile's settings.
func (c *roomCard) load(l profile.LiveKit) {
	c.loaded = l
	c.enabled.SetChecked(l.Enabled)
	c.address.SetText(l.URL)
	c.token.SetText("")
	c.showKept()
	c.validate()
	c.tick()
}

// tick shows how the room stands now.
func (c *roomCard) tick() {
	s := c.window.core.LiveKitStatus()
	c.pill.Set(words.State(s.State), tone(s.State))
	look.SetText(c.stands, words.LiveKitStatus(s), widget.LowImportance)
	look.SetShown(c.again, s.State == source.Failed || s.State == source.AuthFailed)
}

// showKept says whether a token is kept; the token itself is never shown.
func (c *roomCard) showKept() {
	isKept := c.window.secrets.has(profile.KeyLiveKit())
	look.SetShown(c.forget, isKept)
	place := ""
	if isKept {
		place = lang.L("kept; type another to replace it")
	}
	c.token.SetPlaceHolder(place)
	look.SetText(c.note, tokenPlace(c.window.core.SecretsPlace()), widget.LowImportance)
}

// tokenPlace says where the token is kept: in a file, or without one in the keyring.
func tokenPlace(file string) string {
	if file == "" {
		return lang.L("The token goes into the system's keyring, never into a file of LiveCue.")
	}
	return lang.L("The token goes into the file {{.File}}. Do not share that file.", map[string]any{"File": file})
}

// filled returns the settings as they are in the form.
func (c *roomCard) filled() profile.LiveKit {
	return profile.LiveKit{Enabled: c.enabled.Checked, URL: trimmed(c.address.Text)}
}

func (c *roomCard) validate() {
	l := c.filled()
	_, err := livekit.ParseURL(l.URL)
	text, importance := "", widget.WarningImportance
	switch {
	case l.URL != "" && err != nil:
		text, importance = lang.L("The address must be one such as wss://example.livekit.cloud."), widget.DangerImportance
	case livekit.IsOpen(l.URL):
		text = lang.L("With ws:// everything goes unencrypted over the network, the token too.")
	}
	look.SetText(c.warning, text, importance)
	look.SetShown(c.warning, text != "")
	canBe := err == nil || l.URL == "" && !l.Enabled
	look.SetEnabled(c.save, canBe && (l != c.loaded || c.token.Text != ""))
	look.SetEnabled(c.test, err == nil && !c.isTrying)
}

// try asks the server about what is in the form, saved or not.
func (c *roomCard) try() {
	l, token := c.filled(), trimmed(c.token.Text)
	c.say(lang.L("Trying {{.Address}} …", map[string]any{"Address": l.URL}), widget.LowImportance)
	c.isTrying = true
	c.validate()
	c.window.tasks.run(func(ctx context.Context) error { return c.window.core.TestLiveKit(ctx, l, token) }, func(err error) {
		c.isTrying = false
		c.validate()
		if err != nil {
			c.say(words.LiveKitError(err), widget.DangerImportance)
			return
		}
		c.say(lang.L("It works: the server would let LiveCue in."), widget.SuccessImportance)
	})
}

// store keeps the token, if one was typed, and then the settings.
func (c *roomCard) store() {
	c.save.Disable()
	if token := trimmed(c.token.Text); token != "" {
		c.keep(token, c.storeSettings)
		return
	}
	c.storeSettings()
}

// keep keeps a token, or forgets it when it is empty, and goes on with then.
func (c *roomCard) keep(token string, then func()) {
	c.window.secrets.set(profile.KeyLiveKit(), token, func(err error) {
		if err != nil {
			c.fail(err)
			return
		}
		then()
	})
}

func (c *roomCard) storeSettings() {
	p := c.window.core.Profile()
	p.LiveKit = c.filled()
	if err := c.window.core.SetProfile(p); err != nil {
		c.fail(err)
		return
	}
	c.result.Hide()
	c.load(p.LiveKit)
	c.window.notice.say(lang.L("Saved."))
}

func (c *roomCard) fail(err error) {
	c.validate()
	c.say(words.Error(err), widget.DangerImportance)
}

func (c *roomCard) say(text string, importance widget.Importance) {
	look.SetText(c.result, text, importance)
	c.result.Show()
}
