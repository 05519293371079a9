package app

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/rule"
)

// A server that never answers holds up its own requests and nobody else's.
func TestASlowServerHoldsUpNoOther(t *testing.T) {
	stuck, release := make(chan struct{}), make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		stuck <- struct{}{}
		<-release
	}))
	defer slow.Close()
	defer close(release) // before the server waits for it
	quick := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer quick.Close()
	hung, swift := roseRule(), roseRule()
	hung.ID, hung.Actions = "hung", []action.Spec{{HTTP: &action.HTTP{URL: slow.URL + "/lamp", Timeout: action.MaxTimeout}}}
	swift.ID, swift.Actions = "swift", []action.Spec{{HTTP: &action.HTTP{URL: quick.URL + "/horn"}}}
	p := testProfile(hung, swift)
	a := start(t, Options{Profile: p})
	w := watch(t, a)
	for range 2 {
		if err := a.TestRule(hung); err != nil {
			t.Fatal(err)
		}
	}
	<-stuck
	if err := a.TestRule(swift); err != nil {
		t.Fatal(err)
	}
	w.until("the quick one", isReport("swift", action.Done))
	slowLane, quickLane := hung.Actions[0].Lane(), swift.Actions[0].Lane()
	if l, _ := hasLane(a, slowLane); l.Running == nil || l.Waiting != 1 {
		t.Errorf("the slow lane: %+v", l)
	}

	state := showState{app: a}
	if state.LanePaused(webLanes) {
		t.Error("requests are paused")
	}
	a.PauseLane(quickLane)
	if state.LanePaused(webLanes) || !state.LanePaused(quickLane) {
		t.Error("one of two is paused")
	}
	a.PauseLane(slowLane)
	if !state.LanePaused(webLanes) {
		t.Error("both are paused")
	}
	if q, err := a.waitingShown(); err != nil || q.Total[webLanes] != 2 || len(q.Total) != 3 { // with the game and the sounds
		t.Errorf("viewers are told of %+v, %v", q, err)
	}

	p.Rules = []rule.Rule{hung}
	if err := a.SetProfile(p); err != nil {
		t.Fatal(err)
	}
	if _, ok := hasLane(a, quickLane); ok {
		t.Error("a lane outlived the last rule that named its server")
	}
	if _, ok := hasLane(a, slowLane); !ok {
		t.Error("the slow lane is gone")
	}
}
