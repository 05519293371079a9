package library

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
)

// previewed is a preview of the profile as it was exported.
func previewed(t *testing.T, p profile.Profile) *Preview {
	t.Helper()
	data, _ := export(t, p)
	v, err := PreviewImport(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func kinds(changes []Change) []string {
	var all []string
	for _, c := range changes {
		all = append(all, strings.TrimSuffix(string(c.Kind)+":"+c.Rule, ":"))
	}
	return all
}

func TestAddKeepsWhatIsThere(t *testing.T) {
	l := fixture(t)
	mine := profile.Default()
	mine.TikTok.Handle = "testy_tom"
	mine.Rules = append(mine.Rules, rule.Rule{ID: "game", Name: "Mine", Trigger: rule.Trigger{Kind: rule.OnFollow}, Actions: mine.Rules[0].Actions})
	v := previewed(t, travelling(t))
	var got profile.Profile
	changes, err := l.Add(mine, v, Choices{HasSecret: func(string) bool { return false }}, func(p profile.Profile) error { got = p; return nil })
	if err != nil {
		t.Fatal(err)
	}
	if issues := got.Check(); profile.HasErrors(issues) {
		t.Errorf("it cannot be saved: %+v", issues)
	}
	if !reflect.DeepEqual(got.TikTok, mine.TikTok) || len(got.Rules) != len(mine.Rules)+len(v.Profile.Rules) {
		t.Errorf("got %+v", got)
	}
	if want := []profile.Server{mine.RCON[0], {Name: "other", Address: "127.0.0.1:2"}}; !reflect.DeepEqual(got.RCON, want) {
		t.Errorf("servers: %+v", got.RCON)
	}
	for _, want := range []string{"target", "new_server", "off:Web", "off:Program", "off:Caller", "file:Sounds"} {
		if !slices.Contains(kinds(changes), want) {
			t.Errorf("%q is not told: %q", want, kinds(changes))
		}
	}
	game := got.Rules[slices.IndexFunc(got.Rules, func(r rule.Rule) bool { return r.Name == "Game" })]
	if game.ID != "game-2" {
		t.Errorf("a rule whose id was taken is called %q", game.ID)
	}
	sound := got.Rules[slices.IndexFunc(got.Rules, func(r rule.Rule) bool { return r.Name == "Sounds" })].Actions[0].Sound.File
	if data, err := os.ReadFile(sound); err != nil || string(data) != wave {
		t.Errorf("%s: %v", sound, err)
	}
	if rules, planned, err := l.PlanAdd(mine, v, Choices{HasSecret: func(string) bool { return false }}); err != nil || len(rules) != 5 || !slices.Equal(kinds(planned), kinds(changes)) {
		t.Errorf("planned: %d rules, %q, %v", len(rules), kinds(planned), err)
	}
}

func TestAddThatFailsLeavesNothing(t *testing.T) {
	l := fixture(t)
	full := errors.New("the disk is full")
	if _, err := l.Add(profile.Default(), previewed(t, travelling(t)), Choices{}, func(profile.Profile) error { return full }); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
	left, err := filepath.Glob(filepath.Join(l.data, "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left: %q, %v", left, err)
	}
}

func TestAddLeavesBrokenRulesOut(t *testing.T) {
	p := profile.Profile{Name: "Half", Rules: []rule.Rule{
		{ID: "runs", Name: "Runs", Trigger: rule.Trigger{Kind: rule.OnFollow}, Actions: []action.Spec{{Run: &action.Run{Rule: "bad"}}}},
		{ID: "bad", Name: "Bad", Trigger: rule.Trigger{Kind: rule.OnCommand}, Actions: []action.Spec{{Sound: &action.Sound{File: "bundled:chime"}}}},
		{ID: "good", Name: "Good", Trigger: rule.Trigger{Kind: rule.OnShare}, Actions: []action.Spec{{Sound: &action.Sound{File: "bundled:chime"}}}},
	}}
	rules, changes, err := fixture(t).PlanAdd(profile.Default(), previewed(t, p), Choices{})
	if err != nil || len(rules) != 1 || rules[0].ID != "good" || !slices.Equal(kinds(changes), []string{"lost:Bad", "lost:Runs"}) {
		t.Errorf("got %+v, %q, %v", rules, kinds(changes), err)
	}
}

func TestAddLetsRulesRunEachOther(t *testing.T) {
	p := profile.Profile{Rules: []rule.Rule{
		{ID: "a", Name: "A", Trigger: rule.Trigger{Kind: rule.OnFollow}, Actions: []action.Spec{{Run: &action.Run{Rule: "b"}}}},
		{ID: "b", Name: "B", Trigger: rule.Trigger{Kind: rule.OnButton}, Actions: []action.Spec{{Sound: &action.Sound{File: "bundled:chime"}}}},
	}}
	mine := profile.Profile{Rules: []rule.Rule{{ID: "b", Name: "My own", Trigger: rule.Trigger{Kind: rule.OnButton}, Actions: p.Rules[1].Actions}}}
	rules, _, err := fixture(t).PlanAdd(mine, previewed(t, p), Choices{})
	if err != nil || len(rules) != 2 || rules[1].ID == "b" || rules[0].Actions[0].Run.Rule != rules[1].ID {
		t.Errorf("got %+v, %v", rules, err)
	}
}

func TestCollisions(t *testing.T) {
	rose := rule.Trigger{Kind: rule.OnGift, GiftID: 5655, Gift: "Rose"}
	mine := []rule.Rule{{Name: "Mine", Trigger: rose}, {Name: "Off", Trigger: rule.Trigger{Kind: rule.OnShare}, Off: true}, {Name: "Button", Trigger: rule.Trigger{Kind: rule.OnButton}}}
	added := []rule.Rule{
		{Name: "Same gift", Trigger: rule.Trigger{Kind: rule.OnGift, GiftID: 5655, Gift: "La rose"}},
		{Name: " mine ", Trigger: rule.Trigger{Kind: rule.OnFollow}},
		{Name: "Share", Trigger: rule.Trigger{Kind: rule.OnShare}},
		{Name: "Another button", Trigger: rule.Trigger{Kind: rule.OnButton}},
	}
	want := []Collision{{Rule: "Same gift", Own: "Mine", IsTwice: true}, {Rule: " mine ", Own: "Mine"}}
	if got := Collisions(mine, added); !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
}

func TestPlanImportChangesNothing(t *testing.T) {
	l := fixture(t)
	create(t, l, "Travelling")
	v := previewed(t, travelling(t))
	name, changes, err := l.PlanImport(v, Choices{})
	if err != nil || name != "Travelling 2" || !slices.Contains(kinds(changes), "server") {
		t.Errorf("got %q, %q, %v", name, kinds(changes), err)
	}
	if got := names(t, l); len(got) != 1 {
		t.Errorf("there is now %q", got)
	}
	var taken *NameError
	if _, _, err := l.PlanImport(v, Choices{Name: "travelling"}); !errors.As(err, &taken) || taken.Why != NameTaken {
		t.Errorf("got %v", err)
	}
}
