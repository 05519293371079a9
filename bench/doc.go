// Package bench measures what a streamer waits for, and what the journal and the queue cost. `make bench` prints for each way
// the time that half of all rounds (p50) and 99 of 100 (p99) do not exceed, beside a bare loop against the same game server
// in the same run: the microseconds of one machine say little of another. It holds benchmarks alone.
package bench
