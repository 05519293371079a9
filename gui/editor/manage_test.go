package editor

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/hotkey"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/look/looktest"
)

func TestUndoAndRedo(t *testing.T) {
	d := newDesk(t)
	before := names(d.core.profile.Rules)
	for range 60 {
		r := d.core.profile.Rules[0]
		d.page.list.setOff(r, !r.Off)
	}
	d.page.list.move(d.core.profile.Rules[0], 1)
	after := names(d.core.profile.Rules)
	d.page.Undo()
	if got := names(d.core.profile.Rules); !slices.Equal(got, before) {
		t.Errorf("after undo: %v", got)
	}
	d.page.Redo()
	if got := names(d.core.profile.Rules); !slices.Equal(got, after) {
		t.Errorf("after redo: %v", got)
	}
	for range 61 {
		d.page.Undo()
	}
	if len(d.page.past.undo) != 0 || !slices.Equal(names(d.core.profile.Rules), before) || !d.page.list.undo.Disabled() {
		t.Errorf("not all could be undone: %d left", len(d.page.past.undo))
	}
}

func TestDragMovesSeveralPlaces(t *testing.T) {
	d := newDesk(t)
	g := d.row("Rose: a chicken").grip
	g.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(0, 1.9*rowHeight)})
	g.DragEnd()
	if got := names(d.core.profile.Rules); got[2] != "Rose: a chicken" {
		t.Errorf("order = %v", got)
	}
}

func TestSelectionChangesManyInOneStep(t *testing.T) {
	d := newDesk(t)
	before := len(d.core.profile.Rules)
	for _, name := range []string{"Rose: a chicken", "Fireworks"} {
		test.Tap(d.row(name).chosen)
	}
	d.mustShow("2 chosen")
	d.press("Switch off")
	if !d.core.profile.Rules[0].Off || !d.core.profile.Rules[3].Off || d.core.profile.Rules[1].Off {
		t.Errorf("rules %+v", d.core.profile.Rules)
	}
	d.press("Duplicate")
	if len(d.core.profile.Rules) != before+2 {
		t.Errorf("rules %v", names(d.core.profile.Rules))
	}
	d.press("Delete")
	d.press("Delete")
	if len(d.core.profile.Rules) != before || slices.Contains(names(d.core.profile.Rules), "Fireworks") {
		t.Errorf("rules %v", names(d.core.profile.Rules))
	}
	if d.page.list.some.object.Visible() {
		t.Error("rules that are gone are still chosen")
	}
}

func TestGroupsHaveSwitches(t *testing.T) {
	d := newDesk(t)
	d.core.profile.Rules[0].Group = "Chaos"
	d.page.Refresh()
	d.page.list.setGroup("Chaos", true)
	if got := d.core.profile.Groups; len(got) != 1 || got[0] != (profile.Group{Name: "Chaos", Off: true}) {
		t.Errorf("groups %v", got)
	}
	for _, c := range looktest.All[*look.Chip](d.top()) {
		if c.Text() == "Chaos" {
			test.Tap(c)
		}
	}
	if got := d.page.list.shown; !slices.Equal(got, []int{0}) {
		t.Errorf("shown %v", got)
	}
}

func TestFilterByTrigger(t *testing.T) {
	d := newDesk(t)
	d.choose("New follower")
	if got := d.page.list.shown; !slices.Equal(got, []int{2}) {
		t.Errorf("shown %v", got)
	}
}

func TestTemplatesAreGoodRules(t *testing.T) {
	d := newDesk(t)
	d.core.profile.Rules = nil
	d.page.Refresh()
	for _, tt := range templates() {
		d.page.list.addAll(tt)
	}
	if issues := d.core.profile.Check(); len(issues) > 0 || len(d.core.profile.Rules) != 10 {
		t.Errorf("issues %v of %v", issues, names(d.core.profile.Rules))
	}
	d.mustShow("Survival chaos")
}

func TestReadyMadeFillsTheCommandIn(t *testing.T) {
	d := newDesk(t)
	d.page.edit(rule.Rule{ID: "new", Trigger: rule.Trigger{Kind: rule.OnFollow}}, true)
	d.press("Add command")
	c := d.page.form.then.cards[0].command
	openReadyMade(c, "give")
	looktest.All[*look.Entry](d.top())[0].SetText("diamond sword")
	looktest.All[*look.Entry](d.top())[2].SetText("sharpness")
	d.choose("Java before 1.20.5")
	d.press("Insert")
	want := `give @p minecraft:diamond_sword{Enchantments:[{id:"minecraft:sharpness",lvl:1s}]} 1`
	if c.text.Text != want || d.core.profile.RCON[0].Edition != "legacy" {
		t.Errorf("command %s, edition %q", c.text.Text, d.core.profile.RCON[0].Edition)
	}
}

func TestDryRunShowsWhatWouldBeSent(t *testing.T) {
	d := newDesk(t)
	d.page.EditFirst()
	d.press("Try with …")
	looktest.Entry(t, d.top(), "Test viewer").SetText("@pixel_pia")
	d.press("Dry run")
	d.mustShow("tell @a pixel_pia sent 1 x Rose")
	if len(d.core.tested) != 0 {
		t.Error("a dry run did something")
	}
	d.press("Test")
	if len(d.core.tested) != 1 {
		t.Error("it was not tested")
	}
}

func TestLearnTakesTheNextGift(t *testing.T) {
	d := newDesk(t)
	d.press("Add rule")
	rosa := event.GiftInfo{ID: 8913, Name: "Rosa", Coins: 10}
	d.page.Received(rosa)
	if d.page.form.rule.Trigger.GiftID != 0 {
		t.Fatal("it learnt without being asked")
	}
	d.press("Learn from the next gift")
	d.page.Received(rosa)
	d.page.Received(event.GiftInfo{ID: 5655, Name: "Rose", Coins: 1})
	if got := d.page.form.rule.Trigger; got.GiftID != 8913 || got.Gift != "Rosa" {
		t.Errorf("learnt %+v", got)
	}
	d.mustShow("Gift: Rosa (10 coins)")
	d.mustShow("Learn from the next gift")
}

func TestARuleSaysThatItsKeysAreTaken(t *testing.T) {
	d := newDesk(t)
	r := d.core.profile.Rules[0]
	r.Trigger = rule.Trigger{Kind: rule.OnHotkey, Keys: "Ctrl+F9"}
	d.core.profile.Rules[0] = r
	d.page.Refresh()
	d.mustShow("Keys: Ctrl+F9")
	d.core.keys = map[string]hotkey.State{"Ctrl+F9": hotkey.Taken}
	d.page.Refresh()
	d.mustShow("Ctrl+F9: taken by another program")
	d.page.edit(r, false)
	d.mustShow("Another program has taken these keys.")
	looktest.Entry(t, d.top(), "Ctrl+Shift+F1").SetText("Ctrl+F10")
	d.mustShow("It works everywhere")
	looktest.Entry(t, d.top(), "Ctrl+Shift+F1").SetText("k")
	d.mustShow("You need this key to type")
	looktest.Entry(t, d.top(), "Ctrl+Shift+F1").SetText("Ctrl+Foo")
	d.mustShow("LiveCue does not know this key")
}
