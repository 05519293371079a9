package sound

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"time"
)

// Formats of WAV (Microsoft, mmreg.h).
const (
	wavePCM        = 0x0001
	waveFloat      = 0x0003
	waveExtensible = 0xfffe
)

// wavFormat is what matters of a "fmt " chunk.
type wavFormat struct {
	Code       uint16
	Channels   uint16
	Rate       uint32
	ByteRate   uint32
	FrameBytes uint16
	Bits       uint16
}

// plainWAV reads the chunks before the samples and returns the same sound with the plainest header there is. beep's decoder
// trusts every number of a header: it allocates what a chunk claims, divides by a frame size of zero, and waits for ever
// for samples that are not there.
func plainWAV(r *bufio.Reader) (io.Reader, error) {
	if _, err := r.Discard(12); err != nil {
		return nil, faultf(Damaged, "the header is cut off: %w", err)
	}
	var format *wavFormat
	for {
		var chunk struct {
			ID   [4]byte
			Size uint32
		}
		if err := binary.Read(r, binary.LittleEndian, &chunk); err != nil {
			return nil, faultf(Damaged, "no samples: %w", err)
		}
		switch id := string(chunk.ID[:]); {
		case id == "data" && format == nil:
			return nil, faultf(Damaged, "no format before the samples")
		case id == "data":
			return samplesOf(r, *format, chunk.Size)
		case id == "fmt ":
			f, err := readFormat(r, chunk.Size)
			if err != nil {
				return nil, err
			}
			format = &f
		default:
			if _, err := io.CopyN(io.Discard, r, padded(chunk.Size)); err != nil {
				return nil, faultf(Damaged, "chunk %q is cut off: %w", id, err)
			}
		}
	}
}

// padded is the room that a chunk takes: an odd size is followed by a byte.
func padded(size uint32) int64 { return int64(size) + int64(size%2) }

func readFormat(r *bufio.Reader, size uint32) (wavFormat, error) {
	if size < 16 || size > 4096 {
		return wavFormat{}, faultf(Damaged, "a format chunk of %d bytes", size)
	}
	body := make([]byte, padded(size))
	if _, err := io.ReadFull(r, body); err != nil {
		return wavFormat{}, faultf(Damaged, "the format is cut off: %w", err)
	}
	var f wavFormat
	if _, err := binary.Decode(body, binary.LittleEndian, &f); err != nil {
		return wavFormat{}, faultf(Damaged, "the format: %w", err)
	}
	if f.Code == waveExtensible && size >= 26 {
		f.Code = binary.LittleEndian.Uint16(body[24:]) // the first field of the sub-format's GUID
	}
	return f, f.check()
}

func (f wavFormat) check() error {
	switch {
	case f.Code == waveFloat:
		return faultf(Unsupported, "WAV with %d-bit floats", f.Bits)
	case f.Code != wavePCM:
		return faultf(Unsupported, "WAV with codec 0x%04x", f.Code)
	case f.Bits != 8 && f.Bits != 16 && f.Bits != 24:
		return faultf(Unsupported, "WAV with %d bits", f.Bits)
	case f.Channels == 0 || f.Channels > 8:
		return faultf(Damaged, "%d channels", f.Channels)
	case f.FrameBytes != f.Channels*(f.Bits/8):
		return faultf(Damaged, "frames of %d bytes", f.FrameBytes)
	case f.Rate < minRate || f.Rate > maxRate:
		return faultf(Unsupported, "a sample rate of %d Hz", f.Rate)
	default:
		return nil
	}
}

// samplesOf returns the samples that follow in r behind a new header. A program that wrote to a pipe could not know the size
// and left 0 or a number near the end of the range: then the samples go to the end of the file.
func samplesOf(r *bufio.Reader, f wavFormat, size uint32) (io.Reader, error) {
	data := &samples{r: r, frame: int(f.FrameBytes), left: int64(size)}
	if size == 0 || size >= math.MaxInt32-0xffff {
		data.left, data.isOpen = math.MaxInt32, true
	}
	data.left -= data.left % int64(f.FrameBytes)
	if seconds := data.left / int64(f.FrameBytes) / int64(f.Rate); !data.isOpen && seconds > int64(MaxLength/time.Second) {
		return nil, faultf(TooLong, "%d s", seconds)
	}
	if data.left == 0 {
		return nil, fault{Empty, nil}
	}
	if _, err := r.Peek(1); errors.Is(err, io.EOF) {
		return nil, faultf(Damaged, "no samples")
	}
	f.Code, f.ByteRate = wavePCM, f.Rate*uint32(f.FrameBytes)
	head := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00")
	head, err := binary.Append(head, binary.LittleEndian, f)
	if err != nil {
		return nil, fmt.Errorf("write the format: %w", err)
	}
	head = append(head, "data"...)
	head = binary.LittleEndian.AppendUint32(head, uint32(data.left))
	data.head = head
	return data, nil
}

// samples gives a header and then whole frames: beep's decoder loses the rest of a frame that a short read cut.
type samples struct {
	head  []byte
	r     io.Reader
	frame int
	left  int64
	// isOpen says that nobody knows where the samples end but the file.
	isOpen bool
}

func (s *samples) Read(p []byte) (int, error) {
	if len(s.head) > 0 {
		n := copy(p, s.head)
		s.head = s.head[n:]
		return n, nil
	}
	if s.left == 0 {
		return 0, io.EOF
	}
	n, err := io.ReadFull(s.r, p[:min(int64(len(p)), s.left)])
	s.left -= int64(n)
	if err == nil {
		return n, nil
	}
	if s.isOpen && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)) {
		// The decoder was told of more to come, and nothing but an error ends it.
		s.left = 0
		return n - n%s.frame, errSamplesEnd
	}
	return n, faultf(Damaged, "the samples are cut off, %d bytes are missing: %w", s.left, err)
}

// errSamplesEnd ends a WAV whose header does not know its size.
var errSamplesEnd = errors.New("end of the samples")
