package words

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"github.com/livecue/livecue/assets"
	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/obs"
	"github.com/livecue/livecue/core/action/rcon"
	"github.com/livecue/livecue/core/action/speech"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/core/source"
	"github.com/livecue/livecue/core/store"
)

func TestMain(m *testing.M) {
	for name, value := range map[string]string{"LANGUAGE": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": "en_US.UTF-8"} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	if err := Load(assets.Translations()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func TestClean(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "Pixel Pia", "Pixel Pia"},
		{"empty", "", ""},
		{"line breaks become one space", "a\r\n\n b\tc", "a b c"},
		{"space around goes", "  a  ", "a"},
		{"controls go", "a\x00\x1b[31mb\u0085c", "a[31mb c"},
		{"bidi overrides go", "\u202eevil\u202c\u2066x\u2069\u200f", "evilx"},
		{"private use and bad bytes go", "a\ue000b\xff\xfec", "abc"},
		{"zero width goes", "a\u200bb\ufeffc\u00add", "abcd"},
		{"emoji stay whole", "👨‍👩‍👧‍👦 ok 🦊", strut + "👨‍👩‍👧‍👦 ok 🦊"},
		{"a joiner alone is nothing", "\u200d\u200d", ""},
		{"marks alone are nothing", "\u0301\u0301", ""},
		{"right-to-left text stays", "مرحبا", strut + "مرحبا"},
		{"cut by graphemes", strings.Repeat("🦊", 40), strut + strings.Repeat("🦊", 20) + "…"},
		{"exactly as long", strings.Repeat("x", 20), strings.Repeat("x", 20)},
		{"nothing to see behind the cut", strings.Repeat("x", 20) + "\n\u202e ", strings.Repeat("x", 20)},
		{"piled marks are cut", "Z" + strings.Repeat("\u0335", 500) + "a", "Z" + strings.Repeat("\u0335", maxRunes-1) + "a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Clean(tt.in, 20); got != tt.want {
				t.Errorf("Clean(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func FuzzClean(f *testing.F) {
	f.Add("Pixel\nPia\u202e", 10)
	f.Add("👨‍👩‍👧‍👦\xff\u0301", 1)
	f.Fuzz(func(t *testing.T, text string, length int) {
		length = max(0, min(length, 1000))
		got := Clean(text, length)
		if !utf8.ValidString(got) {
			t.Fatalf("%q is not valid", got)
		}
		// Taking a rune away can let neighbours grow together, so there may be fewer graphemes, never more; one for "…".
		if n := uniseg.GraphemeClusterCount(got); n > length+2 {
			t.Fatalf("%q has %d graphemes, want at most %d", got, n, length)
		}
		for _, r := range got {
			if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
				t.Fatalf("%q has %U", got, r)
			}
		}
	})
}

func TestName(t *testing.T) {
	tests := []struct {
		user event.User
		want string
	}{
		{event.User{Nickname: "Pixel Pia", Handle: "pixel_pia"}, "Pixel Pia"},
		{event.User{Nickname: "\u202e\n", Handle: "pixel_pia"}, "pixel_pia"},
		{event.User{ID: "7"}, "7"},
		{event.User{}, "?"},
	}
	for _, tt := range tests {
		if got := Name(tt.user); got != tt.want {
			t.Errorf("Name(%+v) = %q, want %q", tt.user, got, tt.want)
		}
	}
}

func TestNumbersAndTimes(t *testing.T) {
	now := time.Now()
	tests := []struct{ got, want string }{
		{Number(0), "0"},
		{Number(999), "999"},
		{Number(1000), "1\u202f000"},
		{Number(-1234567), "-1\u202f234\u202f567"},
		{Coins(1), "1 coin"},
		{Coins(29999), "29\u202f999 coins"},
		{Span(0), "0 s"},
		{Span(1500 * time.Millisecond), "1.5 s"},
		{Span(1010 * time.Millisecond), "1 s"},
		{Span(90 * time.Second), "90 s"},
		{Span(5 * time.Minute), "5 min"},
		{Span(3 * time.Hour), "3 h"},
		{Countdown(now.Add(1200*time.Millisecond), now), "2 s"},
		{Countdown(now.Add(-time.Hour), now), "0 s"},
		{Latency(83 * time.Millisecond), "83 ms"},
		{Latency(0), "1 ms"},
		{Latency(2 * time.Second), "2 s"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

func TestHowLongAndInWhatOrderThingsWait(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "Never", 1500 * time.Millisecond: "1.5 s", 90 * time.Second: "90 s", 2 * time.Minute: "2 min", time.Hour: "1 h", 90 * time.Minute: "90 min", 24 * time.Hour: "24 h",
	} {
		if got := Patience(action.Duration(d)); got != want {
			t.Errorf("%v is said as %q, want %q", d, got, want)
		}
	}
	said := map[string]bool{}
	for _, p := range rule.Priorities() {
		said[Priority(p)] = true
	}
	if len(said) != 3 || Priority("") != Priority(rule.PriorityNormal) || Priority("odd") != "odd" {
		t.Errorf("priorities: %v", said)
	}
	if Order("") != Order(profile.OrderArrival) || Order(profile.OrderCoins) == Order("") || Order("odd") != "odd" {
		t.Error("an order has the wrong words")
	}
	if PerMinute(0) != "no limit" || PerMinute(1200) != "1200" {
		t.Errorf("limits: %q, %q", PerMinute(0), PerMinute(1200))
	}
}

func TestWhatSetAJobOff(t *testing.T) {
	tests := []struct {
		fields action.Fields
		want   string
	}{
		{action.Fields{}, ""},
		{action.Fields{Gift: "Rose", Count: 5, Coins: 1, TotalCoins: 5}, "5 × Rose · 5 coins"},
		{action.Fields{Gift: "Lion", Count: 1, TotalCoins: 29999}, "Lion · 29\u202f999 coins"},
		{action.Fields{GiftID: 7, Count: 1, TotalCoins: 1}, "Gift 7 · 1 coin"},
		{action.Fields{Comment: "!zombie\nplease"}, "!zombie please"},
		{action.Fields{Gift: strings.Repeat("x", 1000), Count: 1}, strings.Repeat("x", nameLength) + "… · 0 coins"},
	}
	for _, tt := range tests {
		if got := JobCause(action.Job{Fields: tt.fields}); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.fields, got, tt.want)
		}
	}
	if one, more, many := RunsLeft(1, 1), RunsLeft(1, 5), RunsLeft(1234, 5000); one != "" || more != "1 run left" || many != "1\u202f234 runs left" {
		t.Errorf("runs left: %q, %q, %q", one, more, many)
	}
}

func TestEventSaysWhatHappened(t *testing.T) {
	rose := event.GiftInfo{ID: 5655, Name: "Rose", Coins: 1, Streakable: true}
	tests := []struct {
		event event.Event
		want  string
	}{
		{event.Gift{Gift: rose, Count: 5, Final: true}, "5 × Rose · 5 coins"},
		{event.Gift{Gift: rose, Count: 2}, "2 × Rose and counting"},
		{event.Gift{Gift: event.GiftInfo{ID: 9, Coins: 100}, Count: 1, Final: true}, "Gift 9 · 100 coins"},
		{event.Chat{Comment: "hi\nthere"}, "hi there"},
		{event.Like{Added: 15, Total: 1200}, "15 likes, 1\u202f200 in all"},
		{event.Like{Added: 1}, "1 like"},
		{event.Follow{}, "follows you"},
		{event.Share{}, "shared your stream"},
		{event.Join{}, "joined"},
		{event.Subscribe{Months: 3}, "subscribed, month 3"},
		{event.ViewerCount{Viewers: 1}, "1 viewer is watching"},
		{event.Question{Text: "why?"}, "asks: why?"},
		{event.Connected{}, "Connected"},
		{event.Reconnected{Down: 3 * time.Second}, "Connected again after 3 s"},
		{event.Disconnected{}, "Disconnected"},
		{event.LiveEnded{}, "The stream has ended"},
		{event.WaitingForLive{Handle: "pixel_pia"}, "Waiting for the stream"},
		{event.Reconnecting{Attempt: 3}, "Connection lost, attempt 3 to get it back"},
	}
	for _, tt := range tests {
		if got := Event(tt.event); got != tt.want {
			t.Errorf("%T: %q, want %q", tt.event, got, tt.want)
		}
	}
}

func TestAftermathSaysWhyAndWhatNext(t *testing.T) {
	tests := []struct {
		event event.Event
		want  string
	}{
		{event.Connected{Door: "direct"}, "TikTok directly"},
		{event.Disconnected{}, ""},
		{event.Disconnected{Cause: event.Cause{Code: event.CauseNoNetwork}}, "TikTok cannot be reached. Check your internet connection; LiveCue keeps trying."},
		{event.Reconnecting{Cause: event.Cause{Code: event.CauseClosed}}, "TikTok closed the connection. LiveCue connects anew."},
		{event.WaitingForLive{Handle: "pixel_pia"}, "@pixel_pia is not live. LiveCue keeps looking and connects by itself."},
		{event.AuthFailed{Cause: event.Cause{Code: event.CauseKeyRefused}}, "The API key was refused. Enter it again under Connections."},
		{event.Join{}, ""},
	}
	for _, tt := range tests {
		if got := Aftermath(tt.event); got != tt.want {
			t.Errorf("%T: %q, want %q", tt.event, got, tt.want)
		}
	}
}

func TestEveryCauseHasWords(t *testing.T) {
	codes := []event.CauseCode{
		event.CauseUnknownUser, event.CauseNotLive, event.CauseLiveEnded, event.CauseRateLimited, event.CauseKeyRefused, event.CauseBlocked,
		event.CauseAgeRestricted, event.CauseNoNetwork, event.CauseNoTikFinity, event.CauseCertificate, event.CauseSilence, event.CauseClosed, event.CauseService, event.CauseProtocol,
	}
	seen := map[string]event.CauseCode{}
	for _, c := range codes {
		text := Cause(event.Cause{Code: c, Text: "raw"}, "pixel_pia")
		if text == "" || strings.Contains(text, "raw") {
			t.Errorf("%s: %q", c, text)
		}
		if other, ok := seen[text]; ok {
			t.Errorf("%s and %s say the same", c, other)
		}
		seen[text] = c
	}
	if got := Cause(event.Cause{Code: event.CauseSettings, Text: "bad port"}, ""); got != "A setting cannot work: bad port" {
		t.Errorf("settings: %q", got)
	}
	if got := Cause(event.Cause{Code: "brand_new", Text: "Something new."}, ""); got != "Something new." {
		t.Errorf("an unknown code must fall back to the source's text, not %q", got)
	}
}

func TestErrorSaysCauseAndRemedy(t *testing.T) {
	tests := []struct {
		err  error
		want string
	}{
		{nil, ""},
		{fmt.Errorf("x: %w", &source.Problem{Cause: event.Cause{Code: event.CauseUnknownUser}}), "TikTok knows nobody by that name"},
		{fmt.Errorf("x: %w", rcon.ErrPassword), "refused the password"},
		{fmt.Errorf("x: %w", rcon.ErrUnreachable), "cannot be reached"},
		{fmt.Errorf("x: %w", rcon.ErrSilent), "does not answer"},
		{fmt.Errorf("x: %w", rcon.ErrProtocol), "not RCON"},
		{fmt.Errorf("x: %w", rcon.ErrAddress), "127.0.0.1:25575"},
		{fmt.Errorf("x: %w", rcon.ErrTooLong), "too long"},
		{fmt.Errorf("x: %w", rcon.ErrNoCommand), "no command"},
		{fmt.Errorf("x: %w", rcon.ErrViewerCommand), "must not be the command itself"},
		{action.Blocked(fmt.Errorf("x: %w", obs.ErrPassword)), "OBS is there, but refused the password"},
		{action.Blocked(obs.ErrNoPassword), "LiveCue has none"},
		{fmt.Errorf("%w: %w", obs.ErrUnreachable, errors.New("refused")), "Start OBS, tick Enable WebSocket server"},
		{fmt.Errorf("%w: %w", obs.ErrUnreachable, &net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}), "does its firewall"},
		{fmt.Errorf("%w: %w", obs.ErrSilent, context.DeadlineExceeded), "may still be starting"},
		{fmt.Errorf("x: %w", obs.ErrProtocol), "but not OBS"},
		{fmt.Errorf("x: %w", obs.ErrVersion), "update OBS"},
		{fmt.Errorf("x: %w", obs.ErrNotReady), "scene collection"},
		{fmt.Errorf("x: %w", obs.ErrAddress), "127.0.0.1:4455"},
		{fmt.Errorf("x: %w", speech.ErrNothing), "Nothing is left"},
		{fmt.Errorf("x: %w", speech.ErrStopped), "was stopped"},
		{fmt.Errorf("%w: install it", speech.ErrNoProgram), NoSpeech(runtime.GOOS)},
		{fmt.Errorf("x: %w", store.ErrInUse), "running already"},
		{fmt.Errorf("x: %w", store.ErrNewer), "A newer LiveCue"},
		{fmt.Errorf("x: %w", store.ErrCorrupt), "damaged"},
		{fmt.Errorf("x: %w", context.DeadlineExceeded), "took too long"},
		{context.Canceled, "interrupted"},
		{fmt.Errorf("open f: %w", fs.ErrPermission), "may not write"},
		{fmt.Errorf("open f: %w", fs.ErrNotExist), "not there any more"},
		{action.Problem{Field: "action[0].rcon.command", Code: action.ProblemMissing}, "Type a command for the game server."},
		{errors.New("something of its own"), "something of its own"},
	}
	for _, tt := range tests {
		got := Error(tt.err)
		if !strings.Contains(got, tt.want) || tt.want == "" && got != "" {
			t.Errorf("%v: %q, want %q in it", tt.err, got, tt.want)
		}
	}
	if got := Reported("dial tcp: " + rcon.ErrUnreachable.Error() + ": refused"); got != Error(rcon.ErrUnreachable) {
		t.Errorf("Reported = %q", got)
	}
	if got := Reported("no such device"); got != "no such device" {
		t.Errorf("Reported = %q", got)
	}
}

// Every mistake that an editor can meet must be said in the user's language: what rule.Check finds has a sentence.
func TestEveryMistakeOfARuleHasWords(t *testing.T) {
	long := strings.Repeat("x", 300)
	command := []action.Spec{{RCON: &action.RCON{Command: "say hi"}}}
	rules := []rule.Rule{
		{},
		{ID: "a", Name: long, Trigger: rule.Trigger{Kind: rule.OnGift}},
		{ID: "a", Name: "a", Trigger: rule.Trigger{Kind: rule.OnAnyGift, MinCoins: -1}, Cooldown: -1},
		{ID: "a", Name: "a", Trigger: rule.Trigger{Kind: rule.OnAnyGift, MaxCoins: -1}},
		{ID: "a", Name: "a", Trigger: rule.Trigger{Kind: rule.OnAnyGift, MinCoins: 5, MaxCoins: 2}},
		{ID: "a", Name: "a", Trigger: rule.Trigger{Kind: rule.OnLikes}},
		{ID: "a", Name: "a", Trigger: rule.Trigger{Kind: rule.OnCommand}},
		{ID: "a", Name: "a", Trigger: rule.Trigger{Kind: rule.OnCommand, Command: "a b"}},
		{ID: "a", Name: "a", Trigger: rule.Trigger{Kind: rule.OnGift, GiftID: 1, Gift: long}},
		{ID: "a", Name: "a", Trigger: rule.Trigger{Kind: rule.OnFollow}, Actions: []action.Spec{
			{RCON: &action.RCON{}}, {Sound: &action.Sound{}}, {Repeat: -1, Delay: -1, RCON: &action.RCON{Command: "say {usr} {gift}"}},
		}},
		{ID: "a", Name: "a", Trigger: rule.Trigger{Kind: rule.OnFollow}, Actions: []action.Spec{{RCON: &action.RCON{Command: "say hi", Server: "gone"}}}},
		{ID: "a", Name: "a", Trigger: rule.Trigger{Kind: rule.OnFollow}, Actions: command},
	}
	p := profile.Profile{RCON: []profile.Server{{Name: "minecraft", Address: "127.0.0.1:25575"}}}
	said := 0
	for _, r := range rules {
		for _, i := range p.CheckRule(r) {
			if i.Field == "id" {
				continue // the editor makes the ids
			}
			if got := Issue(i); got == "" || got == i.Text {
				t.Errorf("%s (%s): %q is the program's own English", i.Field, i.Code, got)
			}
			said++
		}
	}
	if said < 15 {
		t.Errorf("only %d mistakes found", said)
	}
}

func TestTriggerAndActionSummaries(t *testing.T) {
	tests := []struct{ got, want string }{
		{Trigger(rule.Trigger{Kind: rule.OnGift, GiftID: 5655, Gift: "Rose"}, 1), "Gift: Rose (1 coin)"},
		{Trigger(rule.Trigger{Kind: rule.OnGift, GiftID: 7}, 0), "Gift: Gift 7"},
		{Trigger(rule.Trigger{Kind: rule.OnAnyGift, MinCoins: 100}, 0), "Any gift from 100 coins"},
		{Trigger(rule.Trigger{Kind: rule.OnAnyGift, MinCoins: 1, MaxCoins: 9}, 0), "Any gift from 1 to 9 coins"},
		{Trigger(rule.Trigger{Kind: rule.OnAnyGift, MaxCoins: 1}, 0), "Any gift up to 1 coin"},
		{Trigger(rule.Trigger{Kind: rule.OnAnyGift}, 0), "Any gift"},
		{Trigger(rule.Trigger{Kind: rule.OnLikes, Every: 1000}, 0), "Every 1\u202f000 likes"},
		{Trigger(rule.Trigger{Kind: rule.OnCommand, Command: "!zombie"}, 0), "Chat: !zombie"},
		{Trigger(rule.Trigger{Kind: rule.OnFollow}, 0), "New follower"},
		{Action(action.Spec{PerGift: true, RCON: &action.RCON{Command: "/say Hello {user}"}}), "for each gift: say Hello {user}"},
		{Action(action.Spec{Repeat: 3, RCON: &action.RCON{Command: "a\nb\n\nc"}}), "3 × a (+2 more)"},
		{Action(action.Spec{RCON: &action.RCON{}}), "no command yet"},
		{Action(action.Spec{Sound: &action.Sound{File: "bundled:chime", Volume: 80}}), "♪ chime at 80 %"},
		{Action(action.Spec{Sound: &action.Sound{File: "/home/pia/sounds/big boom.mp3"}}), "♪ big boom"},
		{Lane("sound"), "Sounds"},
		{Lane("rcon:minecraft"), "minecraft"},
		{Lane("rcon:"), "Game server"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

func TestJobsAreSaidWithTheirRuns(t *testing.T) {
	job := action.Job{
		Runs: 5, Fields: action.Fields{User: "testy_tom", Nickname: "Tom\u202e\n", Count: 5},
		Spec: action.Spec{PerGift: true, RCON: &action.RCON{Command: "/say {nickname} sent {count}\ngive @p {unknown}"}},
	}
	one := job
	one.Runs = 1
	began := time.Date(2026, 3, 1, 20, 0, 0, 0, time.Local)
	progress := func(state action.State, runs, refused int) string {
		return Progress(queue.Report{Job: job, State: state, Runs: runs, Refused: refused})
	}
	unsure := func(state action.State, runs, unsure int) string {
		return Progress(queue.Report{Job: job, State: state, Runs: runs, Unsure: unsure})
	}
	tests := []struct{ got, want string }{
		{unsure(action.Unknown, 5, 2), "sent, no answer 2 of 5"},
		{unsure(action.Dropped, 3, 1), "cancelled after 3 of 5 · 1 sent, not answered"},
		{unsure(action.Running, 3, 1), "running 3 of 5"},
		{Job(job), "5 × say Tom sent 5 (+1 more)"},
		{Job(one), "say Tom sent 5 (+1 more)"},
		{JobViewer(job), "Tom"},
		{JobViewer(action.Job{Fields: action.Fields{User: "testy_tom"}}), "testy_tom"},
		{progress("", 0, 0), "waiting 5 ×"},
		{progress(action.Running, 2, 0), "running 2 of 5"},
		{progress(action.Rejected, 5, 3), "refused 3 of 5"},
		{progress(action.Dropped, 2, 0), "cancelled after 2 of 5"},
		{progress(action.Dropped, 0, 0), "cancelled 5 ×"},
		{progress(action.Done, 5, 0), "done 5 ×"},
		{Unfinished(app.Unfinished{Job: job}), ""},
		{Unfinished(app.Unfinished{Job: job, Runs: 2}), "2 done · 3 to go"},
		{Unfinished(app.Unfinished{Job: job, Claimed: true}), "1 sent, not answered · 4 to go"},
		{Unfinished(app.Unfinished{Job: job, Runs: 2, Claimed: true, Expired: true}), "2 done · 1 sent, not answered · 2 to go · its time is over"},
		{Unfinished(app.Unfinished{Job: job, Runs: 3, Unsure: 1, Claimed: true}), "2 done · 2 sent, not answered · 1 to go"},
		{Unfinished(app.Unfinished{Job: job, Runs: 2, Unsure: 2}), "2 sent, not answered · 3 to go"},
		{Moment(began, began.Add(time.Hour)), "20:00:00"},
		{Moment(began, began.Add(5*time.Hour)), "2026-03-01 20:00"},
		{Moment(began, began.AddDate(1, 0, 0)), "2026-03-01 20:00"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

func TestWhyNotTellsWhatIsNearest(t *testing.T) {
	tests := []struct {
		name      string
		decisions []rule.Decision
		want      string
	}{
		{"no rules", nil, "no rules yet"},
		{"none for it", []rule.Decision{{RuleName: "A", Reason: rule.ReasonKind}, {RuleName: "B", Reason: rule.ReasonGift}}, "no rule for this"},
		{
			"cooldown",
			[]rule.Decision{{RuleName: "A", Reason: rule.ReasonGift}, {RuleName: "B", Reason: rule.ReasonCooldown, Wait: action.Duration(12 * time.Second)}},
			"B – cooling down, 12 s to go",
		},
		{"off", []rule.Decision{{RuleName: "A", Reason: rule.ReasonOff}, {RuleName: "B", Reason: rule.ReasonStreak}}, "A – switched off"},
		{"likes", []rule.Decision{{RuleName: "A", Reason: rule.ReasonLikes, Missing: 55}}, "A – 55 likes to go"},
		{"growing streak", []rule.Decision{{RuleName: "A", Reason: rule.ReasonStreak}}, "A – waits for the end of the streak"},
		{"baseline", []rule.Decision{{RuleName: "A", Reason: rule.ReasonBaseline}}, "A – counts likes from here on"},
	}
	for _, tt := range tests {
		if got := WhyNot(tt.decisions, tt.name == "growing streak"); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestReasonsAndStatesHaveWords(t *testing.T) {
	for _, r := range []rule.Reason{
		rule.ReasonFired, rule.ReasonOff, rule.ReasonKind, rule.ReasonGift, rule.ReasonCoins, rule.ReasonStreak, rule.ReasonLikes,
		rule.ReasonBaseline, rule.ReasonCommand, rule.ReasonCooldown, rule.ReasonNoAction,
	} {
		if got := Reason(rule.Decision{Reason: r}); got == "" || got == string(r) && r != rule.ReasonFired {
			t.Errorf("reason %s: %q", r, got)
		}
	}
	for _, s := range []action.State{action.Rejected, action.Unknown, action.Expired, action.Dropped} {
		if got := JobState(s); got == "" || got == string(s) {
			t.Errorf("state %s: %q", s, got)
		}
	}
	for _, k := range rule.TriggerKinds() {
		if got := TriggerKind(k); got == "" || got == string(k) {
			t.Errorf("trigger %s: %q", k, got)
		}
	}
}
