package editor

import (
	"errors"
	"runtime"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/obs"
	"github.com/livecue/livecue/core/action/speech"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/look/looktest"
	"github.com/livecue/livecue/gui/words"
)

// option chooses one of the things that a dialog offers.
func (d *desk) option(title string) {
	d.t.Helper()
	for _, o := range looktest.All[*look.Option](d.top()) {
		if o.Title() == title {
			test.Tap(o)
			return
		}
	}
	d.t.Fatalf("no option %q; there is: %s", title, looktest.Texts(d.top()))
}

// addKind opens the form with a good rule and adds an action of a kind to it.
func (d *desk) addKind(k action.Kind) *card {
	d.t.Helper()
	d.page.EditFirst()
	d.press("More …")
	d.option(words.ActionKind(k))
	cards := d.page.form.then.cards
	return cards[len(cards)-1]
}

// saved stores the form and returns the last action of its rule.
func (d *desk) saved() action.Spec {
	d.t.Helper()
	d.press("Save")
	actions := d.core.profile.Rules[0].Actions
	return actions[len(actions)-1]
}

func TestEveryKindIsOfferedOnce(t *testing.T) {
	var offered []action.Kind
	for _, g := range kindGroups() {
		offered = append(offered, g.kinds...)
	}
	all := action.Kinds()
	slices.Sort(offered)
	slices.Sort(all)
	if !slices.Equal(offered, all) {
		t.Errorf("offered are %v, there are %v", offered, all)
	}
	for _, k := range all {
		if words.ActionHint(k) == "" || words.ActionKind(k) == string(k) {
			t.Errorf("%s has no words", k)
		}
	}
}

func TestOverlayCard(t *testing.T) {
	d := newDesk(t)
	c := d.addKind(action.KindOverlay)
	d.mustShow("Type a text, or choose a picture or a sound.")
	if d.isSaveEnabled() {
		t.Error("an empty alert can be saved")
	}
	looktest.Entry(t, c.object, "{nickname} sent {count} x {gift}").SetText("Thanks {nickname}")
	looktest.Choice(t, c.object, "shaking").SetSelected("shaking")
	looktest.Entry(t, c.object, "5").SetText("900")
	d.mustShow("A time is a number of seconds from 0 to 600.")
	looktest.Entry(t, c.object, "5").SetText("2.5")
	if got := *d.saved().Overlay; got != (action.Overlay{Text: "Thanks {nickname}", Animation: "shake", For: duration(2500 * time.Millisecond)}) {
		t.Errorf("saved %+v", got)
	}
}

func TestOBSCardAsksForWhatItNeeds(t *testing.T) {
	d := newDesk(t)
	d.core.obs = obs.Names{Scenes: []string{"Gameplay"}, Filters: map[string][]string{"Camera": {"Blur"}}}
	c := d.addKind(action.KindOBS)
	d.mustShow("Name a scene, as OBS has it.")
	looktest.Choice(t, c.object, "switch a filter").SetSelected("switch a filter")
	d.mustShow("Name a source, as OBS has it.")
	d.press("Ask OBS for its names")
	c = d.page.form.then.cards[len(d.page.form.then.cards)-1]
	entries := looktest.All[*look.Entry](c.object)
	if entries[0].ActionItem == nil {
		t.Error("the names of OBS cannot be chosen")
	}
	entries[0].SetText("Camera")
	d.mustShow("Name a filter of that source.")
	entries[1].SetText("Blur")
	if got := *d.saved().OBS; got.Do != action.OBSFilter || got.Source != "Camera" || got.Filter != "Blur" || got.Switch != "" {
		t.Errorf("saved %+v", got)
	}
}

func TestOBSThatIsNotThereIsSaid(t *testing.T) {
	d := newDesk(t)
	d.core.obsErr = errors.New("no OBS")
	d.addKind(action.KindOBS)
	d.press("Ask OBS for its names")
	if len(d.said) != 1 {
		t.Errorf("said %q", d.said)
	}
}

func TestSpeechCardChoosesAVoiceAndIsHeard(t *testing.T) {
	d := newDesk(t)
	d.core.voices = []speech.Voice{{ID: "gmw/de", Name: "German", Language: "de"}, {ID: "gmw/en-US", Name: "English (America)", Language: "en-us"}}
	c := d.addKind(action.KindSpeech)
	looktest.Entry(t, c.object, "Thank you, {nickname}!").SetText("Hello {nickname}")
	voice := looktest.Choice(t, c.object, "English (America) · en-us")
	if voice.Options[0] != "as in the settings" || voice.Options[1] != "English (America) · en-us" {
		t.Errorf("one's own language is not the first: %q", voice.Options)
	}
	voice.SetSelected("German · de")
	looktest.Press(t, c.object, "Listen")
	if len(d.core.spoken) != 1 || d.core.spoken[0] != (action.Speech{Text: "Hello {nickname}", Voice: "gmw/de"}) || d.core.fields.Nickname == "" {
		t.Errorf("heard %+v with %+v", d.core.spoken, d.core.fields)
	}
	voice.SetSelected("as in the settings")
	if got := *d.saved().Speech; got != (action.Speech{Text: "Hello {nickname}"}) {
		t.Errorf("saved %+v", got)
	}
}

func TestSpeechWithoutVoicesSaysWhatToInstall(t *testing.T) {
	d := newDesk(t)
	d.core.voicesErr = speech.ErrNoProgram
	d.addKind(action.KindSpeech)
	d.mustShow(words.NoSpeech(runtime.GOOS))
}

func TestCounterAndTimerCards(t *testing.T) {
	d := newDesk(t)
	c := d.addKind(action.KindCounter)
	d.mustShow("Give it a name, such as deaths.")
	entries := looktest.All[*look.Entry](c.object)
	entries[0].SetText("deaths")
	looktest.Entry(t, c.object, "1").SetText("many")
	d.mustShow("Type a whole number.")
	looktest.Entry(t, c.object, "1").SetText("-2")
	if got := *d.saved().Counter; got.Name != "deaths" || got.Amount != -2 || got.Set {
		t.Errorf("saved %+v", got)
	}

	c = d.addKind(action.KindTimer)
	looktest.Choice(t, c.object, "take time away").SetSelected("take time away")
	c = d.page.form.then.cards[len(d.page.form.then.cards)-1]
	entries = looktest.All[*look.Entry](c.object)
	entries[0].SetText("subathon")
	d.mustShow("Type how many seconds.")
	entries[1].SetText("30")
	if got := *d.saved().Timer; got.Name != "subathon" || got.Do != action.TimerAdd || !got.Less || got.Time.Std() != 30*time.Second {
		t.Errorf("saved %+v", got)
	}
}

func TestSpeechRunWebAndProgramCards(t *testing.T) {
	d := newDesk(t)
	c := d.addKind(action.KindSpeech)
	d.mustShow("Type what is to be said.")
	looktest.Entry(t, c.object, "Thank you, {nickname}!").SetText("Hello {nickname}")
	looktest.Entry(t, c.object, "as in the settings").SetText("20")
	d.mustShow("The speed is from 50 to 300 %.")
	looktest.Entry(t, c.object, "as in the settings").SetText("120")
	if got := *d.saved().Speech; got.Text != "Hello {nickname}" || got.Rate != 120 {
		t.Errorf("saved %+v", got)
	}

	c = d.addKind(action.KindRun)
	d.mustShow("Choose a rule.")
	looktest.Choice(t, c.object, "Fireworks").SetSelected("Fireworks")
	if got := d.saved().Run.Rule; got != "likes" {
		t.Errorf("runs %q", got)
	}

	c = d.addKind(action.KindHTTP)
	d.mustShow("This sends what you enter")
	address := looktest.Entry(t, c.object, "https://example.com/gift?from={user}")
	address.SetText("lamp.local")
	d.mustShow("An address begins with https:// or http://")
	address.SetText("http://lamp.local/on")
	looktest.Entry(t, c.object, "Authorization: Bearer …").SetText("X-Key: abc\n")
	if got := *d.saved().HTTP; got.URL != "http://lamp.local/on" || got.Headers["X-Key"] != "abc" {
		t.Errorf("saved %+v", got)
	}

	d.addKind(action.KindProgram)
	d.mustShow("This starts a program on your computer")
	d.press("Add argument")
	c = d.page.form.then.cards[len(d.page.form.then.cards)-1]
	entries := looktest.All[*look.Entry](c.object)
	entries[0].SetText("/usr/bin/lamp")
	entries[1].SetText("--name={nickname}")
	d.mustShow("What a viewer wrote must be an argument of its own.")
	entries[1].SetText("{nickname}")
	if got := *d.saved().Program; got.Path != "/usr/bin/lamp" || !slices.Equal(got.Args, []string{"{nickname}"}) {
		t.Errorf("saved %+v", got)
	}
}

func TestPoolHasListsOfItsOwn(t *testing.T) {
	d := newDesk(t)
	c := d.addKind(action.KindPool)
	lists := c.pool.lists
	lists[0].add(newSpec(d.page.form, action.KindRCON))
	d.mustShow("Type a command for the game server.")
	looktest.All[*look.Entry](lists[0].cards[0].object)[0].SetText("say one")
	lists[1].add(newSpec(d.page.form, action.KindSound))
	weights := looktest.All[*look.Entry](c.pool.box)
	weights[0].SetText("0")
	d.mustShow("Type a whole number.")
	weights[0].SetText("3")
	got := *d.saved().Pool
	if len(got.Choices) != 2 || got.Choices[0].Weight != 3 || got.Choices[0].Actions[0].RCON.Command != "say one" || got.Choices[1].Actions[0].Sound == nil {
		t.Errorf("saved %+v", got)
	}

	deep := action.Spec{Pool: &action.Pool{Choices: []action.Choice{{Actions: []action.Spec{
		{Pool: &action.Pool{Choices: []action.Choice{{Actions: []action.Spec{{RCON: &action.RCON{Command: "say deep"}}}}}}},
	}}}}}
	d.core.profile.Rules[0].Actions = []action.Spec{deep}
	d.page.EditFirst()
	d.mustShow("A choice inside a choice, from the file.")
	d.page.form.name.SetText("Still deep")
	if got := d.saved(); got.Pool.Choices[0].Actions[0].Pool.Choices[0].Actions[0].RCON.Command != "say deep" {
		t.Errorf("kept %+v", got)
	}
}
