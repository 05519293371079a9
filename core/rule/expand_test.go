package rule

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

func cmd(text string) action.Spec { return action.Spec{RCON: &action.RCON{Command: text}} }

func choices(weights ...int) []action.Choice {
	var all []action.Choice
	for i, w := range weights {
		all = append(all, action.Choice{Weight: w, Actions: []action.Spec{cmd(string(rune('a' + i)))}})
	}
	return all
}

func poolOf(p action.Pool) action.Spec { return action.Spec{Pool: &p} }

func runOf(id string) action.Spec { return action.Spec{Run: &action.Run{Rule: id}} }

// commands returns those of jobs, each with its runs where there are several.
func commands(jobs []action.Job) string {
	var all []string
	for _, j := range jobs {
		text := j.Spec.RCON.Command
		if j.Runs > 1 {
			text += fmt.Sprint(j.Runs)
		}
		all = append(all, text)
	}
	return strings.Join(all, " ")
}

// times fires the rule of that index n times and returns what it did.
func times(s *Set, n int) string {
	var all []string
	for range n {
		jobs, _ := s.Evaluate(event.Follow{User: pia})
		all = append(all, commands(jobs))
	}
	return strings.Join(all, " ")
}

func TestPoolsInACycle(t *testing.T) {
	r := ruleFor("r", Trigger{Kind: OnFollow})
	r.Actions = []action.Spec{cmd("x"), poolOf(action.Pool{Order: action.PoolCycle, Choices: choices(1, 9, 1)})}
	s := NewSet([]Rule{r}, Options{})
	if got := times(s, 4); got != "x a x b x c x a" {
		t.Errorf("got %s", got)
	}
	r.Name, r.Trigger = "renamed", Trigger{Kind: OnShare}
	s.Replace([]Rule{r})
	if jobs, _ := s.Evaluate(event.Share{User: pia}); commands(jobs) != "x b" {
		t.Errorf("after a change of something else it goes on with %s", commands(jobs))
	}
	r.Actions[1].Pool.Choices = choices(1, 1)
	s.Replace([]Rule{r})
	if jobs, _ := s.Evaluate(event.Share{User: pia}); commands(jobs) != "x a" {
		t.Errorf("another pool goes on with %s", commands(jobs))
	}
}

func TestPoolsAtRandom(t *testing.T) {
	r := ruleFor("r", Trigger{Kind: OnFollow})
	r.Actions = []action.Spec{poolOf(action.Pool{Seed: 7, Choices: choices(1, 2, 5, 0)})}
	first := times(NewSet([]Rule{r}, Options{}), 3000)
	if again := times(NewSet([]Rule{r}, Options{}), 3000); again != first {
		t.Error("one seed, and other picks")
	}
	r.Actions[0].Pool.Seed = 8
	if other := times(NewSet([]Rule{r}, Options{}), 3000); other == first {
		t.Error("another seed, and the same picks")
	}
	picks := strings.Fields(first)
	count := map[string]int{}
	for i, p := range picks {
		count[p]++
		if i > 0 && picks[i-1] == p {
			t.Fatalf("%s twice in a row", p)
		}
	}
	// A weight w of W among all comes with w*(W-w): no repeats make the heavy ones rarer.
	for name, share := range map[string]float64{"a": 8.0 / 50, "b": 14.0 / 50, "c": 20.0 / 50, "d": 8.0 / 50} {
		if got := float64(count[name]) / float64(len(picks)); got < share-0.04 || got > share+0.04 {
			t.Errorf("%s is %.2f of all, want %.2f", name, got, share)
		}
	}
	for _, p := range []action.Pool{{}, {Choices: choices(3)}, {Choices: []action.Choice{{}, {}}}} {
		r.Actions[0].Pool = &p
		if got := times(NewSet([]Rule{r}, Options{}), 2); len(p.Choices) == 1 && got != "a a" || len(p.Choices) != 1 && strings.TrimSpace(got) != "" {
			t.Errorf("%+v: %q", p, got)
		}
	}
}

// TestAPoolForEachGift checks that each gift gets a pick, however many come.
func TestAPoolForEachGift(t *testing.T) {
	r := ruleFor("r", Trigger{Kind: OnAnyGift})
	p := poolOf(action.Pool{Order: action.PoolCycle, Choices: choices(1, 1, 1)})
	p.PerGift, p.Repeat = true, 2
	p.Pool.Choices[1].Actions[0].PerGift = true // must not multiply again
	r.Actions = []action.Spec{p}
	for _, gifts := range []int{1, 3, 500, 4000} {
		jobs, _ := NewSet([]Rule{r}, Options{}).Evaluate(giftFrom(pia, "r", 1, gifts))
		runs := map[string]int{}
		for _, j := range jobs {
			runs[j.Spec.RCON.Command] += j.Runs
		}
		if total := runs["a"] + runs["b"] + runs["c"]; total != 2*gifts || runs["a"]-runs["c"] > 1 || len(jobs) > MaxSteps {
			t.Errorf("%d gifts: %v in %d jobs", gifts, runs, len(jobs))
		}
	}
}

func TestRunningOtherRules(t *testing.T) {
	c := newClock()
	lib := ruleFor("lib", Trigger{Kind: OnButton})
	lib.Off, lib.Conditions = true, []Condition{{Kind: IfChance, Percent: 0.0001}}
	second := cmd("l2")
	second.Delay, second.PerGift = action.Duration(2*time.Second), true
	lib.Actions = []action.Spec{cmd("l1"), second}
	r := ruleFor("r", Trigger{Kind: OnAnyGift})
	last, run := cmd("r2"), runOf("lib")
	last.Delay, run.Delay, run.Repeat = action.Duration(time.Second), action.Duration(time.Second), 3
	r.Actions = []action.Spec{cmd("r1"), run, last, runOf("nobody")}
	r.Priority = PriorityHigh
	jobs, _ := NewSet([]Rule{lib, r}, c.options()).Evaluate(giftFrom(pia, "r", 7, 2))
	if got := commands(jobs); got != "r1 l13 l26 r2" {
		t.Errorf("got %s", got)
	}
	var due []time.Duration
	for _, j := range jobs {
		wait := time.Duration(0)
		if !j.Due.IsZero() {
			wait = j.Due.Sub(c.now)
		}
		due = append(due, wait)
		if j.RuleID != "r" || j.Priority != levelStep || j.Fields.TotalCoins != 14 {
			t.Errorf("%+v is not the running rule's", j)
		}
	}
	if want := []time.Duration{0, time.Second, 3 * time.Second, 4 * time.Second}; !slices.Equal(due, want) {
		t.Errorf("due after %v, want %v", due, want)
	}
}

func TestHostileExpansionsEnd(t *testing.T) {
	var loop []action.Spec
	for range MaxActions {
		s := runOf("r")
		s.Repeat = action.MaxRepeat
		loop = append(loop, s)
	}
	deep := cmd("deep")
	for range 6 {
		p := poolOf(action.Pool{Choices: []action.Choice{{Weight: 1 << 62, Actions: []action.Spec{deep, deep}}, {Weight: 1 << 62, Actions: []action.Spec{deep}}}})
		p.Repeat = 1 << 62
		deep = p
	}
	for _, actions := range [][]action.Spec{loop, append(loop, cmd("x")), {deep}, {cmd("x"), runOf("r")}} {
		r := ruleFor("r", Trigger{Kind: OnFollow})
		r.Actions = actions
		jobs, _ := NewSet([]Rule{r}, Options{}).Evaluate(event.Follow{User: pia})
		if len(jobs) > MaxSteps {
			t.Errorf("%d jobs", len(jobs))
		}
	}
}

func TestDice(t *testing.T) {
	r := ruleFor("r", Trigger{Kind: OnFollow})
	r.Actions = say("{random:1-6} {user}")
	s := NewSet([]Rule{r}, Options{})
	seen := map[string]bool{}
	for range 300 {
		jobs, _ := s.Evaluate(event.Follow{User: event.User{Handle: "{random:1-6}"}})
		seen[jobs[0].Spec.RCON.Command] = true
		if jobs[0].Fields.User != "{random:1-6}" {
			t.Fatalf("a viewer throws dice: %+v", jobs[0].Fields)
		}
	}
	for _, n := range []string{"1", "2", "3", "4", "5", "6"} {
		if !seen["say "+n+" {user}"] {
			t.Errorf("never %s in %v", n, seen)
		}
	}
	if len(seen) != 6 {
		t.Errorf("got %v", seen)
	}
}

// TestExplainChangesNothing compares a Set that explains everything twice with one that does not.
func TestExplainChangesNothing(t *testing.T) {
	c := newClock()
	pool := ruleFor("pool", Trigger{Kind: OnFollow})
	pool.Actions = []action.Spec{poolOf(action.Pool{Seed: 3, Choices: choices(1, 1, 1, 1)})}
	once := ruleFor("once", Trigger{Kind: OnFollow})
	once.Conditions = []Condition{{Kind: IfOnce}, {Kind: IfPerMinute, Max: 2}}
	cool := ruleFor("cool", Trigger{Kind: OnFollow})
	cool.Cooldown, cool.CooldownPer = action.Duration(time.Minute), CooldownViewer
	grouped := ruleFor("grouped", Trigger{Kind: OnFollow})
	grouped.Cooldown, grouped.CooldownPer, grouped.Group = action.Duration(time.Minute), CooldownGroup, "g"
	rules := []Rule{
		pool, once, cool, grouped, ruleFor("goal", Trigger{Kind: OnGoal, Every: 10}), ruleFor("likes", Trigger{Kind: OnLikes, Every: 10}),
		ruleFor("first", Trigger{Kind: OnFirst}), ruleFor("viewers", Trigger{Kind: OnViewers, Every: 5}),
	}
	calm, asked := NewSet(rules, Options{Now: c.Now}), NewSet(rules, Options{Now: c.Now})
	events := []event.Event{
		event.Follow{Head: in("r"), User: pia},
		event.Follow{Head: in("r"), User: tom},
		giftFrom(pia, "r", 6, 1), giftFrom(tom, "r", 6, 1),
		likeOf("r", 5, 5), likeOf("r", 5, 11),
		event.ViewerCount{Head: in("r"), Viewers: 4},
		event.ViewerCount{Head: in("r"), Viewers: 9},
		event.Connected{},
		event.Follow{Head: in("next"), User: pia},
		event.Cue{},
	}
	for i, e := range events {
		var said [3]string
		for n := range 2 {
			jobs, ds := asked.Explain(e)
			said[n] = commands(jobs) + fmt.Sprint(reasons(ds))
		}
		jobs, ds := asked.Evaluate(e)
		said[2] = commands(jobs) + fmt.Sprint(reasons(ds))
		if said[0] != said[1] || said[0] != said[2] {
			t.Errorf("event %d: explained as %q, again as %q, and it was %q", i, said[0], said[1], said[2])
		}
		want, wantDs := calm.Evaluate(e)
		if got := commands(want) + fmt.Sprint(reasons(wantDs)); got != said[2] {
			t.Errorf("event %d: %q, and without asking before %q", i, said[2], got)
		}
	}
	if !asked.NextTimer(c.now).IsZero() || asked.isLive != calm.isLive {
		t.Error("explaining changed the connection")
	}
}

func TestExplainTakesAChanceForWon(t *testing.T) {
	for _, cs := range [][]Condition{
		{{Kind: IfChance, Percent: 0.001}},
		{{Kind: IfChance, Not: true, Percent: 99.999}},
		{{Kind: IfAllOf, Not: true, Conditions: []Condition{{Kind: IfChance, Percent: 99.999}}}},
	} {
		r := ruleFor("r", Trigger{Kind: OnFollow})
		r.Conditions = cs
		if jobs, ds := NewSet([]Rule{r}, Options{}).Explain(event.Follow{User: pia}); len(jobs) != 1 {
			t.Errorf("%+v: %+v", cs, ds)
		}
	}
}

func TestTestsGoThroughAPool(t *testing.T) {
	r := ruleFor("r", Trigger{Kind: OnFollow})
	r.Actions = []action.Spec{poolOf(action.Pool{Order: action.PoolCycle, Choices: choices(1, 1)}), runOf("lib")}
	lib := r.Clone()
	lib.ID, lib.Actions = "lib", r.Clone().Actions[:1]
	s := NewSet([]Rule{r, lib}, Options{})
	var got []string
	for range 3 {
		jobs, _ := s.Test(r, TestEvent(r, nil))
		got = append(got, commands(jobs))
	}
	if want := []string{"a a", "b a", "a a"}; !slices.Equal(got, want) {
		t.Errorf("tests did %q, want %q", got, want)
	}
	jobs, _ := s.Evaluate(event.Follow{User: pia})
	if got := commands(jobs); got != "a a b" { // its own, what it runs, and that rule itself
		t.Errorf("the tests moved the Set's pools: %s", got)
	}
}
