package sound

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livecue/livecue/core/action"
)

// scripted is a sound system in software: each Play goes as the next entry of the script says, the last one for ever.
type scripted struct {
	mu     sync.Mutex
	script []func(ctx context.Context, out Output) error
	opened []time.Time
}

func (s *scripted) Play(ctx context.Context, out Output) error {
	s.mu.Lock()
	s.opened = append(s.opened, time.Now())
	play := s.script[min(len(s.opened), len(s.script))-1]
	s.mu.Unlock()
	return play(ctx, out)
}

var errUnplugged = errors.New("unplugged")

func missing(context.Context, Output) error { return errUnplugged }

// hangs never plays anything.
func hangs(ctx context.Context, _ Output) error {
	<-ctx.Done()
	return ctx.Err()
}

// plays takes sound in real time for a while, and then ends as end does.
func plays(length time.Duration, end func(context.Context, Output) error) func(context.Context, Output) error {
	return func(ctx context.Context, out Output) error {
		frames := make([][2]float32, Rate/100)
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for taken := int64(0); taken < int64(length*Rate/time.Second); {
			select {
			case <-tick.C:
			case <-ctx.Done():
				return ctx.Err()
			}
			out.Fill(frames)
			taken += int64(len(frames))
			out.Played(max(0, taken-Rate/50))
		}
		return end(ctx, out)
	}
}

const always = 24 * time.Hour

// running is a mixer that runs in a bubble of synctest.
type running struct {
	*Mixer
	device *scripted
	mu     sync.Mutex
	told   []string
	stop   func()
}

func run(t *testing.T, script ...func(context.Context, Output) error) *running {
	r := &running{device: &scripted{script: script}}
	r.Mixer = New(Options{Device: r.device, OnTrouble: func(text string) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.told = append(r.told, text)
	}})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	r.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run = %v", err)
		}
	})
	return r
}

func (r *running) said() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.told)
}

func (r *running) sound(ctx context.Context, file string) (action.Outcome, error) {
	return r.Do(ctx, action.Job{Spec: action.Spec{Sound: &action.Sound{File: file}}})
}

func TestDeviceIsTriedWithGrowingPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run(t, missing, missing, missing, missing, missing, missing, plays(10*time.Second, missing), plays(always, hangs))
		defer r.stop()
		time.Sleep(time.Minute)
		var pauses []time.Duration
		for i, at := range r.device.opened[1:] {
			pauses = append(pauses, at.Sub(r.device.opened[i]).Round(time.Second))
		}
		want := []time.Duration{1, 2, 4, 8, 15, 15, 11}
		for i := range want {
			want[i] *= time.Second
		}
		if !slices.Equal(pauses, want) {
			t.Errorf("the pauses are %v, want %v", pauses, want)
		}
		said := r.said()
		if len(said) != 4 || said[0] != noSound || said[1] != "" || said[2] != said[0] || said[3] != "" {
			t.Errorf("it said %q", said)
		}
	})
}

func TestStandstillIsNoticed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run(t, plays(10*time.Second, hangs), plays(always, hangs))
		defer r.stop()
		time.Sleep(10*time.Second + 1200*time.Millisecond)
		if r.Problem() == "" {
			t.Error("1.2 s after the device stopped there is no problem")
		}
		time.Sleep(1200 * time.Millisecond)
		if p := r.Problem(); p != "" {
			t.Errorf("the device is back, and yet: %s", p)
		}
	})
}

func TestDeviceThatNeverPlaysIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run(t, hangs)
		defer r.stop()
		began := time.Now()
		_, err := r.sound(t.Context(), write(t, "sound.wav", sineWAV(Rate, 1, 16).bytes()))
		if !errors.Is(err, ErrNoDevice) || action.IsPermanent(err) {
			t.Errorf("Do = %v, want ErrNoDevice", err)
		}
		if took := time.Since(began); took > openWait {
			t.Errorf("it took %v", took)
		}
		began = time.Now()
		if _, err := r.sound(t.Context(), write(t, "sound.wav", sineWAV(Rate, 1, 16).bytes())); !errors.Is(err, ErrNoDevice) {
			t.Errorf("Do = %v, want ErrNoDevice", err)
		}
		if took := time.Since(began); took != 0 {
			t.Errorf("with a known problem it took %v", took)
		}
	})
}

func TestSoundsAreLostWithTheDevice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run(t, plays(time.Second, missing), plays(always, hangs))
		defer r.stop()
		path := write(t, "sound.wav", append(sineWAV(Rate, 1, 16).bytes(), 0))
		r.SetVoices(1)
		if out, err := r.sound(t.Context(), path); err != nil || out.State != action.Done {
			t.Fatalf("Do = %+v, %v", out, err)
		}
		// The second waits for the first to end, the third for the second, and the device goes before the third begins.
		var last error
		for range 2 {
			_, last = r.sound(t.Context(), path)
		}
		if !errors.Is(last, ErrNoDevice) || action.IsPermanent(last) {
			t.Errorf("the last Do = %v, want ErrNoDevice", last)
		}
		time.Sleep(2 * time.Second)
		if out, err := r.sound(t.Context(), path); err != nil || out.State != action.Done {
			t.Errorf("after the device came back, Do = %+v, %v", out, err)
		}
	})
}

func TestEndOfRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run(t, plays(always, hangs))
		path := write(t, "sound.wav", sineWAV(Rate, 1, 16).bytes())
		r.SetVoices(1)
		if _, err := r.sound(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		waiting := make(chan error, 1)
		go func() {
			_, err := r.sound(t.Context(), path)
			waiting <- err
		}()
		synctest.Wait()
		r.stop()
		if err := <-waiting; !errors.Is(err, ErrNoDevice) {
			t.Errorf("the sound that waited = %v, want ErrNoDevice", err)
		}
		if _, err := r.sound(t.Context(), path); !errors.Is(err, ErrNoDevice) {
			t.Errorf("Do after the end = %v, want ErrNoDevice", err)
		}
		if said := r.said(); len(said) != 0 {
			t.Errorf("a quiet end said %q", said)
		}
	})
}

// A mixer that nobody runs does not hold a job for ever.
func TestDoWithoutRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := New(Options{})
		path := write(t, "sound.wav", sineWAV(Rate, 1, 16).bytes())
		if err := m.Preview(t.Context(), action.Sound{File: path}); !errors.Is(err, ErrNoDevice) {
			t.Errorf("Preview = %v, want ErrNoDevice", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := m.Preview(ctx, action.Sound{File: path}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Preview = %v, want the context's error", err)
		}
	})
}
