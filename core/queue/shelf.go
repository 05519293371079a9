package queue

// Key orders the waiting jobs of a pile: lesser ones go first, compared number by number.
type Key [3]int64

// Pile tells apart what waits in a lane.
type Pile uint8

// The piles of a lane.
const (
	// Ready is what may be done at once; its keys are rank, turn and number.
	Ready Pile = iota
	// Later is what has to wait for its time; its keys begin with that time, in nanoseconds since 1970.
	Later
)

// Shelved is a waiting job as a Shelf holds it.
type Shelved struct {
	// Ticket is unique in the queue, positive, and grows with each job that is put.
	Ticket int64
	Lane   string
	Pile   Pile
	Key    Key
	// Expires is when the job is no longer worth doing, in nanoseconds since 1970; 0 is never.
	Expires int64
	Body    []byte
}

// Shelf holds the waiting jobs that memory has no room for, in their order. It need not outlive the program. Its methods are
// called from one goroutine at a time, and may wait for the disk. What they return as removed is gone from the shelf; when
// they fail nothing has changed.
type Shelf interface {
	// Add takes jobs in, all or none. One whose ticket is there already takes its place.
	Add(jobs []Shelved) error
	// Take removes and returns the first n of a pile, in the order of their keys.
	Take(lane string, pile Pile, n int) ([]Shelved, error)
	// Peek returns the first n of a pile without removing them.
	Peek(lane string, pile Pile, n int) ([]Shelved, error)
	// Remove removes and returns one; false means that it is not there.
	Remove(ticket int64) (Shelved, bool, error)
	// TakeExpired removes and returns at most n of a lane, of both piles, that expire before a time, the earliest first.
	// next is the earliest time at which one of the rest does; 0 when none ever will.
	TakeExpired(lane string, before int64, n int) (expired []Shelved, next int64, err error)
	// TakeUntil removes and returns at most n of a lane, of both piles, whose tickets are at most last.
	TakeUntil(lane string, last int64, n int) ([]Shelved, error)
	// Close forgets everything.
	Close() error
}
