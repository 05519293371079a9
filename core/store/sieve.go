package store

import (
	"context"
	"hash/maphash"
	"sync"
)

const (
	// sieveBits is how many bits the sieve has: 2 MiB of them let one in two hundred of a million new events through.
	sieveBits = 1 << 24
	// sieveStep is how many events are read at once to fill it.
	sieveStep = 5000
)

// sieve tells quickly that an event is new, which almost all are. It holds every event that the store has kept: where it says
// new, that is so; where it does not, the log and the database have to be asked. Until the events of earlier lives have been
// put in, it says nothing.
type sieve struct {
	seed maphash.Seed

	mu     sync.RWMutex
	bits   []uint64
	isFull bool
}

func newSieve() *sieve {
	return &sieve{seed: maphash.MakeSeed(), bits: make([]uint64, sieveBits/64)}
}

// places returns the three bits that stand for an event.
func (v *sieve) places(key eventKey) [3]uint32 {
	hash := maphash.Comparable(v.seed, key)
	return [3]uint32{uint32(hash) % sieveBits, uint32(hash>>20) % sieveBits, uint32(hash>>40) % sieveBits}
}

func (v *sieve) put(key eventKey) {
	for _, p := range v.places(key) {
		v.bits[p/64] |= 1 << (p % 64)
	}
}

func (v *sieve) add(entries []entry) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for i := range entries {
		if entries[i].id != "" {
			v.put(entries[i].eventKey)
		}
	}
}

// isNew says that the event has surely not been kept.
func (v *sieve) isNew(key eventKey) bool {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if !v.isFull {
		return false
	}
	for _, p := range v.places(key) {
		if v.bits[p/64]&(1<<(p%64)) == 0 {
			return true
		}
	}
	return false
}

// fillSieve puts the events of earlier lives into the sieve. Where that fails the database is asked each time.
func (s *Store) fillSieve(ctx context.Context) {
	var last eventKey
	for {
		n, err := s.fillSome(ctx, &last)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			s.opts.Log.Warn("the ids of past events cannot be read", "error", s.failed("read ids", err))
			return
		case n < sieveStep:
			s.sieve.mu.Lock()
			s.sieve.isFull = true
			s.sieve.mu.Unlock()
			return
		}
	}
}

func (s *Store) fillSome(ctx context.Context, last *eventKey) (n int, err error) {
	rows, err := s.out.keys.QueryContext(ctx, last.source, last.id, sieveStep)
	if err != nil {
		return 0, err
	}
	defer rows.Close() //nolint:errcheck // Err tells
	for ; rows.Next(); n++ {
		if err := rows.Scan(&last.source, &last.id); err != nil {
			return n, err
		}
		s.sieve.mu.Lock()
		s.sieve.put(*last)
		s.sieve.mu.Unlock()
	}
	return n, rows.Err()
}
