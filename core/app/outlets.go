package app

import (
	"context"
	"strings"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/program"
	"github.com/livecue/livecue/core/action/sound"
	"github.com/livecue/livecue/core/action/speech"
	"github.com/livecue/livecue/core/action/web"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/queue"
)

// The lanes of what needs no connection that is kept.
const (
	// webLanes stands for the lanes of all requests, of which each server has one: action.WebLane and its name.
	webLanes    = "http"
	programLane = "program"
	speechLane  = "speech"
)

// outlets are the targets of those lanes.
type outlets struct {
	web      *web.Client
	programs *program.Runner
	speaker  *speech.Speaker
}

func newOutlets(mixer *sound.Mixer, opts Options) outlets {
	return outlets{
		web:      web.New(web.Options{Log: opts.Log}),
		programs: &program.Runner{Log: opts.Log},
		speaker:  speech.New(mixer, speechSettings(opts.Profile.Speech), opts.Log),
	}
}

// outlet returns the target of a lane, if it is one of these.
func (o outlets) outlet(lane string) (action.Action, bool) {
	switch {
	case isWebLane(lane):
		return o.web, true
	case lane == programLane:
		return o.programs, true
	case lane == speechLane:
		return o.speaker, true
	default:
		return nil, false
	}
}

// applySpeech brings speech, and how the lanes let their jobs go, in line with the profile.
func (a *App) applySpeech(p profile.Profile) {
	a.speaker.Set(speechSettings(p.Speech))
	a.queue.SetPolicy(speechLane, queue.Policy{
		TakeTurns: p.Queue.TakeTurns, PerMinute: p.Speech.PerMinute, PerViewer: p.Speech.PerViewer,
	})
	a.queue.SetPolicy(programLane, queue.Policy{TakeTurns: p.Queue.TakeTurns})
}

func isWebLane(lane string) bool { return strings.HasPrefix(lane, action.WebLane) }

// applyWeb brings the lanes of requests in line with the rules. One comes to be with its first request, and is no more once no rule
// names its server and nothing waits in it.
func (a *App) applyWeb(p profile.Profile) {
	named := map[string]bool{}
	for _, r := range p.Rules {
		action.Each(r.Actions, func(s *action.Spec) {
			if s.HTTP != nil {
				named[s.Lane()] = true
			}
		})
	}
	for lane := range named {
		a.queue.SetPolicy(lane, queue.Policy{TakeTurns: p.Queue.TakeTurns})
	}
	for _, l := range a.queue.Lanes() {
		if isWebLane(l.Lane) && !named[l.Lane] {
			a.queue.Forget(l.Lane)
		}
	}
}

func speechSettings(s profile.Speech) speech.Settings {
	return speech.Settings{Voice: s.Voice, Rate: s.Rate, Volume: s.Volume, MaxLength: s.MaxLength}.Block(s.Blocked)
}

// speechMaxWait is how long a text may wait for its turn.
func speechMaxWait(s profile.Speech) time.Duration {
	if s.MaxWait == 0 {
		return 2 * time.Minute
	}
	return s.MaxWait.Std()
}

// Voices returns the voices of the system, in its order. The error wraps speech.ErrNoProgram when it has nothing to speak with, and
// then says what to install. It may take a second. Where there are voices, texts that waited for one are read.
func (a *App) Voices(ctx context.Context) ([]speech.Voice, error) {
	voices, err := a.speaker.Voices(ctx)
	if err == nil {
		a.queue.Retry(speechLane)
	}
	return voices, err
}

// PreviewSpeech reads a text aloud outside the queue, with the fields put in and cleaned as a viewer's text is, in the profile's voice
// unless it has its own, and returns when it is over. StopSounds and PanicStop give speech.ErrStopped; an empty text gives
// speech.ErrNothing.
func (a *App) PreviewSpeech(ctx context.Context, s action.Speech, f action.Fields) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(a.life, cancel)() //nolint:contextcheck // it ends with the program
	return a.speaker.Preview(ctx, s, f)
}
