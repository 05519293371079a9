package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/livecue/livecue/core/event"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// turn is one Run of a played source: what it emits, how long it holds, and how it ends.
type turn struct {
	door string        // empty: it does not connect
	hold time.Duration // how long it lasts
	emit []event.Event // what it emits once connected
	end  *Problem      // nil: it lasts until it is cancelled
}

// played is a Source that plays turns; the last one is repeated.
type played struct {
	turns []turn
	runs  int
	at    []time.Time
}

func (p *played) Run(ctx context.Context, emit func(event.Event)) error {
	t := p.turns[min(p.runs, len(p.turns)-1)]
	p.runs++
	p.at = append(p.at, time.Now())
	emit(event.Connecting{Door: "direct"})
	if t.door != "" {
		if p.runs > 1 {
			emit(event.CredentialsRefreshed{})
		}
		emit(event.Connected{Door: t.door, Handle: "pixel_pia"})
		for _, e := range t.emit {
			emit(e)
		}
	}
	if t.end == nil {
		<-ctx.Done()
		return ctx.Err()
	}
	if !sleep(ctx, t.hold) {
		return ctx.Err()
	}
	return t.end
}

func fails(code event.CauseCode) *Problem {
	return &Problem{Cause: event.Cause{Code: code, Text: "cause and remedy"}, Err: errors.New("underneath")}
}

// watched runs a supervisor over turns for a while, and returns what it emitted, its error and the source.
func watched(t *testing.T, forHow time.Duration, look func(*Supervisor), turns ...turn) ([]event.Event, *played, error) {
	t.Helper()
	src := &played{turns: turns}
	var log []event.Event
	s := NewSupervisor(src, Options{
		Handle: "pixel_pia", Emit: func(e event.Event) { log = append(log, e) },
		Log: slog.New(slog.DiscardHandler), Random: func() float64 { return 0.5 },
	})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	time.Sleep(forHow) // in the bubble's time
	synctest.Wait()
	if look != nil {
		look(s)
	}
	cancel()
	err := <-done
	return log, src, err
}

// tell writes the events of a connection's life shortly.
func tell(log []event.Event) string {
	var out []string
	for _, e := range log {
		switch e := e.(type) {
		case event.Connecting:
			out = append(out, "connecting")
		case event.Connected:
			out = append(out, "connected:"+e.Door)
		case event.Reconnecting:
			out = append(out, fmt.Sprintf("reconnecting:%d:%s:%v", e.Attempt, e.Cause.Code, e.RetryAt.Sub(e.At)))
		case event.Reconnected:
			out = append(out, fmt.Sprintf("reconnected:%s:%v", e.Door, e.Down))
		case event.WaitingForLive:
			out = append(out, fmt.Sprintf("waiting:%v", e.NextCheck.Sub(e.At)))
		case event.RateLimited:
			out = append(out, fmt.Sprintf("limited:%v", e.Until.Sub(e.At)))
		case event.Disconnected:
			out = append(out, strings.TrimSuffix("disconnected:"+string(e.Cause.Code), ":"))
		case event.CredentialsRefreshed:
			out = append(out, "refreshed")
		case event.AuthFailed:
			out = append(out, "auth_failed:"+string(e.Cause.Code))
		default:
			out = append(out, string(e.Kind()))
		}
	}
	return strings.Join(out, " ")
}

func TestSequences(t *testing.T) {
	holds := turn{door: "direct"}
	lost := turn{door: "direct", hold: time.Minute, end: fails(event.CauseClosed)}
	flaps := turn{door: "direct", hold: time.Second, end: fails(event.CauseClosed)}
	chat := []event.Event{event.Chat{Comment: "hi"}}
	for _, test := range []struct {
		name  string
		lasts time.Duration
		turns []turn
		want  string
		err   event.CauseCode // of the Problem; empty: cancelled
	}{
		{
			"connects and is stopped", time.Hour,
			[]turn{{door: "direct", emit: chat}},
			"connecting connected:direct chat disconnected", "",
		},
		{
			"is lost and comes back", time.Hour,
			[]turn{lost, {end: fails(event.CauseNoNetwork)}, {door: "euler", emit: chat}},
			"connecting connected:direct reconnecting:1:closed:1s connecting reconnecting:2:no_network:2s " +
				"connecting refreshed reconnected:euler:3s chat disconnected", "",
		},
		{
			"a connection that held begins the waits anew", time.Hour,
			[]turn{lost, lost, holds},
			"connecting connected:direct reconnecting:1:closed:1s connecting refreshed reconnected:direct:1s " +
				"reconnecting:1:closed:1s connecting refreshed reconnected:direct:1s disconnected", "",
		},
		{
			"one that did not hold does not", time.Hour,
			[]turn{flaps, flaps, flaps, holds},
			"connecting connected:direct reconnecting:1:closed:1s connecting refreshed reconnected:direct:1s " +
				"reconnecting:2:closed:2s connecting refreshed reconnected:direct:2s " +
				"reconnecting:3:closed:4s connecting refreshed reconnected:direct:4s disconnected", "",
		},
		{
			"never was connected before", time.Hour,
			[]turn{{end: fails(event.CauseService)}, holds},
			"connecting reconnecting:1:service:10s connecting refreshed connected:direct disconnected", "",
		},
		{
			"waits for the live, quietly", time.Hour,
			[]turn{{end: fails(event.CauseNotLive)}, {end: fails(event.CauseNotLive)}, {end: fails(event.CauseNotLive)}, holds},
			"connecting waiting:15s waiting:22.5s waiting:33.75s connecting refreshed connected:direct disconnected", "",
		},
		{
			"waits for the next live", time.Hour,
			[]turn{{door: "direct", hold: time.Minute, emit: []event.Event{event.LiveEnded{}}, end: fails(event.CauseLiveEnded)}, {end: fails(event.CauseNotLive)}, holds},
			"connecting connected:direct live_ended waiting:15s waiting:22.5s connecting refreshed connected:direct disconnected", "",
		},
		{
			"is lost, and the live is over", time.Hour,
			[]turn{lost, {end: fails(event.CauseNotLive)}, holds},
			"connecting connected:direct reconnecting:1:closed:1s connecting waiting:15s connecting refreshed connected:direct disconnected", "",
		},
		{
			"trouble while it waits", time.Hour,
			[]turn{{end: fails(event.CauseNotLive)}, {end: fails(event.CauseNoNetwork)}, holds},
			"connecting waiting:15s reconnecting:1:no_network:1s connecting refreshed connected:direct disconnected", "",
		},
		{
			"rate limited, for nobody knows how long", time.Hour,
			[]turn{{end: fails(event.CauseRateLimited)}, holds},
			"connecting limited:1m0.5s connecting refreshed connected:direct disconnected", "",
		},
		{
			"key refused", time.Hour,
			[]turn{{end: fails(event.CauseKeyRefused)}},
			"connecting auth_failed:key_refused disconnected:key_refused", event.CauseKeyRefused,
		},
		{
			"unknown user", time.Hour,
			[]turn{{end: fails(event.CauseUnknownUser)}},
			"connecting disconnected:unknown_user", event.CauseUnknownUser,
		},
		{
			"unknown user who was known", time.Hour,
			[]turn{lost, {end: fails(event.CauseUnknownUser)}, holds},
			"connecting connected:direct reconnecting:1:closed:1s connecting reconnecting:2:unknown_user:2s " +
				"connecting refreshed reconnected:direct:3s disconnected", "",
		},
		{
			"settings", time.Hour,
			[]turn{{end: fails(event.CauseSettings)}},
			"connecting disconnected:settings", event.CauseSettings,
		},
		{"stopped while it waits", 5 * time.Second, []turn{{end: fails(event.CauseNotLive)}}, "connecting waiting:15s disconnected", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log, _, err := watched(t, test.lasts, nil, test.turns...)
				if got := tell(log); got != test.want {
					t.Errorf("\ngot  %s\nwant %s", got, test.want)
				}
				var p *Problem
				switch {
				case test.err == "" && !errors.Is(err, context.Canceled):
					t.Errorf("got %v, want cancelled", err)
				case test.err != "" && (!errors.As(err, &p) || p.Cause.Code != test.err):
					t.Errorf("got %v, want %s", err, test.err)
				}
			})
		})
	}
}

func TestStatus(t *testing.T) {
	for _, test := range []struct {
		name string
		turn turn
		want Status // Since, Until and Cause.Text are looked at apart
	}{
		{"connected", turn{door: "direct"}, Status{State: Connected}},
		{"waiting", turn{end: fails(event.CauseNotLive)}, Status{State: WaitingForLive, Cause: event.Cause{Code: event.CauseNotLive}}},
		{"reconnecting", turn{end: fails(event.CauseNoNetwork)}, Status{State: Reconnecting, Attempt: 1, Cause: event.Cause{Code: event.CauseNoNetwork}}},
		{"limited", turn{end: fails(event.CauseRateLimited)}, Status{State: RateLimited, Attempt: 1, Cause: event.Cause{Code: event.CauseRateLimited}}},
		{"refused", turn{end: fails(event.CauseKeyRefused)}, Status{State: AuthFailed, Cause: event.Cause{Code: event.CauseKeyRefused}}},
		{"failed", turn{end: fails(event.CauseSettings)}, Status{State: Failed, Cause: event.Cause{Code: event.CauseSettings}}},
		{"connecting", turn{hold: time.Hour, end: fails(event.CauseClosed)}, Status{State: Connecting}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				_, _, _ = watched(t, 100*time.Millisecond, func(s *Supervisor) {
					got := s.Status()
					isWaiting := got.State == WaitingForLive || got.State == Reconnecting || got.State == RateLimited
					if isWaiting != got.Until.After(began) || got.Since != began {
						t.Errorf("since %v until %v", got.Since, got.Until)
					}
					got.Since, got.Until, got.Cause.Text = time.Time{}, time.Time{}, ""
					test.want.Handle, test.want.Door = "pixel_pia", "direct"
					if got != test.want {
						t.Errorf("\ngot  %+v\nwant %+v", got, test.want)
					}
				}, test.turn)
			})
		})
	}
	s := NewSupervisor(&played{}, Options{Handle: "pixel_pia"})
	if st := s.Status(); st.State != Offline || st.Handle != "pixel_pia" || st.Since.IsZero() {
		t.Errorf("before Run: %+v", st)
	}
	synctest.Test(t, func(t *testing.T) {
		var sup *Supervisor
		_, _, _ = watched(t, time.Second, func(s *Supervisor) { sup = s }, turn{door: "direct"})
		if st := sup.Status(); st.State != Offline || st.Cause.Code != event.CauseNone {
			t.Errorf("after Run: %+v", st)
		}
	})
}

func TestUntilIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limited := fails(event.CauseRateLimited)
		limited.Until = time.Now().Add(10 * time.Minute)
		_, src, _ := watched(t, time.Hour, nil, turn{end: limited}, turn{door: "direct"})
		if wait := src.at[1].Sub(src.at[0]); wait < 10*time.Minute || wait > 10*time.Minute+time.Second {
			t.Errorf("waited %v", wait)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		atOnce := fails(event.CauseClosed)
		atOnce.Until = time.Now()
		_, src, _ := watched(t, time.Hour, nil, turn{door: "euler", end: atOnce}, turn{door: "euler"})
		if wait := src.at[1].Sub(src.at[0]); wait != 0 {
			t.Errorf("waited %v", wait)
		}
	})
}

// The waits grow to their bounds and no further, for as long as it takes.
func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, src, _ := watched(t, 24*time.Hour, nil, turn{end: fails(event.CauseNoNetwork)})
		if wait := src.at[len(src.at)-1].Sub(src.at[len(src.at)-2]); wait != 30*time.Second || src.runs < 2000 {
			t.Errorf("%d runs, the last wait is %v", src.runs, wait)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		_, src, _ := watched(t, 24*time.Hour, nil, turn{end: fails(event.CauseNotLive)})
		if wait := src.at[len(src.at)-1].Sub(src.at[len(src.at)-2]); wait != 2*time.Minute {
			t.Errorf("%d looks, the last wait is %v", src.runs, wait)
		}
	})
	p := Pace{RetryFirst: time.Millisecond}.withDefaults()
	for attempt := 1; attempt < 100; attempt++ {
		low, high := p.retry(attempt, event.CauseClosed, false, 0), p.retry(attempt, event.CauseClosed, false, 1)
		if low <= 0 || low >= high || high > p.RetryMax*6/5 {
			t.Fatalf("attempt %d: from %v to %v", attempt, low, high)
		}
	}
	if got := p.retry(100, event.CauseBlocked, true, 0.5); got != p.RetryMax/4 {
		t.Errorf("after a short connection: %v", got)
	}
	if j := jitterSource(nil)(); j < 0 || j >= 1 {
		t.Errorf("jitter %v", j)
	}
}

func TestForeignErrorIsRetried(t *testing.T) {
	p := asProblem(fmt.Errorf("around: %w", fails(event.CauseBlocked)))
	if p.Cause.Code != event.CauseBlocked {
		t.Errorf("got %v", p)
	}
	if p := asProblem(io.EOF); p.Cause.Code != event.CauseClosed || !errors.Is(p, io.EOF) {
		t.Errorf("got %v", p)
	}
}
