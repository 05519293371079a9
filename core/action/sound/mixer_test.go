package sound

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/livecue/livecue/core/action"
)

// block is what a device asks for at a time in these tests.
const block = 220

// desk is a mixer whose device is the test: it pulls what is mixed.
type desk struct {
	*Mixer
	session *session
	pulled  int64
}

func newDesk(o Options) *desk {
	m := New(o)
	d := &desk{Mixer: m, session: &session{mixer: m}}
	d.session.Played(1) // the device is open
	return d
}

// start puts a clip into the line.
func (d *desk) start(t *testing.T, c *clip, volume int) *voice {
	t.Helper()
	v := newVoice(c, volume)
	if err := d.enqueue(v); err != nil {
		t.Fatal(err)
	}
	return v
}

// pull mixes at least n frames, and plays them.
func (d *desk) pull(n int) [][2]float32 {
	var all [][2]float32
	for len(all) < n {
		frames := make([][2]float32, block)
		d.session.Fill(frames)
		all = append(all, frames...)
		d.pulled += block
		d.session.Played(d.pulled)
	}
	return all
}

func loudest(frames [][2]float32) float64 {
	peak := 0.0
	for _, f := range frames {
		peak = max(peak, math.Abs(float64(f[0])), math.Abs(float64(f[1])))
	}
	return peak
}

func TestVolumeIsPerceptual(t *testing.T) {
	for _, test := range []struct {
		master, own int
		want        float64
	}{
		{0, 0, 0.5},
		{100, 100, 0.5},
		{50, 0, 0.125},
		{0, 50, 0.125},
		{50, 50, 0.03125},
		{10, 100, 0.005},
		{100, 1, 0.00005},
		{-5, 101, 0.5},
	} {
		d := newDesk(Options{Volume: test.master})
		d.start(t, sine(441, 0.5, Rate), test.own)
		if peak := loudest(d.pull(Rate / 2)); math.Abs(peak-test.want) > test.want*0.02+1e-5 {
			t.Errorf("master %d, sound %d: level %.5f, want %.5f", test.master, test.own, peak, test.want)
		}
	}
}

func TestMasterVolumeGlides(t *testing.T) {
	d := newDesk(Options{})
	flat := &clip{frames: make([][2]int16, Rate)}
	for i := range flat.frames {
		flat.frames[i] = [2]int16{16384, 16384}
	}
	d.start(t, flat, 0)
	d.pull(1000)
	d.SetVolume(50)
	last, step := float32(0.5), float32(0)
	for _, f := range d.pull(2000) {
		step = max(step, abs(f[0]-last))
		last = f[0]
	}
	if step > 0.005 || math.Abs(float64(last)-0.125) > 0.001 {
		t.Errorf("the level goes in steps of %.4f to %.4f", step, last)
	}
}

func TestVoicesAreBounded(t *testing.T) {
	d := newDesk(Options{Voices: 2})
	short, long := sine(441, 0.2, 2*block), sine(441, 0.2, 100*block)
	first, second, third, fourth := d.start(t, short, 0), d.start(t, long, 0), d.start(t, long, 0), d.start(t, long, 0)
	d.pull(block)
	if first.at == 0 || second.at == 0 || third.at != 0 || fourth.at != 0 {
		t.Fatalf("mixed %d, %d, %d, %d frames; want the first two only", first.at, second.at, third.at, fourth.at)
	}
	d.pull(2 * block)
	if third.at == 0 || fourth.at != 0 {
		t.Fatalf("after the first ended, mixed %d and %d frames; want the third only", third.at, fourth.at)
	}
	d.SetVoices(0)
	d.pull(block)
	if fourth.at == 0 {
		t.Error("more voices did not admit the fourth")
	}
}

func TestDoneMeansPlayed(t *testing.T) {
	d := newDesk(Options{})
	d.pull(block)
	v := d.start(t, sine(441, 0.5, block/4), 0)
	frames := make([][2]float32, block)
	d.session.Fill(frames)
	d.session.Played(2 * block / 2)
	select {
	case err := <-v.result:
		t.Fatalf("settled with %v before it was played", err)
	default:
	}
	if d.session.Fill(frames); len(d.voices) != 1 {
		t.Fatalf("%d voices are known; one waits for proof", len(d.voices))
	}
	d.session.Played(3 * block)
	if err := <-v.result; err != nil {
		t.Fatal(err)
	}
	if len(d.voices) != 0 {
		t.Errorf("%d voices are left", len(d.voices))
	}
}

func TestStopAllFadesWithinABuffer(t *testing.T) {
	d := newDesk(Options{Voices: 1})
	heard, waiting := d.start(t, sine(441, 0.5, Rate), 0), d.start(t, sine(441, 0.5, Rate), 0)
	before := d.pull(10 * block)
	d.StopAll()
	after := d.pull(10 * block)
	last, step := before[len(before)-1][0], float32(0)
	for _, f := range after {
		step, last = max(step, abs(f[0]-last)), f[0]
	}
	if step > 0.04 { // a sine of 441 Hz at 0.5 itself moves by 0.032 a frame
		t.Errorf("it stops with a jump of %.3f", step)
	}
	if peak := loudest(after[fadeFrames+lookahead:]); peak != 0 {
		t.Errorf("after 7 ms there is still %.4f", peak)
	}
	if err := <-heard.result; err != nil {
		t.Errorf("the sound that was heard: %v", err)
	}
	if err := <-waiting.result; !errors.Is(err, ErrStopped) {
		t.Errorf("the sound that waited: %v", err)
	}
	d.start(t, sine(441, 0.5, Rate), 0)
	if peak := loudest(d.pull(10 * block)); peak < 0.4 {
		t.Errorf("the next sound is heard at %.3f", peak)
	}
}

func TestStoppedWhileItWaitsIsRejected(t *testing.T) {
	path := write(t, "sound.wav", sineWAV(Rate, 1, 16).bytes())
	d := newDesk(Options{Voices: 1})
	d.start(t, sine(441, 0.5, Rate), 0)
	type answer struct {
		out action.Outcome
		err error
	}
	answers := make(chan answer, 1)
	go func() {
		out, err := d.Do(t.Context(), action.Job{Spec: action.Spec{Sound: &action.Sound{File: path}}})
		answers <- answer{out, err}
	}()
	for d.lineLength() == 0 {
		d.pull(1)
	}
	d.StopAll()
	if got := <-answers; got.err != nil || got.out.State != action.Rejected || got.out.Reply == "" {
		t.Errorf("Do = %+v, want Rejected", got)
	}
}

func (d *desk) lineLength() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.waiting)
}

func TestWithdrawnSoundIsNotHeard(t *testing.T) {
	path := write(t, "sound.wav", sineWAV(Rate, 1, 16).bytes())
	d := newDesk(Options{Voices: 1})
	d.start(t, sine(441, 0.2, Rate), 0)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- d.Preview(ctx, action.Sound{File: path}) }()
	for d.lineLength() == 0 {
		d.pull(1)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("Preview = %v, want the context's error", err)
	}
	if d.lineLength() != 0 {
		t.Error("it still waits")
	}
}

func TestJobWithoutSound(t *testing.T) {
	if _, err := newDesk(Options{}).Do(t.Context(), action.Job{}); !action.IsPermanent(err) {
		t.Errorf("Do = %v, want a permanent error", err)
	}
}

func TestLimiterPassesQuietSoundUnchanged(t *testing.T) {
	l, r := newLimiter(), rand.New(rand.NewPCG(1, 2))
	var in [][2]float32
	for i := range 5000 {
		in = append(in, [2]float32{float32(r.Float64()*1.9 - 0.95), float32(r.Float64()*1.9 - 0.95)})
		out := l.next(in[i])
		if back := i - (lookahead - 1); back >= 0 && out != in[back] {
			t.Fatalf("frame %d came out as %v, went in as %v", back, out, in[back])
		}
	}
}

func TestLimiterKeepsTheCeiling(t *testing.T) {
	l, r := newLimiter(), rand.New(rand.NewPCG(3, 4))
	var in [][2]float32
	level := 1.0
	for i := range 200_000 {
		if i%500 == 0 {
			level = math.Pow(10, r.Float64()*2-1)
		}
		in = append(in, [2]float32{float32(level * (2*r.Float64() - 1)), float32(level * (2*r.Float64() - 1))})
		out := l.next(in[i])
		if peak := max(abs(out[0]), abs(out[1])); peak > ceiling {
			t.Fatalf("frame %d is at %v", i, peak)
		}
		// Both sides are turned down by the same factor: nothing is clipped.
		if back := i - (lookahead - 1); back >= 0 {
			if d := out[0]*in[back][1] - out[1]*in[back][0]; abs(d) > 1e-4*float32(level) {
				t.Fatalf("frame %d: %v became %v", back, in[back], out)
			}
		}
	}
}

func TestFourLoudSoundsDoNotClip(t *testing.T) {
	d := newDesk(Options{})
	for _, hz := range []float64{220, 277, 330, 440} {
		d.start(t, sine(hz, 0.98, 2*Rate), 0)
	}
	mixed := d.pull(2 * Rate)
	full := 0
	for _, f := range mixed {
		if abs(f[0]) > ceiling {
			t.Fatalf("a sample of %v", f[0])
		}
		if abs(f[0]) > ceiling*0.999 {
			full++
		}
	}
	share := float64(full) / float64(len(mixed))
	t.Logf("%.2f %% of the samples are at full scale", 100*share)
	if share > 0.02 {
		t.Errorf("%.1f %% of the samples are at full scale", 100*share)
	}
	d.pull(Rate)
	d.start(t, sine(441, 0.5, Rate), 0)
	if peak := loudest(d.pull(Rate / 2)); peak < 0.495 {
		t.Errorf("a second later a sound of 0.5 is heard at %.3f", peak)
	}
}

func TestNames(t *testing.T) {
	files := fstest.MapFS{
		"pop.wav": {}, "Bell.OGG": {}, "a b.mp3": {}, "x.flac": {}, "readme.txt": {}, "sub/inner.wav": {}, "noext": {},
	}
	got := Names(files)
	if want := []string{"Bell", "a b", "pop", "x"}; !slices.Equal(got, want) {
		t.Errorf("Names = %q, want %q", got, want)
	}
	if got := Names(nil); len(got) != 0 {
		t.Errorf("Names(nil) = %q", got)
	}
}

// Every bundled sound can be played.
func TestBundledSounds(t *testing.T) {
	files := os.DirFS("../../../assets/sounds")
	names := Names(files)
	if len(names) < 10 {
		t.Fatalf("only %q", names)
	}
	m := New(Options{Bundled: files})
	for _, name := range names {
		if err := m.Check(action.Sound{File: BundledPrefix + name}); err != nil {
			t.Error(err)
		}
	}
	if err := m.Check(action.Sound{File: "bundled:chime"}); err != nil {
		t.Error(err)
	}
}

func TestCacheIsBounded(t *testing.T) {
	const size = 1000
	c := newCache(10 * size)
	clipOf := func(n int) *clip { return &clip{frames: make([][2]int16, n/4)} }
	for i := range 50 {
		c.put(cacheKey{size: int64(i)}, clipOf(size))
		c.get(cacheKey{size: 0})
		if c.bytes > 10*size || c.order.Len() != len(c.found) {
			t.Fatalf("%d bytes in %d sounds", c.bytes, len(c.found))
		}
	}
	if c.get(cacheKey{size: 0}) == nil || c.get(cacheKey{size: 49}) == nil || c.get(cacheKey{size: 30}) != nil {
		t.Error("it does not keep those that were used last")
	}
	c.put(cacheKey{size: 99}, clipOf(11*size))
	if c.get(cacheKey{size: 99}) != nil || len(c.found) != 10 {
		t.Error("a sound beyond the bound was kept, or drove others out")
	}
	c.put(cacheKey{size: 98}, clipOf(10*size))
	if len(c.found) != 1 || c.bytes != 10*size {
		t.Errorf("%d sounds of %d bytes", len(c.found), c.bytes)
	}
}

// A file that changes is decoded anew; one that does not is not.
func TestCacheFollowsTheFile(t *testing.T) {
	m := New(Options{})
	path := write(t, "sound.wav", sineWAV(Rate, 1, 16).bytes())
	first, err := m.library.get(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := m.library.get(t.Context(), path); again != first || err != nil {
		t.Errorf("an unchanged file was decoded again, or %v", err)
	}
	if err := os.WriteFile(path, sineWAV(22050, 2, 16).bytes()[:30000], 0o600); err != nil {
		t.Fatal(err)
	}
	var f *FileError
	if err := m.Check(action.Sound{File: path}); !errors.As(err, &f) || f.Reason != Damaged {
		t.Errorf("the changed file: %v", err)
	}
}
