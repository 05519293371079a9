package speech

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// dispatcher is speech-dispatcher, through spd-say. It plays by itself.
type dispatcher struct{ path string }

// client is how speech-dispatcher knows us.
const client = "livecue"

// errCut is why a text was not spoken to its end.
var errCut = errors.New("it was cut off")

func (d dispatcher) say(ctx context.Context, u utterance, _ playFunc) error {
	// In pipe mode a line that begins with !-! is a command to the server; Clean leaves none, and this does not rely on it.
	text := strings.TrimLeft(strings.ReplaceAll(u.text, "\n", " "), "!- ")
	args := []string{
		"--pipe-mode", "--wait", "--application-name", client, "--rate", strconv.Itoa(scale(u.rate)), "--volume", strconv.Itoa(2*u.volume - 100),
	}
	if u.voice != "" {
		args = append(args, "--synthesis-voice", u.voice)
	}
	ctx, cancel := context.WithTimeout(ctx, speakTime(u))
	defer cancel()
	_, err := command{path: d.path, args: args, input: text + "\n"}.run(ctx)
	if ctx.Err() == nil {
		return err
	}
	// The server goes on without its client, so it has to be told.
	ctx, cancelStop := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancelStop()
	_, stopErr := command{path: d.path, args: []string{"--application-name", client, "--cancel"}}.run(ctx)
	return errors.Join(fmt.Errorf("%w: %w", errCut, err), stopErr)
}

// scale turns a speed in percent into speech-dispatcher's: from -100, the slowest, over 0 to 100.
func scale(rate int) int {
	if rate <= 100 {
		return max(-100, (rate-100)*2)
	}
	return min(100, (rate-100)/2)
}

// speakTime is how long a text may take, with much to spare: slow voices say five characters a second.
func speakTime(u utterance) time.Duration {
	return 30*time.Second + time.Duration(len(u.text))*time.Second/2*100/time.Duration(u.rate)
}

func (d dispatcher) voices(ctx context.Context) ([]Voice, error) {
	out, err := command{path: d.path, args: []string{"--list-synthesis-voices"}}.output(ctx)
	if err != nil {
		return nil, err
	}
	return dispatcherVoices(string(out)), nil
}

// dispatcherVoices reads the table of voices: name, language, variant. A name may have spaces, the others have none.
func dispatcherVoices(table string) []Voice {
	var all []Voice
	for line := range strings.Lines(table) {
		f := strings.Fields(line)
		if len(f) < 3 || f[0] == "NAME" {
			continue
		}
		name := strings.Join(f[:len(f)-2], " ")
		all = append(all, Voice{ID: name, Name: name, Language: f[len(f)-2]})
	}
	return all
}
