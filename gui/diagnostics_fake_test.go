package gui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/logbook"
	"github.com/livecue/livecue/gui/look/looktest"
)

func (f *fakeCore) Diagnostics() app.Diagnostics {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.figures
}

// haveDiagnostics gives the core an evening in which much has happened, and some of it went wrong.
func (f *fakeCore) haveDiagnostics() {
	now := time.Now()
	f.figures = app.Diagnostics{
		Since: now.Add(-3 * time.Hour), ConnectedFor: 72 * time.Minute,
		Events: 1234567, Reconnects: 3, Duplicates: 412, Malformed: 2, Unknown: 90321, FeedDropped: 5120,
		Lanes: []app.Speed{
			{ID: "rcon:minecraft", Done: 12345, Rejected: 42, Failed: 3, Unknown: 1, Expired: 7, Dropped: 12, P50: 24 * time.Millisecond, P95: 61 * time.Millisecond, P99: 140 * time.Millisecond, Max: 2300 * time.Millisecond},
			{ID: "sound", Done: 870, Expired: 4, P50: 9 * time.Millisecond, P95: 22 * time.Millisecond, P99: 35 * time.Millisecond, Max: 80 * time.Millisecond},
		},
	}
	for i, r := range looktest.ExampleProfile().Rules {
		n := time.Duration(i + 1)
		f.figures.Rules = append(f.figures.Rules, app.Speed{
			ID: r.ID, Name: r.Name, Done: uint64(4000 / (i + 1)), Rejected: uint64(i % 2 * 5), Unknown: uint64(i % 3 / 2),
			P50: n * 11 * time.Millisecond, P95: n * 33 * time.Millisecond, P99: n * 90 * time.Millisecond, Max: n * 350 * time.Millisecond,
		})
	}
	note := func(ago time.Duration, e event.Event) {
		f.figures.Connection = append(f.figures.Connection, app.ConnectionNote{At: now.Add(-ago), Event: e})
	}
	note(180*time.Minute, event.WaitingForLive{Handle: "pixel_pia"})
	note(170*time.Minute, event.Connecting{Door: "direct"})
	note(169*time.Minute, event.Connected{Door: "direct", Handle: "pixel_pia"})
	for i := range 9 {
		ago := time.Duration(160-10*i) * time.Minute
		note(ago, event.Reconnecting{Attempt: 1 + i%2, Cause: event.Cause{Code: []event.CauseCode{event.CauseSilence, event.CauseNoNetwork, event.CauseCertificate}[i%3]}})
		note(ago-time.Minute, event.Reconnected{Door: "direct", Down: time.Minute})
	}
	states := []action.State{action.Rejected, action.Failed, action.Unknown, action.Expired}
	texts := []string{"Unknown or incomplete command, see below for error: sumon<--[HERE]", "the profile has no game server called \"skyblock\"", "the game server does not answer", ""}
	for i := range 60 {
		t := app.Trouble{At: now.Add(-time.Duration(i) * 4 * time.Minute), Lane: "rcon:minecraft", RuleID: "rose", RuleName: "Rose: a chicken", Viewer: "Pixel Pia"}
		switch i % 6 {
		case 4:
			t.RuleID, t.RuleName, t.Viewer, t.Text = "", "", "", ""
		case 5:
			t.RuleID, t.RuleName, t.Viewer, t.Text = "", "", "", "the game server cannot be reached: dial tcp 127.0.0.1:25575: connection refused"
		default:
			t.State, t.Text = states[i%6], texts[i%6]
		}
		f.figures.Troubles = append(f.figures.Troubles, t)
	}
}

// recentLines is a log of n lines.
func recentLines(n int) []logbook.Line {
	begun := time.Now().Add(-time.Duration(n) * time.Second)
	lines := make([]logbook.Line, n)
	for i := range lines {
		lines[i] = logbook.Line{Time: begun.Add(time.Duration(i) * time.Second), Level: slog.LevelInfo, Message: "connected", Details: fmt.Sprintf("door=direct handle=pixel_pia room=%d", i)}
		switch {
		case i%17 == 0:
			lines[i].Level, lines[i].Message, lines[i].Details = slog.LevelError, "events could not be journalled", `events=3 error="append records: database or disk is full"`
		case i%5 == 0:
			lines[i].Level, lines[i].Message, lines[i].Details = slog.LevelWarn, "no answer to a command", `server=minecraft why="read packet: i/o timeout"`
		}
	}
	return lines
}

// diagnosable gives a window all that the page shows.
func diagnosable(o *Options) {
	lines := recentLines(300)
	o.Recent = func() []logbook.Line { return append([]logbook.Line(nil), lines...) }
	o.LogDir, o.JournalFile = "/home/pia/.local/share/livecue", "/home/pia/.local/share/livecue/livecue.db"
	o.SaveReport = func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "PK, as it were")
		return err
	}
	o.Crash = &Crash{
		At: time.Now().Add(-20 * time.Hour),
		Excerpt: func(context.Context) (string, error) {
			return "panic: the roof fell in\n\ngoroutine 7 [running]:\ngithub.com/livecue/livecue/core/queue.(*lane).run(0xc000123450)\n    ~/livecue/core/queue/lane.go:112 +0x1d4\n", nil
		},
		Answer: func() error { return errors.New("read-only file system") },
	}
}
