package sound

import (
	"bufio"
	"context"
	"errors"
	"io"
	"time"

	"github.com/gopxl/beep/v2"
	"github.com/gopxl/beep/v2/flac"
	"github.com/gopxl/beep/v2/mp3"
	"github.com/gopxl/beep/v2/vorbis"
	"github.com/gopxl/beep/v2/wav"
)

const (
	// minRate and maxRate are the sample rates that a file may have, in Hz. Outside, its header is nonsense, and
	// resampling would multiply its length.
	minRate, maxRate = 4000, 384_000
	// resampleQuality is how many samples on each side beep's interpolation looks at: at 3, what it adds stays below -60 dB.
	resampleQuality = 3
	// patience is how many times a decoder may give nothing without saying that it is at its end.
	patience = 1000
	// maxFrames is what MaxLength comes to.
	maxFrames = int(MaxLength / time.Second * Rate)
)

// clip is a decoded sound: stereo at Rate, 16 bits, half the memory of floats and as good as what most files hold.
type clip struct {
	frames [][2]int16
}

func (c *clip) bytes() int64 { return int64(len(c.frames)) * 4 }

// duration is how long the clip plays.
func (c *clip) duration() time.Duration {
	return time.Duration(len(c.frames)) * time.Second / Rate
}

// decode reads a whole file. Its kind is told by its content. A decoder that panics on nonsense counts as a damaged file.
func decode(ctx context.Context, r io.Reader, size int64) (c *clip, err error) {
	defer func() {
		if p := recover(); p != nil {
			c, err = nil, faultf(Damaged, "decoder: %v", p)
		}
	}()
	if size == 0 {
		return nil, fault{Empty, nil}
	}
	in := &input{ctx: ctx, r: r, left: MaxFileBytes}
	buffered := bufio.NewReaderSize(in, 64<<10)
	stream, format, err := open(buffered)
	if err != nil {
		return nil, in.explain(err)
	}
	defer func() { _ = stream.Close() }() // reading is over, and the file has its owner
	if format.SampleRate < minRate || format.SampleRate > maxRate {
		return nil, faultf(Unsupported, "a sample rate of %d Hz", format.SampleRate)
	}
	g := &guard{ctx: ctx, source: stream}
	c, err = collect(g, format.SampleRate, maxFrames)
	if err != nil {
		return nil, in.explain(err)
	}
	return c, nil
}

// open finds the decoder for what r holds.
func open(r *bufio.Reader) (beep.StreamSeekCloser, beep.Format, error) {
	kind, err := sniff(r)
	if err != nil {
		return nil, beep.Format{}, err
	}
	switch kind {
	case kindWAV:
		plain, err := plainWAV(r)
		if err != nil {
			return nil, beep.Format{}, err
		}
		return wav.Decode(plain)
	case kindFLAC:
		return flac.Decode(r)
	case kindVorbis:
		checked, err := checkedVorbis(r)
		if err != nil {
			return nil, beep.Format{}, err
		}
		return vorbis.Decode(io.NopCloser(checked))
	default:
		return mp3.Decode(io.NopCloser(openMP3(r)))
	}
}

// collect resamples a stream to Rate and keeps it, if it has no more than limit frames.
func collect(g *guard, rate beep.SampleRate, limit int) (*clip, error) {
	var s beep.Streamer = g
	if rate != Rate {
		s = beep.Resample(resampleQuality, rate, Rate, g)
	}
	c := &clip{}
	var buf [2048][2]float64
	for {
		n, ok := s.Stream(buf[:])
		for _, f := range buf[:n] {
			c.frames = append(c.frames, [2]int16{sample(f[0]), sample(f[1])})
		}
		if len(c.frames) > limit {
			return nil, faultf(TooLong, "more than %v", MaxLength)
		}
		if !ok {
			break
		}
	}
	switch err := g.Err(); {
	case err != nil:
		return nil, err
	case len(c.frames) == 0:
		return nil, fault{Empty, nil}
	}
	// What append reserved beyond the end would count for nothing and stay for as long as the clip.
	c.frames = append(make([][2]int16, 0, len(c.frames)), c.frames...)
	return c, nil
}

// sample rounds a value of -1 to 1; anything that is no number is silence.
func sample(v float64) int16 {
	if v != v {
		return 0
	}
	return int16(max(-32768, min(32767, v*32768)))
}

// input bounds what a decoder reads and ends it when ctx does. It remembers why reading failed, because decoders take a
// failed read for the end of the file.
type input struct {
	ctx  context.Context
	r    io.Reader
	left int64
	err  error
}

func (in *input) Read(p []byte) (int, error) {
	if err := in.ctx.Err(); err != nil {
		in.err = err
		return 0, err
	}
	if in.left <= 0 {
		in.err = faultf(TooLarge, "more than %d MB", MaxFileBytes>>20)
		return 0, in.err
	}
	n, err := in.r.Read(p)
	in.left -= int64(n)
	if err != nil && err != io.EOF {
		in.err = fault{Unreadable, err}
	}
	return n, err
}

// explain finds the reason for an error of decoding: the reading, if that failed; else what the file holds.
func (in *input) explain(err error) error {
	var f fault
	switch {
	case in.err != nil:
		return in.err
	case errors.As(err, &f), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	default:
		return fault{Damaged, err}
	}
}

// guard stands between a decoder and whoever hears it. It ends a decoder that makes no progress, as beep's for WAV does
// on a file that is cut off, and it always fills what it is given up to the end, because beep's resampler takes less for the
// end.
type guard struct {
	ctx    context.Context
	source beep.Streamer
	ended  bool
	err    error
}

func (g *guard) Stream(samples [][2]float64) (int, bool) {
	filled := 0
	for idle := 0; filled < len(samples) && !g.ended; {
		if err := g.ctx.Err(); err != nil {
			g.end(err)
			break
		}
		n, ok := g.source.Stream(samples[filled:])
		filled += n
		if !ok {
			g.end(g.source.Err())
		}
		if idle++; n > 0 {
			idle = 0
		}
		if idle > patience {
			g.end(errors.New("the decoder gives nothing more"))
		}
	}
	return filled, filled > 0
}

// end keeps why the decoder ended. That nothing follows in a WAV of unknown size is no error.
func (g *guard) end(err error) {
	g.ended = true
	if !errors.Is(err, errSamplesEnd) {
		g.err = err
	}
}

func (g *guard) Err() error { return g.err }
