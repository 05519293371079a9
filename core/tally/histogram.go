// Package tally sums up what goes by in constant memory: a Histogram of durations, and a Ring of the last of anything.
package tally

import (
	"math"
	"math/bits"
	"sync/atomic"
	"time"
)

const (
	// fineBits makes 16 buckets for each doubling, so that a bucket's middle is at most 1/32 off what it stands for.
	fineBits = 4
	fine     = 1 << fineBits
	// buckets covers all of int64: the durations below fine one by one, then each doubling up to the 63rd bit.
	buckets = fine * (64 - fineBits)
)

// Histogram counts durations, and tells their quantiles within 4 %, in 8 KB however many there were. The zero value is empty.
// It is safe for use from many goroutines; what is read while others observe may miss their latest.
type Histogram struct {
	counts [buckets]atomic.Uint64
	max    atomic.Int64 // in nanoseconds
}

// Observe counts d; what is negative counts as 0.
func (h *Histogram) Observe(d time.Duration) {
	n := int64(max(d, 0))
	h.counts[bucketOf(n)].Add(1)
	for {
		old := h.max.Load()
		if n <= old || h.max.CompareAndSwap(old, n) {
			return
		}
	}
}

// Count returns how many there were.
func (h *Histogram) Count() uint64 {
	var n uint64
	for i := range h.counts {
		n += h.counts[i].Load()
	}
	return n
}

// Max returns the longest, exactly; 0 when there was none.
func (h *Histogram) Max() time.Duration { return time.Duration(h.max.Load()) }

// Quantile returns the duration that the share q of all does not exceed, q from 0 to 1; 0 when there was none.
func (h *Histogram) Quantile(q float64) time.Duration {
	count := h.Count()
	if count == 0 {
		return 0
	}
	rank := uint64(1)
	if r := math.Ceil(q * float64(count)); r > 1 { // false for what is not a number
		rank = min(uint64(r), count)
	}
	for i := range h.counts {
		n := h.counts[i].Load()
		if n >= rank {
			return min(time.Duration(middleOf(i)), h.Max())
		}
		rank -= n
	}
	return h.Max()
}

// bucketOf returns the place of n, which is not negative.
func bucketOf(n int64) int {
	if n < fine {
		return int(n)
	}
	shift := bits.Len64(uint64(n)) - 1 - fineBits
	return shift*fine + int(n>>shift) // n>>shift is fine at least, which makes up for the first row
}

// middleOf returns the middle of what bucketOf puts into a place.
func middleOf(bucket int) int64 {
	if bucket < fine {
		return int64(bucket)
	}
	shift := bucket/fine - 1
	lowest := int64(fine+bucket%fine) << shift
	return lowest + int64(1)<<shift>>1
}
