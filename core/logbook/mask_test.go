package logbook

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// planted is a secret that no output may show, nor a part of it.
const planted = "hunter2-Zebra"

func TestTextHidesWhatLooksLikeASecret(t *testing.T) {
	for _, text := range []string{
		"password=" + planted,
		"PASSWORD : " + planted,
		`{"password":"` + planted + `"}`,
		`{"a":{"apiKey" : "x` + planted + ` y"}}`,
		`"{\"apiKey\":\"` + planted + `\"}"`,
		`password = 'with spaces ` + planted + `'`,
		`password = "a \" quote ` + planted,
		"{Name:mc Password:" + planted + "}",
		"map[Cookie:[a=b; sessionid=" + planted + "]]",
		"Cookie: ttwid=1; other=" + planted + "; x=y",
		"Set-Cookie: sid_tt=" + planted,
		"Authorization: Bearer " + planted,
		"authorization: basic " + planted,
		"sent bearer " + planted,
		`Get "https://sign.example/fetch?room_id=1&apiKey=` + planted + `&client=x": timeout`,
		"wss://socket.example/?uniqueId=pixel_pia&jwtKey=" + planted,
		"https://a.example/?next=https%3A%2F%2Fb.example%3Ftoken%3D" + planted,
		"https://a.example/?msToken=" + planted + "&X-Bogus=" + planted,
		"http://user:" + planted + "@proxy.example:8080/",
		"http://" + planted + "@proxy.example",
		`parse "http://user:a/b/` + planted + `@proxy.example": invalid port`,
		"http://user:a@b" + planted + "@proxy.example",
		"https%3A%2F%2Fuser:" + planted + "@proxy.example",
		`{"url":"http:\/\/user:` + planted + `@proxy.example"}`,
		"proxy user:" + planted + "@proxy.example:8080 refused",
		"error: password: " + planted,
		"a=b=token=" + planted,
		"rcon_key: " + planted,
		"key=>" + planted,
		`["token"]="` + planted + `"`,
		"got eyJhbGciOiJIUzI1NiJ9.eyJrIjoi" + planted + ".sig-nature",
	} {
		got := (&Mask{}).Text(text)
		if strings.Contains(got, "hunter2") || strings.Contains(got, "Zebra") || !strings.Contains(got, hidden) {
			t.Errorf("%s\n  shows %s", text, got)
		}
	}
}

func TestTextLeavesWhatIsHarmless(t *testing.T) {
	for _, text := range []string{
		"dial tcp 127.0.0.1:25575: connect: connection refused",
		"https://www.tiktok.com/@pixel_pia/live",
		"say monkey=banana; a keyboard: good",
		"the keyring did not answer",
		"bearer of news",
		"14:03:59 rose x5 → lane rcon:mc",
		"a=b: c=d",
	} {
		if got := (&Mask{}).Text(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestRegisteredSecretsAreHiddenInEverySpelling(t *testing.T) {
	for _, secret := range []string{planted, `q"uo\te <&> ü`, "sp ace/sl+ash?=%", "line\nbreak", "bell\abell", " padded ", "ŝeĉret"} {
		m := &Mask{}
		m.Redact(secret)
		body, err := json.Marshal(secret)
		if err != nil {
			t.Fatal(err)
		}
		for _, spelt := range []string{
			secret, clean(secret), strings.TrimSpace(secret), strconv.Quote(secret), string(body), url.QueryEscape(secret),
			escape.ReplaceAllStringFunc(url.PathEscape(secret), strings.ToLower), base64.StdEncoding.EncodeToString([]byte(secret)),
			fmt.Sprintf("%q", secret), "in" + secret + "side",
		} {
			got := m.Text("before " + spelt + " after")
			if !strings.Contains(got, hidden) || strings.Contains(got, strings.Trim(spelt, `"`)) {
				t.Errorf("%q as %q shows %q", secret, spelt, got)
			}
			if got := m.Document("1\nbefore " + spelt + " after\n2"); strings.Contains(got, strings.Trim(spelt, `"`)) {
				t.Errorf("%q as %q in a document shows %q", secret, spelt, got)
			}
		}
	}
}

func TestRegisteredSecretsThatOverlapLeaveNoRest(t *testing.T) {
	m := &Mask{}
	for _, secret := range []string{"abcdef", "defghi", "abcd", "", "   ", "qq"} {
		m.Redact(secret)
	}
	for text, want := range map[string]string{
		"xabcdefghix":       "x[redacted]x",
		"abcdabcdef":        "[redacted][redacted]",
		"a qq b, aqqb, qq.": "a [redacted] b, aqqb, [redacted].",
		"ab\x00cd\x1bef":    hidden,
		"nothing to hide":   "nothing to hide",
	} {
		if got := m.Text(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestTextCutsWithoutShowingHalfASecret(t *testing.T) {
	m := &Mask{}
	m.Redact(planted)
	for _, around := range []int{maxText, maxRead} {
		for shift := range len(planted) + 2 {
			got := m.Text(strings.Repeat("ä ", (around-shift)/3) + planted + strings.Repeat(" tail", 99))
			if strings.Contains(got, "hun") || len(got) > maxText+len("…") || !utf8.ValidString(got) {
				t.Fatalf("shift %d: %d bytes, end %q", shift, len(got), got[len(got)-30:])
			}
		}
	}
	address := m.Text("password=" + strings.Repeat("x", maxRead-40) + " http://user:longer" + strings.Repeat("y", 100) + "@a.example")
	if strings.Contains(address, "yyy") {
		t.Errorf("half an address shows its password: %q", address)
	}
}

func TestTextIsOneLineOfVisibleCharacters(t *testing.T) {
	got := (&Mask{}).Text("a\r\nlevel=ERROR\x1b[31m\u202eevil\u2066\u2028x\xff\x00")
	if got != "a level=ERROR[31mevil x\uFFFD" {
		t.Errorf("%q", got)
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"password=x", "a=a=a:a=key=\"", "http://a:b@c", planted, "\x00\xff\\\"", "cookie: a;b'"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		m := &Mask{}
		m.Redact(planted)
		got := m.Text(before + planted + after)
		if strings.Contains(got, planted) || strings.ContainsFunc(got, unicode.IsControl) || !utf8.ValidString(got) ||
			len(got) > maxText+len("…") {
			t.Errorf("%q", got)
		}
		if got := m.Document(before + planted + after); strings.Contains(got, planted) {
			t.Errorf("document: %q", got)
		}
	})
}
