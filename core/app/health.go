package app

// Health counts what went wrong without stopping anything.
type Health struct {
	// Events is how many events crossed the bus; Panics and Slow count handlers that failed or took too long.
	Events, Panics, Slow uint64
	// Malformed counts messages that could not be read, Unknown those of a kind that LiveCue has no use for, Duplicates
	// those that came again and were not counted twice.
	Malformed, Unknown, Duplicates uint64
	// Reconnects counts connections that were lost and made again.
	Reconnects uint64
	// Problems are the most recent kinds of trouble, in English, newest first.
	Problems []string
}
