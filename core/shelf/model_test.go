package shelf

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/livecue/livecue/core/queue"
)

// model is a shelf in memory, as plain as can be.
type model map[int64]queue.Shelved

// pick returns the first n that belong, in an order, and removes them.
func (m model) pick(n int, belongs func(queue.Shelved) bool, order func(a, b queue.Shelved) int) []queue.Shelved {
	var found []queue.Shelved
	for _, j := range m {
		if belongs(j) {
			found = append(found, j)
		}
	}
	slices.SortFunc(found, order)
	found = found[:min(n, len(found))]
	for _, j := range found {
		delete(m, j.Ticket)
	}
	return found
}

func (m model) nextExpiry(lane string) int64 {
	var next int64
	for _, j := range m {
		if j.Lane == lane && j.Expires != 0 && (next == 0 || j.Expires < next) {
			next = j.Expires
		}
	}
	return next
}

// trial does the same to a shelf and to its model.
type trial struct {
	*testing.T
	shelf  *Shelf
	model  model
	random *rand.Rand
	full   int // how many Adds had no room
}

func (tr *trial) lane() string     { return fmt.Sprint("lane ", tr.random.IntN(3)) }
func (tr *trial) pile() queue.Pile { return queue.Pile(tr.random.IntN(2)) }

func (tr *trial) newJob() queue.Shelved {
	r := tr.random
	body := make([]byte, r.IntN(600))
	for i := range body {
		body[i] = byte(r.Uint32())
	}
	return queue.Shelved{
		Ticket: 1 + r.Int64N(200), Lane: tr.lane(), Pile: tr.pile(), Expires: r.Int64N(40) - 10, Body: body,
		Key: queue.Key{r.Int64N(3) - 1, r.Int64N(3) - 1, r.Int64N(9) - 4},
	}
}

func (tr *trial) step() {
	n := tr.random.IntN(40)
	switch tr.random.IntN(8) {
	case 0, 1, 2:
		tr.add(n)
	case 3:
		tr.remove()
	case 4:
		lane, before := tr.lane(), tr.random.Int64N(40)-10
		expected := tr.model.pick(n, func(j queue.Shelved) bool {
			return j.Lane == lane && j.Expires != 0 && j.Expires < before
		}, byExpiry)
		got, next, err := tr.shelf.TakeExpired(lane, before, n)
		tr.compare("TakeExpired", got, expected, err)
		if w := tr.model.nextExpiry(lane); next != w {
			tr.Errorf("next %d, want %d", next, w)
		}
	case 5:
		lane, last := tr.lane(), tr.random.Int64N(200)
		expected := tr.model.pick(n, func(j queue.Shelved) bool { return j.Lane == lane && j.Ticket <= last }, byTicket)
		got, err := tr.shelf.TakeUntil(lane, last, n)
		tr.compare("TakeUntil", got, expected, err)
	default:
		lane, pile := tr.lane(), tr.pile()
		expected := tr.model.pick(n, func(j queue.Shelved) bool { return j.Lane == lane && j.Pile == pile }, byKey)
		got, err := tr.shelf.Peek(lane, pile, n)
		tr.compare("Peek", got, expected, err)
		got, err = tr.shelf.Take(lane, pile, n)
		tr.compare("Take", got, expected, err)
	}
}

func (tr *trial) add(n int) {
	jobs := make([]queue.Shelved, 2*n)
	for i := range jobs {
		jobs[i] = tr.newJob()
	}
	if err := tr.shelf.Add(jobs); err != nil {
		tr.full++
		if tr.shelf.opts.MaxBytes == 0 {
			tr.Fatal(err)
		}
		return
	}
	for _, j := range jobs {
		tr.model[j.Ticket] = j
	}
}

func (tr *trial) remove() {
	ticket := 1 + tr.random.Int64N(200)
	w, isThere := tr.model[ticket]
	delete(tr.model, ticket)
	if got, ok, err := tr.shelf.Remove(ticket); err != nil || ok != isThere || !same(got, w) {
		tr.Fatalf("Remove %d: got %+v, %v, want %+v, %v (%v)", ticket, got, ok, w, isThere, err)
	}
}

func (tr *trial) compare(what string, got, expected []queue.Shelved, err error) {
	if err != nil || !slices.EqualFunc(got, expected, same) {
		tr.Fatalf("%s: got %v, want %v (%v)", what, tickets(got), tickets(expected), err)
	}
}

func TestRandomCallsAgreeWithTheModel(t *testing.T) {
	for _, maxBytes := range []int64{0, 70 << 10} {
		for seed := range uint64(2) {
			t.Run(fmt.Sprint(maxBytes, " bytes, seed ", seed), func(t *testing.T) {
				tr := &trial{
					T: t, shelf: open(t, Options{MaxBytes: maxBytes}), model: model{}, random: rand.New(rand.NewPCG(seed, 1)),
				}
				for range 100 {
					tr.step()
				}
				if maxBytes > 0 && tr.full == 0 {
					t.Error("it never was full")
				}
			})
		}
	}
}
