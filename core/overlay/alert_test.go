package overlay

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livecue/livecue/assets"
	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/scoreboard"
)

// quiet is a Server without its network, for tests of time.
func quiet(t *testing.T) *Server {
	t.Helper()
	board, err := scoreboard.Open(scoreboard.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Options{Board: board, Files: assets.Overlay(), Sounds: assets.Sounds(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// seat opens an alert page that answers as a browser does, or never; the returned function closes it.
func seat(t *testing.T, s *Server, channel string, isAnswering bool) (leave func()) {
	t.Helper()
	page, _ := find(PageAlert)
	ctx, cancel := context.WithCancel(t.Context())
	c := &client{page: page, channel: channel, wake: make(chan struct{}, 1), end: cancel, told: map[topic]uint64{}}
	s.join(c)
	done := make(chan struct{})
	go func() { // ends with leave
		defer close(done)
		for {
			for _, m := range s.news(c) {
				if a, ok := m.Data.(*alert); ok && a != nil && isAnswering {
					s.mu.Lock()
					c.answered = a.ID
					s.announce()
					s.mu.Unlock()
				}
			}
			select {
			case <-ctx.Done():
				return
			case <-c.wake:
			}
		}
	}()
	return func() {
		cancel()
		<-done
		s.leave(c)
	}
}

// doing carries out an alert and returns what came of it and how long it took.
func doing(t *testing.T, s *Server, o action.Overlay) (action.Outcome, time.Duration) {
	t.Helper()
	began := time.Now()
	outcome, err := s.Do(t.Context(), alertJob(o))
	if err != nil {
		t.Fatal(err)
	}
	return outcome, time.Since(began)
}

func TestAnAlertWithoutAPageIsRejected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := quiet(t)
		if o, took := doing(t, s, action.Overlay{Text: "x"}); o.State != action.Rejected || !strings.Contains(o.Reply, "add it to OBS") || took != graceForPages {
			t.Errorf("the first: %+v after %v", o, took)
		}
		// Those behind it do not wait each: a hundred gifts must not be shown long after they were sent.
		if o, took := doing(t, s, action.Overlay{Text: "x"}); o.State != action.Rejected || took != 0 {
			t.Errorf("the next: %+v after %v", o, took)
		}
		leave := seat(t, s, "", true)
		if o, _ := doing(t, s, action.Overlay{Text: "x", Channel: "boss"}); o.State != action.Rejected || !strings.Contains(o.Reply, `"boss"`) {
			t.Errorf("another channel: %+v", o)
		}
		leave()
		if o, took := doing(t, s, action.Overlay{Text: "x"}); o.State != action.Rejected || took != graceForPages {
			t.Errorf("after the page has gone: %+v after %v", o, took)
		}
		s.Configure(Settings{Off: true})
		if o, _ := doing(t, s, action.Overlay{Text: "x"}); !strings.Contains(o.Reply, "switched off") {
			t.Errorf("switched off: %+v", o)
		}
	})
}

func TestAnAlertWaitsForAPageThatComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := quiet(t)
		time.Sleep(time.Hour)
		seat(t, s, "", true)()
		go func() { // ends with the test's wait
			time.Sleep(2 * time.Second)
			defer seat(t, s, "", true)()
			time.Sleep(time.Minute)
		}()
		if o, took := doing(t, s, action.Overlay{Text: "x"}); o.State != action.Done || took != 2*time.Second {
			t.Errorf("%+v after %v", o, took)
		}
		time.Sleep(2 * time.Minute)
	})
}

func TestAlertsWaitForEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := quiet(t)
		defer seat(t, s, "", true)()
		defer seat(t, s, "", true)()
		defer seat(t, s, "boss", true)()
		for i, c := range []struct {
			overlay action.Overlay
			reply   string
			took    time.Duration
		}{
			{action.Overlay{Text: "all", For: action.Duration(4 * time.Second)}, "shown on 3 pages", 0},
			{action.Overlay{Text: "one", Channel: "boss", For: action.Duration(2 * time.Second)}, "shown on 1 page", 4*time.Second + alertGap},
			{action.Overlay{Text: "all again"}, "shown on 3 pages", 2*time.Second + alertGap},
			{action.Overlay{Text: "and again"}, "shown on 3 pages", seenFor + alertGap},
		} {
			if o, took := doing(t, s, c.overlay); o.State != action.Done || o.Reply != c.reply || took != c.took {
				t.Errorf("%d: %+v after %v, want %q after %v", i, o, took, c.reply, c.took)
			}
		}
	})
}

func TestAPageThatDoesNotAnswerIsUnknown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := quiet(t)
		leave := seat(t, s, "", false)
		if o, took := doing(t, s, action.Overlay{Text: "x"}); o.State != action.Unknown || took != answerWait {
			t.Errorf("%+v after %v", o, took)
		}
		defer seat(t, s, "", true)()
		if o, _ := doing(t, s, action.Overlay{Text: "x"}); o.State != action.Done || o.Reply != "shown on 1 page" {
			t.Errorf("one of two: %+v", o)
		}
		leave()
	})
}

func TestASkippedAlertIsNotShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := quiet(t)
		defer seat(t, s, "", true)()
		doing(t, s, action.Overlay{Text: "first"})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := s.Do(ctx, alertJob(action.Overlay{Text: "second"})); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if got := s.track("").alert.Parts[0].Text; got != "first" {
			t.Errorf("it shows %q", got)
		}
	})
}

func TestRehearsedAlerts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := quiet(t)
		defer seat(t, s, "", true)()
		job := alertJob(action.Overlay{Text: "rehearsed", For: action.Duration(time.Minute)})
		job.Rehearsed = true
		s.Rehearse()
		if o, err := s.Do(t.Context(), job); err != nil || o.State != action.Done {
			t.Errorf("%+v, %v", o, err)
		}
		s.EndRehearsal()
		if got := s.track("").read(time.Now()); got != nil {
			t.Errorf("after the rehearsal there is still %+v", got)
		}
		if _, err := s.Do(t.Context(), job); !action.IsPermanent(err) {
			t.Errorf("one that comes late: %v", err)
		}
		if o, took := doing(t, s, action.Overlay{Text: "real"}); o.State != action.Done || took != 0 {
			t.Errorf("%+v after %v", o, took)
		}
	})
}

func TestWhatCannotBeShownIsToldOf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := quiet(t)
		defer seat(t, s, "", true)()
		o, _ := doing(t, s, action.Overlay{Text: "x", Image: "bundled:nothing", Sound: "/no/such.wav"})
		if o.State != action.Done || !strings.Contains(o.Reply, "without the picture") || !strings.Contains(o.Reply, "without the sound") {
			t.Errorf("got %+v", o)
		}
		for _, bad := range []action.Overlay{{Image: "bundled:nothing"}, {Text: "{comment}"}, {}} {
			if _, err := s.Do(t.Context(), alertJob(bad)); !action.IsPermanent(err) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		if _, err := s.Do(t.Context(), action.Job{}); !action.IsPermanent(err) {
			t.Errorf("a job of another kind: %v", err)
		}
	})
}

func TestTracksAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := quiet(t)
		for range 1000 {
			seat(t, s, strings.Repeat("x", len(s.gone)%30+1), true)()
			time.Sleep(graceForPages)
		}
		if len(s.tracks) > 2 || len(s.gone) > 2 {
			t.Errorf("%d tracks, %d pages that have gone", len(s.tracks), len(s.gone))
		}
	})
}
