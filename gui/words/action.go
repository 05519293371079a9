package words

import (
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/action"
)

// bundledPrefix marks a sound that comes with the program.
const bundledPrefix = "bundled:"

// commandLength is how much of a command a summary shows, in graphemes.
const commandLength = 60

// Action says in short what an action does, and how often.
func Action(s action.Spec) string {
	var text string
	switch s.Kind() {
	case action.KindRCON:
		text = command(s.RCON.Command)
	case action.KindSound:
		text = "♪ " + Sound(s.Sound.File)
		if s.Sound.Volume > 0 && s.Sound.Volume < 100 {
			text = lang.L("{{.Sound}} at {{.N}} %", args{"Sound": text, "N": s.Sound.Volume})
		}
	default:
		text = deed(s)
	}
	switch with := (args{"N": s.Repeat, "Action": text}); {
	case s.PerGift && s.Repeat > 1:
		return lang.L("{{.N}} × for each gift: {{.Action}}", with)
	case s.PerGift:
		return lang.L("for each gift: {{.Action}}", with)
	case s.Repeat > 1:
		return lang.L("{{.N}} × {{.Action}}", with)
	default:
		return text
	}
}

// Sound names a sound by its file, without folder and ending.
func Sound(file string) string {
	if name, ok := strings.CutPrefix(file, bundledPrefix); ok {
		return name
	}
	name := filepath.Base(file)
	return strings.TrimSuffix(name, filepath.Ext(name))
}

// command shows the first line of a command and how many more there are.
func command(text string) string {
	lines := action.Lines(text)
	if len(lines) == 0 {
		return lang.L("no command yet")
	}
	first := Clean(lines[0], commandLength)
	if more := len(lines) - 1; more > 0 {
		return lang.L("{{.Command}} (+{{.N}} more)", args{"Command": first, "N": more})
	}
	return first
}

// Lane names a lane of the queue: a game server, the sounds, or another target.
func Lane(lane string) string {
	if server, ok := strings.CutPrefix(lane, "rcon:"); ok {
		if server == "" {
			return lang.L("Game server")
		}
		return Clean(server, nameLength)
	}
	if host, ok := strings.CutPrefix(lane, action.WebLane); ok {
		return lang.L("Web: {{.Host}}", args{"Host": Clean(host, nameLength)})
	}
	switch lane {
	case "sound":
		return lang.L("Sounds")
	case "overlay":
		return lang.L("Overlays")
	case "obs":
		return lang.L("OBS")
	case "speech":
		return lang.L("Speech")
	case "state":
		return lang.L("Counters and timers")
	case "http":
		return lang.L("Web requests")
	case "program":
		return lang.L("Programs")
	default:
		return lane
	}
}
