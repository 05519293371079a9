package app

import (
	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/tally"
)

// named is a rule or a lane.
type named struct{ id, name string }

// speeds are those of rules or of lanes, in the order in which they were met, and no more than max: those that come later are
// not remembered.
type speeds struct {
	max  int
	byID map[string]*speed
	all  []*speed
}

// speed counts the jobs of a rule or of a lane. A nil one counts nothing.
type speed struct {
	named
	// isInTrouble says that a lane does not get on.
	isInTrouble bool

	done, rejected, failed, unknown, expired, dropped uint64

	latency tally.Histogram
}

// of returns the speed of an id, with the name that it has now, or nil if there is no room for it.
func (s *speeds) of(id, name string) *speed {
	if sp, ok := s.byID[id]; ok {
		sp.name = name
		return sp
	}
	if len(s.all) >= s.max {
		return nil
	}
	if s.byID == nil {
		s.byID = map[string]*speed{}
	}
	sp := &speed{named: named{id, name}}
	s.byID[id] = sp
	s.all = append(s.all, sp)
	return sp
}

// count takes down how a job has ended.
func (s *speed) count(r *queue.Report) {
	if s == nil {
		return
	}
	switch r.State {
	case action.Done:
		s.done++
		s.latency.Observe(r.Latency)
	case action.Rejected:
		s.rejected++
		s.latency.Observe(r.Latency)
	case action.Failed:
		s.failed++
	case action.Unknown:
		s.unknown++
	case action.Expired:
		s.expired++
	case action.Dropped:
		s.dropped++
	default:
	}
}

// total is how many jobs have ended.
func (s *speed) total() uint64 {
	return s.done + s.rejected + s.failed + s.unknown + s.expired + s.dropped
}

// read returns those of first, in their order and by their names, then the others that have counted something.
func (s *speeds) read(first []named) []Speed {
	all := make([]Speed, 0, len(first)+len(s.all))
	isFirst := make(map[string]bool, len(first))
	for _, n := range first {
		isFirst[n.id] = true
		sp := s.byID[n.id]
		if sp == nil {
			all = append(all, Speed{ID: n.id, Name: n.name})
			continue
		}
		all = append(all, sp.read(n.name))
	}
	for _, sp := range s.all {
		if !isFirst[sp.id] && sp.total() > 0 {
			all = append(all, sp.read(sp.name))
		}
	}
	return all
}

func (s *speed) read(name string) Speed {
	return Speed{
		ID: s.id, Name: name,
		Done: s.done, Rejected: s.rejected, Failed: s.failed, Unknown: s.unknown, Expired: s.expired, Dropped: s.dropped,
		P50: s.latency.Quantile(0.5), P95: s.latency.Quantile(0.95), P99: s.latency.Quantile(0.99), Max: s.latency.Max(),
	}
}
