package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"sync/atomic"

	"github.com/livecue/livecue/assets"
	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/obs"
	"github.com/livecue/livecue/core/action/sound"
	"github.com/livecue/livecue/core/catalog"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/hotkey"
	"github.com/livecue/livecue/core/overlay"
	"github.com/livecue/livecue/core/plugin"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/profile/library"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/core/scoreboard"
	"github.com/livecue/livecue/core/shelf"
	"github.com/livecue/livecue/core/store"
)

// Options are what an App is built from.
type Options struct {
	// Profile is what is in force at the start.
	Profile profile.Profile
	// ProfilePath is where SetProfile saves; empty keeps it in memory.
	ProfilePath string
	// Library holds all profiles, that at ProfilePath among them or not; nil is none.
	Library *library.Library
	// GiftsPath is where the gifts seen so far are remembered; empty keeps them in memory.
	GiftsPath string
	// StorePath is the file of the journal, in which events and jobs outlive the program; empty keeps them in memory.
	StorePath string
	// Secrets holds passwords and keys; nil has none and keeps none.
	Secrets profile.Secrets
	// OnSecret is told each password and key before it is used or kept, so that logs can hide it; nil is none. It must not call
	// the App.
	OnSecret func(value string)
	// Device plays sounds; nil is silence that is told of.
	Device sound.Device
	// Speed scales the time of rehearsals; 0 is 1, real time.
	Speed float64
	// Log receives what goes wrong; nil is slog.Default.
	Log *slog.Logger
}

// App is the running program without its window.
type App struct {
	opts    Options
	log     *slog.Logger
	bus     *event.Bus
	rules   *rule.Set
	ticker  *ticker
	keys    *hotkey.Keys
	queue   *queue.Queue
	mixer   *sound.Mixer
	catalog *catalog.Catalog
	secrets *secretCache
	board   *scoreboard.Board
	overlay *overlay.Server
	taps    taps
	file    openFile

	outlets
	outside   outside
	plugins   *plugin.Set
	socket    *service[profile.Socket]
	tikfinity tikfinityPort
	api       apiPort

	liveKit *roomKeeper

	diagnostics *diagnostics

	obsNotes *obs.Notes    // nil without a journal
	toResume chan struct{} // has one for resumeOBS while it has not looked

	toLoad chan []string // the sounds of the rules, for loadSounds; holds the newest list

	store   *store.Store // nil without a journal
	journal *journal     // likewise
	shelf   *shelf.Shelf // nil without a store, or where there can be none
	left    *leftovers
	recalls recalls
	// shelfTrouble is why there is no shelf although there is a store, or "".
	shelfTrouble string
	// journalNote is what the user should know of the journal's past, or "".
	journalNote string

	seq        atomic.Uint64
	reconnects atomic.Uint64
	rehearsing atomic.Bool // what comes now is made up
	// failedClaims is the keeper's.
	failedClaims atomic.Int32

	life  context.Context // ends with Close
	stop  context.CancelFunc
	group sync.WaitGroup // what Start has started

	mu        sync.Mutex // guards what follows
	profile   profile.Profile
	games     map[string]*game // by lane
	studio    *studio          // OBS
	session   *session
	kept      keptSource
	rehearsal *rehearsalRun
	replay    *replayRun // the last one
	past      Health     // of sessions that have ended
	isClosed  bool
}

// New builds the graph. Nothing runs before Start.
func New(opts Options) (*App, error) {
	if opts.Log == nil {
		opts.Log = slog.Default()
	}
	if opts.Secrets == nil {
		opts.Secrets = noSecrets{}
	}
	if opts.OnSecret == nil {
		opts.OnSecret = func(string) {}
	}
	if opts.Device == nil {
		opts.Device = noDevice{}
	}
	gifts, err := catalog.Open(opts.GiftsPath, assets.GiftsCSV)
	if err != nil {
		return nil, fmt.Errorf("open the gift catalogue: %w", err)
	}
	a := &App{
		opts:    opts,
		log:     opts.Log,
		bus:     &event.Bus{Log: opts.Log},
		catalog: gifts,
		secrets: &secretCache{store: opts.Secrets, onSecret: opts.OnSecret, known: map[string]string{}},
		profile: opts.Profile.Clone(),
		games:   map[string]*game{},
		file:    openFile{path: opts.ProfilePath},
		toLoad:  make(chan []string, 1),

		toResume: make(chan struct{}, 1),

		socket:    newService(opts.Profile.Socket),
		tikfinity: tikfinityPort{service: newService(opts.Profile.TikFinity)},
		api:       apiPort{service: newService(opts.Profile.API)},
		liveKit:   newRoomKeeper(opts.Profile.LiveKit),

		diagnostics: newDiagnostics(),
	}
	if err := a.openOverlay(); err != nil {
		return nil, err
	}
	if err := a.openOutside(); err != nil {
		return nil, err
	}
	a.openPlugins()
	a.life, a.stop = context.WithCancel(context.Background())
	a.rules = rule.NewSet(nil, rule.Options{State: showState{app: a, counters: a.board.Counter}})
	a.ticker = newTicker(a.rules, a.bus)
	a.keys = hotkey.New(a.pressed, opts.Log)
	a.mixer = sound.New(sound.Options{
		Volume:  opts.Profile.Sound.Volume,
		Voices:  opts.Profile.Sound.Voices,
		Device:  opts.Device,
		Bundled: assets.Sounds(),
		Log:     opts.Log,
	})
	a.outlets = newOutlets(a.mixer, opts)
	if err := a.openStore(); err != nil {
		a.stop()
		return nil, err
	}
	if err := a.recallSignals(); err != nil {
		a.stop()
		return nil, errors.Join(err, a.closeStore())
	}
	a.obsNotes = a.openOBSNotes() // nobody else has them: the store would be in use
	a.left = &leftovers{app: a, isSettled: make(chan struct{}), chosen: map[string]bool{}}
	queued := queue.Options{Target: a.target, OnReport: a.onReport, Keeper: a.keeper(), Log: opts.Log}
	if a.shelf != nil {
		queued.Shelf = a.shelf
	}
	a.queue = queue.New(queued)
	a.queue.Declare(soundLane)
	a.applyProfile()
	event.On(a.bus, a.deliver)
	event.On(a.bus, a.ticker.follow) // after the rules, whose timers it asks for
	event.On(a.bus, a.showEvent)
	event.On(a.bus, a.diagnostics.onEvent)
	event.On(a.bus, func(e event.Reconnected) {
		if e.OfStream() {
			a.reconnects.Add(1)
		}
	})
	event.On(a.bus, func(g event.Gift) { a.catalog.Learn(g.Gift) })
	return a, nil
}

// Start begins to do what is put into the queue. Call Close when done.
func (a *App) Start() {
	parts := map[string]func(context.Context) error{
		"queue": a.queue.Run, "mixer": a.mixer.Run, "sound loader": a.loadSounds, "ticker": a.ticker.run,
		"hotkeys":      a.keys.Run,
		"OBS":          a.resumeOBS,
		"event socket": a.runSocket, "plugins": a.plugins.Run, "TikFinity port": a.runTikFinity, "LiveKit": a.runLiveKit,
		"HTTP API": a.runAPI,
	}
	if a.journal != nil {
		parts["journal"] = a.journal.run
	}
	maps.Copy(parts, a.showParts())
	for name, run := range parts {
		a.group.Go(func() { a.runPart(a.life, name, run) })
	}
	if a.store != nil {
		a.group.Go(func() { a.recallAtStart(a.life) })
		a.left.settle(a.life, a.Profile().Queue.AfterCrash)
	}
}

// loadSounds decodes the sounds of the rules ahead of the first gift, one after another, each time that the rules change. A
// file that cannot be played is told of when it is to be played; the editor tells of it before.
func (a *App) loadSounds(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case files := <-a.toLoad:
			for _, file := range files {
				if ctx.Err() != nil {
					break
				}
				err := a.mixer.Check(action.Sound{File: file}) //nolint:contextcheck // it has a deadline of its own
				if err != nil {
					a.log.Info("a rule's sound cannot be played", "file", file, "error", err)
				}
			}
		}
	}
}

func (a *App) runPart(ctx context.Context, name string, run func(context.Context) error) {
	if err := run(ctx); err != nil && !errors.Is(err, context.Canceled) {
		a.log.Error("a part of the program stopped", "part", name, "error", err)
	}
}

// Close disconnects, stops everything and returns when the last goroutine has ended. What waits in the queue is in the journal;
// without one it is lost.
func (a *App) Close() error {
	a.mu.Lock()
	if a.isClosed {
		a.mu.Unlock()
		return nil
	}
	a.isClosed = true
	a.mu.Unlock()

	a.StopRehearsal()
	a.Disconnect()
	a.stop()
	a.group.Wait() // the journal writes what has come before it ends
	a.mu.Lock()
	for _, g := range a.games {
		a.closeGame(g)
	}
	a.mu.Unlock()
	a.closeStudio(a.theStudio())
	a.taps.closeAll()
	var errs []error
	if err := a.web.Close(); err != nil {
		errs = append(errs, fmt.Errorf("close the web connections: %w", err))
	}
	if err := a.catalog.Save(); err != nil {
		errs = append(errs, fmt.Errorf("save the gift catalogue: %w", err))
	}
	return errors.Join(append(errs, a.closeShow(), a.closeStore())...)
}

// noDevice is a computer without loudspeakers.
type noDevice struct{}

func (noDevice) Play(context.Context, sound.Output) error {
	return errors.New("this program was started without a sound device")
}

// Bus is where all events can be heard.
func (a *App) Bus() *event.Bus { return a.bus }

// Settle ends the connection and waits until all that it triggered and that can be done is done, or ctx ends. The servers of
// a rehearsal go on until StopRehearsal.
func (a *App) Settle(ctx context.Context) error {
	a.endSession()
	if a.journal != nil {
		if err := a.journal.flush(ctx); err != nil {
			return err
		}
		if err := a.left.wait(ctx); err != nil {
			return err
		}
	}
	return a.queue.Idle(ctx)
}

// Gifts returns the known gifts and those seen so far, by price and name.
func (a *App) Gifts() []event.GiftInfo { return a.catalog.List() }
