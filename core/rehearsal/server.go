package rehearsal

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"
)

const (
	defaultAddr   = "127.0.0.1:0"
	defaultHandle = "rehearsal"
	maxSpeed      = 10_000
	// closeWait is how long clients have to answer that this side is going.
	closeWait = 2 * time.Second
)

// Options say what is played, and where. The zero value of each is its default; only Script is needed.
type Options struct {
	// Addr is where to listen: a loopback address, by default a free port of 127.0.0.1.
	Addr string
	// Script is what happens.
	Script *Script
	// Speed is how fast: 1, the default, is real time, 10 ten times as fast.
	Speed float64
	// Loop plays the script again and again.
	Loop bool
	// Seed decides the random choices; 0 takes the script's own.
	Seed uint64
	// Handle is the streamer who is live, with or without @; by default "rehearsal". Nobody else exists.
	Handle string
	// Key is what the signer and the managed socket want; empty wants none.
	Key string
	// OnFrame, where it is not nil, is called just before a frame is written to a socket, with the methods of its messages:
	// for those who measure. It must return at once.
	OnFrame func(methods []string)
	// Log is slog.Default where it is nil.
	Log *slog.Logger
}

// Server is a TikTok LIVE on this machine. Its methods are safe for use from many goroutines.
type Server struct {
	handle, key string
	script      *Script
	seed        uint64
	speed       float64
	isLoop      bool
	log         *slog.Logger
	listener    net.Listener
	tunnels     *tunnels
	tls         *tls.Config
	stage       *stage
	done        chan struct{}

	// base is the context of sockets, which outlive their requests; stop ends it.
	base context.Context
	stop context.CancelFunc

	mu       sync.Mutex
	isClosed bool
	requests sync.WaitGroup
}

// connKey finds a request's connection in its context.
type connKey struct{}

// Listen binds the port and makes the certificate. Run or Close must follow.
func Listen(opt Options) (*Server, error) {
	s := &Server{
		handle: strings.TrimPrefix(opt.Handle, "@"), key: opt.Key, script: opt.Script, seed: opt.Seed,
		speed: opt.Speed, isLoop: opt.Loop, log: opt.Log, done: make(chan struct{}),
	}
	if err := s.fill(); err != nil {
		return nil, err
	}
	addr := opt.Addr
	if addr == "" {
		addr = defaultAddr
	}
	if err := checkLoopback(addr); err != nil {
		return nil, err
	}
	var err error
	if s.tls, err = newTLSConfig(time.Now()); err != nil {
		return nil, err
	}
	if s.listener, err = net.Listen("tcp", addr); err != nil {
		return nil, fmt.Errorf("listen for rehearsal clients: %w", err)
	}
	s.tunnels = newTunnels(s.listener.Addr())
	s.stage = newStage(s.handle, s.log, time.Now())
	s.stage.onFrame = opt.OnFrame
	s.base, s.stop = context.WithCancel(context.Background())
	return s, nil
}

// fill puts the defaults in and refuses what cannot be played.
func (s *Server) fill() error {
	if s.script == nil {
		return errors.New("rehearsal needs a script")
	}
	if s.speed == 0 {
		s.speed = 1
	}
	if !(s.speed > 0 && s.speed <= maxSpeed) {
		return fmt.Errorf("rehearsal speed %g is not between 0 and %d", s.speed, maxSpeed)
	}
	if s.seed == 0 {
		s.seed = s.script.Seed
	}
	if s.handle == "" {
		s.handle = defaultHandle
	}
	if !handlePattern.MatchString(s.handle) {
		return fmt.Errorf("%q is not a TikTok handle", s.handle)
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	return nil
}

// checkLoopback refuses addresses that others on the network could reach.
func checkLoopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("rehearsal address %q: %w", addr, err)
	}
	if !isLoopback(host) {
		return fmt.Errorf("rehearsal address %q is not on this machine alone: use 127.0.0.1", addr)
	}
	return nil
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// Run serves and plays the script, which begins when the first client has its socket. It returns nil when ctx is done, and
// nothing of it runs any more then.
func (s *Server) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	server := &http.Server{
		Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
		ConnContext: func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, connKey{}, c) },
	}
	ended := make(chan error, 3)
	go func() { ended <- serveOn(server, s.listener) }() // both end with server.Close
	go func() { ended <- serveOn(server, s.tunnels) }()
	go func() { ended <- s.play(ctx) }() // ends with ctx or the script
	var err error
	running := cap(ended)
	for err == nil && ctx.Err() == nil && running > 0 {
		select {
		case <-ctx.Done():
		case err = <-ended:
			running--
		}
	}
	cancel()
	s.shutDown(server)
	for range running {
		err = errors.Join(err, <-ended)
	}
	return err
}

// Close frees the port of a Server that is not run.
func (s *Server) Close() error {
	s.stop()
	s.tunnels.end()
	if err := s.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("close rehearsal: %w", err)
	}
	return nil
}

func serveOn(server *http.Server, l net.Listener) error {
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve rehearsal clients: %w", err)
	}
	return nil
}

// shutDown ends every connection: politely, and after closeWait not.
func (s *Server) shutDown(server *http.Server) {
	s.mu.Lock()
	s.isClosed = true
	s.mu.Unlock()
	s.stage.close()
	_ = server.Close()
	impatient := time.AfterFunc(closeWait, s.stop)
	defer impatient.Stop()
	s.requests.Wait()
	s.stop()
}

// claim makes the server wait for a request, or for the socket that it became; ok is false when it is closing.
func (s *Server) claim() (release func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.isClosed {
		return nil, false
	}
	s.requests.Add(1)
	return s.requests.Done, true
}

// Addr is the host and port of everything.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// SignerURL is the address to give to a client as its signer.
func (s *Server) SignerURL() string { return "http://" + s.Addr() }

// ProxyURL is the address to give to a client as its HTTP proxy; its certificates are signed by nobody, so the client must
// not check them.
func (s *Server) ProxyURL() string { return "http://" + s.Addr() }

// EulerURL is the address to give to a client as the managed socket.
func (s *Server) EulerURL() string { return "ws://" + s.Addr() + eulerPath }

// Handle is the streamer who is live, without @.
func (s *Server) Handle() string { return s.handle }

// LastLap lets a script that loops end when it has been played through, for who has seen enough of it.
func (s *Server) LastLap() { s.stage.setLaps(laps{isLast: true}) }

// Pause lets a script that loops stand still when it has been played through, until Resume or LastLap.
func (s *Server) Pause() { s.stage.setLaps(laps{isPause: true}) }

// Resume lets it begin again.
func (s *Server) Resume() { s.stage.setLaps(laps{}) }

// IsPaused says that it stands still: every gift has been closed, though perhaps not delivered.
func (s *Server) IsPaused() bool { return s.stage.isBetweenLaps() }

// Done is closed when a script that does not loop, or loops no longer, has been played to its end and delivered; at the
// latest 90 seconds after its end, if no client takes the rest.
func (s *Server) Done() <-chan struct{} { return s.done }

// Ledger returns what clients have been told by now.
func (s *Server) Ledger() Ledger { return s.stage.ledger() }

// Totals returns the same without the streaks, which cost much to those who look often.
func (s *Server) Totals() Ledger { return s.stage.totals() }

// serve finds out whom a client believes to talk to.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	release, ok := s.claim()
	if !ok {
		hangUp(w)
		return
	}
	defer release()
	if s.stage.isOut(time.Now()) {
		hangUp(w)
		return
	}
	if r.Method == http.MethodConnect {
		s.serveConnect(w, r)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxClientFrame)
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	switch {
	case host == hostPages:
		s.servePages(w, r)
	case host == hostWebcast:
		s.serveWebcast(w, r)
	case isLoopback(host):
		s.serveOwn(w, r)
	default:
		// A page in a browser could have a name of its own point here.
		http.Error(w, "this is a rehearsal: no such host", http.StatusForbidden)
	}
}

// serveOwn is what has this server's own address: signer and sockets.
func (s *Server) serveOwn(w http.ResponseWriter, r *http.Request) {
	switch strings.TrimSuffix(r.URL.Path, "/") + "/" {
	case "/webcast/fetch/":
		s.serveSign(w, r)
	case "/webcast/rate_limits/":
		s.serveLimits(w, r)
	case socketPath:
		s.serveSocket(w, r)
	case eulerPath + "/":
		s.serveEuler(w, r)
	case "/":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, "LiveCue rehearsal: @"+s.handle+" is live here for clients that use this address as signer and proxy.\n")
	default:
		http.NotFound(w, r)
	}
}

// hangUp ends the connection without an answer, as an outage does.
func hangUp(w http.ResponseWriter) {
	if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_ = c.Close()
	}
}

// isOut says whether nothing answers.
func (st *stage) isOut(now time.Time) bool {
	st.mu.Lock()
	defer st.mu.Unlock()
	return now.Before(st.faults.outage)
}
