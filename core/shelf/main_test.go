package shelf

import (
	"bytes"
	"cmp"
	"os"
	"slices"
	"testing"

	"go.uber.org/goleak"

	"github.com/livecue/livecue/core/queue"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t testing.TB, opts Options) *Shelf {
	t.Helper()
	s, err := opts.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func add(t testing.TB, s *Shelf, jobs ...queue.Shelved) {
	t.Helper()
	if err := s.Add(jobs); err != nil {
		t.Fatal(err)
	}
}

// job returns one of lane "rcon:a" whose key begins with rank.
func job(ticket, rank int64) queue.Shelved {
	return queue.Shelved{Ticket: ticket, Lane: "rcon:a", Key: queue.Key{rank}, Body: []byte("body")}
}

// bulk returns n jobs from a ticket on, with bodies of 600 bytes, about what a job comes to.
func bulk(first int64, n int) []queue.Shelved {
	jobs := make([]queue.Shelved, n)
	for i := range jobs {
		ticket := first + int64(i)
		jobs[i] = queue.Shelved{
			Ticket: ticket, Lane: "rcon:a", Key: queue.Key{-(ticket * 7919 % 5), 0, ticket}, Expires: ticket + 1,
			Body: bytes.Repeat([]byte("x"), 600),
		}
	}
	return jobs
}

func tickets(jobs []queue.Shelved) []int64 {
	var all []int64
	for _, j := range jobs {
		all = append(all, j.Ticket)
	}
	return all
}

// want fails unless jobs have these tickets in this order.
func want(t testing.TB, jobs []queue.Shelved, err error, order ...int64) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if got := tickets(jobs); !slices.Equal(got, order) {
		t.Errorf("tickets %v, want %v", got, order)
	}
}

// sizeOf returns the size of a shelf's file, 0 where there is none.
func sizeOf(t testing.TB, s *Shelf) int64 {
	t.Helper()
	info, err := os.Stat(s.path())
	if os.IsNotExist(err) {
		return 0
	}
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func same(a, b queue.Shelved) bool {
	return a.Ticket == b.Ticket && a.Lane == b.Lane && a.Pile == b.Pile && a.Key == b.Key && a.Expires == b.Expires &&
		bytes.Equal(a.Body, b.Body)
}

// byKey orders as a pile does.
func byKey(a, b queue.Shelved) int {
	return cmp.Or(
		cmp.Compare(a.Key[0], b.Key[0]), cmp.Compare(a.Key[1], b.Key[1]), cmp.Compare(a.Key[2], b.Key[2]),
		cmp.Compare(a.Ticket, b.Ticket))
}

func byTicket(a, b queue.Shelved) int { return cmp.Compare(a.Ticket, b.Ticket) }

func byExpiry(a, b queue.Shelved) int {
	return cmp.Or(cmp.Compare(a.Expires, b.Expires), byTicket(a, b))
}
