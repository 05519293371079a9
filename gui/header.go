package gui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/source"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// twoLines is the height of two lines of small text, which is enough for the longest of our sentences.
const twoLines = 42

// header is the top of the window: whose stream it is, how the connection stands and why, and the button for it.
type header struct {
	name    *widget.Label
	pill    *look.Pill
	reason  *widget.Label
	connect *widget.Button
	rehearse,
	stop *widget.Button
	// profile names the profile in force, where there are several, and leads to them.
	profile *widget.Button
	several bool
	object  fyne.CanvasObject
}

func newHeader(onConnect, onRehearse, onStop, onProfile func()) *header {
	h := &header{
		name: look.NewHeading(""), pill: look.NewPill("", theme.ColorNamePlaceHolder), reason: look.NewHint(""),
		connect:  widget.NewButton("", onConnect),
		rehearse: widget.NewButtonWithIcon(lang.L("Rehearse"), look.Icon("rehearsal"), onRehearse),
		stop:     widget.NewButtonWithIcon(lang.L("End rehearsal"), theme.MediaStopIcon(), onStop),
	}
	h.stop.Importance = widget.WarningImportance
	h.profile = widget.NewButtonWithIcon("", look.Icon("profiles"), onProfile)
	h.profile.Importance = widget.LowImportance
	h.profile.Hide()
	first := container.NewHBox(h.name, container.NewCenter(h.pill), h.profile)
	left := look.NewCompact(container.NewVBox(first, look.AtMost(twoLines, h.reason)))
	right := container.NewCenter(container.NewHBox(h.rehearse, h.stop, h.connect))
	h.object = look.NewPanel(look.ColorRail, look.Pad(5, 12, container.NewBorder(nil, nil, nil, right, left)))
	return h
}

// show says how things stand. handle is the profile's streamer, script the rehearsal that plays.
func (h *header) show(s source.Status, handle, script string, now time.Time) {
	name := handle
	if s.State != source.Offline && s.Handle != "" {
		name = s.Handle
	}
	text := lang.L("No streamer yet")
	if name != "" {
		text = "@" + words.Clean(name, 24)
	}
	look.SetText(h.name, text, widget.MediumImportance)
	rehearsing := script != ""
	h.showState(s, rehearsing, now)
	look.SetShown(h.connect, !rehearsing)
	look.SetShown(h.rehearse, !rehearsing && !isTrying(s.State))
	look.SetShown(h.stop, rehearsing)
	if isTrying(s.State) {
		setButton(h.connect, lang.L("Disconnect"), widget.MediumImportance)
	} else {
		setButton(h.connect, lang.L("Connect"), widget.HighImportance)
	}
}

// showProfile names the profile in force, where there are several.
func (h *header) showProfile(name string) {
	name = words.Clean(name, 32)
	if h.profile.Text != name {
		h.profile.SetText(name)
	}
	look.SetShown(h.profile, h.several && name != "")
}

func (h *header) showState(s source.Status, rehearsing bool, now time.Time) {
	if rehearsing && (s.State == source.Connected || s.State == source.Offline) {
		h.pill.Set(lang.L("Rehearsal"), theme.ColorNameWarning)
		look.SetText(h.reason, lang.L("Made-up viewers and a practice game server: nobody else sees this."), widget.LowImportance)
		return
	}
	h.pill.Set(words.State(s.State), tone(s.State))
	look.SetText(h.reason, words.Status(s, now), widget.LowImportance)
}

// tone is the colour of a state.
func tone(s source.State) fyne.ThemeColorName {
	switch s {
	case source.Connected:
		return theme.ColorNameSuccess
	case source.Connecting, source.WaitingForLive:
		return theme.ColorNamePrimary
	case source.Reconnecting, source.RateLimited:
		return theme.ColorNameWarning
	case source.AuthFailed, source.Failed:
		return theme.ColorNameError
	default:
		return theme.ColorNamePlaceHolder
	}
}

// isTrying reports whether the source is connected, or will be without the user's doing.
func isTrying(s source.State) bool {
	switch s {
	case source.Offline, source.AuthFailed, source.Failed, "":
		return false
	default:
		return true
	}
}

func setButton(b *widget.Button, text string, importance widget.Importance) {
	if b.Text == text && b.Importance == importance {
		return
	}
	b.Importance = importance
	b.SetText(text)
}
