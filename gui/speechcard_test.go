package gui

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/speech"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/look/looktest"
	"github.com/livecue/livecue/gui/words"
)

func onSpeech(t *testing.T, prepare func(*fakeCore)) (*rig, *speechCard) {
	t.Helper()
	r := newRig(t, func(c *fakeCore, o *Options) {
		o.Page = PageSettings
		c.voices = []speech.Voice{{ID: "gmw/de", Name: "German", Language: "de"}, {ID: "gmw/en-US", Name: "English", Language: "en-us"}}
		prepare(c)
	})
	return r, r.w.settings.speech
}

func TestSpeechSettings(t *testing.T) {
	r, c := onSpeech(t, func(*fakeCore) {})
	r.untilShows("2 voices of this computer")
	if want := []string{"the system's own voice", "English · en-us", "German · de"}; !slices.Equal(c.voice.Options, want) {
		t.Errorf("offered %q", c.voice.Options)
	}
	before := r.core.Profile().Speech
	c.voice.SetSelected("German · de")
	c.rate.slider.SetValue(150)
	c.volume.slider.SetValue(60)
	for _, s := range []*percentSlider{c.rate, c.volume} {
		s.slider.OnChangeEnded(s.slider.Value)
	}
	c.length.SetSelected("150 characters")
	c.wait.SetSelected(words.Patience(action.Duration(time.Minute)))
	c.perMinute.SetSelected(words.PerMinute(10))
	c.perViewer.SetSelected(words.PerMinute(2))
	want := profile.Speech{
		Voice: "gmw/de", Rate: 150, Volume: 60, MaxLength: 150, MaxWait: action.Duration(time.Minute), PerMinute: 10, PerViewer: 2,
		Blocked: before.Blocked,
	}
	if got := r.core.Profile().Speech; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("saved %+v, want %+v", got, want)
	}
	// What is usual stays unsaid, and what is only shown changes nothing.
	c.length.SetSelected("300 characters")
	c.wait.SetSelected(words.Patience(usualWait))
	r.w.goTo(PageSettings)
	if got := r.core.Profile().Speech; got.MaxLength != 0 || got.MaxWait != 0 || got.Rate != 150 {
		t.Errorf("saved %+v", got)
	}
}

func TestSpeechIsHeard(t *testing.T) {
	r, c := onSpeech(t, func(c *fakeCore) { c.speechErr = speech.ErrNothing })
	r.untilShows("2 voices of this computer")
	looktest.Press(t, c.object, "Listen")
	r.untilShows("Nothing is left of that text")
	c.sample.SetText("Welcome")
	looktest.Press(t, c.object, "Listen")
	r.until("the sample", func() bool { return !c.listen.Disabled() })
	if got := r.core.spoken; len(got) != 2 || got[0].Text != "Thank you, Pixel Pia!" || got[1].Text != "Welcome" {
		t.Errorf("heard %+v", got)
	}
}

func TestNoVoiceSaysWhatToInstallAndLooksAgain(t *testing.T) {
	r, c := onSpeech(t, func(c *fakeCore) { c.voices, c.voicesErr = nil, fmt.Errorf("%w: install one", speech.ErrNoProgram) })
	r.untilShows(words.NoSpeech(runtime.GOOS))
	if !c.listen.Disabled() {
		t.Error("one can listen to nothing")
	}
	r.core.mu.Lock()
	r.core.voices, r.core.voicesErr = []speech.Voice{{ID: "a", Name: "A"}}, nil
	r.core.mu.Unlock()
	looktest.Press(t, c.object, "Look again")
	r.untilShows("1 voice of this computer")
	if c.listen.Disabled() || c.again.Visible() {
		t.Error("the new voice cannot be heard")
	}
}

func TestWordFilterIsEdited(t *testing.T) {
	r, c := onSpeech(t, func(c *fakeCore) { c.profile.Speech.Blocked = []string{"darn"} })
	looktest.Press(t, c.object, "1 blocked word …")
	list := looktest.Entry(t, r.top(), "one word or phrase a line")
	if list.Text != "darn" {
		t.Errorf("it begins with %q", list.Text)
	}
	list.SetText("darn\n\n  two \t words\r\ndarn\nмир")
	r.press("Save")
	if got, want := r.core.Profile().Speech.Blocked, []string{"darn", "two words", "мир"}; !slices.Equal(got, want) {
		t.Errorf("saved %q", got)
	}
	r.mustShow("3 blocked words …")
	looktest.Press(t, c.object, "3 blocked words …")
	looktest.Entry(t, r.top(), "one word or phrase a line").SetText("x")
	r.press("Cancel")
	if got := r.core.Profile().Speech.Blocked; len(got) != 3 {
		t.Errorf("saved %q although the user has not", got)
	}
}

func TestWordFilterRefusesWhatCannotWork(t *testing.T) {
	r, c := onSpeech(t, func(c *fakeCore) { c.saveErr = errors.New("refused") })
	looktest.Press(t, c.object, "No blocked words …")
	list := looktest.All[*look.Entry](r.top())[0]
	list.SetText(strings.Repeat("x", 5000))
	r.press("Save")
	r.mustShow("One of the blocked words is too long.")
	p := r.core.Profile()
	p.Speech.Blocked = make([]string, profile.MaxBlocked+1)
	if got := blockedProblem(p, nil); !strings.Contains(got, "2\u202f000 blocked words at most") {
		t.Errorf("of too many it says %q", got)
	}
}
