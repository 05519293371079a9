package rehearsal

import (
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/coder/websocket"
)

// socketPath is where the signer sends clients: TikTok's own path.
const socketPath = "/webcast/im/push/"

// serveSocket is the Webcast socket. It wants what TikTok wants: the signer's parameters and its cookie.
func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	p := s.stage.enter(q.Get("wrss"), time.Now())
	status := 0
	switch cookie, err := r.Cookie(cookieName); {
	case p == nil:
		status = http.StatusOK // TikTok's way to say no: an answer, and no socket
	case err != nil || cookie.Value != p.cookie || q.Get("room_id") != p.room.String():
		status = http.StatusUnsupportedMediaType
	default:
		status = s.stage.nextRefusal()
	}
	if status != 0 {
		s.stage.count(func(in *Received) { in.Refused++ })
		w.Header().Set("Handshake-Status", "415")
		w.Header().Set("Handshake-Msg", "DEVICE_BLOCKED")
		w.WriteHeader(status)
		return
	}
	s.hold(w, r, direct, p, q.Get("compress") == "gzip")
}

// hold upgrades the request and holds the connection until it ends. p is nil for one without a sign response.
func (s *Server) hold(w http.ResponseWriter, r *http.Request, d door, p *pass, isGzip bool) {
	// A page in a browser may not listen, unless it is TikTok's.
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		OriginPatterns: []string{"*.tiktok.com"}, Subprotocols: []string{"echo-protocol"},
	})
	if err != nil {
		s.stage.count(func(in *Received) { in.Refused++ })
		return // Accept has answered
	}
	tcp, _ := r.Context().Value(connKey{}).(net.Conn)
	c := newConn(s.stage, ws, tcp, d, nil, isGzip)
	if err := s.stage.join(c, p, time.Now()); err != nil {
		s.log.Error("rehearsal connection cannot begin", "error", err)
		_ = ws.CloseNow()
		return
	}
	defer s.stage.leave(c)
	c.run(s.base) //nolint:contextcheck // the request's context means nothing once the connection has been taken over
}

// join makes c one of those that are told what happens, and first tells it what it has missed.
func (st *stage) join(c *conn, p *pass, now time.Time) error {
	st.mu.Lock()
	defer st.mu.Unlock()
	c.room = st.room
	if p != nil {
		c.room, c.first = p.room, p.first
	}
	if c.room != st.room || !st.isLive {
		m, err := st.control(now)
		if err != nil {
			return err
		}
		c.push(item{m: m, isLast: true})
	} else if err := st.catchUp(c, now); err != nil {
		return err
	}
	if st.isClosing {
		c.finish(closeWith(c.door))
	}
	st.conns[c] = struct{}{}
	st.book.total.Received.Connections++
	st.openedOnce.Do(func() { close(st.opened) })
	st.signal()
	return nil
}

// catchUp queues the welcome and what nobody is known to have, but for what the sign response has told. It needs the lock.
func (st *stage) catchUp(c *conn, now time.Time) error {
	m, err := st.welcome(now)
	if err != nil {
		return err
	}
	c.push(item{m: m})
	st.room.isAttended = true
	told := make(map[*message]bool, len(c.first))
	for _, m := range c.first {
		told[m] = true
	}
	for _, m := range st.undelivered() {
		if !told[m] {
			c.push(item{m: m})
		}
	}
	return nil
}

func (st *stage) leave(c *conn) {
	st.mu.Lock()
	defer st.mu.Unlock()
	delete(st.conns, c)
	st.signal()
}

// nextRefusal returns the status with which the next handshake is to be refused, or 0.
func (st *stage) nextRefusal() int {
	st.mu.Lock()
	defer st.mu.Unlock()
	if len(st.faults.sockets) == 0 {
		return 0
	}
	code := st.faults.sockets[0]
	st.faults.sockets = st.faults.sockets[1:]
	return code
}

// count changes the counters of what clients did.
func (st *stage) count(change func(*Received)) {
	st.mu.Lock()
	defer st.mu.Unlock()
	change(&st.book.total.Received)
}

// finishAll ends every connection. It needs the lock.
func (st *stage) finishAll(e func(door) ending) {
	for c := range st.conns {
		c.finish(e(c.door))
	}
}

// close ends every connection, those that are about to begin too.
func (st *stage) close() {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.isClosing = true
	st.finishAll(closeWith)
}

// closeWith is an ending with a close frame, in the way of the door.
func closeWith(d door) ending {
	if d == managed {
		return ending{code: closeUpstream, reason: "TikTok closed the connection"}
	}
	return ending{code: websocket.StatusGoingAway, reason: "going away"}
}

// cutOff is an ending without a word.
func cutOff(door) ending { return ending{isAbrupt: true} }

// managedCode ends the managed sockets with a close code, and leaves the others.
func (st *stage) managedCode(code int) {
	st.mu.Lock()
	defer st.mu.Unlock()
	for c := range st.conns {
		if c.door == managed {
			c.finish(ending{code: websocket.StatusCode(code), reason: fmt.Sprintf("rehearsed close code %d", code)})
		}
	}
}
