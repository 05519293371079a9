package overlay

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"github.com/livecue/livecue/core/action"
)

func TestClean(t *testing.T) {
	for name, c := range map[string]struct {
		in, want string
		most     int
	}{
		"plain":              {"Pixel Pia", "Pixel Pia", 40},
		"cut":                {"abcdef", "abc…", 3},
		"just fits":          {"abc", "abc", 3},
		"emoji in one piece": {"👨‍👩‍👧‍👦🏳️‍🌈🏴󠁧󠁢󠁥󠁮󠁧󠁿x", "👨‍👩‍👧‍👦🏳️‍🌈🏴󠁧󠁢󠁥󠁮󠁧󠁿…", 3},
		"control characters": {"a\x00b\tc\nd\x1b[31m\u007f", "a b c d [31m", 40},
		"direction":          {"\u202egnp.exe\u202c\u2066x\u2069\u200f", "gnp.exex", 40},
		"too many marks":     {"e" + strings.Repeat("\u0301", 50) + "x", "e\u0301\u0301\u0301x", 40},
		"arabic":             {"مرحبا بِكُمْ", "مرحبا بِكُمْ", 40},
		"joiner of persian":  {"می\u200cخواهم", "می\u200cخواهم", 40},
		"not UTF-8":          {"a\xff\xfeb", "a\uFFFD\uFFFDb", 40},
		"nothing to see":     {"\u200b\u2060\ufeff \n", "", 40},
		"private use":        {"a\ue000b", "ab", 40},
	} {
		t.Run(name, func(t *testing.T) {
			if got := clean(c.in, c.most); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestParts(t *testing.T) {
	fields := action.Fields{Nickname: "Pia\x00<b>", Gift: "Rose", Count: 3, Comment: strings.Repeat("x", 1000)}
	got := parts("\x00{nickname} & {nickname:json}:\n{count}x{gift} {nothing} {args}!", fields)
	want := []part{
		{"Pia <b>", true}, {" & ", false}, {"Pia <b>", true}, {":\n", false}, {"3", true}, {"x", false}, {"Rose", true}, {" {nothing} ", false}, {"!", false},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if long := parts("{comment}", fields); len(long) != 1 || utf8.RuneCountInString(long[0].Text) != maxCommentShown+1 {
		t.Errorf("a long comment is %+v", long)
	}
}

func TestPicturesComeFromThePlatform(t *testing.T) {
	for address, isKept := range map[string]bool{
		"https://p16-webcast.tiktokcdn.com/img/rose.png~tplv":    true,
		"https://p16-sign.tiktokcdn-us.com/a?x=1&y=2":            true,
		"http://p16.tiktokcdn.com/a":                             false,
		"https://tiktokcdn.com.evil.example/a":                   false,
		"https://eviltiktokcdn.com/a":                            false,
		"https://x:y@p16.tiktokcdn.com/a":                        false,
		"https://p16.tiktokcdn.com:8443/a":                       false,
		"javascript:alert(1)":                                    false,
		"data:text/html,x":                                       false,
		"":                                                       false,
		"https://p16.tiktokcdn.com/" + strings.Repeat("x", 2000): false,
	} {
		if got := picture(address) != ""; got != isKept {
			t.Errorf("%q: %v", address, got)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, seed := range []string{"Pixel Pia", "👨‍👩‍👧‍👦", "\u202eabc", "e\u0301\u0301\u0301\u0301", "\xff\x00"} {
		f.Add(seed, 5)
	}
	f.Fuzz(func(t *testing.T, text string, most int) {
		most = min(max(most, 1), 400)
		got := clean(text, most)
		switch {
		case !utf8.ValidString(got):
			t.Errorf("%q is not UTF-8", got)
		case strings.ContainsAny(got, "\x00\n\r\t\u202a\u202b\u202d\u202e\u2066\u2067\u2068"):
			t.Errorf("%q is not clean", got)
		case uniseg.GraphemeClusterCount(got) > most+1:
			t.Errorf("%q has more than %d characters", got, most)
		}
	})
}
