package editor

import (
	"slices"
	"testing"
	"time"

	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/look/looktest"
	"github.com/livecue/livecue/gui/words"
)

func TestEveryTriggerAndConditionHasWords(t *testing.T) {
	for _, k := range rule.TriggerKinds() {
		if words.TriggerKind(k) == string(k) {
			t.Errorf("the trigger %s has no words", k)
		}
	}
	for _, k := range rule.ConditionKinds() {
		if words.ConditionKind(k) == string(k) {
			t.Errorf("the condition %s has no words", k)
		}
	}
	for _, r := range rule.Reasons() {
		if words.Reason(rule.Decision{Reason: r}) == string(r) && r != rule.ReasonFired {
			t.Errorf("the reason %s has no words", r)
		}
	}
}

func TestTimerAndMilestones(t *testing.T) {
	d := newDesk(t)
	d.page.EditFirst()
	w := d.page.form.when
	d.choose("Every few minutes")
	looktest.All[*look.Entry](w.fields)[0].SetText("2,5")
	if got := d.page.form.rule.Trigger.Interval.Std(); got != 150*time.Second {
		t.Errorf("2,5 minutes are %v", got)
	}
	d.choose("Goal of coins or gifts")
	d.choose("once, at")
	looktest.All[*look.Entry](w.fields)[0].SetText("500")
	d.choose("of each viewer alone")
	d.press("Save")
	if got := d.core.profile.Rules[0].Trigger; got != (rule.Trigger{Kind: rule.OnGoal, At: 500, Per: rule.PerViewer}) {
		t.Errorf("saved %+v", got)
	}
}

func TestConditions(t *testing.T) {
	d := newDesk(t)
	d.page.EditFirst()
	l := d.page.form.when.conditions
	looktest.All[interface{ OpenAll() }](d.page.form.when.object)[0].OpenAll()
	for _, k := range rule.ConditionKinds() {
		l.add(k)
	}
	d.mustShow("Name at least one viewer.")
	d.mustShow("Add a condition to the group, or remove it.")
	for len(*l.all) > 2 {
		l.remove(2)
	}
	looktest.Entry(t, l.box, "@pixel_pia, @testy_tom").SetText("@pixel_pia , testy_tom,")
	l.add(rule.IfAnyOf)
	inner := l.cards[2].inner
	inner.add(rule.IfChance)
	looktest.All[*look.Entry](inner.box)[0].SetText("120")
	d.mustShow("A chance is over 0 and at most 100 %.")
	looktest.All[*look.Entry](inner.box)[0].SetText("12,5")
	looktest.Choice(t, d.top(), "one of these holds").SetSelected("one of these holds")
	d.press("Save")
	r := d.core.profile.Rules[0]
	if len(r.Conditions) != 3 || r.Match != rule.MatchAny || r.Conditions[0].Role != rule.RoleFollower ||
		!slices.Equal(r.Conditions[1].Viewers, []string{"@pixel_pia", "testy_tom"}) || r.Conditions[2].Conditions[0].Percent != 12.5 {
		t.Errorf("saved %+v", r)
	}
	d.mustShow("3 conditions")
}
