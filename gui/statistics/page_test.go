package statistics

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"github.com/livecue/livecue/assets"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/stats"
	"github.com/livecue/livecue/core/store"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/look/looktest"
	"github.com/livecue/livecue/gui/words"
)

// stand is the page in a window, over a program with a real journal. What the page has for other goroutines waits until next.
type stand struct {
	t    *testing.T
	win  fyne.Window
	page *Page
	todo []func()
	said []string
}

func newStand(t *testing.T, streams int) *stand {
	t.Helper()
	for _, name := range []string{"LANGUAGE", "LC_ALL", "LC_MESSAGES"} {
		t.Setenv(name, "")
	}
	t.Setenv("LANG", "en_US.UTF-8")
	if err := words.Load(assets.Translations()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "livecue.db")
	for i := range streams {
		fill(t, path, i)
	}
	a, err := app.New(app.Options{Profile: looktest.ExampleProfile(), StorePath: path, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	s := &stand{t: t}
	test.NewTempApp(t).Settings().SetTheme(look.NewTheme(look.ModeDark))
	s.win = test.NewWindow(nil)
	t.Cleanup(s.win.Close)
	say := func(text string) { s.said = append(s.said, text) }
	run := func(work func(context.Context) error, done func(error)) {
		s.todo = append(s.todo, func() { done(work(t.Context())) })
	}
	s.page = NewPage(a, look.Host{Window: s.win, Run: run, Say: say, Warn: say})
	s.win.SetContent(s.page.Object())
	s.win.Resize(fyne.NewSize(1100, 560))
	return s
}

// fill adds an evening: ten gifts of 1,000 coins by viewers with difficult names, a minute apart.
func fill(t *testing.T, path string, evening int) {
	t.Helper()
	now := time.Now().AddDate(0, 0, -20+evening).Truncate(time.Hour)
	s, err := store.Open(store.Options{Path: path, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"🦊 Foxy Fiona", "ナナ", "مستخدم", strings.Repeat("long ", 40), "=SUM(A1)"}
	for i := range 10 {
		h := event.Head{ID: fmt.Sprint("g", evening, "-", i), At: now, Source: "tiktok", Room: fmt.Sprint(evening)}
		u := event.User{ID: fmt.Sprint(i % 5), Handle: fmt.Sprint("viewer_", i%5), Nickname: names[i%5]}
		g := event.Gift{Head: h, User: u, Gift: event.GiftInfo{ID: 1, Name: "Galaxy", Coins: 1000}, Added: 1, Count: 1, Final: true, First: true}
		if err := s.Append(t.Context(), []store.Record{{Event: g}}); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Minute)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// next does what waits.
func (s *stand) next() {
	todo := s.todo
	s.todo = nil
	for _, do := range todo {
		do()
	}
}

func (s *stand) texts() string { return looktest.Texts(looktest.Top(s.win)) }

func (s *stand) mustShow(all ...string) {
	s.t.Helper()
	for _, text := range all {
		if !strings.Contains(s.texts(), text) {
			s.t.Errorf("no %q: %s", text, s.texts())
		}
	}
}

func TestThePageIsNotHeldUpByCounting(t *testing.T) {
	s := newStand(t, 3)
	s.page.SetInSight(true)
	s.mustShow("Counting …")
	s.next()
	s.mustShow("30\u202f000", "10\u202f000")
	s.page.tabs.SelectIndex(1)
	s.mustShow("🦊 Foxy Fiona", "ナナ", "مستخدم", "@viewer_0", "6\u202f000")
	s.page.tabs.SelectIndex(2)
	s.mustShow("Galaxy", "30\u202f000")
	s.page.tabs.SelectIndex(3)
	s.mustShow("No rule has fired here.")

	s.page.setScope(scope{days: 7})
	s.page.setScope(scope{session: 2})
	s.next() // both have been read, and only the later one is shown
	s.page.tabs.SelectIndex(0)
	s.mustShow("· 9 min", "10\u202f000")
	s.page.over.series[0].chart.onHover(0)
	s.mustShow(": 1\u202f000")
}

func TestWithoutStreamsThePageSaysWhatWillBeThere(t *testing.T) {
	s := newStand(t, 0)
	s.page.SetInSight(true)
	s.next()
	s.mustShow("No streams yet", "Once you have been live with LiveCue", "[Open recording …]")
	if !s.page.export.Disabled() {
		t.Error("nothing can be saved")
	}
}

func TestAStreamIsNamed(t *testing.T) {
	s := newStand(t, 2)
	s.page.SetInSight(true)
	s.next()
	s.page.ShowStreams()
	s.page.streams.table.Select(1)
	looktest.Press(t, looktest.Top(s.win), "Name …")
	looktest.Entry(t, looktest.Top(s.win), "Such as: Subathon, day 1").SetText("Subathon 🎉")
	looktest.Press(t, looktest.Top(s.win), "Save")
	s.next()
	s.next()
	if got := s.page.streams.table.Rows()[1][1]; got != "Subathon 🎉" {
		t.Errorf("it is called %q, said %q", got, s.said)
	}
	if one, ok := s.page.streams.one(); !ok || one.ID != 1 {
		t.Error("another is chosen now")
	}
}

func TestTablesAreSaved(t *testing.T) {
	s := newStand(t, 2)
	s.page.SetInSight(true)
	s.next()
	path := filepath.Join(t.TempDir(), "viewers.csv")
	file, err := storage.Writer(storage.NewFileURI(path))
	if err != nil {
		t.Fatal(err)
	}
	s.page.tabs.SelectIndex(1)
	if got := s.page.shownTable(); got != stats.TableViewers {
		t.Error(got)
	}
	s.page.write(file, stats.Query{}, stats.TableViewers, stats.CSV{ForExcel: true, Semicolon: true})
	s.next()
	data, err := os.ReadFile(path)
	if text := string(data); err != nil || !strings.HasPrefix(text, "\uFEFFviewer;nickname;") || !strings.Contains(text, "'=SUM(A1)") {
		t.Errorf("%q %v", text, err)
	}
	if len(s.said) != 1 || !strings.Contains(s.said[0], path) {
		t.Errorf("said %q", s.said)
	}
}
