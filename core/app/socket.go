package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/feed"
	"github.com/livecue/livecue/core/grant"
	"github.com/livecue/livecue/core/profile"
)

const (
	// signalsKept is how many ids of signals are remembered, so that one that is sent again has no second effect.
	signalsKept = 10_000
	// socketPause is when to try again where no port can be had.
	socketPause = 5 * time.Second
)

// errEnding is what a signal gets that comes too late.
var errEnding = errors.New("LiveCue is closing")

// outside is the door for other programs: who may come in, what they are told, and what they have called.
type outside struct {
	book *grant.Book
	hub  *feed.Hub
	// onPort is told where the socket listens, 0 being nowhere. It is set before the socket runs.
	onPort func(port int)

	mu     sync.Mutex
	server *feed.Server  // the one that listens, or nil
	isOpen chan struct{} // closed while server listens
	port   int
	seen   map[string]struct{} // ids of signals
	order  []string            // the same, a ring
	oldest int
}

// openOutside opens the door's book, beside the journal.
func (a *App) openOutside() error {
	path := ""
	if a.opts.StorePath != "" {
		path = filepath.Join(filepath.Dir(a.opts.StorePath), "tokens.json")
	}
	book, err := grant.Open(grant.Options{Path: path})
	if err != nil {
		return err
	}
	a.outside = outside{
		book: book, hub: feed.NewHub(), isOpen: make(chan struct{}), seen: map[string]struct{}{},
	}
	return nil
}

// recallSignals reads which signals have come in earlier lives of the program.
func (a *App) recallSignals() error {
	if a.store == nil {
		return nil
	}
	past, err := a.store.Past(a.life, feed.SignalSource, time.Time{}, signalsKept)
	if err != nil {
		return fmt.Errorf("read the journal: %w", err)
	}
	for _, e := range past {
		a.outside.note(e.Header().ID)
	}
	return nil
}

// note remembers an id, and reports whether it is new.
func (o *outside) note(id string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if _, ok := o.seen[id]; ok {
		return false
	}
	if len(o.order) < signalsKept {
		o.order = append(o.order, id)
	} else {
		delete(o.seen, o.order[o.oldest])
		o.order[o.oldest] = id
		o.oldest = (o.oldest + 1) % signalsKept
	}
	o.seen[id] = struct{}{}
	return true
}

// Signal takes another program's call. It returns when the call is on disk, where there is a journal. The error is feed.ErrSeen for
// one whose id has come before.
func (a *App) Signal(e event.Signal) error {
	if a.life.Err() != nil {
		return errEnding
	}
	if !a.outside.note(e.ID) {
		return feed.ErrSeen
	}
	e.Room = a.rules.Room()
	a.bus.Emit(e)
	if a.journal == nil {
		return nil
	}
	kept := make(chan struct{})
	a.journal.commit(func() { close(kept) })
	select {
	case <-kept:
		return nil
	case <-a.life.Done():
		return nil // the journal writes what it has before it ends
	}
}

// publish tells the programs that listen.
func (a *App) publish(e event.Event, isReplayed bool) {
	a.outside.hub.Publish(e, feed.Origin{Rehearsed: a.rehearsing.Load(), Replayed: isReplayed})
}

// runSocket serves the socket until ctx ends.
func (a *App) runSocket(ctx context.Context) error {
	defer a.outside.hub.Close()
	return a.socket.run(ctx, socketPause, a.serveSocket, func(err error) string {
		a.log.Error("event socket cannot be served", "error", err)
		return "The event socket cannot be opened: " + err.Error()
	})
}

// serveSocket serves with these settings until ctx ends.
func (a *App) serveSocket(ctx context.Context, settings profile.Socket) error {
	if settings.Off {
		<-ctx.Done()
		return nil
	}
	server := feed.New(feed.Options{Hub: a.outside.hub, Book: a.outside.book, Signal: a.Signal, Port: settings.Port, Log: a.log})
	door, err := server.Listen(ctx)
	if err != nil {
		return err
	}
	a.outside.set(server)
	defer a.outside.set(nil)
	return server.Run(ctx, door)
}

// set says which server listens now; nil is none.
func (o *outside) set(server *feed.Server) {
	o.mu.Lock()
	defer func() {
		port := o.port
		o.mu.Unlock()
		o.onPort(port)
	}()
	wasOpen := o.server != nil
	o.server, o.port = server, 0
	if server != nil {
		o.port = server.Port()
	}
	switch {
	case server != nil && !wasOpen:
		close(o.isOpen)
	case server == nil && wasOpen:
		o.isOpen = make(chan struct{})
	}
}

// SocketPort waits until the socket listens, and returns its port. The error is that of ctx.
func (a *App) SocketPort(ctx context.Context) (int, error) {
	for {
		a.outside.mu.Lock()
		port, isOpen := a.outside.port, a.outside.isOpen
		a.outside.mu.Unlock()
		if port != 0 {
			return port, nil
		}
		select {
		case <-ctx.Done():
			return 0, fmt.Errorf("wait for the event socket: %w", ctx.Err())
		case <-isOpen:
		}
	}
}

// SocketStatus is how the event socket stands.
func (a *App) SocketStatus() feed.Status {
	a.outside.mu.Lock()
	defer a.outside.mu.Unlock()
	if a.outside.server == nil {
		return feed.Status{}
	}
	return a.outside.server.Status()
}

// Hub is where all events get their numbers.
func (a *App) Hub() *feed.Hub { return a.outside.hub }

// Grants are the tokens of other programs, without the tokens.
func (a *App) Grants() []grant.Grant { return a.outside.book.Grants() }

// IssueToken makes a token for another program. It cannot be shown again.
func (a *App) IssueToken(name string, scopes ...grant.Scope) (string, error) {
	token, _, err := a.outside.book.Issue(name, scopes...)
	if err != nil {
		return "", fmt.Errorf("make a token: %w", err)
	}
	a.opts.OnSecret(token)
	return token, nil
}

// RevokeToken ends a token, and the connections that use it.
func (a *App) RevokeToken(id string) error {
	if err := a.outside.book.Revoke(id); err != nil {
		return fmt.Errorf("revoke a token: %w", err)
	}
	return nil
}

// socketProblems are what the user should know.
func (a *App) socketProblems() (problems []string) {
	for _, text := range []string{a.SocketStatus().Problem, a.socket.trouble(), a.tikfinity.trouble(), a.api.trouble()} {
		if text != "" {
			problems = append(problems, text)
		}
	}
	return problems
}
