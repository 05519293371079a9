package tally

import (
	"math"
	"testing"
	"time"
)

func TestBucketsAreOrderedAndNear(t *testing.T) {
	last := -1
	for _, d := range []time.Duration{-5, 0, 1, 15, 16, 17, 999, time.Millisecond, time.Second, time.Hour, math.MaxInt64} {
		b := BucketOf(d)
		if b < last {
			t.Errorf("bucket %d of %v is below that of a shorter one", b, d)
		}
		last = b
		want := float64(max(d, 0))
		if got := float64(MiddleOf(b)); math.Abs(got-want) > want*0.04 {
			t.Errorf("%v is told as %v", d, time.Duration(got))
		}
	}
	if MiddleOf(-1) != 0 || MiddleOf(1<<40) <= 0 {
		t.Error("numbers that there are not")
	}
}
