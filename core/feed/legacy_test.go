package feed

import (
	"context"
	"io"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/grant"
)

// toki is a program written for Toki: it sends its token, and takes each read of up to 4096 bytes for one event. What it does not
// know ends it.
type toki struct {
	mu    sync.Mutex
	at    []time.Duration
	ended bool
	bad   string
}

func (k *toki) run(nc net.Conn, token string) {
	begin := time.Now()
	_, _ = io.WriteString(nc, token)
	buf := make([]byte, 4096)
	for {
		n, err := nc.Read(buf)
		k.mu.Lock()
		switch {
		case err != nil:
			k.ended = true
		case string(buf[:n]) == "AUTH_REFRESHED\n":
			k.at = append(k.at, time.Since(begin))
		default:
			k.bad = string(buf[:n])
			err = io.ErrUnexpectedEOF
		}
		k.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (k *toki) times() []time.Duration {
	k.mu.Lock()
	defer k.mu.Unlock()
	return append([]time.Duration(nil), k.at...)
}

// within plays a connection of a program of Toki's in a bubble whose clock costs no time.
func within(t *testing.T, scopes []grant.Scope, play func(h *Hub, k *toki)) *toki {
	k := &toki{}
	synctest.Test(t, func(t *testing.T) {
		book, err := grant.Open(grant.Options{})
		if err != nil {
			t.Fatal(err)
		}
		token, _, err := book.Lend("Toki's", scopes...)
		if err != nil {
			t.Fatal(err)
		}
		h := NewHub()
		s := New(Options{Hub: h, Book: book})
		ctx, cancel := context.WithCancel(t.Context())
		ours, theirs := net.Pipe()
		var group sync.WaitGroup
		group.Go(func() { s.serve(ctx, ours) })
		group.Go(func() { k.run(theirs, token) })
		synctest.Wait()
		play(h, k)
		synctest.Wait()
		cancel()
		group.Wait()
	})
	if k.bad != "" || !k.ended {
		t.Errorf("the program got %q; ended: %v", k.bad, k.ended)
	}
	return k
}

func renew(h *Hub) { h.Publish(event.CredentialsRefreshed{}, Origin{}) }

func TestTokisProgramsGetNothingElse(t *testing.T) {
	k := within(t, []grant.Scope{grant.Read}, func(h *Hub, k *toki) {
		time.Sleep(time.Hour)
		h.Publish(chat(1), Origin{})
		h.Publish(event.Connected{}, Origin{})
		synctest.Wait()
		if got := k.times(); len(got) != 0 {
			t.Errorf("it got something at %v", got)
		}
		renew(h)
		synctest.Wait()
		h.Publish(event.Reconnected{}, Origin{})
	})
	if got := k.times(); len(got) != 1 || got[0] != time.Hour {
		t.Errorf("it was told at %v", got)
	}
}

// The first is held back until the program listens, and no two come within five seconds, however many renewals there are: what
// it would read in one go would end it.
func TestRenewalsAreMerged(t *testing.T) {
	k := within(t, []grant.Scope{grant.Read}, func(h *Hub, k *toki) {
		for range 1000 {
			renew(h)
		}
		time.Sleep(time.Second)
		for range 100 {
			renew(h)
			time.Sleep(100 * time.Millisecond)
		}
		time.Sleep(time.Minute)
		renew(h)
	})
	want := []time.Duration{500 * time.Millisecond, 5500 * time.Millisecond, 10500 * time.Millisecond, 15500 * time.Millisecond, 71 * time.Second}
	got := k.times()
	if len(got) != len(want) {
		t.Fatalf("told at %v, want %v", got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("told at %v, want %v", got, want)
		}
	}
}

func TestProgramsThatMayNotReadAreNotTold(t *testing.T) {
	k := within(t, []grant.Scope{grant.Trigger}, func(h *Hub, _ *toki) {
		time.Sleep(time.Second)
		renew(h)
		time.Sleep(time.Minute)
	})
	if got := k.times(); len(got) != 0 {
		t.Errorf("told at %v", got)
	}
}

// Over a real socket, under the pressure of many renewals and of other programs.
func TestTokisProgramsOverTCP(t *testing.T) {
	r := start(t, func(s *Server) { s.pace.hold, s.pace.merge = 20*time.Millisecond, 50*time.Millisecond })
	token := r.token(grant.Read)
	programs := make([]*toki, 20)
	var group sync.WaitGroup
	var open []net.Conn
	for i := range programs {
		programs[i] = &toki{}
		nc, err := net.Dial("tcp", r.Status().Address)
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, nc)
		group.Go(func() { programs[i].run(nc, token) })
	}
	r.clients(len(programs))
	r.await("all were told three times", func() bool {
		renew(r.hub)
		for _, k := range programs {
			if len(k.times()) < 3 {
				return false
			}
		}
		return true
	})
	for _, nc := range open {
		_ = nc.Close()
	}
	group.Wait()
	for _, k := range programs {
		if k.bad != "" {
			t.Errorf("a program read %q", k.bad)
		}
	}
	r.clients(0)
}

func TestHeartbeats(t *testing.T) {
	r := start(t, func(s *Server) { s.pace.heartbeat = 5 * time.Millisecond })
	p := r.dial(r.token(grant.Read) + `{"hello":2}` + "\n")
	p.next()
	for range 3 {
		if e := p.next(); e["type"] != "heartbeat" || e["dropped"] != 0.0 {
			t.Errorf("got %v", e)
		}
	}
}
