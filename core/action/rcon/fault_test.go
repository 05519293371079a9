package rcon

import (
	"context"
	"errors"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/rehearsal/practice"
)

// lost waits until the client has noticed that its connection is dead.
func lost(t *testing.T, c *Client) {
	t.Helper()
	eventually(t, "the client notices the loss", func() bool { return !c.conn.isAlive() })
}

// TestFaultsInFlight checks that a command that was written and not answered is Unknown, is not sent again, and that the
// next one works on a new connection.
func TestFaultsInFlight(t *testing.T) {
	tests := []struct {
		fault   practice.Fault
		timeout time.Duration
	}{
		{practice.FaultHang, 300 * time.Millisecond},
		{practice.FaultHalfClose, 0},
		{practice.FaultReset, 0},
		{practice.FaultGarbage, 0},
	}
	for _, tt := range tests {
		t.Run(string(tt.fault), func(t *testing.T) {
			t.Parallel()
			s, _ := game(t, practice.Options{})
			c := client(t, s.Addr(), Options{Timeout: tt.timeout})
			do(t, c, "say before")
			s.SetFault(tt.fault)
			if o := do(t, c, "say during"); o.State != action.Unknown {
				t.Errorf("%+v, want unknown", o)
			}
			if s.Count() != 2 {
				t.Errorf("%d commands, want 2: it was sent again", s.Count())
			}
			s.SetFault(practice.FaultNone)
			c.timeout = 30 * time.Second
			if o := do(t, c, "say after"); o.Reply != "[Rcon] after" {
				t.Errorf("after: %+v", o)
			}
			if s.Logins() != 2 || c.Stats().Unanswered != 1 {
				t.Errorf("%d logins, stats %+v", s.Logins(), c.Stats())
			}
		})
	}
}

// TestLateAnswerIsNotTakenForTheNext lets answers come after the deadline.
func TestLateAnswerIsNotTakenForTheNext(t *testing.T) {
	s, _ := game(t, practice.Options{Delay: time.Second})
	c := client(t, s.Addr(), Options{Timeout: 200 * time.Millisecond})
	if o := do(t, c, "say one"); o.State != action.Unknown {
		t.Fatalf("%+v", o)
	}
	s.SetDelay(0)
	c.timeout = 30 * time.Second
	if o := do(t, c, "say two"); o.State != action.Done || o.Reply != "[Rcon] two" {
		t.Errorf("%+v", o)
	}
}

// TestPerLineEmptyAnswer: no packet for an empty answer means that success is unknown, and the connection is made anew.
func TestPerLineEmptyAnswer(t *testing.T) {
	s, _ := game(t, practice.Options{Dialect: practice.PerLine})
	c := client(t, s.Addr(), Options{Timeout: 300 * time.Millisecond})
	if o := do(t, c, "tellraw @a \"x\""); o.State != action.Unknown {
		t.Errorf("%+v, want unknown", o)
	}
	c.timeout = 30 * time.Second
	if o := do(t, c, "say x"); o.Reply != "[Rcon] x" {
		t.Errorf("%+v", o)
	}
	if s.Logins() != 2 || s.Count() != 2 {
		t.Errorf("%d logins, %d commands", s.Logins(), s.Count())
	}
}

// TestRestIsUnknown lets the server go away between two lines: trying again would run the first twice.
func TestRestIsUnknown(t *testing.T) {
	s, stop := game(t, practice.Options{})
	c := client(t, s.Addr(), Options{})
	do(t, c, "list")
	s.SetFault(practice.FaultHalfClose)
	go func() {
		for s.Count() < 2 {
			time.Sleep(time.Millisecond)
		}
		stop()
	}()
	for {
		// The half-closed command is Unknown; the line after it finds the server gone, or still going.
		o, err := c.Do(t.Context(), job("say one\nsay two"))
		if err != nil {
			break
		}
		if o.State != action.Unknown {
			t.Fatalf("%+v, want unknown", o)
		}
	}
}

func TestServerRestarts(t *testing.T) {
	s, stop := game(t, practice.Options{})
	addr := s.Addr()
	c := client(t, addr, Options{})
	do(t, c, "say one")
	stop()
	lost(t, c)
	_, err := c.Do(t.Context(), job("say two"))
	if !errors.Is(err, ErrUnreachable) || action.IsPermanent(err) {
		t.Fatalf("while it is down: %v", err)
	}
	again, _ := game(t, practice.Options{Addr: addr})
	if o := do(t, c, "say three"); o.Reply != "[Rcon] three" {
		t.Errorf("%+v", o)
	}
	if again.Count() != 1 || s.Count() != 1 {
		t.Errorf("counts %d and %d, want 1 and 1", s.Count(), again.Count())
	}
}

// TestDeadConnectionIsReplacedQuietly: nothing was written, so the same Do goes on with a new connection.
func TestDeadConnectionIsReplacedQuietly(t *testing.T) {
	tests := []struct {
		name string
		kill func(*net.TCPConn) error
		// isSeen says that the reader notices before the next command.
		isSeen bool
	}{
		{"found by the reader", (*net.TCPConn).CloseRead, true},
		{"found by the writer", (*net.TCPConn).CloseWrite, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := game(t, practice.Options{})
			c := client(t, s.Addr(), Options{})
			do(t, c, "say one")
			if err := tt.kill(c.conn.nc.(*net.TCPConn)); err != nil {
				t.Fatal(err)
			}
			if tt.isSeen {
				lost(t, c)
			}
			if o := do(t, c, "say two"); o.State != action.Done || o.Reply != "[Rcon] two" {
				t.Errorf("%+v", o)
			}
			if s.Count() != 2 || s.Logins() != 2 {
				t.Errorf("%d commands, %d logins", s.Count(), s.Logins())
			}
		})
	}
}

func TestUnreachable(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	c := client(t, addr, Options{})
	for range 2 {
		_, err = c.Do(t.Context(), job("list"))
		if !errors.Is(err, ErrUnreachable) || errors.Is(err, ErrPassword) || action.IsPermanent(err) {
			t.Errorf("do: %v", err)
		}
	}
	if err := c.Test(t.Context()); !errors.Is(err, ErrUnreachable) {
		t.Errorf("test: %v", err)
	}
}

func TestCancelInFlight(t *testing.T) {
	s, _ := game(t, practice.Options{})
	c := client(t, s.Addr(), Options{Timeout: 10 * time.Minute})
	do(t, c, "list")
	s.SetFault(practice.FaultHang)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for s.Count() < 2 {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	o, err := c.Do(ctx, job("say x\nsay never sent"))
	if err != nil || o.State != action.Unknown {
		t.Errorf("%+v, error %v, want unknown: it was written", o, err)
	}
	if s.Count() != 2 {
		t.Errorf("%d commands, want 2", s.Count())
	}
}

func TestCancelAtLogin(t *testing.T) {
	s, _ := game(t, practice.Options{})
	s.SetFault(practice.FaultHang)
	c := client(t, s.Addr(), Options{Timeout: 10 * time.Minute})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for s.Logins() < 1 {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	if _, err := c.Do(ctx, job("list")); !errors.Is(err, context.Canceled) || errors.Is(err, ErrPassword) || action.IsPermanent(err) {
		t.Errorf("error %v", err)
	}
}

func TestHugeAndTornPackets(t *testing.T) {
	for name, bytes := range map[string]string{
		"2 GB":      "\xff\xff\xff\x7f\x02\x00\x00\x00\x00\x00\x00\x00",
		"negative":  "\xff\xff\xff\xff\x02\x00\x00\x00\x00\x00\x00\x00",
		"too small": "\x04\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00",
		"torn":      "\x20\x00\x00\x00\x04\x00",
		"padding":   "\x0a\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00xx",
	} {
		t.Run(name, func(t *testing.T) {
			srv := listen(t, func(p peer) {
				p.acceptLogin()
				if q := p.command(); q.Body() == "first" {
					_, _ = p.nc.Write([]byte(bytes))
					return
				} else if q.ID != 0 {
					p.answer(q.ID, "good again")
				}
				p.hold()
			})
			c := client(t, srv, Options{})
			if o := do(t, c, "first"); o.State != action.Unknown {
				t.Errorf("%+v, want unknown", o)
			}
			if o := do(t, c, "second"); o.Reply != "good again" {
				t.Errorf("%+v", o)
			}
		})
	}
}

func TestOnePacketIsOneWrite(t *testing.T) {
	s, _ := game(t, practice.Options{})
	c := client(t, s.Addr(), Options{})
	// Vanilla closes on a read that is not exactly one packet; the longest command is the hardest for it.
	for n := range 20 {
		text := fmt.Sprintf("say %0*d", MaxCommand-4, n)
		if o := do(t, c, text); o.State != action.Done || len(o.Reply) != MaxCommand-4+len("[Rcon] ") {
			t.Fatalf("%s, %d bytes", o.State, len(o.Reply))
		}
	}
	if s.Logins() != 1 {
		t.Errorf("%d logins", s.Logins())
	}
}
