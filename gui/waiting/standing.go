package waiting

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/gui/words"
)

const (
	soundLane = "sound"
	gameLane  = "rcon:" // followed by the server's name
)

// stand is how a target stands: a word, its colour, and a sentence.
type stand struct {
	word string
	tone fyne.ThemeColorName
	said string
}

// standing says how a lane stands. limit is how many runs a minute its target is given, or 0.
func standing(l queue.LaneStatus, limit int, now time.Time) stand {
	switch {
	case l.Paused && l.Trouble != "":
		return stand{lang.L("paused"), theme.ColorNameWarning, trouble(l, now)}
	case l.Paused:
		return stand{lang.L("paused"), theme.ColorNameWarning, lang.L("What comes in waits until you resume.")}
	case l.Trouble != "":
		return stand{words.TroubleWord(l.Trouble), theme.ColorNameError, trouble(l, now)}
	case l.HeldUntil.After(now):
		return stand{lang.L("held back"), theme.ColorNameWarning, held(l, limit, now)}
	case l.Running != nil:
		return stand{words.JobState("running"), theme.ColorNamePrimary, load(l)}
	case l.Waiting > 0:
		return stand{words.JobState("waiting"), theme.ColorNamePrimary, load(l)}
	default:
		return stand{lang.L("ready"), theme.ColorNameSuccess, ""}
	}
}

// trouble says why a lane does not get on and when it tries again.
func trouble(l queue.LaneStatus, now time.Time) string {
	text := words.Sentence(words.Clean(words.Reported(l.Trouble), 400))
	if l.RetryAt.IsZero() {
		return text
	}
	return text + " " + lang.L("Next attempt in {{.Time}}.", map[string]any{"Time": words.Countdown(l.RetryAt, now)})
}

// held says until when a limit holds a lane.
func held(l queue.LaneStatus, limit int, now time.Time) string {
	with := map[string]any{"N": limit, "Time": words.Countdown(l.HeldUntil, now), "Clock": words.Moment(l.HeldUntil, now)}
	if limit == 0 {
		return lang.L("A limit a minute holds it back until {{.Clock}}, for {{.Time}} more.", with)
	}
	return lang.L("At most {{.N}} a minute may begin: it goes on at {{.Clock}}, in {{.Time}}.", with)
}

// load says how much there is to do.
func load(l queue.LaneStatus) string {
	text := lang.N("{{.N}} waiting", l.Waiting, map[string]any{"N": words.Number(l.Waiting)})
	if l.Runs > l.Waiting {
		text += " · " + words.RunsLeft(l.Runs, 0)
	}
	return text
}

// perMinute is how many runs a minute the target of a lane is given, or 0 for any number.
func perMinute(p profile.Profile, lane string) int {
	switch lane {
	case soundLane:
		return p.Sound.PerMinute
	case "obs":
		return p.OBS.PerMinute
	case "speech":
		return p.Speech.PerMinute
	}
	for _, s := range p.RCON {
		if gameLane+s.Name == lane {
			return s.PerMinute
		}
	}
	return 0
}
