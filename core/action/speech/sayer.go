package speech

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// sayer is macOS's say. It cannot write a WAV to a pipe, so it gets a file.
type sayer struct{ path string }

// sayWords is the usual speed of say, in words a minute.
const sayWords = 175

func (s sayer) say(ctx context.Context, u utterance, play playFunc) error {
	wav, err := s.render(ctx, u)
	if err != nil {
		return err
	}
	return play(wav)
}

func (s sayer) render(ctx context.Context, u utterance) (wav []byte, err error) {
	dir, err := os.MkdirTemp("", "livecue-speech")
	if err != nil {
		return nil, fmt.Errorf("make room for the speech: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	file := filepath.Join(dir, "speech.wav")
	args := []string{"-f", "-", "-o", file, "--file-format=WAVE", "--data-format=LEI16@22050", "-r", strconv.Itoa(sayWords * u.rate / 100)}
	if u.voice != "" {
		args = append(args, "-v", u.voice)
	}
	if _, err := (command{path: s.path, args: args, input: u.text}).output(ctx); err != nil {
		return nil, err
	}
	wav, err = os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the speech: %w", err)
	}
	return wav, nil
}

func (s sayer) voices(ctx context.Context) ([]Voice, error) {
	out, err := command{path: s.path, args: []string{"-v", "?"}}.output(ctx)
	if err != nil {
		return nil, err
	}
	return sayVoices(string(out)), nil
}

// sayVoices reads lines such as "Bad News            en_US    # The light you see ...". A name may have spaces and brackets.
func sayVoices(list string) []Voice {
	var all []Voice
	for line := range strings.Lines(list) {
		line, _, _ = strings.Cut(line, " #")
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		name := strings.Join(f[:len(f)-1], " ")
		all = append(all, Voice{ID: name, Name: name, Language: strings.ReplaceAll(f[len(f)-1], "_", "-")})
	}
	return all
}
