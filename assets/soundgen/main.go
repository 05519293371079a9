// Command soundgen makes the bundled sounds. Run it from the root of the project:
//
//	go run ./assets/soundgen
//
// Everything is computed, noise included, so that each run writes the same files.
package main

import (
	"encoding/binary"
	"flag"
	"fmt"
	"log"
	"math"
	"os"
	"path/filepath"
)

const (
	rate = 44100
	// peak is the loudest sample, -3 dBFS.
	peak = 0.7079
	// fadeOut is how long the end is faded, in seconds: no sound ends with a click.
	fadeOut = 0.02
)

// recipe is how one sound is made.
type recipe struct {
	name    string
	seconds float64
	make    func(*tape)
}

func recipes() []recipe {
	return []recipe{
		{"bell", 1.3, bell},
		{"boing", 0.7, boing},
		{"chime", 1.0, chime},
		{"coin", 0.55, coin},
		{"drum-roll", 1.3, drumRoll},
		{"fail", 1.5, fail},
		{"fanfare", 1.3, fanfare},
		{"level-up", 0.8, levelUp},
		{"pop", 0.3, pop},
		{"whoosh", 0.7, whoosh},
	}
}

func main() {
	dir := flag.String("dir", filepath.Join("assets", "sounds"), "the folder to write to")
	flag.Parse()
	for _, r := range recipes() {
		path := filepath.Join(*dir, r.name+".wav")
		if err := os.WriteFile(path, wav(r.render()), 0o644); err != nil {
			log.Fatalf("write %s: %v", r.name, err)
		}
		fmt.Println(path)
	}
}

// render plays the recipe, fades its end and brings it to the common level.
func (r recipe) render() []int16 {
	t := newTape(r.seconds)
	r.make(t)
	loudest := 0.0
	for i := range t.samples {
		left := float64(len(t.samples)-i) / (fadeOut * rate)
		t.samples[i] *= min(1, left)
		loudest = max(loudest, math.Abs(t.samples[i]))
	}
	pcm := make([]int16, len(t.samples))
	for i, s := range t.samples {
		pcm[i] = int16(math.Round(s / loudest * peak * 32767))
	}
	return pcm
}

// wav wraps mono samples into a file of 16-bit PCM.
func wav(pcm []int16) []byte {
	le := binary.LittleEndian
	size := uint32(len(pcm) * 2)
	b := append([]byte(nil), "RIFF"...)
	b = le.AppendUint32(b, 36+size)
	b = append(b, "WAVEfmt "...)
	b = le.AppendUint32(b, 16)
	b = le.AppendUint16(b, 1) // PCM
	b = le.AppendUint16(b, 1) // mono
	b = le.AppendUint32(b, rate)
	b = le.AppendUint32(b, rate*2)
	b = le.AppendUint16(b, 2)
	b = le.AppendUint16(b, 16)
	b = append(b, "data"...)
	b = le.AppendUint32(b, size)
	for _, s := range pcm {
		b = le.AppendUint16(b, uint16(s))
	}
	return b
}
