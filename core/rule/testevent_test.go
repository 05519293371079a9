package rule

import (
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

// shelf is a small catalogue.
type shelf []event.GiftInfo

func (s shelf) List() []event.GiftInfo { return s }

func (s shelf) Find(id int64) (event.GiftInfo, bool) {
	for _, g := range s {
		if g.ID == id {
			return g, true
		}
	}
	return event.GiftInfo{}, false
}

func (s shelf) FindName(name string) []event.GiftInfo {
	for _, g := range s {
		if g.Name == name {
			return []event.GiftInfo{g}
		}
	}
	return nil
}

func TestTestEventFiresItsRule(t *testing.T) {
	gifts := shelf{rose, {ID: 9, Name: "Doughnut", Coins: 30}, lion}
	tests := []struct {
		trigger Trigger
		gifts   Gifts
		want    action.Fields
	}{
		{Trigger{Kind: OnGift, GiftID: lion.ID}, gifts, action.Fields{Gift: "Lion", GiftID: lion.ID, Coins: lion.Coins, TotalCoins: lion.Coins, Count: 1}},
		{Trigger{Kind: OnGift, Gift: "Rose"}, gifts, action.Fields{Gift: "Rose", GiftID: rose.ID, Coins: 1, TotalCoins: 1, Count: 1}},
		{Trigger{Kind: OnGift, GiftID: 77, Gift: "New"}, gifts, action.Fields{Gift: "New", GiftID: 77, Coins: 1, TotalCoins: 1, Count: 1}},
		{Trigger{Kind: OnGift, Gift: "Rose"}, nil, action.Fields{Gift: "Rose", Coins: 1, TotalCoins: 1, Count: 1}},
		{Trigger{Kind: OnAnyGift, MinCoins: 20, MaxCoins: 50}, gifts, action.Fields{Gift: "Doughnut", GiftID: 9, Coins: 30, TotalCoins: 30, Count: 1}},
		{Trigger{Kind: OnAnyGift, MinCoins: 40, MaxCoins: 50}, gifts, action.Fields{Gift: "Test gift", Coins: 40, TotalCoins: 40, Count: 1}},
		{Trigger{Kind: OnAnyGift}, nil, action.Fields{Gift: "Test gift", Coins: 1, TotalCoins: 1, Count: 1}},
		{Trigger{Kind: OnFollow}, gifts, action.Fields{Count: 1}},
		{Trigger{Kind: OnShare}, gifts, action.Fields{Count: 1}},
		{Trigger{Kind: OnJoin}, gifts, action.Fields{Count: 1}},
		{Trigger{Kind: OnSubscribe}, gifts, action.Fields{Count: 1}},
		{Trigger{Kind: OnLikes, Every: 500}, gifts, action.Fields{Count: 500, Likes: 500, Total: 500}},
		{Trigger{Kind: OnLikes, At: 5000}, gifts, action.Fields{Count: 5000, Likes: 5000, Total: 5000}},
		{Trigger{Kind: OnViewerLikes, Every: 50}, gifts, action.Fields{Count: 50, Likes: 50, Total: 50}},
		{Trigger{Kind: OnGoal, Every: 100}, gifts, action.Fields{Gift: "Rose", GiftID: rose.ID, Coins: 1, TotalCoins: 100, Count: 100, Total: 100}},
		{Trigger{Kind: OnGoal, At: 3, Of: OfGifts, Per: PerViewer}, gifts, action.Fields{Gift: "Rose", GiftID: rose.ID, Coins: 1, TotalCoins: 3, Count: 3, Total: 3}},
		{Trigger{Kind: OnFirst}, gifts, action.Fields{Count: 1, Comment: "hello from a test"}},
		{Trigger{Kind: OnFirst, Activity: event.KindFollow}, gifts, action.Fields{Count: 1}},
		{Trigger{Kind: OnKeyword, Keyword: "Good night"}, gifts, action.Fields{Count: 1, Comment: "Good night"}},
		{Trigger{Kind: OnQuestion}, gifts, action.Fields{Count: 1, Comment: "Hello from a test?"}},
		{Trigger{Kind: OnCommand, Command: "!zombie", MinArgs: 5}, gifts, action.Fields{Count: 1, Comment: "!zombie hello from a test 5", Args: "hello from a test 5"}},
		{Trigger{Kind: OnCommand, Command: "!zombie"}, gifts, action.Fields{Count: 1, Comment: "!zombie hello from a test", Args: "hello from a test"}},
	}
	for _, tt := range tests {
		for _, mode := range []StreakMode{StreakEnd, StreakGrowth, StreakOnce} {
			r := ruleFor("r", tt.trigger)
			r.Streak, r.Off, r.Cooldown = mode, true, action.Duration(time.Hour)
			s := NewSet(nil, Options{})
			tt.want.User, tt.want.Nickname = "test_viewer", "Test viewer"
			for range 2 { // no cooldown stands in the way of the second
				e := TestEvent(r, tt.gifts)
				jobs, d := s.Test(r, e)
				if len(jobs) != 1 || d.Reason != ReasonFired || d.Times != 1 {
					t.Fatalf("%+v, %s: %+v with %d jobs", tt.trigger, mode, d, len(jobs))
				}
				if j := jobs[0]; j.Fields != tt.want || !j.Test || j.Runs != 1 || j.EventID != e.Header().ID {
					t.Errorf("%+v, %s: got %+v, want fields %+v", tt.trigger, mode, j, tt.want)
				}
			}
		}
	}
}

func TestTestEventOfUnknownTrigger(t *testing.T) {
	if e := TestEvent(Rule{Trigger: Trigger{Kind: "earthquake"}}, nil); e != nil {
		t.Errorf("got %+v", e)
	}
}

func TestTestChangesNoState(t *testing.T) {
	r := ruleFor("r", Trigger{Kind: OnFollow})
	r.Cooldown = action.Duration(time.Hour)
	likes := ruleFor("l", Trigger{Kind: OnLikes, Every: 10})
	s := NewSet([]Rule{r, likes}, newClock().options())
	s.Test(r, TestEvent(r, nil))
	if _, d := s.Evaluate(event.Follow{User: pia}); d[0].Reason != ReasonFired {
		t.Errorf("a test began the cooldown: %+v", d[0])
	}
	s.Evaluate(likeOf("a", 1, 5))
	s.Test(likes, likeOf("a", 1, 5000))
	if _, d := s.Evaluate(likeOf("a", 1, 9)); d[1].Missing != 1 {
		t.Errorf("a test counted likes: %+v", d[1])
	}
}

func TestTestTellsWhyNot(t *testing.T) {
	s := NewSet(nil, Options{})
	idle := ruleFor("r", Trigger{Kind: OnFollow})
	idle.Actions = nil
	tests := []struct {
		rule Rule
		e    event.Event
		want Reason
	}{
		{idle, event.Follow{}, ReasonNoAction},
		{ruleFor("r", Trigger{Kind: OnFollow}), event.Share{}, ReasonKind},
		{ruleFor("r", Trigger{Kind: OnFollow}), nil, ReasonKind},
		{ruleFor("r", Trigger{Kind: "earthquake"}), event.ViewerCount{}, ReasonKind},
		{ruleFor("r", Trigger{Kind: OnGift, Gift: "Lion"}), giftOf(rose, 1), ReasonGift},
		{ruleFor("r", Trigger{Kind: OnLikes, Every: 100}), likeOf("a", 1, 50), ReasonLikes},
	}
	for _, tt := range tests {
		if jobs, d := s.Test(tt.rule, tt.e); len(jobs) != 0 || d.Reason != tt.want || d.RuleID != "r" {
			t.Errorf("%+v: got %+v with %d jobs, want %s", tt.rule.Trigger, d, len(jobs), tt.want)
		}
	}
}

func TestTestEventWithoutAViewer(t *testing.T) {
	for _, k := range TriggerKinds() {
		if k.IsFromViewer() || k.NamesUser() && k != OnSignal {
			continue
		}
		r := ruleFor("r", Trigger{Kind: k, Every: 50, Interval: MinInterval, Keys: "F1", Signal: "boss is down"})
		jobs, d := NewSet(nil, Options{}).Test(r, TestEvent(r, nil))
		if len(jobs) != 1 || !jobs[0].Test || jobs[0].Fields.User != "" || d.Reason != ReasonFired {
			t.Errorf("%s: %+v with %d jobs", k, d, len(jobs))
		}
	}
}

func TestTestEventForAChoice(t *testing.T) {
	gifts := shelf{rose, lion}
	fire := func(tr Trigger, c TestChoice) (action.Job, Decision) {
		r := ruleFor("r", tr)
		r.Actions[0].PerGift = true
		jobs, d := NewSet(nil, Options{}).Test(r, TestEventFor(r, gifts, c))
		if len(jobs) == 0 {
			return action.Job{}, d
		}
		return jobs[0], d
	}
	j, _ := fire(Trigger{Kind: OnAnyGift}, TestChoice{Viewer: tom, Gift: lion, Count: 3})
	if f := j.Fields; f.User != "testy_tom" || f.Gift != "Lion" || f.Count != 3 || f.TotalCoins != 3*lion.Coins || j.Runs != 3 {
		t.Errorf("got %+v", j)
	}
	if _, d := fire(Trigger{Kind: OnGift, GiftID: rose.ID}, TestChoice{Gift: lion}); d.Reason != ReasonGift {
		t.Errorf("another gift than the rule's: %+v", d)
	}
	if j, _ := fire(Trigger{Kind: OnGoal, Every: 100}, TestChoice{Gift: lion}); j.Fields.Count != 29_900 || j.Runs != 1 {
		t.Errorf("one gift that is worth many goals: %+v", j)
	}
	if _, d := fire(Trigger{Kind: OnGoal, At: 100}, TestChoice{Count: 60}); d.Reason != ReasonGoal || d.Missing != 40 {
		t.Errorf("too few gifts: %+v", d)
	}
	if j, _ := fire(Trigger{Kind: OnViewers, At: 100}, TestChoice{Count: 130}); j.Fields.Total != 130 || j.Fields.Count != 100 {
		t.Errorf("got %+v", j.Fields)
	}
	if j, _ := fire(Trigger{Kind: OnFollow}, TestChoice{Viewer: event.User{Handle: "pixel_pia"}}); j.Fields.User != "pixel_pia" || j.Fields.Nickname != "pixel_pia" {
		t.Errorf("got %+v", j.Fields)
	}
}
