package program

import (
	"strings"

	"github.com/livecue/livecue/core/action"
)

// maxOutput is how much of a program's output is kept, in bytes. The rest is read and forgotten, so that the program goes on.
const maxOutput = 8 << 10

// head keeps the beginning of what is written to it.
type head struct{ b []byte }

// Write implements io.Writer.
func (h *head) Write(p []byte) (int, error) {
	h.b = append(h.b, p[:min(len(p), maxOutput-len(h.b))]...)
	return len(p), nil
}

// firstLine returns the first line that has something in it, fit to be shown.
func (h *head) firstLine() string {
	for line := range strings.Lines(string(h.b)) {
		if line = action.Printable(line, maxReply); line != "" {
			return line
		}
	}
	return ""
}

// tail keeps the end of what is written to it.
type tail struct{ b []byte }

// Write implements io.Writer.
func (t *tail) Write(p []byte) (int, error) {
	t.b = append(t.b, p[max(0, len(p)-maxOutput):]...)
	if extra := len(t.b) - maxOutput; extra > 0 {
		t.b = append(t.b[:0], t.b[extra:]...)
	}
	return len(p), nil
}

// lastLine returns the last line that has something in it, fit to be shown.
func (t *tail) lastLine() string {
	last := ""
	for line := range strings.Lines(string(t.b)) {
		if line = action.Printable(line, maxReply); line != "" {
			last = line
		}
	}
	return last
}
