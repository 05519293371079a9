package speaker

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

// counter is an Output that numbers its frames.
type counter struct {
	given  int
	played []int64
}

func (c *counter) Fill(frames [][2]float32) {
	for i := range frames {
		c.given++
		frames[i] = [2]float32{float32(c.given), -float32(c.given)}
	}
}

func (c *counter) Played(frames int64) { c.played = append(c.played, frames) }

func notesOf(t *testing.T, notes ...note) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	for _, n := range notes {
		if err := writeNote(&b, n); err != nil {
			t.Fatal(err)
		}
	}
	return &b
}

func TestParentAnswersEachWant(t *testing.T) {
	var sent bytes.Buffer
	out := &counter{}
	notes := notesOf(t, note{noteWant, 2, 0}, note{noteWant, 1, 2}, note{noteFailed, 7, 0})
	notes.WriteString("no plug")
	err := serveChild(notes, &sent, out)
	var said deviceError
	if !errors.As(err, &said) || said != "no plug" || failure(err).Error() != "no plug" {
		t.Errorf("serveChild = %v, want what the child said", err)
	}
	want := appendFrames(nil, [][2]float32{{1, -1}, {2, -2}, {3, -3}})
	if !bytes.Equal(sent.Bytes(), want) || len(want) != 3*frameBytes {
		t.Errorf("it sent %d bytes %x", sent.Len(), sent.Bytes())
	}
	if len(out.played) != 2 || out.played[1] != 2 {
		t.Errorf("it told %v as played", out.played)
	}
}

func TestParentRefusesNonsense(t *testing.T) {
	for name, notes := range map[string]io.Reader{
		"nothing":       strings.NewReader(""),
		"half a note":   strings.NewReader("W\x00"),
		"unknown kind":  notesOf(t, note{'?', 1, 0}),
		"a huge wish":   notesOf(t, note{noteWant, maxFrames + 1, 0}),
		"a huge text":   notesOf(t, note{noteFailed, maxText + 1, 0}),
		"half the text": io.MultiReader(notesOf(t, note{noteFailed, 9, 0}), strings.NewReader("no")),
	} {
		var sent bytes.Buffer
		err := serveChild(notes, &sent, &counter{})
		if err == nil || sent.Len() != 0 {
			t.Errorf("%s: %v, and %d bytes were sent", name, err, sent.Len())
		}
		if text := failure(err).Error(); !strings.Contains(text, "ended") {
			t.Errorf("%s: %q", name, text)
		}
	}
}

func TestProgramThatCannotStart(t *testing.T) {
	s := &Speaker{Program: "/no/such/program"}
	if err := s.Play(t.Context(), &counter{}); err == nil || !strings.Contains(err.Error(), "start the sound output") {
		t.Errorf("Play = %v", err)
	}
}

func TestTailIsBounded(t *testing.T) {
	var tl tail
	for range 1000 {
		if n, err := tl.Write([]byte("ALSA lib grumbles\n")); n != 18 || err != nil {
			t.Fatal(n, err)
		}
	}
	if len(tl.String()) != tailBytes || !strings.HasSuffix(tl.String(), "grumbles\n") {
		t.Errorf("%d bytes, ending in %q", len(tl.b), tl.String()[tailBytes-10:])
	}
}
