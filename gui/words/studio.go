package words

import (
	"errors"
	"net"
	"runtime"
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/action/obs"
	"github.com/livecue/livecue/core/action/rcon"
	"github.com/livecue/livecue/core/action/speech"
)

// studioError says what is wrong with OBS, or "" where it is not about OBS.
func studioError(err error) string {
	var network net.Error
	switch {
	case errors.Is(err, obs.ErrNoPassword):
		return lang.L("OBS asks for a password, and LiveCue has none. OBS shows it under Tools, WebSocket Server Settings, Show Connect Info: copy it into the field here.")
	case errors.Is(err, obs.ErrPassword):
		return lang.L("OBS is there, but refused the password. OBS shows the right one under Tools, WebSocket Server Settings, Show Connect Info.")
	case errors.Is(err, obs.ErrUnreachable) && errors.As(err, &network) && network.Timeout():
		return lang.L("Nobody answers at that address. Is it the right one, is that computer switched on, and does its firewall let OBS's port through?")
	case errors.Is(err, obs.ErrUnreachable):
		return lang.L("OBS cannot be reached. Start OBS, tick Enable WebSocket server in it under Tools, WebSocket Server Settings, and compare the port there.")
	case errors.Is(err, obs.ErrSilent):
		return lang.L("OBS took the call but does not answer in time. It may still be starting, or hang: look at its window, then try again.")
	case errors.Is(err, obs.ErrProtocol):
		return lang.L("Something answers there, but not OBS. Use the port that OBS shows under Tools, WebSocket Server Settings (usually 4455).")
	case errors.Is(err, obs.ErrVersion):
		return lang.L("This OBS is too old or too new for LiveCue. OBS 28 and newer work: update OBS.")
	case errors.Is(err, obs.ErrNotReady):
		return lang.L("OBS is busy changing its scene collection, or is closing. Try again in a moment.")
	case errors.Is(err, obs.ErrAddress):
		return studioAddress()
	default:
		return ""
	}
}

func studioAddress() string {
	return lang.L("The address must be a name or number, a colon and the port, such as 127.0.0.1:4455.")
}

// studioErrors are those that Reported knows, the narrower before the wider.
func studioErrors() []error {
	return []error{
		obs.ErrNoPassword, obs.ErrPassword, obs.ErrUnreachable, obs.ErrSilent, obs.ErrProtocol, obs.ErrVersion, obs.ErrNotReady,
		obs.ErrAddress,
	}
}

// speechError says why nothing is read aloud, or "" where it is about something else.
func speechError(err error) string {
	switch {
	case errors.Is(err, speech.ErrNothing):
		return lang.L("Nothing is left of that text that could be said.")
	case errors.Is(err, speech.ErrStopped):
		return lang.L("The sound was stopped.")
	case errors.Is(err, speech.ErrNoProgram):
		return NoSpeech(runtime.GOOS)
	default:
		return ""
	}
}

// NoSpeech says that a system, by its name in Go, has nothing to read aloud with, and what to do.
func NoSpeech(system string) string {
	switch system {
	case "windows":
		return lang.L("Nothing can be read aloud: Windows PowerShell was not found, which LiveCue reaches Windows' voices with. Switch it on under Windows features.")
	case "darwin":
		return lang.L("Nothing can be read aloud: the command say of macOS was not found.")
	default:
		return lang.L("No voice is installed. Install the package espeak-ng (or speech-dispatcher), then look again under Settings, Speech.")
	}
}

// TroubleWord says in a word or two why a lane does not get on, of what it said itself.
func TroubleWord(text string) string {
	has := func(errs ...error) bool {
		for _, err := range errs {
			if strings.Contains(text, err.Error()) {
				return true
			}
		}
		return false
	}
	switch {
	case has(obs.ErrNoPassword):
		return lang.L("password missing")
	case has(rcon.ErrPassword, obs.ErrPassword):
		return lang.L("password refused")
	case has(rcon.ErrUnreachable, obs.ErrUnreachable):
		return lang.L("cannot be reached")
	case has(rcon.ErrSilent, obs.ErrSilent):
		return lang.L("does not answer")
	default:
		return lang.L("stuck")
	}
}
