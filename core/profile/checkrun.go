package profile

import (
	"fmt"
	"slices"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/rule"
)

// findRule returns the rule of that id. The one that is looked at counts as it is now.
func (c *checker) findRule(id string) (rule.Rule, bool) {
	if id == c.current.ID {
		return c.current, true
	}
	i := slices.IndexFunc(c.profile.Rules, func(r rule.Rule) bool { return r.ID == id })
	if i < 0 {
		return rule.Rule{}, false
	}
	return c.profile.Rules[i], true
}

// isRun reports whether another rule runs the one of that id.
func (c *checker) isRun(id string) bool {
	if c.run == nil {
		c.run = map[string]bool{}
		for _, r := range c.profile.Rules {
			action.Each(r.Actions, func(a *action.Spec) {
				if a.Run != nil && a.Run.Rule != r.ID {
					c.run[a.Run.Rule] = true
				}
			})
		}
	}
	return c.run[id]
}

// runs looks at the rules that r runs.
func (c *checker) runs(prefix string, r rule.Rule) {
	isEndless := c.eachRun(prefix, r.Actions)
	if isEndless {
		return // its actions cannot be counted
	}
	w := walk{checker: c, sizes: map[string]int{}}
	if size := w.size(r.Actions, 0); size > rule.MaxSteps {
		c.fail(prefix+"action", action.ProblemTooLong, "with what it runs, the rule has over %d actions", rule.MaxSteps)
	}
	if w.isDeep {
		c.fail(prefix+"action", action.ProblemRange, "rules run each other, more than %d deep", rule.MaxRunDepth)
	}
}

// eachRun looks at the actions of the current rule that run others, and reports whether one of them never ends.
func (c *checker) eachRun(prefix string, specs []action.Spec) (isEndless bool) {
	for n, a := range specs {
		at := fmt.Sprintf("%saction[%d].", prefix, n)
		if a.Pool != nil {
			for i, choice := range a.Pool.Choices {
				isEndless = c.eachRun(fmt.Sprintf("%spool.choice[%d].", at, i), choice.Actions) || isEndless
			}
		}
		if a.Run == nil || a.Run.Rule == "" {
			continue
		}
		target, isKnown := c.findRule(a.Run.Rule)
		switch {
		case !isKnown:
			c.fail(at+"run.rule", IssueRule, "there is no rule with the id %q", a.Run.Rule)
		case c.leadsBack(target, map[string]bool{}):
			c.fail(at+"run.rule", IssueCycle, "the rule would run itself again, without end")
			isEndless = true
		}
	}
	return isEndless
}

// leadsBack reports whether r is the current rule, or runs it in the end.
func (c *checker) leadsBack(r rule.Rule, seen map[string]bool) bool {
	if r.ID == c.current.ID {
		return true
	}
	if seen[r.ID] {
		return false
	}
	seen[r.ID] = true
	isBack := false
	action.Each(r.Actions, func(a *action.Spec) {
		if a.Run == nil || isBack {
			return
		}
		if target, ok := c.findRule(a.Run.Rule); ok {
			isBack = c.leadsBack(target, seen)
		}
	})
	return isBack
}

// walk counts the actions that come of a rule.
type walk struct {
	*checker
	sizes  map[string]int // of rules that have been counted; one that is being counted has 0
	isDeep bool
}

// size returns how many actions come of specs at most, of which depth rules are run in each other: of a pool the largest
// choice. It does not count beyond what is too many.
func (w *walk) size(specs []action.Spec, depth int) int {
	total := 0
	for _, a := range specs {
		switch {
		case a.Pool != nil:
			largest := 0
			for _, choice := range a.Pool.Choices {
				largest = max(largest, w.size(choice.Actions, depth))
			}
			total += largest
		case a.Run != nil:
			total += w.sizeOf(a.Run.Rule, depth+1)
		default:
			total++
		}
		total = min(total, rule.MaxSteps+1)
	}
	return total
}

func (w *walk) sizeOf(id string, depth int) int {
	if depth > rule.MaxRunDepth {
		w.isDeep = true
		return 0
	}
	key := fmt.Sprint(depth, " ", id)
	if size, ok := w.sizes[key]; ok {
		return size
	}
	w.sizes[key] = 0 // a circle among others is told of there
	if r, ok := w.findRule(id); ok {
		w.sizes[key] = w.size(r.Actions, depth)
	}
	return w.sizes[key]
}
