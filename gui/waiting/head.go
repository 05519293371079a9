package waiting

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

const (
	// askFrom is how many waiting jobs are cleared without a question.
	askFrom = 10
	// twoLines is the height of two lines of small text.
	twoLines = 42
)

// head is above the list: how the target stands, with its buttons, and what is being done.
type head struct {
	page   *Page
	status queue.LaneStatus

	pill                *look.Pill
	said                *widget.Label
	retry, pause, clear *widget.Button
	state               *fyne.Container

	now              *fyne.Container
	label, who, what *widget.Label
	skip             *look.HintButton
	object           *look.Panel
}

func newHead(p *Page) *head {
	h := &head{
		page: p, pill: look.NewPill("", theme.ColorNamePlaceHolder), said: look.NewHint(""),
		label: look.NewNote(""), who: look.NewStrong(""), what: look.NewLine(""),
	}
	h.retry = widget.NewButtonWithIcon(lang.L("Try now"), theme.ViewRefreshIcon(), func() { p.core.ResumeLane(h.status.Lane); p.refresh() })
	h.pause = widget.NewButtonWithIcon("", nil, h.togglePause)
	h.clear = widget.NewButtonWithIcon(lang.X("drop all that waits", "Drop all"), theme.ContentClearIcon(), h.askClear)
	h.skip = look.NewHintButton(theme.MediaSkipNextIcon(), lang.L("Skip this: its rest is not done"), p.hint, func() { p.core.SkipLane(h.status.Lane); p.refresh() })
	buttons := container.NewHBox(h.retry, h.pause, h.clear)
	h.state = container.New(look.Columns{Gap: 8, Cols: []look.Column{{}, {Weight: 1}, {}}}, h.pill, look.AtMost(twoLines, h.said), buttons)
	h.label.Truncation = fyne.TextTruncateOff
	icon := container.NewGridWrap(fyne.NewSquareSize(18), widget.NewIcon(look.Tint(theme.MediaPlayIcon(), theme.ColorNamePrimary)))
	h.now = container.New(look.Columns{Gap: 4, Cols: []look.Column{{}, {}, {Weight: 3}, {Weight: 7}, {}}}, icon, h.label, h.who, h.what, h.skip)
	h.object = look.NewPanel(look.ColorCard, look.Pad(6, 10, container.NewVBox(h.state, h.now)))
	h.object.Edge, h.object.Radius = look.ColorEdge, 10
	return h
}

func (h *head) show(l queue.LaneStatus, limit int, now time.Time) {
	h.status = l
	s := standing(l, limit, now)
	isOther := h.pill.Text() != s.word || h.retry.Visible() != canRetry(l) // then the words have more room, or less
	h.pill.Set(s.word, s.tone)
	look.SetText(h.said, s.said, widget.LowImportance)
	h.showButtons(l)
	if isOther {
		h.state.Refresh()
	}
	look.SetShown(h.now, l.Running != nil)
	if l.Running != nil {
		label := lang.X("what is being done", "Now")
		if l.HeldUntil.After(now) {
			label = lang.X("what will be done when a limit allows", "Next")
		}
		look.SetText(h.label, label, widget.LowImportance)
		set(h.who, words.JobViewer(*l.Running))
		set(h.what, lang.L("{{.Rule}} – {{.Text}}", map[string]any{"Rule": words.Clean(l.Running.RuleName, textLength), "Text": words.Job(*l.Running)}))
	}
}

// canRetry reports whether the target can be tried again at once.
func canRetry(l queue.LaneStatus) bool { return l.Trouble != "" && !l.Paused }

func (h *head) showButtons(l queue.LaneStatus) {
	text, icon := lang.X("let what comes in wait", "Pause"), theme.MediaPauseIcon()
	importance := widget.MediumImportance
	if l.Paused {
		text, icon, importance = lang.X("go on after a pause", "Resume"), theme.MediaPlayIcon(), widget.HighImportance
	}
	if h.pause.Text != text {
		h.pause.Importance = importance
		h.pause.SetIcon(icon)
		h.pause.SetText(text)
	}
	look.SetShown(h.retry, canRetry(l))
	look.SetEnabled(h.clear, l.Waiting > 0)
}

func (h *head) togglePause() {
	if h.status.Paused {
		h.page.core.ResumeLane(h.status.Lane)
	} else {
		h.page.core.PauseLane(h.status.Lane)
	}
	h.page.refresh()
}

// askClear drops all that waits, after asking where it is much.
func (h *head) askClear() {
	lane, n := h.status.Lane, h.status.Waiting
	clearIt := func() {
		h.page.core.ClearLane(lane)
		h.page.refresh()
	}
	if n <= askFrom {
		clearIt()
		return
	}
	look.Ask(look.Question{
		Title: lang.L("Drop all that waits?"),
		Text: lang.N("{{.N}} actions that wait for {{.Target}} will not be done. They stay in the history, where each can be run again.", n,
			map[string]any{"N": words.Number(n), "Target": words.Lane(lane)}),
		Yes: lang.X("drop all that waits", "Drop all"), No: lang.X("leave as it is", "Keep"), Danger: true, OnYes: clearIt,
	}, h.page.host.Window)
}
