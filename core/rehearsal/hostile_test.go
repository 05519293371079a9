package rehearsal

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	pb "github.com/steampoweredtaco/gotiktoklive/proto"
	"google.golang.org/protobuf/proto"
)

func TestPagesOfABrowserMayNotListen(t *testing.T) {
	s := start(t, Options{Script: parse(t, quiet)})
	_, status, err := openSocket(t.Context(), s.EulerURL()+"?uniqueId=rehearsal&features.rawMessages=true",
		http.Header{"Origin": {"https://evil.example.test"}})
	if err == nil || status != http.StatusForbidden {
		t.Errorf("status %d, error %v", status, err)
	}
}

// Whatever a client sends, the server counts it and stays; the others notice nothing.
func TestHostileClients(t *testing.T) {
	s := start(t, Options{Script: parse(t, quiet)})
	ctx := t.Context()
	room := s.roomNow()
	open := func() *websocket.Conn {
		t.Helper()
		sd, err := sign(ctx, s, room, "")
		if err != nil {
			t.Fatal(err)
		}
		ws, _, err := dial(ctx, room, sd)
		if err != nil {
			t.Fatal(err)
		}
		return ws
	}
	good := open()
	defer good.CloseNow()
	bad := open()
	defer bad.CloseNow()
	frame := func(f *pb.WebcastPushFrame) []byte {
		b, err := proto.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, data := range [][]byte{
		broken, nil, []byte("GET / HTTP/1.1"), frame(&pb.WebcastPushFrame{PayloadType: "ack"}),
		frame(&pb.WebcastPushFrame{PayloadType: "ack", LogId: 1 << 63, Payload: broken}),
		frame(&pb.WebcastPushFrame{PayloadType: "hb"}), frame(&pb.WebcastPushFrame{PayloadType: "im_enter_room"}),
		frame(&pb.WebcastPushFrame{PayloadType: "\u202e"}),
	} {
		if err := bad.Write(ctx, websocket.MessageBinary, data); err != nil {
			t.Fatal(err)
		}
	}
	if err := bad.Write(ctx, websocket.MessageText, []byte("hello")); err != nil {
		t.Fatal(err)
	}
	if err := bad.Write(ctx, websocket.MessageBinary, make([]byte, maxClientFrame+1)); err != nil {
		t.Fatal(err)
	}
	h := newHeard()
	if err := h.listen(ctx, bad, false, nil); websocket.CloseStatus(err) != websocket.StatusMessageTooBig {
		t.Errorf("a huge frame: %v", err)
	}
	for _, raw := range []string{"\x16\x03\x01\x02\x00garbage", "CONNECT  HTTP/1.1\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", strings.Repeat("A", 100_000)} {
		conn, err := net.Dial("tcp", s.Addr())
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(conn, raw) // it may be cut off already
		conn.Close()
	}
	if err := h.listen(ctx, good, true, func() bool { return true }); err != nil {
		t.Errorf("the good client: %v", err)
	}
	s.stage.await(ctx, 10*time.Second, func() bool { return s.stage.book.total.Received.Acks > 0 && len(s.stage.conns) == 1 })
	in := s.Ledger().Received
	if in.BadAcks != 2 || in.Heartbeats != 1 || in.RoomEnter != 1 || in.Unknown != 5 || in.Acks == 0 || in.Open != 1 {
		t.Errorf("received %+v", in)
	}
}

// A client that is connected and takes nothing is let go of, and what it did not take is kept for the next.
func TestClientThatNeverAcks(t *testing.T) {
	s := start(t, Options{Script: parse(t, "length 1h\nat 0s random viewer follows"), Speed: 10_000})
	ctx := t.Context()
	room := s.roomNow()
	sd, err := sign(ctx, s, room, "")
	if err != nil {
		t.Fatal(err)
	}
	ws, _, err := dial(ctx, room, sd)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.CloseNow()
	s.stage.await(ctx, 10*time.Second, func() bool { return s.stage.book.total.Pending == 1 })
	s.stage.mu.Lock()
	for c := range s.stage.conns {
		for i := range uint64(maxInflight + 1) {
			c.inflight[i] = sentFrame{}
		}
		c.push()
	}
	s.stage.mu.Unlock()
	if err := newHeard().listen(ctx, ws, false, nil); websocket.CloseStatus(err) != websocket.StatusPolicyViolation {
		t.Errorf("error %v", err)
	}
	if l := s.Ledger(); l.Pending != 1 || l.Follows != 0 {
		t.Errorf("ledger %+v", short(l))
	}
}

// What nobody takes for too long is given up, and told.
func TestPendingIsBounded(t *testing.T) {
	st := newStage("host", nil, time.Now())
	st.room.isAttended, st.maxPending = true, 1000
	v := madeUp(0)
	for range st.maxPending + 5 {
		if err := st.perform(&step{verb: doFollow, viewer: v}, 0, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	if l := st.ledger(); l.Pending != st.maxPending || l.Missed != 5 || len(st.recent) > 2*keepRecent {
		t.Errorf("ledger %+v, recent %d", l, len(st.recent))
	}
}
