package replay

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/store"
)

const (
	// fileVersion is that of the files that this program writes and reads.
	fileVersion = 1
	// A file that is not ours must not fill the memory: lines and files are only so long.
	maxLine, maxLines, maxFile = 256 << 10, 5_000_000, 4 << 30
	// markEvery is how many lines lie between the places that are remembered to read from.
	markEvery = 1000
)

var (
	// ErrFormat says that a file is no recording, or a damaged one.
	ErrFormat = errors.New("the file is not a recording of LiveCue")
	// ErrTooLarge says that a file, or a line of it, is larger than any recording.
	ErrTooLarge = errors.New("the file is larger than a recording may be")
	// ErrNewer says that a newer version of LiveCue has written the file.
	ErrNewer = errors.New("a newer version of LiveCue has written the recording")
)

// header is the first line of a file.
type header struct {
	Version   int       `json:"livecue_recording"`
	Name      string    `json:"name,omitempty"`
	Begun     time.Time `json:"begun"`
	Anonymous bool      `json:"anonymous,omitempty"`
}

// line is each other line: an event, and how many nanoseconds after the begin it came.
type line struct {
	After int64           `json:"after"`
	Kind  event.Kind      `json:"kind"`
	Event json.RawMessage `json:"event"`
}

// Write writes a recording as a file: JSON lines, the first of which tells the version. When anonymous, viewers, streamer, room and
// gift streaks have made-up names; what viewers wrote stays, but for the @names in it.
func Write(ctx context.Context, w io.Writer, r Recording, anonymous bool) error {
	about, err := r.About(ctx)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	encoder := json.NewEncoder(out)
	head := header{Version: fileVersion, Name: about.Name, Begun: about.Begun, Anonymous: anonymous || about.Anonymous}
	m := newMasks()
	if anonymous {
		head.Name = ""
	}
	if err := encoder.Encode(head); err != nil {
		return fmt.Errorf("write the recording: %w", err)
	}
	for after := int64(-1); after != 0; {
		items, next, err := r.Read(ctx, max(after, 0), readAtOnce)
		if err != nil {
			return err
		}
		for _, item := range items {
			e := item.Event
			if anonymous {
				e = m.mask(e)
			}
			body, err := store.Encode(e)
			if err != nil {
				return fmt.Errorf("write the recording: %w", err)
			}
			if err := encoder.Encode(line{int64(item.At.Sub(about.Begun)), e.Kind(), body}); err != nil {
				return fmt.Errorf("write the recording: %w", err)
			}
		}
		after = next
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write the recording: %w", err)
	}
	return nil
}

// File is a recording in a file. Close it when done.
type File struct {
	file  *os.File
	about About
	marks []int64 // where line 1+n*markEvery begins
}

// Open reads the file once, so that a damaged one is refused before it is played: the error is ErrFormat, ErrTooLarge or
// ErrNewer then. Events of a kind that this version does not know are left out.
func Open(ctx context.Context, path string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the recording: %w", err)
	}
	r := &File{file: f}
	if err := r.scan(ctx, filepath.Base(path)); err != nil {
		return nil, errors.Join(fmt.Errorf("open the recording %s: %w", filepath.Base(path), err), f.Close())
	}
	return r, nil
}

// Close lets go of the file.
func (r *File) Close() error { return r.file.Close() }

// About implements Recording.
func (r *File) About(context.Context) (About, error) { return r.about, nil }

func (r *File) scan(ctx context.Context, name string) error {
	info, err := r.file.Stat()
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return ErrFormat
	case info.Size() > maxFile:
		return ErrTooLarge
	}
	in := newLines(r.file, 0)
	text, err := in.next()
	if errors.Is(err, io.EOF) {
		return ErrFormat
	}
	if err != nil {
		return err
	}
	var head header
	if json.Unmarshal(text, &head) != nil || head.Version < 1 {
		return ErrFormat
	}
	if head.Version > fileVersion {
		return ErrNewer
	}
	r.about = About{Name: head.Name, Begun: head.Begun, Anonymous: head.Anonymous}
	if r.about.Name == "" {
		r.about.Name = name
	}
	for n := int64(1); ; n++ {
		at := in.offset
		text, err := in.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", n+1, err)
		}
		if n > maxLines {
			return ErrTooLarge
		}
		if n%markEvery == 1 {
			r.marks = append(r.marks, at)
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		item, err := r.item(n, text)
		if err != nil {
			return fmt.Errorf("line %d: %w", n+1, err)
		}
		if item.Event != nil {
			r.about.Events++
			r.about.Length = max(r.about.Length, item.At.Sub(r.about.Begun))
		}
	}
}

// item reads line n; its Event is nil where this version does not know the kind.
func (r *File) item(n int64, text []byte) (Item, error) {
	var l line
	if err := json.Unmarshal(text, &l); err != nil {
		return Item{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if l.After < 0 || l.Kind == "" {
		return Item{}, ErrFormat
	}
	item := Item{Number: n, At: r.about.Begun.Add(time.Duration(l.After))}
	e, err := store.Decode(l.Kind, l.Event)
	if errors.Is(err, store.ErrNoKind) {
		return item, nil
	}
	if err != nil {
		return Item{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	item.Event = e
	return item, nil
}

// Read implements Recording. The number of an item is that of its line.
func (r *File) Read(ctx context.Context, after int64, limit int) (items []Item, next int64, err error) {
	mark := max(after, 0) / markEvery
	if mark >= int64(len(r.marks)) {
		return nil, 0, nil
	}
	in := newLines(r.file, r.marks[mark])
	for n := mark*markEvery + 1; len(items) < limit; n++ {
		text, err := in.next()
		if errors.Is(err, io.EOF) {
			return items, 0, nil
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, 0, fmt.Errorf("read the recording: %w", err)
		}
		if n <= after {
			continue
		}
		item, err := r.item(n, text)
		if err != nil {
			return nil, 0, fmt.Errorf("read the recording: line %d: %w", n+1, err)
		}
		if next = n; item.Event != nil {
			items = append(items, item)
		}
	}
	return items, next, nil
}

// lines reads a file line by line, from a place on.
type lines struct {
	in     *bufio.Reader
	offset int64
}

func newLines(f *os.File, offset int64) *lines {
	return &lines{in: bufio.NewReaderSize(io.NewSectionReader(f, offset, maxFile), maxLine), offset: offset}
}

// next returns the next line, which is good until the one after it. The error is io.EOF at the end, ErrTooLarge for a line that is
// too long.
func (l *lines) next() ([]byte, error) {
	text, err := l.in.ReadSlice('\n')
	l.offset += int64(len(text))
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return nil, ErrTooLarge
	case errors.Is(err, io.EOF) && len(text) > 0:
		return nil, fmt.Errorf("%w: it ends within a line", ErrFormat)
	case err != nil:
		return nil, err
	}
	return bytes.TrimSpace(text), nil
}
