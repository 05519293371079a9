package speech

import (
	"context"
	"strconv"
	"strings"
)

// espeak is espeak-ng, or its forerunner espeak. It hands out WAV of 22.05 kHz whose header does not know its size.
type espeak struct{ path string }

// espeakWords is the usual speed of espeak, in words a minute.
const espeakWords = 175

func (e espeak) say(ctx context.Context, u utterance, play playFunc) error {
	args := []string{"--stdin", "--stdout", "-b", "1", "-s", strconv.Itoa(espeakWords * u.rate / 100)} // -b 1: UTF-8
	if u.voice != "" {
		args = append(args, "-v", u.voice)
	}
	wav, err := command{path: e.path, args: args, input: u.text}.output(ctx)
	if err != nil {
		return err
	}
	return play(wav)
}

func (e espeak) voices(ctx context.Context) ([]Voice, error) {
	out, err := command{path: e.path, args: []string{"--voices"}}.output(ctx)
	if err != nil {
		return nil, err
	}
	return espeakVoices(string(out)), nil
}

// espeakVoices reads the table of voices: priority, language, age and gender, name, file. Several have the same language, and the
// file alone is certain to be accepted.
func espeakVoices(table string) []Voice {
	var all []Voice
	for line := range strings.Lines(table) {
		f := strings.Fields(line)
		if len(f) < 5 || f[0] == "Pty" {
			continue
		}
		all = append(all, Voice{ID: f[4], Name: strings.ReplaceAll(f[3], "_", " "), Language: f[1]})
	}
	return all
}
