package tiktok

import (
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
)

const (
	// maxKinds bounds how many kinds of trouble are told apart: what they are called comes from the wire.
	maxKinds = 200
	// maxProblems is how many of the most recent are kept for people to read.
	maxProblems = 10
)

// Stats count what a Source has met since New.
type Stats struct {
	// Messages is how many messages came, of every kind.
	Messages uint64
	// Malformed counts frames and messages that could not be read, or held a number that cannot be true.
	Malformed uint64
	// Unknown counts messages of a kind that LiveCue has no use for.
	Unknown uint64
	// Duplicates counts messages that came again and were not counted twice.
	Duplicates uint64
	// Problems are the most recent kinds of trouble, in English, newest first.
	Problems []string
}

// trouble counts what is wrong with the messages, and tells of each kind once.
type trouble struct {
	log                                      *slog.Logger
	messages, malformed, unknown, duplicates atomic.Uint64

	mu       sync.Mutex
	kinds    map[string]struct{}
	problems []string // oldest first
}

func newTrouble(log *slog.Logger) *trouble {
	return &trouble{log: log, kinds: map[string]struct{}{}}
}

// bad counts a message that could not be read or believed.
func (t *trouble) bad(what string, err error) {
	t.malformed.Add(1)
	if t.isNew("bad " + what + ": " + err.Error()) {
		t.log.Warn("malformed message", "what", printable(what), "error", err)
		t.remember("Malformed: " + printable(what) + ": " + err.Error())
	}
}

// strange counts a message of a kind that we have no use for. There are dozens in every live, so people are not told.
func (t *trouble) strange(method string) {
	t.unknown.Add(1)
	if t.isNew("strange " + method) {
		t.log.Debug("unused message", "method", printable(method))
	}
}

func (t *trouble) isNew(kind string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, ok := t.kinds[kind]; ok || len(t.kinds) >= maxKinds {
		return false
	}
	t.kinds[strings.Clone(kind)] = struct{}{}
	return true
}

func (t *trouble) remember(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.problems = append(t.problems, text)
	if len(t.problems) > maxProblems {
		t.problems = slices.Clone(t.problems[1:])
	}
}

func (t *trouble) stats() Stats {
	t.mu.Lock()
	problems := slices.Clone(t.problems)
	t.mu.Unlock()
	slices.Reverse(problems)
	return Stats{
		Messages: t.messages.Load(), Malformed: t.malformed.Load(), Unknown: t.unknown.Load(),
		Duplicates: t.duplicates.Load(), Problems: problems,
	}
}

// printable makes a name from the wire fit for a log line.
func printable(name string) string {
	name = clip(name, 64)
	if strings.IndexFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) >= 0 {
		return strconv.QuoteToASCII(name)
	}
	return name
}
