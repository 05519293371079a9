package profile

import (
	"fmt"
	"slices"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/rule"
)

// CheckRule returns what Check would say of r if it were the profile's next rule, for an editor. Fields begin with the rule's
// own keys, such as "trigger.gift".
func (p Profile) CheckRule(r rule.Rule) []Issue {
	c := checker{profile: p}
	c.rule(-1, r, map[string]bool{})
	return c.issues
}

// rule looks at rule i, or at one outside the list when i is negative.
func (c *checker) rule(i int, r rule.Rule, seen map[string]bool) {
	c.current = r
	defer func() { c.current = rule.Rule{} }()
	prefix := ""
	if i >= 0 {
		prefix = fmt.Sprintf("rule[%d].", i)
	}
	for _, p := range rule.Check(r) {
		c.fail(prefix+p.Field, p.Code, "%s", p.Text)
	}
	if r.ID != "" && seen[r.ID] {
		c.fail(prefix+"id", IssueDuplicate, "another rule has the id %q too", r.ID)
	}
	seen[r.ID] = true
	for n, a := range r.Actions {
		if a.Kind() == action.KindRCON {
			c.command(fmt.Sprintf("%saction[%d].rcon.", prefix, n), r.Trigger.Kind, *a.RCON)
		}
	}
}

func (c *checker) command(prefix string, trigger rule.TriggerKind, r action.RCON) {
	hasName := func(s Server) bool { return s.Name == r.Server }
	switch {
	case len(c.profile.RCON) == 0:
		c.fail(prefix+"server", IssueServer, "the profile has no server for this command")
	case r.Server != "" && !slices.ContainsFunc(c.profile.RCON, hasName):
		c.fail(prefix+"server", IssueServer, "there is no server called %q", r.Server)
	}
	for _, line := range action.Lines(r.Command) {
		// What a viewer's name adds is not known yet, but without it the command must fit.
		bare := action.Expand(line, action.Fields{}, func(action.Placeholder) string { return "" })
		if len(bare) > maxCommand {
			c.fail(prefix+"command", action.ProblemTooLong, "a command has %d bytes, and servers read at most %d", len(bare), maxCommand)
		}
	}
	for _, name := range action.UnknownPlaceholders(r.Command) {
		c.add(SeverityWarning, prefix+"command", IssuePlaceholder, "%s is no placeholder and is sent as it is", name)
	}
	var used []string
	action.Expand(r.Command, action.Fields{}, func(p action.Placeholder) string {
		if !slices.Contains(used, p.Name) && !isFilled(trigger, p.Name) {
			used = append(used, p.Name)
			c.add(SeverityWarning, prefix+"command", IssuePlaceholder, "{%s} stands for nothing with this trigger", p.Name)
		}
		return ""
	})
}

// isFilled reports whether events of the trigger give the placeholder a value.
func isFilled(trigger rule.TriggerKind, placeholder string) bool {
	switch placeholder {
	case "gift", "gift_id", "coins", "total_coins":
		return trigger == rule.OnGift || trigger == rule.OnAnyGift
	case "comment", "args":
		return trigger == rule.OnCommand
	default:
		return true
	}
}
