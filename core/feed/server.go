package feed

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/grant"
)

// DefaultPort is where Toki's programs look when nobody tells them.
const DefaultPort = 3110

const (
	// maxPending bounds the connections that have not shown a right token: one more ends the oldest of them.
	maxPending = 64
	// maxClients bounds those that have, and maxPerGrant those of one token.
	maxClients  = 2048
	maxPerGrant = 1024
	// acceptPause is how long the server waits where the system gives it no more connections.
	acceptPause = 100 * time.Millisecond
)

// ErrSeen is what Options.Signal returns for a signal whose id has come before: it has had its effect.
var ErrSeen = errors.New("that signal has come before")

// Options are what a Server is made with.
type Options struct {
	Hub  *Hub
	Book *grant.Book
	// Signal takes the signals of those who may send them. It returns at once.
	Signal func(event.Signal) error
	// Port is the wanted port. 0 is DefaultPort, or without a word any other where that is taken: programs that LiveCue starts
	// are told.
	Port int
	Log  *slog.Logger
}

// Server is the socket. New makes one.
type Server struct {
	opts  Options
	pace  pace
	tries grant.Patience

	mu       sync.Mutex
	address  string
	problem  string
	pending  []*conn // oldest first
	clients  map[*conn]struct{}
	refused  uint64
	isLimits uint64
}

// pace are the times of the protocol.
type pace struct {
	token     time.Duration // a token must be whole by then
	hold      time.Duration // nothing is sent sooner after a token: a program of Toki's is not listening yet
	merge     time.Duration // between two AUTH_REFRESHED
	heartbeat time.Duration
	write     time.Duration // a write that takes longer ends the connection
}

func usual() pace {
	return pace{5 * time.Second, 500 * time.Millisecond, 5 * time.Second, 15 * time.Second, 30 * time.Second}
}

// New returns a Server that does not listen yet.
func New(opts Options) *Server {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	return &Server{opts: opts, pace: usual(), clients: map[*conn]struct{}{}}
}

// Status is how the socket stands.
type Status struct {
	// Address is where it listens, host and port, or "".
	Address string
	// Problem is what is wrong with it in plain words, or "".
	Problem string
	Clients []Client
	// Refused counts wrong tokens, Turned the connections for which there was no room.
	Refused, Turned uint64
}

// Client is a connection that has shown its token.
type Client struct {
	Name string
	// Toki says that it only waits for AUTH_REFRESHED.
	Toki  bool
	Since time.Time
	// Sent and Dropped count events.
	Sent, Dropped uint64
}

// Status returns how the socket stands, its clients by age.
func (s *Server) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := Status{Address: s.address, Problem: s.problem, Refused: s.refused, Turned: s.isLimits}
	for c := range s.clients {
		st.Clients = append(st.Clients, c.status())
	}
	slices.SortFunc(st.Clients, func(a, b Client) int { return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Name, b.Name)) })
	return st
}

// Port returns the port that is listened on, or 0.
func (s *Server) Port() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, port, _ := net.SplitHostPort(s.address)
	n, _ := strconv.Atoi(port) // our own listener's
	return n
}

// Listen takes the port before Run, so that Port can be told to programs that are started first. The error is that of a computer
// that gives no port at all.
func (s *Server) Listen(ctx context.Context) (*Door, error) {
	var config net.ListenConfig
	wanted := cmp.Or(s.opts.Port, DefaultPort)
	four, err := config.Listen(ctx, "tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(wanted)))
	problem := ""
	if err != nil {
		first := err
		if four, err = config.Listen(ctx, "tcp4", "127.0.0.1:0"); err != nil {
			return nil, fmt.Errorf("listen on this computer: %w", err)
		}
		if s.opts.Port != 0 {
			problem = fmt.Sprintf("Port %d is taken by another program: the event socket is at %s", wanted, four.Addr())
		}
		s.opts.Log.Info("event socket's port is taken", "wanted", wanted, "address", four.Addr().String(), "error", first)
	}
	door := &Door{listeners: []net.Listener{four}}
	_, port, _ := net.SplitHostPort(four.Addr().String()) // the listener's own
	if six, err := config.Listen(ctx, "tcp6", net.JoinHostPort("::1", port)); err == nil {
		door.listeners = append(door.listeners, six)
	}
	s.mu.Lock()
	s.address, s.problem = four.Addr().String(), problem
	s.mu.Unlock()
	return door, nil
}

// Door is what a Server listens on.
type Door struct{ listeners []net.Listener }

// Close ends the listening of a Door that was not run.
func (d *Door) Close() {
	for _, l := range d.listeners {
		_ = l.Close() // its only error is that of a second call
	}
}

// Run serves until ctx ends, and returns when the last connection is closed.
func (s *Server) Run(ctx context.Context, door *Door) error {
	var group sync.WaitGroup
	for _, l := range door.listeners {
		group.Go(func() { s.accept(ctx, l, &group) })
	}
	<-ctx.Done()
	door.Close()
	group.Wait()
	s.mu.Lock()
	s.address = ""
	s.mu.Unlock()
	return ctx.Err()
}

func (s *Server) accept(ctx context.Context, l net.Listener, group *sync.WaitGroup) {
	for {
		nc, err := l.Accept()
		switch {
		case err == nil:
			group.Go(func() { s.serve(ctx, nc) })
		case ctx.Err() != nil:
			return
		default: // such as too many open files: it passes
			s.opts.Log.Debug("event socket could not accept", "error", err)
			pause := time.NewTimer(acceptPause)
			select {
			case <-ctx.Done():
			case <-pause.C:
			}
			pause.Stop()
		}
	}
}

// serve is the life of a connection.
func (s *Server) serve(ctx context.Context, nc net.Conn) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c := &conn{server: s, net: nc, since: time.Now(), cancel: cancel}
	defer c.close()
	stop := context.AfterFunc(ctx, c.close)
	defer stop()
	s.await(c)
	pass, ok := s.authenticate(ctx, c)
	if !ok {
		s.leave(c)
		return
	}
	if !s.enter(c, pass) {
		s.opts.Log.Warn("event socket has no room", "program", pass.Name)
		return
	}
	defer s.leave(c)
	c.run(ctx, nil)
}

// await files a connection among those that have not shown a token, and ends the oldest of them when there are too many.
func (s *Server) await(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending = append(s.pending, c)
	if len(s.pending) > maxPending {
		s.pending[0].cancel()
		s.pending = s.pending[1:]
		s.isLimits++
	}
}

// enter moves a connection to the clients, if there is room for one more with its token.
func (s *Server) enter(c *conn, pass grant.Pass) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending = slices.DeleteFunc(s.pending, func(o *conn) bool { return o == c })
	same := 0
	for o := range s.clients {
		if o.pass.ID == pass.ID {
			same++
		}
	}
	if len(s.clients) >= maxClients || same >= maxPerGrant {
		s.isLimits++
		return false
	}
	c.pass = pass
	s.clients[c] = struct{}{}
	return true
}

func (s *Server) leave(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending = slices.DeleteFunc(s.pending, func(o *conn) bool { return o == c })
	delete(s.clients, c)
}

// conn is a connection.
type conn struct {
	server *Server
	net    net.Conn
	pass   grant.Pass
	since  time.Time
	cancel context.CancelFunc
	in     *bufio.Reader // see reader

	isStream      atomic.Bool
	sent, dropped atomic.Uint64
}

// reader returns what the client's lines are read from. One goroutine reads at a time.
func (c *conn) reader() *bufio.Reader {
	if c.in == nil {
		c.in = bufio.NewReaderSize(c.net, 4<<10)
	}
	return c.in
}

// close ends it at once: whoever reads or writes gets an error.
func (c *conn) close() { _ = c.net.Close() } // its only error is that of a second call

func (c *conn) status() Client {
	return Client{Name: c.pass.Name, Toki: !c.isStream.Load(), Since: c.since, Sent: c.sent.Load(), Dropped: c.dropped.Load()}
}
