package rule

import (
	"fmt"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

func TestCooldown(t *testing.T) {
	for _, scope := range []CooldownScope{"", CooldownAll, CooldownViewer} {
		c := newClock()
		r := ruleFor("r", Trigger{Kind: OnFollow})
		r.Cooldown, r.CooldownPer = action.Duration(10*time.Second), scope
		s := NewSet([]Rule{r}, c.options())
		follow := func(u event.User) Decision {
			jobs, d := s.Evaluate(event.Follow{User: u})
			if (d[0].Reason == ReasonFired) != (len(jobs) == 1) {
				t.Errorf("%+v with %d jobs", d[0], len(jobs))
			}
			return d[0]
		}
		if d := follow(pia); d.Reason != ReasonFired || d.Times != 1 {
			t.Errorf("%q: the first: %+v", scope, d)
		}
		c.advance(4 * time.Second)
		if d := follow(pia); d.Reason != ReasonCooldown || d.Wait.Std() != 6*time.Second {
			t.Errorf("%q: the same viewer: %+v, want 6 s to wait", scope, d)
		}
		if d := follow(tom); (d.Reason == ReasonFired) != (scope == CooldownViewer) {
			t.Errorf("%q: another viewer: %+v", scope, d)
		}
		c.advance(6 * time.Second)
		if d := follow(pia); d.Reason != ReasonFired {
			t.Errorf("%q: after it: %+v; a refused trigger must not prolong it", scope, d)
		}
	}
}

func TestCooldownSurvivesClockJumps(t *testing.T) {
	c := newClock()
	r := ruleFor("r", Trigger{Kind: OnFollow})
	r.Cooldown = action.Duration(10 * time.Second)
	s := NewSet([]Rule{r}, c.options())
	s.Evaluate(event.Follow{User: pia})
	c.advance(-time.Hour)
	if _, d := s.Evaluate(event.Follow{User: pia}); d[0].Reason != ReasonFired {
		t.Errorf("set back: %+v, want no wait for the clock to catch up", d[0])
	}
	if _, d := s.Evaluate(event.Follow{User: pia}); d[0].Reason != ReasonCooldown {
		t.Errorf("after the jump: %+v, want the cooldown to work again", d[0])
	}
}

func TestCooldownWithSeveralMilestones(t *testing.T) {
	r := ruleFor("r", Trigger{Kind: OnLikes, Every: 10})
	r.Cooldown = action.Duration(time.Minute)
	s := NewSet([]Rule{r}, newClock().options())
	s.Evaluate(likeOf("a", 1, 5))
	jobs, d := s.Evaluate(likeOf("a", 1, 95))
	if d[0].Times != 1 || jobs[0].Runs != 1 || jobs[0].Fields.Count != 90 {
		t.Errorf("%+v with %d runs; want one, as with milestones one by one", d[0], jobs[0].Runs)
	}
}

func TestCooldownOfViewersWithoutAnID(t *testing.T) {
	r := ruleFor("r", Trigger{Kind: OnFollow})
	r.Cooldown, r.CooldownPer = action.Duration(time.Minute), CooldownViewer
	s := NewSet([]Rule{r}, newClock().options())
	for _, u := range []event.User{{Handle: "pixel_pia"}, {Nickname: "Pia"}, {Nickname: "Tom"}, {ID: "1", Handle: "pixel_pia"}} {
		if _, d := s.Evaluate(event.Follow{User: u}); d[0].Reason != ReasonFired {
			t.Errorf("%+v is taken for another: %+v", u, d[0])
		}
		if _, d := s.Evaluate(event.Follow{User: u}); d[0].Reason != ReasonCooldown {
			t.Errorf("%+v is not known again: %+v", u, d[0])
		}
	}
}

func TestCooldownMemoryIsBounded(t *testing.T) {
	c := newClock()
	var cd cooldown
	for i := range 3 * maxViewers {
		if wait := cd.start(fmt.Sprint(i), c.now, time.Hour); wait != 0 {
			t.Fatalf("viewer %d waits %v", i, wait)
		}
	}
	if len(cd.fired) > maxViewers || len(cd.queue) > maxViewers {
		t.Errorf("%d viewers and %d firings are remembered", len(cd.fired), len(cd.queue))
	}
	if cd.start(fmt.Sprint(3*maxViewers-1), c.now, time.Hour) == 0 {
		t.Error("the newest was forgotten")
	}
	for range 100 { // a clock that jumps about must not fill the queue either
		c.advance(-time.Minute)
		cd.start("0", c.now, time.Hour)
	}
	if len(cd.queue) > maxViewers {
		t.Errorf("%d firings are queued", len(cd.queue))
	}
	c.advance(3 * time.Hour)
	cd.start("late", c.now, time.Hour)
	if len(cd.fired) != 1 || len(cd.queue) != 1 {
		t.Errorf("%d viewers are remembered after their time", len(cd.fired))
	}
	if key := viewerKey(event.User{ID: string(make([]byte, 1<<20))}); len(key) > maxKey {
		t.Errorf("a key of %d bytes is kept", len(key))
	}
}
