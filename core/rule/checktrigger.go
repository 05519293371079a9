package rule

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/livecue/livecue/core/action"
)

const (
	// MaxCommand bounds the word of a chat command, in bytes.
	MaxCommand = 64
	// MaxPhrase bounds a keyword and the text of a condition, in bytes.
	MaxPhrase = 500
	// MaxArgs bounds how many words a command can ask for.
	MaxArgs = 100
	// MinInterval and MaxInterval bound a timer.
	MinInterval = action.Duration(time.Second)
	MaxInterval = action.MaxDelay
	maxKeys     = 64
)

func checkTrigger(t Trigger) []Problem {
	problem := problemAt("trigger.")
	switch t.Kind {
	case "":
		return problem("kind", action.ProblemMissing, "no trigger is chosen")
	case OnGift:
		return checkGift(t, problem)
	case OnAnyGift:
		return checkCoins(t, problem)
	case OnLikes:
		return checkMilestone(t, "likes", problem)
	case OnViewerLikes:
		return checkMilestone(t, "likes of a viewer", problem)
	case OnViewers:
		return checkMilestone(t, "viewers", problem)
	case OnGoal:
		return checkGoal(t, problem)
	case OnCommand:
		return checkCommand(t, problem)
	case OnKeyword:
		return checkPhrase("keyword", t.Keyword, problem)
	case OnFirst:
		if t.Activity != "" && activity(t.Activity) == 0 {
			return problem("activity", action.ProblemUnknown, fmt.Sprintf("%q is nothing that a viewer does", t.Activity))
		}
	case OnTimer:
		return checkTimer(t, problem)
	case OnHotkey:
		return checkKeys(t.Keys, problem)
	case OnSignal:
		return checkSignal(t, problem)
	case OnData:
		return checkData(t, problem)
	default:
		if !slices.Contains(TriggerKinds(), t.Kind) {
			return problem("kind", action.ProblemUnknown, fmt.Sprintf("%q is no kind of trigger", t.Kind))
		}
	}
	return nil
}

type problemFunc func(field string, code action.ProblemCode, text string) []Problem

// problemAt makes Problems of fields behind a prefix.
func problemAt(prefix string) problemFunc {
	return func(field string, code action.ProblemCode, text string) []Problem {
		return []Problem{{Field: prefix + field, Code: code, Text: text}}
	}
}

func checkGift(t Trigger, problem problemFunc) []Problem {
	switch {
	case t.GiftID < 0:
		return problem("gift_id", action.ProblemRange, "a gift's id cannot be negative")
	case t.GiftID == 0 && foldName(t.Gift) == "":
		return problem("gift", action.ProblemMissing, "no gift is chosen")
	case len(t.Gift) > MaxName:
		return problem("gift", action.ProblemTooLong, "the gift's name is too long")
	default:
		return nil
	}
}

func checkCoins(t Trigger, problem problemFunc) []Problem {
	switch {
	case t.MinCoins < 0:
		return problem("min_coins", action.ProblemRange, "the lowest price cannot be negative")
	case t.MaxCoins < 0:
		return problem("max_coins", action.ProblemRange, "the highest price cannot be negative")
	case t.MaxCoins > 0 && t.MaxCoins < t.MinCoins:
		return problem("max_coins", action.ProblemOrder, "the highest price is below the lowest")
	default:
		return nil
	}
}

func checkCommand(t Trigger, problem problemFunc) []Problem {
	word := strings.TrimFunc(t.Command, isBlank)
	switch {
	case word == "":
		return problem("command", action.ProblemMissing, "the command word is empty")
	case strings.ContainsFunc(word, unicode.IsSpace):
		return problem("command", action.ProblemSpaces, "a command is one word, without spaces")
	case len(word) > MaxCommand:
		return problem("command", action.ProblemTooLong, "the command word is too long")
	case t.MinArgs < 0 || t.MinArgs > MaxArgs:
		return problem("min_args", action.ProblemRange, fmt.Sprintf("min_args must be from 0 to %d", MaxArgs))
	default:
		return nil
	}
}

func checkSignal(t Trigger, problem problemFunc) []Problem {
	switch {
	case foldName(t.Signal) == "":
		return problem("signal", action.ProblemMissing, "the signal has no name")
	case len(t.Signal) > MaxName:
		return problem("signal", action.ProblemTooLong, "the signal's name is too long")
	default:
		return nil
	}
}

func checkData(t Trigger, problem problemFunc) []Problem {
	switch {
	case len(t.Topic) > MaxName:
		return problem("topic", action.ProblemTooLong, "the topic is too long")
	case len(t.Begins) > MaxPhrase:
		return problem("begins", action.ProblemTooLong, "the text is too long")
	default:
		return nil
	}
}

// checkMilestone looks at Every and At, of which one counts.
func checkMilestone(t Trigger, of string, problem problemFunc) []Problem {
	switch {
	case t.At < 0:
		return problem("at", action.ProblemRange, fmt.Sprintf("at must be 1 or more %s", of))
	case t.At > 0 && t.Every != 0:
		return problem("at", action.ProblemOrder, "either every or at counts, not both")
	case t.At == 0 && t.Every < 1:
		return problem("every", action.ProblemRange, fmt.Sprintf("every must be 1 or more %s", of))
	default:
		return nil
	}
}

func checkGoal(t Trigger, problem problemFunc) []Problem {
	switch {
	case !slices.Contains([]Measure{"", OfCoins, OfGifts}, t.Of):
		return problem("of", action.ProblemUnknown, fmt.Sprintf("%q cannot be added up: it must be coins or gifts", t.Of))
	case !isScope(t.Per):
		return problem("per", action.ProblemUnknown, fmt.Sprintf("nothing is counted for each %q: it must be stream or viewer", t.Per))
	case t.Of == OfGifts:
		return checkMilestone(t, "gifts", problem)
	default:
		return checkMilestone(t, "coins", problem)
	}
}

func isScope(s Scope) bool { return s == "" || s == PerStream || s == PerViewer }

// checkPhrase looks at a text that is to be found in comments.
func checkPhrase(field, text string, problem problemFunc) []Problem {
	switch {
	case newPhrase(text) == "":
		return problem(field, action.ProblemMissing, "no word is given")
	case len(text) > MaxPhrase:
		return problem(field, action.ProblemTooLong, "the text is too long")
	default:
		return nil
	}
}

func checkTimer(t Trigger, problem problemFunc) []Problem {
	switch {
	case t.Interval < MinInterval || t.Interval > MaxInterval:
		return problem("interval", action.ProblemRange, fmt.Sprintf("the interval must be from %v to %v", MinInterval, MaxInterval))
	case t.Jitter < 0 || t.Jitter >= t.Interval:
		return problem("jitter", action.ProblemRange, "the jitter must be less than the interval")
	default:
		return nil
	}
}

// checkKeys looks at a combination of keys as far as all systems agree: names of keys with a plus between them.
func checkKeys(keys string, problem problemFunc) []Problem {
	if strings.TrimSpace(keys) == "" {
		return problem("keys", action.ProblemMissing, "no keys are given")
	}
	if len(keys) > maxKeys {
		return problem("keys", action.ProblemTooLong, "the combination of keys is too long")
	}
	for name := range strings.SplitSeq(keys, "+") {
		name = strings.TrimSpace(name)
		if name == "" || strings.ContainsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
			return problem("keys", action.ProblemUnknown, fmt.Sprintf("%q is no combination such as Ctrl+Shift+F1", keys))
		}
	}
	return nil
}
