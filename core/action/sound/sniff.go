package sound

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// kind is what a file holds.
type kind int

const (
	kindWAV kind = iota
	kindMP3
	kindFLAC
	kindVorbis
)

// foreign are the beginnings of sound files that LiveCue cannot play, at an offset into the file.
var foreign = []struct {
	at   int
	mark string
	name string
}{
	{4, "ftyp", "MP4 or M4A"},
	{0, "\x1aE\xdf\xa3", "WebM or Matroska"},
	{0, "FORM", "AIFF"},
	{0, "RIFX", "big-endian WAV"},
	{0, "RF64", "RF64"},
	{0, "MThd", "MIDI"},
	{0, "0&\xb2u", "Windows Media"},
	{0, ".snd", "AU"},
	{0, "#!AMR", "AMR"},
	{28, "OpusHead", "Ogg Opus"},
	{29, "FLAC", "Ogg FLAC"},
	{28, "Speex", "Ogg Speex"},
}

// sniff tells by its first bytes what r holds, and leaves r at the beginning of that.
func sniff(r *bufio.Reader) (kind, error) {
	if err := skipID3(r); err != nil {
		return 0, err
	}
	head, err := r.Peek(64)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	has := func(at int, mark string) bool {
		return len(head) >= at+len(mark) && string(head[at:at+len(mark)]) == mark
	}
	switch {
	case has(0, "RIFF") && has(8, "WAVE"):
		return kindWAV, nil
	case has(0, "fLaC"):
		return kindFLAC, nil
	case has(0, "OggS") && has(28, "\x01vorbis"):
		return kindVorbis, nil
	}
	for _, f := range foreign {
		if has(f.at, f.mark) {
			return 0, faultf(Unsupported, "%s", f.name)
		}
	}
	if len(bytes.Trim(head, "\x00")) == 0 {
		return 0, fault{Empty, nil}
	}
	return sniffMP3(head)
}

// sniffMP3 looks for the header of an MPEG audio frame: eleven set bits, then version, layer, bit rate and sample rate
// (ISO 11172-3, 2.4.1.3). There is no other mark.
func sniffMP3(head []byte) (kind, error) {
	if len(head) < 4 || head[0] != 0xff || head[1]&0xe0 != 0xe0 {
		return 0, fault{NotASound, nil}
	}
	version, layer := head[1]>>3&3, head[1]>>1&3
	switch {
	case version == 1 || head[2]>>4 == 15 || head[2]>>2&3 == 3:
		return 0, fault{NotASound, nil}
	case layer == 0:
		return 0, faultf(Unsupported, "AAC")
	case layer != 1:
		return 0, faultf(Unsupported, "MPEG audio of layer %d", 4-layer)
	case version == 0:
		return 0, faultf(Unsupported, "MP3 of less than 16 kHz")
	default:
		return kindMP3, nil
	}
}

// skipID3 passes over ID3v2 tags, which may stand before MP3 and FLAC alike and hold pictures of megabytes. Their size is
// four times seven bits (id3.org, ID3v2.4 section 3.1).
func skipID3(r *bufio.Reader) error {
	for {
		head, err := r.Peek(10)
		if err != nil || string(head[:3]) != "ID3" {
			return nil // whatever is too short for a tag is told by who reads it
		}
		size := 10
		for i, shift := range []int{21, 14, 7, 0} {
			size += int(head[6+i]&0x7f) << shift
		}
		if head[5]&0x10 != 0 {
			size += 10 // a footer
		}
		if _, err := r.Discard(size); err != nil {
			return faultf(Damaged, "the tag is cut off: %w", err)
		}
	}
}
