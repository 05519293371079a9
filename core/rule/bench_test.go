package rule

import (
	"fmt"
	"testing"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

// usualRules are 300 of the kinds that most profiles have.
func usualRules() []Rule {
	kinds := []TriggerKind{OnGift, OnAnyGift, OnFollow, OnShare, OnLikes, OnJoin, OnCommand, OnSubscribe}
	rules := make([]Rule, 300)
	for i := range rules {
		rules[i] = ruleFor(fmt.Sprintf("rule-%d", i), Trigger{
			Kind: kinds[i%len(kinds)], Gift: fmt.Sprintf("Gift %d", i), MinCoins: 1000, Every: 1 << 30, Command: fmt.Sprintf("!command%d", i),
		})
	}
	return append(rules, ruleFor("rose", Trigger{Kind: OnGift, GiftID: rose.ID}))
}

// richRules are 300 of all kinds, each with conditions.
func richRules() []Rule {
	rules := make([]Rule, 300)
	for i := range rules {
		r := ruleFor(fmt.Sprintf("rule-%d", i), Trigger{
			Kind: TriggerKinds()[i%len(TriggerKinds())], Gift: fmt.Sprintf("Gift %d", i), Every: 1 << 30, Command: "!zombie",
			Keyword: fmt.Sprintf("word %d", i), Interval: MinInterval,
		})
		r.Conditions = []Condition{
			{Kind: IfAnyOf, Conditions: []Condition{{Kind: IfRole, Role: RoleFollower}, {Kind: IfRole, Role: RoleTeam, Level: 5}}},
			{Kind: IfViewer, Not: true, Viewers: []string{"a", "b", "c"}},
			{Kind: IfOnce, Per: PerStream},
			{Kind: IfPerMinute, Max: 10},
		}
		p := action.Pool{Choices: choices(1, 2, 3)}
		r.Actions = []action.Spec{poolOf(p)}
		rules[i] = r
	}
	return rules
}

// BenchmarkEvaluate measures one event against 300 rules.
func BenchmarkEvaluate(b *testing.B) {
	comment := chatOf("so many people here today, hello from the back row")
	cases := []struct {
		name  string
		rules []Rule
		e     event.Event
	}{
		{"chat", usualRules(), comment},
		{"gift that fires", usualRules(), giftOf(rose, 1)},
		{"gift that fires not", usualRules(), giftOf(event.GiftInfo{ID: 1, Name: "Ice Cream Cone", Coins: 1}, 1)},
		{"likes", usualRules(), likeOf("r1", 15, 0)},
		{"conditions, chat", richRules(), comment},
		{"conditions, command", richRules(), chatOf("!zombie")},
		{"conditions, gift", richRules(), giftOf(rose, 1)},
	}
	for _, c := range cases {
		b.Run(c.name, func(b *testing.B) {
			s := NewSet(c.rules, Options{})
			b.ReportAllocs()
			for b.Loop() {
				s.Evaluate(c.e)
			}
		})
	}
}

// BenchmarkCrowd measures events of ever new viewers, of whom the oldest are forgotten.
func BenchmarkCrowd(b *testing.B) {
	s := NewSet(usualRules(), Options{})
	users := make([]event.User, 3*maxCrowd)
	for i := range users {
		users[i].ID = fmt.Sprint(7_000_000_000_000_000_000 + i)
	}
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		s.Evaluate(event.Chat{Head: in("r"), User: users[i%len(users)]})
		i++
	}
}
