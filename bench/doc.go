// Package bench measures what a streamer waits for: `make bench` prints the time of each step that half of all rounds
// (p50-µs) and 99 of 100 (p99-µs) do not exceed. Each figure stands beside the raw round trip that is below it in the same run, since
// milliseconds of one machine say little of another. It holds benchmarks alone.
package bench
