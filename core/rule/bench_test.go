package rule

import (
	"fmt"
	"testing"

	"github.com/livecue/livecue/core/event"
)

// BenchmarkEvaluate measures one event against 300 rules of the kinds that most profiles have.
func BenchmarkEvaluate(b *testing.B) {
	kinds := []TriggerKind{OnGift, OnAnyGift, OnFollow, OnShare, OnLikes, OnJoin, OnCommand, OnSubscribe}
	rules := make([]Rule, 300)
	for i := range rules {
		rules[i] = ruleFor(fmt.Sprintf("rule-%d", i), Trigger{
			Kind: kinds[i%len(kinds)], Gift: fmt.Sprintf("Gift %d", i), MinCoins: 1000, Every: 1 << 30, Command: fmt.Sprintf("!command%d", i),
		})
	}
	fires := ruleFor("rose", Trigger{Kind: OnGift, GiftID: rose.ID})
	cases := []struct {
		name string
		e    event.Event
	}{
		{"chat", chatOf("so many people here today, hello from the back row")},
		{"gift that fires", giftOf(rose, 1)},
		{"gift that fires not", giftOf(event.GiftInfo{ID: 1, Name: "Ice Cream Cone", Coins: 1}, 1)},
		{"likes", likeOf("r1", 15, 0)},
	}
	for _, c := range cases {
		b.Run(c.name, func(b *testing.B) {
			s := NewSet(append(rules, fires), Options{})
			b.ReportAllocs()
			for b.Loop() {
				s.Evaluate(c.e)
			}
		})
	}
}
