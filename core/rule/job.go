package rule

import (
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

// maxText bounds each text of a viewer in a job, in bytes. No platform lets people write that much; jobs wait on disk.
const maxText = 8 << 10

// appendJobs appends one job for each action of r. Delays add up, so that the actions keep their order in time.
func (s *Set) appendJobs(jobs []action.Job, r Rule, o *observed, count, times int, now time.Time) []action.Job {
	fields := o.fields(count)
	var delay time.Duration
	for _, spec := range r.Actions {
		delay = min(delay+max(spec.Delay.Std(), 0), maxTotalDelay)
		j := action.Job{
			ID: s.opts.NewID(), EventID: o.head.ID, RuleID: r.ID, RuleName: r.Name,
			Spec: spec.Clone(), Fields: fields, Runs: runs(spec, o.kind, count, times), Created: now, Test: o.head.Test,
			Priority: s.opts.Waiting.priority(r, fields.TotalCoins),
		}
		if delay > 0 {
			j.Due = now.Add(delay)
		}
		if wait := s.opts.Waiting.longest(r, spec.Kind()); wait > 0 {
			j.Expires = now.Add(delay + wait)
		}
		jobs = append(jobs, j)
	}
	return jobs
}

// maxTotalDelay keeps the sum of hostile delays from overflowing.
const maxTotalDelay = 365 * 24 * time.Hour

// runs returns how often an action is done. Only gifts can be counted by PerGift: the count of likes is their total.
func runs(spec action.Spec, kind event.Kind, count, times int) int {
	if kind != event.KindGift {
		count = 1
	}
	n := spec.Times(count)
	if times > action.MaxRepeat/n {
		return action.MaxRepeat
	}
	return n * times
}

// fields returns what the placeholders of o stand for. A viewer without a handle is told by id, so that no command is left
// with a gap.
func (o *observed) fields(count int) action.Fields {
	f := action.Fields{
		User: clip(o.user.Handle), Nickname: clip(o.user.Name()), Count: max(count, 1),
		Comment: clip(o.comment), Args: clip(o.args),
	}
	if f.User == "" {
		f.User = clip(o.user.ID)
	}
	if o.kind == event.KindGift {
		g := o.gift.Gift
		f.Gift, f.GiftID, f.Coins = clip(g.Name), g.ID, max(g.Coins, 0)
		f.TotalCoins = multiply(f.Count, f.Coins)
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
