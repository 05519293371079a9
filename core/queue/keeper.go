package queue

import "github.com/livecue/livecue/core/action"

// Keeper notes how far jobs have come. Its methods are called from the lanes' goroutines, never for one job at the same time,
// and must be quick: they stand between a job and its target.
type Keeper interface {
	// Claim notes that a run, counted from 0, is about to be done. If it cannot, the run is not done but tried later: whoever
	// finds the job after a crash could not tell whether it had been sent.
	Claim(job action.Job, run int) error
	// Note takes back the claim and notes how far the job has come: Waiting or Running with the runs that are over, or how it
	// ended.
	Note(r Report) error
}

// Begun is a job that an earlier life of the program had begun.
type Begun struct {
	Job action.Job
	// Runs is how many runs are over, Unsure how many of them may or may not have reached the target.
	Runs, Unsure int
}

// noKeeper notes nothing.
type noKeeper struct{}

func (noKeeper) Claim(action.Job, int) error { return nil }
func (noKeeper) Note(Report) error           { return nil }
