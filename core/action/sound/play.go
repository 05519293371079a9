package sound

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/livecue/livecue/core/action"
)

// openWait is how long a sound waits for the first word about the device.
const openWait = openLimit + time.Second

// Do plays the sound of the job once: it waits for a free voice, and returns as soon as the device has played the first
// samples, so that the runs of a job, and the jobs of a lane, overlap up to the number of voices. A sound that StopAll
// silences before it is heard is Rejected.
//
// The error is a *FileError, which is permanent unless decoding was merely too slow, or wraps ErrNoDevice or the error of ctx.
func (m *Mixer) Do(ctx context.Context, job action.Job) (action.Outcome, error) {
	if job.Spec.Sound == nil {
		return action.Outcome{}, action.Permanent(errors.New("the job has no sound"))
	}
	err := m.Preview(ctx, *job.Spec.Sound)
	switch {
	case errors.Is(err, ErrStopped):
		return action.Outcome{State: action.Rejected, Reply: err.Error()}, nil
	case err != nil:
		return action.Outcome{}, err
	default:
		return action.Outcome{State: action.Done}, nil
	}
}

// Preview plays a sound once, as Do does. One that StopAll silences before it is heard gives ErrStopped.
func (m *Mixer) Preview(ctx context.Context, s action.Sound) error {
	clip, err := m.library.get(ctx, s.File)
	if err != nil {
		return err
	}
	if err := m.awaitDevice(ctx); err != nil {
		return err
	}
	v := newVoice(clip, s.Volume)
	if err := m.enqueue(v); err != nil {
		return err
	}
	select {
	case err := <-v.result:
		return err
	case <-ctx.Done():
		m.withdraw(v)
		return fmt.Errorf("play sound %q: %w", s.File, ctx.Err())
	}
}

// StopAll silences everything within 5 ms, sounds that wait for a voice included.
func (m *Mixer) StopAll() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, v := range m.waiting {
		v.settle(ErrStopped)
	}
	m.waiting = nil
	for _, v := range m.voices {
		v.stop()
	}
	m.forget()
}

// stop fades the voice out. mu is held.
func (v *voice) stop() {
	v.settle(ErrStopped)
	switch {
	case v.began < 0:
		v.fade = 0
	case v.fade < 0:
		v.fade = fadeFrames
	}
}

// awaitDevice returns nil while a device plays. At the start, when nobody knows yet, it waits a little.
func (m *Mixer) awaitDevice(ctx context.Context) error {
	patience := time.NewTimer(openWait)
	defer patience.Stop()
	for {
		m.mu.Lock()
		state, changed, down := m.state, m.changed, m.down
		m.mu.Unlock()
		switch state {
		case playing:
			return nil
		case broken, closed:
			return down
		}
		select {
		case <-changed:
		case <-patience.C:
			return fmt.Errorf("%w: the sound device did not open in time", ErrNoDevice)
		case <-ctx.Done():
			return fmt.Errorf("wait for the sound device: %w", ctx.Err())
		}
	}
}

// enqueue puts a voice into the line, unless the device went away in the meantime.
func (m *Mixer) enqueue(v *voice) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.state != playing {
		return m.down
	}
	m.waiting = append(m.waiting, v)
	m.admit()
	return nil
}

// withdraw takes back a voice that nobody waits for any more, so that it is not heard when its job is tried again.
func (m *Mixer) withdraw(v *voice) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.waiting = slices.DeleteFunc(m.waiting, func(w *voice) bool { return w == v })
	v.stop()
	m.forget()
}
