package profile

import (
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/rule"
)

// full is a rule that has something in each field that a file keeps.
func full() rule.Rule {
	body := "{\"name\": \"{nickname:json}\",\n \"it's\": \"\"}\""
	return rule.Rule{
		ID: "full", Name: "Full", Off: true, Group: "night", Streak: rule.StreakGrowth, Cooldown: action.Duration(time.Second),
		CooldownPer: rule.CooldownGroup, Priority: rule.PriorityLow, MaxWait: action.Duration(time.Minute), Match: rule.MatchAny,
		Trigger: rule.Trigger{
			Kind: rule.OnGoal, GiftID: 5, Gift: "Rose", MinCoins: 1, MaxCoins: 2, Every: 3, At: 4, Of: rule.OfGifts, Per: rule.PerViewer,
			Activity: event.KindChat, Command: "!x", MinArgs: 2, Keyword: "good night", Interval: action.Duration(time.Minute),
			Jitter: action.Duration(5 * time.Second), Keys: "Ctrl+Shift+F1", Signal: "boss is down", Topic: "game", Begins: "hello",
		},
		Conditions: []rule.Condition{
			{
				Kind: rule.IfAnyOf, Not: true, Min: 1, Max: 2, Role: rule.RoleTeam, Level: 3, Viewers: []string{"@pixel_pia", "7"}, Text: "please",
				Percent: 12.5, Per: rule.PerStream, From: "22:00", To: "02:00", Days: []rule.Day{"fri", "sat"}, Counter: "deaths",
				Is: rule.IsBelow, Value: -4, Lane: "rcon:minecraft", Group: "night",
				Conditions: []rule.Condition{{Kind: rule.IfAllOf, Conditions: []rule.Condition{{Kind: rule.IfOnce}}}, {Kind: rule.IfChance, Percent: 5}},
			},
			{Kind: rule.IfOnce},
		},
		Actions: []action.Spec{
			{
				PerGift: true, Repeat: 2, Delay: action.Duration(time.Second),
				Pool: &action.Pool{Order: action.PoolCycle, Seed: 1 << 40, Choices: []action.Choice{
					{Weight: 3, Actions: []action.Spec{{RCON: command("say it's\nsay \"\"")}, {Pool: &action.Pool{Choices: []action.Choice{{Actions: []action.Spec{sound("pop")}}}}}}},
					{},
				}},
			},
			{Run: &action.Run{Rule: "other"}},
			{HTTP: &action.HTTP{URL: "http://127.0.0.1/{user}", Body: body, Headers: map[string]string{"X-A": "b"}}},
			{Program: &action.Program{Path: "/bin/true", Args: []string{"{user}", "{random:1-6}"}}},
		},
	}
}

func TestSaveKeepsEveryFieldOfARule(t *testing.T) {
	for _, v := range []any{full(), full().Trigger, full().Conditions[0]} {
		for i := range reflect.TypeOf(v).NumField() {
			if reflect.ValueOf(v).Field(i).IsZero() {
				t.Errorf("%T.%s is not tried", v, reflect.TypeOf(v).Field(i).Name)
			}
		}
	}
	want := Default()
	want.Rules = append(want.Rules, full())
	want.Groups = []Group{{Name: "night", Off: true}, {Name: "day"}}
	want.Viewers = Viewers{Allow: []string{"@pixel_pia"}, Block: []string{"7", "testy_tom"}}
	path := filepath.Join(t.TempDir(), "profile.toml")
	if err := Save(path, want); err != nil {
		t.Fatal(err)
	}
	got, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	clone := got.Clone()
	clone.Groups[0].Name, clone.Viewers.Allow[0], clone.Viewers.Block[0] = "x", "x", "x"
	if !reflect.DeepEqual(got, want) {
		t.Error("changing a copy changed the profile")
	}
	if off := got.OffGroups(); !reflect.DeepEqual(off, []string{"night"}) {
		t.Errorf("switched off are %v", off)
	}
}

// Empty lists are no lists, wherever they stand.
func TestSaveKeepsNoEmptyLists(t *testing.T) {
	p := Profile{Version: Version, Groups: []Group{}, Viewers: Viewers{Allow: []string{}, Block: []string{}}, Rules: []rule.Rule{{
		ID: "a", Name: "A", Trigger: rule.Trigger{Kind: rule.OnFollow}, Conditions: []rule.Condition{{Viewers: []string{}, Days: []rule.Day{}, Conditions: []rule.Condition{}}},
		Actions: []action.Spec{
			{Pool: &action.Pool{}},
			{Pool: &action.Pool{Choices: []action.Choice{{Actions: []action.Spec{}}}}},
			{HTTP: &action.HTTP{Headers: map[string]string{}}},
			{Program: &action.Program{Args: []string{}}},
		},
	}}}
	data, err := encode(p)
	if err != nil {
		t.Fatal(err)
	}
	got, errs := decode("x", data)
	if len(errs) > 0 {
		t.Fatal(errs[0])
	}
	if r := got.Rules[0]; got.Groups != nil || got.Viewers.Allow != nil || r.Conditions[0].Viewers != nil || r.Conditions[0].Conditions != nil ||
		r.Actions[0].Pool.Choices != nil || r.Actions[1].Pool.Choices[0].Actions != nil || r.Actions[2].HTTP.Headers != nil || r.Actions[3].Program.Args != nil {
		t.Errorf("got %+v", r)
	}
}

func TestCheckRules(t *testing.T) {
	run := func(p *Profile, i int, id string) {
		p.Rules[i].Actions = append(p.Rules[i].Actions, action.Spec{Run: &action.Run{Rule: id}})
	}
	inPool := func(p *Profile, s action.Spec) {
		p.Rules[0].Actions[2] = action.Spec{Pool: &action.Pool{Choices: []action.Choice{{Actions: []action.Spec{sound("pop"), s}}}}}
	}
	trigger := func(kind rule.TriggerKind, text string) func(*Profile) {
		return func(p *Profile) {
			p.Rules[2].Trigger = rule.Trigger{Kind: kind, Every: 5, Keyword: "x", Interval: rule.MinInterval}
			p.Rules[2].Actions = []action.Spec{{RCON: command(text)}}
		}
	}
	tests := []struct {
		name     string
		edit     func(*Profile)
		severity Severity
		field    string
		code     action.ProblemCode
	}{
		{"runs another", func(p *Profile) { run(p, 0, "follow"); run(p, 2, "share") }, "", "", ""},
		{"runs nobody", func(p *Profile) { run(p, 2, "gone") }, SeverityError, "rule[2].action[2].run.rule", IssueRule},
		{"runs itself", func(p *Profile) { run(p, 2, "follow") }, SeverityError, "rule[2].action[2].run.rule", IssueCycle},
		{"server in a pool", func(p *Profile) { inPool(p, action.Spec{RCON: &action.RCON{Server: "moon", Command: "x"}}) }, SeverityError, "rule[0].action[2].pool.choice[0].action[1].rcon.server", IssueServer},
		{"slip in a pool", func(p *Profile) { inPool(p, action.Spec{Speech: &action.Speech{Text: "{usr}"}}) }, SeverityWarning, "rule[0].action[2].pool.choice[0].action[1].speech.text", IssuePlaceholder},
		{"a run in a pool", func(p *Profile) { inPool(p, action.Spec{Run: &action.Run{Rule: "rose"}}) }, SeverityError, "rule[0].action[2].pool.choice[0].action[1].run.rule", IssueCycle},
		{"nobody on a timer", trigger(rule.OnTimer, "say {nickname}"), SeverityWarning, "rule[2].action[0].rcon.command", IssuePlaceholder},
		{"total of a timer", trigger(rule.OnTimer, "say {total}"), SeverityWarning, "rule[2].action[0].rcon.command", IssuePlaceholder},
		{"a goal's numbers", trigger(rule.OnGoal, "say {user} {gift} {total} {count} {total_coins}"), "", "", ""},
		{"a first's", trigger(rule.OnFirst, "say {nickname} {comment} {gift}"), "", "", ""},
		{"a keyword's", trigger(rule.OnKeyword, "say {comment} {likes} {viewers} {random:1-6}"), "", "", ""},
		{"a keyword's words", trigger(rule.OnKeyword, "say {arg2}"), SeverityWarning, "rule[2].action[0].rcon.command", IssuePlaceholder},
		{"filled by who runs it", func(p *Profile) { trigger(rule.OnButton, "say {gift} for {user}")(p); run(p, 0, "follow") }, "", "", ""},
		{"group of nobody", func(p *Profile) {
			p.Rules[0].Conditions = []rule.Condition{{Kind: rule.IfAllOf, Conditions: []rule.Condition{{Kind: rule.IfGroupOn, Group: "nite"}}}}
		}, SeverityWarning, "rule[0].condition[0].condition[0].group", IssueGroup},
		{"group of a rule", func(p *Profile) {
			p.Rules[1].Group, p.Rules[0].Conditions = "night", []rule.Condition{{Kind: rule.IfGroupOn, Group: "night"}}
		}, "", "", ""},
		{"condition's own", func(p *Profile) { p.Rules[0].Conditions = []rule.Condition{{Kind: rule.IfRole}} }, SeverityError, "rule[0].condition[0].role", action.ProblemMissing},
		{"nameless group", func(p *Profile) { p.Groups = []Group{{Name: " "}} }, SeverityError, "group[0].name", action.ProblemMissing},
		{"group twice", func(p *Profile) { p.Groups = []Group{{Name: "a"}, {Name: "a"}} }, SeverityError, "group[1].name", IssueDuplicate},
		{"long group", func(p *Profile) { p.Groups = []Group{{Name: strings.Repeat("x", 300)}} }, SeverityError, "group[0].name", action.ProblemTooLong},
		{"nobody allowed", func(p *Profile) { p.Viewers.Allow = []string{"a", "@ "} }, SeverityError, "viewers.allow[1]", action.ProblemMissing},
		{"many blocked", func(p *Profile) { p.Viewers.Block = make([]string, rule.MaxViewers+1) }, SeverityError, "viewers.block", action.ProblemTooLong},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := Default()
			tt.edit(&p)
			issues := p.Check()
			if tt.code == "" {
				if len(issues) != 0 {
					t.Errorf("got %+v", issues)
				}
				return
			}
			if len(issues) != 1 || issues[0].Severity != tt.severity || issues[0].Field != tt.field || issues[0].Code != tt.code || issues[0].Text == "" {
				t.Errorf("got %+v, want %s at %s: %s", issues, tt.severity, tt.field, tt.code)
			}
		})
	}
}

// chain returns rules of which each runs the next n times.
func chain(length, n int) Profile {
	p := Default()
	p.Rules = nil
	for i := range length {
		r := rule.Rule{ID: fmt.Sprint(i), Name: "R", Trigger: rule.Trigger{Kind: rule.OnButton}, Actions: []action.Spec{sound("pop")}}
		for range n {
			if i+1 < length {
				r.Actions = append(r.Actions, action.Spec{Run: &action.Run{Rule: fmt.Sprint(i + 1)}})
			}
		}
		p.Rules = append(p.Rules, r)
	}
	return p
}

func TestCheckRulesThatRunEachOther(t *testing.T) {
	if issues := chain(rule.MaxRunDepth+1, 1).Check(); len(issues) != 0 {
		t.Errorf("as deep as may be: %+v", issues)
	}
	if issues := chain(rule.MaxRunDepth+2, 1).Check(); len(issues) != 1 || issues[0].Code != action.ProblemRange || issues[0].RuleID != "0" {
		t.Errorf("too deep: %+v", issues)
	}
	if issues := chain(4, 99).Check(); len(issues) != 2 || issues[0].Code != action.ProblemTooLong || issues[0].Field != "rule[0].action" {
		t.Errorf("too many: %+v", issues)
	}
	p := chain(3, 1)
	p.Rules[2].Actions = append(p.Rules[2].Actions, action.Spec{Run: &action.Run{Rule: "0"}})
	var fields []string
	for _, i := range p.Check() {
		if i.Code == IssueCycle {
			fields = append(fields, i.Field)
		}
	}
	if len(fields) != 3 {
		t.Errorf("a circle of three is told of at %v", fields)
	}
	edited := p.Rules[2].Clone()
	edited.Actions = edited.Actions[:1]
	if issues := p.CheckRule(edited); len(issues) != 0 {
		t.Errorf("the edited rule breaks the circle: %+v", issues)
	}
}
