package action

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// die finds the dice of a text. It is no Placeholder: it stands for what is thrown when the action is asked for, not for
// something that the event brought, and must be the same number however often the action is tried.
var die = regexp.MustCompile(`\{random:(\d{1,9})-(\d{1,9})\}`)

// Roll returns s with each {random:1-10} of its texts replaced by a number from the one to the other, both included, that
// pick chooses. A range that is turned round stays as it is. s is not changed; without a die it is returned itself, with what
// it shares.
func (s Spec) Roll(pick func(low, high int) int) Spec {
	if !s.HasDice() {
		return s
	}
	s = s.Clone()
	texts := s.texts()
	for _, key := range slices.Sorted(maps.Keys(texts)) { // one order, so that a seed gives the same numbers
		text := texts[key]
		*text = die.ReplaceAllStringFunc(*text, func(found string) string {
			m := die.FindStringSubmatch(found)
			low, lowErr := strconv.Atoi(m[1])
			high, highErr := strconv.Atoi(m[2])
			if lowErr != nil || highErr != nil || high < low {
				return found
			}
			return strconv.Itoa(min(max(pick(low, high), low), high))
		})
	}
	return s
}

// HasDice reports whether Roll may have something to do.
func (s Spec) HasDice() bool {
	for _, text := range s.texts() {
		if strings.Contains(*text, "{random:") {
			return true
		}
	}
	return false
}

// Texts returns the texts of s in which placeholders count, each with its key as Problem writes it.
func (s Spec) Texts() map[string]string {
	all := map[string]string{}
	for key, text := range s.texts() {
		all[key] = *text
	}
	return all
}

// texts points at the texts of s in which placeholders count, by key.
func (s Spec) texts() map[string]*string {
	switch s.Kind() {
	case KindRCON:
		return map[string]*string{"rcon.command": &s.RCON.Command}
	case KindHTTP:
		return map[string]*string{"http.url": &s.HTTP.URL, "http.body": &s.HTTP.Body}
	case KindOBS:
		return map[string]*string{"obs.text": &s.OBS.Text}
	case KindSpeech:
		return map[string]*string{"speech.text": &s.Speech.Text}
	case KindOverlay:
		return map[string]*string{"overlay.text": &s.Overlay.Text}
	case KindProgram:
		all := map[string]*string{}
		for i := range s.Program.Args {
			all["program.args["+strconv.Itoa(i)+"]"] = &s.Program.Args[i]
		}
		return all
	default:
		return nil
	}
}
