package editor

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/obs"
	"github.com/livecue/livecue/core/action/program"
	"github.com/livecue/livecue/core/action/rcon"
	"github.com/livecue/livecue/core/action/speech"
	"github.com/livecue/livecue/core/action/web"
	"github.com/livecue/livecue/core/overlay"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/profile/library"
	"github.com/livecue/livecue/core/scoreboard"
	"github.com/livecue/livecue/gui/words"
)

// wouldSend says what a job would do, with its placeholders filled in as its target gets them. It may be seen on stream: what looks
// like a secret is left out.
func wouldSend(j action.Job, p profile.Profile) string {
	head := words.Lane(j.Spec.Lane())
	if j.Runs > 1 {
		head = lang.L("{{.N}} × {{.Action}}", map[string]any{"N": j.Runs, "Action": head})
	}
	if late := j.Due.Sub(j.Created); !j.Due.IsZero() && late > 0 {
		head += " · " + lang.L("after {{.Time}}", map[string]any{"Time": words.Span(late)})
	}
	return head + "\n" + strings.Join(sent(j, p), "\n")
}

// sent are the lines of what a job's target gets.
func sent(j action.Job, p profile.Profile) []string {
	s := j.Spec
	switch {
	case s.RCON != nil:
		lines, err := rcon.Render(*s.RCON, j.Fields)
		if err != nil {
			return []string{words.Error(err)}
		}
		return lines
	case s.HTTP != nil:
		return request(s, j.Fields)
	case s.Program != nil:
		return programLines(s, j.Fields)
	case s.OBS != nil:
		return obsLines(*s.OBS, j.Fields)
	case s.Overlay != nil:
		return alertLines(*s.Overlay, j.Fields)
	case s.Speech != nil:
		return speechLines(*s.Speech, j.Fields, p.Speech)
	case s.Counter != nil:
		return []string{counterLine(j, *s.Counter)}
	case s.Timer != nil:
		return []string{timerLine(j, *s.Timer)}
	default:
		return []string{words.Action(action.Spec{Sound: s.Sound})}
	}
}

// request is a request as a server reads it: method and address, the headers, the body.
func request(s action.Spec, f action.Fields) []string {
	if _, err := web.Render(*s.HTTP, f); err != nil {
		return []string{words.Error(err)}
	}
	safe := library.Harmless(s)
	r, err := web.Render(*safe.HTTP, f)
	if err != nil { // what stands for a secret does not fit into the body
		safe.HTTP.Body = ""
		if r, err = web.Render(*safe.HTTP, f); err != nil {
			return []string{words.Error(err)}
		}
	}
	lines := []string{r.Method + " " + r.URL.String()}
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		lines = append(lines, name+": "+strings.Join(r.Header[name], ", "))
	}
	if len(r.Body) > 0 {
		lines = append(lines, string(r.Body))
	}
	return lines
}

// programLines is a program, and each of its arguments on a line.
func programLines(s action.Spec, f action.Fields) []string {
	safe := library.Harmless(s)
	lines := []string{safe.Program.Path}
	for i, arg := range program.Args(*safe.Program, f) {
		lines = append(lines, strconv.Itoa(i+1)+": "+arg)
	}
	return lines
}

func obsLines(o action.OBS, f action.Fields) []string {
	line := words.Action(action.Spec{OBS: &o})
	if o.Do == action.OBSSource && o.Scene != "" {
		line += " (" + words.Clean(o.Scene, 60) + ")"
	}
	if o.Do == action.OBSSource || o.Do == action.OBSFilter {
		line += " → " + words.Switch(o.Switch)
	}
	lines := []string{line}
	if o.Do == action.OBSText {
		lines = append(lines, "“"+obs.Text(o.Text, f)+"”")
	}
	if o.For > 0 {
		lines = append(lines, lang.L("back after {{.Time}}", map[string]any{"Time": words.Span(o.For.Std())}))
	}
	return lines
}

func alertLines(o action.Overlay, f action.Fields) []string {
	var lines []string
	if o.Text != "" {
		lines = append(lines, "“"+overlay.Text(o.Text, f)+"”")
	}
	if o.Image != "" {
		lines = append(lines, lang.L("Picture: {{.Name}}", map[string]any{"Name": words.Sound(o.Image)}))
	}
	if o.Sound != "" {
		lines = append(lines, "♪ "+words.Sound(o.Sound))
	}
	seen := o.For.Std()
	if seen == 0 {
		seen = 5 * time.Second
	}
	animation := o.Animation
	if animation == "" {
		animation = "pop"
	}
	return append(lines, words.Animation(animation)+" · "+words.Span(seen))
}

func speechLines(s action.Speech, f action.Fields, p profile.Speech) []string {
	settings := speech.Settings{Voice: p.Voice, Rate: p.Rate, Volume: p.Volume, MaxLength: p.MaxLength}.Block(p.Blocked)
	said := settings.Text(s.Text, f)
	if said == "" {
		return []string{lang.L("Nothing is left to say.")}
	}
	lines := []string{"“" + said + "”"}
	if s.Voice != "" {
		lines = append(lines, s.Voice)
	}
	return lines
}

func counterLine(j action.Job, c action.Counter) string {
	amount := scoreboard.Amount(j, c)
	if amount == 0 && !c.Set { // a gift that costs nothing
		return lang.L("{{.Name}} {{.Amount}}", map[string]any{"Name": words.Clean(c.Name, 40), "Amount": "+0"})
	}
	return words.Action(action.Spec{Counter: &action.Counter{Name: c.Name, Set: c.Set, Amount: amount}})
}

func timerLine(j action.Job, t action.Timer) string {
	by := scoreboard.Time(j, t)
	if by < 0 {
		by = -by
	}
	t.Time, t.PerCoin = duration(by), false
	return words.Action(action.Spec{Timer: &t})
}
