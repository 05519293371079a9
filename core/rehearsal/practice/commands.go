package practice

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// command reads its arguments from in and returns the answer. It is called with the world locked. An error is a refusal.
type command func(w *world, in *input) (string, error)

// vocabulary is what the world understands: what streamers' mappings use most, and a little around it.
func vocabulary() map[string]command {
	return map[string]command{
		"clear":      answerTo("Removed 1 item(s) from player %s"),
		"damage":     damage,
		"difficulty": setDifficulty,
		"effect":     effect,
		"enchant":    enchant,
		"execute":    execute,
		"experience": experience,
		"fill":       fill,
		"function":   function,
		"gamemode":   gamemode,
		"gamerule":   gamerule,
		"give":       give,
		"help":       help,
		"kick":       kick,
		"kill":       kill,
		"lightning":  answerTo("Summoned new Lightning Bolt at %s"),
		"list":       list,
		"particle":   particle,
		"playsound":  playsound,
		"say":        say,
		"setblock":   setblock,
		"summon":     summon,
		"tag":        tag,
		"teleport":   teleport,
		"tellraw":    tellraw,
		"time":       setTime,
		"title":      title,
		"tp":         teleport,
		"weather":    weather,
		"xp":         experience,
	}
}

var (
	resource   = regexp.MustCompile(`^([a-z0-9_.-]+:)?[a-z0-9_./-]+$`)
	coordinate = regexp.MustCompile(`^([~^]?-?[0-9]*\.?[0-9]+|[~^])$`)
)

// answerTo makes a command that takes targets and has nothing more to it.
func answerTo(format string) command {
	return func(w *world, in *input) (string, error) { return w.forPlayers(in, format) }
}

func say(_ *world, in *input) (string, error) {
	text := in.rest()
	if text == "" {
		return "", unfinished(in.text)
	}
	return "[Rcon] " + text, nil
}

func list(w *world, in *input) (string, error) {
	if err := in.end(); err != nil {
		return "", err
	}
	return fmt.Sprintf("There are %d of a max of 20 players online: %s", len(w.players), strings.Join(w.players, ", ")), nil
}

func tellraw(w *world, in *input) (string, error) {
	if _, err := w.targets(in); err != nil {
		return "", err
	}
	// Minecraft answers nothing to a message that was shown.
	return "", in.component()
}

func title(w *world, in *input) (string, error) {
	who, err := w.targets(in)
	if err != nil {
		return "", err
	}
	switch what := in.word(); what {
	case "title", "subtitle", "actionbar":
		if err := in.component(); err != nil {
			return "", err
		}
		return fmt.Sprintf("Showing new %s for %s", what, people(who)), nil
	case "times":
		if err := in.numbers(3); err != nil {
			return "", err
		}
		return "Changed title display times for " + people(who), nil
	case "clear", "reset":
		return fmt.Sprintf("Cleared titles for %s", people(who)), in.end()
	default:
		return "", in.wrong()
	}
}

func give(w *world, in *input) (string, error) {
	who, err := w.targets(in)
	if err != nil {
		return "", err
	}
	item, err := in.thing("item")
	if err != nil {
		return "", err
	}
	count, err := in.number(1, 1, 6400)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("Gave %d [%s] to %s", count, item, people(who)), in.end()
}

func summon(_ *world, in *input) (string, error) {
	entity, err := in.thing("entity")
	if err != nil {
		return "", err
	}
	if !in.done() {
		if err := in.position(); err != nil {
			return "", err
		}
	}
	if tag := in.rest(); tag != "" {
		if err := checkTag(tag); err != nil {
			return "", in.pointing(err.Error())
		}
	}
	return "Summoned new " + entity, nil
}

func effect(w *world, in *input) (string, error) {
	verb := in.word()
	who, err := w.targets(in)
	if err != nil {
		return "", err
	}
	switch verb {
	case "clear":
		return "Removed every effect from " + people(who), nil
	case "give":
		name, err := in.thing("effect")
		if err != nil {
			return "", err
		}
		if word := in.peek(); word == "infinite" {
			in.word()
		} else if _, err := in.number(30, 1, 1_000_000); err != nil {
			return "", err
		}
		if _, err := in.number(0, 0, 255); err != nil {
			return "", err
		}
		return fmt.Sprintf("Applied effect %s to %s", name, people(who)), nil
	default:
		return "", in.wrong()
	}
}

func kill(w *world, in *input) (string, error) {
	if in.done() {
		return "", noEntity
	}
	return w.forPlayers(in, "Killed %s")
}

func teleport(w *world, in *input) (string, error) {
	who, err := w.targets(in)
	if err != nil {
		return "", err
	}
	if coordinate.MatchString(in.peek()) {
		start := in.at
		if err := in.position(); err != nil {
			return "", err
		}
		where := strings.Join(strings.Fields(in.text[start:in.at]), ", ")
		return fmt.Sprintf("Teleported %s to %s", people(who), where), nil
	}
	to, err := w.targets(in)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("Teleported %s to %s", people(who), to[0]), in.end()
}

func setTime(w *world, in *input) (string, error) {
	named := map[string]int{"day": 1000, "noon": 6000, "night": 13000, "midnight": 18000}
	switch in.word() {
	case "set":
		word := in.word()
		at, ok := named[word]
		if !ok {
			var err error
			if at, err = strconv.Atoi(strings.TrimSuffix(word, "t")); err != nil || at < 0 {
				return "", in.wrong()
			}
		}
		w.time = at
		return fmt.Sprintf("Set the time to %d", at), in.end()
	case "add":
		add, err := in.number(0, 0, 1_000_000)
		if err != nil {
			return "", err
		}
		w.time = (w.time + add) % 24000
		return fmt.Sprintf("Set the time to %d", w.time), in.end()
	case "query":
		return fmt.Sprintf("The time is %d", w.time), nil
	default:
		return "", in.wrong()
	}
}

func weather(_ *world, in *input) (string, error) {
	answers := map[string]string{
		"clear": "Set the weather to clear", "rain": "Set the weather to rain", "thunder": "Set the weather to rain & thunder",
	}
	answer, ok := answers[in.word()]
	if !ok {
		return "", in.wrong()
	}
	if _, err := in.number(0, 1, 1_000_000); err != nil {
		return "", err
	}
	return answer, in.end()
}

func setDifficulty(w *world, in *input) (string, error) {
	if in.done() {
		return "The difficulty is " + w.difficulty, nil
	}
	level := in.word()
	switch {
	case !slices.Contains([]string{"peaceful", "easy", "normal", "hard"}, level):
		return "", in.wrong()
	case level == w.difficulty && !w.isParsing:
		return "", refusal("The difficulty did not change; it is already set to " + level)
	}
	w.difficulty = level
	return "The difficulty has been set to " + level, in.end()
}

func gamerule(w *world, in *input) (string, error) {
	name := in.word()
	value, ok := w.rules[name]
	switch {
	case !ok:
		return "", in.wrong()
	case in.done():
		return fmt.Sprintf("Gamerule %s is currently set to: %s", name, value), nil
	}
	word := in.word()
	_, err := strconv.Atoi(word)
	if isNumber := value != "true" && value != "false"; isNumber && err != nil || !isNumber && word != "true" && word != "false" {
		return "", in.wrong()
	}
	w.rules[name] = word
	return fmt.Sprintf("Gamerule %s is now set to: %s", name, word), in.end()
}

func playsound(w *world, in *input) (string, error) {
	sound := in.word()
	if !resource.MatchString(sound) {
		return "", in.wrong()
	}
	if source := in.word(); !slices.Contains(strings.Fields(
		"master music record weather block hostile neutral player ambient voice ui"), source) {
		return "", in.wrong()
	}
	return w.forPlayers(in, "Played sound "+sound+" to %s")
}
