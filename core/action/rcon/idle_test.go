package rcon

import (
	"context"
	"fmt"
	"net"
	"testing"
	"time"

	codec "github.com/gorcon/rcon"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/rehearsal/practice"
)

// TestRestartWhileIdle lets the server go and come back between two commands, with no time for anyone to notice but the
// command itself: it is written into the new connection, not into the dead one.
func TestRestartWhileIdle(t *testing.T) {
	s, stop := game(t, practice.Options{})
	addr := s.Addr()
	c := client(t, addr, Options{})
	do(t, c, "say before")
	for i := range 5 {
		stop()
		_, stop = game(t, practice.Options{Addr: addr})
		if o := do(t, c, "say after"); o.State != action.Done || o.Reply != "[Rcon] after" {
			t.Fatalf("restart %d: %+v", i, o)
		}
	}
	if got := c.Stats(); got.Unanswered != 0 || got.Logins != 6 {
		t.Errorf("%+v, want 6 logins and nothing unanswered", got)
	}
}

// TestTornLatePacket lets half of a packet that nobody asked for lie in the connection when a command is sent.
func TestTornLatePacket(t *testing.T) {
	late := packets(codec.NewPacket(codec.SERVERDATA_RESPONSE_VALUE, 7_777_776, "somebody else's"))
	c := client(t, listen(t, func(p peer) {
		p.acceptLogin()
		for i := 0; ; i++ {
			q := p.command()
			if q.ID == 0 {
				return
			}
			if i > 0 {
				_, _ = p.nc.Write(late[9:])
			}
			p.answer(q.ID, "re: "+q.Body())
			_, _ = p.nc.Write(late[:9])
		}
	}), Options{})
	for i := range 20 {
		text := fmt.Sprint("say ", i)
		if o := do(t, c, text); o.Reply != "re: "+text {
			t.Fatalf("%q was answered %+v", text, o)
		}
	}
	if got := c.Stats(); got.Late != 19 || got.Logins != 1 {
		t.Errorf("%+v, want 19 late packets on one connection", got)
	}
}

// TestContextEndsWithItsCommand: a context that ends after its command was answered does not touch the commands after it.
func TestContextEndsWithItsCommand(t *testing.T) {
	s, _ := game(t, practice.Options{})
	c := client(t, s.Addr(), Options{})
	for i := range 200 {
		ctx, cancel := context.WithCancel(t.Context())
		if o, err := c.Do(ctx, job("say one")); err != nil || o.State != action.Done {
			t.Fatalf("%+v, %v", o, err)
		}
		go cancel()
		if o := do(t, c, "say two"); o.State != action.Done {
			t.Fatalf("round %d: %+v", i, o)
		}
	}
	if got := c.Stats(); got.Logins != 1 {
		t.Errorf("%d logins, want 1", got.Logins)
	}
}

// TestLateCutIsNotHeeded cuts a command's waiting after it has ended, as a context's end that comes late does.
func TestLateCutIsNotHeeded(t *testing.T) {
	near, far := net.Pipe()
	defer func() { _, _ = near.Close(), far.Close() }()
	l := limit{nc: near}
	done := l.begin(t.Context(), time.Now().Add(time.Hour))
	first := l.turn
	done()
	l.cut(first)
	done = l.begin(t.Context(), time.Now().Add(time.Hour))
	defer done()
	l.cut(first)
	if l.wasCut() || !l.set(time.Now().Add(time.Hour)) {
		t.Error("the second command was cut")
	}
	l.end()
	if !l.wasCut() || !l.isOver() || l.set(time.Now().Add(time.Hour)) {
		t.Error("the end was not heeded")
	}
}
