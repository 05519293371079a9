package words

import (
	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/action"
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
