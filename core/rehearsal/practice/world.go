package practice

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// world is the game behind the port: who is online, and the little state that commands ask back.
type world struct {
	players  []string
	commands map[string]command

	// namespaced says that each command has a second name, as with Bukkit's servers: minecraft:list.
	namespaced bool
	// isParsing says that this is a copy in which a command is read and not carried out: whoever it names is there.
	isParsing bool

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

// parser returns a copy in which commands can be read without effect.
func (w *world) parser() *world {
	return &world{
		players: []string{"someone"}, commands: w.commands, namespaced: w.namespaced, isParsing: true,
		difficulty: w.difficulty, time: w.time, rules: maps.Clone(w.rules),
	}
}

// command returns the command of a name.
func (w *world) command(name string) (command, bool) {
	if w.namespaced {
		name = strings.TrimPrefix(name, "minecraft:")
	}
	run, ok := w.commands[name]
	return run, ok
}

// refusal is an answer that says no, in Minecraft's words.
type refusal string

func (r refusal) Error() string { return string(r) }

// isSyntax reports whether err says that a command cannot be read, rather than that it could not be carried out.
func isSyntax(err error) bool {
	var r refusal
	return errors.As(err, &r) && strings.HasSuffix(string(r), here)
}

// noPlayer and its kin are as in Minecraft's English language file.
const (
	noPlayer = refusal("No player was found")
	noEntity = refusal("No entity was found")
)

// run carries out text and returns the answer, and whether it did.
func (w *world) run(text string) (string, bool) {
	text = strings.TrimPrefix(text, "/")
	name, rest, _ := strings.Cut(text, " ")
	run, ok := w.command(name)
	if !ok {
		return pointing(unknownCommand, text, 0), false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	reply, err := run(w, &input{text: text, at: len(text) - len(rest)})
	if err != nil {
		return err.Error(), false
	}
	return reply, true
}

const (
	unknownCommand = "Unknown or incomplete command, see below for error"
	incorrectWord  = "Incorrect argument for command"
	// here is how Minecraft ends what it could not read.
	here = "<--[HERE]"
)

// pointing points at the place in text where reading stopped, as Minecraft does: ten characters before it, and all behind it.
func pointing(words, text string, at int) string {
	at = min(max(at, 0), len(text))
	shown := text
	if before := []rune(text[:at]); len(before) > 10 {
		shown = "..." + string(before[len(before)-10:]) + text[at:]
	}
	return words + "\n" + shown + here
}

// unfinished says that the text ends too early.
func unfinished(text string) error { return refusal(pointing(unknownCommand, text, len(text))) }

// incorrect says that the word that begins at offset at cannot stand there.
func incorrect(in *input, at int) error { return refusal(pointing(incorrectWord, in.text, at)) }

// targets reads a selector or a name and returns the players it stands for.
func (w *world) targets(in *input) ([]string, error) {
	start := in.at
	word := in.word()
	switch {
	case word == "":
		return nil, unfinished(in.text)
	case word[0] == '@' && !isSelector(word):
		return nil, incorrect(in, start)
	case w.isParsing:
		return w.players, nil
	case word[0] == '@':
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
