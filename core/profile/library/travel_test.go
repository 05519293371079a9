package library

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
)

const wave = "RIFF....WAVE"

// travelling is a profile with everything that matters to a journey.
func travelling(t *testing.T) profile.Profile {
	t.Helper()
	dir := t.TempDir()
	sound, picture := filepath.Join(dir, "Fan fare ♥.wav"), filepath.Join(dir, "b.PNG")
	write(t, sound, wave)
	write(t, picture, "a picture")
	secret := filepath.Join(dir, "id_rsa")
	write(t, secret, "a private key")
	follow := rule.Trigger{Kind: rule.OnFollow}
	return profile.Profile{
		Name: "Travelling", RCON: []profile.Server{{Name: "minecraft", Address: "203.0.113.5:25575"}, {Name: "other", Address: "127.0.0.1:2"}},
		TikTok:  profile.TikTok{Handle: "pixel_pia", SignerURL: "https://pia:pw@sign.example/x?api_key=abc", ProxyURL: "http://127.0.0.1:8", ProxyInsecure: true},
		OBS:     profile.OBS{Address: "203.0.113.5:4455"},
		Overlay: profile.Overlay{CSS: dir},
		Plugins: []profile.Plugin{{Name: "Counter", Program: "/bin/sh", Args: []string{"-c", "--token=abc", "sesame-open"}}},
		Rules: []rule.Rule{
			{ID: "sounds", Name: "Sounds", Trigger: follow, Actions: []action.Spec{
				{Sound: &action.Sound{File: sound}},
				{Sound: &action.Sound{File: "bundled:chime"}},
				{Pool: &action.Pool{Choices: []action.Choice{{Actions: []action.Spec{{Overlay: &action.Overlay{Image: picture, Sound: sound}}}}}}},
				{Sound: &action.Sound{File: secret}},
				{Sound: &action.Sound{File: filepath.Join(dir, "none.mp3")}},
			}},
			{ID: "game", Name: "Game", Trigger: follow, Actions: []action.Spec{{RCON: &action.RCON{Server: "minecraft", Command: "say hi sesame-open\nlist"}}}},
			{ID: "web", Name: "Web", Trigger: follow, Actions: []action.Spec{{HTTP: &action.HTTP{
				URL: "https://pia:pw@hooks.example/api/webhooks/123456789012345678/AbCdEf0123456789abcdef?token=t&user={user}", Method: "POST",
				Headers: map[string]string{"Authorization": "Bearer abc", "X-Kind": "gift"}, Body: `{"password":"pw1","text":"{nickname:json}"}`,
			}}}},
			{ID: "program", Name: "Program", Trigger: follow, Actions: []action.Spec{{Pool: &action.Pool{Choices: []action.Choice{
				{Actions: []action.Spec{{Program: &action.Program{Path: "/bin/sh", Args: []string{"-c", "--token", "abc", "--key=xyz"}}}}},
			}}}}},
			{ID: "caller", Name: "Caller", Trigger: follow, Actions: []action.Spec{{Run: &action.Run{Rule: "program"}}}},
		},
	}
}

func export(t *testing.T, p profile.Profile, secrets ...string) ([]byte, Exported) {
	t.Helper()
	var b bytes.Buffer
	done, err := Write(p, &b, secrets)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), done
}

func TestExportHoldsNoSecrets(t *testing.T) {
	p := travelling(t)
	data, done := export(t, p, "sesame-open", "x")
	if done.Files != 2 {
		t.Errorf("got %+v", done)
	}
	v, err := PreviewImport(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	text, err := profile.Encode(v.Profile)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"pw", "abc", "sesame", "AbCdEf", "token=t", "xyz", "a private key", filepath.Dir(p.Rules[0].Actions[0].Sound.File)} {
		if strings.Contains(string(text), secret) || bytes.Contains(data, []byte(secret)) {
			t.Errorf("%q is in the export:\n%s", secret, text)
		}
	}
	for _, kept := range []string{"X-Kind", "{nickname:json}", "user={user}", "hooks.example/api/webhooks/123456789012345678/HIDDEN", "sign.example/x?api_key=HIDDEN", "files/Fan-fare.wav", "files/b.png", "bundled:chime"} {
		if !strings.Contains(string(text), kept) {
			t.Errorf("%q is not in the export:\n%s", kept, text)
		}
	}
	var reasons []string
	for _, l := range done.LeftOut {
		reasons = append(reasons, l.Rule+": "+string(l.Reason))
	}
	for _, want := range []string{"Sounds: neither a sound nor a picture", "Sounds: it cannot be found", ": a folder of this computer", "Web: what looks like a password or key was taken out"} {
		if !slices.Contains(reasons, want) {
			t.Errorf("%q is not told: %q", want, reasons)
		}
	}
	if p.Rules[2].Actions[0].HTTP.Headers["Authorization"] != "Bearer abc" {
		t.Error("the export has changed the profile")
	}
}

func TestPreviewAndImport(t *testing.T) {
	data, _ := export(t, travelling(t))
	l := fixture(t)
	mine := profile.Default() // it has a server called minecraft, at another address
	if _, err := l.Create("Travelling", mine); err != nil {
		t.Fatal(err)
	}
	v, err := PreviewImport(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Files) != 2 || len(v.Missing) != 2 || len(v.Commands) != 2 || len(v.Programs) != 1 || len(v.Requests) != 1 || len(v.Settings) != 4 || profile.HasErrors(v.Issues) {
		t.Errorf("got %+v", v)
	}
	if v.Programs[0].What != `/bin/sh "-c" "--token" "HIDDEN" "--key=HIDDEN"` || v.Programs[0].RuleName != "Program" {
		t.Errorf("got %+v", v.Programs)
	}
	if got := names(t, l); len(got) != 1 {
		t.Errorf("the preview has kept something: %q", got)
	}
	e, changes, err := l.Import(v, Choices{HasSecret: func(key string) bool { return key == profile.KeyRCON("other") }})
	if err != nil {
		t.Fatal(err)
	}
	p, err := profile.Load(e.Path)
	if err != nil || e.Name != "Travelling 2" || p.Name != e.Name {
		t.Fatalf("%+v, %v", e, err)
	}
	off := map[string]bool{}
	for _, r := range p.Rules {
		off[r.ID] = r.Off
	}
	if off["sounds"] || off["game"] || !off["web"] || !off["program"] || !off["caller"] {
		t.Errorf("switched off: %v", off)
	}
	if p.TikTok != (profile.TikTok{Handle: "pixel_pia"}) || p.OBS.Address != "" || p.Overlay.CSS != "" {
		t.Errorf("settings: %+v, %+v", p.TikTok, p.OBS)
	}
	if p.RCON[0].Name != "minecraft imported" || p.RCON[1].Name != "other imported" || p.Rules[1].Actions[0].RCON.Server != "minecraft imported" {
		t.Errorf("servers: %+v", p.RCON)
	}
	if got, err := os.ReadFile(p.Rules[0].Actions[0].Sound.File); err != nil || string(got) != wave || !filepath.IsAbs(p.Rules[0].Actions[0].Sound.File) {
		t.Errorf("%q, %v", got, err)
	}
	if o := p.Rules[0].Actions[2].Pool.Choices[0].Actions[0].Overlay; o.Sound != p.Rules[0].Actions[0].Sound.File || !strings.HasSuffix(o.Image, "b.png") {
		t.Errorf("got %+v", o)
	}
	if f := p.Rules[0].Actions[3].Sound.File; filepath.Dir(f) != filepath.Join(l.data, e.ID, "missing") {
		t.Errorf("a missing file is looked for at %q", f)
	}
	if len(changes) != 3+4+2+2 {
		t.Errorf("%d changes: %+v", len(changes), changes)
	}
	if issues := p.Check(); profile.HasErrors(issues) {
		t.Errorf("issues: %+v", issues)
	}
}

// A program that starts by itself does not travel unless its owner says so, and does not run where it arrives unless its new owner does.
func TestPluginsTravelSwitchedOff(t *testing.T) {
	p := travelling(t)
	if data, done := export(t, p); bytes.Contains(data, []byte("Counter")) || !slices.Contains(done.LeftOut, LeftOut{What: "Counter", Reason: LeftPlugin}) {
		t.Errorf("left out: %+v", done.LeftOut)
	}
	var data bytes.Buffer
	if _, err := Write(p, &data, []string{"sesame-open"}, WithPlugins); err != nil {
		t.Fatal(err)
	}
	v, err := PreviewImport(&data)
	if err != nil {
		t.Fatal(err)
	}
	if d := v.Programs[len(v.Programs)-1]; d.RuleName != "Counter" || d.What != `/bin/sh "-c" "--token=HIDDEN" "HIDDEN"` {
		t.Errorf("the preview tells of %+v", d)
	}
	l := fixture(t)
	for name, isOff := range map[string]bool{"theirs": true, "mine": false} {
		e, changes, err := l.Import(v, Choices{Name: name, Trust: !isOff})
		if err != nil {
			t.Fatal(err)
		}
		got, err := profile.Load(e.Path)
		if err != nil || len(got.Plugins) != 1 || got.Plugins[0].Off != isOff || got.Plugins[0].Imported != isOff {
			t.Errorf("%s: %+v, %v", name, got.Plugins, err)
		}
		isTold := slices.ContainsFunc(changes, func(c Change) bool { return c.Kind == ChangedPlugin && c.Args[0] == "Counter" })
		if isTold != isOff {
			t.Errorf("%s: told %v: %+v", name, isTold, changes)
		}
	}
}

func TestImportOfOnesOwn(t *testing.T) {
	p := travelling(t)
	data, _ := export(t, p)
	l := fixture(t)
	v, err := PreviewImport(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	e, changes, err := l.Import(v, Choices{Name: "Mine", Trust: true})
	if err != nil || e.Name != "Mine" || len(changes) != 0 {
		t.Fatalf("%+v, %+v, %v", e, changes, err)
	}
	got, err := profile.Load(e.Path)
	if err != nil || got.RCON[0].Name != "minecraft" || got.Rules[2].Off || got.TikTok.ProxyURL == "" {
		t.Errorf("%+v, %v", got, err)
	}
	if _, _, err := l.Import(v, Choices{Name: "mine"}); !errors.Is(err, ErrName) {
		t.Error(err)
	}
	if entries, err := os.ReadDir(l.data); err != nil || len(entries) != 1 {
		t.Errorf("files of an import that failed are left: %v, %v", entries, err)
	}
}

func TestImportOfAProfileAlone(t *testing.T) {
	l := fixture(t)
	text := "version = 1\n[[rcon]]\nname = \"minecraft\"\naddress = \"127.0.0.1:25575\"\n[[rule]]\nid=\"a\"\nname=\"A\"\n[rule.trigger]\nkind=\"follow\"\n[[rule.action]]\n[rule.action.sound]\nfile='\\\\evil.example\\share\\x.wav'\n"
	v, err := PreviewImport(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	e, _, err := l.Import(v, Choices{HasSecret: func(string) bool { return false }})
	if err != nil || e.Name != "Imported" {
		t.Fatal(e, err)
	}
	p, err := profile.Load(e.Path)
	if err != nil || strings.Contains(p.Rules[0].Actions[0].Sound.File, "evil") || p.RCON[0].Name != "minecraft" {
		t.Errorf("%+v, %v", p, err)
	}
}

// pack makes a zip of entries.
func pack(t *testing.T, entries ...*zip.FileHeader) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, h := range entries {
		plain := *h
		plain.Comment = ""
		w, err := z.CreateHeader(&plain)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(h.Comment)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// entry is one of a zip; its comment is what it holds.
func entry(name, content string) *zip.FileHeader {
	return &zip.FileHeader{Name: name, Comment: content, Method: zip.Deflate}
}

func TestHostileZips(t *testing.T) {
	link := entry("files/a.wav", "/etc/passwd")
	link.SetMode(fs.ModeSymlink | 0o777)
	device := entry("files/a.wav", "x")
	device.SetMode(fs.ModeDevice)
	sound := entry(profileFile, "version = 1")
	var many []*zip.FileHeader
	for i := range maxFiles + 1 {
		many = append(many, entry(fmt.Sprintf("files/%d.wav", i), "x"))
	}
	for name, data := range map[string][]byte{
		"out of the folder":   pack(t, sound, entry("../evil.wav", "x")),
		"out of it, inside":   pack(t, sound, entry("files/../../evil.wav", "x")),
		"from the root":       pack(t, sound, entry("/etc/cron.d/evil", "x")),
		"a drive":             pack(t, sound, entry("C:evil.wav", "x")),
		"a Windows path":      pack(t, sound, entry(`files\..\..\evil.wav`, "x")),
		"a zero byte":         pack(t, sound, entry("files/a.wav\x00.png", "x")),
		"a stream of NTFS":    pack(t, sound, entry("files/a.wav:evil.exe", "x")),
		"a long name":         pack(t, sound, entry(strings.Repeat("x", 1000), "x")),
		"a symbolic link":     pack(t, sound, link),
		"a device":            pack(t, sound, device),
		"the same twice":      pack(t, sound, entry("files/a.wav", "x"), entry("files/A.WAV", "y")),
		"a bomb":              pack(t, sound, entry("files/a.wav", strings.Repeat("\x00", maxOne+1))),
		"a bomb of a profile": pack(t, entry(profileFile, strings.Repeat(" ", maxProfile+1))),
		"many files":          pack(t, append(many, sound)...),
		"many entries":        bytes.Join([][]byte{zipMagic, bytes.Repeat(zipListing, maxEntries+1)}, nil),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := PreviewImport(bytes.NewReader(data)); !errors.Is(err, ErrHostile) {
				t.Errorf("got %v", err)
			}
		})
	}
	for name, data := range map[string][]byte{
		"no profile":     pack(t, entry("files/a.wav", "x")),
		"not a zip":      []byte("PK\x03\x04 and no more"),
		"nothing":        nil,
		"a broken one":   pack(t, entry(profileFile, "version = 1\n[x")),
		"cut in half":    pack(t, sound)[:40],
		"something else": []byte("\x89PNG\r\n\x1a\n"),
	} {
		if _, err := PreviewImport(bytes.NewReader(data)); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	v, err := PreviewImport(bytes.NewReader(pack(t, sound, entry("__MACOSX/x", "x"), entry("files/run.exe", "x"), entry("files/sub/a.wav", "x"))))
	if err != nil || len(v.Ignored) != 3 || len(v.Files) != 0 {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestBombsTogetherAreBounded(t *testing.T) {
	entries := []*zip.FileHeader{entry(profileFile, "version = 1")}
	for i := range 10 {
		entries = append(entries, entry(fmt.Sprintf("files/%d.wav", i), strings.Repeat("\x00", 1000)))
	}
	data := pack(t, entries...)
	if _, err := readArchive(bytes.NewReader(data), limits{one: 1000, all: 9000}); !errors.Is(err, ErrHostile) {
		t.Errorf("got %v", err)
	}
	if a, err := readArchive(bytes.NewReader(data), limits{one: 1000, all: 11_000}); err != nil || len(a.files) != 10 {
		t.Errorf("%d files, %v", len(a.files), err)
	}
}

func TestExportLeavesOutWhatIsTooLarge(t *testing.T) {
	p := travelling(t)
	if err := os.Truncate(p.Rules[0].Actions[0].Sound.File, maxOne+1); err != nil {
		t.Fatal(err)
	}
	if _, done := export(t, p); done.Files != 1 || !slices.ContainsFunc(done.LeftOut, func(l LeftOut) bool { return strings.Contains(string(l.Reason), "larger") }) {
		t.Errorf("got %+v", done)
	}
}

func FuzzPreviewImport(f *testing.F) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	if w, err := z.Create(profileFile); err == nil {
		_, _ = w.Write([]byte("version = 1\nname = \"x\"\n")) // a seed need not be right
	}
	_ = z.Close()
	f.Add(b.Bytes())
	f.Add([]byte("version = 1\n[[rule]]\nid=\"a\"\n[[rule.action]]\n[rule.action.run]\nrule=\"a\"\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := PreviewImport(bytes.NewReader(data))
		if err != nil {
			return
		}
		l := New(Options{Dir: t.TempDir(), Data: t.TempDir()})
		e, _, err := l.Import(v, Choices{})
		if err != nil {
			return
		}
		p, err := profile.Load(e.Path)
		if err != nil {
			t.Fatal(err)
		}
		eachFile(&p, func(_ *rule.Rule, file *string) {
			if !strings.HasPrefix(*file, filepath.Join(l.data, e.ID)+string(filepath.Separator)) {
				t.Errorf("a rule names %q", *file)
			}
		})
		for _, r := range p.Rules {
			if risky(p.Rules)[r.ID] && !r.Off {
				t.Errorf("rule %q is on", r.ID)
			}
		}
	})
}
