package rcon

import (
	"errors"
	"net"
	"sync/atomic"
	"testing"
	"time"

	codec "github.com/gorcon/rcon"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/rehearsal/practice"
)

func TestGoodLogin(t *testing.T) {
	for _, dialect := range practice.Dialects() {
		s, _ := game(t, practice.Options{Dialect: dialect})
		c := client(t, s.Addr(), Options{})
		if err := c.Test(t.Context()); err != nil {
			t.Errorf("%s: %v", dialect, err)
		}
		eventually(t, "the test's connection is closed", func() bool { return s.Connections() == 0 })
		if s.Count() != 0 {
			t.Errorf("%s: the test sent a command", dialect)
		}
	}
}

// TestWrongPassword covers both kinds of answer: ten jobs make no more logins than the first, and none is lost over it.
func TestWrongPassword(t *testing.T) {
	for _, dialect := range practice.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			closes := dialect == practice.TwoPackets || dialect == practice.PerLine
			s, _ := game(t, practice.Options{Dialect: dialect})
			c := client(t, s.Addr(), Options{Password: "wrong"})
			for range 10 {
				_, err := c.Do(t.Context(), job("list"))
				if !errors.Is(err, ErrPassword) || errors.Is(err, ErrUnreachable) || action.IsPermanent(err) {
					t.Fatalf("error %v", err)
				}
				if action.IsBlocked(err) == closes {
					t.Fatalf("is blocked: %v", action.IsBlocked(err))
				}
			}
			want := uint64(1)
			if closes {
				want = 2 // a close is believed the second time
			}
			if s.Logins() != want {
				t.Errorf("%d logins, want %d", s.Logins(), want)
			}
			if err := c.Test(t.Context()); !errors.Is(err, ErrPassword) || s.Logins() != 2*want {
				t.Errorf("test: %v, %d logins", err, s.Logins())
			}
			if _, err := c.Do(t.Context(), job("list")); !errors.Is(err, ErrPassword) || s.Logins() != 2*want {
				t.Errorf("after the test: %v, %d logins", err, s.Logins())
			}
			c.SetPassword(password)
			if o := do(t, c, "say x"); o.State != action.Done || s.Logins() != 2*want+1 {
				t.Errorf("with the right one: %+v, %d logins", o, s.Logins())
			}
		})
	}
}

// TestNewPasswordIsUsed checks that a connection made with the old one is not used on.
func TestNewPasswordIsUsed(t *testing.T) {
	s, _ := game(t, practice.Options{})
	c := client(t, s.Addr(), Options{})
	do(t, c, "list")
	c.SetPassword("wrong")
	if _, err := c.Do(t.Context(), job("list")); !errors.Is(err, ErrPassword) {
		t.Errorf("error %v", err)
	}
	c.SetPassword(password)
	do(t, c, "list")
	if s.Logins() != 3 {
		t.Errorf("%d logins, want 3", s.Logins())
	}
}

func TestPasswordRefusedFromNowOn(t *testing.T) {
	s, _ := game(t, practice.Options{})
	c := client(t, s.Addr(), Options{})
	do(t, c, "list")
	s.SetFault(practice.FaultRefuse)
	do(t, c, "list") // the open connection holds
	c.drop()
	for range 3 {
		if _, err := c.Do(t.Context(), job("list")); !errors.Is(err, ErrPassword) || !action.IsBlocked(err) {
			t.Errorf("error %v", err)
		}
	}
	if s.Logins() != 2 {
		t.Errorf("%d logins, want 2", s.Logins())
	}
	s.SetFault(practice.FaultNone)
	if err := c.Test(t.Context()); err != nil {
		t.Fatal(err)
	}
	do(t, c, "list")
}

// TestCloseAfterSuccess: where the password has worked, a server that closes at login is most likely restarting.
func TestCloseAfterSuccess(t *testing.T) {
	s, _ := game(t, practice.Options{})
	c := client(t, s.Addr(), Options{})
	do(t, c, "list")
	s.SetFault(practice.FaultCloseLogin)
	c.drop()
	for range trust - 1 {
		_, err := c.Do(t.Context(), job("list"))
		if !errors.Is(err, ErrUnreachable) || errors.Is(err, ErrPassword) || action.IsPermanent(err) {
			t.Fatalf("error %v", err)
		}
	}
	_, err := c.Do(t.Context(), job("list"))
	if !errors.Is(err, ErrPassword) || action.IsPermanent(err) {
		t.Errorf("in the end: %v", err)
	}
	logins := s.Logins()
	s.SetFault(practice.FaultNone)
	if _, err = c.Do(t.Context(), job("list")); !errors.Is(err, ErrPassword) || s.Logins() != logins {
		t.Errorf("remembered: %v", err)
	}
	c.credentials.mu.Lock()
	c.credentials.lapses = time.Now().Add(-time.Second)
	c.credentials.mu.Unlock()
	do(t, c, "list")
}

// TestOneCloseIsNoRefusal lets the first login be cut off and the second be answered.
func TestOneCloseIsNoRefusal(t *testing.T) {
	var calls atomic.Int32
	srv := listen(t, func(p peer) {
		if calls.Add(1) == 1 {
			p.read()
			return
		}
		p.acceptLogin()
		p.hold()
	})
	if err := client(t, srv, Options{}).Test(t.Context()); err != nil || calls.Load() != 2 {
		t.Errorf("error %v after %d connections", err, calls.Load())
	}
}

func TestLoginAnswers(t *testing.T) {
	tests := []struct {
		name    string
		serve   func(peer)
		want    error
		timeout time.Duration
	}{
		{"reset", func(p peer) {
			p.read()
			_ = p.nc.(*net.TCPConn).SetLinger(0)
		}, ErrUnreachable, 0},
		{"silence", func(p peer) { p.hold() }, ErrSilent, 200 * time.Millisecond},
		{"a web server", func(p peer) {
			p.read()
			_, _ = p.nc.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
		}, ErrProtocol, 0},
		{"chatter without an answer", func(p peer) {
			p.read()
			for range 2 * maxGreeting {
				p.answer(2, "console")
			}
			p.hold()
		}, ErrProtocol, 0},
		{"chatter before the answer", func(p peer) {
			id := p.read().ID
			p.answer(id, "")
			p.answer(-1, "console")
			_, _ = codec.NewPacket(4, 0, "log").WriteTo(p.nc)
			_, _ = codec.NewPacket(codec.SERVERDATA_AUTH_RESPONSE, id, "").WriteTo(p.nc)
			p.hold()
		}, nil, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := client(t, listen(t, tt.serve), Options{Timeout: tt.timeout})
			err := c.Test(t.Context())
			if !errors.Is(err, tt.want) || errors.Is(err, ErrPassword) || action.IsPermanent(err) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
		})
	}
}
