package overlay

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/coder/websocket"
)

const (
	// maxClients bounds how many pages may be open.
	maxClients = 100
	// sendPause is the least time between two looks at what is new: pages are drawn no faster than that anyway.
	sendPause = 40 * time.Millisecond
	// sendTimeout is when a page that takes nothing is given up.
	sendTimeout = 5 * time.Second
	// maxReply bounds what a page may send at once, in bytes.
	maxReply = 256
)

// client is an open page. told is that of its sender; the Server's lock guards answered.
type client struct {
	page    Page
	channel string
	wake    chan struct{}
	end     context.CancelFunc
	told    map[topic]uint64
	// answered is the id of the last alert that the page says it shows.
	answered uint64
}

// poke wakes the sender.
func (c *client) poke() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *client) topics() []topic { return append([]topic{topicHello}, c.page.topics...) }

func (c *client) hears(t topic) bool { return slices.Contains(c.page.topics, t) }

// live is the WebSocket of a page. It returns when the page has gone, or ctx has ended.
func (s *Server) live(ctx context.Context, w http.ResponseWriter, r *http.Request) {
	page, ok := find(r.URL.Query().Get("page"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c := &client{page: page, wake: make(chan struct{}, 1), end: cancel, told: map[topic]uint64{}}
	if page.Name == PageAlert {
		c.channel = clean(r.URL.Query().Get("channel"), maxNameShown)
	}
	if !s.hasRoom() {
		http.Error(w, "too many pages are open", http.StatusServiceUnavailable)
		return
	}
	conn, err := websocket.Accept(w, r, nil) // it refuses pages of other origins
	if err != nil {
		s.log.Debug("an overlay page was refused", "error", err)
		return
	}
	defer func() { _ = conn.CloseNow() }() // it is closed already where that was asked for
	conn.SetReadLimit(maxReply)
	if !s.join(c) {
		_ = conn.Close(websocket.StatusTryAgainLater, "too many pages are open")
		return
	}
	defer s.leave(c)
	done := make(chan struct{})
	go func() { // ends with conn
		defer close(done)
		defer cancel()
		s.hear(ctx, c, conn)
	}()
	s.tell(ctx, c, conn)
	_ = conn.CloseNow()
	<-done
}

// tell sends what changes until ctx ends or the page takes no more.
func (s *Server) tell(ctx context.Context, c *client, conn *websocket.Conn) {
	pause := time.NewTimer(0)
	defer pause.Stop()
	<-pause.C
	for {
		for _, m := range s.news(c) {
			if err := send(ctx, conn, m); err != nil {
				return
			}
		}
		pause.Reset(sendPause)
		select {
		case <-ctx.Done():
			return
		case <-pause.C:
		}
		select {
		case <-ctx.Done():
			return
		case <-c.wake:
		}
	}
}

func send(ctx context.Context, conn *websocket.Conn, m message) error {
	data, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("write %s: %w", m.Topic, err)
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	return conn.Write(ctx, websocket.MessageText, data)
}

// hear takes a page's answers until it has gone.
func (s *Server) hear(ctx context.Context, c *client, conn *websocket.Conn) {
	for {
		_, data, err := conn.Read(ctx)
		if err != nil {
			return
		}
		var answer struct {
			Shown uint64 `json:"shown"`
		}
		if json.Unmarshal(data, &answer) != nil {
			return // none of our pages
		}
		s.mu.Lock()
		c.answered = max(c.answered, answer.Shown)
		s.announce()
		s.mu.Unlock()
	}
}

func (s *Server) hasRoom() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.clients) < maxClients
}

func (s *Server) join(c *client) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.clients) >= maxClients {
		return false
	}
	s.clients[c] = struct{}{}
	s.announce()
	return true
}

func (s *Server) leave(c *client) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.clients, c)
	if c.page.Name == PageAlert {
		s.forget(c.channel, time.Now())
	}
	s.announce()
}

// announce wakes those who wait for pages. The lock is held.
func (s *Server) announce() {
	close(s.changed)
	s.changed = make(chan struct{})
	s.tellWatchers()
}
