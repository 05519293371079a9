package main

import "math"

// tape is what is recorded on, from the beginning to the end of a sound.
type tape struct {
	samples []float64
}

func newTape(seconds float64) *tape {
	return &tape{samples: make([]float64, int(seconds*rate))}
}

// add records a sound of so many seconds from a time on; wave gets the seconds since then. What goes beyond the end is lost.
func (t *tape) add(at, seconds float64, wave func(since float64) float64) {
	from := int(at * rate)
	for i := range int(seconds * rate) {
		if from+i >= len(t.samples) {
			return
		}
		t.samples[from+i] += wave(float64(i) / rate)
	}
}

// note returns the frequency that lies so many semitones above A4.
func note(semitones float64) float64 { return 440 * math.Pow(2, semitones/12) }

// The notes that the sounds use, in semitones above A4.
const (
	bb3, a3, ab3, g3 = -11, -12, -13, -14
	c5, e5, g5, b5   = 3, 7, 10, 14
	c6, e6, g6, c7   = 15, 19, 22, 27
)

// pluck is an envelope: up in attack seconds, then down to a third every decay seconds.
func pluck(since, attack, decay float64) float64 {
	if since < attack {
		return since / attack
	}
	return math.Exp(-(since - attack) / decay)
}

// hold is an envelope for blown notes: up, level, and down again within length seconds.
func hold(since, attack, length, fall float64) float64 {
	return max(0, min(1, since/attack, (length-since)/fall))
}

// partial is one sine of a sound: its frequency as a multiple of the note's, its level, and its decay in seconds.
type partial struct{ ratio, level, decay float64 }

// strike rings a body that is made of partials.
func (t *tape) strike(at, hz, level float64, body []partial) {
	for _, p := range body {
		t.add(at, p.decay*7, func(s float64) float64 {
			return level * p.level * pluck(s, 0.002, p.decay) * math.Sin(2*math.Pi*hz*p.ratio*s)
		})
	}
}

// blow plays a brass-like note: harmonics that get weaker, and brighter at the beginning. pitch gives the frequency over time.
func (t *tape) blow(at, length, level float64, pitch func(since float64) float64) {
	phase := 0.0
	t.add(at, length, func(s float64) float64 {
		phase += 2 * math.Pi * pitch(s) / rate
		bright := 1.3 + 0.8*math.Exp(-s/0.12)
		sum := 0.0
		for h := 1.0; h <= 10; h++ {
			sum += math.Sin(h*phase) / math.Pow(h, 3/bright)
		}
		return level * sum * hold(s, 0.025, length, 0.06)
	})
}

// band is a resonant filter that lets a band of frequencies through (a state variable filter, after Chamberlin).
type band struct{ low, mid float64 }

// next filters one sample around hz; a smaller damping makes a narrower band.
func (b *band) next(in, hz, damping float64) float64 {
	f := 2 * math.Sin(math.Pi*hz/rate)
	b.low += f * b.mid
	b.mid += f * (in - b.low - damping*b.mid)
	return b.mid
}
