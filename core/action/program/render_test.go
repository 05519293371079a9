package program

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/livecue/livecue/core/action"
)

func TestHostileTextIsNoOption(t *testing.T) {
	tests := []struct{ text, unix, windows string }{
		{"pixel_pia", "pixel_pia", "pixel_pia"},
		{"-rf", "rf", "rf"},
		{"--config=/etc/passwd", "config=/etc/passwd", "config=/etc/passwd"},
		{" - -x", "x", "x"},
		{"\x00-x", "x", "x"},
		{"\u200e-x", "x", "x"},
		{"\xff--x", "x", "x"},
		{"@/etc/passwd", "/etc/passwd", "etc/passwd"},
		{"/S", "/S", "S"},
		{"+set x", "set x", "set x"},
		{"---", "", ""},
		{"a\nb\r\n-c", "a b -c", "a b -c"},
		{`" & calc "`, `" & calc "`, `" & calc "`}, // one argument, whatever is in it
		{"$(reboot) `id` %PATH% {count}", "$(reboot) `id` %PATH% {count}", "$(reboot) `id` %PATH% {count}"},
		{strings.Repeat("ü", 5000), strings.Repeat("ü", maxRunes), strings.Repeat("ü", maxRunes)},
	}
	spec := action.Program{Args: []string{"-n", "{nickname}", "--count={count}", "{comment}"}}
	for _, tt := range tests {
		f := action.Fields{Nickname: tt.text, Comment: tt.text, Count: 3}
		for goos, want := range map[string]string{"linux": tt.unix, "windows": tt.windows} {
			if got := render(spec, f, goos); !slices.Equal(got, []string{"-n", want, "--count=3", want}) {
				t.Errorf("%s: %q became %q, want %q", goos, tt.text, got, want)
			}
		}
	}
}

func TestBatchFiles(t *testing.T) {
	for path, want := range map[string]bool{
		`C:\a\run.bat`: true, `C:\a\RUN.CMD`: true, `C:\a\run.bat. .`: true, `C:\a\run.exe`: false, `C:\a.bat\run`: false, "run.ps1": false,
	} {
		if got := isBatch(path, "windows"); got != want {
			t.Errorf("%s: %v", path, got)
		}
		if isBatch(path, "linux") {
			t.Errorf("%s is a batch file on Linux", path)
		}
	}
	for arg, want := range map[string]bool{"{nickname}": true, "{user:json}": true, "x": false, "{count}": false, "{usr}": false} {
		if got := hasViewerText(action.Program{Args: []string{"a", arg}}); got != want {
			t.Errorf("%s: %v", arg, got)
		}
	}
}

func TestEnvironment(t *testing.T) {
	t.Setenv("LIVECUE_RCON_MINECRAFT_PASSWORD", "hush")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "hush")
	t.Setenv("LC_TIME", "de_DE.UTF-8")
	t.Setenv("PATH", "/some/path")
	f := action.Fields{
		User: "pixel_pia & calc", Nickname: "Pia\n\x00% & calc", Gift: "Rose", GiftID: 5655, Count: 3, Coins: 1, TotalCoins: 3,
		Comment: "!go now", Args: "now", Likes: 7,
	}
	env := environment(f, false, "linux")
	for _, want := range []string{
		"LC_TIME=de_DE.UTF-8", "PATH=/some/path", "LIVECUE_USER=pixel_piacalc", "LIVECUE_NICKNAME=Pia % & calc", "LIVECUE_GIFT=Rose",
		"LIVECUE_GIFT_ID=5655", "LIVECUE_COUNT=3", "LIVECUE_COINS=1", "LIVECUE_TOTAL_COINS=3", "LIVECUE_COMMENT=!go now", "LIVECUE_ARGS=now",
		"LIVECUE_LIKES=7",
	} {
		if !slices.Contains(env, want) {
			t.Errorf("%s is missing", want)
		}
	}
	for _, pair := range slices.Concat(env, environment(f, true, "windows")) {
		if strings.Contains(pair, "hush") || strings.ContainsRune(pair, 0) {
			t.Errorf("the program gets %q", pair)
		}
	}
	for _, pair := range environment(f, true, "windows") {
		if value, isOurs := strings.CutPrefix(pair, "LIVECUE_"); isOurs && strings.ContainsAny(value, "&%!\" ") {
			t.Errorf("a batch file gets %q", pair)
		}
	}
}

func FuzzRender(f *testing.F) {
	for _, seed := range []string{"pixel_pia", "--help", "\x00", "\u202e-x", "{comment}", "@@-@"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, goos := range []string{"linux", "windows"} {
			args := render(action.Program{Args: []string{"{nickname}", "x"}}, action.Fields{Nickname: text}, goos)
			if len(args) != 2 || !utf8.ValidString(args[0]) || strings.ContainsAny(args[0], "\x00\r\n") {
				t.Fatalf("%q became %q", text, args)
			}
			if args[0] != "" && strings.ContainsAny(args[0][:1], "-+@ ") {
				t.Fatalf("%q became %q", text, args)
			}
		}
	})
}
