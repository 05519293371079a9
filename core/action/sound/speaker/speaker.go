package speaker

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"time"

	"github.com/livecue/livecue/core/action/sound"
)

// Command is the first argument of the child: a program that uses a Speaker calls Serve when it is started with it.
const Command = "sound-output"

// Speaker starts a child for each opening of the device.
type Speaker struct {
	// Program is the executable that calls Serve; empty is this one.
	Program string
	// Log gets what the sound system grumbles; nil is nowhere.
	Log *slog.Logger
}

var _ sound.Device = (*Speaker)(nil)

// Play runs one child until ctx ends, which kills it, or until its device is lost.
func (s *Speaker) Play(ctx context.Context, out sound.Output) error {
	program, err := s.program()
	if err != nil {
		return fmt.Errorf("find the sound output: %w", err)
	}
	child := exec.CommandContext(ctx, program, Command)
	child.WaitDelay = time.Second
	grumbles := &tail{}
	child.Stderr = grumbles
	in, err := child.StdinPipe()
	if err != nil {
		return fmt.Errorf("connect the sound output: %w", err)
	}
	notes, err := child.StdoutPipe()
	if err != nil {
		return fmt.Errorf("connect the sound output: %w", err)
	}
	if err := child.Start(); err != nil {
		return fmt.Errorf("start the sound output: %w", err)
	}
	err = serveChild(bufio.NewReader(notes), in, out)
	// The end of its input ends a child that is well; one that is not is killed after WaitDelay, or with ctx.
	in.Close() //nolint:errcheck // the child may have closed it before
	err = errors.Join(err, s.reap(child))
	if s.Log != nil {
		s.Log.Debug("sound output ended", "error", err, "output", grumbles.String())
	}
	return failure(err)
}

// reap waits for the end of the child. One that has stopped talking may hang in its driver, so it is not waited for long.
func (s *Speaker) reap(child *exec.Cmd) error {
	kill := time.AfterFunc(child.WaitDelay, func() { child.Process.Kill() }) //nolint:errcheck // it may have ended
	defer kill.Stop()
	return child.Wait()
}

// program returns what to start. On Linux it is the running program even when an update has replaced its file.
func (s *Speaker) program() (string, error) {
	if s.Program != "" {
		return s.Program, nil
	}
	if runtime.GOOS == "linux" {
		return "/proc/self/exe", nil
	}
	return os.Executable()
}

// deviceError is what a child said about its device.
type deviceError string

func (e deviceError) Error() string { return string(e) }

// failure prefers what the child said to how it ended.
func failure(err error) error {
	var said deviceError
	if errors.As(err, &said) {
		return said
	}
	return fmt.Errorf("the sound output ended: %w", err)
}

// serveChild answers a child until it ends or fails.
func serveChild(notes io.Reader, sink io.Writer, out sound.Output) error {
	var frames [][2]float32
	var raw []byte
	for {
		n, err := readNote(notes)
		if err != nil {
			return err
		}
		switch n.Kind {
		case noteWant:
			if int(n.Count) > len(frames) {
				frames = make([][2]float32, n.Count)
			}
			out.Fill(frames[:n.Count])
			raw = appendFrames(raw[:0], frames[:n.Count])
			if _, err := sink.Write(raw); err != nil {
				return fmt.Errorf("send sound: %w", err)
			}
			out.Played(n.Played)
		case noteFailed:
			text := make([]byte, n.Count)
			if _, err := io.ReadFull(notes, text); err != nil {
				return fmt.Errorf("read why the device failed: %w", err)
			}
			return deviceError(text)
		default:
			return fmt.Errorf("a note of unknown kind %q", byte(n.Kind))
		}
	}
}

// tail keeps the end of what is written to it. exec writes from one goroutine and is done when Wait returns.
type tail struct{ b []byte }

const tailBytes = 2048

func (t *tail) Write(p []byte) (int, error) {
	t.b = append(t.b, p...)
	if extra := len(t.b) - tailBytes; extra > 0 {
		t.b = append(t.b[:0], t.b[extra:]...)
	}
	return len(p), nil
}

func (t *tail) String() string { return string(t.b) }
