package overlay

import (
	"context"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/scoreboard"
)

// DefaultPort is where the pages are unless the profile says otherwise.
const DefaultPort = 8747

// Board is where counters and timers are kept.
type Board interface {
	Counters() []scoreboard.Counter
	Timers() []scoreboard.Timer
	Changes() (<-chan struct{}, func())
}

// Options are what a Server is made from.
type Options struct {
	// Settings are those in force at the start.
	Settings Settings
	// TokenPath is the file that the token is kept in; empty makes a new one each time.
	TokenPath string
	// OnSecret is told each token before it is used; nil is none.
	OnSecret func(string)
	// Files are the pages' own, and Sounds the bundled sounds.
	Files, Sounds fs.FS
	// Board has the counters and timers.
	Board Board
	// Log receives what goes wrong; nil is slog.Default.
	Log *slog.Logger
}

// Settings are what a user can change while the Server runs.
type Settings struct {
	// Off closes the server.
	Off bool
	// Port is where it listens; 0 is DefaultPort.
	Port int
	// Styles is the folder of the user's own CSS files, one for each page by its name, and all.css; empty is none.
	Styles string
	// Goal is that of the goal page.
	Goal Goal
}

func (s Settings) port() int {
	if s.Port == 0 {
		return DefaultPort
	}
	return s.Port
}

// Waiting is a job that waits, as viewers may see it.
type Waiting struct {
	// Key tells it from all others.
	Key string `json:"key"`
	// Name is the viewer, Rule what they triggered, as they and the streamer wrote it.
	Name string `json:"name"`
	Rule string `json:"rule"`
	Lane string `json:"lane"`
	// Runs is how many runs are left.
	Runs int `json:"runs"`
}

// Queue is what waits: the first of each lane, and how many there are in all.
type Queue struct {
	Total map[string]int `json:"total"`
	Jobs  []Waiting      `json:"jobs"`
}

// Server serves the pages. It is the action.Action of overlay jobs. It is safe for use from many goroutines.
type Server struct {
	opts  Options
	log   *slog.Logger
	files *files
	media media
	// reconfigured wakes Run after a change of port.
	reconfigured chan struct{}

	mu       sync.Mutex // guards what follows
	settings Settings
	token    string
	address  string // host:port
	problem  string
	began    time.Time
	// changed is closed, and made anew, when pages come and go and when an alert is answered for.
	changed  chan struct{}
	clients  map[*client]struct{}
	gone     map[string]time.Time // when the last alert page of a channel went, for a while
	tracks   map[string]*track    // by the channel of the pages
	alerts   uint64               // the id of the last alert
	versions map[topic]uint64
	real     *show
	rehearse *show // what a rehearsal shows; nil without one
	former   *show // of an earlier life of the program, until its stream goes on or another begins; or nil
	queue    Queue
	watchers map[chan struct{}]struct{}
	sample   *time.Timer // takes the made-up gift away; or nil
}

// New makes a Server. Nothing listens before Run.
func New(opts Options) (*Server, error) {
	if opts.Log == nil {
		opts.Log = slog.Default()
	}
	if opts.OnSecret == nil {
		opts.OnSecret = func(string) {}
	}
	files, err := loadFiles(opts.Files)
	if err != nil {
		return nil, err
	}
	token, err := loadToken(opts.TokenPath)
	if err != nil {
		return nil, err
	}
	opts.OnSecret(token)
	s := &Server{
		opts: opts, log: opts.Log, files: files, token: token, settings: opts.Settings,
		reconfigured: make(chan struct{}, 1),
		began:        time.Now(),
		changed:      make(chan struct{}),
		clients:      map[*client]struct{}{},
		gone:         map[string]time.Time{},
		tracks:       map[string]*track{},
		versions:     map[topic]uint64{},
		watchers:     map[chan struct{}]struct{}{},
		real:         newShow(),
	}
	s.media = media{pictures: files.pictures, sounds: opts.Sounds, known: map[string]medium{}}
	s.address = loopback(opts.Settings.port())
	return s, nil
}

// Configure puts other settings to use. A change of port closes the pages, which do not find their way to the new one: their
// addresses in OBS have to be changed.
func (s *Server) Configure(settings Settings) {
	s.mu.Lock()
	old := s.settings
	s.settings = settings
	if settings.Goal != old.Goal {
		s.touch(topicGoal)
	}
	s.mu.Unlock()
	if settings.Off != old.Off || settings.port() != old.port() {
		select {
		case s.reconfigured <- struct{}{}:
		default:
		}
	}
}

// Status is where the pages are.
type Status struct {
	// Address is host:port.
	Address string
	// Problem is why the pages are not there, or not where they should be, or "".
	Problem string
	// Pages is how many pages are open.
	Pages int
}

// Status tells how the server stands.
func (s *Server) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Status{Address: s.address, Problem: s.problem, Pages: len(s.clients)}
}

// RenewToken makes a new token. All pages are closed, and their old addresses are refused from then on.
func (s *Server) RenewToken() error {
	token, err := newToken(s.opts.TokenPath)
	if err != nil {
		return err
	}
	s.opts.OnSecret(token)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token = token
	for c := range s.clients {
		c.end()
	}
	return nil
}

// Take shows an event. Tests are not of the stream, and change nothing.
func (s *Server) Take(e event.Event) {
	if e.Header().Test {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.recall(e)
	for _, t := range s.shown().take(e, time.Now()) {
		s.touch(t)
	}
}

// shown is what the pages show. The lock is held.
func (s *Server) shown() *show {
	if s.rehearse != nil {
		return s.rehearse
	}
	return s.real
}

// SetQueue tells what waits. It is worth working out while HasPage(PageQueue).
func (s *Server) SetQueue(q Queue) {
	for i := range q.Jobs {
		q.Jobs[i].Name = clean(q.Jobs[i].Name, maxNameShown)
		q.Jobs[i].Rule = clean(q.Jobs[i].Rule, maxNameShown)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = q
	s.touch(topicQueue)
}

// HasPage reports whether a page of that name is open.
func (s *Server) HasPage(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.clients {
		if c.page.Name == name {
			return true
		}
	}
	return false
}

// Rehearse begins a rehearsal: what the pages show until EndRehearsal is forgotten then.
func (s *Server) Rehearse() { s.swap(newShow()) }

// EndRehearsal shows again what was shown before Rehearse.
func (s *Server) EndRehearsal() { s.swap(nil) }

func (s *Server) swap(rehearse *show) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rehearse = rehearse
	s.touchShow()
	s.clearTracks()
}

// ClearAlerts takes away the alerts that are on screen.
func (s *Server) ClearAlerts() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clearTracks()
}

// watchBoard tells the pages of changes of counters and timers until ctx ends.
func (s *Server) watchBoard(ctx context.Context) {
	changes, cancel := s.opts.Board.Changes()
	defer cancel()
	for {
		select {
		case <-ctx.Done():
			return
		case <-changes:
		}
		s.mu.Lock()
		s.touch(topicCounters)
		s.touch(topicTimers)
		s.mu.Unlock()
	}
}
