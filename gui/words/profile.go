package words

import (
	"errors"
	"io/fs"

	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/profile"
)

// Trouble is what is wrong and what to do.
type Trouble struct{ Cause, Remedy string }

// FileTrouble says why a profile cannot be used.
func FileTrouble(e *profile.FileError) Trouble {
	with := args{"Line": e.Line, "Detail": Sentence(e.Reason)}
	switch {
	case errors.Is(e, fs.ErrNotExist):
		return Trouble{
			lang.L("There is no such file."),
			lang.L("Check the name. Started without one, LiveCue takes the profile in its own folder."),
		}
	case errors.Is(e, fs.ErrPermission):
		return Trouble{lang.L("LiveCue may not read it."), lang.L("Give yourself the right to read the file, and start LiveCue again.")}
	case e.Line > 0:
		return Trouble{lang.L("Line {{.Line}}: {{.Detail}}", with), mend()}
	default:
		return Trouble{lang.L("It cannot be used: {{.Detail}}", with), mend()}
	}
}

func mend() string {
	return lang.L("Open the file in a text editor, mend it and start LiveCue again. Until then LiveCue does not overwrite it, so nothing of yours is lost. Earlier states are in the folder “backups” beside it: to go back to one, copy it over the file.")
}
