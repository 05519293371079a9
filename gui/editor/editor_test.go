package editor

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/assets"
	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/obs"
	"github.com/livecue/livecue/core/action/speech"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/hotkey"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/look/looktest"
	"github.com/livecue/livecue/gui/words"
)

func TestMain(m *testing.M) {
	for name, value := range map[string]string{"LANGUAGE": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": "en_US.UTF-8"} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	if err := words.Load(assets.Translations()); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// memory is a program that only remembers.
type memory struct {
	profile  profile.Profile
	saveErr  error
	tested   []rule.Rule
	previews []action.Sound
	found    app.PreflightReport
	alertErr error
	obs      obs.Names
	obsErr   error
	keys     map[string]hotkey.State

	voices    []speech.Voice
	voicesErr error
	spoken    []action.Speech
	fields    action.Fields
	path      string
}

func (m *memory) Profile() profile.Profile { return m.profile.Clone() }

func (m *memory) ProfilePath() string { return m.path }

func (m *memory) SetProfile(p profile.Profile) error {
	if m.saveErr != nil {
		return m.saveErr
	}
	if issues := p.Check(); profile.HasErrors(issues) {
		return errors.New(issues[0].Text)
	}
	m.profile = p.Clone()
	return nil
}

func (m *memory) TestRule(r rule.Rule) error {
	m.tested = append(m.tested, r)
	return nil
}

func (m *memory) Preview(_ context.Context, s action.Sound) error {
	m.previews = append(m.previews, s)
	return nil
}

func (m *memory) TestRuleFor(r rule.Rule, _ rule.TestChoice) error { return m.TestRule(r) }

func (m *memory) DryRun(r rule.Rule, choice rule.TestChoice) ([]action.Job, rule.Decision, error) {
	jobs, decision := rule.NewSet(nil, rule.Options{}).Test(r, rule.TestEventFor(r, nil, choice))
	return jobs, decision, nil
}

func (m *memory) Preflight(context.Context) (app.PreflightReport, error) { return m.found, nil }

func (m *memory) CheckOverlay(action.Overlay) error { return m.alertErr }

func (m *memory) OverlayPictures() []string { return []string{"heart", "star"} }

func (m *memory) Fire(string) error { return nil }

func (m *memory) HotkeyState(keys string) (hotkey.State, hotkey.Reach) {
	return m.keys[keys], hotkey.Everywhere
}

func (m *memory) OBSNames(context.Context) (obs.Names, error) { return m.obs, m.obsErr }

func (m *memory) Voices(context.Context) ([]speech.Voice, error) { return m.voices, m.voicesErr }

func (m *memory) PreviewSpeech(_ context.Context, s action.Speech, f action.Fields) error {
	m.spoken, m.fields = append(m.spoken, s), f
	return nil
}

func (m *memory) StopSounds() {}

func (m *memory) Sounds() []string { return []string{"chime", "coin"} }

func (m *memory) Gifts() []event.GiftInfo {
	return []event.GiftInfo{
		{ID: 5655, Name: "Rose", Coins: 1},
		{ID: 8913, Name: "Rosa", Coins: 10},
		{ID: 5660, Name: "Hand Hearts", Coins: 100},
		{ID: 37, Name: "Hand Hearts", Coins: 100},
	}
}

// desk is the page in a window, with what it said.
type desk struct {
	t    *testing.T
	core *memory
	page *Page
	win  fyne.Window
	said []string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	a := test.NewTempApp(t)
	a.Settings().SetTheme(look.NewTheme(look.ModeLight))
	d := &desk{t: t, core: &memory{profile: looktest.ExampleProfile()}, win: test.NewTempWindow(t, nil)}
	say := func(text string) { d.said = append(d.said, text) }
	run := func(work func(context.Context) error, done func(error)) { done(work(context.Background())) }
	d.page = NewPage(d.core, look.Host{Window: d.win, Run: run, Say: say, Warn: say})
	d.win.SetContent(d.page.Object())
	d.win.Resize(fyne.NewSize(1100, 640))
	return d
}

func (d *desk) top() fyne.CanvasObject { return looktest.Top(d.win) }

func (d *desk) press(text string) {
	d.t.Helper()
	looktest.Press(d.t, d.top(), text)
}

func (d *desk) choose(option string) {
	d.t.Helper()
	looktest.Choice(d.t, d.top(), option).SetSelected(option)
}

func (d *desk) mustShow(text string) {
	d.t.Helper()
	if !looktest.Shows(d.top(), text) {
		d.t.Fatalf("%q is not to be seen; there is: %s", text, looktest.Texts(d.top()))
	}
}

func (d *desk) isSaveEnabled() bool { return !looktest.Button(d.t, d.top(), "Save").Disabled() }

// row returns the list's row of a rule.
func (d *desk) row(name string) *row {
	d.t.Helper()
	for _, r := range looktest.All[*row](d.top()) {
		if r.rule.Name == name {
			return r
		}
	}
	d.t.Fatalf("no row %q; there is: %s", name, looktest.Texts(d.top()))
	return nil
}

func names(rules []rule.Rule) []string {
	var all []string
	for _, r := range rules {
		all = append(all, r.Name)
	}
	return all
}

func TestListShowsWhatRulesDo(t *testing.T) {
	d := newDesk(t)
	for _, want := range []string{
		"Rose: a chicken", "Gift: Rose (1 coin)", "for each gift: execute at @p run summon minecraft:chicken ~ ~1 ~", "♪ chime",
		"Any gift from 100 coins", "Every 1\u202f000 likes", "Chat: !zombie",
	} {
		d.mustShow(want)
	}
}

func TestAddRuleThroughEditor(t *testing.T) {
	d := newDesk(t)
	before := len(d.core.profile.Rules)
	d.press("Add rule")
	if d.isSaveEnabled() {
		t.Fatal("an empty rule can be saved")
	}
	d.mustShow("Choose a gift.")

	d.press("Choose a gift …")
	looktest.Entry(t, d.top(), "Search by name or coins").SetText("hand")
	d.mustShow("Hand Hearts (number 37)")
	looktest.All[*widget.List](d.top())[0].Select(1)
	d.mustShow("Gift: Hand Hearts (100 coins)")
	d.mustShow("Add at least one action.")

	d.press("Add command")
	d.mustShow("Type a command for the game server.")
	command := looktest.Entry(t, d.top(), "say {nickname} sent {count} x {gift}")
	test.Type(command, "say thanks ")
	d.press("{nickname:json}")
	if command.Text != "say thanks {nickname:json}" {
		t.Fatalf("command = %q", command.Text)
	}
	d.press("Add sound")
	d.choose("coin (bundled)")
	d.press("Listen")
	if len(d.core.previews) != 1 || d.core.previews[0].File != "bundled:coin" {
		t.Errorf("previews = %v", d.core.previews)
	}
	d.choose("At once, with every gift")
	d.press("Test")
	d.press("Save")

	rules := d.core.profile.Rules
	if len(rules) != before+1 {
		t.Fatalf("%d rules", len(rules))
	}
	r := rules[before]
	if r.ID == "" || r.Name != "Gift: Hand Hearts (100 coins)" || r.Trigger.GiftID != 37 || r.Trigger.Gift != "Hand Hearts" || r.Streak != rule.StreakGrowth {
		t.Errorf("saved %+v", r)
	}
	if len(r.Actions) != 2 || r.Actions[0].RCON == nil || r.Actions[0].RCON.Command != "say thanks {nickname:json}" || !r.Actions[0].PerGift ||
		r.Actions[1].Sound == nil || r.Actions[1].Sound.File != "bundled:coin" {
		t.Errorf("saved actions %+v", r.Actions)
	}
	if len(d.core.tested) != 1 || d.core.tested[0].ID != r.ID {
		t.Errorf("tested %v before it was saved", d.core.tested)
	}
	d.mustShow("Add rule")
}

func TestGiftByNameAlone(t *testing.T) {
	d := newDesk(t)
	d.press("Add rule")
	d.press("Choose a gift …")
	looktest.Entry(t, d.top(), "Search by name or coins").SetText("Brand New Gift")
	d.press("Any gift called Brand New Gift")
	d.mustShow("Gift: Brand New Gift")
	if tr := d.page.form.rule.Trigger; tr.GiftID != 0 || tr.Gift != "Brand New Gift" {
		t.Errorf("trigger = %+v", tr)
	}
}

func TestEachTriggerShowsItsFieldsOnly(t *testing.T) {
	d := newDesk(t)
	d.press("Add rule")
	tests := []struct {
		kind         string
		shows, hides []string
	}{
		{"A certain gift", []string{"Choose a gift …", "If a viewer taps the gift many times in a row"}, []string{"First word", "likes in the stream"}},
		{"Any gift", []string{"The price of one gift counts", "If a viewer taps the gift many times in a row"}, []string{"Choose a gift …"}},
		{"Number of likes", []string{"likes in the stream"}, []string{"If a viewer taps", "Choose a gift …"}},
		{"Chat command", []string{"First word"}, []string{"likes in the stream", "If a viewer taps"}},
		{"New follower", nil, []string{"First word", "If a viewer taps"}},
	}
	for _, tt := range tests {
		d.choose(tt.kind)
		texts := looktest.Texts(d.top())
		for _, want := range append(tt.shows, "Pause after it has fired") {
			if !strings.Contains(texts, want) {
				t.Errorf("%s lacks %q", tt.kind, want)
			}
		}
		for _, not := range tt.hides {
			if strings.Contains(texts, not) {
				t.Errorf("%s shows %q", tt.kind, not)
			}
		}
	}
}

func TestMistakesAreSaidAndKeepFromSaving(t *testing.T) {
	d := newDesk(t)
	d.page.EditFirst()
	if !d.isSaveEnabled() {
		t.Fatal("a good rule cannot be saved")
	}
	d.choose("Chat command")
	word := looktest.Entry(t, d.top(), "!zombie")
	word.SetText("two words")
	d.mustShow("A chat command is one word, without spaces.")
	if d.isSaveEnabled() {
		t.Error("two words can be saved")
	}
	word.SetText("!dance")
	if !d.isSaveEnabled() {
		t.Errorf("a good command cannot be saved: %s", looktest.Texts(d.top()))
	}
	entries := looktest.All[*look.Entry](d.page.form.when.object)
	seconds := entries[len(entries)-2] // the group is below it
	seconds.SetText("soon")
	d.mustShow("A time is a number of seconds")
	if d.isSaveEnabled() {
		t.Error("a pause that is no number can be saved")
	}
	seconds.SetText("1,5")
	if !d.isSaveEnabled() || d.page.form.rule.Cooldown.Std().Milliseconds() != 1500 {
		t.Errorf("1,5 seconds are %v", d.page.form.rule.Cooldown)
	}
}

func TestUnknownPlaceholderWarnsAndStillSaves(t *testing.T) {
	d := newDesk(t)
	d.page.EditFirst()
	command := looktest.All[*look.Entry](d.page.form.then.object)[0]
	command.SetText("say {usr}")
	d.mustShow("{usr} is no placeholder and is sent as it is.")
	if !d.isSaveEnabled() {
		t.Error("a warning keeps from saving")
	}
}

func TestActionsCanBeOrderedRepeatedAndRemoved(t *testing.T) {
	d := newDesk(t)
	d.page.EditFirst()
	f := d.page.form
	f.then.move(2, -1)
	f.then.remove(0)
	f.then.cards[0].repeat.SetText("0")
	d.mustShow("Repeat from 1 to 10\u202f000 times.")
	f.then.cards[0].repeat.SetText("3")
	f.then.cards[0].delay.SetText("2.5")
	d.press("Save")
	actions := d.core.profile.Rules[0].Actions
	if len(actions) != 2 || actions[0].Sound == nil || actions[0].Repeat != 3 || actions[0].Delay.Std().Milliseconds() != 2500 || actions[1].RCON == nil {
		t.Errorf("saved %+v", actions)
	}
}

func TestSoundFileAndVolume(t *testing.T) {
	d := newDesk(t)
	d.page.EditFirst()
	s := d.page.form.then.cards[2].sound
	s.choose("/home/pia/sounds/big boom.mp3")
	s.volume.SetValue(40)
	d.mustShow("40 %")
	if s.choice.Selected != "big boom" {
		t.Errorf("chosen = %q", s.choice.Selected)
	}
	d.press("Save")
	if got := d.core.profile.Rules[0].Actions[2].Sound; got.File != "/home/pia/sounds/big boom.mp3" || got.Volume != 40 {
		t.Errorf("saved %+v", got)
	}
}

func TestServerChoiceOnlyWhereThereIsOne(t *testing.T) {
	d := newDesk(t)
	d.page.EditFirst()
	if d.page.form.then.cards[0].command.server != nil {
		t.Error("one server is no choice")
	}
	d.page.showList()
	d.core.profile.RCON = append(d.core.profile.RCON, profile.Server{Name: "creative", Address: "127.0.0.1:25576"})
	d.page.EditFirst()
	d.page.form.then.cards[0].command.server.SetSelected("creative")
	d.press("Save")
	if got := d.core.profile.Rules[0].Actions[0].RCON.Server; got != "creative" {
		t.Errorf("server = %q", got)
	}
}

func TestLeaveAsksForUnsavedChanges(t *testing.T) {
	d := newDesk(t)
	d.page.EditFirst()
	left := 0
	d.page.Leave(func() { left++ })
	if left != 1 || d.page.form != nil {
		t.Fatal("without changes it must not ask")
	}
	d.page.EditFirst()
	d.page.form.name.SetText("Another name")
	d.page.Leave(func() { left++ })
	d.mustShow("The rule Another name is not saved.")
	d.press("Keep editing")
	if left != 1 || d.page.form == nil {
		t.Fatal("it left although the user stays")
	}
	d.page.Leave(func() { left++ })
	d.press("Discard")
	if left != 2 || d.page.form != nil || d.core.profile.Rules[0].Name != "Rose: a chicken" {
		t.Fatal("it did not leave")
	}
}

func TestListSwitchesTestsAndMoves(t *testing.T) {
	d := newDesk(t)
	test.Tap(d.row("Rose: a chicken").on)
	if !d.core.profile.Rules[0].Off {
		t.Error("it is not switched off")
	}
	test.Tap(d.row("Follow: a cookie").test)
	if len(d.core.tested) != 1 || d.core.tested[0].ID != "follow" {
		t.Errorf("tested %v", names(d.core.tested))
	}
	test.Tap(d.row("Rose: a chicken").down)
	if got := names(d.core.profile.Rules)[:2]; !slices.Equal(got, []string{"Big gift: diamonds", "Rose: a chicken"}) {
		t.Errorf("order = %v", got)
	}
	if !d.row("Big gift: diamonds").up.Disabled() {
		t.Error("the first can go up")
	}
	test.Tap(d.row("Rose: a chicken").up)
	if got := d.core.profile.Rules[0].Name; got != "Rose: a chicken" {
		t.Errorf("first = %q", got)
	}
}

func TestListDuplicatesAndDeletes(t *testing.T) {
	d := newDesk(t)
	before := len(d.core.profile.Rules)
	d.page.list.duplicate(d.core.profile.Rules[0])
	rules := d.core.profile.Rules
	if len(rules) != before+1 || rules[1].Name != "Rose: a chicken (copy)" || rules[1].ID == rules[0].ID || len(rules[1].Actions) != len(rules[0].Actions) {
		t.Fatalf("rules = %v", names(rules))
	}
	d.page.list.askDelete(rules[1])
	d.press("Keep")
	if len(d.core.profile.Rules) != before+1 {
		t.Fatal("deleted although the user keeps it")
	}
	d.page.list.askDelete(rules[1])
	d.press("Delete")
	if len(d.core.profile.Rules) != before || slices.Contains(names(d.core.profile.Rules), "Rose: a chicken (copy)") {
		t.Errorf("rules = %v", names(d.core.profile.Rules))
	}
}

func TestMenuOpens(t *testing.T) {
	d := newDesk(t)
	test.Tap(d.row("Rose: a chicken").extra)
	for _, want := range []string{"Edit", "Duplicate", "Delete"} {
		d.mustShow(want)
	}
}

func TestSearch(t *testing.T) {
	d := newDesk(t)
	tests := map[string]int{"": 7, "ROSE": 1, "zombie": 1, "minecraft:cookie": 1, "100 coins": 1, "nothing like it": 0}
	for text, want := range tests {
		d.page.list.search.SetText(text)
		if got := len(d.page.list.shown); got != want {
			t.Errorf("%q finds %d rules, want %d", text, got, want)
		}
	}
	d.page.list.search.SetText("nothing like it")
	d.mustShow("No rule has that in its name, gift or command.")
	d.page.list.search.SetText("rose")
	if r := d.row("Rose: a chicken"); !r.up.Disabled() || !r.down.Disabled() {
		t.Error("a rule can be moved past those that the search hides")
	}
}

func TestSaveThatFailsKeepsTheForm(t *testing.T) {
	d := newDesk(t)
	d.page.EditFirst()
	d.page.form.name.SetText("Another name")
	d.core.saveErr = errors.New("disk full")
	d.press("Save")
	if d.page.form == nil || len(d.said) != 1 || d.said[0] != "disk full" {
		t.Errorf("form = %v, said %q", d.page.form, d.said)
	}
}

// A rule as the window makes it must be one that the profile takes, whatever was typed.
func FuzzFormOnlySavesWhatTheProfileTakes(f *testing.F) {
	f.Add("Zombie", "!zombie", "say hi", "1", "0.5")
	f.Add("", "a b", "\n/\n", "-3", "1e99")
	f.Fuzz(func(t *testing.T, name, word, command, repeat, delay string) {
		r := rule.Rule{
			ID: "x", Name: name, Trigger: rule.Trigger{Kind: rule.OnCommand, Command: word}, Cooldown: parseSeconds(delay),
			Actions: []action.Spec{{Repeat: parseNumber(repeat), Delay: parseSeconds(delay), RCON: &action.RCON{Command: command}}},
		}
		if r.Cooldown < -1 || r.Actions[0].Delay > action.MaxDelay {
			t.Fatalf("%q became %v", delay, r.Cooldown)
		}
		p := looktest.ExampleProfile()
		for _, i := range p.CheckRule(r) {
			if i.Severity == profile.SeverityError && words.Issue(i) == "" {
				t.Fatalf("%+v has no words", i)
			}
		}
	})
}

func TestHowARuleWaits(t *testing.T) {
	d := newDesk(t)
	d.page.edit(d.core.profile.Rules[0], false)
	accordion := looktest.All[*widget.Accordion](d.top())[1] // below the conditions
	if accordion.Items[0].Open {
		t.Error("it is unfolded although the rule says nothing of it")
	}
	accordion.OpenAll()
	d.mustShow("Give up after")
	d.choose("High: before all others")
	d.choose("2 min")
	d.press("Save")
	r := d.core.profile.Rules[0]
	if r.Priority != rule.PriorityHigh || r.MaxWait != duration(2*time.Minute) {
		t.Fatalf("saved %q, %v", r.Priority, r.MaxWait)
	}
	d.mustShow("Gift: Rose (1 coin) · high priority")

	d.core.profile.Queue.MaxWait = duration(5 * time.Minute)
	d.page.edit(r, false)
	if accordion := looktest.All[*widget.Accordion](d.top())[1]; !accordion.Items[0].Open {
		t.Error("what the rule says is folded up")
	}
	d.choose("Normal")
	d.choose("As in the settings (5 min)")
	d.press("Save")
	if r := d.core.profile.Rules[0]; r.Priority != "" || r.MaxWait != 0 {
		t.Errorf("the usual is saved as %q, %v", r.Priority, r.MaxWait)
	}
	d.page.list.search.SetText("high prio")
	if n := len(d.page.list.shown); n != 0 {
		t.Errorf("%d rules are found as urgent", n)
	}
}

// What a file says and no choice offers is shown, and stays.
func TestOddWaitIsShown(t *testing.T) {
	d := newDesk(t)
	d.core.profile.Rules[0].MaxWait = duration(90 * time.Second)
	d.page.EditFirst()
	choice := looktest.Choice(t, d.top(), "90 s")
	if choice.Selected != "90 s" || d.page.form.isChanged() {
		t.Errorf("shown as %q", choice.Selected)
	}
}
