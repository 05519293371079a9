package action

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPrintable(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"plain", "Pixel Pia", "Pixel Pia"},
		{"lines", "  a\r\n\tb \u2028c  ", "a b c"},
		{"controls", "a\x00b\x1b[31mc\u202ed", "ab[31mcd"},
		{"broken", "a\xff\xfeb\uFFFD", "ab"},
		{"emoji", "👩‍🚀 ünï", "👩‍🚀 ünï"},
		{"cut", "abcdefghijkl", "abcdefghij"},
		{"cut at a space", "abcdefghi jkl", "abcdefghij"},
		{"nothing", " \n\x00", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Printable(tt.text, 10); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func FuzzPrintable(f *testing.F) {
	f.Add("a \n b\xff", 3)
	f.Fuzz(func(t *testing.T, text string, most int) {
		most = max(0, min(most, 1000))
		got := Printable(text, most)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > most || strings.ContainsAny(got, "\x00\r\n\t\x1b") {
			t.Errorf("%q became %q", text, got)
		}
	})
}
