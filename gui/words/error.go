package words

import (
	"cmp"
	"context"
	"errors"
	"io/fs"

	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/rcon"
	"github.com/livecue/livecue/core/action/sound"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/replay"
	"github.com/livecue/livecue/core/source"
	"github.com/livecue/livecue/core/store"
)

// Error says an error as cause and remedy. It is the one place where errors become the user's words; what it does not know
// it passes on in the program's own English.
func Error(err error) string {
	var problem *source.Problem
	var field action.Problem
	if text, ok := libraryError(err); ok {
		return text
	}
	if text, ok := pluginError(err); ok {
		return text
	}
	if text := studioError(err); text != "" { // its errors may hold that a time was over, which says less
		return text
	}
	switch {
	case err == nil:
		return ""
	case errors.As(err, &problem) && problem.Cause.Code != event.CauseNone:
		return Cause(problem.Cause, "")
	case errors.As(err, &field):
		return Field(field)
	case errors.Is(err, context.DeadlineExceeded):
		return lang.L("That took too long. Try again.")
	case errors.Is(err, context.Canceled):
		return lang.L("That was interrupted.")
	case isDiskFull(err):
		return lang.L("The disk is full. Make room on it, or choose another place.")
	case errors.Is(err, fs.ErrPermission):
		return lang.L("LiveCue may not write there: {{.Detail}}", args{"Detail": err.Error()})
	case errors.Is(err, fs.ErrNotExist):
		return lang.L("The file is not there any more: {{.Detail}}", args{"Detail": err.Error()})
	default:
		return cmp.Or(speechError(err), programError(err))
	}
}

// programError says what is wrong with a sound, the keyring or the queue.
func programError(err error) string {
	var file *sound.FileError
	var keyring *profile.KeyringError
	var queued *app.QueuedError
	var overridden *profile.OverriddenError
	switch {
	case errors.As(err, &file):
		return soundFile(file)
	case errors.As(err, &overridden):
		return lang.L("The environment variable {{.Name}} decides this. Change it there, or remove it.", args{"Name": overridden.Variable})
	case errors.As(err, &keyring):
		return keyringTrouble()
	case errors.Is(err, sound.ErrNoDevice):
		return lang.L("There are no working loudspeakers or headphones. Connect or switch one on; LiveCue tries again by itself.")
	case errors.Is(err, sound.ErrStopped):
		return lang.L("The sound was stopped.")
	case errors.As(err, &queued):
		return lang.L("Actions that the other profile has no target for still wait in the queue. Let them finish, or clear them.")
	case errors.Is(err, app.ErrBusy):
		return lang.L("Commands for your game server still wait in the queue. Let them finish, or clear them below.")
	case errors.Is(err, store.ErrInUse):
		return lang.L("LiveCue is running already: two at once would do everything twice. Look for its window, or end it first.")
	case errors.Is(err, store.ErrNewer):
		return lang.L("A newer LiveCue has been here and keeps its journal in a new way. Install the newer LiveCue again.")
	case errors.Is(err, store.ErrCorrupt):
		return lang.L("The journal on the disk is damaged. Start LiveCue again: it sets the damaged file aside and begins a new one.")
	case errors.Is(err, queue.ErrFull):
		return lang.L("The queue is full. Clear what is not needed any more below.")
	default:
		return pastError(err)
	}
}

// pastError says what is wrong with looking back at a stream.
func pastError(err error) string {
	switch {
	case errors.Is(err, app.ErrLive):
		return lang.L("A replay cannot run while LiveCue is connected or rehearses. Press Disconnect, or end the rehearsal, first.")
	case errors.Is(err, app.ErrNoReplay):
		return lang.L("The replay is over already.")
	case errors.Is(err, app.ErrNoJournal):
		return lang.L("LiveCue runs without its journal, so nothing is kept of your streams. Diagnostics tells why.")
	case errors.Is(err, store.ErrNoSession):
		return lang.L("That stream is not there any more.")
	case errors.Is(err, replay.ErrFormat):
		return lang.L("This file is not a recording of LiveCue, or it is damaged.")
	case errors.Is(err, replay.ErrNewer):
		return lang.L("A newer LiveCue has made this recording. Install the newer LiveCue to play it.")
	case errors.Is(err, replay.ErrTooLarge):
		return lang.L("This recording is too large to be played.")
	default:
		return serverError(err)
	}
}

func keyringTrouble() string {
	return lang.L("The system's keyring cannot be used. Unlock it, or have secrets kept in a file: set {{.Name}} to its path.",
		args{"Name": profile.EnvSecretsFile})
}

// serverError says what is wrong with a game server or a command.
func serverError(err error) string {
	switch {
	case errors.Is(err, rcon.ErrPassword):
		return lang.L("The server is there, but refused the password. It is rcon.password in the server's server.properties.")
	case errors.Is(err, rcon.ErrUnreachable):
		return lang.L("The server cannot be reached. Is it running, with enable-rcon=true in server.properties, and is the address right?")
	case errors.Is(err, rcon.ErrSilent):
		return lang.L("The server does not answer. It may still be starting: try again in a minute.")
	case errors.Is(err, rcon.ErrProtocol):
		return lang.L("Something answers there, but not RCON. Use the port of rcon.port (usually 25575), not the game's own.")
	case errors.Is(err, rcon.ErrAddress):
		return lang.L("The address must be a name or number, a colon and the port, such as 127.0.0.1:25575.")
	case errors.Is(err, rcon.ErrTooLong):
		return lang.L("The command is too long for RCON. Split it into several lines.")
	case errors.Is(err, rcon.ErrNoCommand):
		return lang.L("There is no command to send.")
	case errors.Is(err, rcon.ErrViewerCommand):
		return lang.L("A viewer's text must not be the command itself. Put a command word in front of it, such as say.")
	case errors.Is(err, rcon.ErrClosed):
		return lang.L("The game server was changed or removed meanwhile.")
	case errors.Is(err, rcon.ErrNotRCON):
		return lang.L("A sound cannot be sent to a game server. Set the rule's action up again.")
	default:
		return err.Error()
	}
}
