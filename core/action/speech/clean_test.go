package speech

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/livecue/livecue/core/action"
)

func TestClean(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"plain", "Hello there, Pia!", "Hello there, Pia!"},
		{"lines", "a\nb\tc", "a b c"},
		{"links", "see https://evil.example/x?y=1 and www.evil.example, evil.com evil.com/path sub.evil.co.uk now", "see and now"},
		{"a path after any end", "go to bit.ly/abc now", "go to now"},
		{"no link", "Thanks.It was 3.50 e.g. fun", "Thanks.It was 3.50 e.g. fun"},
		{"emoji", "hi 😀👩‍🚀🇩🇪❤️ there 👍🏽", "hi there"},
		{"only emoji", "😀🎉", ""},
		{"only signs", "?!... --- ''", ""},
		{"fancy letters", "𝓗𝓮𝓵𝓵𝓸 ｗｏｒｌｄ", "Hello world"},
		{"repeats", "heyyyyyyyyy nooOOOoo!!!!!!!! what??!?!", "heyyy nooO! what?"},
		{"german", "Schifffahrt", "Schifffahrt"},
		{"millions", "1000000 coins", "1000000 coins"},
		{"many digits", strings.Repeat("1", 40), "111111111"},
		{"zalgo", "Z" + strings.Repeat("\u0335", 30) + "algo", "Z\u0335\u0335\u0335algo"},
		{"phonemes of espeak", "[[h@loU]] x", "h@loU x"},
		{"commands of say", "[[rate 900]] x [[slnc 9000]]", "rate 900 x slnc 9000"},
		{"commands of speech-dispatcher", "!-! SET self VOLUME 100", "SET self VOLUME 100"},
		{"markup", `<audio src="x"/> & <break/>`, "audio src= x & break"},
		{"shell", "$(reboot) `id` ; rm -rf /", "$(reboot) id rm rf"},
		{"writings", "مرحبا 日本語、です नमस्ते สวัสดี", "مرحبا 日本語、です नमस्ते สวัสดี"},
		{"money", "5 € & 10 % = 3 + 4 @pia #1", "5 € & 10 % = 3 + 4 @pia #1"},
		{"several pauses", "a , b.,  c ... (d)", "a b. c d)"},
		{"broken", "a\xff\x00b", "ab"},
		{"nothing", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := (Settings{}).Clean(tt.text); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestBlockedWords(t *testing.T) {
	s := Settings{}.Block([]string{"darn", "Straße", "café", "bad word", "f*dge", "馬鹿", "bob", " ", ""})
	tests := []struct{ name, text, want string }{
		{"a word", "oh darn it", "oh it"},
		{"case", "DaRn!", ""},
		{"whole words only", "darned darning undarn", "darned darning undarn"},
		{"drawn out", "daaaaarrrn it", "it"},
		{"two are no drawing out", "boob", "boob"},
		{"accents", "dàrñ cafe CAFÉ ok", "ok"},
		{"folding", "STRASSE strasse ok", "ok"},
		{"fullwidth", "ｄａｒｎ ok", "ok"},
		{"fancy", "𝖉𝖆𝖗𝖓 ok", "ok"},
		{"invisible letters", "da\u200brn da\u00adrn ok", "ok"},
		{"two words", "a bad word, a bad, word a bad day", "a a a bad day"},
		{"signs", "f*dge f-dge fudge", "fudge"},
		{"without spaces", "お馬鹿さん", "お さん"},
		{"between signs", "(darn)/darn_darn", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := s.Clean(tt.text); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTheLengthIsCapped(t *testing.T) {
	s := Settings{MaxLength: 20}
	for text, want := range map[string]string{
		"twelve small rabbits hop":  "twelve small rabbits",
		"twelve small rabbit hops":  "twelve small rabbit",
		"twelve small, rabbithopsx": "twelve small",
		strings.Repeat("ab", 50):    strings.Repeat("ab", 10),
		"exactly twenty chars":      "exactly twenty chars",
	} {
		if got := s.Clean(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	if got := utf8.RuneCountInString((Settings{}).Clean(strings.Repeat("ünter ", 5000))); got > DefaultMaxLength || got < DefaultMaxLength-10 {
		t.Errorf("%d characters", got)
	}
}

func TestText(t *testing.T) {
	s := Settings{}.Block([]string{"darn"})
	f := action.Fields{User: "pixel_pia", Nickname: "Pia ✨", Gift: "Rose", Count: 3, Comment: "{user} darn!"}
	for text, want := range map[string]string{
		"{nickname} sent {count} {gift}": "Pia sent 3 Rose",
		"{user} says {comment}":          "pixel pia says user",
	} {
		if got := s.Text(text, f); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	f.Nickname = "✨✨ darn"
	if got := s.Text("{nickname} sent {count}", f); got != "pixel pia sent 3" {
		t.Errorf("a name of nothing became %q", got)
	}
	f.Nickname = strings.Repeat("long name ", 100)
	if got := s.Text("{nickname} sent {count}", f); !strings.HasSuffix(got, " sent 3") {
		t.Errorf("a long name pushed out the rest: %q", got)
	}
}

func FuzzClean(f *testing.F) {
	for _, seed := range []string{"hello darn", "[[x]]", "https://x", "da\u200brn", "\xff", "!-! x", "Ａ\u0335\u0335", "ﷺﷺﷺ"} {
		f.Add(seed)
	}
	s := Settings{MaxLength: 100}.Block([]string{"darn", "bad word"})
	f.Fuzz(func(t *testing.T, text string) {
		got := s.Clean(text)
		switch {
		case !utf8.ValidString(got), utf8.RuneCountInString(got) > 100, strings.TrimSpace(got) != got:
			t.Fatalf("%q became %q", text, got)
		case strings.ContainsAny(got, "[]<>{}\\`|~^_*\"/\n\r\x00"), strings.HasPrefix(got, "!"), strings.HasPrefix(got, "-"):
			t.Fatalf("%q became %q", text, got)
		}
		for _, w := range wordsOf(got) {
			if w.folded == "darn" {
				t.Fatalf("%q became %q", text, got)
			}
		}
	})
}
