package main

import (
	"math"
	"math/rand/v2"
)

// chimeBar and bellBody ring as metal does: their partials are no multiples of each other.
var (
	chimeBar = []partial{{1, 1, 0.28}, {2.76, 0.35, 0.13}, {5.4, 0.14, 0.06}}
	bellBody = []partial{
		{0.5, 0.35, 0.5}, {1, 0.9, 0.38}, {1.19, 0.4, 0.3}, {1.5, 0.25, 0.25}, {2, 0.6, 0.22}, {2.74, 0.25, 0.13}, {3.76, 0.15, 0.08},
	}
	toyBar = []partial{{1, 1, 0.12}, {2, 0.3, 0.09}, {3, 0.22, 0.06}, {4, 0.08, 0.05}}
)

// noise returns white noise that is the same in each run.
func noise(seed uint64) func() float64 {
	r := rand.New(rand.NewPCG(seed, 20))
	return func() float64 { return 2*r.Float64() - 1 }
}

// chime is three bars, upwards, that ring together.
func chime(t *tape) {
	for i, n := range []float64{c6, e6, g6} {
		t.strike(0.09*float64(i), note(n), 1, chimeBar)
	}
}

// bell is a hand bell, struck once.
func bell(t *tape) { t.strike(0, note(c6), 1, bellBody) }

// coin is the short note and the long one of a coin that was found.
func coin(t *tape) {
	t.strike(0, note(b5), 0.8, []partial{{1, 1, 0.05}, {3, 0.25, 0.03}, {5, 0.1, 0.02}})
	t.strike(0.075, note(e6), 1, []partial{{1, 1, 0.14}, {3, 0.25, 0.09}, {5, 0.1, 0.05}})
}

// levelUp runs up a chord.
func levelUp(t *tape) {
	for i, n := range []float64{c5, e5, g5, c6, e6, g6} {
		t.strike(0.07*float64(i), note(n), 0.8, toyBar)
	}
	t.strike(0.42, note(c7), 1, toyBar)
}

// pop is a drop whose pitch leaps up.
func pop(t *tape) {
	phase := 0.0
	t.add(0, 0.3, func(s float64) float64 {
		hz := 320 + 900*(1-math.Exp(-s/0.025))
		phase += 2 * math.Pi * hz / rate
		return pluck(s, 0.003, 0.035) * math.Sin(phase)
	})
}

// boing is a spring: its pitch wobbles around a note that rises, ever less.
func boing(t *tape) {
	phase := 0.0
	t.add(0, 0.7, func(s float64) float64 {
		wobble := 0.45 * math.Exp(-s/0.25) * math.Sin(2*math.Pi*13*s)
		phase += 2 * math.Pi * 190 * (1 + 0.6*s) * (1 + wobble) / rate
		sound := math.Sin(phase) + 0.35*math.Sin(2*phase) + 0.2*math.Sin(3*phase)
		return sound * pluck(s, 0.004, 0.22)
	})
}

// whoosh is a gust that passes by.
func whoosh(t *tape) {
	air, filter := noise(1), &band{}
	const length = 0.7
	t.add(0, length, func(s float64) float64 {
		arc := math.Sin(math.Pi * math.Pow(s/length, 0.8))
		return arc * arc * filter.next(air(), 350+2600*arc*arc, 0.35)
	})
}

// drumRoll is a snare whose strokes grow, and one stroke to end it.
func drumRoll(t *tape) {
	const strokes, stroke = 22, 0.042
	const roll = strokes * stroke
	for i := range strokes {
		at := float64(i) * stroke
		level := 0.3 + 0.6*math.Pow(at/roll, 1.5)
		if i%2 == 1 {
			level *= 0.85 // the weaker hand
		}
		snare(t, uint64(i), at, level, 0.045)
	}
	snare(t, 99, roll+0.03, 1, 0.08)
	t.strike(roll+0.03, 95, 0.6, []partial{{1, 1, 0.09}, {1.6, 0.4, 0.05}})
}

// snare is one stroke: the skin's two notes and the rattle below it.
func snare(t *tape, seed uint64, at, level, decay float64) {
	rattle, filter := noise(seed), &band{}
	t.add(at, decay*6, func(s float64) float64 {
		skin := 0.5*math.Sin(2*math.Pi*185*s) + 0.3*math.Sin(2*math.Pi*330*s)
		return level * (skin*pluck(s, 0.001, decay*0.6) + 0.8*filter.next(rattle(), 3200, 0.9)*pluck(s, 0.001, decay))
	})
}

// fanfare is three short notes and a long chord.
func fanfare(t *tape) {
	steady := func(n float64) func(float64) float64 {
		return func(s float64) float64 { return note(n) * (1 + 0.003*math.Sin(2*math.Pi*5.5*s)) }
	}
	for i := range 3 {
		t.blow(0.13*float64(i), 0.11, 0.8, steady(c5))
	}
	for _, n := range []float64{c5, e5, g5} {
		t.blow(0.42, 0.85, 0.55, steady(n))
	}
}

// fail is a muted trombone that walks down and gives up.
func fail(t *tape) {
	for i, n := range []float64{bb3, a3, ab3} {
		t.blow(0.25*float64(i), 0.23, 0.8, func(s float64) float64 { return note(n) * (1 - 0.02*math.Exp(-s/0.03)) })
	}
	t.blow(0.75, 0.74, 0.9, func(s float64) float64 {
		wail := 0.025 * min(1, s/0.2) * math.Sin(2*math.Pi*6*s)
		return note(g3) * (1 + wail) * math.Pow(2, -s*s*5/12)
	})
}
