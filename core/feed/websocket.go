package feed

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"

	"github.com/livecue/livecue/core/grant"
)

// Bearer returns the token of a request's Authorization header, or "".
func Bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// ServeWebSocket is the stream of JSON objects over a WebSocket, one a message. The token is in the Authorization header or, as
// pages in a browser cannot set one, in the hello, which is the first message and must come within five seconds. It returns when the
// connection has ended, or ctx.
func (s *Server) ServeWebSocket(ctx context.Context, w http.ResponseWriter, r *http.Request) {
	if !FromHere(r) {
		http.Error(w, "not for web pages", http.StatusForbidden)
		return
	}
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true}) // FromHere has looked at the origin
	if err != nil {
		return // Accept has answered
	}
	ws.SetReadLimit(maxLine)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	link := &link{ctx: ctx, ws: ws, timeout: s.pace.write}
	c := &conn{server: s, net: link, since: time.Now(), cancel: cancel}
	defer c.close()
	stop := context.AfterFunc(ctx, c.close)
	defer stop()
	s.await(c)
	hello, pass, ok := s.admit(ctx, c, Bearer(r))
	if !ok {
		s.leave(c)
		return
	}
	if !s.enter(c, pass) {
		s.opts.Log.Warn("WebSocket has no room", "program", pass.Name)
		return
	}
	defer s.leave(c)
	c.isStream.Store(true)
	c.run(ctx, &hello)
}

// admit reads the hello and checks the token. A wrong one is answered with the end, and nothing is said.
func (s *Server) admit(ctx context.Context, c *conn, token string) (hello request, pass grant.Pass, ok bool) {
	late := time.AfterFunc(s.pace.token, c.close)
	defer late.Stop()
	line, err := readLine(c.reader())
	if err != nil {
		return request{}, grant.Pass{}, false
	}
	hello = parse(bytes.TrimSpace(line))
	if token == "" {
		token = hello.Token
	}
	hello.Token = ""
	pass, ok = s.opts.Book.Check([]byte(token))
	if !ok {
		s.fail(ctx, c)
	}
	return hello, pass, ok
}

// link makes a connection of a WebSocket, whose messages are lines.
type link struct {
	ctx     context.Context //nolint:containedctx // it is what ends reads and writes, as a deadline does for other connections
	ws      *websocket.Conn
	timeout time.Duration
	rest    io.Reader // of the message that is being read, and its line break
}

// Read implements net.Conn.
func (l *link) Read(p []byte) (int, error) {
	for {
		if l.rest == nil {
			_, r, err := l.ws.Reader(l.ctx)
			if err != nil {
				return 0, err
			}
			l.rest = io.MultiReader(r, strings.NewReader("\n"))
		}
		n, err := l.rest.Read(p)
		if errors.Is(err, io.EOF) {
			l.rest, err = nil, nil
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// Write implements net.Conn: each line becomes a message.
func (l *link) Write(p []byte) (int, error) {
	for line := range bytes.Lines(p) {
		ctx, cancel := context.WithTimeout(l.ctx, l.timeout)
		err := l.ws.Write(ctx, websocket.MessageText, bytes.TrimSuffix(line, []byte("\n")))
		cancel()
		if err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

// Close implements net.Conn.
func (l *link) Close() error { return l.ws.CloseNow() }

// CloseWrite says goodbye.
func (l *link) CloseWrite() error {
	return l.ws.Close(websocket.StatusPolicyViolation, "see the last message")
}

// LocalAddr implements net.Conn.
func (l *link) LocalAddr() net.Addr { return &net.TCPAddr{} }

// RemoteAddr implements net.Conn. All are of this computer.
func (l *link) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// SetDeadline implements net.Conn; there are none here but those of ctx and of each write.
func (l *link) SetDeadline(time.Time) error { return nil }

// SetReadDeadline implements net.Conn.
func (l *link) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline implements net.Conn.
func (l *link) SetWriteDeadline(time.Time) error { return nil }
