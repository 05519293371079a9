package replay

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	// MinSpeed and MaxSpeed bound how many times as fast as it was a recording is played.
	MinSpeed, MaxSpeed = 0.25, 64
	// maxSilence is how much of a silence is played: nobody waits for an hour in which the program was off.
	maxSilence = time.Minute
	readAtOnce = 200
)

// ErrSpeed is a speed that there is not.
var ErrSpeed = errors.New("a replay is played 0.25 to 64 times as fast as it was, or as fast as it can be (0)")

// State is how a replay stands.
type State string

// The states of a replay.
const (
	Playing State = "playing"
	Paused  State = "paused"
	// Over: it was played to its end. A seek plays it again, as long as Run has not returned.
	Over State = "over"
)

// Options say what is played and how.
type Options struct {
	Recording Recording
	Rules     Rules
	// From is where it begins, counted from the recording's begin: what came before is the past.
	From time.Duration
	// Speed is how many times as fast as it was, from MinSpeed to MaxSpeed; 0 is as fast as can be.
	Speed float64
	// OnMoment is told of each moment, on Run's goroutine; nil is nobody. Its error ends the replay.
	OnMoment func(context.Context, Moment) error
}

// Status is how a replay stands.
type Status struct {
	About
	State State
	Speed float64
	// Position is how much of Length has been played, Played how many events of Events, those that were skipped included.
	Position time.Duration
	Played   int64
	// IsSeeking says that it is still on its way to Position, through what is the past there.
	IsSeeking bool
	// Report is what the rules did since the begin or the last seek.
	Report Report
}

// Player plays a recording once. Its methods may be called from any goroutine, before Run, during and after it.
type Player struct {
	opts  Options
	about About

	mu     sync.Mutex // guards what follows
	wake   chan struct{}
	state  State
	speed  float64
	seek   time.Duration // where to, or -1
	status Status
}

// New returns a Player that begins with Run. The error is ErrSpeed, or why the recording cannot be read.
func New(ctx context.Context, opts Options) (*Player, error) {
	if err := checkSpeed(opts.Speed); err != nil {
		return nil, err
	}
	about, err := opts.Recording.About(ctx)
	if err != nil {
		return nil, err
	}
	return &Player{
		opts: opts, about: about, wake: make(chan struct{}), state: Playing, speed: opts.Speed, seek: max(opts.From, 0),
		status: Status{Position: max(opts.From, 0)},
	}, nil
}

func checkSpeed(speed float64) error {
	if speed != 0 && !(speed >= MinSpeed && speed <= MaxSpeed) {
		return fmt.Errorf("%w: not %v", ErrSpeed, speed)
	}
	return nil
}

// change changes the state under the lock and wakes Run.
func (p *Player) change(do func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	do()
	close(p.wake)
	p.wake = make(chan struct{})
}

// Pause stops between two events; Resume goes on.
func (p *Player) Pause() {
	p.change(func() {
		if p.state == Playing {
			p.state = Paused
		}
	})
}

// Resume goes on after Pause.
func (p *Player) Resume() {
	p.change(func() {
		if p.state == Paused {
			p.state = Playing
		}
	})
}

// Seek goes on at another place, counted from the recording's begin. What came before it is the past for the rules, and the
// report begins anew. It has no effect once it is over.
func (p *Player) Seek(to time.Duration) {
	p.change(func() { p.seek = max(to, 0) })
}

// SetSpeed changes the speed. The error is ErrSpeed.
func (p *Player) SetSpeed(speed float64) error {
	if err := checkSpeed(speed); err != nil {
		return err
	}
	p.change(func() { p.speed = speed })
	return nil
}

// Speed is how fast it is played, 0 for as fast as can be.
func (p *Player) Speed() float64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.speed
}

// Status tells how the replay stands.
func (p *Player) Status() Status {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.status
	s.About, s.State, s.Speed, s.Report = p.about, p.state, p.speed, p.status.Report.clone()
	return s
}

// Run plays until the recording is over, ctx ends, or OnMoment returns an error.
func (p *Player) Run(ctx context.Context) error {
	for {
		p.mu.Lock()
		from := max(p.seek, 0)
		p.seek = -1
		p.status.Position, p.status.Played, p.status.Report, p.status.IsSeeking = from, 0, Report{}, from > 0
		p.mu.Unlock()
		isOver, err := p.playFrom(ctx, from)
		if err != nil {
			return err
		}
		if !isOver {
			continue
		}
		p.mu.Lock()
		isOver = p.seek < 0
		if isOver {
			p.state, p.status.IsSeeking = Over, false
		}
		p.mu.Unlock()
		if isOver {
			return nil
		}
	}
}

// errSeek says that it goes on elsewhere.
var errSeek = errors.New("it goes on elsewhere")

// passage is one way through the recording from its begin.
type passage struct {
	stage  *Stage
	from   time.Duration
	begun  time.Time
	offset time.Duration
	// hasPlayed says that the last item was played, and not skipped.
	hasPlayed bool
}

// playFrom plays what comes from a place on. isOver is false where it goes on elsewhere.
func (p *Player) playFrom(ctx context.Context, from time.Duration) (isOver bool, err error) {
	way := &passage{stage: NewStage(p.opts.Rules), from: from}
	for after := int64(0); ; {
		items, next, err := p.opts.Recording.Read(ctx, after, readAtOnce)
		if err != nil {
			return false, err
		}
		for _, item := range items {
			err := p.playItem(ctx, way, item)
			if errors.Is(err, errSeek) {
				return false, nil
			}
			if err != nil {
				return false, err
			}
		}
		if after = next; after == 0 {
			return true, nil
		}
	}
}

func (p *Player) playItem(ctx context.Context, way *passage, item Item) error {
	if way.begun.IsZero() {
		way.begun = item.At
	}
	gap := max(item.At.Sub(way.begun)-way.offset, 0) // a clock may have been set back
	way.offset += gap
	item.At = way.begun.Add(way.offset)
	if way.offset < way.from {
		way.stage.Skip(item)
		p.passed(way.offset, false)
		return p.hold(ctx, 0)
	}
	if !way.hasPlayed {
		gap = way.offset - way.from
		p.arrived()
	}
	way.hasPlayed = true
	if err := p.hold(ctx, min(gap, maxSilence)); err != nil {
		return err
	}
	for _, m := range way.stage.Play(item) {
		m.Offset = m.At.Sub(way.begun)
		p.mu.Lock()
		p.status.Report.add(m)
		p.mu.Unlock()
		if p.opts.OnMoment == nil {
			continue
		}
		if err := p.opts.OnMoment(ctx, m); err != nil {
			return err
		}
	}
	p.passed(way.offset, true)
	return nil
}

// arrived notes that what follows is played.
func (p *Player) arrived() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status.IsSeeking = false
}

// passed notes how far it has come.
func (p *Player) passed(offset time.Duration, isPlayed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status.Played++
	if isPlayed {
		p.status.Position = offset
	}
}

// hold waits as long as gap of the recording takes at the speed that it is played with, and while it is paused.
func (p *Player) hold(ctx context.Context, gap time.Duration) error {
	left := float64(gap)
	for {
		p.mu.Lock()
		state, speed, wake, isSeek := p.state, p.speed, p.wake, p.seek >= 0
		p.mu.Unlock()
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case isSeek:
			return errSeek
		case state == Paused:
			select {
			case <-ctx.Done():
			case <-wake:
			}
			continue
		case speed == 0 || left <= 0:
			return nil
		}
		begun := time.Now()
		timer := time.NewTimer(time.Duration(left / speed))
		select {
		case <-timer.C:
			return nil
		case <-wake:
			left -= float64(time.Since(begun)) * speed
		case <-ctx.Done():
		}
		timer.Stop()
	}
}
