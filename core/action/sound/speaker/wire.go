package speaker

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"github.com/livecue/livecue/core/action/sound"
)

// The conversation between parent and child. The child writes notes to its standard output; the parent answers each want
// with the frames that it asks for, 32-bit floats, little-endian, left before right, and nothing else.
const (
	channels    = 2
	sampleBytes = 4
	frameBytes  = channels * sampleBytes
	// askFrames is how many frames the child asks for at a time, 5 ms: a quarter of the buffer.
	askFrames = sound.Rate / 200
	// maxFrames bounds what a parent is willing to give at a time.
	maxFrames = 1 << 16
	maxText   = 4096
)

// noteKind tells what a child writes.
type noteKind byte

const (
	// noteWant asks for Count frames, and tells how many were played.
	noteWant noteKind = 'W'
	// noteFailed is followed by Count bytes of text: why there is no sound. It is the last one.
	noteFailed noteKind = 'F'
)

// note is what a child says, 13 bytes on the wire.
type note struct {
	Kind   noteKind
	Count  uint32
	Played int64
}

func writeNote(w io.Writer, n note) error {
	b, err := binary.Append(nil, binary.LittleEndian, n)
	if err != nil {
		return fmt.Errorf("encode note: %w", err)
	}
	if _, err := w.Write(b); err != nil {
		return fmt.Errorf("write note: %w", err)
	}
	return nil
}

func readNote(r io.Reader) (note, error) {
	var n note
	if err := binary.Read(r, binary.LittleEndian, &n); err != nil {
		return note{}, fmt.Errorf("read note: %w", err)
	}
	limit := uint32(maxFrames)
	if n.Kind == noteFailed {
		limit = maxText
	}
	if n.Count > limit {
		return note{}, fmt.Errorf("a note asks for %d", n.Count)
	}
	return n, nil
}

// appendFrames appends the frames as they go over the wire.
func appendFrames(b []byte, frames [][2]float32) []byte {
	for _, f := range frames {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(f[0]))
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(f[1]))
	}
	return b
}
