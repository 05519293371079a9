package rule

import (
	"fmt"
	"math"
	"testing"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

func TestLikeMilestones(t *testing.T) {
	type step struct {
		room         string
		added, total int
		reason       Reason
		times, count int
		missing      int
	}
	tests := []struct {
		name  string
		steps []step
	}{
		{"multiples of the number on screen", []step{
			{"a", 5, 250, ReasonBaseline, 0, 0, 50},
			{"a", 5, 299, ReasonLikes, 0, 0, 1},
			{"a", 5, 300, ReasonFired, 1, 300, 0},
			{"a", 5, 300, ReasonLikes, 0, 0, 100},
			{"a", 5, 420, ReasonFired, 1, 400, 0},
		}},
		{"a baseline on a multiple does not fire", []step{
			{"a", 5, 200, ReasonBaseline, 0, 0, 100},
			{"a", 5, 201, ReasonLikes, 0, 0, 99},
		}},
		{"several at once", []step{
			{"a", 5, 50, ReasonBaseline, 0, 0, 50},
			{"a", 5, 399, ReasonFired, 3, 300, 0},
		}},
		{"totals out of order", []step{
			{"a", 5, 90, ReasonBaseline, 0, 0, 10},
			{"a", 5, 105, ReasonFired, 1, 100, 0},
			{"a", 5, 95, ReasonLikes, 0, 0, 95},
			{"a", 5, 110, ReasonLikes, 0, 0, 90},
			{"a", -5, -3, ReasonLikes, 0, 0, 90},
		}},
		{"each room has its own", []step{
			{"a", 5, 90, ReasonBaseline, 0, 0, 10},
			{"b", 5, 1000, ReasonBaseline, 0, 0, 100},
			{"b", 5, 1100, ReasonFired, 1, 1100, 0},
			{"a", 5, 100, ReasonFired, 1, 100, 0},
		}},
		{"without totals", []step{
			{"a", 60, 0, ReasonLikes, 0, 0, 40},
			{"a", 60, 0, ReasonFired, 1, 100, 0},
			{"a", 5, 1990, ReasonBaseline, 0, 0, 10},
			{"a", 15, 0, ReasonFired, 1, 2000, 0},
		}},
		{"overflow", []step{
			{"a", 5, 1, ReasonBaseline, 0, 0, 99},
			{"a", 5, math.MaxInt, ReasonFired, math.MaxInt / 100, math.MaxInt / 100 * 100, 0},
			{"a", math.MaxInt, 0, ReasonLikes, 0, 0, 100 - math.MaxInt%100},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := ruleFor("r", Trigger{Kind: OnLikes, Every: 100})
			r.Actions[0].PerGift = true
			s := NewSet([]Rule{r}, Options{})
			for i, st := range tt.steps {
				jobs, decisions := s.Evaluate(likeOf(st.room, st.added, st.total))
				d := decisions[0]
				if d.Reason != st.reason || d.Times != st.times || d.Missing != st.missing {
					t.Fatalf("step %d: got %+v, want %+v", i, d, st)
				}
				if st.reason != ReasonFired {
					continue
				}
				if j := jobs[0]; j.Fields.Count != st.count || j.Runs != min(st.times, action.MaxRepeat) {
					t.Fatalf("step %d: count %d, runs %d; want %d, %d", i, j.Fields.Count, j.Runs, st.count, st.times)
				}
			}
		})
	}
}

func TestLikeRunsMultiplyRepeat(t *testing.T) {
	r := ruleFor("r", Trigger{Kind: OnLikes, Every: 10})
	r.Actions[0].Repeat = 3
	s := NewSet([]Rule{r}, Options{})
	s.Evaluate(likeOf("a", 1, 5))
	if jobs, _ := s.Evaluate(likeOf("a", 1, 25)); jobs[0].Runs != 6 {
		t.Errorf("%d runs for two milestones of three, want 6", jobs[0].Runs)
	}
}

func TestMilestoneOfASwitchedOffRuleIsNotMadeUpFor(t *testing.T) {
	r := ruleFor("r", Trigger{Kind: OnLikes, Every: 100})
	r.Off = true
	s := NewSet([]Rule{r}, Options{})
	s.Evaluate(likeOf("a", 1, 5))
	if _, d := s.Evaluate(likeOf("a", 1, 150)); d[0].Reason != ReasonOff {
		t.Errorf("got %+v", d[0])
	}
	r.Off = false
	s.Replace([]Rule{r})
	if _, d := s.Evaluate(likeOf("a", 1, 160)); d[0].Reason != ReasonLikes || d[0].Missing != 40 {
		t.Errorf("got %+v", d[0])
	}
}

func TestRoomsAreBounded(t *testing.T) {
	var rs rooms
	for i := range 1000 {
		rs.get(event.Head{Room: fmt.Sprint(i)}).addLikes(1, 10)
		rs.get(event.Head{Room: "held"}).addLikes(1, 10+i)
	}
	if len(rs.all) > maxRooms {
		t.Errorf("%d rooms are remembered, want at most %d", len(rs.all), maxRooms)
	}
	if st := rs.get(event.Head{Room: "held"}).addLikes(1, 2000); st.isBaseline || st.before != 1009 {
		t.Errorf("the room in use was forgotten: %+v", st)
	}
}
