package speech

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/sound"
	"github.com/livecue/livecue/core/action/sound/speaker"
)

// run starts a program that ends with the test.
func run(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(name, args...)
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v: install the packages that make test installs", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return cmd
}

// newPulse starts a private PulseAudio with a sink that plays to nobody, makes it the system's sound, and returns its folder.
func newPulse(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pulse") // the path of a socket must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	alsa := filepath.Join(dir, "alsa.conf")
	if err := os.WriteFile(alsa, []byte("pcm.!default { type pulse }\nctl.!default { type pulse }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(dir, "native")
	for name, value := range map[string]string{
		"HOME": dir, "XDG_RUNTIME_DIR": dir, "XDG_CONFIG_HOME": dir, "PULSE_RUNTIME_PATH": dir, "PULSE_STATE_PATH": dir,
		"PULSE_SERVER": "unix:" + socket, "ALSA_CONFIG_PATH": alsa, "DBUS_SESSION_BUS_ADDRESS": "", "DISPLAY": "",
	} {
		t.Setenv(name, value)
	}
	run(t, "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes", "--realtime=no",
		"--high-priority=no", "--load=module-native-protocol-unix auth-anonymous=1 socket="+socket,
		"--load=module-null-sink sink_name=nobody rate=44100 norewinds=1")
	await(t, "pulseaudio", func() bool { return exec.Command("pactl", "info").Run() == nil })
	return dir
}

// recording measures what the sink plays, in pieces of 50 ms.
type recording struct {
	mu     sync.Mutex
	pieces []float64 // the root mean square of each
}

const piece = sound.Rate / 20

func record(t *testing.T) *recording {
	t.Helper()
	cmd := exec.Command("parec", "--raw", "--format=s16le", "--rate=44100", "--channels=1", "--latency-msec=5", "--device=nobody.monitor")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r := &recording{}
	done := make(chan struct{})
	go func() { // ends with parec
		defer close(done)
		samples := make([]int16, piece)
		for binary.Read(out, binary.LittleEndian, samples) == nil {
			sum := 0.0
			for _, s := range samples {
				sum += float64(s) / 32768 * float64(s) / 32768
			}
			r.mu.Lock()
			r.pieces = append(r.pieces, math.Sqrt(sum/piece))
			r.mu.Unlock()
		}
		_, _ = io.Copy(io.Discard, out)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-done
		_ = cmd.Wait()
	})
	await(t, "the recording", func() bool { return r.len() > 0 })
	return r
}

func (r *recording) len() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.pieces)
}

// loud returns how long more than a whisper was heard from a piece on, and the loudest.
func (r *recording) loud(from int) (length time.Duration, most float64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.pieces[from:] {
		if p > 0.01 {
			length += 50 * time.Millisecond
		}
		most = max(most, p)
	}
	return length, most
}

// silence waits until nothing is heard for half a second.
func (r *recording) silence(t *testing.T) {
	t.Helper()
	from := r.len()
	await(t, "silence", func() bool {
		if r.len() < from+10 {
			return false
		}
		if length, _ := r.loud(from); length > 0 {
			from = r.len()
			return false
		}
		return true
	})
}

func newMixer(t *testing.T) *sound.Mixer {
	t.Helper()
	m := sound.New(sound.Options{Device: &speaker.Speaker{}})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- m.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return m
}

func TestSpeechIsHeard(t *testing.T) {
	needEspeak(t)
	newPulse(t)
	rec := record(t)
	m := newMixer(t)
	s := New(m, Settings{}, nil)
	begun := time.Now()
	if o, err := s.Do(t.Context(), job(action.Speech{Text: "{nickname} sent {count} roses. Thank you very much!"})); err != nil || o.State != action.Done {
		t.Fatalf("%+v, %v", o, err)
	}
	took := time.Since(begun)
	rec.silence(t)
	length, most := rec.loud(0)
	t.Logf("heard for %v at up to %.3f; Do took %v", length, most, took.Round(time.Millisecond))
	if length < 1500*time.Millisecond || most < 0.05 {
		t.Errorf("heard for %v at up to %.3f", length, most)
	}
	if took < length {
		t.Errorf("Do returned after %v, before the speech was over", took)
	}

	from := rec.len()
	s.Set(Settings{Volume: 50})
	if err := s.Preview(t.Context(), action.Speech{Text: "Pia sent 3 roses. Thank you very much!"}, action.Fields{}); err != nil {
		t.Fatal(err)
	}
	if _, quiet := rec.loud(from); quiet > most/2 || quiet < most/8 {
		t.Errorf("at half volume it is %.3f, before %.3f", quiet, most)
	}
}

func TestStoppedSpeechIsSilent(t *testing.T) {
	needEspeak(t)
	newPulse(t)
	rec := record(t)
	m := newMixer(t)
	s := New(m, Settings{}, nil)
	for name, stop := range map[string]func(){"stop": s.Stop, "all sounds": m.StopAll} {
		from := rec.len()
		done := make(chan error, 1)
		go func() {
			done <- s.Preview(t.Context(), action.Speech{Text: strings.Repeat("a long story ", 20)}, action.Fields{})
		}()
		await(t, "the speech", func() bool { length, _ := rec.loud(from); return length >= 500*time.Millisecond })
		stop()
		if err := <-done; !errors.Is(err, ErrStopped) {
			t.Errorf("%s: %v", name, err)
		}
		rec.silence(t)
		if length, _ := rec.loud(from); length > 5*time.Second { // of twenty
			t.Errorf("%s: it was heard for %v", name, length)
		}
	}
}

// speech-dispatcher plays by itself, and goes on when its client is gone: it has to be told to stop.
func TestTheDispatcherIsHeardAndStopped(t *testing.T) {
	path, err := exec.LookPath("spd-say")
	if err != nil {
		t.Fatal("spd-say is missing: install the packages speech-dispatcher and speech-dispatcher-espeak-ng; make test does")
	}
	t.Setenv("LC_ALL", "C.UTF-8") // the dispatcher does not start in a language that the system does not have
	dir := newPulse(t)
	rec := record(t)
	socket := filepath.Join(dir, "speechd")
	t.Setenv("SPEECHD_ADDRESS", "unix_socket:"+socket)
	run(t, "speech-dispatcher", "--run-single", "--communication-method", "unix_socket", "--socket-path", socket,
		"--pid-file", filepath.Join(dir, "speechd.pid"), "--log-dir", dir)
	await(t, "speech-dispatcher", func() bool { return exec.Command(path, "-O").Run() == nil })
	d := dispatcher{path}
	all, err := d.voices(t.Context())
	if err != nil || len(all) < 50 {
		t.Errorf("%d voices, %v", len(all), err)
	}
	if err := d.say(t.Context(), (Settings{}).utterance("!-! QUIT Pia sent three roses"), nil); err != nil {
		t.Fatal(err)
	}
	if length, most := rec.loud(0); length < time.Second || most < 0.03 {
		t.Errorf("heard for %v at up to %.3f", length, most)
	}
	rec.silence(t)

	from := rec.len()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- d.say(ctx, (Settings{}).utterance(strings.Repeat("a long story ", 20)), nil) }()
	await(t, "the speech", func() bool { length, _ := rec.loud(from); return length >= 500*time.Millisecond })
	cancel()
	if err := <-done; !errors.Is(err, errCut) || !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	rec.silence(t)
	if length, _ := rec.loud(from); length > 5*time.Second {
		t.Errorf("it was heard for %v", length)
	}
}
