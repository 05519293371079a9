package feed

import (
	"context"
	"io"
	"net"
	"sync"
	"time"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/grant"
)

// refreshed is the one event of Toki's protocol: the session with a platform was renewed.
const refreshed = "AUTH_REFRESHED\n"

// refreshes are the kinds of event that it stands for.
func refreshes() []event.Kind {
	return []event.Kind{event.KindReconnected, event.KindCredentialsRefreshed}
}

// authenticate reads the token: 36 bytes, with no line break. A wrong one is answered with silence, and then with the end.
func (s *Server) authenticate(ctx context.Context, c *conn) (grant.Pass, bool) {
	_ = c.net.SetReadDeadline(time.Now().Add(s.pace.token)) // a socket that takes no deadline takes no read either
	var token [grant.TokenSize]byte
	if _, err := io.ReadFull(c.net, token[:]); err != nil {
		return grant.Pass{}, false
	}
	pass, ok := s.opts.Book.Check(token[:])
	if !ok {
		s.fail(ctx, c)
	}
	return pass, ok
}

// fail counts a wrong token, and returns when its connection may end.
func (s *Server) fail(ctx context.Context, c *conn) {
	s.mu.Lock()
	s.refused++
	s.mu.Unlock()
	host, _, _ := net.SplitHostPort(c.net.RemoteAddr().String()) // without a host all count as one
	n := s.tries.Failed(host)
	s.opts.Log.Debug("event socket refused a token", "host", host, "inTheLastMinute", n)
	s.tries.Wait(ctx, n)
}

// run serves a client until it goes, its grant ends, or ctx does. hello is what it has said already, or nil.
func (c *conn) run(ctx context.Context, hello *request) {
	_ = c.net.SetReadDeadline(time.Time{}) // as above
	requests := make(chan request)
	ctx, cancel := context.WithCancel(ctx)
	var group sync.WaitGroup
	group.Go(func() {
		defer cancel()
		c.read(ctx, requests)
	})
	group.Go(func() {
		select {
		case <-c.pass.Revoked():
			c.close()
		case <-ctx.Done():
		}
	})
	defer group.Wait()
	defer c.close()
	defer cancel()
	if hello == nil {
		said, ok := c.wait(ctx, requests)
		if !ok {
			return
		}
		hello = &said
		c.isStream.Store(true)
	}
	c.stream(ctx, *hello, requests)
}

// wait is the life of a program of Toki's. It ends, with its hello, when the program turns out to be of ours.
func (c *conn) wait(ctx context.Context, requests <-chan request) (hello request, ok bool) {
	l, _, _ := c.server.opts.Hub.Listen(Ask{Kinds: c.pass.Hears(refreshes()), Since: AllNew, Room: 1})
	defer l.Close()
	timer := time.NewTimer(c.server.pace.hold)
	defer timer.Stop()
	isDue, isFree := false, false
	for {
		select {
		case <-ctx.Done():
			return request{}, false
		case r := <-requests:
			if r.Hello != 0 {
				return r, true
			}
			continue // a program of Toki's sends nothing: what this is, nobody knows
		case _, isOpen := <-l.Ready():
			if !isOpen {
				return request{}, false
			}
			l.Take(nil, 1)
			isDue = true
		case <-timer.C:
			isFree = true
		}
		if isDue && isFree {
			if !c.write([]byte(refreshed)) {
				return request{}, false
			}
			c.sent.Add(1)
			isDue, isFree = false, false
			timer.Reset(c.server.pace.merge)
		}
	}
}

// write sends all of data, and reports whether it was taken in time.
func (c *conn) write(data []byte) bool {
	_ = c.net.SetWriteDeadline(time.Now().Add(c.server.pace.write)) // a socket that takes no deadline takes no write either
	_, err := c.net.Write(data)
	return err == nil
}
