package replay

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/core/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func begun() time.Time { return time.Date(2026, 3, 14, 20, 0, 0, 0, time.UTC) }

// evening records n follows, ten seconds apart, of as many viewers, and gifts between them.
func evening(t *testing.T, n int) (*store.Store, Recording) {
	t.Helper()
	now := begun()
	s, err := store.Open(store.Options{
		Path: filepath.Join(t.TempDir(), "store.db"), Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	head := func(id string) event.Head { return event.Head{ID: id, At: now, Source: "tiktok", Room: "room-7"} }
	all := []store.Record{{Event: event.Connected{Head: head("c"), Handle: "testy_tom"}}}
	for i := range n {
		u := event.User{ID: fmt.Sprint(100 + i), Handle: fmt.Sprint("pixel_pia_", i), Nickname: "Pia"}
		all = append(all, store.Record{Event: event.Follow{Head: head(fmt.Sprint("f", i)), User: u}},
			store.Record{Event: event.Gift{
				Head: head(fmt.Sprint("g", i)), User: u, Gift: event.GiftInfo{ID: 5655, Name: "Rose", Coins: 1}, Streak: u.ID + "/5655",
				Added: 2, Count: 2, First: true, Final: true,
			}},
			store.Record{Event: event.Chat{Head: head(fmt.Sprint("k", i)), User: u, Comment: "hi @pixel_pia_0!"}})
		if err := s.Append(t.Context(), all); err != nil {
			t.Fatal(err)
		}
		all, now = nil, now.Add(10*time.Second)
	}
	return s, OfSession(s, 1)
}

func rules() Rules {
	do := []action.Spec{{RCON: &action.RCON{Server: "smp", Command: "say {user}"}}}
	return Rules{Rules: []rule.Rule{
		{ID: "follow", Name: "Follow", Trigger: rule.Trigger{Kind: rule.OnFollow}, Cooldown: action.Duration(25 * time.Second), Actions: do},
		{ID: "roses", Name: "Roses", Trigger: rule.Trigger{Kind: rule.OnGoal, Of: rule.OfGifts, Every: 10}, Actions: do},
		{ID: "timer", Name: "Timer", Trigger: rule.Trigger{Kind: rule.OnTimer, Interval: action.Duration(time.Minute)}, Actions: do},
	}}
}

func play(t *testing.T, o Options) Status {
	t.Helper()
	p, err := New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	return p.Status()
}

func TestRulesHaveTheRecordingsTime(t *testing.T) {
	_, r := evening(t, 100)
	for range 2 { // it is the same each time
		st := play(t, Options{Recording: r, Rules: rules()})
		got := st.Report
		if st.State != Over || st.Played != 301 || st.Events != 301 || st.Position != 990*time.Second || st.Length != st.Position {
			t.Errorf("got %+v", st)
		}
		// Each third follow, each fifth of two roses, each minute.
		if len(got.Rules) != 3 || got.Rules[0].Fired != 34 || got.Rules[1].Fired != 20 || got.Rules[2].Fired != 16 {
			t.Errorf("rules %+v", got.Rules)
		}
		if got.Rules[0].Reasons[rule.ReasonCooldown] != 66 || got.Jobs != 70 || len(got.Firings) != 70 || got.FiringsLeft != 0 {
			t.Errorf("report %+v", got.Rules)
		}
		if f := got.Firings[0]; len(f.Fired()) != 1 || f.Jobs[0].Fields.User != "pixel_pia_0" || f.Offset != 0 {
			t.Errorf("the first: %+v", f)
		}
	}
}

func TestAReplayFromAPointKnowsThePast(t *testing.T) {
	_, r := evening(t, 100)
	st := play(t, Options{Recording: r, Rules: rules(), From: 500 * time.Second})
	got := st.Report
	if got.Rules[0].Fired != 17 || got.Rules[1].Fired != 10 || got.Rules[2].Fired != 8 || st.Played != 301 {
		t.Errorf("rules %+v, played %d", got.Rules, st.Played)
	}
	if f := got.Firings[0]; f.Offset < 500*time.Second {
		t.Errorf("the first: %+v", f)
	}
}

// memory is a recording that needs no disk, so that time can be made up.
type memory []Item

func (m memory) About(context.Context) (About, error) {
	return About{Begun: m[0].At, Length: m[len(m)-1].At.Sub(m[0].At), Events: int64(len(m))}, nil
}

func (m memory) Read(_ context.Context, after int64, limit int) (items []Item, next int64, err error) {
	end := min(int(after)+limit, len(m))
	items = m[after:end]
	if end == len(m) {
		return items, 0, nil
	}
	return items, int64(end), nil
}

func follows(n int, apart time.Duration) memory {
	var m memory
	for i := range n {
		at := begun().Add(time.Duration(i) * apart)
		m = append(m, Item{int64(i + 1), at, event.Follow{
			Head: event.Head{At: at, Source: "tiktok", Room: "1"}, User: event.User{ID: fmt.Sprint(i)},
		}})
	}
	return m
}

func TestSpeedPauseAndSeek(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, err := New(t.Context(), Options{Recording: follows(101, time.Second), Rules: rules(), Speed: 2})
		if err != nil {
			t.Fatal(err)
		}
		begun, ended := time.Now(), make(chan error, 1)
		go func() { ended <- p.Run(t.Context()) }()
		at := func(wait time.Duration, want time.Duration, state State) {
			t.Helper()
			time.Sleep(wait)
			synctest.Wait()
			if st := p.Status(); st.Position != want || st.State != state {
				t.Errorf("at %v, %s, want %v, %s", st.Position, st.State, want, state)
			}
		}
		at(5200*time.Millisecond, 10*time.Second, Playing)
		p.Pause()
		at(time.Hour, 10*time.Second, Paused)
		p.Resume()
		at(5*time.Second, 20*time.Second, Playing)
		if err := p.SetSpeed(64); err != nil {
			t.Fatal(err)
		}
		if err := p.SetSpeed(0.1); !errors.Is(err, ErrSpeed) {
			t.Error(err)
		}
		p.Seek(90 * time.Second)
		at(0, 90*time.Second, Playing)
		p.Pause()
		p.Seek(30 * time.Second)
		at(time.Minute, 30*time.Second, Paused)
		if err := p.SetSpeed(1); err != nil {
			t.Fatal(err)
		}
		p.Resume()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		took := time.Since(begun) - time.Hour - time.Minute - 10200*time.Millisecond
		if st := p.Status(); st.State != Over || st.Report.Events != 71 || took < 69*time.Second || took > 71*time.Second {
			t.Errorf("%+v after %v", st, took)
		}
	})
}

func TestSilenceIsCutShortAndStopStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		p, err := New(ctx, Options{Recording: follows(10, 5*time.Hour), Rules: rules(), Speed: 1})
		if err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- p.Run(ctx) }()
		time.Sleep(150 * time.Second)
		synctest.Wait()
		if st := p.Status(); st.Position != 10*time.Hour {
			t.Errorf("at %v", st.Position)
		}
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

// exported writes a recording to a file.
func exported(t *testing.T, r Recording, anonymous bool) (path, text string) {
	t.Helper()
	var out bytes.Buffer
	if err := Write(t.Context(), &out, r, anonymous); err != nil {
		t.Fatal(err)
	}
	return written(t, out.String()), out.String()
}

func written(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "evening.jsonl")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAFilePlaysAsItsSessionDoes(t *testing.T) {
	_, r := evening(t, 700) // more lines than lie between two marks
	want := play(t, Options{Recording: r, Rules: rules()})
	for _, anonymous := range []bool{false, true} {
		path, text := exported(t, r, anonymous)
		f, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		got := play(t, Options{Recording: f, Rules: rules()})
		if !reflect.DeepEqual(got.Report.Rules, want.Report.Rules) || got.Events != want.Events || got.Length != want.Length ||
			got.Anonymous != anonymous {
			t.Errorf("anonymous %v: %+v, want %+v", anonymous, got.Report.Rules, want.Report.Rules)
		}
		for _, known := range []string{"pixel_pia", "Pia", "room-7", "testy_tom", "/5655"} {
			if anonymous && strings.Contains(text, known) {
				t.Errorf("%q is in an anonymous file", known)
			}
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestHostileFilesAreRefused(t *testing.T) {
	const head = `{"livecue_recording":1,"begun":"2026-03-14T20:00:00Z"}` + "\n"
	for text, want := range map[string]error{
		"":                                ErrFormat,
		"\n":                              ErrFormat,
		"GIF89a":                          ErrFormat,
		`{"livecue_recording":2}` + "\n":  ErrNewer,
		`{"livecue_recording":-1}` + "\n": ErrFormat,
		head + "{}\n":                     ErrFormat,
		head + "[1,2]\n":                  ErrFormat,
		head + `{"after":-1,"kind":"follow","event":{}}` + "\n":                                              ErrFormat,
		head + `{"after":1,"kind":"follow","event":{"User":7}}` + "\n":                                       ErrFormat,
		head + `{"after":1,"kind":"follow","event":{}}`:                                                      ErrFormat,
		head + `{"after":1,"kind":"chat","event":{"Comment":"` + strings.Repeat("x", maxLine) + `"}}` + "\n": ErrTooLarge,
		head: nil,
		head + `{"after":1,"kind":"of a later version","event":{}}` + "\n":                                             nil,
		head + `{"after":9223372036854775807,"kind":"gift","event":{"Added":9223372036854775807,"Final":true}}` + "\n": nil,
	} {
		f, err := Open(t.Context(), written(t, text))
		if !errors.Is(err, want) || (err == nil) != (want == nil) {
			t.Errorf("%.60q: %v, want %v", text, err, want)
		}
		if err == nil {
			play(t, Options{Recording: f, Rules: rules()})
			f.Close() //nolint:errcheck // it was only read
		}
	}
	if _, err := Open(t.Context(), t.TempDir()); !errors.Is(err, ErrFormat) {
		t.Error(err)
	}
}

func FuzzFile(f *testing.F) {
	f.Add("{\"livecue_recording\":1}\n{\"after\":5,\"kind\":\"gift\",\"event\":{\"Added\":3,\"Final\":true}}\n")
	f.Add("{\"livecue_recording\":1}\n{\"after\":5,\"kind\":\"connected\",\"event\":null}\n{\"after\":99999999999999,\"kind\":\"like\",\"event\":{}}\n")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := Open(t.Context(), written(t, text))
		if err != nil {
			return
		}
		st := play(t, Options{Recording: file, Rules: rules()})
		if st.Played != st.Events {
			t.Errorf("played %d of %d", st.Played, st.Events)
		}
		var out bytes.Buffer
		if err := errors.Join(Write(t.Context(), &out, file, true), file.Close()); err != nil {
			t.Error(err)
		}
	})
}
