package tiktok

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	pb "github.com/steampoweredtaco/gotiktoklive/proto"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/source"
)

func TestSocketProblems(t *testing.T) {
	for _, test := range []struct {
		err  error
		want event.CauseCode
	}{
		{fmt.Errorf("read: %w", errSilence), event.CauseSilence},
		{fmt.Errorf("read: %w", websocket.ErrMessageTooBig), event.CauseProtocol},
		{errors.New("WebSocket protocol violation: unexpected opcode"), event.CauseProtocol},
		{io.EOF, event.CauseClosed},
		{&net.OpError{Op: "read", Err: errors.New("connection reset by peer")}, event.CauseClosed},
	} {
		for _, explain := range []func(error) *source.Problem{
			directEnd, func(err error) *source.Problem { return eulerEnd(err, testHandle) },
		} {
			wantCause(t, explain(test.err), test.want)
		}
	}
}

func TestHugeFrameEndsTheSocket(t *testing.T) {
	f := newFake(t)
	f.socket = func(p *peer) {
		p.say(chat(1, "before"))
		p.send(make([]byte, maxFrame+1))
		p.wait()
	}
	r := start(t, f.source(nil))
	wantCause(t, r.end(), event.CauseProtocol)
	if len(of[event.Chat](r.all())) != 1 {
		t.Error("the message before it was lost")
	}
}

func TestBrokenFramesAreCounted(t *testing.T) {
	f := newFake(t)
	f.socket = func(p *peer) {
		p.say(chat(1, "one"))
		p.send([]byte("\xff\xff\xff\xff noise"))
		p.send(mustMarshal(&pb.WebcastPushFrame{PayloadType: "msg", Payload: []byte("\x1f\x8bnoise")}))
		p.send(nil)
		p.say(chat(2, "two"))
		p.close(1000, "")
	}
	s := f.source(nil)
	r := start(t, s)
	wantCause(t, r.end(), event.CauseClosed)
	if got := kinds(r.all()); got != "connecting connected chat chat" {
		t.Error(got)
	}
	if st := s.Stats(); st.Malformed != 2 || len(st.Problems) != 2 || !strings.Contains(st.Problems[0], "inflate") {
		t.Errorf("%+v", st)
	}
}

// A managed socket that is held through the end of one live and into another begins a new past with it; and a room that no
// message has told is not another room when it is told.
func TestGuessedRooms(t *testing.T) {
	in := newIntake(time.Hour, newTrouble(quiet()))
	began := time.Now().Add(-time.Hour)
	in.enter("", began)
	in.leave()
	in.enter("42", time.Now())
	if in.room != "42" || !in.since.Equal(began) || !in.hasHeld {
		t.Errorf("told later: %+v", in)
	}
	in.enter("", time.Now())
	in.follow(0)
	in.follow(42)
	if in.room != "42" || !in.since.Equal(began) {
		t.Errorf("the same: %+v", in)
	}
	in.follow(43)
	if in.room != "43" || in.since.Equal(began) || in.hasHeld {
		t.Errorf("another: %+v", in)
	}
}
