package sound

import (
	"bytes"
	"encoding/binary"
	"io"
)

const (
	// maxVorbisHeaders bounds the three header packets; a cover picture in the comments takes the most.
	maxVorbisHeaders = 16 << 20
	// maxCodebooks bounds the numbers that all codebooks of a file hold together. Encoders use some ten thousand.
	maxCodebooks = 1 << 22
)

// checkedVorbis reads the header packets of an Ogg Vorbis file and returns the whole file again. The decoder allocates what
// headers claim, up to gigabytes that no recover could save the program from.
func checkedVorbis(r io.Reader) (io.Reader, error) {
	var raw bytes.Buffer
	packets, err := oggPackets(io.TeeReader(r, &raw), 3)
	if err != nil {
		return nil, faultf(Damaged, "the headers are cut off: %w", err)
	}
	if err := checkComments(packets[1]); err != nil {
		return nil, err
	}
	if err := checkCodebooks(packets[2]); err != nil {
		return nil, err
	}
	return io.MultiReader(&raw, r), nil
}

// oggPackets returns the first n packets of an Ogg stream (RFC 3533, section 6), reading whole pages.
func oggPackets(r io.Reader, n int) ([][]byte, error) {
	var packets [][]byte
	var open []byte
	for total := 0; len(packets) < n; {
		var head [27]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return nil, err
		}
		if string(head[:4]) != "OggS" {
			return nil, faultf(Damaged, "no Ogg page where one must be")
		}
		lengths := make([]byte, head[26])
		if _, err := io.ReadFull(r, lengths); err != nil {
			return nil, err
		}
		for _, length := range lengths {
			piece := make([]byte, length)
			if _, err := io.ReadFull(r, piece); err != nil {
				return nil, err
			}
			open = append(open, piece...)
			if length < 255 { // only the last piece of a packet is shorter
				packets, open = append(packets, open), nil
			}
		}
		if total += 27 + len(open); total > maxVorbisHeaders || len(open) > maxVorbisHeaders {
			return nil, faultf(Damaged, "headers without end")
		}
	}
	return packets, nil
}

// checkComments sees that there can be as many comments as the packet says: each takes four bytes at least.
func checkComments(packet []byte) error {
	const vendorAt = 7
	if len(packet) < vendorAt+8 || string(packet[:vendorAt]) != "\x03vorbis" {
		return faultf(Damaged, "no comment header")
	}
	vendor := uint64(binary.LittleEndian.Uint32(packet[vendorAt:]))
	if vendor > uint64(len(packet)-vendorAt-8) {
		return faultf(Damaged, "a vendor name of %d bytes", vendor)
	}
	rest := packet[vendorAt+4+vendor:]
	if count := binary.LittleEndian.Uint32(rest); uint64(count)*4 > uint64(len(rest)) {
		return faultf(Damaged, "%d comments", count)
	}
	return nil
}

// checkCodebooks bounds the size of the codebooks. Each begins, at any bit, with the pattern "BCV", 16 bits of dimensions and
// 24 bits of entries, the lowest bit first (Vorbis I, section 3.2.1), which makes 64 bits.
func checkCodebooks(packet []byte) error {
	if len(packet) < 8 || string(packet[:7]) != "\x05vorbis" {
		return faultf(Damaged, "no setup header")
	}
	total := uint64(0)
	for i := 0; i+9 <= len(packet); i++ {
		low, high := binary.LittleEndian.Uint64(packet[i:]), uint64(packet[i+8])
		for shift := range 8 {
			bits := low>>shift | high<<(64-shift)
			if bits&0xffffff != 0x564342 {
				continue
			}
			dimensions, entries := bits>>24&0xffff, bits>>40
			total += entries * max(dimensions, 1)
			if total > maxCodebooks {
				return faultf(Damaged, "codebooks of more than %d numbers", maxCodebooks)
			}
		}
	}
	return nil
}
