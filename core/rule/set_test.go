package rule

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

var (
	pia = event.User{ID: "1", Handle: "pixel_pia", Nickname: "Pia"}
	tom = event.User{ID: "2", Handle: "testy_tom", Nickname: "Tom"}

	rose = event.GiftInfo{ID: 5655, Name: "Rose", Coins: 1, Streakable: true}
	lion = event.GiftInfo{ID: 6369, Name: "Lion", Coins: 29_999}
)

// clock is a time that tests move by hand.
type clock struct{ now time.Time }

func newClock() *clock { return &clock{time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time          { return c.now }
func (c *clock) advance(d time.Duration) { c.now = c.now.Add(d) }

func (c *clock) options() Options {
	n := 0
	return Options{Now: c.Now, NewID: func() string { n++; return fmt.Sprintf("job-%d", n) }}
}

func say(text string) []action.Spec {
	return []action.Spec{{RCON: &action.RCON{Command: "say " + text}}}
}

func ruleFor(id string, t Trigger) Rule {
	return Rule{ID: id, Name: id, Trigger: t, Actions: say("{user}")}
}

func giftOf(g event.GiftInfo, count int) event.Gift {
	return event.Gift{
		Head: event.Head{ID: "e", Source: "tiktok", Room: "r1"}, User: pia, Gift: g, Streak: "s", Added: count, Count: count, First: true, Final: true,
	}
}

func likeOf(room string, added, total int) event.Like {
	return event.Like{Head: event.Head{Source: "tiktok", Room: room}, User: pia, Added: added, Total: total}
}

func chatOf(comment string) event.Chat { return event.Chat{User: pia, Comment: comment} }

func reasons(ds []Decision) []Reason {
	var rs []Reason
	for _, d := range ds {
		rs = append(rs, d.Reason)
	}
	return rs
}

func TestTriggers(t *testing.T) {
	rules := []Rule{
		ruleFor("by-id", Trigger{Kind: OnGift, GiftID: rose.ID, Gift: "Lion"}),
		ruleFor("by-name", Trigger{Kind: OnGift, Gift: " rOSE\u200b "}),
		ruleFor("cheap", Trigger{Kind: OnAnyGift, MaxCoins: 10}),
		ruleFor("dear", Trigger{Kind: OnAnyGift, MinCoins: 100}),
		ruleFor("follow", Trigger{Kind: OnFollow}),
		ruleFor("share", Trigger{Kind: OnShare}),
		ruleFor("join", Trigger{Kind: OnJoin}),
		ruleFor("subscribe", Trigger{Kind: OnSubscribe}),
		ruleFor("zombie", Trigger{Kind: OnCommand, Command: "!Zombie"}),
	}
	tests := []struct {
		name  string
		event event.Event
		fired []string
	}{
		{"rose", giftOf(rose, 1), []string{"by-id", "by-name", "cheap"}},
		{"another gift", giftOf(lion, 1), []string{"dear"}},
		{"the id wins over the name", giftOf(event.GiftInfo{ID: 7, Name: "Lion", Coins: 50}, 1), nil},
		{"the name alone", giftOf(event.GiftInfo{Name: "ROSE ", Coins: 10}, 1), []string{"by-name", "cheap"}},
		{"upper bound", giftOf(event.GiftInfo{ID: 8, Name: "X", Coins: 10}, 1), []string{"cheap"}},
		{"lower bound", giftOf(event.GiftInfo{ID: 8, Name: "X", Coins: 100}, 1), []string{"dear"}},
		{"negative price", giftOf(event.GiftInfo{ID: 8, Name: "X", Coins: -4}, 1), []string{"cheap"}},
		{"gift without a name", giftOf(event.GiftInfo{Coins: 50}, 1), nil},
		{"follow", event.Follow{User: pia}, []string{"follow"}},
		{"share", event.Share{User: pia}, []string{"share"}},
		{"join", event.Join{User: pia}, []string{"join"}},
		{"subscribe", event.Subscribe{User: pia, Months: 12}, []string{"subscribe"}},
		{"command", chatOf("!zombie"), []string{"zombie"}},
		{"comment", chatOf("look at the !zombie"), nil},
		{"likes", likeOf("r1", 5, 100), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			jobs, decisions := NewSet(rules, Options{}).Evaluate(tt.event)
			if len(decisions) != len(rules) {
				t.Fatalf("%d decisions for %d rules", len(decisions), len(rules))
			}
			var fired []string
			for i, d := range decisions {
				if d.RuleID != rules[i].ID || d.RuleName != rules[i].Name {
					t.Errorf("decision %d is for %q, want %q", i, d.RuleID, rules[i].ID)
				}
				if d.Reason == ReasonFired {
					fired = append(fired, d.RuleID)
				}
			}
			var asked []string
			for _, j := range jobs {
				asked = append(asked, j.RuleID)
			}
			if !slices.Equal(fired, tt.fired) || !slices.Equal(asked, tt.fired) {
				t.Errorf("fired %q with jobs of %q, want %q", fired, asked, tt.fired)
			}
		})
	}
}

func TestReasonsWhyNot(t *testing.T) {
	off := ruleFor("off", Trigger{Kind: OnGift, Gift: "Rose"})
	off.Off = true
	offOther := ruleFor("off-other", Trigger{Kind: OnGift, Gift: "Lion"})
	offOther.Off = true
	idle := ruleFor("idle", Trigger{Kind: OnGift, Gift: "Rose"})
	idle.Actions = nil
	once := ruleFor("once", Trigger{Kind: OnGift, Gift: "Rose"})
	once.Streak = StreakOnce
	rules := []Rule{
		off, offOther, idle, once, ruleFor("follow", Trigger{Kind: OnFollow}), ruleFor("dear", Trigger{Kind: OnAnyGift, MinCoins: 5}),
		ruleFor("odd", Trigger{Kind: "earthquake"}), ruleFor("nameless", Trigger{Kind: OnGift}),
	}
	e := giftOf(rose, 3)
	e.First = false
	jobs, decisions := NewSet(rules, Options{}).Evaluate(e)
	want := []Reason{ReasonOff, ReasonGift, ReasonNoAction, ReasonStreak, ReasonKind, ReasonCoins, ReasonKind, ReasonGift}
	if got := reasons(decisions); !slices.Equal(got, want) || len(jobs) != 0 {
		t.Errorf("got %v and %d jobs, want %v", got, len(jobs), want)
	}
}

func TestEventsThatNoRuleCanWaitFor(t *testing.T) {
	s := NewSet([]Rule{ruleFor("follow", Trigger{Kind: OnFollow})}, Options{})
	for _, e := range []event.Event{nil, event.Connected{}, event.ViewerCount{Viewers: 5}, event.Connecting{}, event.LiveEnded{}, event.Cue{RuleID: "follow"}} {
		if jobs, decisions := s.Evaluate(e); jobs != nil || decisions != nil {
			t.Errorf("%T: %d jobs, %d decisions", e, len(jobs), len(decisions))
		}
	}
}

func TestStreakModes(t *testing.T) {
	streak := func(added, count int, first, final bool) event.Gift {
		return event.Gift{User: pia, Gift: rose, Added: added, Count: count, First: first, Final: final}
	}
	events := []event.Gift{
		streak(1, 1, true, false), streak(3, 4, false, false), streak(0, 4, false, false), streak(2, 6, false, true),
		streak(0, 0, false, true), // an end that comes again
		streak(4, 4, false, true), // gifts that came after an end that was made up
		streak(-5, -5, false, true),
	}
	tests := map[StreakMode][]int{"": {6, 4}, StreakEnd: {6, 4}, StreakGrowth: {1, 3, 2, 4}, StreakOnce: {1}}
	for mode, want := range tests {
		r := ruleFor("r", Trigger{Kind: OnGift, GiftID: rose.ID})
		r.Streak, r.Actions[0].PerGift = mode, true
		s := NewSet([]Rule{r}, Options{})
		var counts []int
		for _, e := range events {
			jobs, _ := s.Evaluate(e)
			for _, j := range jobs {
				counts = append(counts, j.Fields.Count)
				if j.Runs != j.Fields.Count || j.Fields.TotalCoins != j.Fields.Count*rose.Coins {
					t.Errorf("%q: count %d, runs %d, total %d", mode, j.Fields.Count, j.Runs, j.Fields.TotalCoins)
				}
			}
		}
		if !slices.Equal(counts, want) {
			t.Errorf("%q: counts %v, want %v", mode, counts, want)
		}
	}
}

func TestCommandWords(t *testing.T) {
	tests := []struct {
		name, command, comment string
		fires                  bool
		args                   string
	}{
		{"plain", "!zombie", "!zombie", true, ""},
		{"case", "!zombie", "!ZomBie", true, ""},
		{"args", "!zombie", "!zombie  3 at  me ", true, "3 at  me"},
		{"junk without width", "!zombie", "\u200b\ufeff !zombie\u200e \u200b3\u2060", true, "3"},
		{"other spaces", "!zombie", "!zombie\u00a03\n4", true, "3\n4"},
		{"greek and turkish", "!ΣΊΣΥΦΟΣ", "!σίσυφος", true, ""},
		{"composed letters", "!caf\u00e9", "!cafe\u0301", true, ""},
		{"command with blanks around", " !zombie ", "!zombie", true, ""},
		{"longer word", "!zombie", "!zombies", false, ""},
		{"without the mark", "!zombie", "zombie", false, ""},
		{"not first", "!zombie", "a !zombie", false, ""},
		{"empty comment", "!zombie", "", false, ""},
		{"empty command", "", "", false, ""},
		{"only junk", "\u200b", "\u200b", false, ""},
		{"huge", "!zombie", strings.Repeat("!zombie", 150_000), false, ""},
		{"broken text", "!zombie", "!zombie\xff", false, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := NewSet([]Rule{ruleFor("r", Trigger{Kind: OnCommand, Command: tt.command})}, Options{})
			jobs, decisions := s.Evaluate(chatOf(tt.comment))
			if fired := decisions[0].Reason == ReasonFired; fired != tt.fires || fired != (len(jobs) == 1) {
				t.Fatalf("got %v with %d jobs, want fired %v", decisions[0].Reason, len(jobs), tt.fires)
			}
			if tt.fires && jobs[0].Fields.Args != tt.args {
				t.Errorf("args %q, want %q", jobs[0].Fields.Args, tt.args)
			}
		})
	}
}

func TestFields(t *testing.T) {
	e := giftOf(lion, 3)
	e.ID = "event-7"
	jobs, _ := NewSet([]Rule{ruleFor("r", Trigger{Kind: OnAnyGift})}, Options{}).Evaluate(e)
	want := action.Fields{
		User: "pixel_pia", Nickname: "Pia", Gift: "Lion", GiftID: lion.ID, Count: 3, Coins: 29_999, TotalCoins: 89_997,
	}
	if len(jobs) != 1 || jobs[0].Fields != want || jobs[0].EventID != "event-7" || jobs[0].RuleName != "r" {
		t.Errorf("got %+v, want fields %+v", jobs, want)
	}

	e.Count, e.Gift.Coins, e.User = math.MaxInt, math.MaxInt, event.User{ID: "77"}
	jobs, _ = NewSet([]Rule{ruleFor("r", Trigger{Kind: OnAnyGift})}, Options{}).Evaluate(e)
	if f := jobs[0].Fields; f.TotalCoins != math.MaxInt || f.User != "77" || f.Nickname != "77" {
		t.Errorf("hostile counts and a viewer without names: %+v", f)
	}

	c := chatOf("!x " + strings.Repeat("\U0001F9DF", 100_000) + "\xff")
	c.User.Nickname = "\xff" + strings.Repeat("n", 1<<20)
	jobs, _ = NewSet([]Rule{ruleFor("r", Trigger{Kind: OnCommand, Command: "!x"})}, Options{}).Evaluate(c)
	f := jobs[0].Fields
	for _, text := range []string{f.Comment, f.Args, f.Nickname} {
		if len(text) > maxText+2 || len(text) < maxText-3 || strings.ToValidUTF8(text, "") != text {
			t.Errorf("a text of %d bytes, want valid UTF-8 of about %d", len(text), maxText)
		}
	}
}

func TestJobsOfSeveralActions(t *testing.T) {
	c := newClock()
	o := c.options()
	o.Waiting.SoundMaxWait = time.Minute
	r := Rule{ID: "r", Name: "Storm", Trigger: Trigger{Kind: OnGift, Gift: "Rose"}, Actions: []action.Spec{
		{RCON: &action.RCON{Server: "a", Command: "x"}, PerGift: true, Repeat: 2},
		{Sound: &action.Sound{File: "bundled:chime"}, Delay: action.Duration(time.Second)},
		{RCON: &action.RCON{Server: "b", Command: "y"}, Delay: action.Duration(2 * time.Second), Repeat: 4},
		{Sound: &action.Sound{File: "bundled:chime"}},
	}}
	e := giftOf(rose, 5)
	e.Test = true
	jobs, _ := NewSet([]Rule{r}, o).Evaluate(e)
	type line struct {
		id, lane     string
		runs         int
		due, expires time.Duration
	}
	since := func(at time.Time) time.Duration {
		if at.IsZero() {
			return 0
		}
		return at.Sub(c.now)
	}
	var got []line
	for _, j := range jobs {
		got = append(got, line{j.ID, j.Lane(), j.Runs, since(j.Due), since(j.Expires)})
		if !j.Created.Equal(c.now) || !j.Test {
			t.Errorf("job %s: created %v, test %v", j.ID, j.Created, j.Test)
		}
	}
	want := []line{
		{"job-1", "rcon:a", 10, 0, 0},
		{"job-2", "sound", 1, time.Second, 61 * time.Second},
		{"job-3", "rcon:b", 4, 3 * time.Second, 0},
		{"job-4", "sound", 1, 3 * time.Second, 63 * time.Second},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	set := NewSet([]Rule{r}, o)
	set.SetWaiting(Waiting{})
	if jobs, _ := set.Evaluate(e); !jobs[1].Expires.IsZero() {
		t.Errorf("a sound without a bound expires at %v", jobs[1].Expires)
	}
	jobs[0].Spec.RCON.Command = "changed"
	if again, _ := NewSet([]Rule{r}, o).Evaluate(e); again[0].Spec.RCON.Command != "x" {
		t.Error("a job shares its action with the rule")
	}
}

func TestReplaceKeepsState(t *testing.T) {
	c := newClock()
	rose := ruleFor("a", Trigger{Kind: OnGift, Gift: "Rose"})
	rose.Cooldown = action.Duration(time.Minute)
	follow := ruleFor("b", Trigger{Kind: OnFollow})
	follow.Cooldown = action.Duration(time.Minute)
	likes := ruleFor("c", Trigger{Kind: OnLikes, Every: 100})
	s := NewSet([]Rule{rose, follow, likes}, c.options())
	s.Evaluate(giftOf(event.GiftInfo{Name: "Rose"}, 1))
	s.Evaluate(event.Follow{User: pia})
	s.Evaluate(likeOf("r1", 1, 250))

	c.advance(time.Second)
	rose.Name = "renamed"
	follow.Trigger = Trigger{Kind: OnShare}
	s.Replace([]Rule{likes, follow, rose, rose})

	_, decisions := s.Evaluate(giftOf(event.GiftInfo{Name: "Rose"}, 1))
	if got := reasons(decisions[2:]); !slices.Equal(got, []Reason{ReasonCooldown, ReasonFired}) {
		t.Errorf("kept rule and its twin: %v; want the first still quiet, the twin on its own", got)
	}
	if decisions[2].RuleName != "renamed" || decisions[2].Wait.Std() != 59*time.Second {
		t.Errorf("got %+v", decisions[2])
	}
	if _, decisions = s.Evaluate(event.Share{User: pia}); decisions[1].Reason != ReasonFired {
		t.Errorf("a rule with a new trigger is still quiet: %+v", decisions[1])
	}
	if _, decisions = s.Evaluate(likeOf("r1", 60, 310)); decisions[0].Reason != ReasonFired {
		t.Errorf("the room's likes were forgotten: %+v", decisions[0])
	}
}

func TestSetKeepsCopies(t *testing.T) {
	rules := []Rule{ruleFor("r", Trigger{Kind: OnFollow})}
	s := NewSet(rules, Options{})
	rules[0].Actions[0].RCON.Command = "changed"
	if jobs, _ := s.Evaluate(event.Follow{User: pia}); jobs[0].Spec.RCON.Command != "say {user}" {
		t.Errorf("the set does what was changed behind its back: %+v", jobs[0].Spec.RCON)
	}
}

func TestConcurrentUse(t *testing.T) {
	r := ruleFor("r", Trigger{Kind: OnGift, Gift: "Rose"})
	r.CooldownPer, r.Cooldown = CooldownViewer, action.Duration(time.Hour)
	s := NewSet([]Rule{r}, Options{})
	var wg sync.WaitGroup
	var mu sync.Mutex
	ids := map[string]bool{}
	for range 8 {
		wg.Go(func() {
			for i := range 100 {
				e := giftOf(rose, 1)
				e.User.ID = fmt.Sprint(i)
				jobs, _ := s.Evaluate(e)
				s.Replace([]Rule{r})
				s.Test(r, e)
				s.SetWaiting(Waiting{ByCoins: i%2 == 0, SoundMaxWait: time.Minute})
				mu.Lock()
				for _, j := range jobs {
					ids[j.ID] = true
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(ids) != 100 {
		t.Errorf("%d jobs for 100 viewers", len(ids))
	}
}
