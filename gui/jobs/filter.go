package jobs

import (
	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/gui/words"
)

// filter says which jobs the history shows.
type filter struct {
	label string
	// states are those that pass; none let all pass.
	states []action.State
}

// filters are in the order of the choice; the first shows all.
func filters() []filter {
	all := []filter{
		{label: lang.L("Everything")},
		{lang.L("What did not work"), []action.State{action.Rejected, action.Failed, action.Unknown, action.Expired}},
	}
	for _, s := range []action.State{action.Done, action.Rejected, action.Failed, action.Unknown, action.Expired, action.Dropped} {
		all = append(all, filter{words.JobState(s), []action.State{s}})
	}
	return all
}
