package speech

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/livecue/livecue/core/action"
)

// Voice is one that the system has.
type Voice struct {
	// ID is what a profile calls it.
	ID string
	// Name is for people.
	Name string
	// Language is a code such as "en-us", or empty.
	Language string
}

// ErrNoProgram says that the system has nothing to speak with.
var ErrNoProgram = errors.New("there is no speech program")

// utterance is what an engine is to say. Text is clean and not empty.
type utterance struct {
	text  string
	voice string
	// rate and volume are in percent, and not 0.
	rate, volume int
}

// playFunc plays a WAV to its end.
type playFunc func(wav []byte) error

// engine is a speech program.
type engine interface {
	voices(ctx context.Context) ([]Voice, error)
	// say speaks until ctx ends, through play if it can. The error wraps a *exec.ExitError when the program did not do it, and
	// errCut when some of it was heard.
	say(ctx context.Context, u utterance, play playFunc) error
}

// findEngine returns the speech program of the system. The error says what to install, and wraps ErrNoProgram.
func findEngine(goos string) (engine, error) {
	find := func(names ...string) string {
		for _, name := range names {
			if path, err := exec.LookPath(name); err == nil {
				return path
			}
		}
		return ""
	}
	switch goos {
	case "windows":
		if path := find(powerShell(), "powershell.exe"); path != "" {
			return sapi{path}, nil
		}
		return nil, fmt.Errorf("%w: Windows PowerShell was not found", ErrNoProgram)
	case "darwin":
		if path := find("/usr/bin/say", "say"); path != "" {
			return sayer{path}, nil
		}
		return nil, fmt.Errorf("%w: the command say was not found", ErrNoProgram)
	}
	if path := find("espeak-ng", "espeak"); path != "" {
		return espeak{path}, nil
	}
	if path := find("spd-say"); path != "" {
		return dispatcher{path}, nil
	}
	return nil, fmt.Errorf("%w: install the package espeak-ng, or speech-dispatcher", ErrNoProgram)
}

const (
	// renderTime bounds how long a program may take for the sound of one text: it needs less than a second.
	renderTime = 30 * time.Second
	// maxSound bounds the sound of one text, in bytes.
	maxSound = 64 << 20
)

// command is one start of a speech program.
type command struct {
	path  string
	args  []string
	env   []string // beside our own
	input string
}

// output runs the program and returns what it writes. An error has the last of what it said.
func (c command) output(ctx context.Context) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, renderTime)
	defer cancel()
	return c.run(ctx)
}

func (c command) run(ctx context.Context) ([]byte, error) {
	cmd := exec.CommandContext(ctx, c.path, c.args...)
	out, grumbles := &bounded{most: maxSound, isStrict: true}, &bounded{most: 4 << 10}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(c.input), out, grumbles
	cmd.WaitDelay = time.Second
	cmd.SysProcAttr = hidden()
	if len(c.env) > 0 {
		cmd.Env = append(os.Environ(), c.env...)
	}
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case out.isFull:
		return nil, action.Permanent(fmt.Errorf("more than %d MB of sound", maxSound>>20))
	case err != nil:
		return nil, fmt.Errorf("%w: %s", err, action.Printable(string(grumbles.b), 300))
	}
	return out.b, nil
}

// bounded keeps the beginning of what is written to it. It takes all the rest too, so that the program goes on, unless it is strict.
type bounded struct {
	b                []byte
	most             int
	isStrict, isFull bool
}

// Write implements io.Writer.
func (b *bounded) Write(p []byte) (int, error) {
	room := b.most - len(b.b)
	b.isFull = b.isFull || len(p) > room
	if b.isFull && b.isStrict {
		return 0, io.ErrShortBuffer
	}
	b.b = append(b.b, p[:min(len(p), room)]...)
	return len(p), nil
}
