package sound

const (
	// ceiling is the loudest sample that leaves the mixer, -0.26 dBFS: a converter overshoots a little between samples.
	ceiling = 0.97
	// lookahead is how many frames the limiter sees before it must act, 1.5 ms.
	lookahead = 64
	// release is how much of the way back to full gain is made with each frame: the time constant is 150 ms.
	release = 1.0 / (0.150 * Rate)
)

// limiter turns the sum of the voices down where it would clip. It delays by the window, so that the gain is down
// before the peak arrives: what it puts out never exceeds ceiling, and what stays below is passed on unchanged.
//
// For each frame it takes the gain that its peak needs, holds the least of a window, lets that rise slowly, and averages
// over the window. Every value averaged knows the peak that leaves now, so the average cannot exceed what the peak needs.
type limiter struct {
	frames [lookahead][2]float32
	needs  [lookahead]float64
	gains  [lookahead]float64
	at     int
	gain   float64
	sum    float64
}

func newLimiter() *limiter {
	l := &limiter{gain: 1, sum: lookahead}
	for i := range l.needs {
		l.needs[i], l.gains[i] = 1, 1
	}
	return l
}

// next takes a frame and returns the oldest of the window.
func (l *limiter) next(in [2]float32) [2]float32 {
	need := 1.0
	if peak := float64(max(abs(in[0]), abs(in[1]))); peak > ceiling {
		need = ceiling / peak
	}
	l.frames[l.at], l.needs[l.at] = in, need

	l.gain = min(l.least(), l.gain+(1-l.gain)*release)
	l.sum += l.gain - l.gains[l.at]
	l.gains[l.at] = l.gain
	l.at = (l.at + 1) % lookahead

	out, gain := l.frames[l.at], float32(min(l.sum/lookahead, 1))
	return [2]float32{bound(out[0] * gain), bound(out[1] * gain)}
}

// least returns the smallest gain that a frame of the window needs.
func (l *limiter) least() float64 {
	least := 1.0
	for _, need := range &l.needs {
		least = min(least, need)
	}
	return least
}

// bound catches what rounding leaves above the ceiling.
func bound(v float32) float32 { return max(-ceiling, min(ceiling, v)) }

func abs(v float32) float32 { return max(v, -v) }
