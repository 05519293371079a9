package speech

import (
	"context"
	"encoding/base64"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/livecue/livecue/core/action"
)

func TestWithoutAProgram(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for system, want := range map[string]string{"linux": "install the package espeak-ng", "windows": "PowerShell", "darwin": "say"} {
		s := New(&listener{}, Settings{}, nil)
		s.system = system
		_, err := s.Do(t.Context(), job(action.Speech{Text: "hello"}))
		if !action.IsBlocked(err) || !errors.Is(err, ErrNoProgram) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", system, err)
		}
		if _, err := s.Voices(t.Context()); !errors.Is(err, ErrNoProgram) {
			t.Errorf("%s: %v", system, err)
		}
	}
}

// A stand-in for each program notes how it is called: the text must come on its input.
const note = `for a in "$@"; do echo "$a"; done >> %/args; cat >> %/text; `

func TestSay(t *testing.T) {
	dir := program(t, "say", note+`printf wave > "$4"`)
	l := &listener{}
	if err := (sayer{dir + "/say"}).say(t.Context(), utterance{text: "hello -v x", voice: "Bad News", rate: 200}, func(wav []byte) error {
		return l.PlayOut(t.Context(), wav, 0)
	}); err != nil {
		t.Fatal(err)
	}
	if text := read(t, dir, "text"); text != "hello -v x" || string(l.heard()[0]) != "wave" {
		t.Errorf("it was told %q, and gave %q", text, l.heard())
	}
	got := sayVoices("Alex                en_US    # Most people recognize me by my voice.\nBad News            en_US    # x\nAmélie (Enhanced)   fr_CA    # y\n\n")
	want := []Voice{{"Alex", "Alex", "en-US"}, {"Bad News", "Bad News", "en-US"}, {"Amélie (Enhanced)", "Amélie (Enhanced)", "fr-CA"}}
	if !slices.Equal(got, want) {
		t.Errorf("voices %+v", got)
	}
}

func TestSAPI(t *testing.T) {
	dir := program(t, "powershell.exe", note+`echo "$LIVECUE_SPEECH_VOICE $LIVECUE_SPEECH_RATE"`)
	l := &listener{}
	s := New(l, Settings{Voice: "Zira", Rate: 300}, nil)
	s.system = "windows"
	const text = "hello, Stop-Computer"
	if o, err := s.Do(t.Context(), job(action.Speech{Text: text})); err != nil || o.State != action.Done {
		t.Fatalf("%+v, %v", o, err)
	}
	args := strings.Split(strings.TrimSpace(read(t, dir, "args")), "\n")
	script, err := base64.StdEncoding.DecodeString(args[len(args)-1])
	if err != nil || strings.ReplaceAll(string(script), "\x00", "") != sapiSay {
		t.Errorf("the script is %q, %v", script, err)
	}
	if got := read(t, dir, "text"); got != text || strings.Contains(strings.Join(args, ""), "Stop-Computer") {
		t.Errorf("it was told %q with %q", got, args)
	}
	if got := string(l.heard()[0]); got != "Zira 10\n" {
		t.Errorf("voice and speed were %q", got)
	}
	for rate, want := range map[int]int{50: -6, 100: 0, 150: 4, 300: 10, 1000: 10, 1: -10} {
		if got := sapiRate(rate); got != want {
			t.Errorf("%d %% is %d, want %d", rate, got, want)
		}
	}
}

func TestAProgramInTrouble(t *testing.T) {
	for name, text := range map[string]string{
		"it fails":          "echo no data >&2; exit 3",
		"it floods":         "cat /dev/zero",
		"it fails and goes": "kill -9 $$",
	} {
		program(t, "espeak-ng", text)
		_, err := New(&listener{}, Settings{}, nil).Do(t.Context(), job(action.Speech{Text: "hello"}))
		if !action.IsPermanent(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAProgramThatHangsIsGivenUp(t *testing.T) {
	dir := program(t, "espeak-ng", "echo > %/begun; exec sleep 1000")
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		await(t, "the program", func() bool { return fileExists(dir + "/begun") })
		cancel()
	}()
	if _, err := New(&listener{}, Settings{}, nil).Do(ctx, job(action.Speech{Text: "hello"})); !errors.Is(err, context.Canceled) || action.IsPermanent(err) {
		t.Errorf("got %v", err)
	}
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func TestDispatcherTables(t *testing.T) {
	got := dispatcherVoices("                 NAME                 LANGUAGE                  VARIANT\n   English (America)+Alex     en-us       Alex\n\n")
	if want := []Voice{{"English (America)+Alex", "English (America)+Alex", "en-us"}}; !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
	for rate, want := range map[int]int{50: -100, 75: -50, 100: 0, 200: 50, 300: 100} {
		if got := scale(rate); got != want {
			t.Errorf("%d %% is %d, want %d", rate, got, want)
		}
	}
}
