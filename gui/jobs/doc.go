// Package jobs shows what has become of the jobs that viewers set off: the history of those that are over, and those that the
// program left undone when it ended.
package jobs
