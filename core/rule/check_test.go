package rule

import (
	"math"
	"strings"
	"testing"

	"github.com/livecue/livecue/core/action"
)

func TestCheck(t *testing.T) {
	long := strings.Repeat("x", 5000)
	tests := []struct {
		name  string
		edit  func(*Rule)
		field string
		code  action.ProblemCode
	}{
		{"fine", func(*Rule) {}, "", ""},
		{"by id alone", func(r *Rule) { r.Trigger = Trigger{Kind: OnGift, GiftID: 5} }, "", ""},
		{"open range", func(r *Rule) { r.Trigger = Trigger{Kind: OnAnyGift, MinCoins: 5} }, "", ""},
		{"no id", func(r *Rule) { r.ID = "" }, "id", action.ProblemMissing},
		{"long id", func(r *Rule) { r.ID = long }, "id", action.ProblemTooLong},
		{"no name", func(r *Rule) { r.Name = " " }, "name", action.ProblemMissing},
		{"long name", func(r *Rule) { r.Name = long }, "name", action.ProblemTooLong},
		{"no trigger", func(r *Rule) { r.Trigger = Trigger{} }, "trigger.kind", action.ProblemMissing},
		{"odd trigger", func(r *Rule) { r.Trigger.Kind = "earthquake" }, "trigger.kind", action.ProblemUnknown},
		{"no gift", func(r *Rule) { r.Trigger.Gift = " \u200b" }, "trigger.gift", action.ProblemMissing},
		{"long gift", func(r *Rule) { r.Trigger.Gift = long }, "trigger.gift", action.ProblemTooLong},
		{"negative gift", func(r *Rule) { r.Trigger.GiftID = -1 }, "trigger.gift_id", action.ProblemRange},
		{"negative low", func(r *Rule) { r.Trigger = Trigger{Kind: OnAnyGift, MinCoins: -1} }, "trigger.min_coins", action.ProblemRange},
		{"negative high", func(r *Rule) { r.Trigger = Trigger{Kind: OnAnyGift, MaxCoins: -1} }, "trigger.max_coins", action.ProblemRange},
		{"turned range", func(r *Rule) { r.Trigger = Trigger{Kind: OnAnyGift, MinCoins: 5, MaxCoins: 4} }, "trigger.max_coins", action.ProblemOrder},
		{"no likes", func(r *Rule) { r.Trigger = Trigger{Kind: OnLikes} }, "trigger.every", action.ProblemRange},
		{"no command", func(r *Rule) { r.Trigger = Trigger{Kind: OnCommand} }, "trigger.command", action.ProblemMissing},
		{"two words", func(r *Rule) { r.Trigger = Trigger{Kind: OnCommand, Command: "!a b"} }, "trigger.command", action.ProblemSpaces},
		{"long command", func(r *Rule) { r.Trigger = Trigger{Kind: OnCommand, Command: long} }, "trigger.command", action.ProblemTooLong},
		{"goal", func(r *Rule) { r.Trigger = Trigger{Kind: OnGoal, At: 5, Of: OfGifts, Per: PerViewer} }, "", ""},
		{"goal without a number", func(r *Rule) { r.Trigger = Trigger{Kind: OnGoal} }, "trigger.every", action.ProblemRange},
		{"goal below nothing", func(r *Rule) { r.Trigger = Trigger{Kind: OnGoal, At: -5} }, "trigger.at", action.ProblemRange},
		{"goal with both", func(r *Rule) { r.Trigger = Trigger{Kind: OnGoal, At: 5, Every: 5} }, "trigger.at", action.ProblemOrder},
		{"goal of apples", func(r *Rule) { r.Trigger = Trigger{Kind: OnGoal, At: 5, Of: "apples"} }, "trigger.of", action.ProblemUnknown},
		{"goal of a team", func(r *Rule) { r.Trigger = Trigger{Kind: OnGoal, At: 5, Per: "team"} }, "trigger.per", action.ProblemUnknown},
		{"likes once", func(r *Rule) { r.Trigger = Trigger{Kind: OnLikes, At: 10_000} }, "", ""},
		{"a viewer's likes", func(r *Rule) { r.Trigger = Trigger{Kind: OnViewerLikes} }, "trigger.every", action.ProblemRange},
		{"viewers", func(r *Rule) { r.Trigger = Trigger{Kind: OnViewers, Every: -1} }, "trigger.every", action.ProblemRange},
		{"first", func(r *Rule) { r.Trigger = Trigger{Kind: OnFirst} }, "", ""},
		{"first of an odd kind", func(r *Rule) { r.Trigger = Trigger{Kind: OnFirst, Activity: "viewers"} }, "trigger.activity", action.ProblemUnknown},
		{"many words", func(r *Rule) { r.Trigger = Trigger{Kind: OnCommand, Command: "!a", MinArgs: MaxArgs + 1} }, "trigger.min_args", action.ProblemRange},
		{"no signal", func(r *Rule) { r.Trigger = Trigger{Kind: OnSignal, Signal: " "} }, "trigger.signal", action.ProblemMissing},
		{"long signal", func(r *Rule) { r.Trigger = Trigger{Kind: OnSignal, Signal: long} }, "trigger.signal", action.ProblemTooLong},
		{"any data", func(r *Rule) { r.Trigger = Trigger{Kind: OnData} }, "", ""},
		{"long topic", func(r *Rule) { r.Trigger = Trigger{Kind: OnData, Topic: long} }, "trigger.topic", action.ProblemTooLong},
		{"long beginning", func(r *Rule) { r.Trigger = Trigger{Kind: OnData, Begins: long} }, "trigger.begins", action.ProblemTooLong},
		{"no keyword", func(r *Rule) { r.Trigger = Trigger{Kind: OnKeyword, Keyword: "\u200b "} }, "trigger.keyword", action.ProblemMissing},
		{"long keyword", func(r *Rule) { r.Trigger = Trigger{Kind: OnKeyword, Keyword: long} }, "trigger.keyword", action.ProblemTooLong},
		{"timer", func(r *Rule) { r.Trigger = Trigger{Kind: OnTimer, Interval: MaxInterval, Jitter: MaxInterval - 1} }, "", ""},
		{"timer without a time", func(r *Rule) { r.Trigger = Trigger{Kind: OnTimer} }, "trigger.interval", action.ProblemRange},
		{"long jitter", func(r *Rule) { r.Trigger = Trigger{Kind: OnTimer, Interval: MinInterval, Jitter: MinInterval} }, "trigger.jitter", action.ProblemRange},
		{"hotkey", func(r *Rule) { r.Trigger = Trigger{Kind: OnHotkey, Keys: "Ctrl + Shift+F1"} }, "", ""},
		{"no keys", func(r *Rule) { r.Trigger = Trigger{Kind: OnHotkey} }, "trigger.keys", action.ProblemMissing},
		{"half a hotkey", func(r *Rule) { r.Trigger = Trigger{Kind: OnHotkey, Keys: "Ctrl+"} }, "trigger.keys", action.ProblemUnknown},
		{"long hotkey", func(r *Rule) { r.Trigger = Trigger{Kind: OnHotkey, Keys: long} }, "trigger.keys", action.ProblemTooLong},
		{"button", func(r *Rule) { r.Trigger = Trigger{Kind: OnButton} }, "", ""},
		{"long group", func(r *Rule) { r.Group = long }, "group", action.ProblemTooLong},
		{"group's cooldown", func(r *Rule) { r.Group, r.CooldownPer = "g", CooldownGroup }, "", ""},
		{"cooldown of no group", func(r *Rule) { r.CooldownPer = CooldownGroup }, "cooldown_per", action.ProblemMissing},
		{"odd match", func(r *Rule) { r.Match = "most" }, "match", action.ProblemUnknown},
		{"odd streak", func(r *Rule) { r.Streak = "never" }, "streak", action.ProblemUnknown},
		{"negative cooldown", func(r *Rule) { r.Cooldown = -1 }, "cooldown", action.ProblemRange},
		{"odd scope", func(r *Rule) { r.CooldownPer = "team" }, "cooldown_per", action.ProblemUnknown},
		{"high", func(r *Rule) { r.Priority, r.MaxWait = PriorityHigh, MaxMaxWait }, "", ""},
		{"normal", func(r *Rule) { r.Priority = PriorityNormal }, "", ""},
		{"odd priority", func(r *Rule) { r.Priority = "9" }, "priority", action.ProblemUnknown},
		{"negative wait", func(r *Rule) { r.MaxWait = -1 }, "max_wait", action.ProblemRange},
		{"endless wait", func(r *Rule) { r.MaxWait = MaxMaxWait + 1 }, "max_wait", action.ProblemRange},
		{"no action", func(r *Rule) { r.Actions = nil }, "action", action.ProblemMissing},
		{"many actions", func(r *Rule) { r.Actions = make([]action.Spec, MaxActions+1) }, "action", action.ProblemTooLong},
		{"empty action", func(r *Rule) { r.Actions = append(r.Actions, action.Spec{}) }, "action[1]", action.ProblemKind},
		{"action's field", func(r *Rule) { r.Actions[0].RCON.Command = "" }, "action[0].rcon.command", action.ProblemMissing},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := ruleFor("r", Trigger{Kind: OnGift, Gift: "Rose"})
			tt.edit(&r)
			problems := Check(r)
			if tt.code == "" {
				if len(problems) != 0 {
					t.Errorf("refused: %+v", problems)
				}
				return
			}
			if len(problems) != 1 || problems[0].Field != tt.field || problems[0].Code != tt.code || problems[0].Text == "" {
				t.Errorf("got %+v, want field %q, code %q", problems, tt.field, tt.code)
			}
		})
	}
}

func TestCheckConditions(t *testing.T) {
	long := strings.Repeat("x", 5000)
	deep := Condition{Kind: IfOnce}
	for range MaxConditionDepth {
		deep = Condition{Kind: IfAllOf, Conditions: []Condition{deep}}
	}
	wide := Condition{Kind: IfAnyOf, Conditions: make([]Condition, MaxConditions)}
	for i := range wide.Conditions {
		wide.Conditions[i].Kind = IfOnce
	}
	tests := []struct {
		c     Condition
		field string
		code  action.ProblemCode
	}{
		{Condition{}, "kind", action.ProblemMissing},
		{Condition{Kind: "weather"}, "kind", action.ProblemUnknown},
		{Condition{Kind: IfCoins, Min: 1}, "", ""},
		{Condition{Kind: IfCoins}, "min", action.ProblemMissing},
		{Condition{Kind: IfTotalCoins, Min: -1}, "min", action.ProblemRange},
		{Condition{Kind: IfGifts, Max: -1}, "max", action.ProblemRange},
		{Condition{Kind: IfGifts, Min: 5, Max: 4}, "max", action.ProblemOrder},
		{Condition{Kind: IfRole, Role: RoleTeam, Level: 10}, "", ""},
		{Condition{Kind: IfRole}, "role", action.ProblemMissing},
		{Condition{Kind: IfRole, Role: "king"}, "role", action.ProblemUnknown},
		{Condition{Kind: IfRole, Role: RoleTeam, Level: -1}, "level", action.ProblemRange},
		{Condition{Kind: IfViewer, Viewers: []string{"@pixel_pia", "12345"}}, "", ""},
		{Condition{Kind: IfViewer}, "viewers", action.ProblemMissing},
		{Condition{Kind: IfViewer, Viewers: []string{"a", "@"}}, "viewers[1]", action.ProblemMissing},
		{Condition{Kind: IfViewer, Viewers: []string{long}}, "viewers[0]", action.ProblemTooLong},
		{Condition{Kind: IfViewer, Viewers: make([]string, MaxViewers+1)}, "viewers", action.ProblemTooLong},
		{Condition{Kind: IfComment, Text: "please"}, "", ""},
		{Condition{Kind: IfComment}, "text", action.ProblemMissing},
		{Condition{Kind: IfComment, Text: long}, "text", action.ProblemTooLong},
		{Condition{Kind: IfChance, Percent: 0.1}, "", ""},
		{Condition{Kind: IfChance}, "percent", action.ProblemRange},
		{Condition{Kind: IfChance, Percent: 100.5}, "percent", action.ProblemRange},
		{Condition{Kind: IfChance, Percent: math.NaN()}, "percent", action.ProblemRange},
		{Condition{Kind: IfChance, Percent: math.Inf(1)}, "percent", action.ProblemRange},
		{Condition{Kind: IfOnce, Per: PerStream}, "", ""},
		{Condition{Kind: IfOnce, Per: "week"}, "per", action.ProblemUnknown},
		{Condition{Kind: IfPerMinute, Max: MaxPerMinute}, "", ""},
		{Condition{Kind: IfPerMinute}, "max", action.ProblemRange},
		{Condition{Kind: IfPerMinute, Max: MaxPerMinute + 1}, "max", action.ProblemRange},
		{Condition{Kind: IfTime, From: "18:00", To: "02:30", Days: Days()}, "", ""},
		{Condition{Kind: IfTime, Days: []Day{"mon"}}, "", ""},
		{Condition{Kind: IfTime}, "from", action.ProblemMissing},
		{Condition{Kind: IfTime, From: "18:00"}, "to", action.ProblemMissing},
		{Condition{Kind: IfTime, From: "6 pm", To: "20:00"}, "from", action.ProblemUnknown},
		{Condition{Kind: IfTime, From: "18:00", To: "24:00"}, "to", action.ProblemUnknown},
		{Condition{Kind: IfTime, From: "18:00", To: "18:00"}, "to", action.ProblemOrder},
		{Condition{Kind: IfTime, Days: []Day{"Mon"}}, "days", action.ProblemUnknown},
		{Condition{Kind: IfTime, Days: make([]Day, 8)}, "days", action.ProblemTooLong},
		{Condition{Kind: IfCounter, Counter: "deaths", Is: IsBelow}, "", ""},
		{Condition{Kind: IfCounter}, "counter", action.ProblemMissing},
		{Condition{Kind: IfCounter, Counter: long}, "counter", action.ProblemTooLong},
		{Condition{Kind: IfCounter, Counter: "deaths", Is: "near"}, "is", action.ProblemUnknown},
		{Condition{Kind: IfLanePaused, Lane: "sound"}, "", ""},
		{Condition{Kind: IfLanePaused}, "lane", action.ProblemMissing},
		{Condition{Kind: IfGroupOn, Group: "night"}, "", ""},
		{Condition{Kind: IfGroupOn, Group: " "}, "group", action.ProblemMissing},
		{Condition{Kind: IfAnyOf}, "condition", action.ProblemMissing},
		{Condition{Kind: IfAllOf, Conditions: []Condition{{Kind: IfOnce}, {Kind: IfRole}}}, "condition[1].role", action.ProblemMissing},
		{deep, "condition[0].condition[0].condition[0].kind", action.ProblemRange},
		{wide, "", action.ProblemTooLong},
	}
	for _, tt := range tests {
		r := ruleFor("r", Trigger{Kind: OnFollow})
		r.Conditions = []Condition{{Kind: IfOnce}, tt.c}
		problems := Check(r)
		if tt.code == "" {
			if len(problems) != 0 {
				t.Errorf("%+v is refused: %+v", tt.c, problems)
			}
			continue
		}
		want := strings.TrimSuffix("condition[1]."+tt.field, ".")
		if tt.field == "" {
			want = "condition"
		}
		if len(problems) != 1 || problems[0].Field != want || problems[0].Code != tt.code || problems[0].Text == "" {
			t.Errorf("%s: got %+v, want %s: %s", tt.c.Kind, problems, want, tt.code)
		}
	}
}

// TestEveryKindIsKnown checks that no kind was forgotten where kinds are told apart.
func TestEveryKindIsKnown(t *testing.T) {
	for _, k := range TriggerKinds() {
		for _, p := range Check(ruleFor("r", Trigger{Kind: k})) {
			if p.Field == "trigger.kind" {
				t.Errorf("%s: %+v", k, p)
			}
		}
		if k != OnFirst && triggerEvents[k] == "" {
			t.Errorf("%s waits for nothing", k)
		}
	}
	for _, k := range ConditionKinds() {
		r := ruleFor("r", Trigger{Kind: OnFollow})
		r.Conditions = []Condition{{Kind: k}}
		for _, p := range Check(r) {
			if p.Field == "condition[0].kind" {
				t.Errorf("%s: %+v", k, p)
			}
		}
	}
}

func TestCloneSharesNoCondition(t *testing.T) {
	r := ruleFor("r", Trigger{Kind: OnFollow})
	r.Conditions = []Condition{{Kind: IfAllOf, Viewers: []string{"a"}, Days: []Day{"mon"}, Conditions: []Condition{{Kind: IfOnce}}}}
	c := r.Clone()
	c.Conditions[0].Viewers[0], c.Conditions[0].Days[0], c.Conditions[0].Conditions[0].Kind, c.Conditions[0].Kind = "x", "x", "x", "x"
	if got := r.Conditions[0]; got.Kind != IfAllOf || got.Viewers[0] != "a" || got.Days[0] != "mon" || got.Conditions[0].Kind != IfOnce {
		t.Errorf("changing the copy changed %+v", got)
	}
}
