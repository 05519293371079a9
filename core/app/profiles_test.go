package app

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/profile/library"
	"github.com/livecue/livecue/core/rule"
)

// shelved is an App that runs with the first of two profiles, "Day" and "Night", whose servers are those.
func shelved(t *testing.T, day, night profile.Server) (*App, *library.Library) {
	t.Helper()
	l := library.New(library.Options{Dir: t.TempDir(), Data: t.TempDir()})
	p := testProfile(roseRule())
	p.RCON = []profile.Server{night}
	if _, err := l.Create("Night", p); err != nil {
		t.Fatal(err)
	}
	p = testProfile(rule.Rule{ID: "hi", Name: "Hi", Trigger: rule.Trigger{Kind: rule.OnFollow}, Actions: roseRule().Actions[:1]})
	p.Name, p.RCON = "Day", []profile.Server{day}
	a := start(t, Options{
		Profile: p, ProfilePath: filepath.Join(l.Dir(), "Day.toml"), Library: l, StorePath: filepath.Join(t.TempDir(), "livecue.db"),
		Secrets: &memorySecrets{kept: map[string]string{profile.KeyRCON(day.Name): "right", profile.KeyTikTok(): "the-key-of-pia"}},
	})
	return a, l
}

func TestUseProfile(t *testing.T) {
	game := practiceGame(t)
	here := profile.Server{Name: "minecraft", Address: game.Addr()}
	a, l := shelved(t, here, here)
	if got := a.CurrentProfile(); got != "" {
		t.Errorf("a profile that was never saved is called %q", got)
	}
	if err := a.UseProfile("night"); err != nil {
		t.Fatal(err)
	}
	if a.CurrentProfile() != "Night" || a.Profile().Rules[0].ID != "rose" {
		t.Errorf("%q is in force: %+v", a.CurrentProfile(), a.Profile().Rules)
	}
	if saved, err := profile.Load(filepath.Join(l.Dir(), "Day.toml")); err != nil || saved.Rules[0].ID != "hi" {
		t.Errorf("the old one was lost: %+v, %v", saved, err)
	}
	if last, _, err := l.Last(); err != nil || last.ID != "Night" {
		t.Errorf("the next start is with %+v, %v", last, err)
	}

	// What is changed now goes to the new file, and its rules do what they say.
	p := a.Profile()
	p.Rules[0].Name = "Changed"
	if err := a.SetProfile(p); err != nil {
		t.Fatal(err)
	}
	if saved, err := profile.Load(filepath.Join(l.Dir(), "Night.toml")); err != nil || saved.Rules[0].Name != "Changed" {
		t.Errorf("%+v, %v", saved.Rules, err)
	}
	if err := a.TestRule(a.Profile().Rules[0]); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the new profile's commands arrive", func() bool { return game.Count() >= 2 })
	if err := a.UseProfile("Day"); err != nil {
		t.Fatal(err)
	}
	for ref, want := range map[string]error{"nobody": library.ErrUnknown, "": library.ErrUnknown} {
		if err := a.UseProfile(ref); !errors.Is(err, want) {
			t.Errorf("%q: %v", ref, err)
		}
	}
}

func TestUseProfileLosesNoWork(t *testing.T) {
	far := profile.Server{Name: "minecraft", Address: "127.0.0.1:1"} // nobody answers there
	for name, night := range map[string]profile.Server{
		"a lane that vanishes":        {Name: "skyblock", Address: "127.0.0.1:1"},
		"a lane that leads elsewhere": {Name: "minecraft", Address: "127.0.0.1:2"},
	} {
		t.Run(name, func(t *testing.T) {
			a, l := shelved(t, far, night)
			if err := a.TestRule(a.Profile().Rules[0]); err != nil {
				t.Fatal(err)
			}
			var queued *QueuedError
			if err := a.UseProfile("Night"); !errors.As(err, &queued) || len(queued.Lanes) != 1 || !strings.Contains(err.Error(), "minecraft") {
				t.Fatalf("got %v", err)
			}
			if a.Profile().Name != "Day" || a.ProfilePath() != filepath.Join(l.Dir(), "Day.toml") {
				t.Error("it was switched all the same")
			}
			a.ClearLane("rcon:minecraft")
			eventually(t, "the profile can be used", func() bool { return a.UseProfile("Night") == nil })
		})
	}
}

func TestClearAndUseGivesTheWorkUp(t *testing.T) {
	a, l := shelved(t, profile.Server{Name: "minecraft", Address: "127.0.0.1:1"}, profile.Server{Name: "skyblock", Address: "127.0.0.1:1"})
	if err := a.TestRule(a.Profile().Rules[0]); err != nil {
		t.Fatal(err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	var queued *QueuedError
	if err := a.clearing(over, func() error { return &QueuedError{} }); !errors.As(err, &queued) {
		t.Errorf("got %v of what never ends", err)
	}
	if err := a.ClearAndUse(t.Context(), "Night"); err != nil {
		t.Fatal(err)
	}
	if a.Profile().Name != "Night" {
		t.Errorf("%q is in force", a.Profile().Name)
	}
	kept, err := l.History("Night")
	if err != nil || len(kept) != 0 {
		t.Errorf("switching has made backups: %+v, %v", kept, err)
	}
}

func TestAddImportBecomesPartOfTheProfileInForce(t *testing.T) {
	a, _ := shelved(t, server("minecraft"), server("minecraft"))
	var file bytes.Buffer
	if _, err := a.ExportProfile("Night", &file); err != nil {
		t.Fatal(err)
	}
	plan, err := a.PlanExport("Night")
	if err != nil || plan.Files != 0 {
		t.Errorf("got %+v, %v", plan, err)
	}
	v, err := a.PreviewImport(&file)
	if err != nil {
		t.Fatal(err)
	}
	before := len(a.Profile().Rules)
	if rules, _, err := a.PlanAdd(v, library.Choices{}); err != nil || len(rules) != 1 {
		t.Errorf("planned %+v, %v", rules, err)
	}
	if _, err := a.AddImport(v, library.Choices{}); err != nil {
		t.Fatal(err)
	}
	saved, err := profile.Load(a.ProfilePath())
	if err != nil || len(saved.Rules) != before+1 || len(a.Profile().Rules) != before+1 || saved.Name != "Day" {
		t.Errorf("got %+v, %v", saved, err)
	}
}

func TestUseProfileRefusesWhatCannotBeUsed(t *testing.T) {
	a, l := shelved(t, server("minecraft"), server("minecraft"))
	path := filepath.Join(l.Dir(), "Night.toml")
	if err := a.RenameProfile("Night", "Late"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("version = 1\n[x"), 0o600); err != nil {
		t.Fatal(err)
	}
	var unreadable *library.UnreadableError
	if err := a.UseProfile("Night"); !errors.As(err, &unreadable) || len(unreadable.Backups) != 1 {
		t.Errorf("got %v", err)
	}
	if err := os.WriteFile(path, []byte("version = 1\n[[rule]]\nid = \"x\"\nname = \"No trigger\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := a.UseProfile("Night"); err == nil || !strings.Contains(err.Error(), "No trigger") {
		t.Errorf("got %v", err)
	}
	if a.Profile().Name != "Day" {
		t.Error("it was switched all the same")
	}
}

func TestTheLibraryOfARunningProgram(t *testing.T) {
	a, _ := shelved(t, server("minecraft"), server("minecraft"))
	twin, err := a.DuplicateProfile("Night", "Twin")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.CreateProfile("Fresh", profile.Default()); err != nil {
		t.Error(err)
	}
	if err := a.UseProfile(twin.ID); err != nil {
		t.Fatal(err)
	}
	if err := a.RenameProfile(twin.ID, "Twin 🎮"); err != nil || a.Profile().Name != "Twin 🎮" || a.CurrentProfile() != twin.ID {
		t.Errorf("%q, %q, %v", a.Profile().Name, a.CurrentProfile(), err)
	}
	if err := a.DeleteProfile(twin.ID); !errors.Is(err, library.ErrInUse) {
		t.Errorf("the profile in force was deleted: %v", err)
	}
	if err := a.DeleteProfile("Fresh"); err != nil {
		t.Error(err)
	}
	if all, err := a.Profiles(); err != nil || len(all) != 3 {
		t.Errorf("%+v, %v", all, err)
	}

	// A backup of the profile in force is in force at once.
	kept, err := a.Backups(twin.ID)
	if err != nil || len(kept) != 1 {
		t.Fatal(kept, err)
	}
	if err := a.RestoreBackup(twin.ID, kept[0].Name); err != nil || a.Profile().Name != "Twin" {
		t.Errorf("%q, %v", a.Profile().Name, err)
	}
	if err := a.RestoreBackup(twin.ID, "none"); err == nil {
		t.Error("a backup that is not there was restored")
	}

	// A journey and back.
	p := a.Profile()
	p.Rules[0].Actions[0].RCON.Command = "say the-key-of-pia"
	if err := a.SetProfile(p); err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if _, err := a.ExportProfile(twin.ID, &file); err != nil {
		t.Fatal(err)
	}
	v, err := a.PreviewImport(bytes.NewReader(file.Bytes()))
	if err != nil || len(v.Commands) == 0 || v.Commands[0].What != "say HIDDEN" {
		t.Fatalf("%+v, %v", v, err)
	}
	if e, _, err := a.ImportProfile(v, library.Choices{}); err != nil || e.Name != "Twin 2" {
		t.Errorf("%+v, %v", e, err)
	}
	if got := a.PreviewMCA("5655:!tnt 1\nrose2", false); len(got.Rules) != 1 || got.Rules[0].Trigger.Gift != "Rose" || len(got.Problems) != 1 {
		t.Errorf("got %+v", got)
	}
}

func TestWithoutALibrary(t *testing.T) {
	a := start(t, Options{Profile: testProfile(roseRule())})
	if all, err := a.Profiles(); all != nil || err != nil || a.CurrentProfile() != "" {
		t.Errorf("%v, %v", all, err)
	}
	for _, err := range []error{a.UseProfile("x"), a.RenameProfile("x", "y"), a.DeleteProfile("x"), a.RestoreBackup("x", "y")} {
		if !errors.Is(err, errNoLibrary) {
			t.Errorf("got %v", err)
		}
	}
}
