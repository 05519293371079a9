package words

import (
	"errors"

	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/rcon"
	"github.com/livecue/livecue/core/app"
)

// shownBefore is how much of a command is shown before the place that cannot be read, in runes.
const shownBefore = 40

// Verdict names a verdict.
func Verdict(v app.Verdict) string {
	switch v {
	case app.VerdictBad:
		return lang.L("does not work")
	case app.VerdictOdd:
		return lang.L("probably not as meant")
	case app.VerdictUnreachable:
		return lang.L("could not be asked")
	case app.VerdictUnchecked:
		return lang.L("cannot be checked")
	default:
		return lang.L("fine")
	}
}

// VerdictCount counts findings of a verdict.
func VerdictCount(v app.Verdict, n int) string {
	with := args{"N": n}
	switch v {
	case app.VerdictBad:
		return lang.N("{{.N}} do not work", n, with)
	case app.VerdictOdd:
		return lang.N("{{.N}} are odd", n, with)
	case app.VerdictUnreachable:
		return lang.N("{{.N}} could not be asked", n, with)
	case app.VerdictUnchecked:
		return lang.N("{{.N}} cannot be checked", n, with)
	default:
		return lang.N("{{.N}} are fine", n, with)
	}
}

// Finding says why a result of the check of everything is not good: what, and the cause.
func Finding(r app.PreflightResult) string {
	switch {
	case r.Issue != nil:
		return Issue(*r.Issue)
	case r.Refusal != "":
		return lang.L("{{.Command}} – {{.Server}} says: {{.Words}}", args{
			"Command": marked(r.Text, r.At), "Server": Clean(r.Server, nameLength), "Words": Clean(r.Refusal, 200),
		})
	case r.Err != nil:
		return Clean(r.Text, commandLength) + " – " + findingError(r)
	default:
		return Clean(r.Text, commandLength)
	}
}

func findingError(r app.PreflightResult) string {
	var name *app.OBSNameError
	switch {
	case errors.As(r.Err, &name):
		return obsName(name)
	case errors.Is(r.Err, rcon.ErrPlugins):
		return lang.L("This server has plugins, whose commands cannot be checked without doing them.")
	case errors.Is(r.Err, rcon.ErrNotBrigadier):
		return lang.L("Only Minecraft: Java Edition 1.13 and newer can check commands without doing them.")
	case errors.Is(r.Err, rcon.ErrTooLong):
		return lang.L("The command is too long to be checked.")
	case r.Kind == action.KindProgram:
		return lang.L("This program is not there, or cannot be run like that: {{.Detail}}", args{"Detail": r.Err.Error()})
	case r.Kind == action.KindOBS:
		return Reported(r.Err.Error())
	case r.Kind == action.KindOverlay:
		return Alert(r.Err)
	default:
		return Error(r.Err)
	}
}

// Alert says what is wrong with the picture or the sound of an alert.
func Alert(err error) string {
	return lang.L("The picture or the sound cannot be used: {{.Detail}}", args{"Detail": err.Error()})
}

func obsName(e *app.OBSNameError) string {
	with := args{"Name": Clean(e.Name, nameLength)}
	switch e.What {
	case "scene":
		return lang.L("OBS has no scene called {{.Name}}.", with)
	case "filter":
		return lang.L("That source of OBS has no filter called {{.Name}}.", with)
	default:
		return lang.L("OBS has no such source there: {{.Name}}.", with)
	}
}

// marked shows a command with a mark at the place where reading it stopped.
func marked(command string, at int) string {
	runes := []rune(command)
	if at < 0 || at > len(runes) {
		return Clean(command, commandLength)
	}
	before := string(runes[:at])
	if at > shownBefore {
		before = "…" + string(runes[at-shownBefore:at])
	}
	return Clean(before, commandLength) + " ▸" + Clean(string(runes[at:]), commandLength)
}
