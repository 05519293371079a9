package rule

import (
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

// maxText bounds each text of a viewer in a job, in bytes. No platform lets people write that much; jobs wait on disk.
const maxText = 8 << 10

// appendJobs appends one job for each action of c, with what its pools and the rules that it runs stand for. Delays add up, so
// that the actions keep their order in time.
func (x *expansion) appendJobs(jobs []action.Job, c *compiled, o *observed, m matched, times int, now time.Time) []action.Job {
	s, r := x.set, &c.rule
	fields := o.fields(m)
	if r.Trigger.Kind == OnCommand {
		fields.Args = clip(o.args)
	}
	x.begin()
	x.add(c.units, m.gifts, times, 0)
	jobs = slices.Grow(jobs, len(x.steps))
	for _, p := range x.steps {
		spec := p.unit.spec
		if p.unit.hasDice {
			spec = spec.Roll(x.roll)
		}
		j := action.Job{
			ID: s.opts.NewID(), EventID: o.head.ID, RuleID: r.ID, RuleName: r.Name,
			Spec: spec.Clone(), Fields: fields, Runs: p.runs, Created: now, Test: o.head.Test,
			Priority: s.opts.Waiting.priority(*r, fields.TotalCoins),
		}
		if p.delay > 0 {
			j.Due = now.Add(p.delay)
		}
		if wait := s.opts.Waiting.longest(*r, p.unit.kind); wait > 0 {
			j.Expires = now.Add(p.delay + wait)
		}
		jobs = append(jobs, j)
	}
	return jobs
}

// runs returns how often an action is done.
func runs(spec action.Spec, count, times int) int {
	n := spec.Times(count)
	if times > action.MaxRepeat/n {
		return action.MaxRepeat
	}
	return n * times
}

// fields returns what the placeholders of o stand for. A viewer without a handle is told by id, so that no command is left
// with a gap.
func (o *observed) fields(m matched) action.Fields {
	f := action.Fields{
		User: clip(o.user.Handle), Nickname: clip(o.user.Name()), Count: max(m.count, 1), Comment: clip(o.comment),
		Likes: o.room.likes, Viewers: o.room.viewers, Total: m.total,
	}
	if f.User == "" {
		f.User = clip(o.user.ID)
	}
	if o.kind == event.KindGift {
		g := o.gift.Gift
		f.Gift, f.GiftID, f.Coins = clip(g.Name), g.ID, max(g.Coins, 0)
		f.TotalCoins = m.coins
	}
	return f
}

// multiply returns a*b for numbers that are not negative, or the largest int.
func multiply(a, b int) int {
	if a != 0 && b > math.MaxInt/a {
		return math.MaxInt
	}
	return a * b
}

// clip makes s valid UTF-8 of at most maxText bytes.
func clip(s string) string {
	if len(s) > maxText {
		end := maxText
		for end > maxText-utf8.UTFMax && !utf8.RuneStart(s[end]) {
			end--
		}
		s = strings.Clone(s[:end]) // so that the rest need not be kept in memory
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
