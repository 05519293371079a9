package rule

import (
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

// restart returns a Set as the next life of the program has it, told of what the one before has seen.
func restart(c *clock, rules []Rule, past []Past) *Set {
	s := NewSet(rules, c.options())
	s.Remember(past...)
	return s
}

// live evaluates events and returns what the next life is told of them.
func live(s *Set, c *clock, events ...event.Event) (past []Past, fired []string) {
	for _, e := range events {
		_, ds := s.Evaluate(e)
		p := Past{Event: e, At: c.now}
		for _, d := range ds {
			if d.Reason == ReasonFired {
				p.Fired = append(p.Fired, d.RuleID)
			}
		}
		fired = append(fired, p.Fired...)
		past = append(past, p)
	}
	return past, fired
}

func TestOnceIsOnceAcrossARestart(t *testing.T) {
	c := newClock()
	once := func(id string, per Scope) Rule {
		r := ruleFor(id, Trigger{Kind: OnAnyGift})
		r.Conditions = []Condition{{Kind: IfOnce, Per: per}}
		return r
	}
	button := ruleFor("button", Trigger{Kind: OnButton})
	button.Conditions = []Condition{{Kind: IfOnce, Per: PerStream}}
	rules := []Rule{once("viewer", PerViewer), once("stream", PerStream), button}
	cue := event.Cue{By: cueFor(OnButton), RuleID: "button"}
	before := NewSet(rules, c.options())
	past, fired := live(before, c, giftFrom(pia, "r", 1, 1), cue)
	if len(fired) != 3 {
		t.Fatalf("the first time: %v", fired)
	}
	s := restart(c, rules, past)
	if _, fired := live(s, c, giftFrom(pia, "r", 1, 1), cue); len(fired) != 0 {
		t.Errorf("pia again: %v", fired)
	}
	if _, fired := live(s, c, giftFrom(tom, "r", 1, 1)); len(fired) != 1 || fired[0] != "viewer" {
		t.Errorf("tom: %v", fired)
	}
	if _, fired := live(s, c, giftFrom(pia, "next", 1, 1)); len(fired) != 2 {
		t.Errorf("pia in the next stream: %v", fired)
	}
}

func TestCooldownsGoOnAcrossARestart(t *testing.T) {
	c := newClock()
	cooled := func(id string, per CooldownScope) Rule {
		r := ruleFor(id, Trigger{Kind: OnAnyGift})
		r.Cooldown, r.CooldownPer = action.Duration(time.Minute), per
		return r
	}
	grouped := cooled("group", CooldownGroup)
	grouped.Group = "night"
	minute := ruleFor("minute", Trigger{Kind: OnAnyGift})
	minute.Conditions = []Condition{{Kind: IfPerMinute, Max: 1}}
	rules := []Rule{cooled("all", CooldownAll), cooled("viewer", CooldownViewer), grouped, minute}
	past, _ := live(NewSet(rules, c.options()), c, giftFrom(pia, "r", 1, 1))

	c.now = c.now.Add(40 * time.Second)
	s := restart(c, rules, past)
	_, ds := s.Evaluate(giftFrom(pia, "r", 1, 1))
	for _, d := range ds[:3] {
		if d.Reason != ReasonCooldown || d.Wait != action.Duration(20*time.Second) {
			t.Errorf("%s after 40 s: %+v", d.RuleID, d)
		}
	}
	if ds[3].Reason != ReasonCondition {
		t.Errorf("once a minute, after 40 s: %+v", ds[3])
	}
	if _, fired := live(s, c, giftFrom(tom, "r", 1, 1)); len(fired) != 1 || fired[0] != "viewer" {
		t.Errorf("another viewer after 40 s: %v", fired)
	}
	for name, by := range map[string]time.Duration{"over": 21 * time.Second, "the clock set back": -2 * time.Hour} {
		late := *c
		late.now = c.now.Add(by)
		if _, fired := live(restart(&late, rules, past), &late, giftFrom(pia, "r", 1, 1)); len(fired) != 4 {
			t.Errorf("%s: %v", name, fired)
		}
	}
}

func TestMilestonesThatWerePassedAreNotPassedAgain(t *testing.T) {
	c := newClock()
	rules := []Rule{ruleFor("likes", Trigger{Kind: OnLikes, Every: 100}), ruleFor("viewers", Trigger{Kind: OnViewers, Every: 10})}
	head := event.Head{Room: "r"}
	like := func(total int) event.Event { return event.Like{Head: head, User: pia, Added: 1, Total: total} }
	watch := func(n int) event.Event { return event.ViewerCount{Head: head, Viewers: n} }
	past, fired := live(NewSet(rules, c.options()), c, like(50), like(120), watch(5), watch(12))
	if len(fired) != 2 {
		t.Fatalf("before: %v", fired)
	}
	s := restart(c, rules, past)
	if _, fired := live(s, c, like(130), watch(13)); len(fired) != 0 {
		t.Errorf("again: %v", fired)
	}
	if _, fired := live(s, c, like(210), watch(25)); len(fired) != 2 {
		t.Errorf("the next, of which one was passed while nobody looked: %v", fired)
	}
}
