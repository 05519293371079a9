package rcon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	codec "github.com/gorcon/rcon"

	"github.com/livecue/livecue/core/action"
)

const (
	// closedPause is the wait before a login that was answered by closing the connection is tried once more.
	closedPause = 200 * time.Millisecond
	// guessHolds is how long the guess that this was a refusal is remembered.
	guessHolds = time.Minute
	// trust is how many times in a row it takes to make that guess of a password that has worked before.
	trust = 5
	// maxGreeting bounds the packets that may come before the answer to a login.
	maxGreeting = 32
)

// errClosedAtLogin is a server that read the login and closed the connection in good order.
var errClosedAtLogin = errors.New("the server closed the connection at login")

// credentials hold the password and what the server thought of it.
//
// An answer with id -1 is a refusal beyond doubt. Some servers close the connection instead, and so does one that is just
// going down, or a port forwarder whose server is away. A close is therefore taken for a refusal only when it happened on
// two fresh connections with a pause between, was in good order (no reset), and, if the password has worked before, only
// after trust such pairs. The guess lapses after guessHolds, so that the program mends itself if it was wrong; until then
// whoever tries again gets the same error without a login.
type credentials struct {
	mu         sync.Mutex
	password   string
	generation int
	hasWorked  bool
	closes     int // logins in a row that were answered by closing
	refusal    error
	lapses     time.Time // when refusal is forgotten; zero is never
}

func (c *credentials) set(password string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.password, c.hasWorked, c.closes, c.refusal = password, false, 0, nil
	c.generation++
}

func (c *credentials) get() (password string, generation int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.password, c.generation
}

func (c *credentials) current() int {
	_, generation := c.get()
	return generation
}

// forget makes the next login decide anew.
func (c *credentials) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hasWorked, c.closes, c.refusal = false, 0, nil
}

// refused returns the remembered refusal.
func (c *credentials) refused() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.refusal != nil && !c.lapses.IsZero() && time.Now().After(c.lapses) {
		c.refusal = nil
	}
	return c.refusal
}

// learn remembers how a login with the password of that generation went, and returns the error to give to the caller.
func (c *credentials) learn(generation int, err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	isClose := errors.Is(err, errClosedAtLogin)
	if generation != c.generation {
		// The password has been changed since.
		return err
	}
	if !isClose {
		c.closes = 0
	} else if c.closes++; c.hasWorked && c.closes < trust {
		return fmt.Errorf("%w: %w", ErrUnreachable, err)
	} else {
		err = fmt.Errorf("%w, or this is not its RCON port: %w", ErrPassword, err)
	}
	switch {
	case err == nil:
		c.hasWorked, c.refusal = true, nil
	case errors.Is(err, ErrPassword):
		c.refusal, c.lapses = err, time.Time{}
		if isClose {
			c.lapses = time.Now().Add(guessHolds)
		}
	}
	return err
}

// dial connects and logs in. What it returns is not started yet.
func (c *Client) dial(ctx context.Context) (*conn, error) {
	if err := checkAddress(c.address); err != nil {
		return nil, err
	}
	password, generation := c.credentials.get()
	conn, err := c.dialOnce(ctx, password)
	if errors.Is(err, errClosedAtLogin) {
		if err := pause(ctx, c.closedPause); err != nil {
			return nil, fmt.Errorf("log in: %w", err)
		}
		conn, err = c.dialOnce(ctx, password)
	}
	if err = c.credentials.learn(generation, err); err != nil {
		return nil, err
	}
	c.stats.logins.Add(1)
	c.log.Debug("logged in", "server", c.name, "address", c.address)
	conn.generation = generation
	return conn, nil
}

// dialOnce returns a connection that is logged in.
func (c *Client) dialOnce(ctx context.Context, password string) (*conn, error) {
	deadline := time.Now().Add(c.timeout)
	dialer := net.Dialer{Deadline: deadline}
	nc, err := dialer.DialContext(ctx, "tcp", c.address)
	if err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("connect: %w", context.Cause(ctx))
		}
		return nil, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	conn, err := newConn(nc, &c.manners, &c.stats.late)
	if err != nil {
		_ = nc.Close()
		return nil, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = nc.Close() })
	err = conn.login(password, deadline)
	if !stop() {
		err = context.Cause(ctx)
	}
	if err != nil {
		_ = nc.Close()
		return nil, fmt.Errorf("log in: %w", err)
	}
	return conn, nil
}

// login gives the password and reads until the server says what it thinks of it. Valve's servers send an empty packet of
// type 0 first; others send what their console said.
func (c *conn) login(password string, deadline time.Time) error {
	if err := c.nc.SetDeadline(deadline); err != nil {
		return fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	id := c.nextID()
	if _, err := codec.NewPacket(codec.SERVERDATA_AUTH, id, password).WriteTo(c.nc); err != nil {
		return fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	for range maxGreeting {
		p, err := readPacket(c.in)
		if err != nil {
			return loginError(err)
		}
		if p.Type != codec.SERVERDATA_AUTH_RESPONSE {
			continue
		}
		switch p.ID {
		case id:
			return c.nc.SetDeadline(time.Time{})
		case -1:
			return action.Blocked(ErrPassword)
		}
	}
	return fmt.Errorf("%w: the login was not answered in %d packets", ErrProtocol, maxGreeting)
}

// loginError says what a failed read means while the login is open.
func loginError(err error) error {
	var netErr net.Error
	switch {
	case errors.As(err, &netErr) && netErr.Timeout():
		return ErrSilent
	case errors.Is(err, io.EOF):
		return errClosedAtLogin
	case errors.Is(err, errPacket):
		return fmt.Errorf("%w: %w", ErrProtocol, err)
	default:
		return fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
