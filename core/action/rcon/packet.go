package rcon

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	codec "github.com/gorcon/rcon"
)

// sizeBytes is the length of the field that says how long the rest of a packet is.
const sizeBytes = 4

// newReader returns a reader with room for the largest packet that readPacket takes.
func newReader(in io.Reader) *bufio.Reader { return bufio.NewReaderSize(in, sizeBytes+maxPacket) }

// readPacket reads one packet from a reader that newReader made. When it fails because the rest has not come yet, nothing is
// taken, and it can be called again. The codec would allocate whatever size the server names, so the size is looked at first.
func readPacket(in *bufio.Reader) (*codec.Packet, error) {
	head, err := in.Peek(sizeBytes)
	if err != nil {
		return nil, fmt.Errorf("read packet: %w", err)
	}
	size := int32(binary.LittleEndian.Uint32(head)) //nolint:gosec // a negative size is refused by the codec
	if size > maxPacket {
		return nil, fmt.Errorf("%w: %d bytes", errPacket, size)
	}
	if _, err := in.Peek(sizeBytes + int(max(size, 0))); err != nil {
		return nil, fmt.Errorf("read packet: %w", err)
	}
	p := &codec.Packet{}
	if _, err := p.ReadFrom(in); err != nil {
		if errors.Is(err, codec.ErrResponseTooSmall) || errors.Is(err, codec.ErrInvalidPacketPadding) {
			return nil, fmt.Errorf("%w: %w", errPacket, err)
		}
		return nil, fmt.Errorf("read packet: %w", err)
	}
	return p, nil
}
