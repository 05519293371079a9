package faults

import (
	"strings"
	"testing"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
)

// TestOnceAStreamIsOnceHoweverOftenTheProgramIsKilled kills the program while viewers send gifts. What a rule does once in a
// stream, once for each viewer, or at a goal, it does once.
func TestOnceAStreamIsOnceHoweverOftenTheProgramIsKilled(t *testing.T) {
	t.Parallel()
	s := newStage(t, evening, unhurried)
	fire := func(id string, trigger rule.Trigger, text string, conditions ...rule.Condition) rule.Rule {
		return rule.Rule{
			ID: id, Name: id, Trigger: trigger, Conditions: conditions, Actions: []action.Spec{{RCON: &action.RCON{Command: text}}},
		}
	}
	p := s.profile(s.live.Addr())
	p.Rules = append(p.Rules,
		fire("viewer", rule.Trigger{Kind: rule.OnAnyGift}, "once viewer {user}", rule.Condition{Kind: rule.IfOnce}),
		fire("stream", rule.Trigger{Kind: rule.OnAnyGift}, "once stream", rule.Condition{Kind: rule.IfOnce, Per: rule.PerStream}),
		fire("first", rule.Trigger{Kind: rule.OnFirst, Activity: "gift"}, "once first {user}"),
		fire("goal", rule.Trigger{Kind: rule.OnGoal, Every: 50}, "once goal {count}"))
	if err := profile.Save(s.path("profile.toml"), p); err != nil {
		t.Fatal(err)
	}
	for range kills() {
		life := s.start(t)
		s.works(t)
		life.kill(t)
	}
	life := s.start(t)
	s.live.LastLap()
	s.eventually(t, "all has been delivered", func() bool { return s.isOver() && s.live.Totals().Pending == 0 })
	s.endWhenDone(t, life)
	s.endGame()
	s.checkOnce(t)
}

// checkOnce holds what the game has received against the ledger. A run whose answer never came may be missing.
func (s *stage) checkOnce(t *testing.T) {
	t.Helper()
	unsure := 0
	for _, n := range s.unknown(t) {
		unsure += n
	}
	viewers := map[string]bool{}
	for _, streak := range s.live.Ledger().Streaks {
		viewers[streak.Handle] = true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found := map[string]int{}
	for text, n := range s.received {
		if kind, isOnce := strings.CutPrefix(text, "once "); isOnce {
			kind, _, _ = strings.Cut(kind, " ")
			found[kind] += n
			if n != 1 && kind != "goal" { // one gift may pass several goals
				t.Errorf("%q came %d times", text, n)
			}
		}
	}
	goals := s.live.Ledger().Coins / 50
	for kind, want := range map[string]int{"viewer": len(viewers), "first": len(viewers), "stream": 1, "goal": goals} {
		if found[kind] > want || found[kind] < want-unsure || want == 0 {
			t.Errorf("%s: %d, want %d, less at most %d", kind, found[kind], want, unsure)
		}
	}
	t.Logf("%d viewers, %d goals, %d runs unsure: %v", len(viewers), goals, unsure, found)
}
