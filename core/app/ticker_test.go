package app

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/rule"
)

func timerRule(id string, interval time.Duration) rule.Rule {
	return rule.Rule{
		ID: id, Name: id, Trigger: rule.Trigger{Kind: rule.OnTimer, Interval: action.Duration(interval)},
		Actions: []action.Spec{{Sound: &action.Sound{File: "bundled:chime"}}},
	}
}

func TestTimersTickWhileLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := &event.Bus{}
		rules := rule.NewSet([]rule.Rule{timerRule("slow", 10*time.Minute), timerRule("fast", 4*time.Minute)}, rule.Options{})
		tick := newTicker(rules, bus)
		begin := time.Now()
		type cue struct {
			at time.Duration
			id string
		}
		var got []cue
		event.On(bus, func(e event.Event) {
			jobs, _ := rules.Evaluate(e)
			for _, j := range jobs {
				got = append(got, cue{time.Since(begin), j.RuleID})
			}
		})
		event.On(bus, tick.follow)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- tick.run(ctx) }()
		after := func(d time.Duration, events ...event.Event) {
			time.Sleep(d)
			synctest.Wait()
			for _, e := range events {
				bus.Emit(e)
			}
		}
		after(time.Hour, event.Connected{})        // nothing before
		after(9*time.Minute, event.Reconnecting{}) // 4, 8
		after(2*time.Minute, event.Reconnected{})  // 10: what is being looked for is live
		after(2*time.Minute, event.LiveEnded{})    // 12
		after(time.Hour, event.Connected{})
		after(5*time.Minute, event.Disconnected{}) // 4 after it
		after(time.Hour)
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("run returned %v", err)
		}
		second := 2*time.Hour + 13*time.Minute
		want := []cue{
			{time.Hour + 4*time.Minute, "fast"},
			{time.Hour + 8*time.Minute, "fast"},
			{time.Hour + 10*time.Minute, "slow"},
			{time.Hour + 12*time.Minute, "fast"},
			{second + 4*time.Minute, "fast"},
		}
		if !slices.Equal(got, want) {
			t.Errorf("got  %v\nwant %v", got, want)
		}
	})
}

func TestTheTickerHearsOfNewRules(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := &event.Bus{}
		rules := rule.NewSet(nil, rule.Options{})
		tick := newTicker(rules, bus)
		var cues []event.Cue
		event.On(bus, func(c event.Cue) { cues = append(cues, c) })
		rules.Evaluate(event.Connected{})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- tick.run(ctx) }()
		time.Sleep(time.Hour)
		rules.Replace([]rule.Rule{timerRule("late", time.Minute)})
		tick.nudge()
		time.Sleep(90 * time.Second)
		synctest.Wait()
		cancel()
		<-ended //nolint:errcheck // it ends as it is told to
		if len(cues) != 1 || cues[0].RuleID != "late" || cues[0].By != event.CueTimer {
			t.Errorf("got %+v", cues)
		}
	})
}

func TestFireAndDryRun(t *testing.T) {
	a := start(t, Options{})
	p := a.Profile()
	button := timerRule("button", 0)
	button.Trigger = rule.Trigger{Kind: rule.OnButton}
	paused := button.Clone()
	paused.ID, paused.Conditions = "paused", []rule.Condition{{Kind: rule.IfLanePaused, Lane: soundLane}}
	p.Rules = []rule.Rule{button, paused, timerRule("timer", time.Minute)}
	if err := a.SetProfile(p); err != nil {
		t.Fatal(err)
	}
	a.PauseLane(soundLane)
	for id, want := range map[string]error{"button": nil, "paused": nil, "timer": rule.ErrNotManual, "none": rule.ErrNoRule} {
		if err := a.Fire(id); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", id, err, want)
		}
	}
	waiting, err := a.Waiting(t.Context(), soundLane, 10)
	if err != nil || len(waiting) != 2 {
		t.Fatalf("%d jobs wait, %v; want those of two buttons", len(waiting), err)
	}
	jobs, d, err := a.DryRun(button, rule.TestChoice{})
	if err != nil || len(jobs) != 1 || d.Reason != rule.ReasonFired {
		t.Errorf("a dry run: %d jobs, %+v, %v", len(jobs), d, err)
	}
	if err := a.TestRuleFor(button, rule.TestChoice{}); err != nil {
		t.Error(err)
	}
	if again, err := a.Waiting(t.Context(), soundLane, 10); err != nil || len(again) != 3 {
		t.Errorf("%d jobs wait, %v; want the test's too, and not the dry run's", len(again), err)
	}
	if _, _, err := a.DryRun(rule.Rule{}, rule.TestChoice{}); err == nil {
		t.Error("a dry run of a broken rule")
	}
	if jobs, ds := a.Explain(event.Cue{By: event.CueButton, RuleID: "button"}); len(jobs) != 1 || len(ds) != 3 {
		t.Errorf("explained with %d jobs and %d decisions", len(jobs), len(ds))
	}
}

func TestAConditionAsksForACounter(t *testing.T) {
	a := start(t, Options{})
	r := timerRule("lives", 0)
	r.Trigger = rule.Trigger{Kind: rule.OnButton}
	r.Conditions = []rule.Condition{{Kind: rule.IfCounter, Counter: "deaths", Is: rule.IsAbove, Value: 2}}
	p := a.Profile()
	p.Rules = []rule.Rule{r}
	if err := a.SetProfile(p); err != nil {
		t.Fatal(err)
	}
	for deaths, want := range map[int64]rule.Reason{2: rule.ReasonCondition, 3: rule.ReasonFired} {
		if err := a.board.SetCounter("deaths", deaths); err != nil {
			t.Fatal(err)
		}
		if _, ds := a.Explain(event.Cue{By: event.CueButton, RuleID: "lives"}); len(ds) != 1 || ds[0].Reason != want {
			t.Errorf("with %d deaths: %+v, want %s", deaths, ds, want)
		}
	}
}
