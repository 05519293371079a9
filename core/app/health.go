package app

// Health counts what went wrong without stopping anything.
type Health struct {
	// Events is how many events crossed the bus; Panics and Slow count handlers that failed or took too long.
	Events uint64 `json:"events"`
	Panics uint64 `json:"failed_handlers"`
	Slow   uint64 `json:"slow_handlers"`
	// Malformed counts messages that could not be read, Unknown those of a kind that LiveCue has no use for, Duplicates
	// those that came again and were not counted twice.
	Malformed  uint64 `json:"malformed"`
	Unknown    uint64 `json:"unknown"`
	Duplicates uint64 `json:"duplicates"`
	// Reconnects counts connections that were lost and made again.
	Reconnects uint64 `json:"reconnects"`
	// Problems are the most recent kinds of trouble, in English, newest first.
	Problems []string `json:"problems,omitempty"`
}
