package logbook

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// recentLines is how many lines are kept in memory.
const recentLines = 1000

// Line is one record of the log as a page shows it.
type Line struct {
	Time  time.Time
	Level slog.Level
	// Message says what happened; it is the same each time that it does.
	Message string
	// Details are the attributes as key=value, with quotes where a value has spaces; empty without attributes.
	Details string
}

// recorder keeps the newest lines. It is safe for concurrent use.
type recorder struct {
	level slog.Leveler

	mu     sync.Mutex
	lines  []Line
	oldest int // where in lines, once they are full
	text   bytes.Buffer
}

// recent returns a copy of the lines, the oldest first.
func (r *recorder) recent() []Line {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append(append([]Line(nil), r.lines[r.oldest:]...), r.lines[:r.oldest]...)
}

// handler returns a slog.Handler that records.
func (r *recorder) handler() slog.Handler {
	text := slog.NewTextHandler(&r.text, &slog.HandlerOptions{
		Level: r.level,
		ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			if _, isLevel := a.Value.Any().(slog.Level); isLevel && len(groups) == 0 && a.Key == slog.LevelKey {
				return slog.Attr{}
			}
			return a
		},
	})
	return &recording{text, r}
}

// recording is a slog.Handler of a recorder; text writes the attributes into the recorder's buffer.
type recording struct {
	text slog.Handler
	to   *recorder
}

// Enabled implements slog.Handler.
func (h *recording) Enabled(ctx context.Context, level slog.Level) bool {
	return h.text.Enabled(ctx, level)
}

// Handle implements slog.Handler.
func (h *recording) Handle(ctx context.Context, r slog.Record) error {
	line := Line{Time: r.Time, Level: r.Level, Message: r.Message}
	r.Time, r.Message = time.Time{}, ""
	h.to.mu.Lock()
	defer h.to.mu.Unlock()
	h.to.text.Reset()
	err := h.text.Handle(ctx, r)
	line.Details = strings.TrimSpace(strings.TrimPrefix(h.to.text.String(), `msg=""`))
	if len(h.to.lines) < recentLines {
		h.to.lines = append(h.to.lines, line)
		return err
	}
	h.to.lines[h.to.oldest] = line
	h.to.oldest = (h.to.oldest + 1) % recentLines
	return err
}

// WithAttrs implements slog.Handler.
func (h *recording) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &recording{h.text.WithAttrs(attrs), h.to}
}

// WithGroup implements slog.Handler.
func (h *recording) WithGroup(name string) slog.Handler {
	return &recording{h.text.WithGroup(name), h.to}
}
