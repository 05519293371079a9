package rule

import (
	"slices"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

// fired returns the counts with which a lone rule fires for each event, 0 where it does not, and the last decision.
func fired(s *Set, events ...event.Event) (counts []int, last Decision) {
	for _, e := range events {
		jobs, ds := s.Evaluate(e)
		count := 0
		for _, j := range jobs {
			count += j.Fields.Count
		}
		counts = append(counts, count)
		if len(ds) > 0 {
			last = ds[0]
		}
	}
	return counts, last
}

func in(room string) event.Head { return event.Head{Source: "tiktok", Room: room} }

func giftFrom(u event.User, room string, coins, added int) event.Gift {
	return event.Gift{Head: in(room), User: u, Gift: event.GiftInfo{ID: 9, Name: "Doughnut", Coins: coins}, Added: added, Count: added, First: true, Final: true}
}

func likeFrom(u event.User, room string, added int) event.Like {
	return event.Like{Head: in(room), User: u, Added: added}
}

func TestGoals(t *testing.T) {
	events := []event.Event{
		giftFrom(pia, "r", 30, 2), giftFrom(tom, "r", 50, 1), giftFrom(pia, "r", 30, 0), giftFrom(pia, "r", 45, 1), giftFrom(tom, "r", 500, 1),
		giftFrom(pia, "next", 30, 3), giftFrom(pia, "r", 1, -4), // a message of the old room that comes late
	}
	tests := []struct {
		name    string
		trigger Trigger
		want    []int
	}{
		// The totals are 60, 110, 110, 155, 655, then 90 in the next stream.
		{"every 100 coins", Trigger{Kind: OnGoal, Every: 100}, []int{0, 100, 0, 0, 600, 0, 0}},
		{"at 150 coins", Trigger{Kind: OnGoal, At: 150, Of: OfCoins, Per: PerStream}, []int{0, 0, 0, 150, 0, 0, 0}},
		{"every 3 gifts", Trigger{Kind: OnGoal, Every: 3, Of: OfGifts}, []int{0, 3, 0, 0, 0, 3, 0}},
		// Pia: 60, 105; Tom: 50, 550.
		{"every 100 coins of a viewer", Trigger{Kind: OnGoal, Every: 100, Per: PerViewer}, []int{0, 0, 0, 100, 500, 0, 0}},
		{"at 3 gifts of a viewer", Trigger{Kind: OnGoal, At: 3, Of: OfGifts, Per: PerViewer}, []int{0, 0, 0, 3, 0, 3, 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := fired(NewSet([]Rule{ruleFor("r", tt.trigger)}, Options{}), events...)
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestAGoalTellsItsNumbers(t *testing.T) {
	r := ruleFor("r", Trigger{Kind: OnGoal, Every: 100})
	r.Actions[0].PerGift = true
	s := NewSet([]Rule{r}, Options{})
	jobs, ds := s.Evaluate(giftFrom(pia, "r", 90, 4))
	f := jobs[0].Fields
	if f.Count != 300 || f.Total != 360 || f.Coins != 90 || f.TotalCoins != 360 || f.Gift != "Doughnut" || jobs[0].Runs != 3 || ds[0].Times != 3 {
		t.Errorf("got %+v with %d runs, %+v", f, jobs[0].Runs, ds[0])
	}
	if _, ds = s.Evaluate(giftFrom(tom, "r", 10, 1)); ds[0].Reason != ReasonGoal || ds[0].Missing != 30 {
		t.Errorf("got %+v, want 30 missing", ds[0])
	}
	once := NewSet([]Rule{ruleFor("r", Trigger{Kind: OnGoal, At: 100})}, Options{})
	if _, d := fired(once, giftFrom(pia, "r", 90, 1)); d.Reason != ReasonGoal || d.Missing != 10 {
		t.Errorf("got %+v, want 10 missing", d)
	}
	if _, d := fired(once, giftFrom(pia, "r", 90, 1), giftFrom(pia, "r", 90, 1)); d.Reason != ReasonReached {
		t.Errorf("got %+v", d)
	}
}

func TestViewerLikes(t *testing.T) {
	s := NewSet([]Rule{ruleFor("r", Trigger{Kind: OnViewerLikes, Every: 50})}, Options{})
	got, last := fired(s, likeFrom(pia, "r", 30), likeFrom(tom, "r", 40), likeFrom(pia, "r", 30), likeFrom(tom, "r", 70), likeFrom(tom, "next", 45))
	if want := []int{0, 0, 50, 100, 0}; !slices.Equal(got, want) || last.Missing != 5 {
		t.Errorf("got %v, want %v; %+v", got, want, last)
	}
}

func TestViewerMilestones(t *testing.T) {
	watching := func(n int) event.Event { return event.ViewerCount{Head: in("r"), Viewers: n} }
	events := []event.Event{watching(120), watching(199), watching(230), watching(150), watching(220), watching(-7), watching(460)}
	for _, tt := range []struct {
		trigger Trigger
		want    []int
	}{
		{Trigger{Kind: OnViewers, Every: 100}, []int{0, 0, 200, 0, 0, 0, 400}},
		{Trigger{Kind: OnViewers, At: 200}, []int{0, 0, 200, 0, 0, 0, 0}},
		{Trigger{Kind: OnViewers, At: 100}, []int{0, 0, 0, 0, 0, 0, 0}}, // there were so many before
	} {
		s := NewSet([]Rule{ruleFor("r", tt.trigger)}, Options{})
		if got, _ := fired(s, events...); !slices.Equal(got, tt.want) {
			t.Errorf("%+v: got %v, want %v", tt.trigger, got, tt.want)
		}
		jobs, _ := NewSet([]Rule{ruleFor("r", Trigger{Kind: OnFollow})}, Options{}).Evaluate(event.Follow{User: pia})
		if jobs[0].Fields.Viewers != 0 {
			t.Errorf("viewers were made up: %+v", jobs[0].Fields)
		}
		s.Replace([]Rule{ruleFor("r", Trigger{Kind: OnFollow})})
		s.Evaluate(event.Like{Head: in("r"), User: tom, Added: 3, Total: 777})
		if jobs, _ = s.Evaluate(event.Follow{Head: in("r"), User: pia}); jobs[0].Fields.Viewers != 460 || jobs[0].Fields.Likes != 777 {
			t.Errorf("got %+v", jobs[0].Fields)
		}
	}
}

func TestFirst(t *testing.T) {
	events := []event.Event{
		event.Join{Head: in("r"), User: pia},
		event.Chat{Head: in("r"), User: pia},
		event.Join{Head: in("r"), User: pia},
		giftFrom(pia, "r", 1, 1),
		event.Follow{Head: in("r"), User: tom},
		event.Chat{Head: in("r"), User: tom},
		event.Chat{Head: in("next"), User: pia},
		event.ViewerCount{Head: in("next"), Viewers: 3},
		event.Chat{Head: in("r"), User: pia},
	}
	for activity, want := range map[event.Kind][]int{
		"":              {0, 1, 0, 0, 1, 0, 1, 0, 0},
		event.KindJoin:  {1, 0, 0, 0, 0, 0, 0, 0, 0},
		event.KindChat:  {0, 1, 0, 0, 0, 1, 1, 0, 0},
		event.KindGift:  {0, 0, 0, 1, 0, 0, 0, 0, 0},
		event.KindShare: {0, 0, 0, 0, 0, 0, 0, 0, 0},
		"earthquake":    {0, 0, 0, 0, 0, 0, 0, 0, 0},
	} {
		got, _ := fired(NewSet([]Rule{ruleFor("r", Trigger{Kind: OnFirst, Activity: activity})}, Options{}), events...)
		if !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", activity, got, want)
		}
	}
}

func TestSignals(t *testing.T) {
	pia := event.User{Handle: "pixel_pia", Roles: event.Roles{Subscriber: true}}
	tests := []struct {
		name string
		call event.Signal
		want Reason
	}{
		{"another", event.Signal{Name: "boss is up", User: pia}, ReasonSignal},
		{"none", event.Signal{User: pia}, ReasonSignal},
		{"case and space", event.Signal{Name: " BOSS is Down ", User: pia, Text: "in 12 s", Count: 3}, ReasonFired},
		{"without the viewer that a condition asks for", event.Signal{Name: "boss is down"}, ReasonCondition},
	}
	r := ruleFor("r", Trigger{Kind: OnSignal, Signal: "Boss is down"})
	r.Conditions = []Condition{{Kind: IfRole, Role: RoleSubscriber}}
	for _, tt := range tests {
		jobs, d := NewSet([]Rule{r}, Options{}).Evaluate(tt.call)
		if len(d) != 1 || d[0].Reason != tt.want || len(jobs) != 0 != (tt.want == ReasonFired) {
			t.Errorf("%s: %+v, want %s", tt.name, d, tt.want)
		}
		for _, j := range jobs {
			if f := j.Fields; f.User != "pixel_pia" || f.Comment != "in 12 s" || f.Count != 3 {
				t.Errorf("%s: the fields are %+v", tt.name, f)
			}
		}
	}
}

func TestParticipants(t *testing.T) {
	pia := event.User{ID: "livekit:pixel_pia", Handle: "pixel_pia", Nickname: "Pia"}
	h := event.Head{Source: event.SourceLiveKit}
	game := Trigger{Kind: OnData, Topic: "Game", Begins: "Score"}
	tests := []struct {
		name string
		on   Trigger
		e    event.Event
		want Reason // "" is that the rule is not asked
	}{
		{"topic and beginning", game, event.Data{Head: h, User: pia, Topic: " game", Text: "  SCORE 12"}, ReasonFired},
		{"another topic", game, event.Data{Head: h, User: pia, Topic: "chat", Text: "score"}, ReasonData},
		{"another beginning", game, event.Data{Head: h, User: pia, Topic: "game", Text: "my score"}, ReasonData},
		{"shorter than the beginning", game, event.Data{Head: h, Topic: "game", Text: "s"}, ReasonData},
		{"letters that fold", Trigger{Kind: OnData, Begins: "ß🦀"}, event.Data{Head: h, Text: "ß🦀 huge"}, ReasonFired},
		{"any data", Trigger{Kind: OnData}, event.Data{Head: h}, ReasonFired},
		{"comes", Trigger{Kind: OnParticipant}, event.ParticipantJoined{Head: h, User: pia}, ReasonFired},
		{"was there", Trigger{Kind: OnParticipant}, event.ParticipantJoined{Head: h, User: pia, Present: true}, ""},
		{"speaks", Trigger{Kind: OnSpeaks}, event.Speaking{Head: h, User: pia}, ReasonFired},
		{"the room is no stream", Trigger{Kind: OnConnected}, event.Connected{Head: h}, ""},
	}
	for _, tt := range tests {
		s := NewSet([]Rule{ruleFor("r", tt.on)}, Options{})
		s.Evaluate(event.Gift{Head: event.Head{Source: "tiktok", Room: "7301"}})
		jobs, d := s.Evaluate(tt.e)
		if tt.want == "" && d != nil || tt.want != "" && (len(d) != 1 || d[0].Reason != tt.want) || len(jobs) != 0 != (tt.want == ReasonFired) {
			t.Errorf("%s: %+v, want %s", tt.name, d, tt.want)
		}
		if s.Room() != "7301" || !s.NextTimer(time.Now()).IsZero() {
			t.Errorf("%s: the stream is %q", tt.name, s.Room())
		}
	}
}

func TestKeywords(t *testing.T) {
	tests := []struct {
		keyword, comment string
		want             bool
	}{
		{"tnt", "more TNT please", true},
		{"tnt", "TNT", true},
		{"tnt", "(tnt)!", true},
		{"tnt", "tntman or dtnt", false},
		{"tnt", "tntman, then tnt", true},
		{"tnt", "tnt_man", false},
		{"good night", "well,  Good \n NIGHT all", true},
		{"good night", "good nights", false},
		{"zombie", "zom\u200bbie", true},
		{"café", "cafe\u0301!", true},
		{"ΣΊΣΥΦΟΣ", "ο σίσυφος", true},
		{"你好", "大家你好吗", true},
		{"สวัสดี", "สวัสดีครับ", true},
		{"\U0001F525", "so\U0001F525\U0001F525", true},
		{"aa", "aaa aa", true},
		{"aa", "aaaaaaa", false},
		{"?", "really?", true},
		{"c++", "I like C++", true},
		{" ", "  ", false},
		{"", "anything", false},
	}
	for _, tt := range tests {
		s := NewSet([]Rule{ruleFor("r", Trigger{Kind: OnKeyword, Keyword: tt.keyword})}, Options{})
		if got, d := fired(s, chatOf(tt.comment)); (got[0] == 1) != tt.want || !tt.want && d.Reason != ReasonKeyword {
			t.Errorf("%q in %q: %+v, want %v", tt.keyword, tt.comment, d, tt.want)
		}
	}
}

func TestCommandArguments(t *testing.T) {
	s := NewSet([]Rule{ruleFor("r", Trigger{Kind: OnCommand, Command: "!give", MinArgs: 2})}, Options{})
	for comment, want := range map[string]Reason{
		"!give diamond 3": ReasonFired, "!give  a\tb c ": ReasonFired, "!give diamond ": ReasonArgs, "!give": ReasonArgs, "!gave a b": ReasonCommand,
	} {
		if _, d := fired(s, chatOf(comment)); d.Reason != want {
			t.Errorf("%q: %+v, want %s", comment, d, want)
		}
	}
}

func TestMomentsWithoutAViewer(t *testing.T) {
	var rules []Rule
	for _, k := range []TriggerKind{OnConnected, OnReconnecting, OnReconnected, OnDisconnected, OnLiveEnded, OnQuestion} {
		rules = append(rules, ruleFor(string(k), Trigger{Kind: k}))
	}
	s := NewSet(rules, Options{})
	s.SetViewers([]string{"nobody"}, nil) // it is about viewers
	for _, e := range []event.Event{event.Connected{}, event.Reconnecting{}, event.Reconnected{}, event.Disconnected{}, event.LiveEnded{}} {
		jobs, _ := s.Evaluate(e)
		if len(jobs) != 1 || jobs[0].RuleID != string(e.Kind()) {
			t.Errorf("%T: %d jobs", e, len(jobs))
		}
	}
	s.SetViewers(nil, nil)
	jobs, _ := s.Evaluate(event.Question{User: pia, Text: "why?"})
	if len(jobs) != 1 || jobs[0].Fields.Comment != "why?" || jobs[0].Fields.User != "pixel_pia" {
		t.Errorf("got %+v", jobs)
	}
}

func TestRememberCountsAndFiresNothing(t *testing.T) {
	s := NewSet([]Rule{ruleFor("goal", Trigger{Kind: OnGoal, Every: 100}), ruleFor("first", Trigger{Kind: OnFirst})}, Options{})
	for _, e := range []event.Event{giftFrom(pia, "r", 90, 1), nil, event.Connected{}, event.Connecting{}, giftFrom(tom, "old", 90, 1)} {
		s.Remember(Past{Event: e})
	}
	jobs, ds := s.Evaluate(giftFrom(pia, "r", 10, 1))
	if len(jobs) != 1 || ds[0].Reason != ReasonFired || ds[1].Reason != ReasonFirst {
		t.Errorf("got %+v", ds)
	}
	if next := s.NextTimer(time.Now()); !next.IsZero() {
		t.Errorf("a past connection is live: %v", next)
	}
}

func TestTimers(t *testing.T) {
	c := newClock()
	r := ruleFor("t", Trigger{Kind: OnTimer, Interval: action.Duration(10 * time.Minute)})
	off, grouped := r.Clone(), r.Clone()
	off.ID, off.Off = "off", true
	grouped.ID, grouped.Group = "grouped", "night"
	s := NewSet([]Rule{off, r, grouped}, c.options())
	s.SetGroups([]string{"night"})
	const none = time.Duration(-1)
	at := func(want time.Duration, cues int) {
		t.Helper()
		next := s.NextTimer(c.now)
		if want == none != next.IsZero() || want != none && next.Sub(c.now) != want {
			t.Errorf("next in %v, want %v", next.Sub(c.now), want)
		}
		got := s.Tick(c.now)
		if len(got) != cues {
			t.Errorf("%d cues, want %d", len(got), cues)
		}
		for _, cue := range got {
			jobs, ds := s.Evaluate(cue)
			if len(jobs) != 1 || jobs[0].RuleID != cue.RuleID || len(ds) != 3 || jobs[0].EventID != cue.ID || cue.Room != "r1" {
				t.Errorf("%+v: %d jobs, %+v", cue, len(jobs), ds)
			}
		}
	}
	at(none, 0)
	s.Evaluate(event.Connected{Head: in("r1")})
	at(10*time.Minute, 0)
	c.advance(10 * time.Minute)
	at(0, 1)
	c.advance(4 * time.Minute)
	s.SetGroups(nil)
	at(6*time.Minute, 0)
	c.advance(7 * time.Minute)
	at(-time.Minute, 1) // a minute late, for the one rule; the other began when it was switched on
	at(3*time.Minute, 0)
	c.advance(24 * time.Hour) // asleep
	s.Tick(c.now)
	at(10*time.Minute, 0)
	s.Replace([]Rule{off, r})
	at(10*time.Minute, 0)
	s.Evaluate(event.LiveEnded{})
	at(none, 0)
}

func TestJitter(t *testing.T) {
	c := newClock()
	s := NewSet([]Rule{ruleFor("t", Trigger{Kind: OnTimer, Interval: action.Duration(time.Minute), Jitter: action.Duration(20 * time.Second)})}, c.options())
	s.Evaluate(event.Connected{})
	seen := map[time.Duration]bool{}
	for range 200 {
		wait := s.NextTimer(c.now).Sub(c.now)
		if wait < 40*time.Second || wait > 80*time.Second {
			t.Fatalf("%v is not a minute give or take 20 s", wait)
		}
		seen[wait] = true
		c.advance(wait)
		if len(s.Tick(c.now)) != 1 {
			t.Fatal("no cue when it was due")
		}
	}
	if len(seen) < 100 {
		t.Errorf("only %d different times", len(seen))
	}
}

func TestFire(t *testing.T) {
	r := ruleFor("b", Trigger{Kind: OnButton})
	r.Cooldown = action.Duration(time.Minute)
	s := NewSet([]Rule{r, ruleFor("h", Trigger{Kind: OnHotkey, Keys: "Ctrl+F1"})}, newClock().options())
	for _, want := range []Reason{ReasonFired, ReasonCooldown} {
		cue, err := s.Fire("b")
		if err != nil {
			t.Fatal(err)
		}
		if _, ds := s.Evaluate(cue); ds[0].Reason != want || ds[1].Reason != ReasonKind {
			t.Errorf("got %+v, want %s", ds, want)
		}
	}
	cue, err := s.Fire("h")
	if jobs, _ := s.Evaluate(cue); err != nil || len(jobs) != 1 || cue.By != event.CueHotkey {
		t.Errorf("%+v, %v: %d jobs", cue, err, len(jobs))
	}
	cue.By = event.CueTimer
	if jobs, _ := s.Evaluate(cue); len(jobs) != 0 {
		t.Error("a hotkey fired by a timer")
	}
}
