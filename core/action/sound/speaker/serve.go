package speaker

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"time"

	"github.com/ebitengine/oto/v3"

	"github.com/livecue/livecue/core/action/sound"
)

// errorEvery is how often the child looks whether its device has failed.
const errorEvery = 50 * time.Millisecond

// Serve is the child's whole life: it opens the sound system, asks on notes for sound, reads it from in, and plays it. It
// returns nil when in ends, because then the parent wants no more or is gone, and otherwise why the device failed, after it
// has told the parent. It can be called once in the life of a process. An interrupt from the terminal is left to the parent.
func Serve(in io.Reader, notes io.Writer) error {
	signal.Ignore(os.Interrupt)
	err := serve(in, notes)
	if err == nil {
		return nil
	}
	text := err.Error()
	text = text[:min(len(text), maxText)]
	told := writeNote(notes, note{Kind: noteFailed, Count: uint32(len(text))})
	if told == nil {
		_, told = io.WriteString(notes, text)
	}
	return errors.Join(err, told)
}

func serve(in io.Reader, notes io.Writer) error {
	if err := checkOutputs(); err != nil {
		return err
	}
	system, ready, err := oto.NewContext(&oto.NewContextOptions{
		SampleRate:   sound.Rate,
		ChannelCount: channels,
		Format:       oto.FormatFloat32LE,
		BufferSize:   sound.BufferSize / 2,
	})
	if err != nil {
		return fmt.Errorf("open the sound system: %w", err)
	}
	<-ready // for ever, if the driver hangs: then the parent sees no movement and kills this process
	if err := system.Err(); err != nil {
		return fmt.Errorf("open the sound device: %w", err)
	}
	p := &puller{in: in, notes: notes, ended: make(chan struct{})}
	p.player = system.NewPlayer(p)
	p.player.SetBufferSize(int(sound.BufferSize/2*sound.Rate/time.Second) * frameBytes)
	p.player.Play()
	defer p.player.Close() //nolint:errcheck // it tells the error that Err tells
	return watch(system, p)
}

// watch waits for the end of the sound, or of the device.
func watch(system *oto.Context, p *puller) error {
	tick := time.NewTicker(errorEvery)
	defer tick.Stop()
	for {
		select {
		case <-p.ended:
			return nil
		case <-tick.C:
			if err := system.Err(); err != nil {
				return fmt.Errorf("the sound device failed: %w", err)
			}
		}
	}
}

// puller is the reader that oto plays from. oto calls it from one goroutine at a time.
type puller struct {
	in     io.Reader
	notes  io.Writer
	player *oto.Player
	given  int64
	once   sync.Once
	// ended is closed when the parent gives no more.
	ended chan struct{}
}

// Read asks the parent for a few frames. It gives less than p has room for, so that little sound waits in buffers.
func (p *puller) Read(b []byte) (int, error) {
	frames := min(askFrames, len(b)/frameBytes)
	if err := writeNote(p.notes, note{Kind: noteWant, Count: uint32(frames), Played: p.played()}); err != nil {
		return 0, p.end()
	}
	n, err := io.ReadFull(p.in, b[:frames*frameBytes])
	if err != nil {
		return 0, p.end()
	}
	p.given += int64(frames)
	return n, nil
}

// end makes oto play what it has and then stop asking.
func (p *puller) end() error {
	p.once.Do(func() { close(p.ended) })
	return io.EOF
}

// played is how many frames must have left the device: all but those that oto and the device can hold.
func (p *puller) played() int64 {
	const device = int64(sound.BufferSize / 2 * sound.Rate / time.Second)
	return max(0, p.given-int64(p.player.BufferedSize()/frameBytes)-device)
}
