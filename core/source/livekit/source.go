package livekit

import (
	"context"
	"crypto/rand"
	"log/slog"
	"time"

	lksdk "github.com/livekit/server-sdk-go/v2"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/source"
)

// Door is the event.Connected.Door of a room.
const Door = "livekit"

const (
	// joinTimeout bounds how long the server may take to let us in.
	joinTimeout = 10 * time.Second
	// nameCheck is how often names are looked at: the SDK does not tell of a new one.
	nameCheck = 2 * time.Second
	// queueSize is how many events wait for Run. When it is full the SDK waits, and with it the room.
	queueSize = 256
)

// Options are what a Source is made from.
type Options struct {
	// URL is the server: see ParseURL.
	URL string
	// Token is the access token, which names the room and the identity. It is a secret.
	Token string
	// Stream returns the live stream that events are filed under, as event.Head.Room; nil is none.
	Stream func() string
	// Watch is how often the server is asked whether it is alive; 0 is 10 s. One that has frozen goes unnoticed by the SDK.
	Watch time.Duration
	// Log receives what the SDK says, at the level of debugging; nil is slog.Default.
	Log *slog.Logger
}

// Source is one room. It implements source.Source.
type Source struct {
	opts Options
	room string // as the token says
}

var _ source.Source = (*Source)(nil)

// New returns a Source. Nothing is connected before Run. The error is a *source.Problem that says which setting cannot work.
func New(opts Options) (*Source, error) {
	address, err := ParseURL(opts.URL)
	if err != nil {
		return nil, problem(event.CauseSettings, err.Error(), nil)
	}
	claims, err := readToken(opts.Token)
	if err != nil {
		return nil, problem(event.CauseSettings, "The LiveKit token is not one: "+err.Error()+".", nil)
	}
	opts.URL = address
	if opts.Watch <= 0 {
		opts.Watch = 10 * time.Second
	}
	if opts.Log == nil {
		opts.Log = slog.Default()
	}
	if opts.Stream == nil {
		opts.Stream = func() string { return "" }
	}
	silencePion()
	return &Source{opts: opts, room: clip(claims.Video.Room, maxName)}, nil
}

// Room returns the name of the room that the token is for, or "".
func (s *Source) Room() string { return s.room }

// Run joins the room and tells of it until ctx ends or the room does: see source.Source. It tells of connections that the SDK has lost
// and makes again by itself, too.
func (s *Source) Run(ctx context.Context, emit func(event.Event)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	emit(event.Connecting{Head: s.head(), Door: Door})
	if err := Check(ctx, s.opts.URL, s.opts.Token); err != nil {
		return err
	}
	v := newVisit(s)
	defer v.leave()
	held, err := v.join(ctx)
	if err != nil {
		return err
	}
	emit(event.Connected{Head: s.head(), Door: Door, Handle: v.name()})
	for _, e := range append(v.arrive(), held...) {
		emit(e)
	}
	frozen := make(chan error, 1)
	watched := make(chan struct{})
	go func() { // ends with ctx; Run waits for it
		defer close(watched)
		s.watch(ctx, frozen)
	}()
	defer func() {
		cancel()
		<-watched
	}()
	return v.pass(ctx, emit, frozen)
}

// head begins an event.
func (s *Source) head() event.Head {
	return event.Head{ID: "lk-" + rand.Text(), At: time.Now(), Source: event.SourceLiveKit, Room: s.opts.Stream()}
}

// join joins the room and returns what happened in it meanwhile.
func (v *visit) join(ctx context.Context) ([]event.Event, error) {
	opts := v.source.opts
	joined := make(chan error, 1)
	go func() { // ends in joinTimeout and a little, or soon after ctx; join waits for it
		joined <- v.room.JoinWithContextAndToken(ctx, opts.URL, opts.Token,
			lksdk.WithAutoSubscribe(false), lksdk.WithConnectTimeout(joinTimeout))
	}()
	var held []event.Event
	for {
		select {
		case e := <-v.queue:
			held = append(held, e)
		case err := <-joined:
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if err != nil {
				return nil, joinProblem(err)
			}
			return held, nil
		}
	}
}

// pass hands on what happens until something ends the visit.
func (v *visit) pass(ctx context.Context, emit func(event.Event), frozen <-chan error) error {
	names := time.NewTicker(nameCheck)
	defer names.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-frozen:
			return err
		case reason := <-v.ended:
			v.drain(emit)
			return endProblem(reason)
		case e := <-v.queue:
			emit(e)
		case <-names.C:
			for _, e := range v.renamed() {
				emit(e)
			}
		}
	}
}

// drain hands on what was told before the end.
func (v *visit) drain(emit func(event.Event)) {
	for {
		select {
		case e := <-v.queue:
			emit(e)
		default:
			return
		}
	}
}
