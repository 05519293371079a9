package rule

import (
	"cmp"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

// A high rule goes before a normal one and that before a low one, whatever the coins.
func TestPriorityOrdersRulesThenCoins(t *testing.T) {
	rules := map[Priority]Rule{}
	for _, p := range append(Priorities(), "") {
		r := ruleFor("r-"+string(p), Trigger{Kind: OnAnyGift})
		r.Priority = p
		rules[p] = r
	}
	tests := []struct {
		name     string
		priority Priority
		coins    int
		count    int
	}{ // the most urgent first
		{"high, no end of coins", PriorityHigh, math.MaxInt, 5},
		{"high, many coins", PriorityHigh, 100, 3},
		{"high, few coins", PriorityHigh, 1, 1},
		{"normal, no end of coins", PriorityNormal, math.MaxInt, 1},
		{"normal, 200 coins", "", 100, 2},
		{"normal, 150 coins", PriorityNormal, 150, 1},
		{"normal, coins below 0", PriorityNormal, -7, 1},
		{"low, no end of coins", PriorityLow, math.MaxInt, 1},
		{"low, no coins", PriorityLow, 0, 1},
	}
	var byCoins, byRule []int64
	for _, tt := range tests {
		s := NewSet([]Rule{rules[tt.priority]}, Options{})
		e := giftOf(event.GiftInfo{ID: 1, Name: "X", Coins: tt.coins}, tt.count)
		plain, _ := s.Evaluate(e)
		s.SetWaiting(Waiting{ByCoins: true})
		counted, _ := s.Evaluate(e)
		byRule, byCoins = append(byRule, plain[0].Priority), append(byCoins, counted[0].Priority)
	}
	for i := 1; i < len(tests); i++ {
		if byCoins[i-1] <= byCoins[i] {
			t.Errorf("%s has %d, and %s %d", tests[i-1].name, byCoins[i-1], tests[i].name, byCoins[i])
		}
	}
	if !slices.IsSortedFunc(byRule, func(a, b int64) int { return cmp.Compare(b, a) }) {
		t.Errorf("without coins: %v", byRule)
	}
	for i, tt := range tests {
		if isNormal := tt.priority == "" || tt.priority == PriorityNormal; isNormal != (byRule[i] == 0) {
			t.Errorf("%s has %d without coins; 0 is usual", tt.name, byRule[i])
		}
	}
	jobs, _ := NewSet([]Rule{ruleFor("f", Trigger{Kind: OnFollow})}, Options{Waiting: Waiting{ByCoins: true}}).Evaluate(event.Follow{User: pia})
	if jobs[0].Priority != 0 {
		t.Errorf("what costs nothing has %d", jobs[0].Priority)
	}
}

func TestJobsExpire(t *testing.T) {
	const never = time.Duration(-1)
	tests := []struct {
		name           string
		waiting        Waiting
		rule           time.Duration
		command, sound time.Duration // after they are due
	}{
		{"nothing said", Waiting{}, 0, never, never},
		{"the profile", Waiting{MaxWait: time.Hour}, 0, time.Hour, time.Hour},
		{"the rule is stricter", Waiting{MaxWait: time.Hour}, time.Minute, time.Minute, time.Minute},
		{"the rule has more patience", Waiting{MaxWait: time.Minute}, time.Hour, time.Hour, time.Hour},
		{"sounds", Waiting{SoundMaxWait: time.Minute}, 0, never, time.Minute},
		{"sounds are stricter", Waiting{MaxWait: time.Hour, SoundMaxWait: time.Minute}, 2 * time.Minute, 2 * time.Minute, time.Minute},
		{"sounds have more patience", Waiting{MaxWait: time.Second, SoundMaxWait: time.Minute}, 0, time.Second, time.Second},
		{"speech does not bound sounds", Waiting{SpeechMaxWait: time.Minute}, 0, never, never},
		{"below 0 is for ever", Waiting{MaxWait: -1, SoundMaxWait: -1}, -1, never, never},
		{"absurd", Waiting{}, math.MaxInt64, maxTotalDelay, maxTotalDelay},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newClock()
			r := ruleFor("r", Trigger{Kind: OnFollow})
			r.MaxWait = action.Duration(tt.rule)
			r.Actions = []action.Spec{
				{RCON: &action.RCON{Command: "x"}},
				{Sound: &action.Sound{File: "bundled:chime"}, Delay: action.Duration(time.Second)},
			}
			s := NewSet([]Rule{r}, c.options())
			s.SetWaiting(tt.waiting)
			jobs, _ := s.Evaluate(event.Follow{User: pia})
			for i, want := range []time.Duration{tt.command, tt.sound} {
				due := c.now.Add(time.Duration(i) * time.Second)
				switch got := jobs[i].Expires; {
				case want == never && !got.IsZero():
					t.Errorf("action %d expires %v after it is due, want never", i, got.Sub(due))
				case want != never && !got.Equal(due.Add(want)):
					t.Errorf("action %d expires %v after it is due, want %v", i, got.Sub(due), want)
				}
			}
		})
	}
}

func TestSpeechExpires(t *testing.T) {
	c := newClock()
	r := ruleFor("r", Trigger{Kind: OnFollow})
	r.Actions = []action.Spec{{Speech: &action.Speech{Text: "hello"}}}
	s := NewSet([]Rule{r}, c.options())
	s.SetWaiting(Waiting{MaxWait: time.Hour, SoundMaxWait: time.Second, SpeechMaxWait: time.Minute})
	jobs, _ := s.Evaluate(event.Follow{User: pia})
	if got := jobs[0].Expires; !got.Equal(c.now.Add(time.Minute)) {
		t.Errorf("it expires after %v", got.Sub(c.now))
	}
}
