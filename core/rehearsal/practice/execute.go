package practice

import "strings"

// execute understands "as", "at" and "positioned" with targets, "if" and "unless" with entities, and "run", and carries out what
// follows. As in Minecraft the whole line is read before anything of it is done (Brigadier's CommandDispatcher.parse, then
// ContextChain.executeAll), so a mistake behind a condition that does not hold is told all the same, and what can be read behind
// such a condition is not done and answered with nothing.
func execute(w *world, in *input) (string, error) {
	isMet := true
	for {
		switch word := in.word(); word {
		case "as", "at", "positioned":
			if _, err := w.targets(in); err != nil {
				return "", err
			}
		case "if", "unless":
			holds, err := w.condition(in)
			if err != nil {
				return "", err
			}
			if holds != (word == "if") {
				isMet, w = false, w.parser()
			}
			if in.done() {
				return tested(isMet), nil
			}
		case "run":
			return runRest(w, in, isMet)
		default:
			return "", in.wrong()
		}
	}
}

func tested(isMet bool) string {
	if isMet {
		return "Test passed"
	}
	return "Test failed"
}

// runRest carries out the command that is left, or only reads it where a condition before it is not met.
func runRest(w *world, in *input, isMet bool) (string, error) {
	run, ok := w.command(in.word())
	switch {
	case !ok && in.text[in.last:] == "":
		return "", unfinished(in.text)
	case !ok:
		return "", refusal(pointing(unknownCommand, in.text, in.last))
	}
	reply, err := run(w, in)
	switch {
	case isMet || isSyntax(err):
		return reply, err
	default:
		return "", nil
	}
}

// condition reads "entity" and a selector or a name, and tells whether there is one. Commands come from the console, which is no
// entity: nobody is @s.
func (w *world) condition(in *input) (bool, error) {
	if what := in.word(); what != "entity" {
		return false, in.wrong()
	}
	selector := in.peek()
	_, err := w.targets(in)
	switch {
	case isSyntax(err):
		return false, err
	case err != nil, strings.HasPrefix(selector, "@s"), isContradiction(selector):
		return false, nil
	default:
		return true, nil
	}
}

// isContradiction reports whether a selector asks for a tag and for its absence.
func isContradiction(selector string) bool {
	_, args, _ := strings.Cut(strings.TrimSuffix(selector, "]"), "[")
	want, without := map[string]bool{}, map[string]bool{}
	for arg := range strings.SplitSeq(args, ",") {
		tag, isTag := strings.CutPrefix(arg, "tag=")
		switch name, isNot := strings.CutPrefix(tag, "!"); {
		case isTag && isNot:
			without[name] = true
		case isTag:
			want[name] = true
		}
	}
	for tag := range want {
		if without[tag] {
			return true
		}
	}
	return false
}
