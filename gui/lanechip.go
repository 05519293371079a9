package gui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// laneChip is one lane of the queue: how much waits, and the buttons to pause, skip and clear.
type laneChip struct {
	lane   string
	core   Core
	status queue.LaneStatus

	depth              *widget.Label
	pause, skip, clear *look.HintButton
	object             *look.Panel
}

func newLaneChip(lane string, core Core, hint func(string)) *laneChip {
	c := &laneChip{lane: lane, core: core, depth: widget.NewLabel("")}
	c.depth.SizeName = theme.SizeNameCaptionText
	name := map[string]any{"Lane": words.Lane(lane)}
	c.pause = look.NewHintButton(theme.MediaPauseIcon(), "", hint, c.togglePause)
	c.skip = look.NewHintButton(theme.MediaSkipNextIcon(), lang.L("Skip what {{.Lane}} is doing now", name), hint, func() { c.core.SkipLane(lane); c.again() })
	c.clear = look.NewHintButton(theme.ContentClearIcon(), lang.L("Throw away all that waits for {{.Lane}}", name), hint, func() { c.core.ClearLane(lane); c.again() })
	title := widget.NewLabelWithStyle(words.Lane(lane), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	icon := container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(18), widget.NewIcon(look.IconIn(laneIcon(lane), theme.ColorNamePlaceHolder))))
	row := container.NewHBox(look.Gap(2, 0), icon, container.NewCenter(title), container.NewCenter(c.depth), c.pause, c.skip, c.clear)
	c.object = look.NewPanel(look.ColorCard, look.NewCompact(row))
	c.object.Edge, c.object.Radius = look.ColorEdge, 8
	return c
}

// laneIcon names the icon of what a lane leads to.
func laneIcon(lane string) string {
	kind, _, _ := strings.Cut(lane, ":")
	switch kind {
	case "sound", "obs", "speech", "overlay", "program", "http":
		return kind
	case "state":
		return "counter"
	default:
		return "command"
	}
}

func (c *laneChip) togglePause() {
	if c.status.Paused {
		c.core.ResumeLane(c.lane)
	} else {
		c.core.PauseLane(c.lane)
	}
	c.again()
}

// again shows the lane as it is after a press on a button.
func (c *laneChip) again() {
	for _, l := range c.core.Lanes() {
		if l.Lane == c.lane {
			c.show(l)
		}
	}
}

func (c *laneChip) show(l queue.LaneStatus) {
	c.status = l
	text, importance := laneState(l)
	look.SetText(c.depth, text, importance)
	icon, hint := theme.MediaPauseIcon(), lang.L("Pause {{.Lane}}: what comes in waits", map[string]any{"Lane": words.Lane(l.Lane)})
	if l.Paused {
		icon, hint = look.Tint(theme.MediaPlayIcon(), theme.ColorNamePrimary), lang.L("Resume {{.Lane}}", map[string]any{"Lane": words.Lane(l.Lane)})
	}
	if c.pause.Hint != hint {
		c.pause.Hint = hint
		c.pause.SetIcon(icon)
	}
	look.SetEnabled(c.skip, l.Running != nil || l.Waiting > 0)
	look.SetEnabled(c.clear, l.Waiting > 0)
	edge := look.ColorEdge
	switch {
	case l.Trouble != "":
		edge = theme.ColorNameError
	case l.Paused:
		edge = theme.ColorNameWarning
	}
	if c.object.Edge != edge {
		c.object.Edge = edge
		c.object.Refresh()
	}
}

// laneState says how a lane stands in a word or two.
func laneState(l queue.LaneStatus) (string, widget.Importance) {
	waiting := lang.N("{{.N}} waiting", l.Waiting, map[string]any{"N": words.Number(l.Waiting)})
	switch {
	case l.Paused && l.Waiting > 0:
		return lang.L("paused, {{.Waiting}}", map[string]any{"Waiting": waiting}), widget.WarningImportance
	case l.Paused:
		return lang.L("paused"), widget.WarningImportance
	case l.Trouble != "" && l.Waiting == 0:
		return lang.L("stuck"), widget.DangerImportance
	case l.Trouble != "":
		return lang.L("stuck, {{.Waiting}}", map[string]any{"Waiting": waiting}), widget.DangerImportance
	case !l.HeldUntil.IsZero() && l.Waiting > 0:
		return lang.L("held back, {{.Waiting}}", map[string]any{"Waiting": waiting}), widget.WarningImportance
	case !l.HeldUntil.IsZero():
		return lang.L("held back"), widget.WarningImportance
	case l.Waiting > 0:
		return waiting, widget.HighImportance
	case l.Running != nil:
		return words.JobState("running"), widget.HighImportance
	default:
		return lang.L("ready"), widget.LowImportance
	}
}
