package logbook

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestReportHasNoSecrets(t *testing.T) {
	dir := t.TempDir()
	home := filepath.Join(dir, "home_of_testy_tom")
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	soiled := strings.Join([]string{
		"the word " + planted + " alone", "token=secr3t-other", "http://u:secr3t-other@a.example/",
		base64.StdEncoding.EncodeToString([]byte(planted)), "dial tcp 203.0.113.7:25575 and [2001:db8::7]:25575 and 2001:db8::8",
		"open " + filepath.Join(home, "profile.toml"), "kept 127.0.0.1:25575 at 14:03:59",
	}, "\n")
	for _, name := range []string{
		"livecue.log", "livecue-2030-01-02T03-04-05.678.log", "crash-20300101T000000.000-7.told.txt",
		"livecue.db", "secrets.toml", "livecue-notes.log", "other.log",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(soiled), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m := &Mask{}
	m.Redact(planted)
	var out bytes.Buffer
	err := Report{Version: "1.2.3", Profile: soiled, Dir: dir, LogFile: filepath.Join(dir, FileName), Mask: m}.Write(&out)
	if err != nil {
		t.Fatal(err)
	}
	texts := unzip(t, out.Bytes())
	var names []string
	for name, text := range texts {
		names = append(names, name)
		for _, secret := range []string{"hunter2", "secr3t", "aHVudGVy", "203.0.113.7", "2001:db8", "home_of_testy_tom"} {
			if strings.Contains(text, secret) || strings.Contains(name, secret) {
				t.Errorf("%s shows %s: %s", name, secret, text)
			}
		}
		if name != "about.txt" && !strings.Contains(text, "kept 127.0.0.1:25575 at 14:03:59") {
			t.Errorf("%s lacks what is harmless: %s", name, text)
		}
	}
	slices.Sort(names)
	want := []string{
		"about.txt", "crash-20300101T000000.000-7.told.txt", "livecue-2030-01-02T03-04-05.678.log", "livecue.log", "profile.toml",
	}
	if !slices.Equal(names, want) {
		t.Errorf("files %q, want %q", names, want)
	}
	if !strings.HasPrefix(texts["about.txt"], "LiveCue 1.2.3\ngo") || strings.Contains(texts["about.txt"], "missing") {
		t.Errorf("about: %s", texts["about.txt"])
	}
}

func TestReportOfALongLogTakesItsEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), FileName)
	text := "first\n" + strings.Repeat(strings.Repeat("x", 99)+"\n", maxReported/100+1) + "last\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := (Report{LogFile: path, Dir: filepath.Dir(path), Mask: &Mask{}}).Write(&out); err != nil {
		t.Fatal(err)
	}
	got := unzip(t, out.Bytes())[FileName]
	if !strings.HasPrefix(got, strings.Repeat("x", 99)+"\n") || !strings.HasSuffix(got, "\nlast\n") || len(got) > maxReported {
		t.Errorf("%d bytes from %.20q", len(got), got)
	}
}

func TestAnExcerptOfACrashIsMaskedAndShort(t *testing.T) {
	path := filepath.Join(t.TempDir(), "crash-20300101T000000.000-7.told.txt")
	m := &Mask{}
	m.Redact(planted)
	short := "panic: dial 203.0.113.7: " + planted + "\n\ngoroutine 1 [running]:\nmain.main()\n\tmain.go:12\n"
	// The cut goes through a secret in the middle of a line.
	long := short + strings.Repeat("x", maxExcerpt-len(short)-len(planted)/2) + planted + "\nmore\n"
	for text, want := range map[string]string{
		short: "panic: dial [address]: " + hidden + "\n\ngoroutine 1 [running]:\nmain.main()\n    main.go:12\n",
		long:  "panic: dial [address]: " + hidden + "\n\ngoroutine 1 [running]:\nmain.main()\n    main.go:12\n…\n",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := (Report{Mask: m}).Excerpt(path); err != nil || got != want {
			t.Errorf("%.300q, %v, want %q", got, err, want)
		}
	}
	if _, err := (Report{Mask: m}).Excerpt(path + ".gone"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("err = %v", err)
	}
}

func TestReportSaysWhatIsMissing(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink(filepath.Join(dir, "nowhere"), filepath.Join(dir, FileName)); err != nil {
		t.Fatal("this system makes no links:", err)
	}
	var out bytes.Buffer
	if err := (Report{LogFile: filepath.Join(dir, FileName), Dir: dir, Mask: &Mask{}}).Write(&out); err != nil {
		t.Fatal(err)
	}
	if got := unzip(t, out.Bytes())["about.txt"]; !strings.Contains(got, "missing: ") {
		t.Errorf("about: %s", got)
	}
}

func unzip(t *testing.T, data []byte) map[string]string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
		texts[f.Name] = string(text)
	}
	return texts
}
