// Package livecue listens to LiveCue's event socket and calls rules. It needs the standard library alone: copy the file, or import
// it. What is spoken is described in docs/api/socket.md.
package livecue

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"os"
	"time"
)

const (
	version = 2
	// silence is how long nothing may come: there is a heartbeat every 15 seconds.
	silence = 45 * time.Second
	// firstPause and longestPause are the waits between two tries.
	firstPause, longestPause = 250 * time.Millisecond, 10 * time.Second
	// refusals is how many connections in a row may end without a hello. A wrong token is answered with silence.
	refusals = 5
)

// ErrRefused says that LiveCue does not take the token, or that this is not LiveCue.
var ErrRefused = errors.New("livecue: the token is not taken")

// Options say where LiveCue is and what is wanted of it.
type Options struct {
	// Address is host and port, Token the 36 letters of the token.
	Address, Token string
	// Events are the kinds of events that are wanted, such as "gift"; nil is all.
	Events []string
	// OnLost is told how many events have come and are lost, since the program was too slow or away for too long; nil is nobody.
	OnLost func(count uint64)
}

// FromEnv returns where LiveCue is, as a program is told that LiveCue has started.
func FromEnv() (Options, error) {
	port, token := os.Getenv("LIVECUE_PORT"), os.Getenv("LIVECUE_TOKEN")
	if port == "" || token == "" {
		return Options{}, errors.New("livecue: LIVECUE_PORT and LIVECUE_TOKEN are not set: let LiveCue start the program")
	}
	return Options{Address: net.JoinHostPort("127.0.0.1", port), Token: token}, nil
}

// User is who has caused an event. Names are chosen by viewers: they are hostile input.
type User struct {
	ID       string `json:"id,omitempty"`
	Handle   string `json:"handle,omitempty"`
	Nickname string `json:"nickname,omitempty"`
}

// Event is something that has happened.
type Event struct {
	Seq  uint64    `json:"seq"`
	Time time.Time `json:"time"`
	Kind string    `json:"kind"`
	ID   string    `json:"id"`
	Room string    `json:"room"`
	User User      `json:"user"`
	// Detail is a JSON object with what there is to an event of its kind.
	Detail json.RawMessage `json:"event"`
	// Test, Rehearsed and Replayed mark what has not really happened now. Whoever gives out something should leave it alone.
	Test, Rehearsed, Replayed bool
}

// IsReal reports whether the event has really happened, and now.
func (e Event) IsReal() bool { return !e.Test && !e.Rehearsed && !e.Replayed }

// Call calls the rules that wait for a signal of its name.
type Call struct {
	Name string `json:"trigger"`
	// ID lets the call have its effect once, however often it is sent; empty is one that nobody has had.
	ID    string `json:"id"`
	Text  string `json:"text,omitempty"`
	Count int    `json:"count,omitempty"`
	User  *User  `json:"user,omitempty"`
}

// CallError is why LiveCue does not take a call.
type CallError struct{ Code, Text string }

// Error says it.
func (e *CallError) Error() string { return "livecue: " + e.Code + ": " + e.Text }

// Client is a connection that comes back when it is lost, and goes on where it was. It is not safe for concurrent use.
type Client struct {
	opts    Options
	conn    net.Conn
	in      *bufio.Reader
	run     string
	seq     uint64
	refused int
	pause   time.Duration
	waiting []Event // have come while an answer was waited for
}

// New returns a Client, which connects when it is used. Close it when done.
func New(opts Options) *Client { return &Client{opts: opts} }

// Close ends the connection.
func (c *Client) Close() {
	if c.conn != nil {
		_ = c.conn.Close()
		c.conn = nil
	}
}

// Events returns the events as they come. It ends with an error: that of ctx, or ErrRefused.
func (c *Client) Events(ctx context.Context) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for {
			e, err := c.Next(ctx)
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// Next waits for the next event. Its errors are those of Events.
func (c *Client) Next(ctx context.Context) (Event, error) {
	for len(c.waiting) == 0 {
		if err := c.connect(ctx); err != nil {
			return Event{}, err
		}
		if l, ok := c.read(ctx); ok {
			c.take(l)
		}
	}
	e := c.waiting[0]
	c.waiting = c.waiting[1:]
	return e, nil
}

// Trigger sends a call until it is answered, and reports whether one of its id has come before. The error is a *CallError for a call that
// LiveCue will never take, or one of those of Events.
func (c *Client) Trigger(ctx context.Context, call Call) (seen bool, err error) {
	if call.ID == "" {
		call.ID = rand.Text()
	}
	for {
		if err := c.connect(ctx); err != nil {
			return false, err
		}
		if !c.send(ctx, call) {
			continue
		}
		answer, ok := c.answer(ctx, call.ID)
		switch {
		case !ok:
		case answer.Type == "ok":
			c.pause = 0
			return answer.Seen, nil
		case answer.Code == "too_many" || answer.Code == "not_taken":
			if err := c.wait(ctx); err != nil {
				return false, err
			}
		default:
			return false, &CallError{answer.Code, answer.Text}
		}
	}
}

// line is one line of LiveCue's.
type line struct {
	Event
	Type string `json:"type"`
	// Run, Missed and the Seq of Event are a hello's, Count is that of events that were dropped.
	Run    string `json:"run"`
	Missed uint64 `json:"missed"`
	Count  uint64 `json:"count"`
	// Seen is of an ok; Code and Text are of an error.
	Seen bool   `json:"seen"`
	Code string `json:"code"`
	Text string `json:"text"`
}

// answer reads until the answer to a call comes, and keeps the events that come before it.
func (c *Client) answer(ctx context.Context, id string) (line, bool) {
	for {
		l, ok := c.read(ctx)
		if !ok {
			return line{}, false
		}
		if (l.Type == "ok" || l.Type == "error") && l.ID == id {
			return l, true
		}
		c.take(l)
	}
}

func (c *Client) take(l line) {
	switch l.Type {
	case "event":
		c.seq = l.Seq
		c.waiting = append(c.waiting, l.Event)
	case "dropped":
		c.lost(l.Count)
	}
}

func (c *Client) lost(count uint64) {
	if count > 0 && c.opts.OnLost != nil {
		c.opts.OnLost(count)
	}
}

// connect returns when there is a connection that has been greeted.
func (c *Client) connect(ctx context.Context) error {
	for c.conn == nil {
		if err := ctx.Err(); err != nil {
			return err
		}
		isThere, isGreeted := c.dial(ctx)
		switch {
		case isGreeted:
			c.refused, c.pause = 0, 0
			return nil
		case isThere:
			if c.refused++; c.refused >= refusals {
				return ErrRefused
			}
		}
		if err := c.wait(ctx); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// dial tries once. It reports whether somebody was there, and whether he has greeted.
func (c *Client) dial(ctx context.Context) (isThere, isGreeted bool) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", c.opts.Address)
	if err != nil {
		return false, false
	}
	c.conn, c.in = conn, bufio.NewReader(conn)
	hello := map[string]any{"hello": version}
	if c.opts.Events != nil {
		hello["events"] = c.opts.Events
	}
	if c.run != "" {
		hello["run"], hello["since"] = c.run, c.seq
	}
	if _, err := io.WriteString(conn, c.opts.Token+"\n"); err != nil || !c.send(ctx, hello) {
		c.Close()
		return true, false
	}
	l, ok := c.read(ctx)
	if !ok || l.Type != "hello" {
		c.Close()
		return true, false
	}
	if c.run != "" {
		c.lost(l.Missed)
	}
	if c.run != l.Run {
		isFirst := c.run == ""
		c.run, c.seq = l.Run, 0
		if isFirst {
			c.seq = l.Seq // nothing of what was before
		}
	}
	return true, true
}

// wait waits before the next try, longer each time.
func (c *Client) wait(ctx context.Context) error {
	c.pause = min(max(2*c.pause, firstPause), longestPause)
	timer := time.NewTimer(c.pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// send sends one line. When it fails, the connection is over.
func (c *Client) send(ctx context.Context, v any) bool {
	text, err := json.Marshal(v)
	if err != nil {
		return false
	}
	return c.within(ctx, func() error {
		_, err := c.conn.Write(append(text, '\n'))
		return err
	})
}

// read reads one line. When it fails, the connection is over.
func (c *Client) read(ctx context.Context) (l line, ok bool) {
	ok = c.within(ctx, func() error {
		text, err := c.in.ReadBytes('\n')
		if err != nil {
			return err
		}
		if err := json.Unmarshal(text, &l); err != nil {
			return fmt.Errorf("this is not LiveCue: %w", err)
		}
		return nil
	})
	return l, ok
}

// within does something with the connection that ends with ctx, or after a silence.
func (c *Client) within(ctx context.Context, do func() error) bool {
	_ = c.conn.SetDeadline(time.Now().Add(silence)) // a socket that takes no deadline takes nothing else either
	conn := c.conn
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if err := do(); err != nil {
		c.Close()
		return false
	}
	return true
}
