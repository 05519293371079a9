package rule

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

// dice makes anything of a fuzzer's bytes.
type dice struct{ data []byte }

func (d *dice) byte() byte {
	if len(d.data) == 0 {
		return 0
	}
	b := d.data[0]
	d.data = d.data[1:]
	return b
}

func (d *dice) int() int {
	odd := []int{0, 1, 2, 3, 5, 10, 100, 1000, -1, math.MaxInt, math.MinInt, math.MaxInt - 1, 1 << 31}
	return odd[int(d.byte())%len(odd)]
}

func (d *dice) text() string {
	n := min(int(d.byte()), len(d.data))
	text := string(d.data[:n])
	d.data = d.data[n:]
	return text
}

func one[T any](d *dice, all []T) T { return all[int(d.byte())%len(all)] }

func (d *dice) specs(depth int) []action.Spec {
	var specs []action.Spec
	for range d.byte() % 4 {
		s := action.Spec{Delay: action.Duration(d.int()), Repeat: d.int(), PerGift: d.byte()%2 == 0}
		switch d.byte() % 4 {
		case 0:
			s.RCON = &action.RCON{Command: d.text() + "{random:1-6}"}
		case 1:
			s.Sound = &action.Sound{File: d.text()}
		case 2:
			s.Run = &action.Run{Rule: fmt.Sprint(d.byte() % 6)}
		default:
			if depth < 3 {
				s.Pool = &action.Pool{Order: one(d, []action.PoolOrder{"", action.PoolCycle}), Seed: uint64(d.byte())}
				for range d.byte() % 4 {
					s.Pool.Choices = append(s.Pool.Choices, action.Choice{Weight: d.int(), Actions: d.specs(depth + 1)})
				}
			}
		}
		specs = append(specs, s)
	}
	return specs
}

func (d *dice) conditions(depth int) []Condition {
	var all []Condition
	for range d.byte() % 3 {
		c := Condition{
			Kind: one(d, append(ConditionKinds(), "weather")), Not: d.byte()%2 == 0, Min: d.int(), Max: d.int(), Role: one(d, append(Roles(), "king")),
			Level: d.int(), Viewers: []string{d.text()}, Text: d.text(), Percent: float64(d.int()), Per: one(d, []Scope{"", PerStream, PerViewer}),
			From: one(d, []string{"", "20:00", "25:61"}), To: one(d, []string{"", "02:00"}), Value: int64(d.int()),
		}
		if depth < 4 {
			c.Conditions = d.conditions(depth + 1)
		}
		all = append(all, c)
	}
	return all
}

func (d *dice) rule(id int) Rule {
	return Rule{
		ID: fmt.Sprint(id), Name: d.text(), Off: d.byte()%8 == 0, Group: one(d, []string{"", "a", "b"}), Streak: one(d, []StreakMode{"", StreakGrowth, StreakOnce, "?"}),
		Trigger: Trigger{
			Kind: one(d, append(TriggerKinds(), "earthquake")), Gift: d.text(), GiftID: int64(d.int()), MinCoins: d.int(), MaxCoins: d.int(), Every: d.int(),
			At: d.int(), Of: one(d, []Measure{"", OfGifts}), Per: one(d, []Scope{"", PerViewer}), Activity: one(d, append(viewerKinds(), "", "x")),
			Command: d.text(), MinArgs: d.int(), Keyword: d.text(), Interval: action.Duration(d.int()), Jitter: action.Duration(d.int()), Signal: d.text(), Topic: d.text(), Begins: d.text(),
		},
		Cooldown: action.Duration(d.int()), CooldownPer: one(d, append(CooldownScopes(), "")), Match: one(d, []Match{"", MatchAny}),
		Conditions: d.conditions(0), Actions: d.specs(0), MaxWait: action.Duration(d.int()), Priority: one(d, append(Priorities(), "")),
	}
}

func (d *dice) event() event.Event {
	h := event.Head{Source: "tiktok", Room: one(d, []string{"r", "s", ""}), ID: d.text()}
	u := event.User{ID: one(d, []string{"", "1", "2", "\xff"}), Handle: d.text(), Nickname: d.text(), Roles: event.Roles{TeamLevel: d.int(), Follower: d.byte()%2 == 0}}
	switch d.byte() % 14 {
	case 0, 1, 2:
		g := event.GiftInfo{ID: int64(d.int()), Name: d.text(), Coins: d.int()}
		return event.Gift{Head: h, User: u, Gift: g, Added: d.int(), Count: d.int(), First: d.byte()%2 == 0, Final: d.byte()%2 == 0}
	case 3:
		return event.Like{Head: h, User: u, Added: d.int(), Total: d.int()}
	case 4, 5:
		return event.Chat{Head: h, User: u, Comment: d.text()}
	case 6:
		return event.ViewerCount{Head: h, Viewers: d.int()}
	case 7:
		return event.Question{Head: h, User: u, Text: d.text()}
	case 8:
		return event.Cue{Head: h, By: one(d, []event.CueBy{event.CueTimer, event.CueButton, "?"}), RuleID: fmt.Sprint(d.byte() % 6)}
	case 12:
		return event.Data{Head: event.Head{Source: event.SourceLiveKit}, User: u, Topic: d.text(), Text: d.text()}
	case 11:
		return event.Signal{Head: h, User: u, Name: d.text(), Text: d.text(), Count: d.int()}
	case 9:
		return event.Connected{Head: h}
	case 10:
		return event.Join{Head: h, User: u}
	default:
		return event.Disconnected{Head: h}
	}
}

// FuzzEvaluate throws hostile events at hostile rules, that no Check has seen.
func FuzzEvaluate(f *testing.F) {
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 1))
		data := make([]byte, 1500)
		for i := 0; i+8 <= len(data); i += 8 {
			binary.LittleEndian.PutUint64(data[i:], r.Uint64()&0x3f3f3f3f3f3f3f3f)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d := dice{data}
		var rules []Rule
		for i := range 1 + d.byte()%6 {
			rules = append(rules, d.rule(int(i)))
			Check(rules[i])
		}
		c := newClock()
		s := NewSet(rules, Options{Now: c.Now, Random: rand.NewPCG(1, 2)})
		s.SetGroups([]string{d.text()})
		for range 12 {
			c.advance(time.Duration(d.int() % int(time.Hour)))
			e := d.event()
			explained, _ := s.Explain(e)
			jobs, decisions := s.Evaluate(e)
			checkOutcome(t, rules, jobs, decisions)
			checkOutcome(t, rules, explained, decisions)
			for _, cue := range s.Tick(c.now) {
				jobs, decisions = s.Evaluate(cue)
				checkOutcome(t, rules, jobs, decisions)
			}
			if d.byte()%5 == 0 {
				s.Replace(rules)
			}
		}
		for _, r := range rules {
			if e := TestEvent(r, nil); e != nil {
				s.Test(r, e)
			}
		}
	})
}

func checkOutcome(t *testing.T, rules []Rule, jobs []action.Job, decisions []Decision) {
	t.Helper()
	if decisions != nil && len(decisions) != len(rules) {
		t.Fatalf("%d decisions for %d rules", len(decisions), len(rules))
	}
	for i, d := range decisions {
		if d.RuleID != rules[i].ID || (d.Reason == ReasonCondition) != (d.Stop != nil) || (d.Reason == ReasonFired) != (d.Times > 0) || d.Missing < 0 || d.Wait < 0 {
			t.Fatalf("an odd decision: %+v", d)
		}
	}
	if len(jobs) > len(rules)*MaxSteps {
		t.Fatalf("%d jobs", len(jobs))
	}
	for _, j := range jobs {
		if j.Runs < 1 || j.Runs > action.MaxRepeat || j.Fields.Count < 1 || j.Fields.TotalCoins < 0 || j.Lane() == "" {
			t.Fatalf("an odd job: %+v", j)
		}
	}
}

// TestCountsOfStreaksAddUp plays streaks of any shape and compares what rules were told with what was paid for.
func TestCountsOfStreaksAddUp(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 9))
		var rules []Rule
		for _, mode := range []StreakMode{StreakEnd, StreakGrowth} {
			per := ruleFor(string(mode), Trigger{Kind: OnAnyGift})
			per.Streak, per.Actions[0].PerGift = mode, true
			per.Match, per.Conditions = MatchAny, []Condition{{Kind: IfGifts, Min: 1}, {Kind: IfChance, Percent: 1}}
			rules = append(rules, per)
		}
		goal := ruleFor("goal", Trigger{Kind: OnGoal, Of: OfGifts, Every: 7})
		mine := ruleFor("mine", Trigger{Kind: OnGoal, Per: PerViewer, Every: 10})
		pooled := ruleFor("pooled", Trigger{Kind: OnGift, GiftID: rose.ID})
		p := poolOf(action.Pool{Choices: choices(1, 3)})
		p.PerGift = true
		pooled.Actions = []action.Spec{p}
		s := NewSet(append(rules, goal, mine, pooled), Options{Random: rand.NewPCG(seed, 3)})
		paid, runs := 0, map[string]int{}
		viewers := map[string]int{}
		for range 1 + r.IntN(30) {
			u := []event.User{pia, tom}[r.IntN(2)]
			open, isFirst := 0, true
			for more := 1 + r.IntN(4); more > 0; more-- {
				added := r.IntN(5)
				open += added
				e := event.Gift{Head: in("r"), User: u, Gift: rose, Added: added, Count: open, First: isFirst, Final: more == 1 || r.IntN(5) == 0}
				if e.Final {
					open = 0
				}
				isFirst = false
				paid += added
				viewers[u.ID] += added
				jobs, _ := s.Evaluate(e)
				for _, j := range jobs {
					runs[j.RuleID] += j.Runs
				}
			}
		}
		want := map[string]int{"end": paid, "growth": paid, "goal": paid / 7, "mine": viewers["1"]/10 + viewers["2"]/10, "pooled": paid}
		for id, n := range want {
			if runs[id] != n {
				t.Fatalf("seed %d: rule %s ran %d times, want %d", seed, id, runs[id], n)
			}
		}
	}
}
