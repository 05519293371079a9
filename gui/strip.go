package gui

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// strip is the bottom of the window: a chip for each lane of the queue, the panic stop, and a line about the program's
// health, in whose place hints stand while the pointer is over a button.
type strip struct {
	core  Core
	chips map[string]*laneChip
	row   *fyne.Container
	idle  *widget.Label
	panic *widget.Button
	all   *widget.Button
	line  *widget.Label
	// health and trouble are what line says when there is no hint.
	health, trouble, hint string
	object                fyne.CanvasObject
}

func newStrip(core Core, onPanic func()) *strip {
	s := &strip{core: core, chips: map[string]*laneChip{}, row: container.NewHBox(), line: look.NewHint("")}
	s.idle = look.NewNote(lang.L("Nothing is queued"))
	s.panic = widget.NewButtonWithIcon(lang.L("Panic stop"), look.Icon("stop"), onPanic)
	s.panic.Importance = widget.DangerImportance
	s.all = widget.NewButton(lang.L("Resume all"), s.resumeAll)
	s.all.Importance = widget.HighImportance
	shortcut := look.NewNote(panicShortcutLabel())
	shortcut.Truncation = fyne.TextTruncateOff
	right := container.NewHBox(s.all, s.panic)
	lanes := container.NewBorder(nil, nil, nil, right, container.NewHScroll(container.NewStack(s.idle, s.row)))
	bottom := look.NewCompact(container.NewBorder(nil, nil, nil, shortcut, look.AtMost(twoLines, s.line)))
	s.object = look.NewPanel(look.ColorRail, look.Pad(6, 10, container.NewVBox(lanes, bottom)))
	return s
}

// show draws the lanes and the health as they are now.
func (s *strip) show(lanes []queue.LaneStatus, h app.Health, soundProblem string, now time.Time) {
	s.trouble = ""
	paused, known := false, map[string]bool{}
	for _, l := range lanes {
		known[l.Lane] = true
		s.chip(l.Lane).show(l)
		paused = paused || l.Paused
		if l.Trouble != "" && s.trouble == "" {
			s.trouble = laneTrouble(l, now)
		}
	}
	s.forget(known)
	s.showDisk(h)
	if s.trouble == "" && soundProblem != "" {
		s.trouble = lang.L("No sound: {{.Detail}}", map[string]any{"Detail": words.Reported(soundProblem)})
	}
	s.health = healthLine(h)
	look.SetShown(s.idle, len(lanes) == 0)
	look.SetShown(s.all, paused)
	s.say(s.hint)
}

// showDisk puts what finds no way to the disk before all other trouble.
func (s *strip) showDisk(h app.Health) {
	if i := slices.IndexFunc(h.Problems, words.IsDiskProblem); i >= 0 {
		s.trouble = words.Problem(h.Problems[i])
	}
}

// chip returns the lane's chip, a new one at its first sight.
func (s *strip) chip(lane string) *laneChip {
	c, ok := s.chips[lane]
	if !ok {
		c = newLaneChip(lane, s.core, s.say)
		s.chips[lane] = c
		s.row.Add(c.object)
	}
	return c
}

// forget removes the chips of lanes that are no more.
func (s *strip) forget(known map[string]bool) {
	for lane, c := range s.chips {
		if !known[lane] {
			s.row.Remove(c.object)
			delete(s.chips, lane)
		}
	}
}

func (s *strip) resumeAll() {
	for lane := range s.chips {
		s.core.ResumeLane(lane)
	}
	for _, l := range s.core.Lanes() {
		s.chip(l.Lane).show(l)
	}
	s.all.Hide()
}

// say shows a hint, or with "" the trouble or the health again.
func (s *strip) say(hint string) {
	s.hint = hint
	switch {
	case hint != "":
		look.SetText(s.line, hint, widget.MediumImportance)
	case s.trouble != "":
		look.SetText(s.line, s.trouble, widget.WarningImportance)
	default:
		look.SetText(s.line, s.health, widget.LowImportance)
	}
}

func laneTrouble(l queue.LaneStatus, now time.Time) string {
	text := lang.L("{{.Rule}} – {{.Text}}", map[string]any{"Rule": words.Lane(l.Lane), "Text": words.Reported(l.Trouble)})
	if !l.RetryAt.IsZero() {
		text = words.Sentence(text) + " " + lang.L("Next attempt in {{.Time}}.", map[string]any{"Time": words.Countdown(l.RetryAt, now)})
	}
	return text
}

func healthLine(h app.Health) string {
	text := lang.N("{{.N}} events", int(h.Events), map[string]any{"N": words.Number(h.Events)})
	if h.Malformed > 0 {
		text += " · " + lang.N("{{.N}} unreadable", int(h.Malformed), map[string]any{"N": words.Number(h.Malformed)})
	}
	if h.Duplicates > 0 {
		text += " · " + lang.N("{{.N}} came twice, counted once", int(h.Duplicates), map[string]any{"N": words.Number(h.Duplicates)})
	}
	if h.Reconnects > 0 {
		text += " · " + lang.N("{{.N}} reconnects", int(h.Reconnects), map[string]any{"N": words.Number(h.Reconnects)})
	}
	if h.Panics > 0 {
		text += " · " + lang.N("{{.N}} internal errors", int(h.Panics), map[string]any{"N": words.Number(h.Panics)})
	}
	return text
}
