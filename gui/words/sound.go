package words

import (
	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/action/sound"
)

// soundFile says what is wrong with a sound file, and what to do.
func soundFile(e *sound.FileError) string {
	name := args{"Sound": Clean(Sound(e.File), 40)}
	switch e.Reason {
	case sound.NotFound:
		return lang.L("The sound {{.Sound}} is not there any more. Choose the file again.", name)
	case sound.NoSuchSound:
		return lang.L("There is no bundled sound called {{.Sound}}. Choose another.", name)
	case sound.NotAFile:
		return lang.L("{{.Sound}} is not a file. Choose a sound file.", name)
	case sound.Unreadable:
		return lang.L("LiveCue may not read the sound {{.Sound}}. Check the file's permissions.", name)
	case sound.Empty:
		return lang.L("There is no sound in {{.Sound}}. Choose another file.", name)
	case sound.TooLarge, sound.TooLong, sound.TooSlow:
		return lang.L("The sound {{.Sound}} is too long: at most 10 minutes and 200 MB.", name)
	case sound.NotASound, sound.Unsupported:
		return lang.L("{{.Sound}} cannot be played. Use WAV, MP3, Ogg Vorbis or FLAC.", name)
	case sound.Damaged:
		return lang.L("The sound {{.Sound}} is damaged or cut off. Save it anew.", name)
	default:
		return e.Error()
	}
}
