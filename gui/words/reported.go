package words

import (
	"context"
	"strconv"
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/action/rcon"
	"github.com/livecue/livecue/core/action/sound"
	"github.com/livecue/livecue/core/action/speech"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/store"
)

// What core says only as text is known by these pieces of it. A test looks for each of them in core.
const (
	// noSoundPrefix begins what the mixer says when there is no device.
	noSoundPrefix = "No sound: there are no working"
	// keyringPhrase is in what a profile.KeyringError says.
	keyringPhrase = "the system's keyring could not"

	journalPhrase  = "The journal cannot be written"
	portTaken      = " is taken by another program: the overlay pages are at "
	portPrefix     = "Port "
	damagedPrefix  = "The journal was damaged, and a new one has been begun; what waited in it is in "
	shelfPrefix    = "Waiting actions cannot go to the disk and stay in memory: "
	malformed      = "Malformed: "
	overPhrase     = "the rehearsal that triggered it is over"
	noServerPrefix = "the profile has no game server called "
	noServers      = "no game server is set up"
	noSoundInJob   = "the job has no sound"
	internalPrefix = "internal error: "
	notNoted       = "note that it is about to be done: "
	passwordPrefix = "read the password: "
	soundPrefix    = "sound "
)

// Reported says an error that comes as text, from a report or a lane: in the user's words where it is one that core is known
// to say. A target's own words pass through.
func Reported(text string) string {
	for _, known := range append(studioErrors(),
		speech.ErrNoProgram, speech.ErrNothing,
		rcon.ErrPassword, rcon.ErrUnreachable, rcon.ErrSilent, rcon.ErrProtocol, rcon.ErrAddress, rcon.ErrTooLong,
		rcon.ErrNoCommand, rcon.ErrViewerCommand, rcon.ErrNotRCON, rcon.ErrClosed, sound.ErrNoDevice, sound.ErrStopped, queue.ErrFull,
	) {
		if strings.Contains(text, known.Error()) {
			return Error(known)
		}
	}
	if file, ok := reportedSound(text); ok {
		return soundFile(file)
	}
	switch {
	case strings.HasPrefix(text, noSoundPrefix):
		return Error(sound.ErrNoDevice)
	case strings.Contains(text, keyringPhrase):
		return keyringTrouble()
	default:
		return reportedByUs(text)
	}
}

// reportedByUs says what the program itself stumbled over.
func reportedByUs(text string) string {
	switch {
	case strings.Contains(text, overPhrase):
		return lang.L("The rehearsal was over before its turn came, so it was not sent to your game.")
	case strings.HasPrefix(text, noServerPrefix):
		name, err := strconv.Unquote(strings.TrimPrefix(text, noServerPrefix))
		if err != nil {
			name = strings.TrimPrefix(text, noServerPrefix)
		}
		return lang.L("There is no game server called {{.Name}} any more. Add it under Connections, or choose another in the rule.",
			args{"Name": Clean(name, nameLength)})
	case strings.HasPrefix(text, noServers):
		return lang.L("No game server is set up yet. Add one under Connections.")
	case strings.HasPrefix(text, noSoundInJob):
		return lang.L("Choose a sound.")
	case strings.HasPrefix(text, internalPrefix):
		return lang.L("LiveCue made a mistake of its own: {{.Detail}}. Save a report under Diagnostics and send it to us.",
			args{"Detail": strings.TrimPrefix(text, internalPrefix)})
	case strings.HasPrefix(text, notNoted):
		return lang.L("The journal cannot be written, so the action waits: {{.Detail}}", args{"Detail": storeDetail(strings.TrimPrefix(text, notNoted))})
	case strings.HasPrefix(text, passwordPrefix):
		return lang.L("The server's password cannot be read: {{.Detail}}", args{"Detail": strings.TrimPrefix(text, passwordPrefix)})
	case strings.HasSuffix(text, context.DeadlineExceeded.Error()):
		return Error(context.DeadlineExceeded)
	case strings.HasSuffix(text, context.Canceled.Error()):
		return Error(context.Canceled)
	default:
		return text
	}
}

// storeDetail says why the journal refuses, where that has words.
func storeDetail(text string) string {
	if strings.Contains(text, store.ErrCorrupt.Error()) {
		return Error(store.ErrCorrupt)
	}
	return text
}

// reportedSound finds what a sound.FileError has said.
func reportedSound(text string) (*sound.FileError, bool) {
	rest, ok := strings.CutPrefix(text, soundPrefix)
	if !ok {
		return nil, false
	}
	quoted, err := strconv.QuotedPrefix(rest)
	if err != nil {
		return nil, false
	}
	name, err := strconv.Unquote(quoted)
	if err != nil {
		return nil, false
	}
	for _, reason := range []sound.Reason{
		sound.NotFound, sound.NoSuchSound, sound.NotAFile, sound.Unreadable, sound.Empty, sound.TooLarge, sound.TooLong,
		sound.NotASound, sound.Unsupported, sound.Damaged, sound.TooSlow,
	} {
		file := &sound.FileError{File: name, Reason: reason}
		if strings.HasPrefix(text, file.Error()) {
			return file, true
		}
	}
	return nil, false
}

// Problem says one of the troubles that app.Health lists.
func Problem(text string) string {
	switch {
	case strings.HasPrefix(text, journalPhrase):
		return lang.L("The journal cannot be written; the disk may be full. Gifts are acted upon all the same, but what waits would not survive a crash.")
	case strings.HasPrefix(text, damagedPrefix):
		return lang.L("The journal was damaged, and a new one has been begun. What waited in it is in {{.File}}", args{"File": strings.TrimPrefix(text, damagedPrefix)})
	case strings.HasPrefix(text, shelfPrefix):
		return lang.L("What waits finds no room on the disk and stays in memory: it is done all the same, but not more than {{.N}} actions can wait. Make room on the disk. ({{.Detail}})",
			args{"N": Number(queue.MaxInMemory), "Detail": Clean(strings.TrimPrefix(text, shelfPrefix), commentLength)})
	case strings.HasPrefix(text, malformed):
		return lang.L("A message of TikTok could not be read ({{.Detail}})", args{"Detail": Clean(strings.TrimPrefix(text, malformed), commentLength)})
	case strings.HasPrefix(text, portPrefix) && strings.Contains(text, portTaken):
		port, rest, _ := strings.Cut(strings.TrimPrefix(text, portPrefix), portTaken)
		address, _, _ := strings.Cut(rest, ",")
		return lang.L("Another program has port {{.Port}}, so the overlays are at {{.Address}} for now. Copy their addresses into OBS anew, or end that program and start LiveCue again.",
			args{"Port": port, "Address": address})
	default:
		return Reported(text)
	}
}

// IsJournalProblem reports whether one of the troubles of app.Health is the journal's.
func IsJournalProblem(text string) bool {
	return strings.HasPrefix(text, journalPhrase) || strings.HasPrefix(text, damagedPrefix)
}

// IsDiskProblem reports whether one of the troubles of app.Health is that something finds no way to the disk: what the user must
// know of at once, wherever he is.
func IsDiskProblem(text string) bool {
	return strings.HasPrefix(text, journalPhrase) || strings.HasPrefix(text, shelfPrefix)
}
