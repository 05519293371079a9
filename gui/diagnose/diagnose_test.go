package diagnose

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/assets"
	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/logbook"
	"github.com/livecue/livecue/core/source"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/look/looktest"
	"github.com/livecue/livecue/gui/words"
)

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

// program is what a test says of the program.
type program struct {
	status source.Status
	health app.Health
	d      app.Diagnostics
	script string
	asked  int
}

func (p *program) Status() source.Status { return p.status }
func (p *program) Health() app.Health    { return p.health }
func (p *program) Rehearsal() string     { return p.script }
func (p *program) Diagnostics() app.Diagnostics {
	p.asked++
	return p.d
}

// stage has a window with a page in it, and runs what the page wants done when the test says so.
type stage struct {
	t       *testing.T
	app     fyne.App
	win     fyne.Window
	program program
	lines   []logbook.Line
	page    *Page
	work    []func()
	said    []string
	opened  []string
	openErr error
	journal string
	report  func(context.Context, io.Writer) error
}

// newStage shows the page, not yet in sight. prepare may set what it is built from.
func newStage(t *testing.T, prepare func(*stage)) *stage {
	t.Helper()
	s := &stage{t: t, app: test.NewTempApp(t), journal: filepath.Join(t.TempDir(), "livecue.db")}
	s.app.Settings().SetTheme(look.NewTheme(look.ModeDark))
	s.win = test.NewTempWindow(t, nil)
	if prepare != nil {
		prepare(s)
	}
	o := Options{
		Program: &s.program, Host: s.host(), Version: "1.2.3", JournalFile: s.journal, LogDir: "/logs",
		Recent:     func() []logbook.Line { return slices.Clone(s.lines) },
		OpenFolder: func(path string) error { s.opened = append(s.opened, path); return s.openErr },
	}
	if s.report != nil {
		o.Saver = &Saver{Write: s.report, Host: o.Host}
	}
	s.page = NewPage(o)
	s.win.SetContent(s.page.Object())
	s.win.Resize(fyne.NewSize(1100, 560))
	return s
}

func (s *stage) host() look.Host {
	say := func(text string) { s.said = append(s.said, text) }
	return look.Host{Window: s.win, Say: say, Warn: say, Run: func(work func(context.Context) error, done func(error)) {
		s.work = append(s.work, func() { done(work(s.t.Context())) })
	}}
}

// settle does what waits, and what comes of it.
func (s *stage) settle() {
	for len(s.work) > 0 {
		work := s.work[0]
		s.work = s.work[1:]
		work()
	}
}

// tab shows one of the page's parts.
func (s *stage) tab(i int) {
	s.page.SetInSight(true)
	s.page.tabs.SelectIndex(i)
	s.settle()
}

func (s *stage) mustShow(texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		if !looktest.Shows(looktest.Top(s.win), text) {
			s.t.Errorf("%q is not to be seen; there is: %s", text, looktest.Texts(looktest.Top(s.win)))
		}
	}
}

// mustList checks for labels that stand one after another.
func (s *stage) mustList(rows ...string) {
	s.t.Helper()
	var texts []string
	for _, l := range looktest.All[*widget.Label](s.win.Content()) {
		texts = append(texts, l.Text)
	}
	all := strings.Join(texts, " | ")
	for _, row := range rows {
		if !strings.Contains(all, row) {
			s.t.Errorf("%q is not to be seen; there is: %s", row, all)
		}
	}
}

func (s *stage) mustNotShow(texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		if looktest.Shows(looktest.Top(s.win), text) {
			s.t.Errorf("%q is to be seen: %s", text, looktest.Texts(looktest.Top(s.win)))
		}
	}
}

// lastSaid is the newest line above the page.
func (s *stage) lastSaid() string {
	if len(s.said) == 0 {
		return ""
	}
	return s.said[len(s.said)-1]
}

func at(minute int) time.Time { return time.Date(2030, 1, 2, 20, minute, 0, 0, time.Local) }

func TestOutOfSightNothingIsAskedFor(t *testing.T) {
	s := newStage(t, nil)
	s.page.Tick()
	if s.program.asked != 0 || len(s.work) != 0 {
		t.Errorf("asked %d times", s.program.asked)
	}
	s.page.SetInSight(true)
	s.page.Tick()
	s.page.SetInSight(false)
	s.page.Tick()
	if s.program.asked != 2 {
		t.Errorf("asked %d times, want 2", s.program.asked)
	}
}

func TestOverviewTellsConnectionAndLosses(t *testing.T) {
	s := newStage(t, func(s *stage) {
		if err := os.WriteFile(s.journal, make([]byte, 3_400_000), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(s.journal+"-wal", make([]byte, 100_000), 0o600); err != nil {
			t.Fatal(err)
		}
		s.program.status = source.Status{State: source.Connected, Handle: "pixel_pia", Door: "direct"}
		s.program.d = app.Diagnostics{
			Since: at(0), ConnectedFor: 72 * time.Minute, Events: 12345, Reconnects: 3, Duplicates: 412, Malformed: 2, Unknown: 903, FeedDropped: 51,
			Lanes: []app.Speed{{ID: "rcon:mc", Rejected: 40, Failed: 2, Unknown: 6, Expired: 7, Dropped: 8}, {ID: "sound", Failed: 3, Expired: 10}},
			Connection: []app.ConnectionNote{
				{At: at(1), Event: event.Connected{Door: "direct"}},
				{At: at(5), Event: event.Reconnecting{Attempt: 1, Cause: event.Cause{Code: event.CauseSilence}}},
				{At: time.Now().Add(-42 * time.Minute), Event: event.Reconnected{Down: 42 * time.Second}},
			},
		}
	})
	s.tab(0)
	s.mustShow("LiveCue 1.2.3 · Go ", "Connected for 42 min", "Events arrive through TikTok directly.", "12\u202f345 events · 3 reconnects · 72 min connected in all since 2030-01-02 20:00",
		"Connected again after 42 s", "TikTok went silent. LiveCue connects anew.", s.journal, "3.5\u202fMB. Each gift is on the disk")
	texts := looktest.Texts(s.win.Content())
	for what, want := range map[string]string{
		"came twice": "412", "of another kind": "903", "not drawn": "51", "cancelled": "8", "unreadable": "2", "too late": "17",
		"refused or failed": "45", "sent, no answer": "6",
	} {
		if !strings.Contains(texts, " | "+want+" | "+what+" | ") {
			t.Errorf("%s: not %s: %s", what, want, texts)
		}
	}
	if last, first := strings.Index(texts, "Connected again"), strings.Index(texts, "Connection lost"); last > first {
		t.Errorf("the newest is not on top: %s", texts)
	}
	s.mustNotShow("the figures are the rehearsal's")
	s.program.script = "first-steps"
	s.program.d.Connection = append(s.program.d.Connection, app.ConnectionNote{At: at(7), Event: event.Reconnecting{}})
	s.program.health.Problems = []string{"The journal cannot be written: gifts are acted upon, but what waits would not survive a crash"}
	s.page.Tick()
	s.settle()
	s.mustShow("The journal cannot be written; the disk may be full.", "the figures are the rehearsal's")
	s.mustNotShow("Connected for")
}

func TestOverviewOfNothing(t *testing.T) {
	s := newStage(t, func(s *stage) { s.journal = "" })
	s.tab(0)
	s.mustShow("Nothing has happened to the connection yet.", "0 events", "this LiveCue has no journal")
	s.mustNotShow("since", "[Save report …]")
	if len(s.work) > 0 {
		t.Error("a journal that is not there is read")
	}
}

func TestSpeedsAreSorted(t *testing.T) {
	s := newStage(t, func(s *stage) {
		ms := time.Millisecond
		s.program.d = app.Diagnostics{
			Lanes: []app.Speed{{ID: "rcon:mc", Done: 100, Rejected: 5, P50: 24 * ms, P95: 61 * ms, P99: 140 * ms, Max: 2300 * ms}},
			Rules: []app.Speed{
				{ID: "a", Name: "quick", Done: 9, P50: 1 * ms, P95: 2 * ms},
				{ID: "b", Name: "slow", Done: 1, P50: 10 * ms, P95: 900 * ms},
				{ID: "c", Name: "never", Expired: 1},
			},
		}
	})
	s.tab(1)
	names := func() (all []string) {
		for _, r := range s.page.parts[1].(*speeds).rows {
			all = append(all, r.heading+r.speed.Name)
		}
		return all
	}
	if got, want := names(), []string{"Targets", "mc", "Rules", "slow", "quick", "never"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	s.mustList("mc | 100 | 5 | – | – | – | 24 ms | 61 ms | 140 ms | 2.3 s", "quick | 9 | – | – | – | – | 1 ms | 2 ms |  | ")
	looktest.Choice(t, s.win.Content(), "Most used first").SetSelectedIndex(1)
	if got, want := names(), []string{"Targets", "mc", "Rules", "quick", "slow", "never"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestErrorsCanBeOpenedAndCopied(t *testing.T) {
	s := newStage(t, func(s *stage) {
		s.program.d.Troubles = []app.Trouble{
			{At: at(9), Lane: "rcon:mc"},
			{At: at(8), Lane: "rcon:mc", Text: "the game server cannot be reached: dial tcp: refused"},
			{At: at(7), Lane: "rcon:mc", RuleID: "r", RuleName: "Rose", Viewer: "Pixel\u202e Pia", State: action.Rejected, Text: "Unknown command"},
		}
	})
	s.tab(2)
	s.mustShow("works again", "in trouble", "The server cannot be reached.")
	s.mustList("Rose | mc · Pixel Pia | refused | Unknown command")
	s.page.parts[2].(*troubles).list.list.Select(1)
	s.mustShow("What went wrong", "in trouble.", "The server cannot be reached.", "dial tcp: refused")
	looktest.Press(t, looktest.Top(s.win), "Close")
	s.page.parts[2].(*troubles).list.list.Select(2)
	s.mustShow("Rule: Rose", "Viewer: Pixel Pia")
	looktest.Press(t, looktest.Top(s.win), "Copy")
	if got := s.app.Clipboard().Content(); !strings.HasPrefix(got, "2030-01-02 20:07:00\nmc\nRule: Rose\nViewer: Pixel Pia\n") || !strings.HasSuffix(got, "\nUnknown command") {
		t.Errorf("copied %q", got)
	}
	s.mustShow("[Copied]")
}

func TestNothingHasGoneWrong(t *testing.T) {
	s := newStage(t, nil)
	s.tab(2)
	s.mustShow("Nothing has gone wrong so far.")
	s.tab(1)
	s.mustShow("Nothing has been done yet.")
	s.tab(3)
	s.mustShow("There is nothing of that kind.")
	if !looktest.Button(t, s.win.Content(), "Copy").Disabled() {
		t.Error("nothing can be copied")
	}
}

func line(minute int, level slog.Level, message, details string) logbook.Line {
	return logbook.Line{Time: at(minute), Level: level, Message: message, Details: details}
}

func TestLogIsFilteredAndCopied(t *testing.T) {
	s := newStage(t, func(s *stage) {
		s.lines = []logbook.Line{
			line(1, slog.LevelDebug, "a debug line", ""), line(2, slog.LevelInfo, "an info line", "a=1"),
			line(3, slog.LevelWarn, "a warning", "b=2"), line(4, slog.LevelError, "an error", "c=3"),
		}
	})
	s.tab(3)
	s.mustList("20:04:00 | Error | an error c=3 | 20:03:00 | Warning | a warning b=2 | 20:02:00 | Note | an info line a=1 | 20:01:00 | Detail | a debug line")
	choice := looktest.Choice(t, s.win.Content(), "Errors only")
	choice.SetSelected("Warnings and errors")
	s.mustShow("an error", "a warning")
	s.mustNotShow("an info line")
	looktest.Press(t, s.win.Content(), "Copy")
	want := "2030-01-02 20:03:00.000 WARN a warning b=2\n2030-01-02 20:04:00.000 ERROR an error c=3\n"
	if got := s.app.Clipboard().Content(); got != want || s.lastSaid() != "2 lines are copied." {
		t.Errorf("copied %q, said %q", got, s.lastSaid())
	}
	choice.SetSelected("Errors only")
	s.mustNotShow("a warning")
	s.lines = append(s.lines, line(5, slog.LevelInfo, "later", ""))
	s.page.Tick()
	s.mustNotShow("later")

	looktest.Press(t, s.win.Content(), "Open log folder")
	if len(s.said) != 1 || !slices.Equal(s.opened, []string{"/logs"}) {
		t.Errorf("said %q, opened %q", s.said, s.opened)
	}
	s.openErr = errors.New("no file manager")
	looktest.Press(t, s.win.Content(), "Open log folder")
	if s.lastSaid() != "The folder cannot be opened. It is /logs" {
		t.Errorf("said %q", s.lastSaid())
	}
}

// What the user looks at stays in place while lines come, and nothing is drawn while none do.
func TestLogKeepsItsPlace(t *testing.T) {
	s := newStage(t, func(s *stage) {
		for i := range 300 {
			s.lines = append(s.lines, line(i, slog.LevelInfo, fmt.Sprintf("line %03d", i), ""))
		}
	})
	s.tab(3)
	log := s.page.parts[3].(*logView).list
	s.mustShow("line 299")
	log.list.ScrollToOffset(1000)
	firstSeen := func() string {
		texts := looktest.Texts(log.list)
		return texts[strings.Index(texts, "line "):][:8]
	}
	seen := firstSeen()
	for i := range 20 {
		s.lines = append(s.lines[1:], line(300+i, slog.LevelInfo, fmt.Sprintf("line %03d", 300+i), "")) // as a full recorder does
		s.page.Tick()
		if got := firstSeen(); got != seen {
			t.Fatalf("after %d lines the user sees %q in place of %q", i+1, got, seen)
		}
	}
	offset := log.list.GetScrollOffset()
	s.page.Tick()
	if got := log.list.GetScrollOffset(); got != offset {
		t.Errorf("offset %v, was %v", got, offset)
	}
	log.list.ScrollToTop()
	s.lines = append(s.lines, line(400, slog.LevelInfo, "line 400", ""))
	s.page.Tick()
	s.mustShow("line 400")
	log.list.ScrollToOffset(1000)
	s.lines = []logbook.Line{line(500, slog.LevelInfo, "line 500", "")}
	s.page.Tick()
	s.mustShow("line 500")
}

func TestReportIsSavedThroughTheDialog(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	s := newStage(t, func(s *stage) {
		s.report = func(_ context.Context, w io.Writer) error {
			_, err := io.WriteString(w, "PK")
			return err
		}
	})
	s.tab(0)
	save := looktest.Button(t, s.win.Content(), "Save report …")
	test.Tap(save)
	if !save.Disabled() {
		t.Error("the button does not rest while the dialog is open")
	}
	looktest.Press(t, looktest.Top(s.win), "Cancel")
	if s.lastSaid() != "No report was saved." || save.Disabled() {
		t.Errorf("said %q, the button rests: %v", s.lastSaid(), save.Disabled())
	}
	test.Tap(save)
	var name string
	for _, e := range looktest.All[*widget.Entry](looktest.Top(s.win)) {
		name = e.Text
	}
	if !strings.HasPrefix(name, "livecue-report-20") || !strings.HasSuffix(name, ".zip") {
		t.Errorf("the file is called %q", name)
	}
	looktest.Press(t, looktest.Top(s.win), "Save")
	if !save.Disabled() {
		t.Error("the button does not rest while the report is written")
	}
	s.settle()
	if save.Disabled() || !strings.HasPrefix(s.lastSaid(), "The report is in ") || !strings.Contains(s.lastSaid(), name) {
		t.Errorf("said %q, the button rests: %v", s.lastSaid(), save.Disabled())
	}
	found, err := filepath.Glob(filepath.Join(home, "*.zip"))
	if err != nil || len(found) != 1 {
		t.Fatalf("in the folder: %q, %v", found, err)
	}
	if data, err := os.ReadFile(found[0]); err != nil || string(data) != "PK" {
		t.Errorf("written: %q, %v", data, err)
	}
}

func TestReportThatCannotBeSavedIsToldOf(t *testing.T) {
	s := newStage(t, nil)
	var wrote error
	saver := &Saver{Host: s.host(), Write: func(_ context.Context, w io.Writer) error {
		return errors.Join(wrote, writeAll(w))
	}}
	path := filepath.Join(t.TempDir(), "r.zip")
	open := func() fyne.URIWriteCloser {
		file, err := storage.Writer(storage.NewFileURI(path))
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
	var got error
	done := func(err error) { got = err }

	saver.save(nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrPermission}, done)
	if !errors.Is(got, fs.ErrPermission) || !strings.Contains(s.lastSaid(), "The report was not saved: LiveCue may not write there") {
		t.Errorf("%v, said %q", got, s.lastSaid())
	}
	wrote = errors.New("the keyring is on fire")
	saver.save(open(), nil, done)
	s.settle()
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(s.lastSaid(), "the keyring is on fire") {
		t.Errorf("left behind: %v, said %q", err, s.lastSaid())
	}
	wrote = nil
	saver.save(open(), nil, done)
	s.settle()
	if got != nil {
		t.Errorf("%v, said %q", got, s.lastSaid())
	}
}

func writeAll(w io.Writer) error {
	_, err := io.WriteString(w, strings.Repeat("x", 1<<16))
	return err
}
