package rule

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

// show is a State.
type show struct {
	counters map[string]int64
	paused   string
}

func (s show) Counter(name string) (int64, bool) { v, ok := s.counters[name]; return v, ok }
func (s show) LanePaused(lane string) bool       { return lane == s.paused }

// saturday is in the evening of 7 March 2026.
var saturday = time.Date(2026, 3, 7, 23, 30, 0, 0, time.UTC)

func TestConditions(t *testing.T) {
	moderator := event.User{ID: "3", Handle: "Mod_Mia", Nickname: "testy_tom", Roles: event.Roles{Moderator: true, TeamLevel: 7}}
	gift := func(coins, count int) event.Event { return giftFrom(pia, "r", coins, count) }
	chat := func(u event.User, text string) event.Event { return event.Chat{Head: in("r"), User: u, Comment: text} }
	clock := func(from, to string, days ...Day) Condition {
		return Condition{Kind: IfTime, From: from, To: to, Days: days}
	}
	counter := func(name string, is Comparison, value int64) Condition {
		return Condition{Kind: IfCounter, Counter: name, Is: is, Value: value}
	}
	tests := []struct {
		c    Condition
		e    event.Event
		want bool
	}{
		{Condition{Kind: IfCoins, Min: 10}, gift(10, 1), true},
		{Condition{Kind: IfCoins, Min: 10}, gift(9, 5), false},
		{Condition{Kind: IfCoins, Max: 10}, gift(11, 1), false},
		{Condition{Kind: IfCoins, Max: 10}, chat(pia, "hi"), false},
		{Condition{Kind: IfTotalCoins, Min: 50}, gift(10, 5), true},
		{Condition{Kind: IfTotalCoins, Min: 51}, gift(10, 5), false},
		{Condition{Kind: IfGifts, Min: 5, Max: 5}, gift(1, 5), true},
		{Condition{Kind: IfGifts, Min: 6}, gift(1, 5), false},
		{Condition{Kind: IfRole, Role: RoleModerator}, chat(moderator, "hi"), true},
		{Condition{Kind: IfRole, Role: RoleModerator}, chat(pia, "hi"), false},
		{Condition{Kind: IfRole, Role: RoleTeam}, chat(moderator, "hi"), true},
		{Condition{Kind: IfRole, Role: RoleTeam, Level: 7}, chat(moderator, "hi"), true},
		{Condition{Kind: IfRole, Role: RoleTeam, Level: 8}, chat(moderator, "hi"), false},
		{Condition{Kind: IfRole, Role: RoleTeam}, chat(pia, "hi"), false},
		{Condition{Kind: IfRole, Role: RoleGifter}, chat(moderator, "hi"), false},
		{Condition{Kind: IfRole, Role: RoleFollower}, event.Follow{Head: in("r"), User: pia}, true},
		{Condition{Kind: IfRole, Role: RoleSubscriber}, event.Subscribe{Head: in("r"), User: pia}, true},
		{Condition{Kind: IfRole, Role: RoleFollower}, event.ViewerCount{Head: in("r"), Viewers: 2}, false},
		{Condition{Kind: IfViewer, Viewers: []string{"@PIXEL_pia"}}, chat(pia, "hi"), true},
		{Condition{Kind: IfViewer, Viewers: []string{"1"}}, chat(pia, "hi"), true},
		{Condition{Kind: IfViewer, Viewers: []string{"testy_tom"}}, chat(moderator, "a nickname is no proof"), false},
		{Condition{Kind: IfViewer, Viewers: []string{""}}, chat(event.User{}, "hi"), false},
		{Condition{Kind: IfComment, Text: "please"}, chat(pia, "TNT, Please!"), true},
		{Condition{Kind: IfComment, Text: "please"}, chat(pia, "pleased"), false},
		{Condition{Kind: IfComment, Text: "please"}, event.Question{Head: in("r"), User: pia, Text: "please?"}, true},
		{Condition{Kind: IfChance, Percent: 100}, chat(pia, "hi"), true},
		{Condition{Kind: IfChance}, chat(pia, "hi"), false},
		{clock("20:00", "23:31"), chat(pia, "hi"), true},
		{clock("20:00", "23:30"), chat(pia, "hi"), false},
		{clock("23:30", "02:00"), chat(pia, "hi"), true},
		{clock("23:31", "23:30"), chat(pia, "hi"), false},
		{clock("22:00", "02:00", "sat", "sun"), chat(pia, "hi"), true},
		{clock("22:00", "02:00", "fri"), chat(pia, "hi"), false},
		{clock("", "", "sat"), chat(pia, "hi"), true},
		{clock("", "", "mon"), chat(pia, "hi"), false},
		{counter("deaths", "", 4), chat(pia, "hi"), true},
		{counter("deaths", IsAbove, 5), chat(pia, "hi"), false},
		{counter("deaths", IsBelow, 6), chat(pia, "hi"), true},
		{counter("deaths", IsEqual, 5), chat(pia, "hi"), true},
		{counter("unknown", IsEqual, 0), chat(pia, "hi"), true},
		{Condition{Kind: IfLanePaused, Lane: "sound"}, chat(pia, "hi"), true},
		{Condition{Kind: IfLanePaused, Lane: "obs"}, chat(pia, "hi"), false},
		{Condition{Kind: IfGroupOn, Group: "day"}, chat(pia, "hi"), true},
		{Condition{Kind: IfGroupOn, Group: "night"}, chat(pia, "hi"), false},
		{Condition{Kind: "weather"}, chat(pia, "hi"), false},
	}
	for _, tt := range tests {
		for _, not := range []bool{false, true} {
			c := tt.c
			c.Not = not
			var rules []Rule
			for _, k := range []TriggerKind{OnAnyGift, OnKeyword, OnFollow, OnSubscribe, OnQuestion, OnViewers} {
				r := ruleFor(string(k), Trigger{Kind: k, Keyword: "hi", At: 1})
				r.Conditions = []Condition{c}
				rules = append(rules, r)
			}
			rules[1].Trigger = Trigger{Kind: OnFirst, Activity: event.KindChat}
			s := NewSet(rules, Options{Now: func() time.Time { return saturday }, State: show{map[string]int64{"deaths": 5}, "sound"}})
			s.SetGroups([]string{"night", ""})
			if tt.e.Kind() == event.KindViewerCount {
				s.Evaluate(event.ViewerCount{Head: in("r")})
			}
			jobs, ds := s.Evaluate(tt.e)
			if (len(jobs) == 1) != (tt.want != not) {
				t.Errorf("%+v: %d jobs, want %v", c, len(jobs), tt.want != not)
			}
			if len(jobs) == 1 {
				continue
			}
			i := slices.IndexFunc(ds, func(d Decision) bool { return d.Reason == ReasonCondition })
			if i < 0 || ds[i].Stop == nil || !slices.Equal(ds[i].Stop.Path, []int{0}) || ds[i].Stop.Condition.Kind != c.Kind || ds[i].Stop.Condition.Not != not {
				t.Errorf("%+v: the decision does not tell of it: %+v", c, ds)
			}
		}
	}
}

func TestTimeOverMidnight(t *testing.T) {
	n := newNode(Condition{Kind: IfTime, From: "22:00", To: "02:00", Days: []Day{"fri"}}, nil, false)
	for text, want := range map[string]bool{
		"2026-03-06T21:59:59Z": false, "2026-03-06T22:00:00Z": true, "2026-03-07T01:59:59Z": true, "2026-03-07T02:00:00Z": false,
		"2026-03-07T23:00:00Z": false, "2026-03-06T01:00:00Z": false, "2026-03-06T23:00:00-05:00": true,
	} {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		if got := n.isTime(at); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestGroupsOfConditions(t *testing.T) {
	yes, no := Condition{Kind: IfCoins, Min: 1}, Condition{Kind: IfCoins, Min: 1000}
	group := func(kind ConditionKind, not bool, inner ...Condition) Condition {
		return Condition{Kind: kind, Not: not, Conditions: inner}
	}
	tests := []struct {
		name  string
		match Match
		all   []Condition
		want  string // the path of what stopped it, or "fires"
	}{
		{"none", "", nil, "fires"},
		{"all hold", MatchAll, []Condition{yes, yes}, "fires"},
		{"the second does not", "", []Condition{yes, no}, "[1]"},
		{"one of two", MatchAny, []Condition{no, yes}, "fires"},
		{"none of two", MatchAny, []Condition{no, no}, "[]"},
		{"inside", "", []Condition{yes, group(IfAllOf, false, yes, group(IfAllOf, false, yes, yes, no))}, "[1 1 2]"},
		{"any inside", "", []Condition{group(IfAnyOf, false, no, no)}, "[0]"},
		{"any of them inside", "", []Condition{group(IfAnyOf, false, no, group(IfAllOf, false, yes))}, "fires"},
		{"turned round", "", []Condition{group(IfAllOf, true, yes, no)}, "fires"},
		{"turned round and so", "", []Condition{yes, group(IfAnyOf, true, no, yes)}, "[1]"},
		{"twice", "", []Condition{group(IfAllOf, true, group(IfAnyOf, true, yes))}, "fires"},
	}
	for _, tt := range tests {
		r := ruleFor("r", Trigger{Kind: OnAnyGift})
		r.Match, r.Conditions = tt.match, tt.all
		jobs, ds := NewSet([]Rule{r}, Options{}).Evaluate(giftFrom(pia, "r", 5, 1))
		got := "fires"
		if len(jobs) == 0 {
			got = fmt.Sprint(ds[0].Stop.Path)
		}
		if got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestRolesAreRemembered(t *testing.T) {
	r := ruleFor("r", Trigger{Kind: OnKeyword, Keyword: "hi"})
	r.Conditions = []Condition{{Kind: IfRole, Role: RoleFollower}, {Kind: IfRole, Role: RoleTeam, Level: 3}}
	s := NewSet([]Rule{r}, Options{})
	told := pia
	told.Roles = event.Roles{TeamLevel: 3}
	s.Evaluate(event.Join{Head: in("old"), User: told})
	s.Evaluate(event.Follow{Head: in("old"), User: pia})
	for _, e := range []struct {
		u    event.User
		want bool
	}{{pia, true}, {tom, false}, {event.User{Handle: "pixel_pia", Nickname: "Pia"}, false}} {
		jobs, d := s.Evaluate(event.Chat{Head: in("r"), User: e.u, Comment: "hi"})
		if (len(jobs) == 1) != e.want {
			t.Errorf("%+v: %+v", e.u, d[0])
		}
	}
}

func TestOnce(t *testing.T) {
	for scope, want := range map[Scope][]int{"": {1, 0, 1, 0, 1, 0}, PerViewer: {1, 0, 1, 0, 1, 0}, PerStream: {1, 0, 0, 0, 1, 0}} {
		r := ruleFor("r", Trigger{Kind: OnKeyword, Keyword: "hi"})
		r.Conditions = []Condition{{Kind: IfOnce, Per: scope}}
		other := r.Clone()
		other.ID = "other"
		s := NewSet([]Rule{r}, Options{})
		say := func(u event.User, room string) event.Event { return event.Chat{Head: in(room), User: u, Comment: "hi"} }
		got, d := fired(s, say(pia, "a"), say(pia, "a"), say(tom, "a"), say(tom, "a"), say(pia, "b"), say(pia, "b"))
		if !slices.Equal(got, want) || d.Stop == nil || d.Stop.Condition.Kind != IfOnce {
			t.Errorf("%q: got %v, want %v; %+v", scope, got, want, d)
		}
		s.Replace([]Rule{other, r})
		_, ds := s.Evaluate(say(pia, "b"))
		if got := reasons(ds); !slices.Equal(got, []Reason{ReasonFired, ReasonCondition}) {
			t.Errorf("%q: %v; want the new rule to fire, and the kept one to know that it has", scope, got)
		}
	}
}

func TestOnceWithSeveralMilestones(t *testing.T) {
	r := ruleFor("r", Trigger{Kind: OnGoal, Every: 10})
	r.Conditions = []Condition{{Kind: IfOnce, Per: PerStream}}
	jobs, ds := NewSet([]Rule{r}, Options{}).Evaluate(giftFrom(pia, "r", 95, 1))
	if len(jobs) != 1 || jobs[0].Runs != 1 || ds[0].Times != 1 {
		t.Errorf("got %+v", ds[0])
	}
}

func TestPerMinute(t *testing.T) {
	c := newClock()
	r := ruleFor("r", Trigger{Kind: OnFollow})
	r.Conditions = []Condition{{Kind: IfPerMinute, Max: 3}}
	s := NewSet([]Rule{r}, c.options())
	count := 0
	for i := range 60 {
		jobs, _ := s.Evaluate(event.Follow{User: event.User{ID: fmt.Sprint(i)}})
		count += len(jobs)
		c.advance(5 * time.Second)
	}
	if count != 15 {
		t.Errorf("fired %d times in five minutes, want 15", count)
	}
	c.advance(-time.Hour)
	if jobs, _ := s.Evaluate(event.Follow{User: pia}); len(jobs) != 1 {
		t.Error("a clock that was set back stops the rule")
	}
	// Milestones count one by one.
	r.Trigger = Trigger{Kind: OnGoal, Every: 10}
	s = NewSet([]Rule{r}, c.options())
	if jobs, ds := s.Evaluate(giftFrom(pia, "r", 20, 1)); ds[0].Times != 2 || jobs[0].Runs != 2 {
		t.Errorf("got %+v", ds[0])
	}
	if jobs, ds := s.Evaluate(giftFrom(pia, "r", 50, 1)); ds[0].Times != 1 || jobs[0].Runs != 1 {
		t.Errorf("got %+v, want what is left of the minute", ds[0])
	}
	if _, ds := s.Evaluate(giftFrom(pia, "r", 50, 1)); ds[0].Reason != ReasonCondition {
		t.Errorf("got %+v", ds[0])
	}
}

func TestChanceIsAsLikelyAsSaid(t *testing.T) {
	r := ruleFor("r", Trigger{Kind: OnFollow})
	r.Conditions = []Condition{{Kind: IfChance, Percent: 30}}
	run := func() (wins []int) {
		s := NewSet([]Rule{r}, Options{Random: rand.NewPCG(1, 2)})
		for i := range 10_000 {
			if jobs, _ := s.Evaluate(event.Follow{User: pia}); len(jobs) == 1 {
				wins = append(wins, i)
			}
		}
		return wins
	}
	first := run()
	if n := len(first); n < 2800 || n > 3200 {
		t.Errorf("won %d of 10000, want about 3000", n)
	}
	if !slices.Equal(first, run()) {
		t.Error("the same source of chance gives other chances")
	}
}

func TestAllowAndBlock(t *testing.T) {
	s := NewSet([]Rule{ruleFor("r", Trigger{Kind: OnFollow})}, Options{})
	reason := func(u event.User) Reason {
		_, ds := s.Evaluate(event.Follow{User: u})
		return ds[0].Reason
	}
	s.SetViewers(nil, []string{"@Testy_Tom", " "})
	if reason(pia) != ReasonFired || reason(tom) != ReasonBlock || reason(event.User{Nickname: "testy_tom"}) != ReasonFired {
		t.Error("the block list does not hold")
	}
	s.SetViewers([]string{"1", "testy_tom"}, []string{"2"})
	if reason(pia) != ReasonFired || reason(tom) != ReasonBlock || reason(event.User{ID: "9"}) != ReasonAllow {
		t.Error("the allow list does not hold")
	}
}

func TestGroups(t *testing.T) {
	c := newClock()
	var rules []Rule
	for i, group := range []string{"a", "a", "b", ""} {
		r := ruleFor(fmt.Sprint(i), Trigger{Kind: OnFollow})
		r.Group, r.Cooldown, r.CooldownPer = group, action.Duration(time.Duration(i+1)*10*time.Second), CooldownGroup
		rules = append(rules, r)
	}
	rules[3].CooldownPer = CooldownAll
	s := NewSet(rules, c.options())
	follow := func() []Reason {
		_, ds := s.Evaluate(event.Follow{User: pia})
		return reasons(ds)
	}
	const F, C, G = ReasonFired, ReasonCooldown, ReasonGroup
	s.SetGroups([]string{"a", ""})
	for i, step := range []struct {
		wait time.Duration
		want []Reason
		do   func()
	}{
		{0, []Reason{G, G, F, F}, func() { s.SetGroups(nil) }},
		{0, []Reason{F, C, C, C}, nil},                                   // the first has begun the second's cooldown
		{9 * time.Second, []Reason{C, C, C, C}, nil},                     //
		{time.Second, []Reason{F, C, C, C}, func() { s.Replace(rules) }}, // the second's is longer, and begins anew
		{9 * time.Second, []Reason{C, C, C, C}, nil},
		{11 * time.Second, []Reason{F, C, F, C}, nil},
	} {
		c.advance(step.wait)
		if got := follow(); !slices.Equal(got, step.want) {
			t.Errorf("step %d: got %v, want %v", i, got, step.want)
		}
		if step.do != nil {
			step.do()
		}
	}
}

func TestMemoryOfViewersIsBounded(t *testing.T) {
	r := ruleFor("r", Trigger{Kind: OnFirst})
	r.Conditions = []Condition{{Kind: IfOnce}}
	s := NewSet([]Rule{r}, Options{})
	for i := range 3 * maxCrowd {
		s.Evaluate(event.Chat{Head: in(fmt.Sprint(i % 50)), User: event.User{ID: fmt.Sprint(i), Nickname: strings.Repeat("x", 1000)}})
		s.Evaluate(event.Chat{Head: in("r"), User: pia})
	}
	n := 0
	for p := s.crowd.newest; p != nil; p = p.next {
		n++
	}
	if n != maxCrowd || len(s.crowd.byKey) != maxCrowd || len(s.rooms.all) != maxRooms {
		t.Errorf("%d viewers in the list, %d in the map, %d rooms", n, len(s.crowd.byKey), len(s.rooms.all))
	}
	if p := s.crowd.byKey["1"]; p == nil || s.crowd.byKey["0"] != nil {
		t.Error("one who is active was forgotten, or one who is gone was not")
	}
	if s.seen.comment != "" || s.seen.user.ID != "" {
		t.Error("the last event is held in memory")
	}
	var m marks
	for i := range uint32(3 * maxMarks) {
		m = m.add(i)
	}
	if len(m) != maxMarks || !m.has(3*maxMarks-1) {
		t.Errorf("%d marks", len(m))
	}
}
