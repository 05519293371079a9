package speech

// DefaultMaxLength is how many characters are read when nobody says.
const DefaultMaxLength = 300

// Settings are how texts are read. The zero value has the defaults and blocks nothing.
type Settings struct {
	// Voice is one of the system's, by its ID; empty is the system's default.
	Voice string
	// Rate is the speed in percent of the voice's own, 50 to 300; 0 is 100.
	Rate int
	// Volume is in percent, 1 to 100; 0 is 100.
	Volume int
	// MaxLength is how many characters are read; 0 is DefaultMaxLength.
	MaxLength int

	filter filter
}

// Block returns s with words that are never said. An entry may be several words.
func (s Settings) Block(words []string) Settings {
	s.filter = newFilter(words)
	return s
}

func (s Settings) maxLength() int {
	if s.MaxLength <= 0 {
		return DefaultMaxLength
	}
	return s.MaxLength
}
