package words

import (
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/source"
)

// State names a connection's state.
func State(s source.State) string {
	switch s {
	case source.WaitingForLive:
		return lang.L("Waiting for the stream")
	case source.Connecting:
		return lang.L("Connecting")
	case source.Connected:
		return lang.L("Connected")
	case source.Reconnecting:
		return lang.L("Reconnecting")
	case source.RateLimited:
		return lang.L("Rate limited")
	case source.AuthFailed:
		return lang.L("Key refused")
	case source.Failed:
		return lang.L("Cannot connect")
	default:
		return lang.X("state offline", "Offline")
	}
}

// Status says how a connection stands in a sentence: why, and when the next attempt is.
func Status(s source.Status, now time.Time) string {
	text := Cause(s.Cause, s.Handle)
	switch s.State {
	case source.Connected:
		return lang.L("Events arrive through {{.Door}}.", args{"Door": Door(profile.Door(s.Door))})
	case source.Connecting:
		text = lang.L("Looking for the stream.")
	case source.Offline:
		if text == "" {
			text = lang.L("Press Connect when you go live, or before: LiveCue waits for you.")
		}
	case source.WaitingForLive:
		if text == "" {
			text = lang.L("LiveCue connects by itself as soon as the stream starts.")
		}
	}
	if s.Until.IsZero() {
		return text
	}
	return Sentence(text) + " " + lang.L("Next attempt in {{.Time}}.", args{"Time": Countdown(s.Until, now)})
}

// Sentence ends a text with a point where it has no end of its own.
func Sentence(text string) string {
	if text == "" || strings.HasSuffix(text, ".") || strings.HasSuffix(text, "?") || strings.HasSuffix(text, "!") {
		return text
	}
	return text + "."
}

// Door names a way to TikTok.
func Door(d profile.Door) string {
	switch d {
	case profile.DoorDirect:
		return lang.L("TikTok directly")
	case profile.DoorEuler:
		return lang.L("Euler Stream (needs a key)")
	case profile.DoorTikFinity:
		return lang.L("TikFinity, if you run it already")
	case "", profile.DoorAutomatic:
		return lang.L("Automatic")
	default:
		return string(d)
	}
}
