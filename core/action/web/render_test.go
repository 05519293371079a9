package web

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/livecue/livecue/core/action"
)

func TestRenderURL(t *testing.T) {
	tests := []struct{ name, text, value, want string }{
		{"path", "http://h/a/{nickname}/b", "Pia & Tom", "http://h/a/Pia%20&%20Tom/b"},
		{"query", "http://h/a?n={nickname}&c={count}", "Pia & Tom=1#x", "http://h/a?n=Pia+%26+Tom%3D1%23x&c=3"},
		{"no way up", "http://h/a/{nickname}/b", "../../admin", "http://h/a/.._.._admin/b"},
		{"no way up with backslashes", "http://h/a/{nickname}/b", `..\..`, "http://h/a/.._../b"},
		{"dots alone", "http://h/a/{nickname}/b", "..", "http://h/a/__/b"},
		{"no query of its own", "http://h/{nickname}", "x?admin=1", "http://h/x%3Fadmin=1"},
		{"controls", "http://h/a?n={nickname}", "a\r\nHost: x\x00", "http://h/a?n=a+Host%3A+x"},
		{"a question mark in the query", "http://h/a?b=?&n={nickname}", "?", "http://h/a?b=?&n=%3F"},
		{"json means nothing", "http://h/{nickname:json}", `"`, "http://h/%22"},
		{"the fragment is not sent", "http://h/a#{nickname}", "x", "http://h/a"},
		{"not expanded again", "http://h/{nickname}", "{count}", "http://h/%7Bcount%7D"},
		{"unicode", "http://h/{nickname}", "日本", "http://h/%E6%97%A5%E6%9C%AC"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := Render(action.HTTP{URL: tt.text}, action.Fields{Nickname: tt.value, Count: 3})
			if err != nil {
				t.Fatal(err)
			}
			if got := r.URL.String(); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestRenderBody(t *testing.T) {
	const hostile = `Pia","admin":true,"x":"<b>&` + "\n"
	form := map[string]string{"content-type": "application/x-www-form-urlencoded"}
	text := map[string]string{"Content-Type": "text/plain; charset=utf-8"}
	tests := []struct {
		name, body string
		headers    map[string]string
		want, kind string
	}{
		{"json", `{"n":"{nickname}","c":{count}}`, nil, `{"n":"Pia\",\"admin\":true,\"x\":\"\u003cb\u003e\u0026","c":3}`, "application/json"},
		{"json with a modifier", `["{nickname:json}"]`, nil, `["Pia\",\"admin\":true,\"x\":\"\u003cb\u003e\u0026"]`, "application/json"},
		{"form", "a=1&n={nickname}", form, "a=1&n=Pia%22%2C%22admin%22%3Atrue%2C%22x%22%3A%22%3Cb%3E%26", "application/x-www-form-urlencoded"},
		{"text", "from {nickname}!", text, `from Pia","admin":true,"x":"<b>&!`, "text/plain; charset=utf-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := Render(action.HTTP{URL: "http://h/", Body: tt.body, Headers: tt.headers}, action.Fields{Nickname: hostile, Count: 3})
			if err != nil {
				t.Fatal(err)
			}
			if string(r.Body) != tt.want || r.Header.Get("Content-Type") != tt.kind || r.Method != "POST" {
				t.Errorf("got %s %s %s\nwant %s", r.Method, r.Header.Get("Content-Type"), r.Body, tt.want)
			}
		})
	}
}

func TestRenderRefuses(t *testing.T) {
	for name, spec := range map[string]action.HTTP{
		"a text outside quotation marks": {URL: "http://h/", Body: `{"n":{nickname}}`},
		"no JSON":                        {URL: "http://h/", Body: "hello"},
		"no address":                     {},
		"another scheme":                 {URL: "file:///etc/passwd"},
		"a viewer's server":              {URL: "http://{user}/"},
		"nonsense":                       {URL: "http://h/%zz?token=hush"},
		"an unknown method":              {URL: "http://h/", Method: "BREW"},
		"a header of two lines":          {URL: "http://h/", Headers: map[string]string{"X": "a\r\nb"}},
	} {
		_, err := Render(spec, action.Fields{Nickname: "1"})
		if err == nil || !action.IsPermanent(err) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzRender(f *testing.F) {
	for _, seed := range []string{"pixel_pia", "../..", "a/b?c#d", `"}`, "\x00\r\n", "%2e%2e", "\u202e", "..\xff"} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, nickname, comment string) {
		spec := action.HTTP{URL: "http://h/a/{nickname}/b?c={comment}&d=1", Body: `{"n":"{nickname}","c":"{comment}"}`}
		r, err := Render(spec, action.Fields{Nickname: nickname, Comment: comment})
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(r.URL.String())
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(u.Path, "/") // unescaped, as a careless server would see it
		if u.Host != "h" || len(parts) != 4 || parts[3] != "b" || parts[2] == ".." || parts[2] == "." {
			t.Fatalf("%q made the path %q", nickname, u.Path)
		}
		if q := u.Query(); len(q) != 2 || q.Get("c") != action.Printable(comment, maxRunes) || q.Get("d") != "1" {
			t.Fatalf("%q made the query %q", comment, u.RawQuery)
		}
		var body map[string]string
		if err := json.Unmarshal(r.Body, &body); err != nil || len(body) != 2 || body["c"] != action.Printable(comment, maxRunes) {
			t.Fatalf("%q made the body %s: %v", comment, r.Body, err)
		}
	})
}
