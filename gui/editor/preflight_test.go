package editor

import (
	"errors"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/look/looktest"
)

// refused is what a server says of the second rule's command.
func refused(r rule.Rule) app.PreflightReport {
	return app.PreflightReport{IsPractice: true, Results: []app.PreflightResult{
		{RuleID: "x", RuleName: "Gone", Field: "action[0]", Verdict: app.VerdictGood},
		{
			RuleID: r.ID, RuleName: r.Name, Field: "action[0]", Kind: action.KindRCON, Server: "minecraft", Text: "execute run sumon x",
			Verdict: app.VerdictBad, Refusal: "Unknown or incomplete command", At: 12,
		},
	}}
}

func TestACheckMarksWhatDoesNotWork(t *testing.T) {
	d := newDesk(t)
	bad := d.core.profile.Rules[0]
	d.core.found = refused(bad)
	d.press("Check everything")
	for _, want := range []string{
		"1 does not work · 1 is fine", "Rose: a chicken: does not work", "execute run ▸sumon x – minecraft says: Unknown or incomplete command",
		"It knows fewer commands than Minecraft",
	} {
		d.mustShow(want)
	}
	option := looktest.All[*look.Option](d.top())[0]
	test.Tap(option)
	d.mustShow("Edit rule")
	if d.page.form.rule.ID != bad.ID {
		t.Fatalf("opened %q", d.page.form.rule.Name)
	}
	d.mustShow("minecraft says: Unknown or incomplete command")
	looktest.Entry(t, d.top(), "say {nickname} sent {count} x {gift}").SetText("say hi")
	if looktest.Shows(d.top(), "minecraft says") {
		t.Error("what was found is told of another command")
	}
	d.page.form.store()
	if row := d.row("Rose: a chicken"); row.others.Text == "" || looktest.Shows(row, "says") {
		t.Errorf("a rule that was changed is still marked: %q", row.others.Text)
	}
}

func TestAMarkStaysUntilTheRuleIsChanged(t *testing.T) {
	d := newDesk(t)
	d.core.found = refused(d.core.profile.Rules[0])
	d.press("Check everything")
	d.press("Close")
	d.page.Refresh()
	if !looktest.Shows(d.row("Rose: a chicken"), "minecraft says") {
		t.Error("the rule is not marked")
	}
	d.page.list.move(d.core.profile.Rules[0], 1)
	if !looktest.Shows(d.row("Rose: a chicken"), "minecraft says") {
		t.Error("moving it took the mark away")
	}
}

func TestACheckWithoutFindings(t *testing.T) {
	d := newDesk(t)
	d.press("Check everything")
	d.mustShow("No rule that is switched on does anything that can be checked.")
}

func TestAnAlertsFilesAreLookedAt(t *testing.T) {
	d := newDesk(t)
	d.page.edit(rule.Rule{ID: "new", Trigger: rule.Trigger{Kind: rule.OnFollow}, Actions: []action.Spec{{Overlay: &action.Overlay{Text: "x"}}}}, true)
	d.core.alertErr = errors.New("no such file")
	image := looktest.Entry(t, d.page.form.then.cards[0].object, "none")
	image.SetText("/no/such.png")
	d.mustShow("The picture or the sound cannot be used: no such file")
	d.core.alertErr = nil
	image.SetText("")
	if looktest.Shows(d.top(), "cannot be used") {
		t.Error("the error stays")
	}
	choose, ok := image.ActionItem.(fyne.Tappable)
	if !ok {
		t.Fatal("there is nothing to choose from")
	}
	choose.Tapped(&fyne.PointEvent{})
	d.mustShow("heart (bundled)")
}
