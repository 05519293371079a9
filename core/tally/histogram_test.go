package tally

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"
)

// off returns by what share got differs from want.
func off(got, want time.Duration) float64 {
	if want == 0 {
		return float64(got)
	}
	return math.Abs(float64(got-want)) / float64(want)
}

func TestQuantilesAreNear(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	spreads := map[string]func() time.Duration{
		"a target that answers evenly": func() time.Duration { return time.Duration(2e6 + 1e6*random.Float64()) },
		"few that take long":           func() time.Duration { return time.Duration(1e6 * random.ExpFloat64() * random.ExpFloat64()) },
		"from nanoseconds to days":     func() time.Duration { return time.Duration(math.Exp(random.Float64() * 33)) },
		"always the same":              func() time.Duration { return 123_456_789 },
	}
	for name, next := range spreads {
		t.Run(name, func(t *testing.T) {
			var h Histogram
			all := make([]time.Duration, 20_000)
			for i := range all {
				all[i] = next()
				h.Observe(all[i])
			}
			slices.Sort(all)
			for _, q := range []float64{0, 0.01, 0.5, 0.95, 0.99, 0.999, 1} {
				want := all[max(int(math.Ceil(q*float64(len(all))))-1, 0)]
				if got := h.Quantile(q); off(got, want) > 0.04 {
					t.Errorf("q %v: %v, want %v", q, got, want)
				}
			}
			if h.Max() != all[len(all)-1] || h.Count() != uint64(len(all)) {
				t.Errorf("max %v, count %d", h.Max(), h.Count())
			}
		})
	}
}

func TestEachDurationHasItsPlace(t *testing.T) {
	last := -1
	for shift := range 63 {
		for _, n := range []int64{1<<shift - 1, 1 << shift, 1<<shift + 1, 1<<shift + 1<<shift>>1} {
			var h Histogram
			d := time.Duration(n)
			h.Observe(d)
			if got := h.Quantile(0.5); off(got, d) > 0.04 || got > d {
				t.Errorf("%d comes back as %d", n, got)
			}
			if middle := time.Duration(middleOf(bucketOf(n))); off(middle, d) > 0.04 {
				t.Errorf("the bucket of %d stands for %d", n, middle)
			}
		}
		if b := bucketOf(1 << shift); b <= last {
			t.Errorf("bucket %d after %d", b, last)
		} else {
			last = b
		}
	}
	if b := bucketOf(math.MaxInt64); b != buckets-1 {
		t.Errorf("the longest is in bucket %d of %d", b, buckets)
	}
}

func TestTheOddOnes(t *testing.T) {
	var h Histogram
	if h.Quantile(0.5) != 0 || h.Max() != 0 || h.Count() != 0 {
		t.Error("an empty one is not 0")
	}
	h.Observe(math.MinInt64)
	h.Observe(math.MaxInt64)
	for q, want := range map[float64]time.Duration{-1: 0, 0: 0, 0.5: 0, math.Inf(-1): 0, 1: math.MaxInt64, 7: math.MaxInt64} {
		if got := h.Quantile(q); off(got, want) > 0.04 {
			t.Errorf("q %v: %v, want %v", q, got, want)
		}
	}
	if got := h.Quantile(math.NaN()); got != 0 {
		t.Errorf("not a number: %v", got)
	}
	if h.Max() != math.MaxInt64 || h.Count() != 2 {
		t.Errorf("max %v, count %d", h.Max(), h.Count())
	}
}

func TestManyObserve(t *testing.T) {
	var h Histogram
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			for j := range 1000 {
				h.Observe(time.Duration(j*4 + i))
				h.Quantile(0.5)
			}
		})
	}
	group.Wait()
	if h.Count() != 4000 || h.Max() != 3999 || off(h.Quantile(0.5), 2000) > 0.04 {
		t.Errorf("count %d, max %d, median %d", h.Count(), h.Max(), h.Quantile(0.5))
	}
}

func TestRing(t *testing.T) {
	for _, c := range []struct {
		size, added int
		want        []int
	}{
		{3, 0, []int{}},
		{3, 2, []int{0, 1}},
		{3, 3, []int{0, 1, 2}},
		{3, 4, []int{1, 2, 3}},
		{3, 8, []int{5, 6, 7}},
		{1, 5, []int{4}},
		{0, 5, []int{4}},
	} {
		t.Run(fmt.Sprint(c.added, " in ", c.size), func(t *testing.T) {
			r := NewRing[int](c.size)
			if r.Last() != nil {
				t.Error("an empty ring has a last one")
			}
			for i := range c.added {
				r.Add(i)
				if *r.Last() != i {
					t.Errorf("the last is %d, want %d", *r.Last(), i)
				}
			}
			if got := r.Values(); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func BenchmarkObserve(b *testing.B) {
	var h Histogram
	for i := time.Duration(0); b.Loop(); i++ {
		h.Observe(i * 1000)
	}
}

func BenchmarkQuantile(b *testing.B) {
	var h Histogram
	for i := range 100_000 {
		h.Observe(time.Duration(i) * 1000)
	}
	for b.Loop() {
		h.Quantile(0.99)
	}
}
