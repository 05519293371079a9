package app

import (
	"context"
	"encoding/json"
	"net"
	"testing"

	"github.com/coder/websocket"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/profile"
)

// The port opens and closes with the profile, waits for one that is taken, and tells of the stream.
func TestTikFinityPort(t *testing.T) {
	a := signalled(t, t.TempDir())
	taken, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := taken.Addr().(*net.TCPAddr).Port
	set := func(s profile.TikFinity) {
		p := a.Profile()
		p.TikFinity = s
		if err := a.SetProfile(p); err != nil {
			t.Fatal(err)
		}
	}
	set(profile.TikFinity{On: true, Port: port})
	eventually(t, "the taken port is told of", func() bool { _, problem := a.TikFinityStatus(); return problem != "" && len(a.Health().Problems) > 0 })
	_ = taken.Close()
	eventually(t, "it listens", func() bool { s, problem := a.TikFinityStatus(); return s.Address != "" && problem == "" })

	ctx, cancel := context.WithTimeout(t.Context(), socketPatience)
	defer cancel()
	s, _ := a.TikFinityStatus()
	conn, _, err := websocket.Dial(ctx, "ws://"+s.Address, nil) //nolint:bodyclose // Dial closes it
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.CloseNow() }()
	eventually(t, "the program is let in", func() bool { s, _ := a.TikFinityStatus(); return s.Clients == 1 })
	a.bus.Emit(event.Chat{User: event.User{Handle: "pixel_pia"}, Comment: "hi"})
	_, body, err := conn.Read(ctx)
	var frame struct {
		Event string
		Data  struct{ UniqueID, Comment string }
	}
	if err != nil || json.Unmarshal(body, &frame) != nil || frame.Event != "chat" || frame.Data.Comment != "hi" || frame.Data.UniqueID != "pixel_pia" {
		t.Errorf("%s, %v", body, err)
	}
	set(profile.TikFinity{})
	if _, _, err := conn.Read(ctx); err == nil || ctx.Err() != nil {
		t.Errorf("after it was switched off: %v", err)
	}
	eventually(t, "it is closed", func() bool { s, _ := a.TikFinityStatus(); return s.Address == "" })
}
