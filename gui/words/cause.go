package words

import (
	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/event"
)

// Cause says why a connection could not be made or held, and what the user can do. The handle may be empty. A code that
// has no words yet falls back to the source's English text.
func Cause(c event.Cause, handle string) string {
	name := lang.L("The streamer")
	if handle != "" {
		name = "@" + Clean(handle, nameLength)
	}
	with := args{"Name": name}
	switch c.Code {
	case event.CauseNone:
		return ""
	case event.CauseUnknownUser:
		return lang.L("TikTok knows nobody by that name. Check the spelling under Connections.")
	case event.CauseNotLive:
		return lang.L("{{.Name}} is not live. LiveCue keeps looking and connects by itself.", with)
	case event.CauseLiveEnded:
		return lang.L("The stream has ended. LiveCue waits for the next one.")
	case event.CauseRateLimited:
		return lang.L("Too many attempts for now. LiveCue waits and then tries again.")
	case event.CauseKeyRefused:
		return lang.L("The API key was refused. Enter it again under Connections.")
	case event.CauseBlocked:
		return lang.L("TikTok turned this connection away. Try another network, or a proxy under Connections.")
	case event.CauseAgeRestricted:
		return lang.L("This stream is age-restricted, so it can only be seen when logged in. Lift the restriction in TikTok's live settings.")
	case event.CauseNoNetwork:
		return lang.L("TikTok cannot be reached. Check your internet connection; LiveCue keeps trying.")
	case event.CauseNoTikFinity:
		return lang.L("TikFinity does not answer. Start it and connect it to your live; LiveCue keeps trying.")
	default:
		return technicalCause(c)
	}
}

// technicalCause says those causes that lie between the machines.
func technicalCause(c event.Cause) string {
	switch c.Code {
	case event.CauseCertificate:
		return lang.L("The connection is not private: its certificate is not valid. Check the computer's clock, and the proxy if you use one.")
	case event.CauseSilence:
		return lang.L("TikTok went silent. LiveCue connects anew.")
	case event.CauseClosed:
		return lang.L("TikTok closed the connection. LiveCue connects anew.")
	case event.CauseService:
		return lang.L("The sign service has a problem of its own. LiveCue keeps trying; another way to connect may help.")
	case event.CauseSettings:
		return lang.L("A setting cannot work: {{.Detail}}", args{"Detail": c.Text})
	case event.CauseProtocol:
		return lang.L("TikTok answered in a way that LiveCue does not understand. An update may help.")
	default:
		return c.Text
	}
}
