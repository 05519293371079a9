package speaker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/sound"
)

// rig is a mixer that runs, with what it said about trouble.
type rig struct {
	*sound.Mixer
	mu       sync.Mutex
	troubles []string
}

func newRig(t testing.TB, o sound.Options) *rig {
	t.Helper()
	r := &rig{}
	o.Device = &Speaker{}
	o.OnTrouble = func(text string) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.troubles = append(r.troubles, text)
	}
	r.Mixer = sound.New(o)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run = %v", err)
		}
	})
	return r
}

func (r *rig) said() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.troubles...)
}

// play plays a file once and expects it to be done.
func (r *rig) play(t testing.TB, file string, volume int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	out, err := r.Do(ctx, action.Job{Spec: action.Spec{Sound: &action.Sound{File: file, Volume: volume}}})
	if err != nil || out.State != action.Done {
		t.Fatalf("Do = %+v, %v", out, err)
	}
}

func TestSoundIsHeard(t *testing.T) {
	p := newPulse(t)
	p.start(t)
	rec := p.record(t)
	r := newRig(t, sound.Options{})
	r.play(t, writeTone(t, 440, 0.5, 400*time.Millisecond), 0)
	await(t, "the tone to end", func() bool { return rec.lengthOf(440, 0.3, 0) >= 300*time.Millisecond })
	if level := rec.loudest(440, 0); level < 0.45 || level > 0.55 {
		t.Errorf("the tone was heard at %.3f, want 0.5", level)
	}

	from := rec.len()
	r.play(t, writeTone(t, 880, 0.8, 400*time.Millisecond), 50)
	await(t, "the quiet tone", func() bool { return rec.lengthOf(880, 0.1, from) >= 300*time.Millisecond })
	if level := rec.loudest(880, from); level < 0.17 || level > 0.23 {
		t.Errorf("at half volume the tone was heard at %.3f, want 0.2", level)
	}
	if r.Problem() != "" || len(r.said()) != 0 {
		t.Errorf("trouble without a reason: %q, %q", r.Problem(), r.said())
	}
}

func TestStopAllIsHeard(t *testing.T) {
	p := newPulse(t)
	p.start(t)
	rec := p.record(t)
	r := newRig(t, sound.Options{})
	r.play(t, writeTone(t, 440, 0.5, time.Minute), 0)
	await(t, "the tone", func() bool { return rec.loudest(440, 0) > 0.4 })
	r.StopAll()
	await(t, "silence", func() bool {
		n := rec.len()
		return n > 2*window && rec.loudest(440, n-2*window) < 0.001
	})
}

func TestDeviceComesLate(t *testing.T) {
	p := newPulse(t)
	r := newRig(t, sound.Options{})
	await(t, "the trouble to be told", func() bool { return len(r.said()) == 1 })
	if problem := r.Problem(); !strings.Contains(problem, "No sound") || !strings.Contains(problem, "tries again") {
		t.Errorf("Problem = %q", problem)
	}
	tone := writeTone(t, 660, 0.5, 300*time.Millisecond)
	began := time.Now()
	_, err := r.Do(context.Background(), action.Job{Spec: action.Spec{Sound: &action.Sound{File: tone}}})
	if !errors.Is(err, sound.ErrNoDevice) || action.IsPermanent(err) {
		t.Errorf("Do without a device = %v, want ErrNoDevice, not permanent", err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("Do without a device took %v", took)
	}

	p.start(t)
	rec := p.record(t)
	await(t, "the trouble to end", func() bool { return r.Problem() == "" })
	r.play(t, tone, 0)
	await(t, "the tone", func() bool { return rec.loudest(660, 0) > 0.4 })
	if said := r.said(); len(said) < 2 || said[len(said)-1] != "" {
		t.Errorf("said %q, want an end of the trouble", said)
	}
}

func TestDeviceVanishes(t *testing.T) {
	p := newPulse(t)
	p.start(t)
	r := newRig(t, sound.Options{})
	tone := writeTone(t, 440, 0.5, time.Minute)
	for round := range 3 {
		rec := p.record(t)
		await(t, "the device", func() bool { return r.Problem() == "" })
		r.play(t, tone, 0)
		await(t, fmt.Sprintf("tone %d", round), func() bool { return rec.loudest(440, 0) > 0.4 })
		p.kill()
		killed := time.Now()
		await(t, "the loss to be told", func() bool { return r.Problem() != "" })
		t.Logf("round %d: the loss was told after %v: %s", round, time.Since(killed).Round(time.Millisecond), r.Problem())
		p.start(t)
	}
	rec := p.record(t)
	await(t, "the device", func() bool { return r.Problem() == "" })
	if level := rec.loudest(440, 0); level > 0.001 {
		t.Errorf("a sound that was cut off goes on at %.3f", level)
	}
}

// A sound server that hangs gives no error and takes no sound.
func TestDeviceHangs(t *testing.T) {
	p := newPulse(t)
	p.start(t)
	rec := p.record(t)
	r := newRig(t, sound.Options{})
	r.play(t, writeTone(t, 440, 0.5, 300*time.Millisecond), 0)
	await(t, "the tone", func() bool { return rec.loudest(440, 0) > 0.4 })

	p.pause(t)
	stopped := time.Now()
	await(t, "the loss to be told", func() bool { return r.Problem() != "" })
	t.Logf("told after %v: %s", time.Since(stopped).Round(time.Millisecond), r.Problem())
	p.resume(t)
	await(t, "the device", func() bool { return r.Problem() == "" })
	from := rec.len()
	r.play(t, writeTone(t, 880, 0.5, 300*time.Millisecond), 0)
	await(t, "the next tone", func() bool { return rec.loudest(880, from) > 0.4 })
}

// A parent that is gone leaves no child behind.
func TestChildEndsWithItsInput(t *testing.T) {
	p := newPulse(t)
	p.start(t)
	program, err := (&Speaker{}).program()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(program, Command)
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	notes, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	defer stopProcess(child)
	if n, err := readNote(notes); err != nil || n.Kind != noteWant || n.Count == 0 || n.Played != 0 {
		t.Fatalf("the first note is %+v, %v", n, err)
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, notes); err != nil {
		t.Fatal(err)
	}
	if err := child.Wait(); err != nil {
		t.Errorf("the child ended with %v", err)
	}
}

// Eight sounds at once come through whole.
func TestManySoundsAreHeard(t *testing.T) {
	p := newPulse(t)
	p.start(t)
	rec := p.record(t)
	r := newRig(t, sound.Options{})
	tones := []float64{300, 400, 500, 600, 700, 800, 900, 1000}
	for _, hz := range tones {
		r.play(t, writeTone(t, hz, 0.1, 3*time.Second), 0)
	}
	for _, hz := range tones {
		await(t, fmt.Sprintf("the tone of %.0f Hz", hz), func() bool { return rec.loudest(hz, 0) > 0.09 })
	}
}

// BenchmarkLatency measures the time from Do to the first sample that a listener gets, through the recorder's own buffer of
// 5 ms, and to Do's return.
func BenchmarkLatency(b *testing.B) {
	p := newPulse(b)
	p.start(b)
	rec := p.record(b)
	r := newRig(b, sound.Options{})
	tone := writeTone(b, 440, 0.9, 20*time.Millisecond)
	r.play(b, tone, 0)
	await(b, "the tone", func() bool { return rec.loudest(440, 0) > 0.3 })
	var heard, told []time.Duration
	for b.Loop() {
		await(b, "silence", func() bool { n := rec.len(); return rec.loudest(440, max(0, n-2*window)) < 0.001 })
		from := rec.len()
		began := time.Now()
		r.play(b, tone, 0)
		told = append(told, time.Since(began))
		await(b, "the tone", func() bool { return !rec.onset(0.05, from).IsZero() })
		heard = append(heard, rec.onset(0.05, from).Sub(began))
	}
	slices.Sort(heard)
	slices.Sort(told)
	b.ReportMetric(float64(heard[len(heard)/2].Microseconds())/1000, "ms/heard-p50")
	b.ReportMetric(float64(heard[len(heard)-1].Microseconds())/1000, "ms/heard-max")
	b.ReportMetric(float64(told[len(told)/2].Microseconds())/1000, "ms/told-p50")
}
