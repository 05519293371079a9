package feed

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/grant"
)

const (
	// Version is the "hello" of the stream of JSON lines.
	Version = 2
	// maxLine bounds a line that a client sends, in bytes.
	maxLine = 64 << 10
	// maxNoise bounds what a client may send that is no line of JSON, in bytes.
	maxNoise = 64 << 10
	// maxRest bounds what is still taken of a client that is told to go, in bytes.
	maxRest = 1 << 20
	// maxText bounds each text of a signal, in bytes.
	maxText = 2 << 10
)

// request is a line that a client sends. Which it is, its fields tell.
type request struct {
	// Hello is the Version that the client speaks.
	Hello int `json:"hello"`
	// Events are the kinds of events that it wants from now on; "*" is all.
	Events *[]string `json:"events"`
	// Since is the number of the last event that it has, of the run of the program that it has it of.
	Since *uint64 `json:"since"`
	Run   string  `json:"run"`
	// Token is shown in the hello of a WebSocket that has shown none before.
	Token string `json:"token"`

	// Trigger is the name of a signal, which Call says more of.
	Trigger *string `json:"trigger"`
	Call

	// bad is why the line could not be read.
	bad *refusal
}

// refusal is an answer that says no.
type refusal struct {
	Type string `json:"type"`
	Code string `json:"code"`
	Text string `json:"text"`
	ID   string `json:"id,omitempty"`
}

func refuse(code, format string, args ...any) *refusal {
	return &refusal{Type: "error", Code: code, Text: fmt.Sprintf(format, args...)}
}

// read hands on the client's lines until it has said its last, says one that is too long, or ctx ends. What is no JSON counts as
// noise until the client has said hello.
func (c *conn) read(ctx context.Context, requests chan<- request) {
	in := c.reader()
	noise := 0
	for {
		line, err := readLine(in)
		if errors.Is(err, errLong) && c.isStream.Load() {
			c.hand(ctx, requests, request{bad: refuse("too_long", "a line has more than %d bytes", maxLine)})
			_, _ = io.CopyN(io.Discard, in, maxRest) // so that the answer is not lost: see conn.part
			return
		}
		if err != nil {
			return
		}
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		if line[0] != '{' && !c.isStream.Load() {
			if noise += len(line) + 1; noise > maxNoise {
				return
			}
			continue
		}
		if !c.hand(ctx, requests, parse(line)) {
			return
		}
	}
}

func (c *conn) hand(ctx context.Context, requests chan<- request, r request) bool {
	select {
	case requests <- r:
		return true
	case <-ctx.Done():
		return false
	}
}

var errLong = errors.New("the line is too long")

// readLine returns a line without its end. What is left of the last line without one is none.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		if len(line)+len(part) > maxLine {
			return nil, errLong
		}
		line = append(line, part...)
		switch {
		case err == nil:
			return line, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}

func parse(line []byte) request {
	var r request
	dec := json.NewDecoder(bytes.NewReader(line))
	if err := dec.Decode(&r); err != nil {
		return request{bad: refuse("bad_json", "the line is not what is understood here: %v", err)}
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return request{bad: refuse("bad_json", "there is more than one object on the line")}
	}
	return r
}

// kinds returns the kinds that were asked for, nil for all, or why they cannot be had.
func (r *request) kinds() ([]event.Kind, *refusal) {
	if r.Events == nil {
		return nil, nil
	}
	kinds := []event.Kind{}
	for _, name := range *r.Events {
		if name == "*" {
			return nil, nil
		}
		k := event.Kind(name)
		if !slices.Contains(event.Kinds(), k) {
			return nil, refuse("unknown_event", "%.40q is no kind of event", name)
		}
		if !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
	}
	return kinds, nil
}

// Call is what a program says of a signal besides its name.
type Call struct {
	// ID tells it apart from others: one whose id has come before is not sent again. Empty is one that nobody sends twice.
	ID    string `json:"id"`
	Text  string `json:"text"`
	Count int    `json:"count"`
	// User is the viewer it is about, or nil.
	User *struct {
		ID       string `json:"id"`
		Handle   string `json:"handle"`
		Nickname string `json:"nickname"`
	} `json:"user"`
}

// Signal makes an event of a call. pass is whose it is: no program's ids are another's. The error says in plain words what is wrong.
func (c Call) Signal(name string, pass grant.Pass) (event.Signal, error) {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return event.Signal{}, errors.New("the trigger has no name")
	case len(name) > 100 || len(c.ID) > 100:
		return event.Signal{}, errors.New("a name or an id has more than 100 bytes")
	case c.Count < 0 || c.Count > 1_000_000:
		return event.Signal{}, errors.New("the count is not from 0 to 1000000")
	}
	id := c.ID
	if id == "" {
		id = rand.Text()
	}
	e := event.Signal{
		Head: event.Head{ID: pass.ID + ":" + id, At: time.Now(), Source: SignalSource}, Name: name, By: pass.Name, Text: clip(c.Text), Count: c.Count,
	}
	if u := c.User; u != nil {
		e.User = event.User{ID: clip(u.ID), Handle: clip(strings.TrimPrefix(u.Handle, "@")), Nickname: clip(u.Nickname)}
	}
	return e, nil
}

// SignalSource is the Head.Source of signals.
const SignalSource = "signal"

// clip cuts a text to maxText bytes, at the begin of a character.
func clip(s string) string {
	if len(s) <= maxText {
		return s
	}
	end := maxText
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return strings.Clone(s[:end])
}
