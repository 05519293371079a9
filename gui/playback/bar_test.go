package playback

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"go.uber.org/goleak"

	"github.com/livecue/livecue/assets"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/replay"
	"github.com/livecue/livecue/core/store"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/look/looktest"
	"github.com/livecue/livecue/gui/words"
)

// stand is a bar in a window, over a program with a real journal that has one stream in it.
type stand struct {
	t    *testing.T
	app  *app.App
	win  fyne.Window
	bar  *Bar
	todo chan func()
	said []string
}

// newStand begins it. The test's goroutine is the UI thread.
func newStand(t *testing.T) *stand {
	t.Helper()
	for _, name := range []string{"LANGUAGE", "LC_ALL", "LC_MESSAGES"} {
		t.Setenv(name, "")
	}
	t.Setenv("LANG", "en_US.UTF-8")
	if err := words.Load(assets.Translations()); err != nil {
		t.Fatal(err)
	}
	leaks := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, leaks) })
	s := &stand{t: t, todo: make(chan func(), 100)}
	s.app = programWithAStream(t)
	test.NewTempApp(t).Settings().SetTheme(look.NewTheme(look.ModeDark))
	s.win = test.NewWindow(nil)
	t.Cleanup(s.win.Close)
	say := func(text string) { s.said = append(s.said, text) }
	run := func(work func(context.Context) error, done func(error)) {
		err := work(t.Context())
		s.todo <- func() { done(err) }
	}
	s.bar = NewBar(s.app, look.Host{Window: s.win, Run: run, Say: say, Warn: say})
	s.win.SetContent(container.NewBorder(s.bar.Object(), nil, nil, nil, widget.NewLabel("a page")))
	s.win.Resize(fyne.NewSize(1280, 720))
	return s
}

// programWithAStream returns a program that has counted a stream of twenty follows and is offline.
func programWithAStream(t *testing.T) *app.App {
	t.Helper()
	p := looktest.ExampleProfile()
	p.TikTok.Handle = "pixel_pia"
	p.RCON = nil
	path := filepath.Join(t.TempDir(), "livecue.db")
	fill(t, path)
	a, err := app.New(app.Options{Profile: p, StorePath: path, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	a.Start()
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// fill writes a stream into a store: twenty follows, three minutes apart.
func fill(t *testing.T, path string) {
	t.Helper()
	now := time.Date(2026, 3, 14, 20, 0, 0, 0, time.Local)
	s, err := store.Open(store.Options{Path: path, Now: func() time.Time { return now }, KeepFor: 1 << 62})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		h := event.Head{ID: fmt.Sprint("f", i), At: now, Source: "tiktok", Room: "1"}
		u := event.User{ID: fmt.Sprint(i), Handle: fmt.Sprint("viewer_", i), Nickname: "Pixel Pia"}
		if err := s.Append(t.Context(), []store.Record{{Event: event.Follow{Head: h, User: u}}}); err != nil {
			t.Fatal(err)
		}
		now = now.Add(3 * time.Minute)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func (s *stand) top() fyne.CanvasObject { return looktest.Top(s.win) }

func (s *stand) press(text string) {
	s.t.Helper()
	looktest.Press(s.t, s.top(), text)
}

// until does what the bar's goroutines want of the UI thread, and ticks, until the text is to be seen.
func (s *stand) until(text string) {
	s.t.Helper()
	deadline := time.After(30 * time.Second)
	for !looktest.Shows(s.top(), text) {
		select {
		case do := <-s.todo:
			do()
		case <-time.After(5 * time.Millisecond):
			s.bar.Tick()
		case <-deadline:
			s.t.Fatalf("never came: %s; there is: %s, and was said: %q", text, looktest.Texts(s.top()), s.said)
		}
	}
}

func stream() store.Session {
	return store.Session{ID: 1, Handle: "pixel_pia", Begun: time.Date(2026, 3, 14, 20, 0, 0, 0, time.Local), Recorded: 20}
}

func TestAStreamIsPlayedAgainFromTheWindow(t *testing.T) {
	s := newStand(t)
	s.bar.Tick()
	if s.bar.Object().Visible() {
		t.Error("a bar, and nothing is played")
	}
	s.bar.Ask(stream())
	if !looktest.Shows(s.top(), "Nothing reaches your game") {
		t.Errorf("without effects is not the usual: %s", looktest.Texts(s.top()))
	}
	s.press("Replay")
	s.until("Replay, nothing is done")
	s.until("of 0:57:00")
	s.press("Hold")
	s.until("Go on")
	s.bar.place.OnChangeEnded(30 * 60)
	s.until("0:30:00 of")
	s.press("Go on")
	s.bar.speed.SetSelected("As fast as it can")
	s.until("played to its end")
	s.press("Result")
	s.until("10 events held against the rules")
	for _, want := range []string{"Follow: a cookie", "Nothing of it was done"} {
		if !looktest.Shows(s.top(), want) {
			t.Errorf("no %q: %s", want, looktest.Texts(s.top()))
		}
	}
	s.press("Close")
	s.press("Once more")
	(<-s.todo)()
	s.until("played to its end")
	s.press("Close")
	if s.bar.Object().Visible() {
		t.Error("the bar is not closed")
	}
}

func TestEffectsAreAskedAboutTwice(t *testing.T) {
	s := newStand(t)
	s.bar.Ask(stream())
	looktest.All[*widget.RadioGroup](s.top())[0].SetSelected("With effects: let the rules act")
	s.press("Replay")
	if !looktest.Shows(s.top(), "happens once more in your game") {
		t.Fatal(looktest.Texts(s.top()))
	}
	if _, isAny := s.app.ReplayStatus(); isAny {
		t.Error("it has begun already")
	}
	s.press("Let it happen")
	s.until("Replay, the rules act")
	s.press("End replay")
	for s.bar.Object().Visible() {
		(<-s.todo)()
	}
	if st, _ := s.app.ReplayStatus(); st.IsOn || len(s.said) == 0 {
		t.Errorf("%+v, said %q", st, s.said)
	}
}

func TestWhatIsNoRecordingIsToldInPlainWords(t *testing.T) {
	s := newStand(t)
	path := filepath.Join(t.TempDir(), "letter.jsonl")
	if err := os.WriteFile(path, []byte("Dear Pia,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.bar.begin(app.Replay{File: path})
	(<-s.todo)()
	if len(s.said) != 1 || s.said[0] != "This file is not a recording of LiveCue, or it is damaged." {
		t.Errorf("%q", s.said)
	}
}

func TestARecordingIsSavedAndOpened(t *testing.T) {
	s := newStand(t)
	path := filepath.Join(t.TempDir(), "evening.jsonl")
	if err := s.app.SaveRecording(t.Context(), 1, path, true); err != nil {
		t.Fatal(err)
	}
	s.bar.ask(app.Replay{File: path}, "evening.jsonl")
	looktest.All[*widget.Select](s.top())[0].SetSelected("As fast as it can")
	s.press("Replay")
	s.until("played to its end")
	s.press("Result")
	tabs := looktest.All[*container.AppTabs](s.top())[0]
	tabs.SelectIndex(1)
	s.until("Viewer 00001")
}

func TestTheBarFitsTheSmallestWindow(t *testing.T) {
	for _, locale := range []string{"en_US.UTF-8", "de_DE.UTF-8"} {
		t.Run(locale, func(t *testing.T) {
			s := newStand(t)
			t.Setenv("LANG", locale)
			if err := words.Load(assets.Translations()); err != nil {
				t.Fatal(err)
			}
			bar := NewBar(s.app, look.Host{Window: s.win})
			about := replay.About{Name: "a stream with quite a long name", Length: 3 * time.Hour}
			bar.show(app.ReplayStatus{IsOn: true, WithEffects: true, Status: replay.Status{About: about}})
			bar.object.Show()
			if least := bar.Object().MinSize().Width; least > 640 {
				t.Errorf("the bar needs %v", least)
			}
		})
	}
}
