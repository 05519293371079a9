package app

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/queue"
)

// reportOn is how a job of a rule ended on the lane "rcon:minecraft".
func reportOn(ruleID string, state action.State, latency time.Duration) queue.Report {
	spec := command("say hello")
	spec.RCON.Server = "minecraft"
	return queue.Report{
		Job: action.Job{
			RuleID: ruleID, RuleName: "Rule " + ruleID, Spec: spec,
			Fields: action.Fields{User: "pixel_pia", Nickname: "Pixel Pia"},
		},
		State: state, Latency: latency, At: time.Now(),
	}
}

// readNow returns what is shown of a profile with the rules "rose" and "follow" and one game server.
func readNow(d *diagnostics) Diagnostics {
	return d.read([]named{{"rose", "Rose"}, {"follow", "Follow"}}, []named{{"rcon:minecraft", "rcon:minecraft"}}, losses{})
}

func near(got, want time.Duration) bool {
	return got >= want*96/100 && got <= want*104/100
}

func TestSpeedOfRulesAndLanes(t *testing.T) {
	d := newDiagnostics()
	for i := range 100 {
		d.onReport(reportOn("gone", action.Waiting, 0))
		d.onReport(reportOn("gone", action.Running, time.Hour))
		d.onReport(reportOn("gone", action.Done, time.Duration(i+1)*time.Millisecond))
	}
	for state, n := range map[action.State]int{
		action.Rejected: 1, action.Failed: 2, action.Unknown: 3, action.Expired: 4, action.Dropped: 5,
	} {
		for range n {
			d.onReport(reportOn("follow", state, 7*time.Second))
		}
	}
	tested := reportOn("rose", action.Done, time.Hour)
	tested.Job.Test = true
	d.onReport(tested)
	rehearsed := reportOn("rose", action.Done, time.Hour)
	rehearsed.Job.Rehearsed = true
	d.onReport(rehearsed)

	got := readNow(d)
	var ids []string
	for _, r := range got.Rules {
		ids = append(ids, r.ID+"="+r.Name)
	}
	if !slices.Equal(ids, []string{"rose=Rose", "follow=Follow", "gone=Rule gone"}) {
		t.Fatalf("rules %q", ids)
	}
	if got.Rules[0] != (Speed{ID: "rose", Name: "Rose"}) {
		t.Errorf("what was tested or rehearsed counts: %+v", got.Rules[0])
	}
	follow := got.Rules[1]
	follow.P50, follow.P95, follow.P99 = 0, 0, 0 // they are near
	want := Speed{
		ID: "follow", Name: "Follow", Rejected: 1, Failed: 2, Unknown: 3, Expired: 4, Dropped: 5, Max: 7 * time.Second,
	}
	if follow != want || !near(got.Rules[1].P50, 7*time.Second) {
		t.Errorf("got %+v, want %+v", got.Rules[1], want)
	}
	s := got.Rules[2]
	if s.Done != 100 || !near(s.P50, 50*time.Millisecond) || !near(s.P95, 95*time.Millisecond) ||
		!near(s.P99, 99*time.Millisecond) || s.Max != 100*time.Millisecond {
		t.Errorf("got %+v", s)
	}
	if len(got.Lanes) != 1 {
		t.Fatalf("lanes %+v", got.Lanes)
	}
	if l := got.Lanes[0]; l.ID != "rcon:minecraft" || l.Done != 100 || l.Dropped != 5 || l.Max != 7*time.Second {
		t.Errorf("the lane: %+v", l)
	}
}

func TestWhatIsRememberedIsBounded(t *testing.T) {
	d := newDiagnostics()
	for i := range 2000 {
		r := reportOn(fmt.Sprint(i), action.Rejected, time.Second)
		r.Job.Spec.RCON.Server = fmt.Sprint(i)
		d.onReport(r)
		d.onEvent(event.Connecting{Door: fmt.Sprint(i)})
	}
	got := d.read(nil, nil, losses{})
	if len(got.Rules) != maxRules || len(got.Lanes) != maxLanes {
		t.Errorf("%d rules, %d lanes", len(got.Rules), len(got.Lanes))
	}
	if len(got.Troubles) != maxTroubles || got.Troubles[0].RuleID != "1999" || got.Troubles[maxTroubles-1].RuleID != "1900" {
		t.Errorf("%d troubles, the first %+v", len(got.Troubles), got.Troubles[0])
	}
	if n := len(got.Connection); n != maxConnectionNotes || got.Connection[n-1].Event.(event.Connecting).Door != "1999" {
		t.Errorf("%d steps, the last %+v", n, got.Connection[n-1])
	}
	if got.Events != 2000 {
		t.Errorf("%d events", got.Events)
	}
}

func TestTroubles(t *testing.T) {
	d := newDiagnostics()
	put := func(state action.State, reply, problem string) {
		r := reportOn("rose", state, 0)
		r.Reply, r.Error = reply, problem
		d.onReport(r)
	}
	put(action.Done, "ok", "")
	put(action.Dropped, "", "cleared")
	put(action.Rejected, "Unknown command", "")
	put(action.Waiting, "", "") // moved, say
	put(action.Waiting, "", "connection refused")
	put(action.Running, "", "")
	put(action.Waiting, "", "connection refused again")
	put(action.Expired, "", "connection refused again")
	put(action.Unknown, "", "")
	put(action.Failed, "", "no such server")
	put(action.Rejected, strings.Repeat("🦀", 400), "")
	anonymous := reportOn("rose", action.Failed, 0)
	anonymous.Job.Fields.Nickname = ""
	d.onReport(anonymous)

	want := []string{
		"failed: pixel_pia", "rejected:🦀 Pixel Pia", "failed:no such server Pixel Pia", "unknown: Pixel Pia", ": Pixel Pia",
		"expired:connection refused again Pixel Pia", ":connection refused Pixel Pia", "rejected:Unknown command Pixel Pia",
	}
	var got []string
	for _, tr := range readNow(d).Troubles {
		if len(tr.Text) > maxTroubleText || !utf8.ValidString(tr.Text) {
			t.Errorf("a text of %d bytes", len(tr.Text))
		}
		if tr.Lane != "rcon:minecraft" || tr.RuleID != "rose" || tr.RuleName != "Rule rose" || tr.At.IsZero() {
			t.Errorf("got %+v", tr)
		}
		text := tr.Text
		if len(text) > 100 {
			text = "🦀"
		}
		got = append(got, fmt.Sprintf("%s:%s %s", tr.State, text, tr.Viewer))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestATestTellsOfItsLanesTroubleAlone(t *testing.T) {
	d := newDiagnostics()
	for _, state := range []action.State{action.Waiting, action.Rejected} {
		r := reportOn("rose", state, 0)
		r.Job.Test, r.Error = true, "connection refused"
		d.onReport(r)
	}
	got := readNow(d).Troubles
	if len(got) != 2 || got[0].State != "" || got[0].Text != "" || got[1].State != "" || got[1].Text != "connection refused" {
		t.Errorf("got %+v", got)
	}
}

func TestTheLogOfTheConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDiagnostics()
		begin := time.Now()
		for _, e := range []event.Event{
			event.WaitingForLive{},
			event.WaitingForLive{Handle: "testy_tom"},
			event.Connecting{},
			event.Connected{},
			event.Gift{},
			event.ViewerCount{},
			event.Chat{},
			event.Reconnecting{Attempt: 1},
			event.Connecting{},
			event.Reconnecting{Attempt: 2},
			event.Connecting{},
			event.Reconnected{},
			event.CredentialsRefreshed{},
			event.LiveEnded{},
			event.WaitingForLive{},
			event.RateLimited{},
			event.AuthFailed{},
			event.Disconnected{},
			event.Connecting{},
			event.Connected{},
		} {
			d.onEvent(e)
			time.Sleep(time.Minute)
		}
		got := readNow(d)
		var kinds []event.Kind
		for _, n := range got.Connection {
			kinds = append(kinds, n.Event.Kind())
		}
		want := []event.Kind{
			event.KindWaitingForLive, event.KindConnecting, event.KindConnected, event.KindReconnecting, event.KindConnecting,
			event.KindReconnecting, event.KindConnecting, event.KindReconnected, event.KindCredentialsRefreshed, event.KindLiveEnded,
			event.KindWaitingForLive, event.KindRateLimited, event.KindAuthFailed, event.KindDisconnected, event.KindConnecting,
			event.KindConnected,
		}
		if !slices.Equal(kinds, want) {
			t.Errorf("got  %v\nwant %v", kinds, want)
		}
		first := got.Connection[0]
		if w := first.Event.(event.WaitingForLive); w.Handle != "testy_tom" || !first.At.Equal(begin) {
			t.Errorf("the wait: %+v", first)
		}
		// Connected for 4 minutes, reconnected for 2, connected for 1 so far.
		if got.ConnectedFor != 7*time.Minute || got.Reconnects != 1 || got.Events != 20 || !got.Since.Equal(begin) {
			t.Errorf("connected for %v, %d reconnects, %d events", got.ConnectedFor, got.Reconnects, got.Events)
		}
	})
}

func TestARehearsalIsCountedApart(t *testing.T) {
	d := newDiagnostics()
	happen := func(isRehearsed bool) {
		d.onEvent(event.Reconnected{})
		r := reportOn("rose", action.Failed, 0)
		r.Job.Rehearsed = isRehearsed
		d.onReport(r)
	}
	read := func(soFar losses) Diagnostics { return d.read([]named{{"rose", "Rose"}}, nil, soFar) }
	check := func(when string, got Diagnostics, n, lost uint64) {
		t.Helper()
		if got.Rules[0].Failed != n || got.Reconnects != n || got.Events != n || uint64(len(got.Troubles)) != n ||
			uint64(len(got.Connection)) != n {
			t.Errorf("%s: %d failed, %d reconnects, %d events, %d troubles, %d steps; want %d each", when,
				got.Rules[0].Failed, got.Reconnects, got.Events, len(got.Troubles), len(got.Connection), n)
		}
		if got.Duplicates != lost || got.Malformed != lost*2 || got.Unknown != lost*3 || got.FeedDropped != lost*4 {
			t.Errorf("%s: losses %d, %d, %d, %d; want %d times 1 to 4", when,
				got.Duplicates, got.Malformed, got.Unknown, got.FeedDropped, lost)
		}
	}
	happen(false)
	check("before", read(losses{1, 2, 3, 4}), 1, 1)
	d.rehearse(losses{2, 4, 6, 8})
	check("at its begin", read(losses{2, 4, 6, 8}), 0, 0)
	happen(true)
	happen(true)
	d.onReport(reportOn("rose", action.Failed, 0)) // it was under way
	check("meanwhile", read(losses{5, 10, 15, 20}), 2, 3)
	d.rehearsed(losses{6, 12, 18, 24})
	late := reportOn("rose", action.Failed, 0)
	late.Job.Rehearsed = true
	d.onReport(late)
	d.onEvent(event.Reconnected{})
	check("after", read(losses{7, 14, 21, 28}), 2, 3)
}

func BenchmarkOnReport(b *testing.B) {
	d := newDiagnostics()
	reports := make([]queue.Report, 1000)
	for i := range reports {
		state := []action.State{action.Running, action.Done, action.Rejected, action.Waiting}[i%4]
		reports[i] = reportOn(fmt.Sprint(i%50), state, time.Duration(i)*time.Millisecond)
		reports[i].Error = "connection refused"
	}
	for i := 0; b.Loop(); i++ {
		d.onReport(reports[i%len(reports)])
	}
}

func BenchmarkOnEvent(b *testing.B) {
	d := newDiagnostics()
	gift, step := event.Event(event.Gift{}), event.Event(event.Reconnecting{})
	for i := 0; b.Loop(); i++ {
		if i%2 == 0 {
			d.onEvent(gift)
		} else {
			d.onEvent(step)
		}
	}
}

func BenchmarkReadDiagnostics(b *testing.B) {
	d := newDiagnostics()
	for i := range 100_000 {
		d.onReport(reportOn(fmt.Sprint(i%50), action.Done, time.Duration(i)*time.Microsecond))
	}
	for b.Loop() {
		d.read(nil, nil, losses{})
	}
}
