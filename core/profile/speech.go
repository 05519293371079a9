package profile

import (
	"strings"

	"github.com/livecue/livecue/core/action"
)

// Speech sets how texts are read aloud.
type Speech struct {
	// Voice is one of the system's; empty is its default.
	Voice string `toml:"voice,omitempty"`
	// Rate is the speed in percent of the voice's own, 50 to 300; 0 is 100.
	Rate int `toml:"rate,omitempty"`
	// Volume is in percent, 1 to 100, below the master volume of Sound; 0 is 100.
	Volume int `toml:"volume,omitempty"`
	// MaxLength is how many characters of a text are read, 20 to 2000; 0 is 300.
	MaxLength int `toml:"max_length,omitempty"`
	// MaxWait is how long a text may wait for its turn before it is given up; 0 is two minutes.
	MaxWait action.Duration `toml:"max_wait,omitempty"`
	// Blocked are words, or several that follow each other, that are left out.
	Blocked []string `toml:"blocked,omitempty"`
	// PerMinute and PerViewer limit what is begun in any minute, as a Server's do.
	PerMinute int `toml:"per_minute,omitempty"`
	PerViewer int `toml:"per_viewer,omitempty"`
}

const (
	minSpeechLength = 20
	maxSpeechLength = 2000
	// MaxBlocked is how many blocked words there may be.
	MaxBlocked = 2000
)

func (c *checker) speech() {
	s := c.profile.Speech
	if len(s.Voice) > maxShort {
		c.fail("speech.voice", action.ProblemTooLong, "the name of the voice is too long")
	}
	if s.Rate != 0 && (s.Rate < 50 || s.Rate > 300) {
		c.fail("speech.rate", action.ProblemRange, "the speed must be from 50 to 300 percent")
	}
	if s.Volume < 0 || s.Volume > 100 {
		c.fail("speech.volume", action.ProblemRange, "volume must be from 0 to 100")
	}
	if s.MaxLength != 0 && (s.MaxLength < minSpeechLength || s.MaxLength > maxSpeechLength) {
		c.fail("speech.max_length", action.ProblemRange, "max_length must be from %d to %d", minSpeechLength, maxSpeechLength)
	}
	if s.MaxWait < 0 || s.MaxWait > action.MaxDelay {
		c.fail("speech.max_wait", action.ProblemRange, "max_wait must be from 0 to %v", action.MaxDelay)
	}
	c.blocked(s.Blocked)
	c.perMinute("speech.per_minute", s.PerMinute)
	c.perMinute("speech.per_viewer", s.PerViewer)
}

func (c *checker) blocked(words []string) {
	if len(words) > MaxBlocked {
		c.fail("speech.blocked", action.ProblemRange, "there are more than %d blocked words", MaxBlocked)
		return
	}
	for _, w := range words {
		switch {
		case strings.TrimSpace(w) == "":
			c.fail("speech.blocked", action.ProblemMissing, "a blocked word is empty")
		case len(w) > maxShort:
			c.fail("speech.blocked", action.ProblemTooLong, "a blocked word is too long")
		}
	}
}
