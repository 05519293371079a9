package editor

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/livecue/livecue/core/action"
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

func drag(g *grip, far float32) {
	g.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(0, far)})
}

func TestDragShowsWhereTheRowLands(t *testing.T) {
	d := newDesk(t)
	before := names(d.core.profile.Rules)
	g, m := d.row("Rose: a chicken").grip, d.page.list.moving
	drag(g, 1.4*pitch())
	if !m.layer.Visible() || m.name.Text != "Rose: a chicken" || m.to != 1 {
		t.Errorf("shown %v, %q to %d", m.layer.Visible(), m.name.Text, m.to)
	}
	if got, want := m.line.Position().Y, 2*pitch()-10; got < want || got > 2*pitch() {
		t.Errorf("the line is at %v, of rows %v apart", got, pitch())
	}
	if d.win.Canvas().Focused() != g {
		t.Error("Escape would not be heard")
	}
	g.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	drag(g, 3*pitch())
	g.DragEnd()
	if got := names(d.core.profile.Rules); !slices.Equal(got, before) || m.layer.Visible() {
		t.Errorf("given up, and yet: %v", got)
	}
	drag(g, 1.9*pitch())
	g.DragEnd()
	if got := names(d.core.profile.Rules); got[2] != "Rose: a chicken" {
		t.Errorf("order = %v", got)
	}
}

func TestDragScrollsAtTheEdge(t *testing.T) {
	d := newDesk(t)
	first := d.core.profile.Rules[0]
	for range 30 {
		r := first.Clone()
		r.ID, r.Name = newID(), "one of many"
		d.core.profile.Rules = append(d.core.profile.Rules, r)
	}
	d.page.Refresh()
	l := d.page.list
	g := d.row("Rose: a chicken").grip
	drag(g, l.rows.Size().Height)
	for range 1000 {
		l.moving.scrollAtEdge()
	}
	g.DragEnd()
	if last := len(d.core.profile.Rules) - 1; d.core.profile.Rules[last].ID != first.ID {
		t.Errorf("it landed at %d of %d", indexOf(d.core.profile.Rules, first.ID), last)
	}
}

func TestArrowsMoveARule(t *testing.T) {
	d := newDesk(t)
	g := d.row("Rose: a chicken").grip
	d.win.Canvas().Focus(g)
	g.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
	for range 2 {
		focused, ok := d.win.Canvas().Focused().(*grip)
		if !ok {
			t.Fatal("the keyboard is lost")
		}
		focused.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	}
	if got := names(d.core.profile.Rules); got[2] != "Rose: a chicken" {
		t.Errorf("order = %v", got)
	}
	if f := d.win.Canvas().Focused(); f != d.row("Rose: a chicken").grip || !d.row("Rose: a chicken").has(f) {
		t.Error("the keyboard did not stay with the rule")
	}
	d.page.Undo()
	d.page.Undo()
	if got := names(d.core.profile.Rules); got[0] != "Rose: a chicken" {
		t.Errorf("after undo: %v", got)
	}
}

func TestUndoCoversTheSwitchesOfGroups(t *testing.T) {
	d := newDesk(t)
	d.core.profile.Rules[0].Group = "Chaos"
	d.page.Refresh()
	d.page.list.setGroup("Chaos", true)
	if got := d.core.profile.OffGroups(); !slices.Contains(got, "Chaos") {
		t.Fatalf("off: %v", got)
	}
	d.page.Undo()
	if got := d.core.profile.OffGroups(); len(got) > 0 {
		t.Errorf("after undo: %v", got)
	}
	d.page.Redo()
	if got := d.core.profile.OffGroups(); !slices.Contains(got, "Chaos") {
		t.Errorf("after redo: %v", got)
	}
}

func TestUndoBringsInNothingOfAnotherProfile(t *testing.T) {
	d := newDesk(t)
	d.page.list.move(d.core.profile.Rules[0], 1)
	d.core.profile = profile.Profile{Rules: []rule.Rule{d.core.profile.Rules[0]}} // as when another one is opened
	d.page.Undo()
	if len(d.core.profile.Rules) != 1 {
		t.Errorf("rules %v", names(d.core.profile.Rules))
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

func TestDryRunTellsWhatEachKindWouldSend(t *testing.T) {
	f := action.Fields{User: "pixel_pia", Nickname: "Pia {user} <b>", Gift: "Rose", Count: 3, Coins: 2, TotalCoins: 6, Comment: "-rf / bye"}
	tests := []struct {
		spec action.Spec
		want []string
	}{
		{action.Spec{HTTP: &action.HTTP{
			URL: "http://127.0.0.1/g?from={nickname}&token=abc123", Headers: map[string]string{"Authorization": "Bearer abc123", "X-Show": "1"},
			Body: `{"who": "{nickname}", "coins": {coins}}`,
		}}, []string{
			"POST http://127.0.0.1/g?from=Pia+%7Buser%7D+%3Cb%3E&token=HIDDEN", "Authorization: HIDDEN", "Content-Type: application/json",
			"X-Show: 1", `{"who": "Pia {user} \u003cb\u003e", "coins": 2}`,
		}},
		{action.Spec{Program: &action.Program{Path: "/bin/echo", Args: []string{"--token=abc123", "{comment}", "{count} gifts"}}}, []string{
			"/bin/echo", "1: --token=HIDDEN", "2: rf / bye", "3: 3 gifts",
		}},
		{action.Spec{OBS: &action.OBS{Do: action.OBSText, Source: "title", Text: "Hi {nickname}", For: action.Duration(5e9)}}, []string{
			"write a text: title", "“Hi Pia {user} <b>”", "back after 5 s",
		}},
		{action.Spec{OBS: &action.OBS{Do: action.OBSSource, Source: "cam", Scene: "Live", Switch: action.SwitchOff}}, []string{
			"show or hide a source: cam (Live) → off, or hidden",
		}},
		{action.Spec{Overlay: &action.Overlay{Text: "{nickname}: {gift}", Image: "bundled:heart", Sound: "bundled:chime"}}, []string{
			"“Pia {user} <b>: Rose”", "Picture: heart", "♪ chime", "popping up · 5 s",
		}},
		{action.Spec{Speech: &action.Speech{Text: "Thank you, {user}"}}, []string{"“Thank you, pixel pia”"}},
		{action.Spec{Speech: &action.Speech{Text: "🎁"}}, []string{"Nothing is left to say."}},
		{action.Spec{Counter: &action.Counter{Name: "coins", PerCoin: true}}, []string{"coins +6"}},
		{action.Spec{Timer: &action.Timer{Name: "end", Do: action.TimerAdd, Time: action.Duration(1e9), PerCoin: true, Less: true}}, []string{
			"end: take time away 6 s",
		}},
	}
	for _, tt := range tests {
		j := action.Job{Spec: tt.spec, Fields: f, Runs: 1}
		if got := sent(j, profile.Profile{}); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.spec.Kind(), got, tt.want)
		}
	}
}
