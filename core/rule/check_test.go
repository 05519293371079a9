package rule

import (
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
