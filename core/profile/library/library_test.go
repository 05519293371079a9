package library

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/livecue/livecue/core/profile"
)

// fixture is a library in folders of its own.
func fixture(t *testing.T) *Library {
	t.Helper()
	return New(Options{Dir: t.TempDir(), Data: t.TempDir()})
}

func create(t *testing.T, l *Library, name string) Entry {
	t.Helper()
	e, err := l.Create(name, profile.Default())
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func names(t *testing.T, l *Library) []string {
	t.Helper()
	all, err := l.List()
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, e := range all {
		texts = append(texts, e.Name)
	}
	return texts
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestFileNames(t *testing.T) {
	for name, want := range map[string]string{
		"Evening show":              "Evening-show",
		"  Show  ":                  "Show",
		"":                          "profile",
		"🎮":                         "profile",
		"🎮 Abend ❤️ show 1️⃣":       "Abend-show-1",
		"con":                       "con-profile",
		"NUL":                       "NUL-profile",
		"com7":                      "com7-profile",
		"LPT¹":                      "LPT",
		"COM10":                     "COM10",
		"CONIN$":                    "CONIN",
		"aux.toml":                  "aux-toml",
		"../../etc/passwd":          "etc-passwd",
		`C:\Windows\system32`:       "C-Windows-system32",
		"a/b\\c:d*e?f\"g<h>i|j":     "a-b-c-d-e-f-g-h-i-j",
		"trailing dot. ":            "trailing-dot",
		".hidden":                   "hidden",
		"-rf":                       "rf",
		"Über straße":               "Über-straße",
		"e\u0301te\u0301":           "été",
		"夜のショー":                     "夜のショー",
		"عرض":                       "عرض",
		"x\x00y\ny":                 "x-y-y",
		"\xff\xfe":                  "profile",
		"\u202eevil":                "evil",
		"\u0301":                    "profile",
		strings.Repeat("ä", 100):    strings.Repeat("ä", 40),
		strings.Repeat("long ", 99): strings.TrimRight(strings.Repeat("long-", 16), "-"),
	} {
		got := fileName(name)
		if got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
		if len(got) > maxFileName || !utf8.ValidString(got) || isDevice(got) || fileName(got) != got {
			t.Errorf("%q is no name for a file", got)
		}
		if err := os.WriteFile(filepath.Join(t.TempDir(), got+ending), nil, 0o600); err != nil {
			t.Error(err)
		}
	}
}

func TestNamesThatAFileSystemTakesForOne(t *testing.T) {
	l := fixture(t)
	var ids []string
	for _, name := range []string{"Show", "Show!", "SHOW?", "Été", "E\u0301te\u0301.", "profiles", "NUL", "nul."} {
		e := create(t, l, name)
		if slices.ContainsFunc(ids, func(id string) bool { return fold(id) == fold(e.ID) }) {
			t.Errorf("%q has the id %q, which is another's", name, e.ID)
		}
		ids = append(ids, e.ID)
	}
	if got := names(t, l); len(got) != len(ids) {
		t.Errorf("got %q", got)
	}
}

func TestALife(t *testing.T) {
	l := fixture(t)
	e, isThere, err := l.Last()
	if err != nil || isThere || e.ID != "profile" || filepath.Base(e.Path) != "profile.toml" {
		t.Fatalf("%+v, %v, %v", e, isThere, err)
	}
	show := create(t, l, "Evening show 🎮")
	if err := l.SetLast(show.ID); err != nil {
		t.Fatal(err)
	}
	twin, err := l.Duplicate("evening SHOW 🎮", "Second")
	if err != nil || twin.ID != "Second" || twin.Rules != show.Rules || twin.Rules == 0 {
		t.Fatalf("%+v, %v", twin, err)
	}
	for _, name := range []string{"", "  ", "second", "SECOND ", "a\nb", "\xff", strings.Repeat("x", MaxName+1)} {
		if _, err := l.Duplicate(show.ID, name); !errors.Is(err, ErrName) {
			t.Errorf("%q: %v", name, err)
		}
	}
	renamed, err := l.Rename("Second", "Third")
	if err != nil || renamed.ID != "Second" || renamed.Name != "Third" {
		t.Fatalf("%+v, %v", renamed, err)
	}
	if _, err := l.Rename("Third", "third"); err != nil {
		t.Errorf("its own name in other letters: %v", err)
	}
	if _, err := l.Find("nobody"); !errors.Is(err, ErrUnknown) {
		t.Error(err)
	}
	if _, err := l.Find("../Second"); !errors.Is(err, ErrUnknown) {
		t.Error(err)
	}
	if err := l.Delete(show.ID); !errors.Is(err, ErrInUse) {
		t.Errorf("the one in use was deleted: %v", err)
	}
	if err := l.Delete("third"); err != nil {
		t.Fatal(err)
	}
	if got := names(t, l); len(got) != 1 {
		t.Errorf("got %q", got)
	}
	if again := create(t, l, "Second"); again.ID != "Second-2" {
		t.Errorf("%q has taken the backups of a deleted profile", again.ID)
	}
	deleted, err := l.Deleted()
	if err != nil || len(deleted) != 1 || deleted[0] != "Second" {
		t.Fatal(deleted, err)
	}
	kept, err := l.Backups("Second")
	if err != nil || len(kept) != 3 { // two names before, and the one that it had
		t.Fatal(kept, err)
	}
	back, err := l.RestoreBackup("Second", kept[0].Name)
	if err != nil || back.Name != "third" || back.Rules != show.Rules {
		t.Errorf("%+v, %v", back, err)
	}
}

func TestLastRemembers(t *testing.T) {
	l := fixture(t)
	a, b := create(t, l, "A"), create(t, l, "B")
	if e, ok, err := l.Last(); !ok || err != nil || e.ID != a.ID {
		t.Errorf("%+v, %v", e, err)
	}
	if err := l.SetLast(b.ID); err != nil {
		t.Fatal(err)
	}
	if e, ok, err := New(Options{Dir: filepath.Dir(l.dir), Data: l.data}).Last(); !ok || err != nil || e.ID != b.ID || !e.IsLast {
		t.Errorf("%+v, %v", e, err)
	}
	for _, text := range []string{"gone", "../../x", strings.Repeat("y", 1000), "\xff"} {
		write(t, filepath.Join(l.dir, lastUsed), text)
		if e, ok, err := l.Last(); !ok || err != nil || e.ID != a.ID {
			t.Errorf("%.20q: %+v, %v", text, e, err)
		}
	}
	// One whose file is gone is not replaced by another in silence, as long as there are backups of it.
	if err := l.SetLast(b.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Rename("B", "B too"); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(b.Path); err != nil {
		t.Fatal(err)
	}
	e, ok, err := l.Last()
	var unreadable *UnreadableError
	if !ok || err != nil || !errors.Is(e.Problem, fs.ErrNotExist) || !errors.As(l.Unreadable(e), &unreadable) || len(unreadable.Backups) != 1 {
		t.Errorf("%+v, %v, %v", e, err, unreadable)
	}
}

func TestAProfileThatCannotBeReadOffersItsBackups(t *testing.T) {
	l := fixture(t)
	e := create(t, l, "Show")
	if _, err := l.Rename("Show", "Show 2"); err != nil {
		t.Fatal(err)
	}
	write(t, e.Path, "version = 1\n[tiktok\n")
	last, isThere, err := l.Last()
	if err != nil || !isThere || last.Problem == nil || last.Name != "Show" {
		t.Fatalf("%+v, %v", last, err)
	}
	err = l.Unreadable(last)
	var unreadable *UnreadableError
	var fe *profile.FileError
	if !errors.As(err, &unreadable) || !errors.As(err, &fe) || len(unreadable.Backups) != 1 {
		t.Fatal(err)
	}
	if text := err.Error(); !strings.Contains(text, `livecue profile restore "Show" Show-2`) || !strings.Contains(text, e.Path+":2") {
		t.Error(text)
	}
	if err := l.Delete("Show"); err != nil {
		t.Error(err)
	}
	if restored, err := l.RestoreBackup("Show", unreadable.Backups[0].Name); err != nil || restored.Name != "Show" {
		t.Errorf("%+v, %v", restored, err)
	}
}

func TestAdopt(t *testing.T) {
	for name, c := range map[string]struct{ text, id string }{
		"as it was":      {"version = 1\nname = \"Evening show\"\n# my comment\n[tiktok]\nhandle = \"pixel_pia\"\n", "Evening-show"},
		"without a name": {"version = 1\n[tiktok]\nhandle = \"pixel_pia\"\n", "profile"},
		"with a mistake": {"version = 1\n[tiktok\n", "profile"},
		"a newer one":    {"version = 99\n", "profile"},
	} {
		t.Run(name, func(t *testing.T) {
			l := fixture(t)
			old := filepath.Join(filepath.Dir(l.dir), "profile.toml")
			write(t, old, c.text)
			earlier := filepath.Join(filepath.Dir(old), backups, "profile-20260301-200000.000.toml")
			write(t, earlier, "version = 1\nname = \"earlier\"\n")
			for range 2 { // the second does nothing
				if err := l.Adopt(old); err != nil {
					t.Fatal(err)
				}
			}
			e, isThere, err := l.Last()
			if err != nil || !isThere || e.ID != c.id {
				t.Fatalf("%+v, %v", e, err)
			}
			if data, err := os.ReadFile(e.Path); err != nil || string(data) != c.text {
				t.Errorf("%q, %v", data, err)
			}
			if kept, err := l.Backups(e.ID); err != nil || len(kept) != 1 {
				t.Errorf("%v, %v", kept, err)
			}
			if _, err := os.Stat(old); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the old file is still there: %v", err)
			}
			if kept, err := profile.Backups(old); err != nil || len(kept) != 2 {
				t.Errorf("the old file is lost: %v, %v", kept, err)
			} else if data, err := os.ReadFile(kept[0].Path); err != nil || string(data) != c.text {
				t.Errorf("%q, %v", data, err)
			}
			if _, err := os.Stat(earlier); err != nil {
				t.Error(err)
			}
			write(t, old, c.text) // of an older program that was started again
			if err := l.Adopt(old); err != nil || len(names(t, l)) != 1 {
				t.Errorf("it was taken over twice: %v", err)
			}
		})
	}
}

func TestAdoptNothing(t *testing.T) {
	l := fixture(t)
	old := filepath.Join(filepath.Dir(l.dir), "profile.toml")
	if err := l.Adopt(old); err != nil {
		t.Error(err)
	}
	if err := os.MkdirAll(old, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := l.Adopt(old); err != nil {
		t.Error(err)
	}
	if got := names(t, l); len(got) != 0 {
		t.Errorf("got %q", got)
	}
}

func TestAdoptLeavesALinkWhereItIs(t *testing.T) {
	l := fixture(t)
	old, target := filepath.Join(filepath.Dir(l.dir), "profile.toml"), filepath.Join(t.TempDir(), "mine.toml")
	write(t, target, "version = 1\nname = \"Linked\"\n")
	if err := os.Symlink(target, old); err != nil {
		t.Log("links cannot be made here:", err)
		return
	}
	if err := l.Adopt(old); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(old); err != nil {
		t.Error(err)
	}
	if got := names(t, l); len(got) != 1 || got[0] != "Linked" {
		t.Errorf("got %q", got)
	}
}

func TestConcurrentUse(t *testing.T) {
	l := fixture(t)
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			e, err := l.Create(fmt.Sprintf("Show %s", strings.Repeat("!", i)+fmt.Sprint(i)), profile.Default())
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := l.Rename(e.ID, fmt.Sprint("Renamed ", i)); err != nil {
				t.Error(err)
			}
			if err := errors.Join(l.SetLast(e.ID)); err != nil {
				t.Error(err)
			}
			if _, err := l.List(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := names(t, l); len(got) != 6 {
		t.Errorf("got %q", got)
	}
}
