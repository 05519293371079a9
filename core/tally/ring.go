package tally

// Ring holds the last of what it was given. It is not safe for use from many goroutines at a time.
type Ring[T any] struct {
	all  []T
	next int // where the next goes, once all is full
	size int
}

// NewRing returns an empty ring for the last size values, at least one. It takes memory only as it fills.
func NewRing[T any](size int) *Ring[T] { return &Ring[T]{size: max(size, 1)} }

// Add takes v in, for the oldest if there is no room.
func (r *Ring[T]) Add(v T) {
	if len(r.all) < r.size {
		r.all = append(r.all, v)
		return
	}
	r.all[r.next] = v
	r.next = (r.next + 1) % r.size
}

// Last returns where the value added last stands, to be changed there, or nil when there is none.
func (r *Ring[T]) Last() *T {
	if len(r.all) == 0 {
		return nil
	}
	return &r.all[(r.next+len(r.all)-1)%len(r.all)]
}

// Values returns a copy of what is there, oldest first.
func (r *Ring[T]) Values() []T {
	values := make([]T, 0, len(r.all))
	values = append(values, r.all[r.next:]...)
	return append(values, r.all[:r.next]...)
}
