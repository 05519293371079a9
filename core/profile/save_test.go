package profile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/rule"
)

func TestSaveAndLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "livecue", "profile.toml")
	want := Default()
	want.Name, want.Theme = "Evening show", ThemeDark
	want.TikTok = TikTok{Handle: "@pixel_pia", Door: DoorEuler, SignerURL: "http://127.0.0.1:1", EulerURL: "ws://127.0.0.1:2", ProxyURL: "http://127.0.0.1:3", ProxyInsecure: true}
	want.RCON[0].Edition = "legacy"
	want.RCON[0].Timeout, want.RCON[0].FailurePatterns = action.Duration(3*time.Second), []string{"nicht gefunden", `it's "so"`}
	want.RCON[0].PerMinute, want.RCON[0].PerViewer = 600, 30
	want.Speech = Speech{Voice: "gmw/de", Rate: 120, Volume: 80, MaxLength: 200, MaxWait: action.Duration(time.Minute), Blocked: []string{"darn"}, PerMinute: 10, PerViewer: 2}
	want.LiveKit = LiveKit{Enabled: true, URL: "wss://example.com"}
	want.OBS = OBS{Address: "127.0.0.1:4456", Timeout: action.Duration(3 * time.Second), PerMinute: 30, PerViewer: 3}
	want.Sound = Sound{Volume: 80, Voices: 4, MaxWait: action.Duration(30 * time.Second), PerMinute: 60, PerViewer: 5}
	want.Overlay = Overlay{Off: true, Port: 9000, CSS: "css", Goal: Goal{Of: "coins", Target: 5000, Title: "A new camera"}}
	want.Queue = Queue{Order: OrderCoins, TakeTurns: true, MaxWait: action.Duration(10 * time.Minute), AfterCrash: AfterCrashRun}
	want.Rules[0].Priority, want.Rules[0].MaxWait = rule.PriorityHigh, action.Duration(90*time.Second)
	if err := Save(path, want); err != nil {
		t.Fatal(err)
	}
	got, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	first, _ := os.ReadFile(path)
	if !strings.HasPrefix(string(first), "# LiveCue") || !strings.Contains(string(first), "\"\"\"\ngive @p minecraft:cookie 1\ntitle") {
		t.Errorf("not a file for people:\n%s", first)
	}
	if err := Save(path, got); err != nil {
		t.Fatal(err)
	}
	if second, _ := os.ReadFile(path); string(second) != string(first) {
		t.Errorf("saving what was loaded changed the file:\n%s\n%s", first, second)
	}
	if names := backups(t, path); len(names) != 0 {
		t.Errorf("nothing changed, and there are backups: %v", names)
	}
	if runtime.GOOS == "windows" {
		return
	}
	for name, mode := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v; want %v", name, info.Mode(), err, mode)
		}
	}
}

// Commands hold every kind of quoting. The library panics on a text between triple quotes that ends with two of them.
func TestSaveKeepsAnyCommand(t *testing.T) {
	for _, text := range []string{
		`say "hi"`, `it's ""`, "a\nb \"\"", `""""""`, "a\n\"\"\"\"\"", `'''`, `back\slash \n '`, "a\tb", "\x01\x7f'", "\n\nlead", `{"text":"\u00a7"}`,
		"\u202e\u200b\U0001F9DF\n'", "a\rb", " ", "",
	} {
		p := Profile{Version: Version, Rules: []rule.Rule{{ID: text, Name: text, Actions: []action.Spec{{RCON: &action.RCON{Server: text, Command: text}}}}}}
		data, err := encode(p)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got, errs := decode("x", data); len(errs) > 0 || got.Rules[0].Actions[0].RCON.Command != text {
			t.Errorf("%q became %q, %v", text, got.Rules[0].Actions[0].RCON.Command, errs)
		}
	}
}

func TestSaveRefusesWhatItCouldNotLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "profile.toml")
	broken := Default()
	broken.Name = "\xff"
	huge := Default()
	huge.Name = strings.Repeat("x", maxFile)
	for _, p := range []Profile{broken, huge} {
		if err := Save(path, p); err == nil {
			t.Error("saved")
		}
		if _, err := os.Stat(path); err == nil {
			t.Error("there is a file")
		}
	}
}

func TestSaveSparesAFileThatCannotBeRead(t *testing.T) {
	for _, text := range []string{"version = 1\nname = oops\n", "version = 99\n", "shopping list", "version = 1\n[new_feature]\n"} {
		path := writeFile(t, text)
		err := Save(path, Default())
		var fe *FileError
		if !errors.As(err, &fe) {
			t.Errorf("%q: got %v, want a *FileError", text, err)
		}
		if got, _ := os.ReadFile(path); string(got) != text {
			t.Errorf("%q was overwritten", text)
		}
	}
	if err := Save(t.TempDir(), Default()); err == nil {
		t.Error("a folder was overwritten")
	}
}

func backups(t *testing.T, path string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(filepath.Dir(path), backupFolder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	return names
}

func TestSaveKeepsTheLastTwenty(t *testing.T) {
	path := filepath.Join(t.TempDir(), "profile.toml")
	other := filepath.Join(filepath.Dir(path), backupFolder, "profile-notes.toml")
	if err := os.MkdirAll(filepath.Dir(other), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(other, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range 25 {
		p := Default()
		p.Name = fmt.Sprint("state ", i)
		if err := Save(path, p); err != nil {
			t.Fatal(err)
		}
	}
	names := slices.DeleteFunc(backups(t, path), func(n string) bool { return n == other })
	if len(names) != keptBackups {
		t.Fatalf("%d backups: %v", len(names), names)
	}
	if _, err := os.Stat(other); err != nil {
		t.Errorf("a file of the user's was removed: %v", err)
	}
	for i, name := range names {
		p, err := Load(name)
		if want := fmt.Sprint("state ", 4+i); err != nil || p.Name != want {
			t.Errorf("%s: %q, %v; want %q", name, p.Name, err, want)
		}
	}
}

func TestBackupSurvivesAClockSetBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "profile.toml")
	now := time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC)
	for i := range keptBackups + 1 {
		if err := backUp(path, []byte(fmt.Sprint(i)), now); err != nil { // all within one millisecond
			t.Fatal(err)
		}
	}
	if err := backUp(path, []byte("newest"), now.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	names := backups(t, path)
	if got, _ := os.ReadFile(names[0]); len(names) != keptBackups || string(got) != "newest" {
		t.Errorf("%d backups, the first is %q", len(names), got)
	}
}

func TestConcurrentSaves(t *testing.T) {
	path := filepath.Join(t.TempDir(), "profile.toml")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			p := Default()
			for n := range 5 {
				p.Name = fmt.Sprintf("writer %d, state %d", i, n)
				if err := Save(path, p); err != nil {
					t.Error(err)
				}
				if _, err := Load(path); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n := len(backups(t, path)); n > keptBackups+8 {
		t.Errorf("%d backups", n)
	}
}

func TestDefaultPath(t *testing.T) {
	path, err := DefaultPath()
	if err != nil {
		t.Fatal(err)
	}
	if !filepath.IsAbs(path) || filepath.Base(path) != "profile.toml" || filepath.Base(filepath.Dir(path)) != "livecue" {
		t.Errorf("got %q", path)
	}
}

func TestCloneSharesNothing(t *testing.T) {
	p := Default()
	p.RCON[0].FailurePatterns = []string{"a"}
	c := p.Clone()
	c.RCON[0].Name, c.RCON[0].FailurePatterns[0], c.Rules[0].Name = "x", "x", "x"
	c.Rules[0].Actions[0].RCON.Command = "x"
	if p.RCON[0].Name == "x" || p.RCON[0].FailurePatterns[0] == "x" || p.Rules[0].Name == "x" || p.Rules[0].Actions[0].RCON.Command == "x" {
		t.Errorf("changing the copy changed %+v", p)
	}
}

func TestResolveNamesTheServer(t *testing.T) {
	p := Default()
	p.Rules[0].Actions[1].RCON.Server = "other"
	got := p.ResolvedRules()
	if a := got[0].Actions; a[0].RCON.Server != "minecraft" || a[1].RCON.Server != "other" || a[2].Kind() != action.KindSound {
		t.Errorf("got %+v %+v", a[0].RCON, a[1].RCON)
	}
	if p.Rules[0].Actions[0].RCON.Server != "" {
		t.Error("the profile itself was changed")
	}
	p.RCON = nil
	if got := p.ResolvedRules(); got[0].Actions[0].RCON.Server != "" {
		t.Error("a server was made up")
	}
}

func TestSaveKeepsEveryFieldOfAPlugin(t *testing.T) {
	want := Default()
	want.Plugins = []Plugin{{
		Name: "Counter", Program: "/usr/bin/python3", Args: []string{"-u", "it's \"one\"", "{user}"}, Folder: "/home/pia/counter",
		Events: []event.Kind{event.KindGift}, Trigger: true, Start: StartWithLive, Off: true, Imported: true,
	}}
	for i := range reflect.TypeFor[Plugin]().NumField() {
		if reflect.ValueOf(want.Plugins[0]).Field(i).IsZero() {
			t.Errorf("%s is not tried", reflect.TypeFor[Plugin]().Field(i).Name)
		}
	}
	text, err := Encode(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode("profile.toml", text)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v, of\n%s", got.Plugins, err, text)
	}
}
