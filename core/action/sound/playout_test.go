package sound

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livecue/livecue/core/action"
)

// TestPlayOut begins each time when the device has played for a second; sineWAV is half a second long.
func TestPlayOut(t *testing.T) {
	tests := []struct {
		name   string
		device func(context.Context, Output) error
		// after is when meddle is called, from the beginning of the sound.
		after  time.Duration
		meddle func(*Mixer, context.CancelFunc)
		want   []error
		took   time.Duration
	}{
		{"to its end", plays(always, hangs), 0, nil, nil, 500 * time.Millisecond},
		{"stopped", plays(always, hangs), 200 * time.Millisecond, func(m *Mixer, _ context.CancelFunc) { m.StopAll() }, []error{ErrCut, ErrStopped}, 200 * time.Millisecond},
		{"given up", plays(always, hangs), 200 * time.Millisecond, func(_ *Mixer, cancel context.CancelFunc) { cancel() }, []error{ErrCut, context.Canceled}, 200 * time.Millisecond},
		{"stopped before", plays(always, hangs), time.Millisecond, func(m *Mixer, _ context.CancelFunc) { m.StopAll() }, []error{ErrStopped}, 0},
		{"the device ends", plays(1200*time.Millisecond, missing), 0, nil, []error{ErrCut, ErrNoDevice}, 200 * time.Millisecond},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := run(t, tt.device)
				defer r.stop()
				time.Sleep(time.Second)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if tt.meddle != nil {
					time.AfterFunc(tt.after, func() { tt.meddle(r.Mixer, cancel) })
				}
				begun := time.Now()
				err := r.PlayOut(ctx, sineWAV(22050, 1, 16).bytes(), 0)
				took := time.Since(begun)
				if len(tt.want) == 0 && err != nil || len(tt.want) > 0 && err == nil {
					t.Errorf("got %v", err)
				}
				for _, want := range tt.want {
					if !errors.Is(err, want) {
						t.Errorf("got %v, want %v", err, want)
					}
				}
				if took < tt.took-20*time.Millisecond || took > tt.took+60*time.Millisecond {
					t.Errorf("it took %v, want %v", took, tt.took)
				}
			})
		})
	}
}

func TestPlayOutWithoutADevice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run(t, missing)
		defer r.stop()
		err := r.PlayOut(t.Context(), sineWAV(22050, 1, 16).bytes(), 0)
		if !errors.Is(err, ErrNoDevice) || errors.Is(err, ErrCut) || action.IsPermanent(err) {
			t.Errorf("got %v", err)
		}
	})
}

func TestPlayOutOfNonsense(t *testing.T) {
	m := New(Options{Device: &scripted{}})
	for _, data := range []string{"", "hello, this is no sound at all", "RIFF\x00\x00\x00\x00WAVE"} {
		if err := m.PlayOut(t.Context(), []byte(data), 0); !action.IsPermanent(err) || errors.Is(err, ErrNoDevice) {
			t.Errorf("%q: %v", data, err)
		}
	}
}
