package gui

import (
	"context"
	"testing"

	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/source"
	"github.com/livecue/livecue/gui/look/looktest"
)

func (f *fakeCore) RetryLiveKit() {}

func (f *fakeCore) LiveKitStatus() source.Status {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.profile.LiveKit.Enabled {
		return source.Status{State: source.Connected, Handle: "arena"}
	}
	return source.Status{State: source.Offline}
}

func (f *fakeCore) TestLiveKit(_ context.Context, _ profile.LiveKit, token string) error {
	if token != "right" {
		return &source.Problem{Cause: event.Cause{Code: event.CauseKeyRefused}}
	}
	return nil
}

func TestLiveKitCard(t *testing.T) {
	r := onConnections(t, nil)
	c := r.w.connections.room
	r.mustShow("Not in a room.")
	address := looktest.Entry(t, r.top(), "wss://example.livekit.cloud")
	address.SetText("ws://192.0.2.7:7880")
	r.mustShow("With ws:// everything goes unencrypted over the network, the token too.")
	address.SetText("ftp://example.com")
	r.mustShow("The address must be one such as wss://example.livekit.cloud.")
	if !c.save.Disabled() {
		t.Error("what cannot be can be saved")
	}
	address.SetText("wss://example.com")
	r.mustNotShow("unencrypted")
	if !c.token.Password {
		t.Error("the token is shown")
	}
	c.token.SetText("wrong")
	c.test.OnTapped()
	r.untilShows("LiveKit refuses the token")
	c.token.SetText("right")
	c.test.OnTapped()
	r.untilShows("It works: the server would let LiveCue in.")
	c.enabled.SetChecked(true)
	c.save.OnTapped()
	r.untilShows("In the room arena.")
	want := profile.LiveKit{Enabled: true, URL: "wss://example.com"}
	if got := r.core.Profile().LiveKit; got != want || !r.core.HasSecret(profile.KeyLiveKit()) || c.token.Text != "" {
		t.Errorf("saved %+v", got)
	}
	if c.stands.Importance != widget.LowImportance {
		t.Error("all is well, and it alarms")
	}
}
