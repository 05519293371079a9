package tiktok

import (
	"strings"
	"testing"

	"github.com/livecue/livecue/core/event"
)

func TestParseHandle(t *testing.T) {
	for text, want := range map[string]string{
		"pixel_pia": "pixel_pia", "@pixel_pia": "pixel_pia", "  @Pixel.Pia9 \n": "pixel.pia9",
		"https://www.tiktok.com/@pixel_pia":                  "pixel_pia",
		"https://www.tiktok.com/@pixel_pia/live":             "pixel_pia",
		"HTTPS://WWW.TikTok.com/@Pixel_Pia/live?lang=en#top": "pixel_pia",
		"tiktok.com/@pixel_pia/":                             "pixel_pia",
		"//m.tiktok.com/@pixel_pia/video/7":                  "pixel_pia",
		"http://www.tiktok.com/%40pixel_pia/live":            "pixel_pia",
		"пиксель_пиа":                                        "пиксель_пиа",
		"":                                                   "",
		"@":                                                  "",
		"..":                                                 "",
		"pixel pia":                                          "",
		"pia?x=1":                                            "",
		"../../etc":                                          "",
		"pia\u202e":                                          "",
		"\xff":                                               "",
		"https://vm.tiktok.com/ZMabc/":                       "",
		"https://www.tiktok.com/":                            "",
		"https://example.com/@pixel_pia":                     "",
		"https://tiktok.com.example.com/@pixel_pia":            "",
		"https://nottiktok.com/@pixel_pia":                     "",
		"https://www.tiktok.com/@%zz":                          "",
		strings.Repeat("a", 65):                                "",
		"https://user:pass@www.tiktok.com:444/@pixel_pia/live": "pixel_pia",
	} {
		got, err := ParseHandle(text)
		if got != want || (err != nil) != (want == "") {
			t.Errorf("%q: got %q, %v; want %q", text, got, err, want)
		}
		if err != nil {
			wantCause(t, err, event.CauseSettings)
		}
	}
}

func FuzzParseHandle(f *testing.F) {
	for _, s := range []string{"pixel_pia", "@Pixel_Pia", "https://www.tiktok.com/@pixel_pia/live", "//", "@@", "a/b", "İ", "\xff", "http://[::1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		name, err := ParseHandle(text)
		if err != nil {
			if name != "" {
				t.Errorf("%q: %q and %v", text, name, err)
			}
			return
		}
		if name == "" || strings.ContainsAny(name, "/@?#&%\\ \r\n\x00") {
			t.Errorf("%q: got %q", text, name)
		}
		again, err := ParseHandle(name)
		if err != nil || again != name {
			t.Errorf("%q: %q becomes %q, %v", text, name, again, err)
		}
	})
}
