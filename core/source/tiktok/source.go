package tiktok

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/source"
)

// The doors, as in Options.Door and in events.
const (
	DoorAutomatic = "automatic"
	DoorDirect    = "direct"
	DoorEuler     = "euler"
	DoorTikFinity = "tikfinity"
)

// The public services.
const (
	publicSigner = "https://tiktok.eulerstream.com"
	publicEuler  = "wss://ws.eulerstream.com"
)

// How long things may take.
const (
	defaultStreakTimeout  = 15 * time.Second
	defaultSilenceTimeout = 60 * time.Second
	heartbeatEvery        = 10 * time.Second // as TikTok's own page does
	settleTime            = time.Second
	requestTimeout        = 20 * time.Second
)

// Options say whom to listen to, and how.
type Options struct {
	// Handle is the streamer: anything that ParseHandle understands.
	Handle string
	// Door is DoorDirect, DoorEuler, DoorTikFinity, or DoorAutomatic (also if empty): direct first, then euler if there is an
	// APIKey.
	Door string
	// SignerURL and EulerURL are the addresses of the services; the public ones if empty.
	SignerURL, EulerURL string
	// TikFinityURL is where TikFinity's WebSocket is; that of this computer if empty.
	TikFinityURL string
	// APIKey is the Euler Stream key, for the signer and for the managed socket. The signer works without, in moderation.
	APIKey string
	// ProxyURL is an http, https or socks5 proxy for everything but loopback addresses; if empty, the one of the
	// environment is used. ProxyInsecure accepts any certificate, as a proxy that opens TLS needs it.
	ProxyURL      string
	ProxyInsecure bool
	// StreakTimeout is how long a gift streak may be silent before its end is made up; 0 is 15 s.
	StreakTimeout time.Duration
	// SilenceTimeout is how long a socket may say nothing before it is taken for dead; 0 is 60 s.
	SilenceTimeout time.Duration
	// Commit, if not nil, is called when all events of a response have been emitted that the platform wants acknowledged, from
	// the goroutine that emits, and must return at once. done says that these events and all before them are safe, such as on
	// a disk; the ack is sent only then. It may be called at any time, from any goroutine, more than once; after the end of
	// the connection it does nothing. So what a crash takes before done, the platform sends again, and Remember keeps
	// the rest from counting twice.
	//
	// Acks keep the order of their responses: one that is not done holds back the later ones, while reading goes on. With 256
	// of them outstanding, reading waits. The end of a live waits up to 2 s for the last ones.
	//
	// The response that comes before the socket has no ack of its own: the next one's stands for it. Nor have the events of
	// the connection's life and made-up ends of streaks, which can be made up again. Through DoorEuler and DoorTikFinity there are no
	// acks at all: Commit is not called, and what was read and not kept at a crash is lost.
	Commit func(done func())
	// Log is slog.Default if nil.
	Log *slog.Logger
}

// Source is a TikTok LIVE's events. What it has seen and counted outlives a connection, so keep one Source for as long as
// the user follows the same streamer.
type Source struct {
	opt     Options
	handle  string
	proxy   *url.URL // nil: as the environment says
	log     *slog.Logger
	trouble *trouble
	intake  *intake
	rooms   *lookup

	isRunning atomic.Bool
	// What follows belongs to the goroutine of Run.
	lastDoor string // the door that held last
	signed   int    // sessions that the signer has given
	relayed  int64  // the stream that TikFinity is in, by when it was begun; 0 before the first

	// The pace of the socket; tests shorten it.
	heartbeat, settle, patience time.Duration
}

// New returns a Source. Nothing is contacted before Run. The error is a *source.Problem with CauseSettings.
func New(opt Options) (*Source, error) {
	handle, err := ParseHandle(opt.Handle)
	if err != nil {
		return nil, err
	}
	if err := opt.fill(); err != nil {
		return nil, err
	}
	proxy, err := parseProxy(opt.ProxyURL)
	if err != nil {
		return nil, err
	}
	t := newTrouble(opt.Log)
	return &Source{
		opt: opt, handle: handle, proxy: proxy, log: opt.Log, trouble: t,
		intake: newIntake(opt.StreakTimeout, t),
		rooms:  newLookup(proxy, opt.ProxyInsecure),
		settle: settleTime, heartbeat: heartbeatEvery, patience: requestTimeout,
	}, nil
}

// fill puts the defaults in and checks the addresses.
func (o *Options) fill() error {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Commit == nil {
		o.Commit = func(done func()) { done() }
	}
	if o.StreakTimeout <= 0 {
		o.StreakTimeout = defaultStreakTimeout
	}
	if o.SilenceTimeout <= 0 {
		o.SilenceTimeout = defaultSilenceTimeout
	}
	if o.SignerURL == "" {
		o.SignerURL = publicSigner
	}
	if !isAddress(o.SignerURL, "http", "https") {
		return settingsProblem("The signer's address cannot be used. It begins with https:// and names a server; leave it empty for the public one.")
	}
	switch o.Door {
	case "":
		o.Door = DoorAutomatic
	case DoorAutomatic, DoorDirect, DoorEuler, DoorTikFinity:
	default:
		return settingsProblem("There is no such way to connect. Choose automatic, direct, euler or tikfinity.")
	}
	if o.Door == DoorEuler && o.APIKey == "" && o.EulerURL == "" {
		return settingsProblem("Euler Stream needs a key. Get a free one at eulerstream.com and enter it, or choose the direct way.")
	}
	if o.EulerURL == "" {
		o.EulerURL = publicEuler
	}
	if !isAddress(o.EulerURL, "ws", "wss") {
		return settingsProblem("Euler Stream's address cannot be used. It begins with wss:// and names a server; leave it empty for the public one.")
	}
	if o.TikFinityURL == "" {
		o.TikFinityURL = publicTikFinity
	}
	if !isAddress(o.TikFinityURL, "ws", "wss") {
		return settingsProblem("TikFinity's address cannot be used. It looks like ws://127.0.0.1:21213; leave it empty for this computer.")
	}
	return nil
}

// Run makes one connection, through the first door that opens, and holds it: see source.Source. The error is ctx's or a
// *source.Problem, without a key or password in it. A second Run while one is under way is refused.
func (s *Source) Run(ctx context.Context, emit func(event.Event)) error {
	if !s.isRunning.CompareAndSwap(false, true) {
		return errors.New("tiktok: this source is running already")
	}
	defer s.isRunning.Store(false)
	if err := ctx.Err(); err != nil {
		return err
	}
	// No connection is open now. A streak that Remember left open may wait for one that never comes.
	defer func() { s.intake.streaks.expire(time.Now(), emit) }()
	var failed []*source.Problem
	for _, door := range s.doors() {
		emit(event.Connecting{Head: s.head(), Door: door})
		problem, isHeld := s.through(ctx, door, emit)
		if err := ctx.Err(); err != nil {
			return err
		}
		failed = append(failed, problem)
		if isHeld || isAnswer(problem.Cause.Code) {
			return problem
		}
		s.log.Info("door did not open", "door", door, "cause", string(problem.Cause.Code), "error", problem)
	}
	return together(failed)
}

// doors are those to try, in order: the one that held last comes first.
func (s *Source) doors() []string {
	switch {
	case s.opt.Door != DoorAutomatic:
		return []string{s.opt.Door}
	case s.opt.APIKey == "":
		return []string{DoorDirect}
	case s.lastDoor == DoorEuler:
		return []string{DoorEuler, DoorDirect}
	}
	return []string{DoorDirect, DoorEuler}
}

// through goes through one door and holds the connection until it ends. It says whether there was one.
func (s *Source) through(ctx context.Context, door string, emit func(event.Event)) (*source.Problem, bool) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	web := newWeb(s.proxy, s.opt.ProxyInsecure, s.opt.APIKey)
	defer web.close()
	open := s.openDirect
	switch door {
	case DoorEuler:
		open = s.openEuler
	case DoorTikFinity:
		open = s.openTikFinity
	}
	c, problem := open(ctx, web, emit)
	if problem != nil {
		return problem, false
	}
	return s.hold(ctx, c, emit)
}

// Stats returns what was counted since New. It may be called from any goroutine.
func (s *Source) Stats() Stats { return s.trouble.stats() }

func (s *Source) head() event.Head {
	return event.Head{At: time.Now(), Source: sourceName, Room: s.intake.room}
}

// isAnswer says whether code is about the streamer or the settings, so that another door would say the same.
func isAnswer(code event.CauseCode) bool {
	switch code {
	case event.CauseUnknownUser, event.CauseNotLive, event.CauseLiveEnded, event.CauseSettings:
		return true
	}
	return false
}

// together makes one problem of those of all the doors: the first, and what the others said.
func together(failed []*source.Problem) *source.Problem {
	if len(failed) == 1 {
		return failed[0]
	}
	all := *failed[0]
	texts, errs := []string{all.Cause.Text}, []error{}
	for _, p := range failed[1:] {
		texts = append(texts, "The other way in failed too: "+p.Cause.Text)
		if !p.Until.IsZero() && p.Until.Before(all.Until) {
			all.Until = p.Until
		}
	}
	for _, p := range failed {
		if p.Err != nil {
			errs = append(errs, p.Err)
		}
	}
	all.Cause.Text, all.Err = strings.Join(texts, " "), errors.Join(errs...)
	return &all
}

// isAddress says whether text is an absolute address with a host and one of the schemes.
func isAddress(text string, schemes ...string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return false
	}
	for _, s := range schemes {
		if strings.EqualFold(u.Scheme, s) {
			return true
		}
	}
	return false
}

// parseProxy reads Options.ProxyURL.
func parseProxy(text string) (*url.URL, error) {
	if text == "" {
		return nil, nil
	}
	if !isAddress(text, "http", "https", "socks5", "socks5h") {
		return nil, settingsProblem("The proxy's address cannot be used. It looks like http://name:8080 or socks5://name:1080.")
	}
	u, _ := url.Parse(text)
	return u, nil
}
