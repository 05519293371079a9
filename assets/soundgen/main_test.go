package main

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// The files in assets/sounds are what the recipes make. A difference of one step is another processor's rounding.
func TestFilesAreUpToDate(t *testing.T) {
	for _, r := range recipes() {
		t.Run(r.name, func(t *testing.T) {
			have, err := os.ReadFile(filepath.Join("..", "sounds", r.name+".wav"))
			if err != nil {
				t.Fatal(err)
			}
			want := wav(r.render())
			if len(have) != len(want) {
				t.Fatalf("%d bytes, want %d: run go run ./assets/soundgen", len(have), len(want))
			}
			for i := 44; i < len(want); i += 2 {
				if d := sampleAt(have, i) - sampleAt(want, i); d < -1 || d > 1 {
					t.Fatalf("sample %d differs by %d: run go run ./assets/soundgen", (i-44)/2, d)
				}
			}
		})
	}
}

func sampleAt(b []byte, i int) int { return int(int16(binary.LittleEndian.Uint16(b[i:]))) }

func TestSoundsAreWellMade(t *testing.T) {
	total := 0
	for _, r := range recipes() {
		pcm := r.render()
		total += len(pcm) * 2
		loudest, mean := 0, 0.0
		for _, s := range pcm {
			loudest = max(loudest, int(math.Abs(float64(s))))
			mean += float64(s) / float64(len(pcm))
		}
		if level := 20 * math.Log10(float64(loudest)/32767); math.Abs(level+3) > 0.1 {
			t.Errorf("%s has its peak at %.2f dBFS, want -3", r.name, level)
		}
		if math.Abs(mean) > 100 {
			t.Errorf("%s is off the middle by %.0f", r.name, mean)
		}
		if r.seconds < 0.3 || r.seconds > 2 {
			t.Errorf("%s takes %.1f s", r.name, r.seconds)
		}
		if last := pcm[len(pcm)-1]; last < -100 || last > 100 {
			t.Errorf("%s ends with a click of %d", r.name, last)
		}
	}
	if total > 1<<20 {
		t.Errorf("the sounds take %d bytes", total)
	}
}
