package practice

import (
	"fmt"
	"slices"
	"strings"
)

func setblock(_ *world, in *input) (string, error) {
	start := in.at
	if err := in.position(); err != nil {
		return "", err
	}
	where := strings.Join(strings.Fields(in.text[start:in.at]), ", ")
	if _, err := in.thing("block type"); err != nil {
		return "", err
	}
	return "Changed the block at " + where, in.placing()
}

func fill(_ *world, in *input) (string, error) {
	for range 2 {
		if err := in.position(); err != nil {
			return "", err
		}
	}
	block, err := in.thing("block type")
	if err != nil {
		return "", err
	}
	return "Successfully filled the area with " + block, in.placing()
}

// placing reads how blocks that are in the way are dealt with.
func (in *input) placing() error {
	if in.done() {
		return nil
	}
	if how := in.word(); !slices.Contains([]string{"destroy", "hollow", "keep", "outline", "replace", "strict"}, how) {
		return in.wrong()
	}
	return nil
}

func particle(_ *world, in *input) (string, error) {
	name, err := in.thing("particle")
	if err != nil {
		return "", err
	}
	return "Displaying particle " + name, nil
}

// function accepts every well-formed name: which data packs a world has is not known here.
func function(_ *world, in *input) (string, error) {
	name := in.word()
	if !resource.MatchString(strings.TrimPrefix(name, "#")) {
		return "", in.wrong()
	}
	return fmt.Sprintf("Executed 1 command(s) from function '%s'", name), nil
}
