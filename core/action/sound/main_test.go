package sound

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// amplitude measures one frequency in the left channel (Goertzel).
func amplitude(frames [][2]int16, hz float64) float64 {
	k := 2 * math.Cos(2*math.Pi*hz/Rate)
	var a, b float64
	for _, f := range frames {
		a, b = float64(f[0])/32768+k*a-b, a
	}
	return 2 * math.Sqrt(max(0, a*a+b*b-k*a*b)) / float64(len(frames))
}

// power is the mean square of the left channel.
func power(frames [][2]int16) float64 {
	sum := 0.0
	for _, f := range frames {
		sum += float64(f[0]) / 32768 * float64(f[0]) / 32768
	}
	return sum / float64(len(frames))
}

// sine returns a clip of one tone.
func sine(hz, level float64, frames int) *clip {
	c := &clip{frames: make([][2]int16, frames)}
	for i := range c.frames {
		v := int16(math.Round(level * 32767 * math.Sin(2*math.Pi*hz*float64(i)/Rate)))
		c.frames[i] = [2]int16{v, v}
	}
	return c
}

// wavFile is a WAV in the making.
type wavFile struct {
	code, channels, bits int
	rate                 int
	// frameBytes is that of the header; 0 is right.
	frameBytes int
	// before are chunks that stand before the samples.
	before []byte
	data   []byte
	// claim is the size that the header has for data; -1 is right.
	claim int64
}

func (w wavFile) bytes() []byte {
	le := binary.LittleEndian
	if w.frameBytes == 0 {
		w.frameBytes = w.channels * w.bits / 8
	}
	if w.claim < 0 {
		w.claim = int64(len(w.data))
	}
	b := append([]byte("RIFF\x00\x00\x00\x00WAVE"), w.before...)
	b = append(b, "fmt \x10\x00\x00\x00"...)
	b = le.AppendUint16(b, uint16(w.code))
	b = le.AppendUint16(b, uint16(w.channels))
	b = le.AppendUint32(b, uint32(w.rate))
	b = le.AppendUint32(b, uint32(w.rate*w.frameBytes))
	b = le.AppendUint16(b, uint16(w.frameBytes))
	b = le.AppendUint16(b, uint16(w.bits))
	b = append(b, "data"...)
	b = le.AppendUint32(b, uint32(w.claim))
	return append(b, w.data...)
}

// sineWAV returns half a second of 500 Hz at half level.
func sineWAV(rate, channels, bits int) wavFile {
	var data bytes.Buffer
	for i := range rate / 2 {
		v := 0.5 * math.Sin(2*math.Pi*500*float64(i)/float64(rate))
		for range channels {
			switch bits {
			case 8:
				data.WriteByte(byte(math.Round(128 + v*127)))
			case 16:
				data.Write(binary.LittleEndian.AppendUint16(nil, uint16(int16(v*32767))))
			case 24:
				data.Write(binary.LittleEndian.AppendUint32(nil, uint32(int32(v*8388607)))[:3])
			}
		}
	}
	return wavFile{code: 1, channels: channels, bits: bits, rate: rate, data: data.Bytes(), claim: -1}
}

// write puts a file into a folder of the test and returns its path.
func write(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// fixture reads a file of testdata.
func fixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}
