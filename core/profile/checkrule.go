package profile

import (
	"fmt"
	"maps"
	"slices"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/web"
	"github.com/livecue/livecue/core/event"
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
	c.conditions(prefix, r.Conditions)
	c.actions(prefix, r.Actions)
	c.runs(prefix, r)
}

// conditions looks at what conditions say of the rest of the profile.
func (c *checker) conditions(prefix string, all []rule.Condition) {
	for i, one := range all {
		at := fmt.Sprintf("%scondition[%d].", prefix, i)
		if one.Kind == rule.IfGroupOn && one.Group != "" && !c.hasGroup(one.Group) {
			c.add(SeverityWarning, at+"group", IssueGroup, "no rule is in a group called %q", one.Group)
		}
		c.conditions(at, one.Conditions)
	}
}

func (c *checker) hasGroup(name string) bool {
	return slices.ContainsFunc(c.profile.Groups, func(g Group) bool { return g.Name == name }) ||
		slices.ContainsFunc(c.profile.Rules, func(r rule.Rule) bool { return r.Group == name })
}

// actions looks at actions that stand behind prefix, and at those inside pools.
func (c *checker) actions(prefix string, specs []action.Spec) {
	for n, a := range specs {
		at := fmt.Sprintf("%saction[%d].", prefix, n)
		switch a.Kind() {
		case action.KindRCON:
			c.command(at+"rcon.", *a.RCON)
		case action.KindHTTP:
			c.body(at+"http.", a)
		case action.KindPool:
			for i, choice := range a.Pool.Choices {
				c.actions(fmt.Sprintf("%spool.choice[%d].", at, i), choice.Actions)
			}
		}
		texts := a.Texts()
		for _, key := range slices.Sorted(maps.Keys(texts)) {
			c.placeholders(at+key, texts[key])
		}
	}
}

func (c *checker) command(prefix string, r action.RCON) {
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
}

// body looks whether a request can be made of an action that is right as far as it goes on its own.
func (c *checker) body(prefix string, a action.Spec) {
	if a.Check() != nil {
		return
	}
	if _, err := web.Render(*a.HTTP, action.Fields{}); err != nil {
		c.fail(prefix+"body", IssueBody, "%s", err)
	}
}

// placeholders looks at a text of the current rule in which they count.
func (c *checker) placeholders(field, text string) {
	for _, name := range action.UnknownPlaceholders(text) {
		c.add(SeverityWarning, field, IssuePlaceholder, "%s is no placeholder and is sent as it is%s", name, meant(name))
	}
	if c.isRun(c.current.ID) {
		return // what it stands for is the other rule's to say
	}
	var told []string
	action.Expand(text, action.Fields{}, func(p action.Placeholder) string {
		if !slices.Contains(told, p.Name) && !isFilled(c.current.Trigger, p.Name) {
			told = append(told, p.Name)
			c.add(SeverityWarning, field, IssuePlaceholder, "{%s} stands for nothing with this trigger", p.Name)
		}
		return ""
	})
}

// meant suggests what an unknown placeholder may have been meant to be.
func meant(name string) string {
	if near := action.NearestPlaceholder(name); near != "" {
		return ": did you mean " + near + "?"
	}
	return ""
}

// isFilled reports whether events of the trigger give the placeholder a value.
func isFilled(t rule.Trigger, placeholder string) bool {
	switch placeholder {
	case "user", "nickname":
		return t.Kind.NamesUser()
	case "gift", "gift_id", "coins", "total_coins":
		return slices.Contains([]rule.TriggerKind{rule.OnGift, rule.OnAnyGift, rule.OnGoal}, t.Kind) ||
			t.Kind == rule.OnFirst && (t.Activity == "" || t.Activity == event.KindGift)
	case "comment":
		return slices.Contains([]rule.TriggerKind{rule.OnCommand, rule.OnKeyword, rule.OnQuestion, rule.OnSignal, rule.OnData}, t.Kind) ||
			t.Kind == rule.OnFirst && slices.Contains([]event.Kind{"", event.KindChat, event.KindQuestion}, t.Activity)
	case "args", "arg1", "arg2", "arg3":
		return t.Kind == rule.OnCommand
	case "total":
		return slices.Contains([]rule.TriggerKind{rule.OnLikes, rule.OnViewerLikes, rule.OnGoal, rule.OnViewers}, t.Kind)
	default:
		return true
	}
}
