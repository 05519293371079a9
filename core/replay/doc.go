// Package replay plays what happened in a stream once more: the events of a session of the store, or of a file that was made of
// one, in their order and with the pauses between them, as fast as is asked for. A Stage holds them against rules of today: with a
// Set of its own and the recording's clock, so that nothing of the running program is touched. A Player leads through it:
// pause, seek, speed.
package replay
