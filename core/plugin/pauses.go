package plugin

import (
	"time"

	"github.com/cenkalti/backoff/v5"
)

// pace are the times of the plugins' lives.
type pace struct {
	// steady is how long a run must last for the failures before it to be forgotten.
	steady time.Duration
	// first and most are the shortest and longest pause before a plugin is started again, seldom that of a failing one.
	first, most, seldom time.Duration
	// patience is how long a plugin that was asked to end may take.
	patience time.Duration
	// linger is how long the output of one that has ended is waited for: what it left behind may hold it open.
	linger time.Duration
}

func usual() pace {
	return pace{
		steady: 30 * time.Second, first: time.Second, most: time.Minute, seldom: 5 * time.Minute, patience: 5 * time.Second, linger: time.Second,
	}
}

// failsUntilFailing is how many short runs in a row make a plugin a failing one.
const failsUntilFailing = 5

// pauses say how long to wait after a failure.
type pauses struct {
	pace   pace
	short  int // runs in a row that were
	growth *backoff.ExponentialBackOff
}

func newPauses(p pace) *pauses {
	growth := backoff.NewExponentialBackOff()
	growth.InitialInterval, growth.MaxInterval, growth.Multiplier = p.first, p.most, 2
	growth.RandomizationFactor = 0.2 // so that plugins that failed together do not start together
	return &pauses{pace: p, growth: growth}
}

// after returns how long to wait after a run that lasted so long and failed, and whether the plugin is failing.
func (p *pauses) after(ran time.Duration) (time.Duration, bool) {
	if ran >= p.pace.steady {
		p.forget()
		return p.growth.NextBackOff(), false
	}
	if p.short++; p.short >= failsUntilFailing {
		return p.pace.seldom, true
	}
	return p.growth.NextBackOff(), false
}

// forget lets the next failure be the first.
func (p *pauses) forget() {
	p.short = 0
	p.growth.Reset()
}
