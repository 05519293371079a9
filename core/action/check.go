package action

import (
	"errors"
	"fmt"
	"time"
)

// ProblemCode classifies a Problem, for translation.
type ProblemCode string

// The codes.
const (
	// ProblemMissing is a field that must have something in it.
	ProblemMissing ProblemCode = "missing"
	// ProblemRange is a number or duration outside its bounds.
	ProblemRange ProblemCode = "range"
	// ProblemOrder is an upper bound below the lower one.
	ProblemOrder ProblemCode = "order"
	// ProblemUnknown is a word that is none of those known.
	ProblemUnknown ProblemCode = "unknown"
	// ProblemSpaces is a blank where only one word can match.
	ProblemSpaces ProblemCode = "spaces"
	// ProblemTooLong is a text over its bound.
	ProblemTooLong ProblemCode = "too_long"
	// ProblemKind is an action that has none or several of the kinds' sections.
	ProblemKind ProblemCode = "kind"
)

// Problem is what is wrong with one field.
type Problem struct {
	// Field is the key as a profile writes it, with the sections before it, such as "rcon.command".
	Field string
	Code  ProblemCode
	// Text says it in English.
	Text string
}

// Error implements error.
func (p Problem) Error() string { return p.Text }

const (
	// MaxDelay bounds the delay of an action.
	MaxDelay = Duration(24 * time.Hour)
	// MaxCommandText bounds the command text of one action, in bytes.
	MaxCommandText = 64 << 10
	maxPath        = 4096
)

// Check returns what is wrong with s on its own, the first Problem if there are several, or nil.
func (s Spec) Check() error {
	if problems := s.Problems(); len(problems) > 0 {
		return problems[0]
	}
	return nil
}

// Problems returns all that is wrong with s on its own. Whether its server and its sound exist is for others to say.
func (s Spec) Problems() []Problem { return s.problems(0) }

func (s Spec) problems(depth int) []Problem {
	var problems []Problem
	if s.Repeat < 0 || s.Repeat > MaxRepeat {
		problems = append(problems, Problem{"repeat", ProblemRange, fmt.Sprintf("repeat must be from 0 to %d", MaxRepeat)})
	}
	if s.Delay < 0 || s.Delay > MaxDelay {
		problems = append(problems, Problem{"delay", ProblemRange, fmt.Sprintf("delay must be from 0 to %v", MaxDelay)})
	}
	if s.Kind() == KindPool {
		return append(problems, s.Pool.problems(depth)...)
	}
	var p Problem
	if err := s.checkKind(); errors.As(err, &p) {
		problems = append(problems, p)
	}
	return problems
}

// checkKind returns what is wrong with the section that is set.
func (s Spec) checkKind() error {
	switch s.Kind() {
	case KindRCON:
		return s.RCON.check()
	case KindSound:
		return s.Sound.check()
	case KindHTTP:
		return s.HTTP.check()
	case KindOBS:
		return s.OBS.check()
	case KindSpeech:
		return s.Speech.check()
	case KindProgram:
		return s.Program.check()
	case KindOverlay:
		return s.Overlay.check()
	case KindCounter:
		return s.Counter.check()
	case KindTimer:
		return s.Timer.check()
	case KindRun:
		return s.Run.check()
	default:
		return Problem{"", ProblemKind, "an action must be of exactly one kind"}
	}
}

func (r RCON) check() error {
	switch {
	case len(r.Command) > MaxCommandText:
		return Problem{"rcon.command", ProblemTooLong, fmt.Sprintf("the command text is over %d bytes", MaxCommandText)}
	case len(Lines(r.Command)) == 0:
		return Problem{"rcon.command", ProblemMissing, "the command is empty"}
	default:
		return nil
	}
}

func (s Sound) check() error {
	switch {
	case s.File == "":
		return Problem{"sound.file", ProblemMissing, "no sound is chosen"}
	case len(s.File) > maxPath:
		return Problem{"sound.file", ProblemTooLong, "the path of the sound is too long"}
	case s.Volume < 0 || s.Volume > 100:
		return Problem{"sound.volume", ProblemRange, "volume must be from 0 to 100"}
	default:
		return nil
	}
}
