package rule

import (
	"slices"
	"strings"
	"time"

	"github.com/livecue/livecue/core/event"
)

// node is a condition made ready to be asked.
type node struct {
	Condition
	stop *Stop
	// isFlipped says that an odd number of Nots stand around what it answers, its own included.
	isFlipped bool

	phrase   phrase
	viewers  viewerList
	from, to int  // minutes of the day
	isTimed  bool // from and to count
	children []*node
}

// newNode prepares c, which stands at path.
func newNode(c Condition, path []int, isFlipped bool) *node {
	n := &node{Condition: c, stop: &Stop{Path: path, Condition: c}, isFlipped: isFlipped != c.Not}
	switch c.Kind {
	case IfComment:
		n.phrase = newPhrase(c.Text)
	case IfViewer:
		n.viewers = newViewerList(c.Viewers)
	case IfTime:
		from, fromErr := parseClock(c.From)
		to, toErr := parseClock(c.To)
		n.from, n.to, n.isTimed = from, to, fromErr == nil && toErr == nil
	case IfAllOf, IfAnyOf:
		for i, inner := range c.Conditions {
			n.children = append(n.children, newNode(inner, append(slices.Clone(path), i), n.isFlipped))
		}
	}
	return n
}

// conditionsOf prepares the conditions of r; nil when it has none.
func conditionsOf(r Rule) *node {
	if len(r.Conditions) == 0 {
		return nil
	}
	kind := IfAllOf
	if r.Match == MatchAny {
		kind = IfAnyOf
	}
	return newNode(Condition{Kind: kind, Conditions: r.Conditions}, nil, false)
}

// each calls visit for n and all conditions in it.
func (n *node) each(visit func(*node)) {
	if n == nil {
		return
	}
	visit(n)
	for _, c := range n.children {
		c.each(visit)
	}
}

// asking is what conditions are asked about. The Set is locked.
type asking struct {
	set *Set
	c   *compiled
	o   *observed
	m   matched
	now time.Time
	// isDry lets a chance hold: what is asked is whether the rule can fire.
	isDry bool
}

// failing returns the condition that does not hold, or nil when n does.
func (n *node) failing(a *asking) *Stop {
	holds, inner := n.holds(a)
	switch {
	case holds != n.Not:
		return nil
	case inner != nil && !n.Not:
		return inner
	default:
		return n.stop
	}
}

// holds answers n without its Not. For one that stands for others, inner is the one of them that does not hold.
func (n *node) holds(a *asking) (holds bool, inner *Stop) {
	switch n.Kind {
	case IfAllOf:
		for _, c := range n.children {
			if stop := c.failing(a); stop != nil {
				return false, stop
			}
		}
		return true, nil
	case IfAnyOf:
		return slices.ContainsFunc(n.children, func(c *node) bool { return c.failing(a) == nil }), nil
	default:
		return n.isSo(a), nil
	}
}

// isSo answers a condition that stands for itself.
func (n *node) isSo(a *asking) bool {
	switch n.Kind {
	case IfCoins:
		return a.o.kind == event.KindGift && n.isWithin(a.o.gift.Gift.Coins)
	case IfTotalCoins:
		return a.o.kind == event.KindGift && n.isWithin(a.m.coins)
	case IfGifts:
		return a.o.kind == event.KindGift && n.isWithin(a.gifts())
	case IfRole:
		return hasRole(a.o.roles(), n.Role, n.Level)
	case IfViewer:
		return a.o.isFromViewer && n.viewers.has(a.o.user)
	case IfComment:
		return n.phrase.in(a.o.folded())
	case IfChance:
		if a.isDry {
			return !n.isFlipped
		}
		return a.set.random.Float64()*100 < n.Percent
	case IfTime:
		return n.isTime(a.now)
	default:
		return n.isState(a)
	}
}

// gifts is how many gifts are meant: those of the streak, or what a goal's event has added.
func (a *asking) gifts() int {
	if a.c.rule.Trigger.Kind == OnGift || a.c.rule.Trigger.Kind == OnAnyGift {
		return a.m.gifts
	}
	return max(a.o.gift.Added, 0)
}

// isState answers what is about the rule's past and other parts of the program.
func (n *node) isState(a *asking) bool {
	switch n.Kind {
	case IfOnce:
		if n.Per == PerStream {
			return !a.o.room.fired.has(a.c.serial)
		}
		return a.o.stay == nil || !a.o.stay.fired.has(a.c.serial)
	case IfPerMinute:
		return a.c.recent(a.now) < n.Max
	case IfCounter:
		value, _ := a.set.opts.State.Counter(n.Counter)
		return compare(value, n.Is, n.Value)
	case IfLanePaused:
		return a.set.opts.State.LanePaused(n.Lane)
	case IfGroupOn:
		return !a.set.groupsOff[n.Group]
	default:
		return false // a kind that Check refuses
	}
}

func (n *node) isWithin(number int) bool {
	return number >= n.Min && (n.Max <= 0 || number <= n.Max)
}

func compare(value int64, is Comparison, with int64) bool {
	switch is {
	case IsBelow:
		return value < with
	case IsEqual:
		return value == with
	default:
		return value > with
	}
}

func hasRole(roles event.Roles, role Role, level int) bool {
	switch role {
	case RoleFollower:
		return roles.Follower
	case RoleSubscriber:
		return roles.Subscriber
	case RoleModerator:
		return roles.Moderator
	case RoleTeam:
		return roles.TeamLevel >= max(level, 1)
	case RoleGifter:
		return roles.Gifter
	default:
		return false
	}
}

// isTime reports whether now, as the clock of its place shows it, lies in n's time.
func (n *node) isTime(now time.Time) bool {
	if !n.isTimed {
		return n.isDay(now.Weekday())
	}
	minute := now.Hour()*60 + now.Minute()
	if n.from <= n.to {
		return minute >= n.from && minute < n.to && n.isDay(now.Weekday())
	}
	if minute < n.to { // it has begun yesterday
		return n.isDay((now.Weekday() + 6) % 7)
	}
	return minute >= n.from && n.isDay(now.Weekday())
}

func (n *node) isDay(day time.Weekday) bool {
	return len(n.Days) == 0 || slices.Contains(n.Days, Days()[day])
}

// parseClock reads a time such as "18:00" and returns it in minutes of the day.
func parseClock(text string) (int, error) {
	t, err := time.Parse("15:04", text)
	if err != nil {
		return 0, err
	}
	return t.Hour()*60 + t.Minute(), nil
}

// viewerList is a set of viewers, by handle or id.
type viewerList map[string]bool

func newViewerList(names []string) viewerList {
	list := viewerList{}
	for _, name := range names {
		if key := viewerName(name); key != "" {
			list[key] = true
		}
	}
	return list
}

// has reports whether u is in the list. Nicknames do not count: anyone can take any.
func (l viewerList) has(u event.User) bool {
	if len(l) == 0 {
		return false
	}
	return u.ID != "" && l[viewerName(u.ID)] || u.Handle != "" && l[viewerName(u.Handle)]
}

// viewerName returns a handle or id in the form in which they are compared.
func viewerName(name string) string {
	return strings.TrimPrefix(foldName(name[:min(len(name), maxText)]), "@")
}
