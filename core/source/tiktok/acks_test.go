package tiktok

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	pb "github.com/steampoweredtaco/gotiktoklive/proto"
	"google.golang.org/protobuf/proto"

	"github.com/livecue/livecue/core/event"
)

// commits keeps what Options.Commit was given.
type commits struct {
	mu    sync.Mutex
	dones []func()
}

func (c *commits) add(done func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dones = append(c.dones, done)
}

func (c *commits) all() []func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]func(){}, c.dones...)
}

// acknowledging sends frames with one chat each, that want acks, and tells of the frames that come back: an ack's number,
// or 0 for a heartbeat.
func acknowledging(frames int, got chan<- uint64) func(*peer) {
	return func(p *peer) {
		go func() { // ends with the socket
			for i := 1; i <= frames; i++ {
				resp := &pb.WebcastResponse{NeedsAck: true, Messages: []*pb.WebcastResponse_Message{chat(int64(i), "hi")}}
				if p.conn.Write(p.ctx, 2, pushFrame(uint64(i), resp)) != nil {
					return
				}
			}
		}()
		for b := p.next(); b != nil; b = p.next() {
			var f pb.WebcastPushFrame
			switch err := proto.Unmarshal(b, &f); {
			case err != nil:
				p.t.Error(err)
			case f.PayloadType == "ack":
				got <- f.LogId
			case bytes.Equal(b, heartbeat):
				select {
				case got <- 0:
				default:
				}
			}
		}
	}
}

// receive is the next frame that the client sent.
func receive(t *testing.T, got <-chan uint64) uint64 {
	t.Helper()
	select {
	case n := <-got:
		return n
	case <-time.After(20 * time.Second):
		t.Fatal("nothing more came")
		return 0
	}
}

// mustBeat checks that no ack comes while the heart beats on.
func mustBeat(t *testing.T, got <-chan uint64) {
	t.Helper()
	for range 5 {
		if n := receive(t, got); n != 0 {
			t.Fatalf("ack %d came before its commit", n)
		}
	}
}

// nextAck is the next ack.
func nextAck(t *testing.T, got <-chan uint64) uint64 {
	t.Helper()
	for {
		if n := receive(t, got); n != 0 {
			return n
		}
	}
}

func TestAcksWaitForCommitsInOrder(t *testing.T) {
	f := newFake(t)
	got := make(chan uint64, 10)
	f.socket = acknowledging(3, got)
	var c commits
	s := f.source(func(o *Options) { o.Commit = c.add })
	s.heartbeat = 5 * time.Millisecond
	r := start(t, s)
	r.until("the last chat", func(e event.Event) bool { return e.Header().ID == "3" })
	within(t, "all were committed", func() bool { return len(c.all()) == 3 })
	mustBeat(t, got)
	c.all()[2]()
	c.all()[1]()
	c.all()[1]()
	mustBeat(t, got)
	c.all()[0]()
	for want := uint64(1); want <= 3; want++ {
		if n := nextAck(t, got); n != want {
			t.Errorf("ack %d, want %d", n, want)
		}
	}
	_ = r.stop()
}

// When too many acks are outstanding, the reader waits; it goes on with the commits, and nothing is lost.
func TestOutstandingAcksAreBounded(t *testing.T) {
	f := newFake(t)
	got := make(chan uint64, 10)
	const frames = 3 * maxAcks
	f.socket = acknowledging(frames, got)
	var c commits
	s := f.source(func(o *Options) { o.Commit = c.add })
	s.heartbeat = 5 * time.Millisecond
	r := start(t, s)
	heard := func() int { return len(of[event.Chat](r.all())) }
	within(t, "the reader waits", func() bool { return heard() == maxAcks+1 })
	mustBeat(t, got)
	if heard() != maxAcks+1 || len(c.all()) != maxAcks {
		t.Errorf("%d heard, %d to be committed", heard(), len(c.all()))
	}
	for i := range frames {
		within(t, "it is to be committed", func() bool { return len(c.all()) > i })
		c.all()[i]()
		if n := nextAck(t, got); n != uint64(i+1) {
			t.Fatalf("ack %d, want %d", n, i+1)
		}
	}
	if heard() != frames {
		t.Errorf("%d heard", heard())
	}
	_ = r.stop()
}

// A reader that waits for commits which never come ends with the context, or with the socket; a commit that comes later
// does nothing.
func TestAWaitingReaderEnds(t *testing.T) {
	for _, by := range []string{"context", "socket"} {
		t.Run(by, func(t *testing.T) {
			f := newFake(t)
			got := make(chan uint64, 10)
			speak := acknowledging(2*maxAcks, got)
			hangUp := make(chan struct{})
			f.socket = func(p *peer) {
				go func() { // ends with the test
					<-hangUp
					_ = p.conn.CloseNow()
				}()
				speak(p)
			}
			var c commits
			s := f.source(func(o *Options) { o.Commit = c.add })
			s.heartbeat = 5 * time.Millisecond // while nothing is read, it is what finds the socket dead
			r := start(t, s)
			within(t, "the reader waits", func() bool { return len(of[event.Chat](r.all())) == maxAcks+1 })
			if by == "context" {
				if err := r.stop(); !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
				close(hangUp)
			} else {
				close(hangUp)
				wantCause(t, r.end(), event.CauseClosed)
			}
			for _, done := range c.all() {
				done()
			}
		})
	}
}

// The live's end waits for the commits of what came before it.
func TestLiveEndWaitsForCommits(t *testing.T) {
	f := newFake(t)
	acked := make(chan struct{})
	f.socket = func(p *peer) {
		p.send(pushFrame(5, &pb.WebcastResponse{NeedsAck: true, Messages: []*pb.WebcastResponse_Message{
			chat(1, "bye"), control(2, pb.ControlAction_STREAM_ENDED),
		}}))
		for b := p.next(); b != nil; b = p.next() {
			var frame pb.WebcastPushFrame
			if proto.Unmarshal(b, &frame) == nil && frame.PayloadType == "ack" && frame.LogId == 5 {
				close(acked)
			}
		}
	}
	var c commits
	s := f.source(func(o *Options) { o.Commit = c.add })
	r := start(t, s)
	r.untilKind(event.KindLiveEnded)
	for _, done := range c.all() {
		go done()
	}
	wantCause(t, r.end(), event.CauseLiveEnded)
	select {
	case <-acked:
	case <-time.After(20 * time.Second):
		t.Error("the end was not acknowledged")
	}
}

// Where the platform wants no acks, nothing is to be committed for them.
func TestNoCommitsWithoutAcks(t *testing.T) {
	f := newFake(t)
	frame := pushFrame(1, &pb.WebcastResponse{NeedsAck: true, Messages: []*pb.WebcastResponse_Message{chat(1, "hi")}})
	f.euler = func(p *peer) { p.send(frame); p.close(1000, "") }
	f.socket = func(p *peer) { p.say(chat(1, "hi")); p.close(1000, "") }
	for _, door := range []string{DoorDirect, DoorEuler} {
		var c commits
		r := start(t, f.source(func(o *Options) { o.Door, o.Commit = door, c.add }))
		wantCause(t, r.end(), event.CauseClosed)
		if len(c.all()) != 0 || len(of[event.Chat](r.all())) != 1 {
			t.Errorf("%s: %d commits, %s", door, len(c.all()), kinds(r.all()))
		}
	}
}

// within waits until cond holds.
func within(t *testing.T, what string, cond func() bool) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !cond() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("not in time: %s", what)
		}
	}
}
