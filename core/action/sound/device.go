package sound

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// Rate is the sample rate of everything that is mixed, in frames a second: that of most sound files, so that few need
// resampling.
const Rate = 44100

// BufferSize is how much sound lies between the mixer and the loudspeaker.
const BufferSize = 20 * time.Millisecond

// Device is the way to the loudspeakers.
type Device interface {
	// Play opens the device afresh and pulls sound from out, in real time, until ctx ends or the device fails. It returns
	// promptly once ctx ends, leaves nothing behind, and does not call out afterwards. The error says what the device said.
	Play(ctx context.Context, out Output) error
}

// Output is what a Device plays.
type Output interface {
	// Fill writes the next stereo frames, each value from -1 to 1. It never blocks for long.
	Fill(frames [][2]float32)
	// Played tells how many frames the device has played since Play began. A device that cannot know counts only those
	// that must have left its buffers: silence that is never heard must not count.
	Played(frames int64)
}

const (
	// openLimit is how long a device may take from Play to the first movement of its position.
	openLimit = 5 * time.Second
	// stallLimit is how long the position may stand still: a sound server that is restarted gives no error.
	stallLimit = time.Second
	// watchEvery is how often the position is looked at.
	watchEvery = 100 * time.Millisecond
)

// errStill is the end of a session whose position stopped moving.
var errStill = errors.New("the device takes no sound")

// session is one opening of the device. It is the Output that the device sees.
type session struct {
	mixer    *Mixer
	position atomic.Int64
}

func (s *session) Fill(frames [][2]float32) { s.mixer.fill(frames) }

func (s *session) Played(frames int64) {
	if frames > s.position.Load() {
		s.position.Store(frames)
		s.mixer.played(frames)
	}
}

// play opens the device once, and returns when it is lost or ctx ends.
func (m *Mixer) play(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &session{mixer: m}
	done := make(chan error, 1)
	// Ends with the device's Play, which cancel stops; both ways out of this function wait for it.
	go func() { done <- m.device.Play(ctx, s) }()

	watch := time.NewTicker(watchEvery)
	defer watch.Stop()
	last, since := int64(0), time.Now()
	for {
		select {
		case err := <-done:
			if err == nil && ctx.Err() == nil {
				err = errors.New("the device ended")
			}
			return err
		case <-watch.C:
		}
		if now := s.position.Load(); now != last {
			last, since = now, time.Now()
			continue
		}
		if limit := stallOrOpen(last); time.Since(since) >= limit {
			cancel()
			m.log.Debug("the device stood still and was ended", "error", <-done)
			return errStill
		}
	}
}

func stallOrOpen(position int64) time.Duration {
	if position == 0 {
		return openLimit
	}
	return stallLimit
}
