package words

import (
	"errors"
	"io/fs"

	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/profile/library"
)

// libraryError says what is wrong with a profile among several, or with a file that was to become one; false is another error.
func libraryError(err error) (string, bool) {
	var name *library.NameError
	var file *profile.FileError
	switch {
	case errors.As(err, &name):
		return nameError(name), true
	case errors.Is(err, library.ErrInUse):
		return lang.L("That profile is in use. Switch to another one first."), true
	case errors.Is(err, library.ErrUnknown):
		return lang.L("There is no such profile any more."), true
	case errors.Is(err, library.ErrHostile):
		return lang.L("This file is not what LiveCue exports, and it may be meant to do harm. It was not opened any further."), true
	case errors.Is(err, library.ErrNoExport):
		return lang.L("This file is no profile of LiveCue."), true
	case errors.As(err, &file) && file.Line > 0:
		return lang.L("The profile cannot be read. Line {{.Line}}: {{.Detail}}", args{"Line": file.Line, "Detail": Sentence(file.Reason)}), true
	case errors.As(err, &file) && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission):
		return lang.L("The profile cannot be read: {{.Detail}}", args{"Detail": Sentence(file.Reason)}), true
	default:
		return "", false
	}
}

func nameError(e *library.NameError) string {
	switch e.Why {
	case library.NameEmpty:
		return lang.L("Give the profile a name.")
	case library.NameTooLong:
		return lang.L("That is too long.")
	case library.NameTaken:
		return lang.L("There is a profile called “{{.Name}}” already.", args{"Name": Clean(e.Other, nameLength)})
	default:
		return lang.L("The name has signs in it that cannot be shown.")
	}
}

// Change says what an import makes different, without the name of the rule.
func Change(c library.Change) string {
	at := func(i int) string {
		if i >= len(c.Args) {
			return ""
		}
		return Clean(c.Args[i], commentLength)
	}
	switch c.Kind {
	case library.ChangedOff:
		return lang.L("It runs a program or sends a request, so it comes switched off. Look at it before you switch it on.")
	case library.ChangedSetting:
		return lang.L("{{.A}} = {{.B}} is left out: {{.C}}", args{"A": at(0), "B": at(1), "C": settingReason(at(0))})
	case library.ChangedServer:
		return lang.L("The server {{.A}} at {{.B}} is called {{.C}} here, so that it does not get the password of yours.", args{"A": at(0), "B": at(1), "C": at(2)})
	case library.ChangedFile:
		return lang.L("The file {{.A}} does not come with it. Choose another one in the rule.", args{"A": at(0)})
	case library.ChangedTarget:
		return lang.L("What is for the server {{.A}} goes to yours of that name, at {{.B}}.", args{"A": at(0), "B": at(1)})
	case library.ChangedNewServer:
		return lang.L("The server {{.A}} at {{.B}} comes with it.", args{"A": at(0), "B": at(1)})
	case library.ChangedPlugin:
		return lang.L("The plugin {{.A}} would run {{.B}} on this computer, so it comes switched off. Look at it before you let it run.", args{"A": at(0), "B": at(1)})
	case library.ChangedLost:
		return lang.L("It cannot be used as it is, and is left out: {{.A}}", args{"A": at(0)})
	default:
		return c.Text
	}
}

// settingReason says what a setting of someone else's could do.
func settingReason(field string) string {
	switch field {
	case "tiktok.signer_url", "tiktok.euler_url":
		return lang.L("your key would be sent there.")
	case "tiktok.proxy_url":
		return lang.L("all that is asked of TikTok would go through it.")
	case "obs.address":
		return lang.L("what was made with your OBS password would be sent there.")
	case "overlay.css":
		return lang.L("a folder whose files would be shown on your overlay pages.")
	default:
		return lang.L("nobody would check who answers.")
	}
}

// LeftOut says why an export leaves something out.
func LeftOut(r library.Reason) string {
	switch r {
	case library.LeftFolder:
		return lang.L("a folder of this computer")
	case library.LeftPlugin:
		return lang.L("a plugin would run a program on another computer")
	case library.LeftSecret:
		return lang.L("what looks like a password or key was taken out")
	case library.LeftNoMedia:
		return lang.L("neither a sound nor a picture")
	case library.LeftNotFound:
		return lang.L("it cannot be found")
	case library.LeftNoFile:
		return lang.L("it is no file")
	case library.LeftForbidden:
		return lang.L("it cannot be read")
	case library.LeftTooMany:
		return lang.L("there are too many files")
	default:
		return lang.L("it is too large")
	}
}

// Why says before which change an earlier state was kept.
func Why(w library.Why) string {
	with := args{"N": Number(w.N), "Rule": Clean(w.Rule, nameLength)}
	switch w.Kind {
	case library.WhyDeleted:
		return lang.L("Before the profile was deleted")
	case library.WhyRestored:
		return lang.L("Before an earlier state was brought back")
	case library.WhyRenamed:
		return lang.L("Before it got another name")
	case library.WhyAdded:
		return lang.N("Before {{.N}} rules were added: {{.Rule}} …", w.N, with)
	case library.WhyRemoved:
		return lang.N("Before {{.N}} rules were removed: {{.Rule}} …", w.N, with)
	case library.WhyChanged:
		return lang.N("Before {{.N}} rules were changed: {{.Rule}} …", w.N, with)
	case library.WhyMoved:
		return lang.L("Before rules were put in another order")
	case library.WhySettings:
		return lang.L("Before settings were changed")
	default:
		return lang.L("Before a change that cannot be read")
	}
}
