package overlays

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/assets"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/look/looktest"
	"github.com/livecue/livecue/gui/words"
)

const patience = 20 * time.Second

func TestMain(m *testing.M) {
	for name, value := range map[string]string{"LANGUAGE": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": "en_US.UTF-8"} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	if err := words.Load(assets.Translations()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// stage is a window with the page in it, over the real program. What belongs to the UI thread is done by the test.
type stage struct {
	t    *testing.T
	core *app.App
	win  fyne.Window
	page *Page
	said []string
	todo chan func()
}

func newStage(t *testing.T, o profile.Overlay) *stage {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(look.NewTheme(look.ModeDark))
	if o.Port == 0 {
		o.Port = freePort(t)
	}
	core, err := app.New(app.Options{
		Profile: profile.Profile{Version: profile.Version, Overlay: o}, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	core.Start()
	s := &stage{t: t, core: core, win: test.NewTempWindow(t, widget.NewLabel("")), todo: make(chan func(), 100)}
	ctx, cancel := context.WithCancel(context.Background())
	var tasks sync.WaitGroup
	s.page = NewPage(core, look.Host{
		Window: s.win,
		Run: func(work func(context.Context) error, done func(error)) {
			tasks.Go(func() {
				err := work(ctx)
				s.todo <- func() { done(err) }
			})
		},
		Say: s.say, Warn: s.say,
	})
	s.win.SetContent(s.page.Object())
	s.win.Resize(fyne.NewSize(1080, 1600))
	t.Cleanup(func() {
		cancel()
		tasks.Wait()
		if err := core.Close(); err != nil {
			t.Error(err)
		}
	})
	s.page.SetInSight(true)
	return s
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // it only lent its port
	return l.Addr().(*net.TCPAddr).Port
}

func (s *stage) say(text string) { s.said = append(s.said, text) }

func (s *stage) top() fyne.CanvasObject { return looktest.Top(s.win) }

// shows does what is to be done on the UI thread until the window shows a text. No clock ticks: what is shown was told of.
func (s *stage) shows(want string) {
	s.t.Helper()
	for timeout := time.After(patience); !looktest.Shows(s.top(), want); {
		select {
		case do := <-s.todo:
			do()
		case <-timeout:
			s.t.Fatalf("waited in vain for %q; there is: %s", want, looktest.Texts(s.top()))
		}
	}
}

func (s *stage) saying(want string) {
	s.t.Helper()
	for timeout := time.After(patience); len(s.said) == 0 || !strings.Contains(s.said[len(s.said)-1], want); {
		select {
		case do := <-s.todo:
			do()
		case <-timeout:
			s.t.Fatalf("waited in vain for %q to be said; it said %q", want, s.said)
		}
	}
}

func TestPreviewsShowWhatIsSoNow(t *testing.T) {
	s := newStage(t, profile.Overlay{Goal: profile.Goal{Of: "coins", Target: 2000, Title: "Camera"}})
	head := event.Head{Source: "tiktok", Room: "1"}
	pia := event.User{ID: "1", Handle: "pixel_pia", Nickname: "Pixel Pia"}
	for _, want := range []string{"No gifts yet in this stream", "No comments yet", "There is no counter yet", "not open", "Camera | 0 / 2\u202f000   0 %"} {
		s.shows(want)
	}
	s.core.Bus().Emit(event.Gift{Head: head, User: pia, Gift: event.GiftInfo{Name: "Rose", Coins: 100}, Added: 5, Count: 5})
	s.shows("Pixel Pia  Rose | × 5")
	s.shows("1  Pixel Pia | 500")
	s.shows("500 / 2\u202f000   25 %")
	s.core.Bus().Emit(event.Chat{Head: head, User: pia, Comment: "hello\u202e\nyou"})
	s.shows("Pixel Pia: hello you")
	if err := s.core.SetCounter("deaths", 1234); err != nil {
		t.Fatal(err)
	}
	s.shows("deaths | 1\u202f234")
}

func TestTheAddressIsCopiedWholeAndShownWithoutItsToken(t *testing.T) {
	s := newStage(t, profile.Overlay{})
	address := s.core.OverlayPages()[0].Address
	token := strings.Split(address, "/")[3]
	if text := looktest.Texts(s.top()); strings.Contains(text, token) || !strings.Contains(text, "/••••••/alert") {
		t.Errorf("the window shows %s", text)
	}
	looktest.Press(t, s.top(), "Copy address")
	if got := fyne.CurrentApp().Clipboard().Content(); got != address {
		t.Errorf("copied %q", got)
	}
	s.saying("The address is copied")

	looktest.Press(t, s.top(), "New addresses …")
	looktest.Press(t, s.top(), "New addresses")
	s.saying("All pages have new addresses")
	looktest.Press(t, s.top(), "Copy address")
	if got := fyne.CurrentApp().Clipboard().Content(); got == address || got != s.core.OverlayPages()[0].Address {
		t.Errorf("copied %q", got)
	}
}

func TestCountersAreMadeChangedAndRemoved(t *testing.T) {
	s := newStage(t, profile.Overlay{})
	name := looktest.Entry(t, s.top(), "Name of a new counter")
	name.SetText("deaths")
	name.OnSubmitted(name.Text)
	for _, step := range []struct {
		press string
		want  int64
	}{{"+1", 1}, {"+1", 2}, {"-1", 1}, {"To 0", 0}} {
		looktest.Press(t, s.top(), step.press)
		if got := s.core.Counters(); len(got) != 1 || got[0].Value != step.want {
			t.Errorf("after %s: %+v", step.press, got)
		}
	}
	looktest.Press(t, s.top(), "Set …")
	field := looktest.All[*look.Entry](s.top())[0]
	field.SetText("many")
	field.SetText("42")
	looktest.Press(t, s.top(), "Set")
	s.shows("deaths | 42")
	s.remove("deaths")
	if len(s.core.Counters()) != 0 {
		t.Errorf("left: %+v", s.core.Counters())
	}
}

// remove presses the only button with a bin, and agrees.
func (s *stage) remove(name string) {
	s.t.Helper()
	for _, b := range looktest.All[*widget.Button](s.top()) {
		if b.Text == "" && strings.Contains(b.Icon.Name(), "delete") {
			test.Tap(b)
			break
		}
	}
	s.shows("Remove " + name + "?")
	looktest.Press(s.t, s.top(), "Remove")
}

func TestTimersAreMadeChangedAndRemoved(t *testing.T) {
	s := newStage(t, profile.Overlay{})
	name := looktest.Entry(t, s.top(), "Name of a new timer")
	name.SetText(" show ")
	name.OnSubmitted(name.Text)
	s.shows("show | 5:00")
	looktest.Press(t, s.top(), "+1 min")
	s.shows("show | 6:00")
	looktest.Press(t, s.top(), "-1 min")
	looktest.Press(t, s.top(), "Set …")
	field := looktest.All[*look.Entry](s.top())[0]
	field.SetText("1:30:00")
	looktest.Press(t, s.top(), "Set")
	s.shows("show | 1:30:00")
	test.Tap(s.page.board.runs[0])
	if got := s.core.Timers(); !got[0].Running {
		t.Errorf("it does not run: %+v", got)
	}
	test.Tap(s.page.board.runs[0])
	if got := s.core.Timers(); got[0].Running {
		t.Errorf("it runs: %+v", got)
	}
	s.remove("show")
	if len(s.core.Timers()) != 0 {
		t.Errorf("left: %+v", s.core.Timers())
	}
}

func TestTimesAreRead(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"5": 5 * time.Minute, " 5:07 ": 5*time.Minute + 7*time.Second, "1:30:00": 90 * time.Minute, "0": 0, "1000:00:00": 1000 * time.Hour,
	} {
		if got, err := parseClock(text); err != nil || got != want {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "x", "-1", "1:2:3:4", "1:", "1001:00:00", "99999999999"} {
		if got, err := parseClock(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

func TestSettingsAreCheckedSavedAndShown(t *testing.T) {
	s := newStage(t, profile.Overlay{})
	save := func() *widget.Button { return looktest.Button(t, s.top(), "Save") }
	if !save().Disabled() {
		t.Error("nothing has changed, and can be saved")
	}
	target := looktest.Entry(t, s.top(), "1000")
	target.SetText("many")
	if !save().Disabled() || !looktest.Shows(s.top(), "The goal must be a whole number") {
		t.Errorf("a wrong number: %s", looktest.Texts(s.top()))
	}
	target.SetText("300")
	looktest.Choice(t, s.top(), "Gifts").SetSelected("Gifts")
	looktest.Entry(t, s.top(), "such as: Towards a new camera").SetText("Camera")
	looktest.Press(t, s.top(), "Save")
	if got, want := s.core.Profile().Overlay.Goal, (profile.Goal{Of: "gifts", Target: 300, Title: "Camera"}); got != want {
		t.Errorf("saved %+v", got)
	}
	s.shows("Camera | 0 / 300   0 %")
	looktest.Entry(t, s.top(), "8747").SetText("80")
	if !save().Disabled() || !looktest.Shows(s.top(), "The port must be") {
		t.Errorf("a wrong port: %s", looktest.Texts(s.top()))
	}
	test.Tap(s.page.settings.on)
	if !s.core.Profile().Overlay.Off {
		t.Error("the pages are not switched off")
	}
	s.page.Tick()
	s.shows("The pages are switched off")
}

func TestASampleNeedsAnOpenPage(t *testing.T) {
	s := newStage(t, profile.Overlay{})
	looktest.Press(t, s.top(), "Try")
	s.saying("This page is not open anywhere")
}

func TestOutOfSightNothingIsWatched(t *testing.T) {
	s := newStage(t, profile.Overlay{})
	s.page.SetInSight(true)
	s.page.SetInSight(false)
	(<-s.todo)() // the end of the watch
	if err := s.core.SetCounter("deaths", 7); err != nil {
		t.Fatal(err)
	}
	s.page.Tick()
	if looktest.Shows(s.top(), "deaths | 7") {
		t.Error("it is shown out of sight")
	}
	s.page.SetInSight(true)
	s.shows("deaths | 7")
	if err := s.core.SetCounter("deaths", 8); err != nil {
		t.Fatal(err)
	}
	s.shows("deaths | 8")
}
