package gui

import (
	"testing"

	"fyne.io/fyne/v2"
)

// smallest is a screen of 1280x720 at 200 %, in Fyne's units.
var smallest = fyne.NewSize(640, 360)

// smallestPage is what the navigation and the edges leave of that width for a page.
const smallestPage = 640 - slimWidth - 2*12

func TestEachPageFitsTheSmallestWindow(t *testing.T) {
	for _, locale := range []string{"en_US.UTF-8", "de_DE.UTF-8"} {
		t.Run(locale, func(t *testing.T) {
			useLanguage(t, locale)
			r := newRigHere(t, nil)
			r.win.Resize(smallest)
			for _, page := range Pages() {
				r.w.show(page)
				if width := r.w.content.MinSize().Width; width > smallestPage {
					t.Errorf("%s must be scrolled sideways: it is %v wide where %v are left", page, width, smallestPage)
				}
				if least := r.win.Content().MinSize(); least.Width > smallest.Width || least.Height > smallest.Height {
					content := r.w.content.MinSize()
					t.Errorf("%s needs %v, of which %v are the page's", page, least, content)
				}
			}
			t.Logf("header %v, strip %v, navigation %v", r.w.header.object.MinSize(), r.w.strip.object.MinSize(), r.w.nav[PageLive].MinSize())
		})
	}
}

// Each lane shows the icon of what it leads to.
func TestLaneIcons(t *testing.T) {
	for lane, want := range map[string]string{
		"rcon:minecraft": "command", "sound": "sound", "obs": "obs", "speech": "speech", "overlay": "overlay",
		"program": "program", "http": "http", "http:lamp.example:8080": "http", "state": "counter",
	} {
		got := laneIcon(lane)
		if got != want {
			t.Errorf("%s: got %q", lane, got)
		}
	}
}
