package words

import (
	"errors"

	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/mca"
)

// MCA says why a line of an actions.mca could not be taken, or was taken otherwise than one might think.
func MCA(p mca.Problem) string {
	if p.Lost {
		return mcaLost(p)
	}
	return mcaNote(p)
}

// mcaArg returns the nth argument of a problem, fit to be shown.
func mcaArg(p mca.Problem, n int) any {
	if n >= len(p.Args) {
		return ""
	}
	switch a := p.Args[n].(type) {
	case string:
		return Clean(a, nameLength)
	case int:
		return Number(a)
	default:
		return a
	}
}

func mcaLost(p mca.Problem) string {
	first := args{"A": mcaArg(p, 0)}
	switch p.Code {
	case mca.FileTooLarge:
		return lang.L("The file is larger than {{.A}} MB, so it is no actions.mca.", first)
	case mca.NotUTF8:
		return lang.L("The line is not in UTF-8. Open the file in a text editor, save it as UTF-8 and try again.")
	case mca.ControlCharacters:
		return lang.L("The line has signs in it that no text has.")
	case mca.LineTooLong:
		return lang.L("The line is longer than {{.A}} KB.", first)
	case mca.NoColon:
		return lang.L("There is no colon, so it is not clear what the trigger is.")
	case mca.NoTrigger:
		return lang.L("“{{.A}}” cannot be a trigger.", first)
	case mca.NoCommand:
		return lang.L("Nothing follows the colon.")
	case mca.EmptyCommand:
		return lang.L("The command is empty.")
	case mca.NoPrefix:
		return lang.L("A command must begin with /, !, $ or >>.")
	case mca.Script:
		return lang.L("${{.A}} is a script of Tiktok2Mc’s own, which LiveCue cannot run.", first)
	default:
		return mcaLimit(p)
	}
}

// mcaLimit is for what is too much, and for what no rule can be made of.
func mcaLimit(p mca.Problem) string {
	with := args{"A": mcaArg(p, 0), "B": mcaArg(p, 1)}
	switch p.Code {
	case mca.TooManyActions:
		return lang.L("A rule has at most {{.A}} actions.", args{"A": with["A"]})
	case mca.CommandTooLong:
		return lang.L("The command has {{.A}} bytes, and servers read at most {{.B}}.", with)
	case mca.NoText:
		return lang.L("There is no text to show.")
	case mca.TextTooLong:
		return lang.L("The text is too long for a title.")
	case mca.TooManyTriggers:
		return lang.L("There are more than {{.A}} triggers.", args{"A": with["A"]})
	case mca.NoGiftNumber:
		return lang.L("That cannot be the number of a gift.")
	case mca.NoOther:
		return lang.L("There is no other trigger to choose from.")
	case mca.Unsound:
		var problem action.Problem
		if len(p.Args) > 0 {
			if err, ok := p.Args[0].(error); ok && errors.As(err, &problem) {
				return Field(problem)
			}
		}
	}
	return p.Reason
}

func mcaNote(p mca.Problem) string {
	with := args{"A": mcaArg(p, 0), "B": mcaArg(p, 1)}
	switch p.Code {
	case mca.NotClosed:
		return lang.L("Quotes or brackets are not closed, so the line was divided at each semicolon.")
	case mca.Comment:
		return lang.L("What follows # is a comment, as it is for Tiktok2Mc.")
	case mca.TooManyTimes:
		return lang.L("x{{.A}} is more than {{.B}}, which is the most.", with)
	case mca.EveryPlayer:
		return lang.L("{user} in a command means every player, @a, as it does for Tiktok2Mc.")
	case mca.Placeholder:
		return lang.L("The text {{.A}} in curly brackets stands for something in LiveCue.", args{"A": with["A"]})
	case mca.PerPlayer:
		return lang.L("Tiktok2Mc runs each / command once for every player on the server. LiveCue runs it once, and those with @s for every player.")
	case mca.ThirdBar:
		return lang.L("What follows the third | is not shown by Tiktok2Mc either.")
	case mca.NoSeconds:
		return lang.L("“{{.A}}” is no number of seconds: {{.B}} was taken.", with)
	case mca.TooManySeconds:
		return lang.L("A text can be shown for {{.A}} seconds at most.", args{"A": with["A"]})
	default:
		return mcaTrigger(p)
	}
}

// mcaTrigger is for what is odd in a trigger.
func mcaTrigger(p mca.Problem) string {
	with := args{"A": mcaArg(p, 0), "B": mcaArg(p, 1)}
	switch p.Code {
	case mca.LikesTaken:
		return lang.L("Tiktok2Mc’s config.yaml says how many likes {{.A}} waits for: {{.B}} was taken. They are the stream’s likes, as shown on screen.", with)
	case mca.LikesUnknown:
		return lang.L("Tiktok2Mc’s config.yaml says how many likes {{.A}} waits for. Set it in the rule, which is switched off until then.", args{"A": with["A"]})
	case mca.UnknownGift:
		return lang.L("No gift of that name is known. Choose the gift in the rule, which is switched off until then.")
	case mca.SeveralGifts:
		return lang.L("Several gifts have that name, and the rule is for all of them.")
	case mca.SameGift:
		return lang.L("The file has the same gift by its name, which Tiktok2Mc prefers. This rule is switched off.")
	default:
		return p.Reason
	}
}
