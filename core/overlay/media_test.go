package overlay

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/livecue/livecue/assets"
	"github.com/livecue/livecue/core/action"
)

const (
	pngHead = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
	svg     = `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`
)

func TestContentTypes(t *testing.T) {
	for head, want := range map[string]string{
		pngHead:                            "image/png",
		"GIF89a\x01\x00":                   "image/gif",
		"\xff\xd8\xff\xe0\x00\x10JFIF":     "image/jpeg",
		"RIFF\x00\x00\x00\x00WEBPVP8 ":     "image/webp",
		"\x00\x00\x00\x20ftypavif\x00\x00": "image/avif",
		"\x1aE\xdf\xa3":                    "video/webm",
		"\x00\x00\x00\x14ftypmp42\x00\x00\x00\x00mp42mp41": "video/mp4",
		svg:                               "image/svg+xml",
		"RIFF\x00\x00\x00\x00WAVEfmt ":    "audio/wave",
		"ID3\x04\x00":                     "audio/mpeg",
		"\xff\xfb\x90\x00":                "audio/mpeg",
		"OggS\x00\x02":                    "audio/ogg",
		"fLaC\x00\x00":                    "audio/flac",
		"<html><body>hello</body></html>": "",
		"hello":                           "",
		"%PDF-1.7":                        "",
		"MZ\x90\x00":                      "",
		"":                                "",
	} {
		if got := contentType([]byte(head)); got != want {
			t.Errorf("%q is %q, want %q", head, got, want)
		}
	}
}

func TestOnlyWhatAnActionNamedIsServed(t *testing.T) {
	dir := t.TempDir()
	st := begin(t, Options{})
	base := strings.TrimSuffix(st.addressOf(PageAlert), PageAlert)
	get := func(path string) (*http.Response, string) {
		t.Helper()
		resp, err := http.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp, string(body)
	}
	secret := write(t, dir, "secret.png", pngHead)
	for _, path := range []string{
		"media/" + secret, "media/..%2f..%2f..%2f..%2fetc%2fpasswd", "media/", "media", "style/..%2fsecret.png", "style/secret.css", "page.html",
		"pictures/../page.html", "pictures/", "../../etc/passwd", "nothing", "", "pictures/heart",
	} {
		if resp, body := get(path); resp.StatusCode != http.StatusNotFound || strings.Contains(body, "PNG") { //nolint:bodyclose // the helper has closed it
			t.Errorf("%s: %s", path, resp.Status)
		}
	}

	picture, err := st.media.picture(write(t, dir, "p.svg", svg))
	if err != nil {
		t.Fatal(err)
	}
	resp, body := get(picture.path()) //nolint:bodyclose // the helper has closed it
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "image/svg+xml" || body != svg {
		t.Errorf("%s %q", resp.Status, body)
	}
	if csp := resp.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "sandbox") || !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("a picture may do %q", csp)
	}
	sound, err := st.media.sound("bundled:chime")
	if err != nil {
		t.Fatal(err)
	}
	if resp, body := get(sound.path()); resp.Header.Get("Content-Type") != "audio/wave" || len(body) < 1000 { //nolint:bodyclose // the helper has closed it
		t.Errorf("%s, %d bytes of %s", resp.Status, len(body), resp.Header.Get("Content-Type"))
	}
	if err := os.Remove(dir + "/p.svg"); err != nil {
		t.Fatal(err)
	}
	if resp, _ := get(picture.path()); resp.StatusCode != http.StatusNotFound { //nolint:bodyclose // the helper has closed it
		t.Errorf("a picture that is gone: %s", resp.Status)
	}
	if resp, body := get("pictures/heart.svg"); resp.StatusCode != http.StatusOK || !strings.Contains(body, "<svg") { //nolint:bodyclose // the helper has closed it
		t.Errorf("a bundled picture: %s", resp.Status)
	}
}

func TestMediaThatCannotBe(t *testing.T) {
	dir := t.TempDir()
	huge := write(t, dir, "huge.png", pngHead)
	if err := os.Truncate(huge, maxMedium+1); err != nil {
		t.Fatal(err)
	}
	m := &media{pictures: assets.Overlay(), sounds: assets.Sounds(), known: map[string]medium{}}
	for name, file := range map[string]string{
		"too large": huge, "a folder": dir, "nothing": dir + "/nothing", "empty": write(t, dir, "empty.png", ""),
		"a page": write(t, dir, "page.png", "<html><script>"), "a sound": write(t, dir, "sound.png", "fLaC0000"), "bundled nothing": "bundled:x",
		"bundled path": "bundled:../page", "bundled windows path": `bundled:..\page`,
	} {
		if got, err := m.picture(file); err == nil || got.path() != "" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if _, err := m.sound(write(t, dir, "p.wav", pngHead)); err == nil {
		t.Error("a picture was taken for a sound")
	}
	for i := range maxMedia + 10 {
		if _, err := m.picture(write(t, dir, fmt.Sprint(i, ".png"), pngHead)); err != nil {
			t.Fatal(err)
		}
	}
	if len(m.known) != maxMedia || len(m.order) != maxMedia {
		t.Errorf("%d are known", len(m.known))
	}
}

func TestEveryBundledPictureIsOne(t *testing.T) {
	t.Parallel()
	st := begin(t, Options{})
	names := Pictures(assets.Overlay())
	if len(names) < 5 {
		t.Fatalf("only %q", names)
	}
	b, err := browser()
	if err != nil {
		t.Fatal(err)
	}
	p := b.open(t, st.addressOf(PageAlert), 1240, 190).connected()
	p.eval("document.getElementById('page').style.flexDirection = 'row'")
	for _, name := range names {
		if err := st.Check(action.Overlay{Image: "bundled:" + name}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		load := fmt.Sprintf(`new Promise((done) => { const i = new Image(); i.height = 140; i.onload = () => done(true); i.onerror = () => done(false);
			i.src = "pictures/%s.svg"; document.getElementById('page').append(i); })`, name)
		if p.eval(load) != true {
			t.Errorf("%s cannot be drawn", name)
		}
	}
	p.save("overlay-pictures.png")
}
