package words

import (
	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/queue"
)

// JobState names the state of a job.
func JobState(s action.State) string {
	switch s {
	case action.Waiting:
		return lang.L("waiting")
	case action.Running:
		return lang.L("running")
	case action.Done:
		return lang.L("done")
	case action.Rejected:
		return lang.L("refused")
	case action.Failed:
		return lang.L("failed")
	case action.Unknown:
		return lang.L("sent, no answer")
	case action.Expired:
		return lang.L("too late, dropped")
	case action.Dropped:
		return lang.L("cancelled")
	default:
		return string(s)
	}
}

// StateOf is how a job stands; one of which nothing was reported waits.
func StateOf(r queue.Report) action.State {
	if r.State == "" {
		return action.Waiting
	}
	return r.State
}

// Progress names the state of a job, with its runs where it has several, and those of which nobody knows whether they were done.
func Progress(r queue.Report) string {
	text := progress(r)
	if r.Unsure == 0 || r.Job.Runs <= 1 || r.State == action.Unknown || !r.State.IsFinal() {
		return text
	}
	return text + " · " + lang.N("{{.N}} sent, not answered", r.Unsure, args{"N": Number(r.Unsure)})
}

func progress(r queue.Report) string {
	state := JobState(StateOf(r))
	switch runs := r.Job.Runs; {
	case runs <= 1:
		return state
	case r.State == action.Running:
		return lang.L("{{.State}} {{.N}} of {{.Runs}}", args{"State": state, "N": r.Runs, "Runs": runs})
	case r.State == action.Rejected:
		return lang.L("{{.State}} {{.N}} of {{.Runs}}", args{"State": state, "N": r.Refused, "Runs": runs})
	case r.State == action.Unknown && r.Unsure > 0:
		return lang.L("{{.State}} {{.N}} of {{.Runs}}", args{"State": state, "N": r.Unsure, "Runs": runs})
	case r.Runs > 0 && r.Runs < runs && r.State.IsFinal() && r.State != action.Done:
		return lang.L("{{.State}} after {{.N}} of {{.Runs}}", args{"State": state, "N": r.Runs, "Runs": runs})
	default:
		return lang.L("{{.State}} {{.N}} ×", args{"State": state, "N": runs})
	}
}

// Job says in short what a job does, and how many times in all.
func Job(j action.Job) string {
	s := j.Spec
	s.PerGift, s.Repeat = false, j.Runs
	if s.RCON != nil {
		sent := *s.RCON
		sent.Command = action.Expand(sent.Command, j.Fields, func(p action.Placeholder) string { return Clean(p.Value, commandLength) })
		s.RCON = &sent
	}
	return Action(s)
}

// JobViewer is who set a job off, as far as it knows.
func JobViewer(j action.Job) string {
	return Name(event.User{Nickname: j.Fields.Nickname, Handle: j.Fields.User})
}
