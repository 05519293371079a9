package practice

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// world is the game behind the port: who is online, and the little state that commands ask back.
type world struct {
	players  []string
	commands map[string]command

	mu         sync.Mutex // guards what follows
	difficulty string
	time       int
	rules      map[string]string
}

func newWorld(players []string) *world {
	return &world{
		players: slices.Clone(players), commands: vocabulary(), difficulty: "normal", time: 1000,
		rules: map[string]string{
			"doDaylightCycle": "true", "doMobSpawning": "true", "doWeatherCycle": "true",
			"keepInventory": "false", "mobGriefing": "true", "randomTickSpeed": "3",
		},
	}
}

// refusal is an answer that says no, in Minecraft's words.
type refusal string

func (r refusal) Error() string { return string(r) }

// noPlayer and its kin are as in Minecraft's English language file.
const (
	noPlayer = refusal("No player was found")
	noEntity = refusal("No entity was found")
)

// run carries out text and returns the answer, and whether it did.
func (w *world) run(text string) (string, bool) {
	text = strings.TrimPrefix(text, "/")
	name, rest, _ := strings.Cut(text, " ")
	run, ok := w.commands[name]
	if !ok {
		return unknown(text), false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	reply, err := run(w, &input{text: text, at: len(text) - len(rest)})
	if err != nil {
		return err.Error(), false
	}
	return reply, true
}

// unknown points at the end of the text, as Minecraft points at where it stopped reading.
func unknown(text string) string {
	return "Unknown or incomplete command, see below for error\n" + tail(text) + "<--[HERE]"
}

// incorrect says that the word that ends at offset end cannot stand there.
func incorrect(in *input, end int) error {
	return refusal("Incorrect argument for command\n" + tail(in.text[:end]) + "<--[HERE]")
}

// tail is the last ten characters, as Minecraft shows the context of an error.
func tail(text string) string {
	if runes := []rune(text); len(runes) > 10 {
		return "..." + string(runes[len(runes)-10:])
	}
	return text
}

// targets reads a selector or a name and returns the players it stands for.
func (w *world) targets(in *input) ([]string, error) {
	start := in.at
	word := in.word()
	switch {
	case word == "":
		return nil, refusal(unknown(in.text))
	case word[0] == '@':
		if !isSelector(word) {
			return nil, incorrect(in, start+len(word))
		}
		if len(w.players) == 0 {
			return nil, noPlayer
		}
		if word[1] == 'a' || word[1] == 'e' {
			return w.players, nil
		}
		return w.players[:1], nil
	case slices.Contains(w.players, word):
		return []string{word}, nil
	default:
		return nil, noPlayer
	}
}

// forPlayers reads targets and answers with them.
func (w *world) forPlayers(in *input, format string) (string, error) {
	who, err := w.targets(in)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf(format, people(who)), nil
}

func people(who []string) string {
	if len(who) == 1 {
		return who[0]
	}
	return strconv.Itoa(len(who)) + " players"
}
