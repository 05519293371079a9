package sound

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// go-mp3 takes the padding byte of an MPEG-2 frame for nothing at every bit rate at which 144 * rate / 22050 is even (24, 32,
// 96 kbit/s and others): it loses the byte, and what follows comes out garbled. Only 22.05 kHz has padding at all. So such
// a stream is packed anew before it is decoded, into frames without padding, as large as there are: each holds its own data, and
// what does not fit goes into the room that the frame before has left.

const (
	lowRate = 22050
	// packedFrame is the size of each new frame: 160 kbit/s, the most that MPEG-2 has, rounded down as go-mp3 does.
	packedFrame = 144 * 160_000 / lowRate / 2
	packedIndex = 14
	// maxReservoir is how far back the data of a frame may begin: the 8 bits of main_data_begin.
	maxReservoir = 255
	crcBytes     = 2
)

// lowBitrates are those of MPEG-2 layer III in kbit/s, by the index in the header (ISO 13818-3, 2.4.2.3).
var lowBitrates = [16]int{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0}

// mp3Header is the beginning of an MPEG audio frame (ISO 11172-3, 2.4.1.3).
type mp3Header [4]byte

// isLow reports whether it is of MPEG-2 layer III at 22.05 kHz, with a bit rate.
func (h mp3Header) isLow() bool {
	return h[0] == 0xff && h[1]&0xfe == 0xf2 && h[2]&0x0c == 0 && lowBitrates[h[2]>>4] > 0
}

func (h mp3Header) isMono() bool { return h[3]>>6 == 3 }

func (h mp3Header) hasCRC() bool { return h[1]&1 == 0 }

// size is that of the whole frame in bytes: 576 samples at the bit rate, and the padding.
func (h mp3Header) size() int {
	return 72*lowBitrates[h[2]>>4]*1000/lowRate + int(h[2]>>1&1)
}

// sideBytes is the size of the side information.
func (h mp3Header) sideBytes() int {
	if h.isMono() {
		return 9
	}
	return 17
}

// packed returns the header of a new frame: the highest bit rate, no padding, no checksum.
func (h mp3Header) packed() mp3Header {
	h[1] |= 1
	h[2] = packedIndex<<4 | h[2]&^0xf2
	return h
}

// openMP3 returns r, packed anew where it must be.
func openMP3(r *bufio.Reader) io.Reader {
	head, err := r.Peek(4)
	if err != nil || !mp3Header(head).isLow() {
		return r
	}
	return &repacker{in: r}
}

// repacker reads a stream at 22.05 kHz and gives the new frames.
type repacker struct {
	in  *bufio.Reader
	out bytes.Reader
	// reservoir is the data of the frames before.
	reservoir []byte
	// held is the newest frame, of which used bytes are taken. It waits for what the next one has too much.
	held []byte
	used int
}

func (p *repacker) Read(b []byte) (int, error) {
	for p.out.Len() == 0 {
		frame, err := p.next()
		if err != nil {
			return 0, err
		}
		p.out.Reset(frame)
	}
	return p.out.Read(b)
}

// next returns a finished frame, or nothing for bytes between frames and frames whose beginning is missing.
func (p *repacker) next() ([]byte, error) {
	head, err := p.in.Peek(4)
	if err != nil {
		return p.last(err)
	}
	h := mp3Header(head)
	if !h.isLow() {
		_, err := p.in.Discard(1)
		return nil, err
	}
	frame, err := p.in.Peek(h.size())
	if err != nil {
		return p.last(err)
	}
	finished, err := p.pack(h, frame[4:])
	if err != nil {
		return nil, err
	}
	_, err = p.in.Discard(h.size())
	return finished, err
}

// last gives the frame that is held once nothing follows. A frame that the end of the file cuts off is dropped.
func (p *repacker) last(err error) ([]byte, error) {
	if p.held == nil || !errors.Is(err, io.EOF) {
		return nil, err
	}
	finished := p.held
	p.held = nil
	return finished, nil
}

// pack makes the new frame out of the body of the old one, and returns the one before it. The first byte of the side
// information tells how many bytes before this frame its data begins, and 12 bits for each channel how many bits of data it has.
func (p *repacker) pack(h mp3Header, body []byte) ([]byte, error) {
	if h.hasCRC() {
		body = body[min(crcBytes, len(body)):]
	}
	if len(body) < h.sideBytes() {
		return nil, nil
	}
	side, main := body[:h.sideBytes()], body[h.sideBytes():]
	data := append(p.reservoir, main...)
	begin := len(p.reservoir) - int(side[0])
	p.reservoir = bytes.Clone(data[max(0, len(data)-maxReservoir):])

	bits := bits12(side, 9)
	if !h.isMono() {
		bits = bits12(side, 10) + bits12(side, 73)
	}
	end := begin + (bits+7)/8
	if begin < 0 || end > len(data) {
		return nil, nil
	}
	return p.hold(h, side, data[begin:end])
}

// hold makes a frame of the data and returns the frame that was held. Data for which neither has room comes only in stereo at
// the highest bit rate, which nobody has reason to use at this sample rate.
func (p *repacker) hold(h mp3Header, side, data []byte) ([]byte, error) {
	spill := max(0, len(data)-(packedFrame-4-len(side)))
	if spill > maxReservoir || spill > len(p.held)-p.used {
		return nil, faultf(Unsupported, "MP3 of 22.05 kHz at 160 kbit/s")
	}
	finished := p.held
	copy(finished[len(finished)-spill:], data[:spill])

	packed := h.packed()
	frame := make([]byte, 0, packedFrame)
	frame = append(frame, packed[:]...)
	frame = append(append(frame, byte(spill)), side[1:]...)
	frame = append(frame, data[spill:]...)
	p.held, p.used = frame[:packedFrame], len(frame)
	return finished, nil
}

// bits12 reads 12 bits, the highest first, from a bit on.
func bits12(b []byte, at int) int {
	word := int(b[at/8])<<16 | int(b[at/8+1])<<8 | int(b[at/8+2])
	return word >> (12 - at%8) & 0xfff
}
