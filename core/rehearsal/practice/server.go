package practice

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Dialect is a way of speaking RCON.
type Dialect string

// The dialects.
const (
	// Vanilla is Minecraft's own: one read of at most 1460 bytes must hold exactly one packet; answers come in parts of 4096
	// characters without an end mark; a packet of unknown type is answered "Unknown request N"; a wrong password is answered
	// with id -1 and the connection stays.
	Vanilla Dialect = "vanilla"
	// TwoPackets sends an empty packet with the same id after each answer, and closes on a wrong password.
	TwoPackets Dialect = "two_packets"
	// PerLine sends a packet for each line, none for an empty answer, and closes on a wrong password.
	PerLine Dialect = "per_line"
	// Source is Valve's: an empty packet of type 0 goes before the answer to a login, and packets of type 0 are mirrored.
	Source Dialect = "source"
)

// Dialects returns all of them.
func Dialects() []Dialect { return []Dialect{Vanilla, TwoPackets, PerLine, Source} }

// Defaults of Options.
const (
	DefaultAddr = "127.0.0.1:0"
	DefaultKeep = 1000
)

// ErrNotLoopback says that the address could be reached from other machines.
var ErrNotLoopback = errors.New("the practice server listens on this machine alone")

// Options set up a Server. The zero value is a vanilla server without a password on a free port.
type Options struct {
	// Addr is host:port of a loopback address; empty is DefaultAddr.
	Addr string
	// Password is what a login must give. Like Minecraft's, it may be anything; here it may be empty too.
	Password string
	// Dialect is how it speaks; empty is Vanilla.
	Dialect Dialect
	// Namespaced lets commands have Bukkit's names too, such as minecraft:list: a server with plugins.
	Namespaced bool
	// Players are the names of those who are online; nil is a made-up pair.
	Players []string
	// OnCommand is told of each command after it was run and before it is answered. It is called on the connection's
	// goroutine and holds up that connection alone.
	OnCommand func(Command)
	// Keep is how many commands Commands remembers; 0 is DefaultKeep.
	Keep int
	// Delay is how long each command takes, such as 50 ms for a server that runs one a tick.
	Delay time.Duration
	// Log is told of connections and logins; nil is slog.Default.
	Log *slog.Logger
}

// Command is a command that the server was sent.
type Command struct {
	// Seq counts from 1.
	Seq uint64    `json:"seq"`
	At  time.Time `json:"at"`
	// Remote is the client's address.
	Remote string `json:"remote"`
	Text   string `json:"text"`
	// Reply is the whole answer, before it is split into packets.
	Reply string `json:"reply"`
	// Refused says that the answer is a failure.
	Refused bool `json:"refused,omitempty"`
}

// Server is a practice server. It is made by Listen and works while Run runs.
type Server struct {
	opts     Options
	listener net.Listener
	world    *world
	log      *slog.Logger

	fault  atomic.Pointer[Fault]
	delay  atomic.Int64
	count  atomic.Uint64
	logins atomic.Uint64
	open   atomic.Int64

	mu   sync.Mutex // guards kept
	kept []Command
}

// Listen opens the port, so that Addr is known before Run.
func Listen(opts Options) (*Server, error) {
	if opts.Addr == "" {
		opts.Addr = DefaultAddr
	}
	if opts.Dialect == "" {
		opts.Dialect = Vanilla
	}
	if !slices.Contains(Dialects(), opts.Dialect) {
		return nil, fmt.Errorf("unknown dialect %q", opts.Dialect)
	}
	if opts.Keep <= 0 {
		opts.Keep = DefaultKeep
	}
	if opts.Players == nil {
		opts.Players = []string{"pixel_pia", "testy_tom"}
	}
	if opts.Log == nil {
		opts.Log = slog.Default()
	}
	if err := checkLoopback(opts.Addr); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", opts.Addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", opts.Addr, err)
	}
	s := &Server{opts: opts, listener: listener, world: newWorld(opts.Players), log: opts.Log}
	s.world.namespaced = opts.Namespaced
	s.delay.Store(int64(opts.Delay))
	return s, nil
}

func checkLoopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("address %q: %w", addr, err)
	}
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("address %q: %w", addr, ErrNotLoopback)
}

// Addr returns the address that it listens on.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// Run serves until ctx ends, closes the port and every connection, and returns nil. It can run once.
func (s *Server) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	var sessions sync.WaitGroup
	defer sessions.Wait()
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = s.listener.Close() })
	defer stop()
	for {
		nc, err := s.listener.Accept()
		switch {
		case ctx.Err() != nil:
			if nc != nil {
				_ = nc.Close()
			}
			return nil
		case errors.Is(err, net.ErrClosed):
			return fmt.Errorf("accept: %w", err)
		case err != nil:
			// Such as no file descriptors left: it may pass.
			s.log.Warn("practice server cannot accept", "error", err)
			sleep(ctx, 50*time.Millisecond)
			continue
		}
		s.open.Add(1)
		sessions.Go(func() {
			defer s.open.Add(-1)
			s.serve(ctx, nc)
		})
	}
}

// Close closes the port of a server whose Run was never called.
func (s *Server) Close() error {
	if err := s.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("close practice server: %w", err)
	}
	return nil
}

// Commands returns the last commands, oldest first, as many as Options.Keep.
func (s *Server) Commands() []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.kept[max(0, len(s.kept)-s.opts.Keep):])
}

// Count returns how many commands it was ever sent, those among them that a fault swallowed.
func (s *Server) Count() uint64 { return s.count.Load() }

// Logins returns how many logins were ever tried, the refused ones among them.
func (s *Server) Logins() uint64 { return s.logins.Load() }

// Connections returns how many are open now.
func (s *Server) Connections() int { return int(s.open.Load()) }

// run counts text, carries it out, and remembers and reports it.
func (s *Server) run(seq uint64, remote, text string) string {
	reply, ok := s.world.run(text)
	c := Command{Seq: seq, At: time.Now(), Remote: remote, Text: text, Reply: reply, Refused: !ok}
	s.mu.Lock()
	if len(s.kept) >= 2*s.opts.Keep {
		// The list may grow to twice its size, so that not every command moves all of it.
		s.kept = append(s.kept[:0], s.kept[len(s.kept)-s.opts.Keep+1:]...)
	}
	s.kept = append(s.kept, c)
	s.mu.Unlock()
	if s.opts.OnCommand != nil {
		s.opts.OnCommand(c)
	}
	return reply
}

// serve speaks with one client until either side ends it.
func (s *Server) serve(ctx context.Context, nc net.Conn) {
	stop := context.AfterFunc(ctx, func() { _ = nc.Close() })
	defer stop()
	defer func() { _ = nc.Close() }()
	err := newSession(s, nc).talk(ctx)
	if !errors.Is(err, io.EOF) && ctx.Err() == nil {
		s.log.Info("practice server closed a connection", "remote", nc.RemoteAddr().String(), "error", err)
	}
}

func sleep(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
