package tally

import "time"

// BucketOf numbers the bucket that a Histogram counts d in, from 0, for who keeps such counts elsewhere. Numbers grow with
// durations and never change their meaning.
func BucketOf(d time.Duration) int { return bucketOf(int64(max(d, 0))) }

// MiddleOf returns the middle of a bucket, which is within 4 % of all that is counted in it. Numbers that BucketOf never gives
// are taken for the nearest.
func MiddleOf(bucket int) time.Duration {
	return time.Duration(middleOf(min(max(bucket, 0), BucketOf(1<<63-1))))
}
