package speech

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"runtime"
	"sync"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/sound"
)

var (
	// ErrStopped is why Preview ended when Stop silenced a text before it was heard.
	ErrStopped = errors.New("stopped before it was heard")
	// ErrNothing says that a text has nothing but links, emoji and blocked words.
	ErrNothing = errors.New("nothing is left of the text that could be said")
)

// Player plays what a speech program hands out. A sound.Mixer is one.
type Player interface {
	// PlayOut plays a WAV and returns when it is over; see sound.Mixer.
	PlayOut(ctx context.Context, data []byte, volume int) error
}

// Speaker reads texts aloud, one at a time. Its methods may be called from any goroutine.
type Speaker struct {
	player Player
	log    *slog.Logger
	// system is the name of the operating system as Go has it; tests have others.
	system string
	// turn is taken by the text that is spoken.
	turn chan struct{}

	mu       sync.Mutex
	settings Settings
	// life ends with Stop, which begins another.
	life context.Context
	end  context.CancelCauseFunc
}

// New returns a speaker. A nil log is nowhere.
func New(player Player, s Settings, log *slog.Logger) *Speaker {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	sp := &Speaker{player: player, log: log, system: runtime.GOOS, turn: make(chan struct{}, 1), settings: s}
	sp.life, sp.end = context.WithCancelCause(context.Background())
	return sp
}

// Set changes how texts are read from the next on.
func (s *Speaker) Set(settings Settings) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settings = settings
}

// Stop silences what is spoken, and what waits for its turn.
func (s *Speaker) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end(ErrStopped)
	s.life, s.end = context.WithCancelCause(context.Background())
}

// Voices returns what the system has, in its order. The error wraps ErrNoProgram when it has nothing to speak with, and then says
// what to install.
func (s *Speaker) Voices(ctx context.Context) ([]Voice, error) {
	e, err := findEngine(s.system)
	if err != nil {
		return nil, err
	}
	all, err := e.voices(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the voices: %w", err)
	}
	return all, nil
}

// Do reads the text of the job once and returns when it has been said. The reply is what was said. A text of which nothing is left
// once it is clean is Rejected, and so is one that Stop silences before it is heard. One that is cut off later is Done if that was the
// user's wish, and otherwise Unknown.
//
// Without a speech program the error is Blocked and wraps ErrNoProgram; without a sound device it wraps sound.ErrNoDevice.
func (s *Speaker) Do(ctx context.Context, job action.Job) (action.Outcome, error) {
	spec := job.Spec.Speech
	if spec == nil {
		return action.Outcome{}, action.Permanent(errors.New("the job has nothing to say"))
	}
	s.mu.Lock()
	settings := s.settings
	s.mu.Unlock()
	text := settings.Text(spec.Text, job.Fields)
	if text == "" {
		return action.Outcome{State: action.Rejected, Reply: ErrNothing.Error()}, nil
	}
	err := s.say(ctx, settings.with(*spec).utterance(text))
	switch {
	case err == nil:
		return action.Outcome{State: action.Done, Reply: text}, nil
	case isCut(err) && errors.Is(err, ErrStopped):
		return action.Outcome{State: action.Done, Reply: "stopped: " + text}, nil
	case isCut(err):
		return action.Outcome{State: action.Unknown, Reply: err.Error()}, nil
	case errors.Is(err, ErrStopped):
		return action.Outcome{State: action.Rejected, Reply: ErrStopped.Error()}, nil
	default:
		return action.Outcome{}, err
	}
}

// Preview reads a text with fields in it, cleaned as a viewer's is, outside the queue and after what is spoken now. One that Stop
// silences gives ErrStopped, one of which nothing is left ErrNothing.
func (s *Speaker) Preview(ctx context.Context, spec action.Speech, f action.Fields) error {
	s.mu.Lock()
	settings := s.settings
	s.mu.Unlock()
	text := settings.Text(spec.Text, f)
	if text == "" {
		return ErrNothing
	}
	return s.say(ctx, settings.with(spec).utterance(text))
}

// with returns the settings with the voice and the rate of an action, where it has its own.
func (s Settings) with(spec action.Speech) Settings {
	if spec.Voice != "" {
		s.Voice = spec.Voice
	}
	if spec.Rate != 0 {
		s.Rate = spec.Rate
	}
	return s
}

func (s Settings) utterance(text string) utterance {
	u := utterance{text: text, voice: s.Voice, rate: s.Rate, volume: s.Volume}
	if u.rate <= 0 {
		u.rate = 100
	}
	if u.volume <= 0 || u.volume > 100 {
		u.volume = 100
	}
	return u
}

func isCut(err error) bool { return errors.Is(err, sound.ErrCut) || errors.Is(err, errCut) }

// say speaks when its turn comes. The error wraps ErrStopped when Stop was called, or the stop of all sounds.
func (s *Speaker) say(ctx context.Context, u utterance) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s.mu.Lock()
	life := s.life
	s.mu.Unlock()
	defer context.AfterFunc(life, func() { cancel(ErrStopped) })() //nolint:contextcheck // it ends with the program

	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return fmt.Errorf("wait to speak: %w", context.Cause(ctx))
	}
	e, err := findEngine(s.system)
	if err != nil {
		return action.Blocked(err)
	}
	err = s.sayWith(ctx, e, u)
	if err != nil && (errors.Is(context.Cause(ctx), ErrStopped) || errors.Is(err, sound.ErrStopped)) {
		return fmt.Errorf("%w: %w", ErrStopped, err)
	}
	return err
}

// sayWith lets the engine speak. A voice that this system does not have is no reason to say nothing.
func (s *Speaker) sayWith(ctx context.Context, e engine, u utterance) error {
	play := func(wav []byte) error { return s.player.PlayOut(ctx, wav, u.volume) }
	err := e.say(ctx, u, play)
	var exit *exec.ExitError
	if errors.As(err, &exit) && u.voice != "" && ctx.Err() == nil {
		s.log.Info("the speech program did not speak, and is asked for its own voice", "voice", u.voice, "error", err)
		u.voice = ""
		err = e.say(ctx, u, play)
	}
	switch {
	case err == nil:
		return nil
	case ctx.Err() == nil && (errors.As(err, &exit) || errors.Is(err, context.DeadlineExceeded) && !isCut(err)):
		return action.Permanent(fmt.Errorf("speak: %w", err)) // the program's own trouble: the next text may fare better
	default:
		return fmt.Errorf("speak: %w", err)
	}
}
