package mca

import "strings"

// split divides what follows a trigger at its semicolons and takes the comment from its end. Semicolons and # inside the quotes,
// JSON, NBT and selectors of a game command belong to it. Where these are not closed, isBalanced is false and each semicolon
// divides.
func split(text string) (parts []string, comment string, isBalanced bool) {
	s := splitter{text: text, isNested: true}
	s.start(0)
	if s.run() {
		return s.parts, s.comment, true
	}
	s = splitter{text: text}
	s.start(0)
	s.run()
	return s.parts, s.comment, false
}

// splitter goes through a text once.
type splitter struct {
	text string
	// isNested lets quotes and brackets hold semicolons.
	isNested bool

	parts   []string
	comment string
	begin   int // of the part that is read
	depth   int
	// isForScreen says that the part is text for people, in which brackets and quotes need not be closed.
	isForScreen bool
	// isOpen says of a quotation mark that it is not closed any more in the text.
	isOpen [256]bool
}

// run reports whether all that was opened was closed.
func (s *splitter) run() bool {
	i := 0
	for ; i < len(s.text); i++ {
		switch c := s.text[i]; {
		case c == '#' && s.depth == 0:
			s.comment = s.text[i:]
			s.end(i)
			return true
		case c == ';' && s.depth == 0:
			s.end(i)
			s.start(i + 1)
		case s.isNested && !s.isForScreen:
			i = s.nest(i)
		}
	}
	s.end(i)
	return s.depth == 0
}

// end ends the part that is read before i.
func (s *splitter) end(i int) { s.parts = append(s.parts, s.text[s.begin:i]) }

// start begins a part at i.
func (s *splitter) start(i int) {
	s.begin = i
	s.isForScreen = strings.HasPrefix(strings.TrimLeft(s.text[i:], " \t"), string(forScreen))
}

// nest looks at a character of a game command and returns where the reading goes on.
func (s *splitter) nest(i int) int {
	switch s.text[i] {
	case '{', '[':
		s.depth++
	case '}', ']':
		s.depth = max(s.depth-1, 0)
	case '"', '\'':
		if end := s.quoteEnd(i); end > 0 {
			return end
		}
	}
	return i
}

// quoteEnd returns where the text in quotes that begins at i ends, or 0 when none begins there: an apostrophe follows a letter,
// and a quotation mark that is never closed is one that someone has typed.
func (s *splitter) quoteEnd(i int) int {
	if s.isOpen[s.text[i]] || i > s.begin && !strings.ContainsRune(" \t=:,;/[{(", rune(s.text[i-1])) {
		return 0
	}
	for end := i + 1; end < len(s.text); end++ {
		switch s.text[end] {
		case '\\':
			end++
		case s.text[i]:
			return end
		}
	}
	s.isOpen[s.text[i]] = true
	return 0
}

// isOddComment reports whether what begins with # may have been meant as something else: a tag such as #minecraft:logs, a colour, or
// a number in a text.
func isOddComment(comment string) bool {
	if len(comment) < 2 {
		return false
	}
	word, _, _ := strings.Cut(comment[1:], " ")
	return strings.Contains(word, ":") && !strings.HasSuffix(word, ":") || word != "" && word[0] >= '0' && word[0] <= '9'
}
