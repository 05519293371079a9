package rehearsal

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"
)

// giftEndsAfter is how long after the last tap the message comes that closes the gift.
const giftEndsAfter = 300 * time.Millisecond

// step is one thing that happens: a message of a viewer, or trouble.
type step struct {
	// at is the script's time, at speed 1.
	at     time.Duration
	verb   verb
	viewer *viewer
	text   string
	gift   gift
	// group identifies the streak together with viewer and gift: milliseconds of script time, as TikTok's is a client's clock.
	group int64
	// count is the streak's count so far, the likes, the months, the viewers, or how many messages to repeat.
	count int
	isEnd bool
	// isHollow says that the message lacks parts.
	isHollow bool
	over     time.Duration
	code     int
}

// isTrouble says that the step is not a message that a client has to know of.
func (s *step) isTrouble() bool {
	switch s.verb {
	case doFollow, doJoin, doShare, doSubscribe, doLike, doChat, doAsk, doGift, doStreak, doViewers:
		return false
	default:
		return true
	}
}

// planner turns lines into steps.
type planner struct {
	script *Script
	random *rand.Rand
	// groups leads from each group that is taken to one that may be free.
	groups map[groupKey]int64
	steps  []step
}

type groupKey struct{ viewer, gift, group int64 }

// plan returns all that happens in one run, in order. It is a pure function: the same script, seed and lap give the same
// steps. Each line draws its own random numbers, so that a changed line leaves the others as they were.
func plan(s *Script, seed uint64, lap int) []step {
	p := planner{script: s, groups: map[groupKey]int64{}}
	for _, l := range s.lines {
		p.random = rand.New(rand.NewPCG(seed, uint64(lap)<<32|uint64(l.number)))
		if l.every == 0 {
			p.add(l.at, l.deed)
			continue
		}
		for at := l.at; at < l.until; at += l.every {
			p.add(at, l.deed)
		}
	}
	slices.SortStableFunc(p.steps, func(a, b step) int { return cmp.Compare(a.at, b.at) })
	return p.steps
}

func (p *planner) add(at time.Duration, d deed) {
	s := step{at: at, verb: d.verb, viewer: d.viewer, code: d.code}
	if s.viewer == nil && !s.isTrouble() && d.verb != doViewers {
		s.viewer = p.script.viewers[p.random.IntN(len(p.script.viewers))]
	}
	if len(d.texts) > 0 {
		s.text = d.texts[p.random.IntN(len(d.texts))]
	}
	s.count = d.count.from + p.random.IntN(d.count.to-d.count.from+1)
	s.over = d.over.from + time.Duration(p.random.Int64N(int64(d.over.to-d.over.from)+1))
	switch d.verb {
	case doGift, doStreak:
		s.gift = d.gifts[p.random.IntN(len(d.gifts))]
		p.addGift(s, d)
	case doHollow:
		p.steps = append(p.steps, s)
		p.addHollow(s, d)
	case doEndLive:
		p.steps = append(p.steps, s, step{at: at + s.over, verb: doReturn})
	default:
		p.steps = append(p.steps, s)
	}
}

// addHollow adds real deeds of a viewer whose messages lack parts.
func (p *planner) addHollow(s step, d deed) {
	s.viewer = p.script.viewers[p.random.IntN(len(p.script.viewers))]
	s.gift, s.text, s.count, s.isEnd, s.isHollow = d.gifts[0], "hollow", 1, true, true
	s.group = p.group(s)
	for _, s.verb = range [...]verb{doGift, doChat, doFollow, doJoin} {
		p.steps = append(p.steps, s)
	}
}

// addGift adds the messages of a gift: a streak grows tap by tap, a number of gifts chosen at once comes with that count,
// and both are closed by a message of their own; a gift that is not combined comes once for each.
func (p *planner) addGift(s step, d deed) {
	start, count := s.at, s.count
	s.verb = doGift
	if !s.gift.streakable {
		s.count, s.isEnd = 1, true
		for range count {
			s.group = p.group(s)
			p.steps = append(p.steps, s)
		}
		return
	}
	s.group = p.group(s)
	if d.verb == doStreak {
		for n := 1; n < count; n++ {
			s.count = n
			s.at = start + s.over*time.Duration(n-1)/time.Duration(count)
			p.steps = append(p.steps, s)
		}
		s.count = count
		s.at = start + s.over*time.Duration(count-1)/time.Duration(count)
	}
	p.steps = append(p.steps, s)
	if d.isEndLost {
		return
	}
	s.at, s.isEnd = start+s.over+giftEndsAfter, true
	p.steps = append(p.steps, s)
}

// group returns a number that this viewer has not used for this gift.
func (p *planner) group(s step) int64 {
	first := groupKey{s.viewer.id, s.gift.id, s.at.Milliseconds()}
	free := first
	for {
		next, isTaken := p.groups[free]
		if !isTaken {
			break
		}
		free.group = next
	}
	p.groups[free] = free.group + 1
	p.groups[first] = free.group + 1
	return free.group
}
