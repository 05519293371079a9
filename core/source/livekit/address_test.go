package livekit

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/livecue/livecue/core/event"
)

func TestParseURL(t *testing.T) {
	for _, c := range []struct {
		text, want string
		isOpen     bool
	}{
		{"example.livekit.cloud", "wss://example.livekit.cloud", false},
		{" localhost:7880 ", "ws://localhost:7880", false},
		{"127.0.0.1:7880", "ws://127.0.0.1:7880", false},
		{"https://example.com/", "wss://example.com", false},
		{"http://192.0.2.7:7880", "ws://192.0.2.7:7880", true},
		{"ws://example.com", "ws://example.com", true},
		{"ws://[::1]:7880/base/", "ws://[::1]:7880/base", false},
		{"", "", false},
		{"ftp://example.com", "", false},
		{"wss://", "", false},
		{"wss://pia:secret@example.com", "", false},
		{"wss://example.com?access_token=x", "", false},
		{"wss://a b", "", false},
		{"\x00", "", false},
	} {
		got, err := ParseURL(c.text)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("ParseURL(%q) = %q, %v, want %q", c.text, got, err, c.want)
		}
		if got := IsOpen(c.text); got != c.isOpen {
			t.Errorf("IsOpen(%q) = %t", c.text, got)
		}
	}
}

func TestTokensThatAreNone(t *testing.T) {
	for _, token := range []string{"", "abc", "a.b.c", "a.!!.c", "a." + strings.Repeat("e30", 8000) + ".c", "\xff.\xff.\xff"} {
		if _, err := New(Options{URL: "ws://127.0.0.1", Token: token}); err == nil || token != "" && strings.Contains(err.Error(), token) {
			t.Errorf("%.20q: %v", token, err)
		}
	}
}

func TestSecretsAreTakenOut(t *testing.T) {
	token := strings.Repeat("eyJhbGciOi", 3) + "." + strings.Repeat("eyJpc3Mi", 3) + "." + strings.Repeat("x-_9", 10)
	for _, text := range []string{"token " + token + " refused", "GET ws://host/rtc?a=b&access_token=" + token + "&c=d", "access_token=short&x"} {
		if got := withoutSecrets(text); strings.Contains(got, token) || strings.Contains(got, "short") {
			t.Errorf("%q became %q", text, got)
		}
	}
}

// Whatever participants say becomes text that can be kept and shown, of a size that is bounded.
func TestHostileTexts(t *testing.T) {
	for _, payload := range [][]byte{
		nil,
		{0},
		[]byte("\xff\xfe"), bytes.Repeat([]byte("🦀"), 1<<20), bytes.Repeat([]byte{0xf0}, 1<<20), []byte("a\xed\xa0\x80b"),
		append(bytes.Repeat([]byte("x"), maxText-1), "🦀"...),
	} {
		e := dataOf(event.Head{}, newUser(string(payload), string(payload)), string(payload), payload)
		for _, text := range []string{e.Text, e.Topic, e.User.Handle, e.User.Nickname, attributesText(map[string]string{string(payload): string(payload)})} {
			if !utf8.ValidString(text) || len(text) > maxText {
				t.Errorf("%d bytes became %d, valid: %t", len(payload), len(text), utf8.ValidString(text))
			}
		}
		if e.Size != len(payload) || e.IsCut != (len(e.Text) == 0 && len(payload) > 0 || !e.IsBase64 && len(e.Text) < len(payload) || e.IsBase64 && len(payload) > maxBytes) {
			t.Errorf("%d bytes: size %d, cut %t, %d of text", len(payload), e.Size, e.IsCut, len(e.Text))
		}
	}
	if userOf(nil) != (event.User{}) || trackOf(nil) != (event.Track{}) {
		t.Error("nobody is somebody")
	}
}
