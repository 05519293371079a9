package speaker

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action/sound"
)

// patience is how long a test waits for anything; a busy machine needs some of it, a good run little.
const patience = 30 * time.Second

// pulse is a private PulseAudio with a sink that plays to nobody, and ALSA's default routed to it.
type pulse struct {
	socket string
	daemon *exec.Cmd
}

// newPulse prepares the folders and the environment; start runs the server.
func newPulse(t testing.TB) *pulse {
	t.Helper()
	for program, pkg := range map[string]string{
		"pulseaudio": "pulseaudio", "parec": "pulseaudio-utils", "pactl": "pulseaudio-utils",
	} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%s is missing: install the package %s (and libasound2-plugins); make test does", program, pkg)
		}
	}
	// t.TempDir has long names, and the path of a socket may have 107 letters.
	dir, err := os.MkdirTemp("", "pulse")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	p := &pulse{socket: filepath.Join(dir, "native")}
	alsa := filepath.Join(dir, "alsa.conf")
	// The whole configuration: without the system's there is no sound card to fall back to.
	if err := os.WriteFile(alsa, []byte("pcm.!default { type pulse }\nctl.!default { type pulse }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"HOME": dir, "XDG_RUNTIME_DIR": dir, "XDG_CONFIG_HOME": dir, "PULSE_RUNTIME_PATH": dir, "PULSE_STATE_PATH": dir,
		"PULSE_SERVER": "unix:" + p.socket, "ALSA_CONFIG_PATH": alsa, "DBUS_SESSION_BUS_ADDRESS": "", "DISPLAY": "",
	} {
		t.Setenv(name, value)
	}
	return p
}

// start runs the server and returns when it answers.
func (p *pulse) start(t testing.TB) {
	t.Helper()
	p.daemon = exec.Command("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
		"--disable-shm=yes", "--realtime=no", "--high-priority=no",
		"--load=module-native-protocol-unix auth-anonymous=1 socket="+p.socket,
		"--load=module-null-sink sink_name=nobody rate=44100 norewinds=1")
	if err := p.daemon.Start(); err != nil {
		t.Fatal(err)
	}
	daemon := p.daemon
	t.Cleanup(func() { stopProcess(daemon) })
	await(t, "pulseaudio to answer", func() bool { return exec.Command("pactl", "info").Run() == nil })
}

// kill ends the server as a crash does.
func (p *pulse) kill() {
	stopProcess(p.daemon)
	_ = os.Remove(p.socket)
}

// stopProcess ends a process of ours, whether or not it has ended.
func stopProcess(cmd *exec.Cmd) {
	if cmd.ProcessState != nil {
		return
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
}

// await waits until a condition holds.
func await(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("waited %v in vain for %s", patience, what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// recording is what the sink has played, mono, from -1 to 1.
type recording struct {
	mu      sync.Mutex
	samples []float64
	// arrived tells when a sample count was reached, for latencies.
	arrived []arrival
}

type arrival struct {
	samples int
	at      time.Time
}

// record begins to record what the sink plays, and returns once something, if only silence, is being recorded.
func (p *pulse) record(t testing.TB) *recording {
	t.Helper()
	cmd := exec.Command("parec", "--raw", "--format=s16le", "--rate=44100", "--channels=1", "--latency-msec=5",
		"--device=nobody.monitor")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r := &recording{}
	done := make(chan struct{})
	// Ends when parec does: at the end of the test, or with the server.
	go func() {
		defer close(done)
		r.read(out)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-done
		_ = cmd.Wait()
	})
	await(t, "the recording to begin", func() bool { return r.len() > 0 })
	return r
}

func (r *recording) read(out io.Reader) {
	buf := make([]byte, 4096)
	var rest []byte
	for {
		n, err := out.Read(buf)
		rest = append(rest, buf[:n]...)
		r.mu.Lock()
		for len(rest) >= 2 {
			r.samples = append(r.samples, float64(int16(binary.LittleEndian.Uint16(rest)))/32768)
			rest = rest[2:]
		}
		r.arrived = append(r.arrived, arrival{len(r.samples), time.Now()})
		r.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (r *recording) len() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.samples)
}

// window is the length of the pieces in which a recording is measured, 50 ms: whole periods of every multiple of 20 Hz.
const window = sound.Rate / 20

// loudest returns the greatest amplitude of a tone of hz in any piece of the recording from a sample on.
func (r *recording) loudest(hz float64, from int) float64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	best := 0.0
	for i := from; i+window <= len(r.samples); i += window / 4 {
		best = max(best, amplitude(r.samples[i:i+window], hz))
	}
	return best
}

// lengthOf returns for how long a tone of hz above an amplitude was heard from a sample on.
func (r *recording) lengthOf(hz, above float64, from int) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	pieces := 0
	for i := from; i+window <= len(r.samples); i += window {
		if amplitude(r.samples[i:i+window], hz) > above {
			pieces++
		}
	}
	return time.Duration(pieces) * window * time.Second / sound.Rate
}

// onset returns when the first sample above a level arrived, from a sample on, or the zero time.
func (r *recording) onset(above float64, from int) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := from; i < len(r.samples); i++ {
		if math.Abs(r.samples[i]) <= above {
			continue
		}
		for _, a := range r.arrived {
			if a.samples > i {
				return a.at
			}
		}
	}
	return time.Time{}
}

// amplitude measures one frequency (Goertzel).
func amplitude(samples []float64, hz float64) float64 {
	k := 2 * math.Cos(2*math.Pi*hz/sound.Rate)
	var a, b float64
	for _, s := range samples {
		a, b = s+k*a-b, a
	}
	return 2 * math.Sqrt(max(0, a*a+b*b-k*a*b)) / float64(len(samples))
}

// writeTone writes a WAV, 16 bits, mono, of one tone.
func writeTone(t testing.TB, hz, level float64, length time.Duration) string {
	t.Helper()
	n := int(length * sound.Rate / time.Second)
	var b bytes.Buffer
	b.WriteString("RIFF\x00\x00\x00\x00WAVEfmt ")
	err := errors.Join(
		binary.Write(&b, binary.LittleEndian, []uint32{16, 1 | 1<<16, sound.Rate, sound.Rate * 2, 2 | 16<<16}),
		binary.Write(&b, binary.LittleEndian, []byte("data")),
		binary.Write(&b, binary.LittleEndian, uint32(n*2)))
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		v := int16(math.Round(level * 32767 * math.Sin(2*math.Pi*hz*float64(i)/sound.Rate)))
		b.Write(binary.LittleEndian.AppendUint16(nil, uint16(v)))
	}
	path := filepath.Join(t.TempDir(), "tone.wav")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// pause and resume let the server hang, and go on.
func (p *pulse) pause(t *testing.T)  { p.signal(t, syscall.SIGSTOP) }
func (p *pulse) resume(t *testing.T) { p.signal(t, syscall.SIGCONT) }

func (p *pulse) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := p.daemon.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}
