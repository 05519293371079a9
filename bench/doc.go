// Package bench measures what a streamer waits for. `make bench` prints, for each step, the time that half of all rounds
// (p50-µs) and 99 of 100 (p99-µs) do not exceed. Each stands beside the raw round trip below it, taken in the same run: the
// microseconds of one machine say little of another. It holds benchmarks alone.
package bench
