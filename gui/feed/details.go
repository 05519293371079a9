package feed

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/gui/jobs"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// maxDetails bounds how many rules and jobs Details lists each.
const maxDetails = 60

// Details tells all there is to a row: the event where it is known, each job with the target's reply, and what every rule made of it.
func Details(r *Row) fyne.CanvasObject {
	box := container.NewVBox()
	if r.Event != nil {
		addEvent(box, r.Event)
	}
	if r.Replayed {
		box.Add(look.NewHint(lang.L("This happened in a stream that is over. It is only played again: nobody has paid for it now.")))
	}
	if len(r.Jobs) > 0 {
		box.Add(look.NewHeading(lang.L("What it triggered")))
	}
	for _, j := range r.Jobs[:min(len(r.Jobs), maxDetails)] {
		box.Add(jobLine(j))
	}
	if len(r.Decisions) > 0 {
		box.Add(look.NewHeading(lang.L("What the rules made of it")))
	}
	for _, d := range r.Decisions[:min(len(r.Decisions), maxDetails)] {
		box.Add(decisionLine(d))
	}
	return container.NewVScroll(look.NewCompact(box))
}

func addEvent(box *fyne.Container, e event.Event) {
	head := words.Event(e)
	if who := viewer(e); who != "" {
		head = who + ": " + head
	}
	box.Add(look.NewProse(head))
	if from, ok := e.(event.FromViewer); ok && from.From().Handle != "" {
		box.Add(look.NewHint("@" + words.Clean(from.From().Handle, replyLength)))
	}
}

func jobLine(j queue.Report) fyne.CanvasObject {
	text := words.Progress(j)
	if j.Latency > 0 {
		text = lang.L("{{.State}} after {{.Time}}", map[string]any{"State": text, "Time": words.Latency(j.Latency)})
	}
	name := words.Clean(j.Job.RuleName, replyLength)
	if j.Job.Spec.Kind() != "" {
		name += " · " + words.Action(j.Job.Spec)
	}
	state := look.NewProse(text)
	state.Importance = jobs.Importance(words.StateOf(j))
	lines := container.NewVBox(look.NewStrong(name), state)
	if reply := words.Clean(j.Reply, 400); reply != "" {
		lines.Add(look.NewHint(lang.L("Answer: {{.Text}}", map[string]any{"Text": reply})))
	}
	if j.Error != "" && words.StateOf(j) != action.Done {
		lines.Add(look.NewHint(words.Clean(words.Reported(j.Error), 400)))
	}
	return container.NewBorder(nil, nil, container.NewCenter(square(widget.NewIcon(jobs.Icon(words.StateOf(j))))), nil, lines)
}

func decisionLine(d rule.Decision) fyne.CanvasObject {
	text := look.NewProse(words.Reason(d)) // the condition that stopped it may be long
	text.Importance = widget.LowImportance
	if d.Reason == rule.ReasonFired {
		text.Importance = widget.SuccessImportance
	}
	return container.NewGridWithColumns(2, look.NewStrong(words.Clean(d.RuleName, replyLength)), text)
}
