package statistics

import (
	"slices"
	"testing"
)

func TestSummed(t *testing.T) {
	tests := []struct {
		values []int64
		most   int
		want   []int64
	}{
		{nil, 3, nil},
		{[]int64{1, 2, 3}, 3, []int64{1, 2, 3}},
		{[]int64{1, 2, 3, 4}, 3, []int64{3, 7}},
		{[]int64{1, 2, 3, 4, 5, 6, 7}, 3, []int64{6, 15, 7}},
	}
	for _, tt := range tests {
		if got := summed(tt.values, tt.most); !slices.Equal(got, tt.want) {
			t.Errorf("summed(%v, %d) = %v, want %v", tt.values, tt.most, got, tt.want)
		}
	}
}
