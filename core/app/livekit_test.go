package app

import (
	"fmt"
	"testing"
	"time"

	lksdk "github.com/livekit/server-sdk-go/v2"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/core/source"
	"github.com/livecue/livecue/core/source/livekit/livekittest"
)

// Data in the room runs a rule; the room is joined when the token comes, left when the user wants, and no stream for it.
func TestALiveKitRoomRunsRules(t *testing.T) {
	s := livekittest.Start(t)
	score := rule.Rule{
		ID: "r", Name: "Score", Trigger: rule.Trigger{Kind: rule.OnData, Topic: "game", Begins: "score"},
		Actions: []action.Spec{{Counter: &action.Counter{Name: "score", Amount: 2}}},
	}
	timer := rule.Rule{
		ID: "t", Name: "Started", Trigger: rule.Trigger{Kind: rule.OnConnected},
		Actions: []action.Spec{{Counter: &action.Counter{Name: "started"}}},
	}
	p := profile.Profile{
		Version: profile.Version, LiveKit: profile.LiveKit{Enabled: true, URL: s.URL()}, Rules: []rule.Rule{score, timer},
	}
	a := start(t, Options{Profile: p, Secrets: &memorySecrets{}})
	state := func(want source.State) {
		t.Helper()
		livekittest.Until(t, "state "+string(want), func() bool { return a.LiveKitStatus().State == want })
	}
	state(source.Failed) // there is no token
	if err := a.TestLiveKit(t.Context(), p.LiveKit, ""); err == nil {
		t.Error("works without a token")
	}
	token := livekittest.Token(t, "livecue", time.Hour)
	if err := a.TestLiveKit(t.Context(), p.LiveKit, token); err != nil {
		t.Error(err)
	}
	if err := a.SetSecret(profile.KeyLiveKit(), token); err != nil {
		t.Fatal(err)
	}
	state(source.Connected)
	if got := a.LiveKitStatus().Handle; got != livekittest.Room {
		t.Errorf("in %q", got)
	}
	pia := s.Join("pixel_pia")
	for i, topic := range []string{"Game", "chat"} {
		text := fmt.Sprintf("Score %d", i)
		if err := pia.LocalParticipant.PublishDataPacket(lksdk.UserData([]byte(text)), lksdk.WithDataPublishReliable(true), lksdk.WithDataPublishTopic(topic)); err != nil {
			t.Fatal(err)
		}
	}
	livekittest.Until(t, "the score", func() bool { n, _ := a.board.Counter("score"); return n == 2 })
	if n, _ := a.board.Counter("started"); n != 0 {
		t.Error("the room was taken for a stream")
	}
	if d := a.Diagnostics(); a.Health().Reconnects != 0 || a.Status().State != source.Offline || d.ConnectedFor != 0 {
		t.Errorf("the room counts as a stream: %+v", d)
	}

	s.Remove("livecue")
	state(source.Failed)
	if got := a.LiveKitStatus().Cause.Code; got != event.CauseRemoved {
		t.Errorf("removed as %q", got)
	}
	a.RetryLiveKit()
	state(source.Connected)
	p.LiveKit.Enabled = false
	if err := a.SetProfile(p); err != nil {
		t.Fatal(err)
	}
	state(source.Offline)
}
