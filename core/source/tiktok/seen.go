package tiktok

// maxSeen is how many message ids are remembered at the least; at the most twice as many.
const maxSeen = 200_000

// seen remembers the ids of messages, oldest forgotten first, in two generations: when the young one is full it becomes
// the old one, and the old one is forgotten.
type seen struct {
	young, old map[string]struct{}
	limit      int
}

func newSeen(limit int) *seen {
	return &seen{young: map[string]struct{}{}, limit: limit}
}

// add remembers id and says whether it was new.
func (s *seen) add(id string) bool {
	if _, ok := s.young[id]; ok {
		return false
	}
	_, wasOld := s.old[id]
	if len(s.young) >= s.limit {
		s.old, s.young = s.young, make(map[string]struct{}, s.limit)
	}
	s.young[id] = struct{}{}
	return !wasOld
}
