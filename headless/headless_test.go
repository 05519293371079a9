package headless

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"go.uber.org/goleak"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/rule"
)

func TestMain(m *testing.M) {
	// gotiktoklive parks one goroutine for each client, until a signal comes: see core/source/tiktok.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/steampoweredtaco/gotiktoklive.NewTikTokWithApiKey.func3"))
}

// hostile is a name that would colour the terminal, ring its bell, turn the line around and begin a new one.
const hostile = "\x1b[31mred\a\u202egnorw\nnew line\x00 \xff"

func everyKind() []event.Event {
	h := event.Head{ID: "1", At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Source: "tiktok", Room: "7"}
	u := event.User{ID: "9", Handle: "pixel_pia", Nickname: hostile}
	cause := event.Cause{Code: event.CauseClosed, Text: "The connection was lost" + hostile}
	return []event.Event{
		event.Gift{Head: h, User: u, Gift: event.GiftInfo{ID: 5655, Name: hostile, Coins: 1}, Added: 2, Count: 3, Final: true},
		event.Follow{Head: h, User: u},
		event.Like{Head: h, User: u, Added: 3, Total: 30},
		event.Share{Head: h, User: u},
		event.Join{Head: h, User: u},
		event.Chat{Head: h, User: u, Comment: hostile},
		event.Subscribe{Head: h, User: u, Months: 2},
		event.ViewerCount{Head: h, Viewers: 12},
		event.Question{Head: h, User: u, Text: hostile},
		event.Connecting{Head: h, Door: "direct"},
		event.Connected{Head: h, Door: "direct", Handle: "pixel_pia"},
		event.Reconnecting{Head: h, Attempt: 2, RetryAt: h.At, Cause: cause},
		event.Reconnected{Head: h, Door: "direct", Handle: "pixel_pia", Down: time.Second},
		event.Disconnected{Head: h, Cause: cause},
		event.WaitingForLive{Head: h, Handle: "pixel_pia", NextCheck: h.At},
		event.LiveEnded{Head: h},
		event.RateLimited{Head: h, Until: h.At, Cause: cause},
		event.AuthFailed{Head: h, Cause: cause},
		event.CredentialsRefreshed{Head: h},
	}
}

func TestEveryKindIsOneHarmlessLine(t *testing.T) {
	decisions := []rule.Decision{
		{RuleID: "a", RuleName: hostile, Reason: rule.ReasonFired}, {RuleID: "b", RuleName: hostile, Reason: rule.ReasonCooldown},
	}
	for _, e := range everyKind() {
		var out bytes.Buffer
		if err := newText(&out).entry(&app.Entry{Seq: 1, Event: e, Decisions: decisions}); err != nil {
			t.Fatal(err)
		}
		line := strings.TrimSuffix(out.String(), "\n")
		isHarmful := func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }
		if strings.ContainsFunc(line, isHarmful) {
			t.Errorf("%s: %q", e.Kind(), line)
		}
		if len(line) < len("03:04:05  x") || strings.Contains(line, string(e.Kind())+"\n") {
			t.Errorf("%s says nothing: %q", e.Kind(), line)
		}
	}
}

func TestEveryKindIsOneJSONObject(t *testing.T) {
	for _, e := range everyKind() {
		var out bytes.Buffer
		entry := &app.Entry{Seq: 4, Event: e, Jobs: []string{"j"}, Decisions: []rule.Decision{
			{RuleID: "other", Reason: rule.ReasonKind}, {RuleID: "near", Reason: rule.ReasonGift},
		}}
		if err := newJSON(&out).entry(entry); err != nil {
			t.Fatal(err)
		}
		var got struct {
			Type, Kind string
			Seq        int
			User       struct{ Handle, Nickname string }
			Rules      []struct{ Rule, Reason string }
			Jobs       []string
		}
		if err := json.Unmarshal(out.Bytes(), &got); err != nil || strings.Count(out.String(), "\n") != 1 {
			t.Fatalf("%v: %s", err, out.String())
		}
		if got.Type != "event" || got.Kind != string(e.Kind()) || got.Seq != 4 || len(got.Jobs) != 1 {
			t.Errorf("%s: %s", e.Kind(), out.String())
		}
		if len(got.Rules) != 1 || got.Rules[0].Rule != "near" {
			t.Errorf("%s: rules %+v", e.Kind(), got.Rules)
		}
		if _, ok := e.(event.FromViewer); ok && (got.User.Handle != "pixel_pia" || !strings.Contains(got.User.Nickname, "red")) {
			t.Errorf("%s: user %+v", e.Kind(), got.User)
		}
	}
}

func TestOutcomesInBothForms(t *testing.T) {
	job := action.Job{
		ID: "j", EventID: "e", RuleID: "rose", RuleName: "Rose", Runs: 5,
		Spec: action.Spec{RCON: &action.RCON{Server: "minecraft", Command: "say a\nsay b"}},
	}
	for state, want := range map[action.State]string{
		action.Done:     "✓ Rose: say a; say b  4 of 5 times  12.5 ms",
		action.Rejected: "✗ Rose: say a; say b  4 of 5 times  rejected (No player was found)  12.5 ms",
		action.Unknown:  "? Rose: say a; say b  4 of 5 times  unknown, 2 without an answer (No player was found)  12.5 ms",
		action.Dropped:  "– Rose: say a; say b  4 of 5 times  dropped (No player was found)  12.5 ms",
	} {
		r := &queue.Report{Job: job, State: state, Reply: "No player was found", Runs: 4, Latency: 12500 * time.Microsecond}
		if state == action.Unknown {
			r.Unsure = 2
		}
		var text, lines bytes.Buffer
		if err := errors.Join(newText(&text).report(app.Update{Report: r}), newJSON(&lines).report(app.Update{Report: r})); err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSpace(text.String()); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		var got outcomeLine
		if err := json.Unmarshal(lines.Bytes(), &got); err != nil || got.State != state || got.Unsure != r.Unsure || got.Latency != 12.5 ||
			got.Lane != "rcon:minecraft" || got.Action != action.KindRCON || got.Event != "e" {
			t.Errorf("%v: %s", err, lines.String())
		}
	}
	var out bytes.Buffer
	running := app.Update{Report: &queue.Report{Job: job, State: action.Running}}
	if err := errors.Join(newText(&out).report(running), newJSON(&out).report(running)); err != nil || out.Len() > 0 {
		t.Errorf("a job that begins is printed: %q", out.String())
	}
}

func TestWhatIsReplayedIsMarkedInBothForms(t *testing.T) {
	entry := &app.Entry{Seq: 1, Event: everyKind()[0], Replayed: true}
	job := action.Job{ID: "j", RuleName: "Rose", Runs: 1, Replayed: true, Spec: action.Spec{RCON: &action.RCON{Command: "say a"}}}
	report := app.Update{Report: &queue.Report{Job: job, State: action.Done, Runs: 1}}
	var text, lines bytes.Buffer
	err := errors.Join(newText(&text).entry(entry), newText(&text).report(report), newJSON(&lines).entry(entry), newJSON(&lines).report(report))
	if err != nil || strings.Count(text.String(), "[replay] ") != 2 || strings.Count(lines.String(), `"replayed":true`) != 2 {
		t.Errorf("%v: %s%s", err, text.String(), lines.String())
	}
}

func TestPercentile(t *testing.T) {
	var all []time.Duration
	for i := range 200 {
		all = append(all, time.Duration(200-i))
	}
	for p, want := range map[int]time.Duration{50: 100, 99: 198, 100: 200} {
		if got := percentile(all, p); got != want {
			t.Errorf("%d: got %d, want %d", p, got, want)
		}
	}
	if percentile(nil, 50) != 0 || percentile(all[:1], 1) != 200 {
		t.Error("none or one")
	}
}

func TestSummaryProblems(t *testing.T) {
	for name, c := range map[string]struct {
		summary Summary
		want    string
	}{
		"well":                   {Summary{Rehearsal: &Rehearsal{Agrees: true}}, ""},
		"a sound was not played": {Summary{Unfinished: []Unfinished{{Lane: "sound", Jobs: 1}}}, ""},
		"a command was not sent": {Summary{Unfinished: []Unfinished{{"rcon:game", 3, "refused"}}}, "3 actions of rcon:game were not done: refused"},
		"counts differ":          {Summary{Gifts: 2, Rehearsal: &Rehearsal{Gifts: 3}}, "3 gifts sent and 2 counted"},
		"trouble":                {Summary{Trouble: "stuck"}, "stuck"},
	} {
		err := c.summary.problem()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

// newApp returns a running App with no game server at hand.
func newApp(t *testing.T, p profile.Profile) *app.App {
	t.Helper()
	a, err := app.New(app.Options{Profile: p, Speed: 30, Log: slog.New(slog.DiscardHandler)})
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

func TestRunEndsWithItsTime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "long.txt")
	if err := os.WriteFile(path, []byte("length 20m\nviewer pixel_pia \"Pixel Pia\"\nevery 1s pixel_pia gifts Rose\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err := Run(t.Context(), newApp(t, profile.Default()), Options{Rehearsal: path, For: 2 * time.Second, Out: &out})
	if err != nil || !strings.Contains(out.String(), "all accounted for") || !strings.Contains(out.String(), "Pixel Pia gave 1 × Rose") {
		t.Errorf("%v: %s", err, out.String())
	}
}

func TestRunTellsWhyItCannotConnect(t *testing.T) {
	if err := Run(t.Context(), newApp(t, profile.Default()), Options{Out: &bytes.Buffer{}}); err == nil {
		t.Error("no streamer is set, and it ran")
	}
}

// brokenPipe is an output that somebody has closed.
type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, os.ErrClosed }

func TestRunEndsWhenNobodyReads(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err := Run(ctx, newApp(t, profile.Default()), Options{Rehearsal: "first-steps", Out: brokenPipe{}})
	if !errors.Is(err, os.ErrClosed) || ctx.Err() != nil {
		t.Errorf("got %v", err)
	}
}
