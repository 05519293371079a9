package rule

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/livecue/livecue/core/action"
)

const (
	// MaxSteps bounds the jobs that one firing of a rule makes. What a pool picks beyond it is added to the runs of a job that
	// does the same.
	MaxSteps = 1000
	// maxWork bounds the actions that are looked at for one firing, however rules and pools stand in each other.
	maxWork = 30_000
	// maxWeight keeps the sum of hostile weights from overflowing.
	maxWeight = 1 << 32
	// MaxRunDepth bounds how deep rules may run each other.
	MaxRunDepth = 8
	// maxTotalDelay keeps the sum of hostile delays from overflowing.
	maxTotalDelay = 365 * 24 * time.Hour
)

// unit is an action made ready to be expanded.
type unit struct {
	spec    action.Spec
	kind    action.Kind
	hasDice bool
	pool    *pool    // of KindPool
	choices [][]unit // likewise
}

// compileAll prepares actions, and adds their pools to c's.
func (c *compiled) compileAll(specs []action.Spec) []unit {
	units := make([]unit, len(specs))
	for i, spec := range specs {
		units[i] = unit{spec: spec, kind: spec.Kind(), hasDice: spec.HasDice()}
		if units[i].kind != action.KindPool {
			continue
		}
		units[i].pool = newPool(spec.Pool)
		c.pools = append(c.pools, units[i].pool)
		for _, choice := range spec.Pool.Choices {
			units[i].choices = append(units[i].choices, c.compileAll(choice.Actions))
		}
	}
	return units
}

// pool is the memory of a Pool.
type pool struct {
	isCycle  bool
	seed     uint64
	weights  []int
	isSeeded bool
	source   rand.PCG
	last     int // the choice picked last, or -1
}

func newPool(p *action.Pool) *pool {
	made := &pool{isCycle: p.Order == action.PoolCycle, seed: p.Seed, last: -1}
	for _, c := range p.Choices {
		made.weights = append(made.weights, min(max(c.Weight, 1), maxWeight))
	}
	return made
}

// seed makes pools ready that are not yet.
func (s *Set) seed(pools []*pool) {
	for _, p := range pools {
		switch {
		case p.isSeeded:
			continue
		case p.seed != 0:
			p.source.Seed(p.seed, p.seed)
		default:
			p.source.Seed(s.random.Uint64(), s.random.Uint64())
		}
		p.isSeeded = true
	}
}

// adoptPools lets pools go on where those of an earlier state of their rule have stopped.
func adoptPools(pools, old []*pool) {
	if len(pools) != len(old) {
		return
	}
	for i, p := range pools {
		if o := old[i]; p.isCycle == o.isCycle && p.seed == o.seed && len(p.weights) == len(o.weights) {
			p.source, p.last, p.isSeeded = o.source, o.last, o.isSeeded
		}
	}
}

// pick returns the next choice, or -1 when there is none.
func (p *pool) pick() int {
	switch n := len(p.weights); {
	case n == 0:
		return -1
	case p.isCycle:
		p.last = (p.last + 1) % n
		return p.last
	case n == 1:
		return 0
	}
	total := 0
	for i, w := range p.weights {
		if i != p.last {
			total += w
		}
	}
	at := int(rand.New(&p.source).Int64N(int64(total))) //nolint:gosec // a game of chance, no secret
	for i, w := range p.weights {
		if i == p.last {
			continue
		}
		if at -= w; at < 0 {
			p.last = i
			break
		}
	}
	return p.last
}

// planned is an action that is to become a job.
type planned struct {
	unit  *unit
	delay time.Duration // since the rule fired
	runs  int
}

// expansion turns the actions of a rule into those that are done: what pools pick, and those of other rules. The Set is
// locked.
type expansion struct {
	set           *Set
	isDry, isTest bool

	steps []planned
	delay time.Duration
	work  int
	// last is the last of steps that each action has become, once there are too many.
	last map[*unit]int
	// dry are the copies of pools that a dry expansion picks from.
	dry map[*pool]*pool
}

// begin forgets the expansion before; the copies of pools stay, so that one event picks on.
func (x *expansion) begin() {
	clear(x.steps)
	x.steps, x.delay, x.work, x.last = x.steps[:0], 0, 0, nil
}

// expand returns the Set's expansion, which keeps its memory, for a new event.
func (s *Set) expand(isDry, isTest bool) *expansion {
	s.expansion = expansion{set: s, isDry: isDry, isTest: isTest, steps: s.expansion.steps[:0]}
	return &s.expansion
}

// add expands units that stand in depth other rules. count is how many gifts they are done for where they say so, times how
// often the trigger happened.
func (x *expansion) add(units []unit, count, times, depth int) {
	for i := range units {
		u := &units[i]
		if x.work++; x.work > maxWork {
			return
		}
		x.delay = min(x.delay+max(u.spec.Delay.Std(), 0), maxTotalDelay)
		runs := runs(u.spec, count, times)
		inner := count
		if u.spec.PerGift {
			inner = 1 // they are counted
		}
		switch u.kind {
		case action.KindPool:
			x.addPicks(u, inner, runs, depth)
		case action.KindRun:
			if c := x.set.byID[u.spec.Run.Rule]; c != nil && depth < MaxRunDepth {
				x.add(c.units, inner, runs, depth+1)
			}
		case "":
		default:
			x.plan(u, runs)
		}
	}
}

func (x *expansion) addPicks(u *unit, count, picks, depth int) {
	p := x.poolOf(u)
	for range picks {
		i := p.pick()
		if x.work++; i < 0 || x.work > maxWork {
			return
		}
		x.add(u.choices[i], count, 1, depth)
	}
}

// poolOf returns the pool to pick from.
func (x *expansion) poolOf(u *unit) *pool {
	if !x.isDry {
		// A test's own pools go on; those of rules that it runs are the Set's, which it must not change.
		if !x.isTest || slices.Contains(x.set.tested.pools, u.pool) {
			return u.pool
		}
	}
	if x.dry == nil {
		x.dry = map[*pool]*pool{}
	}
	if x.dry[u.pool] == nil {
		c := *u.pool
		x.dry[u.pool] = &c
	}
	return x.dry[u.pool]
}

// plan adds an action that is done itself.
func (x *expansion) plan(u *unit, runs int) {
	if len(x.steps) < MaxSteps {
		x.steps = append(x.steps, planned{unit: u, delay: x.delay, runs: runs})
		return
	}
	if x.last == nil {
		x.last = map[*unit]int{}
		for i, p := range x.steps {
			x.last[p.unit] = i
		}
	}
	if i, ok := x.last[u]; ok {
		x.steps[i].runs = min(x.steps[i].runs+runs, action.MaxRepeat)
	}
}

// roll throws a die.
func (x *expansion) roll(low, high int) int {
	if x.isDry {
		return low
	}
	return low + int(x.set.random.Int64N(int64(high-low)+1))
}
