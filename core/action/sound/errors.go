package sound

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/livecue/livecue/core/action"
)

// ErrNoDevice is why a sound is not heard while no device plays. Trying again later may help.
var ErrNoDevice = errors.New("no sound can be played")

// ErrStopped is why Preview ended when StopAll silenced the sound before it was heard.
var ErrStopped = errors.New("stopped before it was heard")

// ErrCut is why PlayOut ended when a sound was heard, but not to its end. It wraps the reason: ErrStopped, ErrNoDevice, or the error of
// the context.
var ErrCut = errors.New("it was cut off")

// Reason says what is wrong with a sound file, for a window to put into the user's language.
type Reason string

// The reasons.
const (
	// NotFound: there is no such file.
	NotFound Reason = "notFound"
	// NoSuchSound: no bundled sound has that name.
	NoSuchSound Reason = "noSuchSound"
	// NotAFile: it is a folder, a pipe or a device.
	NotAFile Reason = "notAFile"
	// Unreadable: the system does not let LiveCue read it.
	Unreadable Reason = "unreadable"
	// Empty: there is no sound in it.
	Empty Reason = "empty"
	// TooLarge and TooLong: it is beyond MaxFileBytes or MaxLength.
	TooLarge Reason = "tooLarge"
	TooLong  Reason = "tooLong"
	// NotASound: its content is of no known kind, whatever its name.
	NotASound Reason = "notASound"
	// Unsupported: it is a sound, but of a kind that LiveCue cannot play.
	Unsupported Reason = "unsupported"
	// Damaged: it is cut off or holds nonsense.
	Damaged Reason = "damaged"
	// TooSlow: decoding did not end in time.
	TooSlow Reason = "tooSlow"
)

// remedies are what a user is told after the name of the file.
var remedies = map[Reason]string{
	NotFound:    "the file is not there: choose it again",
	NoSuchSound: "no bundled sound has this name: choose another",
	NotAFile:    "this is not a file: choose a sound file",
	Unreadable:  "the file may not be read: check its permissions",
	Empty:       "there is no sound in it: choose another file",
	TooLarge:    "the file is too large: at most 200 MB",
	TooLong:     "the sound is too long: at most 10 minutes",
	NotASound:   "this is not a sound file: use WAV, MP3, Ogg Vorbis or FLAC",
	Unsupported: "this kind of sound file cannot be played: save it as 16-bit WAV, MP3, Ogg Vorbis or FLAC",
	Damaged:     "the file is damaged or cut off: save it anew",
	TooSlow:     "the file took too long to decode: use a shorter one",
}

// FileError is what is wrong with one sound.
type FileError struct {
	// File is the path or the name, as the profile has it.
	File   string
	Reason Reason
	// Err is the cause, or nil.
	Err error
}

func (e *FileError) Error() string {
	text := fmt.Sprintf("sound %q: %s", e.File, remedies[e.Reason])
	if e.Err != nil {
		text += fmt.Sprintf(" (%v)", e.Err)
	}
	return text
}

func (e *FileError) Unwrap() error { return e.Err }

// fault is a reason on its way up to where the name of the file is known.
type fault struct {
	reason Reason
	err    error
}

func (f fault) Error() string { return fmt.Sprintf("%s: %v", f.reason, f.err) }
func (f fault) Unwrap() error { return f.err }

func faultf(reason Reason, format string, args ...any) error {
	return fault{reason, fmt.Errorf(format, args...)}
}

// fileError makes the error for callers out of what went wrong with file. It is permanent unless time or the caller ended
// the work, because a file does not mend itself.
func fileError(file string, err error) error {
	var f fault
	switch {
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("decode sound %q: %w", file, err)
	case errors.Is(err, context.DeadlineExceeded):
		return &FileError{File: file, Reason: TooSlow, Err: err}
	case errors.As(err, &f):
		return action.Permanent(&FileError{File: file, Reason: f.reason, Err: f.err})
	case errors.Is(err, fs.ErrNotExist):
		return action.Permanent(&FileError{File: file, Reason: NotFound, Err: err})
	default:
		return action.Permanent(&FileError{File: file, Reason: Unreadable, Err: err})
	}
}
