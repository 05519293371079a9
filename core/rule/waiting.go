package rule

import (
	"time"

	"github.com/livecue/livecue/core/action"
)

// Waiting says how jobs wait for their turn. The zero value lets them go as they come, and wait for ever.
type Waiting struct {
	// ByCoins lets jobs with more coins go first, among those of rules with one priority.
	ByCoins bool
	// MaxWait is how long after it is due a job is still worth doing, where its rule does not say; 0 is for ever.
	MaxWait time.Duration
	// SoundMaxWait and SpeechMaxWait bound the wait of sounds and of speech further; 0 is no bound.
	SoundMaxWait, SpeechMaxWait time.Duration
}

// levelStep is between two rules' priorities: no number of coins reaches it.
const levelStep = 1 << 40

// priority returns the Priority of a job of r that coins have set off. That of a normal rule is 0 without coins, so that
// jobs keep their places when ByCoins is switched.
func (w Waiting) priority(r Rule, coins int) int64 {
	var p int64
	switch r.Priority {
	case PriorityHigh:
		p = levelStep
	case PriorityLow:
		p = -levelStep
	}
	if w.ByCoins {
		p += min(max(int64(coins), 0), levelStep-1)
	}
	return p
}

// longest returns how long after it is due an action of r is worth doing; 0 is for ever.
func (w Waiting) longest(r Rule, kind action.Kind) time.Duration {
	wait := w.MaxWait
	if r.MaxWait > 0 {
		wait = r.MaxWait.Std()
	}
	bound := time.Duration(0)
	switch kind {
	case action.KindSound:
		bound = w.SoundMaxWait
	case action.KindSpeech:
		bound = w.SpeechMaxWait
	}
	if bound > 0 && (wait <= 0 || bound < wait) {
		wait = bound
	}
	return min(wait, maxTotalDelay)
}
