// Package grant keeps the tokens of other programs: who may listen, who may call rules, who may control LiveCue. Only a hash of
// a token is kept, so that whoever reads the file cannot use it, and a token is shown once.
package grant

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/livecue/livecue/core/event"
)

// Scope is something that a token allows.
type Scope string

// The scopes.
const (
	// Read is to be told of events.
	Read Scope = "read"
	// Trigger is to send signals, which rules may wait for.
	Trigger Scope = "trigger"
	// Control is to do what the window does: connect, pause, clear, switch rules.
	Control Scope = "control"
)

// Scopes returns all of them, the harmless first.
func Scopes() []Scope { return []Scope{Read, Trigger, Control} }

const (
	// TokenSize is the length of a token in bytes: an UUID as text, as Toki's programs expect.
	TokenSize = 36
	// MaxName bounds the name of a grant, in bytes.
	MaxName = 64
	// Max bounds how many grants are kept, and how many are lent.
	Max = 100
)

// Grant is what a token allows. It does not hold the token.
type Grant struct {
	// ID names the grant; it is no secret.
	ID string `json:"id"`
	// Name is what the user calls the program.
	Name   string  `json:"name"`
	Scopes []Scope `json:"scopes"`
	// Kinds are the only kinds of events that the program may be told of; nil is all.
	Kinds []event.Kind `json:"kinds,omitzero"`
	// Created is when the token was made, Used about when it was last shown: zero is never.
	Created time.Time `json:"created"`
	Used    time.Time `json:"used,omitzero"`
	// Lent says that it ends with the program that it was made for, and is not on disk.
	Lent bool `json:"-"`
}

// Allows reports whether the grant has the scope.
func (g Grant) Allows(s Scope) bool { return slices.Contains(g.Scopes, s) }

// Hears returns those of the wanted kinds of events, nil being all, that the program may be told of. Nil is all, and an empty list
// none.
func (g Grant) Hears(wanted []event.Kind) []event.Kind {
	switch {
	case !g.Allows(Read):
		return []event.Kind{}
	case g.Kinds == nil:
		return wanted
	case wanted == nil:
		return slices.Clone(g.Kinds)
	}
	heard := []event.Kind{}
	for _, k := range wanted {
		if slices.Contains(g.Kinds, k) {
			heard = append(heard, k)
		}
	}
	return heard
}

// clone lets no caller change the lists of what is kept.
func (g Grant) clone() Grant {
	g.Scopes, g.Kinds = slices.Clone(g.Scopes), slices.Clone(g.Kinds)
	return g
}

// newToken returns 122 random bits in the form of an UUID of version 4 (RFC 9562).
func newToken() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: see its comment
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	var text [TokenSize]byte
	hex.Encode(text[:8], b[:4])
	hex.Encode(text[9:13], b[4:6])
	hex.Encode(text[14:18], b[6:8])
	hex.Encode(text[19:23], b[8:10])
	hex.Encode(text[24:], b[10:])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:])
}

// check returns the name and scopes as they are kept.
func check(name string, scopes []Scope) (string, []Scope, error) {
	name = strings.TrimSpace(strings.ToValidUTF8(name, ""))
	switch {
	case name == "":
		return "", nil, fmt.Errorf("a token needs the name of the program that it is for")
	case len(name) > MaxName:
		return "", nil, fmt.Errorf("the name is longer than %d bytes", MaxName)
	case len(scopes) == 0:
		return "", nil, fmt.Errorf("a token that allows nothing is of no use")
	}
	var kept []Scope
	for _, s := range Scopes() {
		if slices.Contains(scopes, s) {
			kept = append(kept, s)
		}
	}
	for _, s := range scopes {
		if !slices.Contains(kept, s) {
			return "", nil, fmt.Errorf("%q is nothing that a token can allow", s)
		}
	}
	return name, kept, nil
}

// checkKinds refuses what no event is.
func checkKinds(kinds []event.Kind) error {
	for _, k := range kinds {
		if !slices.Contains(event.Kinds(), k) {
			return fmt.Errorf("%.40q is no kind of event", k)
		}
	}
	return nil
}
