package feed

import (
	"cmp"
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/gui/words"
)

// replyLength is how much of a server's reply a row shows, in graphemes.
const replyLength = 100

// outcome is what a row says of what the event triggered.
type outcome struct {
	text  string
	state action.State // "" when nothing was triggered
}

// outcomeOf sums up a row: its rules' names and how the worst of their jobs stands, or why nothing was triggered.
func outcomeOf(r *Row) outcome {
	if len(r.Jobs) == 0 && r.Replayed && len(r.Fired) > 0 {
		text := lang.L("only replayed, nothing is done")
		return outcome{text: lang.L("{{.Rule}} – {{.Text}}", map[string]any{"Rule": firedBy(r), "Text": text})}
	}
	if len(r.Jobs) == 0 {
		if !canTrigger(r.Event) {
			return outcome{text: words.Aftermath(r.Event)}
		}
		g, isGift := r.Event.(event.Gift)
		return outcome{text: words.WhyNot(r.Decisions, isGift && !g.Final)}
	}
	worst := slices.MaxFunc(r.Jobs, func(a, b queue.Report) int {
		return cmp.Or(severity(words.StateOf(a))-severity(words.StateOf(b)), explained(a)-explained(b), a.Job.Runs-b.Job.Runs)
	})
	how := words.Progress(worst)
	if done := doneOf(r.Jobs); done > 0 && severity(words.StateOf(worst)) <= severity(action.Running) && done < len(r.Jobs) {
		how = lang.L("{{.N}} of {{.Runs}} done, {{.Text}}", map[string]any{"N": done, "Runs": len(r.Jobs), "Text": how})
	}
	text := lang.L("{{.Rule}} – {{.Text}}", map[string]any{"Rule": firedBy(r), "Text": how})
	if detail := detailOf(worst); detail != "" {
		text += ": " + detail
	}
	return outcome{text: text, state: words.StateOf(worst)}
}

// firedBy names the rules that fired.
func firedBy(r *Row) string { return words.Clean(strings.Join(r.Fired, ", "), replyLength) }

// explained is 1 for a job whose target said something, and 0 for others.
func explained(j queue.Report) int { return min(len(j.Error)+len(j.Reply), 1) }

// doneOf counts the jobs that are done.
func doneOf(jobs []queue.Report) int {
	n := 0
	for _, j := range jobs {
		if j.State == action.Done {
			n++
		}
	}
	return n
}

// severity orders states by how much the user has to know of them.
func severity(s action.State) int {
	order := []action.State{
		action.Done, action.Waiting, action.Running, action.Dropped, action.Expired, action.Unknown, action.Rejected, action.Failed,
	}
	return slices.Index(order, s)
}

// detailOf is what the target said against it, or why a job waits for its target.
func detailOf(j queue.Report) string {
	switch words.StateOf(j) {
	case action.Rejected:
		return words.Clean(j.Reply, replyLength)
	case action.Failed, action.Unknown, action.Expired, action.Waiting:
		return words.Clean(words.Reported(j.Error), replyLength)
	default:
		return ""
	}
}
