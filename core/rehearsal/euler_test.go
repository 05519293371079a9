package rehearsal

import (
	"context"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// euler dials the managed socket.
func euler(ctx context.Context, s *Server, query string) (*websocket.Conn, error) {
	ws, _, err := openSocket(ctx, s.EulerURL()+"?"+query, nil)
	return ws, err
}

func TestEulerCloseCodes(t *testing.T) {
	s := start(t, Options{Script: parse(t, quiet), Key: "k"})
	ctx := t.Context()
	const good = "uniqueId=rehearsal&apiKey=k&features.rawMessages=true"
	tests := []struct {
		name, query string
		change      func()
		want        websocket.StatusCode
	}{
		{"no name", "apiKey=k&features.rawMessages=true", nil, 4400},
		{"no raw messages", "uniqueId=rehearsal&apiKey=k", nil, 4400},
		{"no key", "uniqueId=rehearsal&features.rawMessages=true", nil, 4401},
		{"unknown streamer", "uniqueId=testy_tom&apiKey=k&features.rawMessages=true", nil, 4404},
		{"rate limited", good, func() { s.wrong(t, doRateLimit, 0, time.Hour) }, 4429},
		{"rooms refused", good, func() { s.wrong(t, doRateLimit, 0, 0); s.wrong(t, doRefuseRooms, 403, time.Hour) }, 4556},
		{"signing refused", good, func() { s.wrong(t, doRefuseRooms, 0, 0); s.wrong(t, doRefuseSigning, 503, time.Hour) }, 1011},
		{"live over", good, func() {
			s.wrong(t, doRefuseSigning, 0, 0)
			if err := s.stage.sayGoodbye(time.Now(), time.Hour); err != nil {
				t.Error(err)
			}
		}, 4404},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.change != nil {
				tt.change()
			}
			ws, err := euler(ctx, s, tt.query)
			if err != nil {
				t.Fatal(err)
			}
			defer ws.CloseNow()
			if _, _, err := ws.Read(ctx); websocket.CloseStatus(err) != tt.want {
				t.Errorf("error %v, want %d", err, tt.want)
			}
		})
	}
}

// The managed socket passes TikTok's frames through, wants no acks, and ends as Euler Stream's does.
func TestEulerPassesFramesThrough(t *testing.T) {
	tests := []struct {
		name, trouble string
		want          websocket.StatusCode
	}{
		{"a code of the script", "close the managed socket with 4555", 4555},
		{"the live ends", "end the live for 5s", 4005},
		{"TikTok closes", "drop the connection", 4500},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := start(t, Options{Script: parse(t, "length 1h\nat 0s random viewer gifts Rose x4\nat 1s random viewer follows\nat 2s "+tt.trouble), Speed: 10})
			ctx := t.Context()
			ws, err := euler(ctx, s, "uniqueId=@rehearsal&features.rawMessages=true")
			if err != nil {
				t.Fatal(err)
			}
			defer ws.CloseNow()
			h := newHeard()
			if err := h.listen(ctx, ws, false, nil); websocket.CloseStatus(err) != tt.want {
				t.Errorf("error %v, want %d", err, tt.want)
			}
			l := s.Ledger()
			h.check(t, l)
			if l.Gifts != 4 || l.Follows != 1 || l.Received.Acks != 0 {
				t.Errorf("ledger %+v", short(l))
			}
		})
	}
}
