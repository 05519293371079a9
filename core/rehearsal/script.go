package rehearsal

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

//go:embed scripts/*.txt
var embedded embed.FS

// The embedded scripts in the order in which they are offered, from the gentlest on.
var scriptNames = [...]string{"first-steps", "gift-storm", "bad-day"}

// Bounds on a script, so that a mistake in one cannot fill the memory.
const (
	maxScriptBytes = 1 << 20
	maxLength      = 24 * time.Hour
	maxSteps       = 1_000_000
	maxStreak      = 10_000
	maxViewers     = 10_000
)

// Script is who does what, and what goes wrong, when. docs/rehearsal.md describes its text. It is not changed after it has
// been parsed and may be played by many servers.
type Script struct {
	// Name is the embedded name, or the file's.
	Name string
	// Title says in a few words what it shows, or is empty.
	Title string
	// Seed decides every random choice.
	Seed uint64
	// Length is how long one run takes at speed 1, at least; gifts that are still being closed come after it.
	Length time.Duration

	viewers []*viewer
	lines   []line
}

// viewer is somebody made up.
type viewer struct {
	id       int64
	handle   string
	nickname string
	picture  string
	roles    roles
}

type roles struct {
	moderator, subscriber, follower, gifter bool
	team                                    int
}

// gift is an entry of the catalogue, or one that the script defines.
type gift struct {
	id         int64
	name       string
	coins      int
	streakable bool
}

// line is one instruction: once at a time, or again and again in [at, until).
type line struct {
	number int
	at     time.Duration
	every  time.Duration // 0: once
	until  time.Duration
	deed   deed
}

// deed is what an instruction does. Which fields count depends on the verb.
type deed struct {
	verb      verb
	viewer    *viewer // nil: a random one, where the verb needs one
	texts     []string
	gifts     []gift // one of them
	count     span[int]
	over      span[time.Duration]
	code      int
	isEndLost bool
}

// span is a range with both ends in it.
type span[T int | time.Duration] struct{ from, to T }

type verb string

// What viewers do.
const (
	doFollow    verb = "follows"
	doJoin      verb = "joins"
	doShare     verb = "shares"
	doSubscribe verb = "subscribes"
	doLike      verb = "likes"
	doChat      verb = "says"
	doAsk       verb = "asks"
	doGift      verb = "gifts"
	doStreak    verb = "streaks"
	doViewers   verb = "viewers"
)

// What goes wrong.
const (
	doDrop          verb = "drop"
	doCut           verb = "cut"
	doStall         verb = "stall"
	doDuplicate     verb = "duplicate"
	doReplay        verb = "replay"
	doGarbage       verb = "garbage"
	doUnknown       verb = "unknown"
	doHollow        verb = "hollow"
	doRateLimit     verb = "rate"
	doRefuseSigning verb = "refuse signing"
	doRefuseRooms   verb = "refuse rooms"
	doRefuseSocket  verb = "refuse socket"
	doCloseManaged  verb = "close"
	doEndLive       verb = "end"
	doReturn        verb = "return" // follows doEndLive; it cannot be written
	doRestrictAge   verb = "restrict"
)

// Scripts returns the names of the embedded scripts, the gentlest first.
func Scripts() []string {
	return append([]string(nil), scriptNames[:]...)
}

// Load returns the embedded script of that name, or reads the file at that path. Its error names the line that is wrong.
func Load(name string) (*Script, error) {
	if text, err := embedded.ReadFile("scripts/" + name + ".txt"); err == nil {
		return ParseScript(name, bytes.NewReader(text))
	}
	var f io.ReadCloser
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no script or file is called %q; the scripts are %s", name, strings.Join(scriptNames[:], ", "))
	}
	if err != nil {
		return nil, fmt.Errorf("open script: %w", err)
	}
	defer f.Close()
	return ParseScript(strings.TrimSuffix(filepath.Base(name), ".txt"), f)
}

// ParseScript reads a script's text. A mistake is a *ParseError.
func ParseScript(name string, r io.Reader) (*Script, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxScriptBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read script %s: %w", name, err)
	}
	if len(text) > maxScriptBytes {
		return nil, fmt.Errorf("script %s is over %d bytes", name, maxScriptBytes)
	}
	p, err := newParser(name)
	if err != nil {
		return nil, err
	}
	return p.parse(string(text))
}
