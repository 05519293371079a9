package source

import (
	"math/rand/v2"
	"time"

	"github.com/livecue/livecue/core/event"
)

// growth is how much longer each wait for a live is than the one before.
const growth = 1.5

// Pace says how long a Supervisor waits before it tries again. The zero value is the defaults, which are polite to TikTok
// and to a free signer; scale it down for rehearsals.
type Pace struct {
	// RetryFirst and RetryMax bound the wait after a failure, which doubles each time: 1 s and 30 s.
	// While the streamer is live, every second away is gifts that may never be told.
	RetryFirst, RetryMax time.Duration
	// RefusedFirst is the least wait after a refusal or a failure on the other side, where haste makes it worse: 10 s.
	RefusedFirst time.Duration
	// LiveFirst and LiveMax bound the growing wait between two looks whether the streamer is live: 15 s and 2 min.
	LiveFirst, LiveMax time.Duration
	// RateLimit is the wait after being rate limited by someone who did not say for how long: 1 min.
	RateLimit time.Duration
	// HeldAfter is how long a connection must last for the waits to begin anew: 10 s.
	HeldAfter time.Duration
}

// withDefaults fills in what is zero.
func (p Pace) withDefaults() Pace {
	for _, d := range []struct {
		field *time.Duration
		value time.Duration
	}{
		{&p.RetryFirst, time.Second},
		{&p.RetryMax, 30 * time.Second},
		{&p.RefusedFirst, 10 * time.Second},
		{&p.LiveFirst, 15 * time.Second},
		{&p.LiveMax, 2 * time.Minute},
		{&p.RateLimit, time.Minute},
		{&p.HeldAfter, 10 * time.Second},
	} {
		if *d.field <= 0 {
			*d.field = d.value
		}
	}
	return p
}

// retry is the wait before attempt, which counts from 1. jitter is from 0 to 1. Where a connection was made, however
// short, the way in is open, and gifts may be passing by: the wait grows to a quarter only.
func (p Pace) retry(attempt int, code event.CauseCode, wasUp bool, jitter float64) time.Duration {
	wait := p.RetryFirst
	for i := 1; i < attempt && wait < p.RetryMax; i++ {
		wait *= 2
	}
	if wasUp {
		return spread(min(wait, max(p.RetryMax/4, p.RetryFirst)), jitter)
	}
	switch code {
	case event.CauseBlocked, event.CauseService, event.CauseProtocol, event.CauseCertificate, event.CauseAgeRestricted:
		wait = max(wait, p.RefusedFirst)
	}
	return spread(min(wait, max(p.RetryMax, p.RefusedFirst)), jitter)
}

// live is the wait before the next look, after looks that found no live.
func (p Pace) live(looks int, jitter float64) time.Duration {
	wait := p.LiveFirst
	for i := 0; i < looks && wait < p.LiveMax; i++ {
		wait = time.Duration(float64(wait) * growth)
	}
	return spread(min(wait, p.LiveMax), jitter)
}

// spread moves wait by up to a fifth either way, so that many clients that fell together do not come back together.
func spread(wait time.Duration, jitter float64) time.Duration {
	return time.Duration(float64(wait) * (0.8 + 0.4*jitter))
}

// jitterSource returns random, or a real source of chance where it is nil.
func jitterSource(random func() float64) func() float64 {
	if random != nil {
		return random
	}
	return rand.Float64
}
