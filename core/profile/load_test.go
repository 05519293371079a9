package profile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func writeFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "profile.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLoadTellsWhereAndWhy(t *testing.T) {
	tests := []struct {
		name, text   string
		line, column int
		reason       string
	}{
		{"syntax", "version = 1\nname = 'a\nb'\n", 2, 10, "new lines"},
		{"unknown key", "version = 1\n[tiktok]\nhandle = 'x'\n  hadle = 'y'\n", 4, 3, `unknown key "tiktok.hadle"`},
		{"unknown section", "version = 1\n[discord]\n", 2, 2, `unknown key "discord"`},
		{"password", "version = 1\n[[rcon]]\nname = 'a'\npassword = 'x'\n", 4, 1, "system's keyring"},
		{"API key", "version = 1\n[tiktok]\napi_key = 'x'\n", 3, 1, "LIVECUE_TIKTOK_KEY"},
		{"text for a number", "version = 1\n[sound]\nvolume = 'loud'\n", 3, 10, "a whole number"},
		{"fraction", "version = 1\n[sound]\nvolume = 1.5\n", 3, 10, "decimal point"},
		{"truth for a text", "version = 1\n[tiktok]\nhandle = true\n", 3, 10, "true and false"},
		{"text for truth", "version = 1\n[[rule]]\noff = 'no'\n", 3, 7, "true or false"},
		{"large number", "version = 1\n[sound]\nvolume = 99999999999999999999\n", 3, 10, "too large"},
		{"duration", "version = 1\n[[rule]]\ncooldown = 'soon'\n", 3, 12, "not a duration"},
		{"negative duration", "version = 1\n[[rule]]\ncooldown = '-5s'\n", 3, 12, "negative"},
		{"one bracket", "version = 1\n[rule]\nid = 'x'\n", 2, 2, "[[rule]]"},
		{"list for a section", "version = 1\n\n# sounds\nsound = [1]\n", 4, 0, "section"},
		{"twice", "version = 1\nname = 'a'\nname = 'b'\n", 3, 0, "already defined"},
		{"no version", "name = 'a'\n", 1, 0, "version = 1"},
		{"newer", "name = 'x'\nversion = 99\nlater = true\n", 2, 0, "newer LiveCue"},
		{"never was", "version = 0\n", 1, 0, "no format 0"},
		{"version as text", "version = '1'\n", 1, 1, "a whole number"},
		{"columns count characters", "version = 1\nname = 'äöü' x\n", 2, 14, "newline"},
		{"not UTF-8", "version = 1\nname = '\xff'\n", 2, 9, "invalid character"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := writeFile(t, tt.text)
			_, err := Load(path)
			var fe *FileError
			if !errors.As(err, &fe) {
				t.Fatalf("got %v, want a *FileError", err)
			}
			if fe.Path != path || fe.Line != tt.line || fe.Column != tt.column || !strings.Contains(fe.Reason, tt.reason) {
				t.Errorf("got %d:%d: %s; want %d:%d with %q", fe.Line, fe.Column, fe.Reason, tt.line, tt.column, tt.reason)
			}
			if strings.Contains(fe.Reason, "struct") || strings.Contains(fe.Reason, "Go value") {
				t.Errorf("%q speaks of Go", fe.Reason)
			}
		})
	}
}

func TestLoadRefusesWhatIsNoProfile(t *testing.T) {
	dir := t.TempDir()
	if _, err := Load(filepath.Join(dir, "none.toml")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v, want fs.ErrNotExist", err)
	}
	if _, err := Load(dir); err == nil {
		t.Error("a folder was loaded")
	}
	path := writeFile(t, "version = 1\n#"+strings.Repeat("x", maxFile))
	if _, err := Load(path); err == nil || !strings.Contains(err.Error(), "larger than 4 MB") {
		t.Errorf("a huge file: %v", err)
	}
}

// Files that people send each other must not stop or end the program, whatever is in them.
func TestLoadIsQuickToRefuseHostileFiles(t *testing.T) {
	keys := strings.Builder{}
	for i := range 100_000 {
		fmt.Fprintf(&keys, "k%d=1\n", i)
	}
	many := keys.String()
	for name, text := range map[string]string{
		"unknown keys":      "version = 1\n" + many,
		"of a newer format": "version = 2\n" + many,
		"no version":        many,
		"inline keys":       "version = 1\nsound = {" + strings.ReplaceAll(strings.TrimSpace(many), "\n", ",") + "}",
		"brackets":          "version = 1\nsound = " + strings.Repeat("[", 4_000_000),
		"braces":            "version = 1\nsound = " + strings.Repeat("{a=", 1_000_000),
		"long key":          "version = 1\n" + strings.Repeat("a", 1_000_000) + " = 1",
		"dots":              "version = 1\n" + strings.Repeat("a.", 1_000_000) + "b = 1",
		"sections":          "version = 1\n" + strings.Repeat("[rule]\n", 90_000),
		"late syntax":       "version = 1\n" + strings.ReplaceAll(many[:len(many)/2], "k", "name=1\n#") + "?",
	} {
		t.Run(name, func(t *testing.T) {
			if len(text) > maxFile {
				t.Fatalf("the example has %d bytes, more than are read", len(text))
			}
			_, err := Load(writeFile(t, text))
			var fe *FileError
			if !errors.As(err, &fe) || len(fe.Reason) > 1000 {
				t.Errorf("got %.200v", err)
			}
		})
	}
}

func TestLoadTakesWhatEditorsWrite(t *testing.T) {
	text := "\xef\xbb\xbfversion = 1\r\n[tiktok]\r\nhandle = '@pixel_pia'\r\n[[rule]]\r\nid = 'a'\r\nname = 'A'\r\n" +
		"trigger = { kind = 'follow' }\r\n[[rule.action]]\r\nrcon.command = '''\r\nsay a\r\nsay b\r\n'''\r\n"
	p, err := Load(writeFile(t, text))
	if err != nil {
		t.Fatal(err)
	}
	if p.TikTok.Handle != "@pixel_pia" || p.Rules[0].Actions[0].RCON.Command != "say a\nsay b" {
		t.Errorf("got %+v", p)
	}
}

func TestMigrateClimbsTheLadder(t *testing.T) {
	steps := []migration{
		func(doc map[string]any) error {
			doc["title"], doc["name"] = doc["name"], nil
			delete(doc, "name")
			return nil
		},
		func(doc map[string]any) error { doc["title"] = doc["title"].(string) + "!"; return nil },
	}
	got, err := migrate([]byte("version = 1\nname = 'Evening show'\n"), 1, steps)
	if err != nil {
		t.Fatal(err)
	}
	doc := map[string]any{}
	if err := unmarshal(got, &doc, false); err != nil {
		t.Fatal(err)
	}
	if want := map[string]any{"version": int64(3), "title": "Evening show!"}; !reflect.DeepEqual(doc, want) {
		t.Errorf("got %v, want %v", doc, want)
	}

	fails := []migration{func(map[string]any) error { return errors.New("odd rule") }}
	if _, err := migrate([]byte("version = 1\n"), 1, fails); err == nil || !strings.Contains(err.Error(), "turn format 1 into 2: odd rule") {
		t.Errorf("got %v", err)
	}
	if len(migrations()) != Version-1 {
		t.Errorf("%d migrations lead to version %d", len(migrations()), Version)
	}
}

func FuzzProfile(f *testing.F) {
	rich := Default()
	rich.Rules, rich.Groups, rich.Viewers = append(rich.Rules, full()), []Group{{Name: "night"}}, Viewers{Block: []string{"7"}}
	for _, p := range []Profile{Default(), rich} {
		data, err := encode(p)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, text := range []string{
		"version = 1\n[[rule]]\n[[rule.condition]]\npercent = nan\nviewers = []\n[[rule.condition.condition]]\npercent = -inf\ncondition = []",
		"version = 1\n[[rule]]\n[[rule.action]]\npool.choice = [{}, {action = [{http = {url = 'x', headers = {}, body = \"it's \\\"\\\"\"}}]}]",
		"", "version = 1", "version = 2", "version = 1\nrcon = []", "version = 1\n[[rule]]\n[[rule.action]]\n[rule.action.rcon]\ncommand = \"\"\"\na\n\\\"\\\"\"\"\"\n",
		"version = 1\n[\"a\\u0041\"]\nx = 1", "version = 1\nsound = [1]", "version = 1\nrule = [{id='a', action=[{rcon={command=\"it's \\\"\\\"\"}}]}]",
		"version = 1\nname = \"\\u0000\\u007f\\r\"", "\xff\xfe", "version = 1\ntiktok.handle = 'x'\n[[rcon]]\nfailure_patterns = ['a', \"b\\n\"]",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, errs := decode("p.toml", data)
		if len(errs) > 0 {
			for _, e := range errs {
				if e.Reason == "" || e.Line < 0 || e.Column < 0 {
					t.Fatalf("a poor error: %+v", e)
				}
			}
			return
		}
		p.Check()
		placesOf(trimBOM(data))
		saved, err := encode(p)
		if err != nil {
			t.Fatalf("loads, and cannot be saved: %v", err)
		}
		again, errs := decode("again.toml", saved)
		if len(errs) > 0 || !reflect.DeepEqual(again, p) {
			t.Fatalf("changed by saving: %v\n%+v\n%+v", errs, p, again)
		}
		if twice, err := encode(again); err != nil || string(twice) != string(saved) {
			t.Fatalf("the file is not stable: %v\n%s\n%s", err, saved, twice)
		}
	})
}
