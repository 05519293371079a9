package sound

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gopxl/beep/v2"

	"github.com/livecue/livecue/core/action"
)

// checkSine says what is wrong with a decoded sine of 500 Hz: its level, its purity, its length.
func checkSine(c *clip, slack time.Duration) error {
	if d := c.duration() - time.Second/2; d < -5*time.Millisecond || d > slack {
		return fmt.Errorf("it takes %v, want 500ms", c.duration())
	}
	middle := c.frames[len(c.frames)/2-Rate/10 : len(c.frames)/2+Rate/10]
	level := amplitude(middle, 500)
	if level < 0.45 || level > 0.52 {
		return fmt.Errorf("its level is %.3f, want 0.5", level)
	}
	if purity := level * level / 2 / power(middle); purity < 0.99 {
		return fmt.Errorf("only %.1f %% of it is the tone", 100*purity)
	}
	for _, f := range middle {
		if d := int(f[0]) - int(f[1]); d < -400 || d > 400 {
			return fmt.Errorf("left and right differ by %d", d)
		}
	}
	return nil
}

func TestEveryFormatIsDecoded(t *testing.T) {
	paths, err := filepath.Glob("testdata/sine-*")
	if err != nil || len(paths) < 25 {
		t.Fatalf("%d files, %v", len(paths), err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			// The encoder of MP3 puts silence before and behind, about 1100 samples each.
			slack := 5 * time.Millisecond
			if strings.HasSuffix(path, ".mp3") {
				slack = 150 * time.Millisecond
			}
			b := fixture(t, filepath.Base(path))
			c, err := decode(t.Context(), bytes.NewReader(b), int64(len(b)))
			if err == nil {
				err = checkSine(c, slack)
			}
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestEveryWAVIsDecoded(t *testing.T) {
	list := append([]byte("LIST\x05\x00\x00\x00"), "INFO!\x00"...)
	for _, rate := range []int{8000, 22050, 44100, 48000, 96000} {
		for _, channels := range []int{1, 2} {
			for _, bits := range []int{8, 16, 24} {
				plain := sineWAV(rate, channels, bits)
				noSize, allOnes, withList := plain, plain, plain
				noSize.claim, allOnes.claim = 0, math.MaxUint32
				withList.before = list
				trailing := append(plain.bytes(), list...)
				files := map[string][]byte{"plain": plain.bytes()}
				if bits == 16 {
					files["size 0"], files["size -1"], files["list"], files["trailing"] = noSize.bytes(), allOnes.bytes(), withList.bytes(), trailing
				}
				for name, b := range files {
					c, err := decode(t.Context(), bytes.NewReader(b), int64(len(b)))
					if err == nil {
						err = checkSine(c, 5*time.Millisecond)
					}
					if err != nil {
						t.Errorf("%d Hz, %d channels, %d bits, %s: %v", rate, channels, bits, name, err)
					}
				}
			}
		}
	}
}

// A kind is told by the content; what stands around the sound does not matter.
func TestSoundsInDisguise(t *testing.T) {
	tag := append([]byte("ID3\x04\x00\x00\x00\x00\x02\x00"), make([]byte, 256)...)
	old := append([]byte("TAG"), make([]byte, 125)...)
	mp3 := fixture(t, "sine-44100-2.mp3")
	extensible := sineWAV(44100, 1, 16).bytes()
	extensible = append(append(append([]byte(nil), extensible[:16]...), "\x28\x00\x00\x00\xfe\xff"...), extensible[22:]...)
	extensible = append(append(append([]byte(nil), extensible[:36]...),
		"\x16\x00\x10\x00\x04\x00\x00\x00\x01\x00\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"...), extensible[36:]...)
	for name, b := range map[string][]byte{
		"an MP3 called.wav":  mp3,
		"a FLAC called.mp3":  fixture(t, "sine-44100-1.flac"),
		"an Ogg called.flac": fixture(t, "sine-44100-1.ogg"),
		"a WAV called.txt":   sineWAV(44100, 2, 16).bytes(),
		"tag.mp3":            append(append([]byte(nil), tag...), mp3...),
		"low with tag.mp3":   append(append([]byte(nil), tag...), fixture(t, "sine-22050-1-32k.mp3")...),
		"tag behind.mp3":     append(append([]byte(nil), mp3...), old...),
		"low tag behind.mp3": append(fixture(t, "sine-22050-1-32k.mp3"), old...),
		"tag.flac":           append(append([]byte(nil), tag...), fixture(t, "sine-48000-2.flac")...),
		"extensible.wav":     extensible,
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, name, b)
			m := New(Options{})
			if err := m.Check(action.Sound{File: path}); err != nil {
				t.Fatal(err)
			}
			c, err := m.library.get(t.Context(), path)
			if err == nil {
				err = checkSine(c, 150*time.Millisecond)
			}
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

// badFiles are contents that cannot be played, with the reason that must be given.
func badFiles(t testing.TB) map[string]struct {
	content []byte
	reason  Reason
} {
	whole := sineWAV(44100, 2, 16)
	cut := whole.bytes()[:20000]
	long := wavFile{code: 1, channels: 1, bits: 8, rate: Rate, data: make([]byte, Rate*601), claim: -1}
	change := func(f func(*wavFile)) []byte {
		w := whole
		f(&w)
		return w.bytes()
	}
	flac, ogg := fixture(t, "sine-8000-1.flac"), fixture(t, "sine-8000-1.ogg")
	comments := bytes.Clone(ogg)
	at := bytes.Index(comments, []byte("\x03vorbis")) + 7
	at += 4 + int(binary.LittleEndian.Uint32(comments[at:]))
	binary.LittleEndian.PutUint32(comments[at:], math.MaxUint32)
	vendor := bytes.Clone(ogg)
	binary.LittleEndian.PutUint32(vendor[bytes.Index(vendor, []byte("\x03vorbis"))+7:], math.MaxUint32)
	codebook := bytes.Clone(ogg)
	copy(codebook[bytes.Index(codebook, []byte("BCV"))+3:], "\xff\xff\xff\xff\xff")
	// Two frames, stereo, 160 kbit/s: the second has a padding byte and needs it, and the first has no room left.
	dense := append([]byte("\xff\xf3\xe0\x00\x00\x3e\xa0"), make([]byte, 522-7)...)
	dense = append(append(dense, "\xff\xf3\xe2\x00\x00\x3e\xc0"...), make([]byte, 523-7)...)
	opus := append(append([]byte("OggS"), make([]byte, 24)...), "OpusHead"...)
	return map[string]struct {
		content []byte
		reason  Reason
	}{
		"empty":              {nil, Empty},
		"zeros":              {make([]byte, 5000), Empty},
		"text":               {[]byte(strings.Repeat("This is no sound.\n", 100)), NotASound},
		"two bytes":          {[]byte{0xff, 0xfb}, NotASound},
		"half a tag":         {[]byte("ID3\x04\x00\x00\x00\x00\x7f\x7f"), Damaged},
		"m4a":                {[]byte("\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00"), Unsupported},
		"opus":               {opus, Unsupported},
		"mpeg 2.5":           {fixture(t, "mpeg25-8000-1.mp3"), Unsupported},
		"dense low mp3":      {dense, Unsupported},
		"mp3 of noise":       {append([]byte{0xff, 0xfb, 0x90, 0x64}, bytes.Repeat([]byte{0x5a}, 3000)...), Damaged},
		"mp3 header only":    {fixture(t, "sine-44100-1.mp3")[:100], Damaged},
		"cut wav":            {cut, Damaged},
		"wav header only":    {whole.bytes()[:44], Damaged},
		"wav half header":    {whole.bytes()[:30], Damaged},
		"wav without data":   {change(func(w *wavFile) { w.data = nil; w.claim = -1 }), Damaged},
		"wav of floats":      {change(func(w *wavFile) { w.code, w.bits = 3, 32 }), Unsupported},
		"wav of 32 bits":     {change(func(w *wavFile) { w.bits = 32 }), Unsupported},
		"wav of adpcm":       {change(func(w *wavFile) { w.code = 2 }), Unsupported},
		"wav frame size 0":   {append(whole.bytes()[:32], append([]byte{0, 0}, whole.bytes()[34:]...)...), Damaged},
		"wav no channels":    {change(func(w *wavFile) { w.channels = 0; w.frameBytes = 4 }), Damaged},
		"wav rate 1":         {change(func(w *wavFile) { w.rate = 1 }), Unsupported},
		"wav rate -1":        {change(func(w *wavFile) { w.rate = -1 }), Unsupported},
		"wav huge chunk":     {change(func(w *wavFile) { w.before = []byte("LIST\xff\xff\xff\xff") }), Damaged},
		"wav negative chunk": {change(func(w *wavFile) { w.before = []byte("LIST\x00\x00\x00\x80") }), Damaged},
		"wav huge format":    {append([]byte("RIFF\x00\x00\x00\x00WAVEfmt \xff\xff\xff\x7f"), make([]byte, 100)...), Damaged},
		"eleven minutes":     {long.bytes(), TooLong},
		"cut flac":           {flac[:len(flac)/2], Damaged},
		"flac header only":   {flac[:42], Damaged},
		"flac of zeros":      {append([]byte("fLaC"), make([]byte, 200)...), Damaged},
		"ogg header only":    {ogg[:100], Damaged},
		"ogg comments":       {comments, Damaged},
		"ogg vendor":         {vendor, Damaged},
		"ogg codebook":       {codebook, Damaged},
	}
}

func TestBadFilesAreRefused(t *testing.T) {
	m := New(Options{})
	for name, bad := range badFiles(t) {
		t.Run(name, func(t *testing.T) {
			path := write(t, "sound.wav", bad.content)
			began := time.Now()
			err := m.Check(action.Sound{File: path})
			var f *FileError
			if !errors.As(err, &f) || f.Reason != bad.reason || f.File != path || !action.IsPermanent(err) {
				t.Errorf("Check = %v, want %s", err, bad.reason)
			}
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

func TestPathsAreChecked(t *testing.T) {
	huge := write(t, "huge.wav", nil)
	if err := os.Truncate(huge, MaxFileBytes+1); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]Reason{
		t.TempDir():                  NotAFile,
		"/no/such/file.wav":          NotFound,
		"a\x00b":                     Unreadable,
		huge:                         TooLarge,
		BundledPrefix + "none":       NoSuchSound,
		BundledPrefix + "../go.mod":  NoSuchSound,
		BundledPrefix:                NoSuchSound,
		os.DevNull:                   NotAFile,
		strings.Repeat("long/", 999): Unreadable,
	} {
		err := New(Options{}).Check(action.Sound{File: file})
		var f *FileError
		if !errors.As(err, &f) || f.Reason != want || !action.IsPermanent(err) {
			t.Errorf("Check(%.40q) = %v, want %s", file, err, want)
		}
	}
}

func TestDecodingEnds(t *testing.T) {
	path := write(t, "sound.wav", sineWAV(44100, 2, 16).bytes())
	err := New(Options{DecodeTimeout: 1}).Check(action.Sound{File: path})
	var f *FileError
	if !errors.As(err, &f) || f.Reason != TooSlow || action.IsPermanent(err) {
		t.Errorf("Check without time = %v, want TooSlow, not permanent", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := New(Options{}).library.get(ctx, path); !errors.Is(err, context.Canceled) || action.IsPermanent(err) {
		t.Errorf("get with an ended context = %v", err)
	}
}

// stuck is a decoder that gives nothing and says that more will come.
type stuck struct{}

func (stuck) Stream([][2]float64) (int, bool) { return 0, true }
func (stuck) Err() error                      { return nil }

func TestStuckDecoderIsGivenUp(t *testing.T) {
	for _, rate := range []int{Rate, 48000} {
		g := &guard{ctx: t.Context(), source: stuck{}}
		if _, err := collect(g, beep.SampleRate(rate), maxFrames); err == nil {
			t.Errorf("a decoder of %d Hz that gives nothing ended well", rate)
		}
	}
}

// endless is a decoder whose file unpacks for ever.
type endless struct{}

func (endless) Stream(samples [][2]float64) (int, bool) { return len(samples), true }
func (endless) Err() error                              { return nil }

func TestLengthIsBounded(t *testing.T) {
	for _, rate := range []beep.SampleRate{minRate, Rate, maxRate} {
		g := &guard{ctx: t.Context(), source: endless{}}
		var f fault
		if _, err := collect(g, rate, 100_000); !errors.As(err, &f) || f.reason != TooLong {
			t.Errorf("an endless sound at %d Hz: %v, want TooLong", rate, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range []string{
		"sine-8000-1.flac", "sine-8000-1.ogg", "sine-22050-1-32k.mp3", "sine-16000-1.mp3", "sine-22050-2-32k.mp3",
	} {
		f.Add(fixture(f, name))
	}
	for _, bad := range badFiles(f) {
		if len(bad.content) < 10_000 {
			f.Add(bad.content)
		}
	}
	short := sineWAV(8000, 1, 8)
	short.data = short.data[:100]
	f.Add(short.bytes())
	f.Fuzz(func(t *testing.T, content []byte) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		c, err := decode(ctx, bytes.NewReader(content), int64(len(content)))
		if errors.Is(err, context.DeadlineExceeded) {
			return // a small file may hold minutes
		}
		if err == nil && (len(c.frames) == 0 || c.duration() > MaxLength+time.Second) {
			t.Errorf("a clip of %v", c.duration())
		}
		var reason fault
		if err != nil && !errors.As(err, &reason) {
			t.Errorf("an error without a reason: %v", err)
		}
	})
}
