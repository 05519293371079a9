package cli

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/livecue/livecue/core/logbook"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/gui"
)

// home makes a folder for settings and data, and returns the one for data.
func home(t *testing.T) (data string) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"HOME", "USERPROFILE", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA"} {
		t.Setenv(name, dir)
	}
	data, err := dataDir()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestReportShowsNoSecretNorWhoOrWhere(t *testing.T) {
	data := home(t)
	p := profile.Default()
	p.Name = "The show of Tomtom"
	p.TikTok.Handle = "https://www.tiktok.com/@Testy_Tom/live"
	p.TikTok.ProxyURL = "http://toms-proxy.example:8080"
	p.RCON = []profile.Server{
		{Name: "mc", Address: "Toms-Box.example:25575"}, {Name: "by env", Address: "203.0.113.9:25575"}, {Name: "here", Address: "127.0.0.1:25576"},
	}
	dir := t.TempDir()
	path, secretsPath := filepath.Join(dir, "profile.toml"), filepath.Join(dir, "secrets.toml")
	if err := profile.Save(path, p); err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(readFile(t, path), "version = 1", "version = 1 # remember swordfish42", 1)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	secrets := profile.FileSecrets(secretsPath)
	for key, value := range map[string]string{profile.KeyTikTok(): "kept-euler-key", profile.KeyRCON("mc"): "kept pass/word"} {
		if err := secrets.Set(key, value); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv(profile.EnvName(profile.KeyRCON("by env")), "env-password")
	soiled := "kept-euler-key kept pass/word kept+pass%2Fword env-password password=other-password testy_tom Testy_Tom " +
		"toms-proxy.example toms-box.example 203.0.113.9 " + data + " and 127.0.0.1:25576\n"
	if err := os.MkdirAll(data, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{logbook.FileName, "crash-20300101T000000.000-7.txt", "livecue.db", "gifts.json"} {
		if err := os.WriteFile(filepath.Join(data, name), []byte(soiled), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	out := filepath.Join(dir, "report.zip")
	var stdout, stderr bytes.Buffer
	code := Run(t.Context(), []string{"report", "--out", out, "--profile", path, "--secrets", secretsPath}, &stdout, &stderr)
	if code != exitOK || !strings.Contains(stdout.String(), out) {
		t.Fatalf("code %d, out %q, err %q", code, stdout.String(), stderr.String())
	}
	texts := unzip(t, out)
	for name, text := range texts {
		for _, word := range []string{
			"euler-key", "kept pass", "kept+pass", "env-password", "other-password", "swordfish", "testy_tom", "tomtom", "toms-", "203.0.113.9",
			strings.ToLower(data),
		} {
			if strings.Contains(strings.ToLower(text), word) {
				t.Errorf("%s shows %q: %s", name, word, text)
			}
		}
		if name != "about.txt" && !strings.Contains(text, "127.0.0.1:25576") {
			t.Errorf("%s lacks what is harmless: %s", name, text)
		}
	}
	if len(texts) != 4 || !strings.Contains(texts["profile.toml"], "execute at @p run summon minecraft:chicken ~ ~1 ~") ||
		!strings.Contains(texts["about.txt"], version()) {
		t.Errorf("report: %q", texts)
	}
}

func TestReportOfNothingAndOfABrokenProfile(t *testing.T) {
	data := home(t)
	broken := filepath.Join(filepath.Dir(data), "broken.toml")
	if err := os.WriteFile(broken, []byte("version = 1\npassword = \"swordfish42\"\n[tiktok\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{nil, {"--profile", broken}} {
		out := filepath.Join(t.TempDir(), "r.zip")
		var stdout, stderr bytes.Buffer
		args = append([]string{"report", "--log", "off", "--secrets", filepath.Join(t.TempDir(), "none.toml"), "--out", out}, args...)
		if code := Run(t.Context(), args, &stdout, &stderr); code != exitOK {
			t.Fatalf("code %d: %s", code, stderr.String())
		}
		texts := unzip(t, out)
		if got := texts["profile.toml"]; !strings.HasPrefix(got, "# there is no profile: ") || strings.Contains(got, "swordfish") || len(texts) != 2 {
			t.Errorf("%q: %q", args, texts)
		}
	}
}

func TestARunLeavesALogAndNoCrashFile(t *testing.T) {
	data := home(t)
	elsewhere := filepath.Join(t.TempDir(), "my.log")
	if err := os.MkdirAll(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "crash-20300101T000000.000-7.txt"), []byte("panic: boo"), 0o600); err != nil {
		t.Fatal(err)
	}
	for i, args := range [][]string{nil, {"--log", elsewhere}, {"--log", "off"}} {
		var stdout, stderr bytes.Buffer
		code := Run(t.Context(), append([]string{"headless", "--for", "1ms"}, args...), &stdout, &stderr)
		if code != exitOK && !strings.Contains(stderr.String(), "There is no TikTok name") {
			t.Fatalf("code %d: %s", code, stderr.String())
		}
		if isTold := strings.Contains(stderr.String(), "crashed earlier"); isTold != (i == 0) {
			t.Errorf("run %d: the crash was told of: %v", i, isTold)
		}
		if strings.Contains(stderr.String(), "livecue starts") {
			t.Errorf("the screen gets what is for the file: %s", stderr.String())
		}
	}
	for _, path := range []string{filepath.Join(data, logbook.FileName), elsewhere} {
		if text := readFile(t, path); strings.Count(text, "livecue starts") != 1 {
			t.Errorf("%s: %s", path, text)
		}
	}
	crashes, err := filepath.Glob(filepath.Join(data, "crash-*"))
	if err != nil || !slices.Equal(crashes, []string{filepath.Join(data, "crash-20300101T000000.000-7.told.txt")}) {
		t.Errorf("left: %q, %v", crashes, err)
	}
}

func TestTheWindowGetsTheReportAndTheCrash(t *testing.T) {
	data := home(t)
	if err := os.MkdirAll(data, 0o700); err != nil {
		t.Fatal(err)
	}
	crash := "panic: dial 203.0.113.7 with kept-euler-key\n\ngoroutine 7 [running]:\nmain.main()\n"
	if err := os.WriteFile(filepath.Join(data, "crash-20300101T000000.000-7.txt"), []byte(crash), 0o600); err != nil {
		t.Fatal(err)
	}
	secretsPath, empty := filepath.Join(t.TempDir(), "s.toml"), ""
	if err := profile.FileSecrets(secretsPath).Set(profile.KeyTikTok(), "kept-euler-key"); err != nil {
		t.Fatal(err)
	}
	flags := programFlags{profile: &empty, secrets: &secretsPath, log: &empty}
	opened := func() gui.Options {
		book := logbook.Open(logbook.Options{Dir: data, File: filepath.Join(data, logbook.FileName)})
		t.Cleanup(func() { _ = book.Close() })
		var opts gui.Options
		if err := diagnose(&opts, flags, book); err != nil {
			t.Fatal(err)
		}
		return opts
	}
	opts := opened()
	if opts.LogDir != data || opts.Crash == nil || time.Since(opts.Crash.At) > time.Hour {
		t.Fatalf("%+v", opts)
	}
	want := "panic: dial [address] with [redacted]\n\ngoroutine 7 [running]:\nmain.main()\n"
	if got, err := opts.Crash.Excerpt(t.Context()); err != nil || got != want {
		t.Errorf("excerpt %q, %v", got, err)
	}
	var archive bytes.Buffer
	if err := opts.SaveReport(t.Context(), &archive); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "r.zip")
	if err := os.WriteFile(path, archive.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := unzip(t, path)["crash-20300101T000000.000-7.told.txt"]; got != want {
		t.Errorf("the report has %q", got)
	}
	if err := opts.Crash.Answer(); err != nil {
		t.Error(err)
	}
	if again := opened(); again.Crash != nil {
		t.Errorf("asked again: %+v", again.Crash)
	}
	*flags.log = logOff
	if without := opened(); without.LogDir != "" {
		t.Errorf("there is no log, but %q", without.LogDir)
	}
}

func TestTheProgramHidesItsSecrets(t *testing.T) {
	data := home(t)
	if err := os.MkdirAll(data, 0o700); err != nil {
		t.Fatal(err)
	}
	secretsPath, empty, speed := filepath.Join(data, "s.toml"), "", 1.0
	if err := profile.FileSecrets(secretsPath).Set(profile.KeyTikTok(), "kept-euler-key"); err != nil {
		t.Fatal(err)
	}
	book := logbook.Open(logbook.Options{Dir: data})
	p, err := newProgram(programFlags{profile: &empty, secrets: &secretsPath, rehearsal: &empty, speed: &speed}, profile.Default(), book)
	if err != nil {
		t.Fatal(err)
	}
	if p.journal != filepath.Join(data, "livecue.db") {
		t.Errorf("the journal is %q", p.journal)
	}
	if !p.HasSecret(profile.KeyTikTok()) {
		t.Error("the key is not found")
	}
	book.Logger().Error("signing failed", "answer", "no such kept-euler-key")
	lines := book.Recent()
	if last := lines[len(lines)-1]; strings.Contains(last.Details, "kept-euler-key") {
		t.Errorf("the log shows the key: %+v", last)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if err := book.Close(); err != nil {
		t.Error(err)
	}
}

func unzip(t *testing.T, path string) map[string]string {
	t.Helper()
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close() //nolint:errcheck // it was only read
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
