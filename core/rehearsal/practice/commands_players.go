package practice

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

func gamemode(w *world, in *input) (string, error) {
	mode := in.word()
	if !slices.Contains([]string{"survival", "creative", "adventure", "spectator"}, mode) {
		return "", in.wrong()
	}
	return w.forPlayers(in, "Set %s's game mode to "+strings.ToUpper(mode[:1])+mode[1:]+" Mode")
}

// experience understands "add" and "set", of points or levels.
func experience(w *world, in *input) (string, error) {
	verb := in.word()
	if verb != "add" && verb != "set" {
		return "", in.wrong()
	}
	who, err := w.targets(in)
	if err != nil {
		return "", err
	}
	amount, err := in.number(0, -1_000_000, 1_000_000)
	if err != nil {
		return "", err
	}
	unit := "points"
	if !in.done() {
		unit = in.word()
	}
	if unit != "points" && unit != "levels" {
		return "", in.wrong()
	}
	verb = map[string]string{"add": "Gave", "set": "Set"}[verb]
	return fmt.Sprintf("%s %d experience %s to %s", verb, amount, unit, people(who)), in.end()
}

func damage(w *world, in *input) (string, error) {
	who, err := w.targets(in)
	if err != nil {
		return "", err
	}
	amount, err := strconv.ParseFloat(in.word(), 32)
	if err != nil || amount < 0 {
		return "", in.wrong()
	}
	return fmt.Sprintf("Applied %.1f damage to %s", amount, people(who)), nil
}

func enchant(w *world, in *input) (string, error) {
	who, err := w.targets(in)
	if err != nil {
		return "", err
	}
	name, err := in.thing("enchantment")
	if err != nil {
		return "", err
	}
	if _, err := in.number(1, 0, 255); err != nil {
		return "", err
	}
	return fmt.Sprintf("Applied enchantment %s to %s's item", name, people(who)), in.end()
}

func tag(w *world, in *input) (string, error) {
	who, err := w.targets(in)
	if err != nil {
		return "", err
	}
	verb, name := in.word(), in.word()
	switch {
	case name == "" || !strings.Contains(" add remove ", " "+verb+" "):
		return "", in.wrong()
	case verb == "add":
		return fmt.Sprintf("Added tag '%s' to %s", name, people(who)), in.end()
	default:
		return fmt.Sprintf("Removed tag '%s' from %s", name, people(who)), in.end()
	}
}

// kick says that it did it, and lets them stay: the next practice needs them.
func kick(w *world, in *input) (string, error) {
	who, err := w.targets(in)
	if err != nil {
		return "", err
	}
	reason := in.rest()
	if reason == "" {
		reason = "Kicked by an operator"
	}
	return fmt.Sprintf("Kicked %s: %s", people(who), reason), nil
}
