package rehearsal

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
)

// The names that the proxy answers for in TikTok's place.
const (
	hostPages   = "www.tiktok.com"
	hostWebcast = "webcast.tiktok.com"
)

// serveConnect is the proxy: it ends TLS for TikTok's names itself, passes through to this server, and goes nowhere else.
func (s *Server) serveConnect(w http.ResponseWriter, r *http.Request) {
	isTikTok := r.Host == hostPages+":443" || r.Host == hostWebcast+":443"
	if !isTikTok && r.Host != s.Addr() {
		http.Error(w, "this is a rehearsal: the proxy does not lead out of this machine", http.StatusForbidden)
		return
	}
	conn, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, "cannot tunnel", http.StatusInternalServerError)
		return
	}
	if _, err := io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		_ = conn.Close()
		return
	}
	if conn, err = unread(conn, rw.Reader); err != nil {
		_ = conn.Close()
		return
	}
	if isTikTok {
		conn = tls.Server(conn, s.tls)
	}
	s.tunnels.put(conn)
}

// unread gives back to conn what the HTTP server has read ahead.
func unread(conn net.Conn, r *bufio.Reader) (net.Conn, error) {
	n := r.Buffered()
	if n == 0 {
		return conn, nil
	}
	ahead, err := r.Peek(n)
	if err != nil {
		return conn, fmt.Errorf("take what was read ahead: %w", err)
	}
	return &aheadConn{Conn: conn, ahead: append([]byte(nil), ahead...)}, nil
}

// aheadConn is a connection of which some bytes have been read already.
type aheadConn struct {
	net.Conn
	ahead []byte
}

// Read implements net.Conn.
func (c *aheadConn) Read(p []byte) (int, error) {
	if len(c.ahead) == 0 {
		return c.Conn.Read(p)
	}
	n := copy(p, c.ahead)
	c.ahead = c.ahead[n:]
	return n, nil
}

// tunnels is a net.Listener whose connections come out of the proxy, so that one HTTP server owns them all.
type tunnels struct {
	addr   net.Addr
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newTunnels(addr net.Addr) *tunnels {
	return &tunnels{addr: addr, conns: make(chan net.Conn), closed: make(chan struct{})}
}

func (t *tunnels) put(c net.Conn) {
	select {
	case t.conns <- c:
	case <-t.closed:
		_ = c.Close()
	}
}

// Accept implements net.Listener.
func (t *tunnels) Accept() (net.Conn, error) {
	select {
	case c := <-t.conns:
		return c, nil
	case <-t.closed:
		return nil, net.ErrClosed
	}
}

func (t *tunnels) end() { t.once.Do(func() { close(t.closed) }) }

// Close implements net.Listener.
func (t *tunnels) Close() error {
	t.end()
	return nil
}

// Addr implements net.Listener.
func (t *tunnels) Addr() net.Addr { return t.addr }
