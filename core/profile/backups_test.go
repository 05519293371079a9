package profile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestBackupsOneADayForThirtyDays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "profile.toml")
	begin := time.Date(2026, 1, 1, 20, 0, 0, 0, time.UTC)
	for day := range 60 {
		for n := range 3 {
			if err := backUp(path, fmt.Appendf(nil, "day %d, state %d", day, n), begin.AddDate(0, 0, day).Add(time.Duration(n)*time.Minute)); err != nil {
				t.Fatal(err)
			}
		}
	}
	all, err := Backups(path)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, b := range all {
		data, err := os.ReadFile(b.Path)
		if err != nil || int64(len(data)) != b.Size {
			t.Fatal(err, b)
		}
		texts = append(texts, string(data))
	}
	// 20 are those of six days and two more; the other days have their last.
	if len(texts) < 20+23 || len(texts) > 20+keptDays || texts[0] != "day 59, state 2" || texts[19] != "day 53, state 1" {
		t.Fatalf("%d backups: %q", len(texts), texts)
	}
	for day := 31; day < 60; day++ {
		if !slices.Contains(texts, fmt.Sprintf("day %d, state 2", day)) {
			t.Errorf("day %d has no backup", day)
		}
	}
	if slices.ContainsFunc(texts, func(s string) bool { return strings.HasPrefix(s, "day 28,") }) {
		t.Error("a backup is older than it should be")
	}
}

func TestParseBackupName(t *testing.T) {
	at := time.Date(2026, 3, 1, 20, 0, 0, 5_000_000, time.UTC)
	for name, owner := range map[string]string{
		BackupName("profile", at):        "profile",
		BackupName("a-b 20260101-c", at): "a-b 20260101-c",
		"profile-20260301-200000.005":    "",
		"profile-notes.toml":             "",
		"-20260301-200000.005.toml":      "",
		"20260301-200000.005.toml":       "",
		"x-20261301-200000.005.toml":     "",
		"x.toml":                         "",
	} {
		got, gotAt, ok := ParseBackupName(name)
		if ok != (owner != "") || ok && (got != owner || !gotAt.Equal(at)) {
			t.Errorf("%s: %q, %v, %v", name, got, gotAt, ok)
		}
	}
}

func TestRestore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "profile.toml")
	save := func(name string) {
		t.Helper()
		p := Default()
		p.Name = name
		if err := Save(path, p); err != nil {
			t.Fatal(err)
		}
	}
	save("first")
	save("second")
	list := func() []Backup {
		t.Helper()
		all, err := Backups(path)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if all := list(); len(all) != 1 {
		t.Fatalf("got %+v", all)
	}
	p, err := Restore(path, list()[0].Name)
	if err != nil || p.Name != "first" {
		t.Fatal(p.Name, err)
	}
	if again, err := Load(path); err != nil || again.Name != "first" || len(list()) != 2 {
		t.Errorf("%q, %v, %+v", again.Name, err, list())
	}

	// One with a mistake is put aside, and none of it is lost.
	broken := []byte("version = 1\n[tiktok\n")
	if err := os.WriteFile(path, broken, 0o600); err != nil {
		t.Fatal(err)
	}
	newest := list()[0].Name
	if p, err = Restore(path, newest); err != nil || p.Name != "second" {
		t.Fatal(p.Name, err)
	}
	aside, err := filepath.Glob(filepath.Join(filepath.Dir(path), backupFolder, "*.broken.toml"))
	if err != nil || len(aside) != 1 {
		t.Fatal(aside, err)
	}
	if data, err := os.ReadFile(aside[0]); err != nil || string(data) != string(broken) {
		t.Errorf("%q, %v", data, err)
	}

	// A deleted one comes back.
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if p, err = Restore(path, newest); err != nil || p.Name != "second" {
		t.Error(p.Name, err)
	}
	for _, name := range []string{"", "none", "../profile.toml", filepath.Base(aside[0])} {
		if _, err := Restore(path, name); err == nil {
			t.Errorf("%q was restored", name)
		}
	}
	if err := os.WriteFile(list()[0].Path, broken, 0o600); err != nil {
		t.Fatal(err)
	}
	var fe *FileError
	if _, err := Restore(path, list()[0].Name); !errors.As(err, &fe) {
		t.Errorf("a broken backup was restored: %v", err)
	}
}

func TestPutAsideWhatIsNoFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "profile.toml")
	if err := PutAside(path); err != nil {
		t.Error(err)
	}
	if err := os.MkdirAll(filepath.Join(path, "child"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := PutAside(path); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("it is still there")
	}
}

func TestEncodeAndDecode(t *testing.T) {
	data, err := Encode(Default())
	if err != nil {
		t.Fatal(err)
	}
	if p, err := Decode("x", data); err != nil || len(p.Rules) != len(Default().Rules) {
		t.Error(len(p.Rules), err)
	}
	var fe *FileError
	for _, bad := range []string{"", "version = 1\nx = 1", "version = 1\n#" + strings.Repeat("x", maxFile)} {
		if _, err := Decode("a file", []byte(bad)); !errors.As(err, &fe) || fe.Path != "a file" {
			t.Errorf("%.20q: %v", bad, err)
		}
	}
}
