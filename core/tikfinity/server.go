package tikfinity

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/coder/websocket"

	"github.com/livecue/livecue/core/feed"
)

const (
	// maxClients bounds how many programs may listen.
	maxClients = 64
	// room is how many events wait for a program that is slow.
	room = 1024
	// sendTimeout is when a program that takes nothing is given up.
	sendTimeout = 10 * time.Second
	// maxHeard bounds what a program may say at once, in bytes. Nothing that it says is listened to.
	maxHeard = 4 << 10
)

// Options are what a Server is made with.
type Options struct {
	Hub *feed.Hub
	// Channel is the streamer's name, asked for with each event.
	Channel func() string
	// Port is where to listen; 0 is Port.
	Port int
	Log  *slog.Logger
}

// Server passes events on as TikFinity does, so that what was made for TikFinity works with LiveCue. It has no password, as TikFinity
// has none: it is for the programs of this computer, it says nothing that was not said in the chat, and listens to nothing.
// Web pages of other origins are refused.
type Server struct {
	opts Options

	mu      sync.Mutex
	address string
	clients int
	refused uint64
}

// NewServer returns a Server that does not listen yet.
func NewServer(opts Options) *Server {
	if opts.Port == 0 {
		opts.Port = Port
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.Channel == nil {
		opts.Channel = func() string { return "" }
	}
	return &Server{opts: opts}
}

// Status is how a Server stands.
type Status struct {
	// Address is where it listens, or "".
	Address string
	Clients int
	// Refused counts web pages of other origins.
	Refused uint64
}

// Status returns how the Server stands.
func (s *Server) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Status{s.address, s.clients, s.refused}
}

// Run listens until ctx ends, and returns when the last program is let go. The error is ctx's, or that of a port that is taken: then
// TikFinity itself may run.
func (s *Server) Run(ctx context.Context) error {
	listeners, err := s.listen(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var open sync.WaitGroup
	server := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.serve(ctx, w, r, &open) }), ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(s.opts.Log.Handler(), slog.LevelDebug),
	}
	var group sync.WaitGroup
	for _, l := range listeners {
		group.Go(func() { _ = server.Serve(l) }) // ends with Close
	}
	<-ctx.Done()
	s.mu.Lock()
	s.address = "" // nobody enters any more
	s.mu.Unlock()
	_ = server.Close() // its only error is that of a listener that is closed already
	group.Wait()
	open.Wait()
	return ctx.Err()
}

// listen takes the port on both loopback addresses: programs use localhost and 127.0.0.1.
func (s *Server) listen(ctx context.Context) ([]net.Listener, error) {
	var config net.ListenConfig
	port := strconv.Itoa(s.opts.Port)
	four, err := config.Listen(ctx, "tcp4", net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		return nil, fmt.Errorf("listen on port %s, which TikFinity may hold: %w", port, err)
	}
	listeners := []net.Listener{four}
	if six, err := config.Listen(ctx, "tcp6", net.JoinHostPort("::1", port)); err == nil {
		listeners = append(listeners, six)
	}
	s.mu.Lock()
	s.address = four.Addr().String()
	s.mu.Unlock()
	return listeners, nil
}

// serve is the life of a program's connection.
func (s *Server) serve(ctx context.Context, w http.ResponseWriter, r *http.Request, open *sync.WaitGroup) {
	if !feed.FromHere(r) {
		s.mu.Lock()
		s.refused++
		s.mu.Unlock()
		http.Error(w, "not for web pages", http.StatusForbidden)
		return
	}
	l, _, _ := s.opts.Hub.Listen(feed.Ask{Since: feed.AllNew, Room: room}) // before it counts as one who listens
	defer l.Close()
	if !s.enter(open) {
		http.Error(w, "too many programs listen", http.StatusServiceUnavailable)
		return
	}
	defer s.leave(open)
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true}) // FromHere has looked at the origin
	if err != nil {
		return // Accept has answered
	}
	defer func() { _ = conn.CloseNow() }() // it is closed already where that was asked for
	conn.SetReadLimit(maxHeard)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	heard := make(chan struct{})
	go func() {
		defer close(heard)
		defer cancel()
		for {
			if _, _, err := conn.Read(ctx); err != nil {
				return
			}
		}
	}()
	s.tell(ctx, conn, l)
	_ = conn.CloseNow()
	<-heard
}

// tell sends events until the program is gone.
func (s *Server) tell(ctx context.Context, conn *websocket.Conn, l *feed.Listener) {
	enc := &encoder{begun: time.Now()}
	var lines []*feed.Line
	for {
		select {
		case <-ctx.Done():
			return
		case _, isOpen := <-l.Ready():
			if !isOpen {
				return
			}
		}
		lines, _ = l.Take(lines[:0], room)
		channel := s.opts.Channel()
		for _, line := range lines {
			if line.IsReplayed() {
				continue // it is over, and has been told
			}
			if body, ok := enc.encode(line.Event, channel); ok && !send(ctx, conn, body) {
				return
			}
		}
		clear(lines)
	}
}

func send(ctx context.Context, conn *websocket.Conn, body []byte) bool {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	return conn.Write(ctx, websocket.MessageText, body) == nil
}

func (s *Server) enter(open *sync.WaitGroup) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.address == "" || s.clients >= maxClients {
		return false
	}
	s.clients++
	open.Add(1)
	return true
}

func (s *Server) leave(open *sync.WaitGroup) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clients--
	open.Done()
}
