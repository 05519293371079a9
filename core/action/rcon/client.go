package rcon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/livecue/livecue/core/action"
)

// DefaultTimeout is how long one command, or one login, may take.
const DefaultTimeout = 5 * time.Second

// Options set up a Client.
type Options struct {
	// Name is the server's name in the profile, for logs.
	Name string
	// Address is host:port.
	Address string
	// Password is the server's rcon.password.
	Password string
	// Timeout is the deadline of one command, and of dialling and logging in together; 0 is DefaultTimeout.
	Timeout time.Duration
	// FailurePatterns are more texts that mark a reply as a refusal wherever they stand in it, compared without case.
	FailurePatterns []string
	// Log is told of connections made and lost; nil is slog.Default. It never gets the password.
	Log *slog.Logger
}

// Stats are a Client's counters since it was made.
type Stats struct {
	// Logins is the connections that were made and logged in to.
	Logins uint64
	// Commands is the commands that were written.
	Commands uint64
	// Unanswered is how many of them had no answer.
	Unanswered uint64
	// Late is the packets that came after their command was done with, and were dropped.
	Late uint64
}

// Client does the RCON jobs of one server. It is safe for use from many goroutines, which it serves one after another.
type Client struct {
	name     string
	address  string
	timeout  time.Duration
	patterns []string
	log      *slog.Logger
	// closedPause is the constant of that name; tests shorten it.
	closedPause time.Duration

	// life ends with Close.
	life context.Context
	end  context.CancelFunc

	// turn holds a token while nobody uses conn.
	turn chan struct{}
	conn *conn // the open connection, or nil
	// manners outlives connections: what was learned of the server holds for the next one too.
	manners manners

	compiled    compiled
	credentials credentials
	stats       counters
}

type counters struct{ logins, commands, unanswered, late atomic.Uint64 }

// manners are how the server answers, learned as it goes.
type manners struct {
	// answersInParts says that packets with text came late: short answers too may go on in another packet.
	answersInParts atomic.Bool
	// ignoresMarks says that it did not answer an end mark.
	ignoresMarks atomic.Bool
}

var _ action.Action = (*Client)(nil)

// New returns a client that dials when it has something to send.
func New(opts Options) *Client {
	c := &Client{
		name: opts.Name, address: opts.Address, timeout: opts.Timeout, log: opts.Log,
		patterns: lowered(opts.FailurePatterns),
		turn:     make(chan struct{}, 1), closedPause: closedPause,
	}
	if c.timeout <= 0 {
		c.timeout = DefaultTimeout
	}
	if c.log == nil {
		c.log = slog.Default()
	}
	c.credentials.password = opts.Password
	c.life, c.end = context.WithCancel(context.Background())
	c.turn <- struct{}{}
	return c
}

// Do sends the lines of the job's command, in order, and waits for the answer of each. The outcome is Rejected if the
// server refused any of them; else Unknown if any had no answer or could no longer be sent; else Done. Reply holds the
// first refusal, then the other answers.
//
// An error means that not one line was written. It is Permanent for a command that cannot be sent, and Blocked for a password
// that was refused and an address that is none; a server that cannot be reached is worth another try.
func (c *Client) Do(ctx context.Context, job action.Job) (action.Outcome, error) {
	if job.Spec.RCON == nil {
		return action.Outcome{}, action.Permanent(ErrNotRCON)
	}
	templates, err := c.compiled.get(job.Spec.RCON.Command)
	if err != nil {
		return action.Outcome{}, err
	}
	lines, err := render(templates, job.Fields)
	if err != nil {
		return action.Outcome{}, err
	}
	if err := c.acquire(ctx); err != nil {
		return action.Outcome{}, err
	}
	defer c.release()
	var t tally
	for i, line := range lines {
		a, err := c.send(ctx, line)
		if err != nil && i == 0 {
			return action.Outcome{}, err
		}
		if err != nil {
			// Trying the job again would run its first lines twice.
			c.log.Warn("the rest of a command could not be sent", "server", c.name, "sent", i, "lines", len(lines), "error", err)
			t.unknown = true
			break
		}
		t.add(a, line, c.patterns)
	}
	return t.outcome(), nil
}

// Test dials and logs in on a connection of its own, forgets an earlier refusal, and returns nil or one of the package's
// errors. It sends no command.
func (c *Client) Test(ctx context.Context) error {
	if c.life.Err() != nil {
		return ErrClosed
	}
	ctx, cancel := c.bound(ctx)
	defer cancel()
	c.credentials.forget()
	conn, err := c.dial(ctx)
	if err != nil {
		return err
	}
	_ = conn.nc.Close()
	return nil
}

// SetPassword sets the password for the next login and forgets an earlier refusal. The open connection is used no longer.
func (c *Client) SetPassword(password string) { c.credentials.set(password) }

// Stats returns the counters.
func (c *Client) Stats() Stats {
	return Stats{
		Logins: c.stats.logins.Load(), Commands: c.stats.commands.Load(),
		Unanswered: c.stats.unanswered.Load(), Late: c.stats.late.Load(),
	}
}

// Close ends what is under way, whose outcome is then Unknown, and closes the connection. It may be called many times.
func (c *Client) Close() error {
	c.end()
	<-c.turn
	c.drop()
	c.turn <- struct{}{}
	return nil
}

// bound returns a context that ends with ctx and with the client.
func (c *Client) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(c.life, func() { cancel(ErrClosed) })
	return ctx, func() { stop(); cancel(nil) }
}

// ended returns why nothing more may be begun for ctx, or nil.
func (c *Client) ended(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if c.life.Err() != nil {
		return ErrClosed
	}
	return nil
}

func (c *Client) acquire(ctx context.Context) error {
	if c.life.Err() != nil {
		return ErrClosed
	}
	select {
	case <-c.turn:
		return nil
	case <-ctx.Done():
	case <-c.life.Done():
	}
	return fmt.Errorf("wait for the connection: %w", c.ended(ctx))
}

func (c *Client) release() { c.turn <- struct{}{} }

// send writes one line and waits for its answer. A connection that turns out dead before the line was written is made anew
// once; an error means that it was not written.
func (c *Client) send(ctx context.Context, line string) (answer, error) {
	for {
		conn, isFresh, err := c.connection(ctx)
		if err != nil {
			return answer{}, err
		}
		a, err := conn.ask(ctx, line, c.timeout)
		if err == nil {
			c.stats.commands.Add(1)
			if !a.complete {
				c.stats.unanswered.Add(1)
				c.log.Warn("no answer to a command", "server", c.name, "why", a.why)
			}
		}
		if err != nil || a.spoiled {
			c.drop()
		}
		if err == nil {
			return a, nil
		}
		if why := c.ended(ctx); why != nil {
			return answer{}, fmt.Errorf("send command: %w", why)
		}
		if isFresh {
			return answer{}, fmt.Errorf("%w: send command: %w", ErrUnreachable, err)
		}
	}
}

// connection returns the open connection, or a new one where it turns out dead.
func (c *Client) connection(ctx context.Context) (_ *conn, isFresh bool, err error) {
	if err := c.ended(ctx); err != nil {
		return nil, false, fmt.Errorf("connect: %w", err)
	}
	if c.conn != nil {
		if c.conn.generation == c.credentials.current() && c.conn.drain() {
			return c.conn, false, nil
		}
		c.drop()
	}
	if err := c.credentials.refused(); err != nil {
		return nil, false, err
	}
	ctx, cancel := c.bound(ctx)
	defer cancel()
	conn, err := c.dial(ctx)
	if err != nil {
		return nil, true, err
	}
	conn.start(c.life, c.turn) //nolint:contextcheck // the connection outlives the command
	c.conn = conn
	return conn, true, nil
}

// drop closes the open connection and waits for what looks after it.
func (c *Client) drop() {
	if c.conn != nil {
		c.conn.close()
		c.conn = nil
	}
}

// checkAddress returns a Blocked ErrAddress for what can never be dialled.
func checkAddress(address string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return action.Blocked(fmt.Errorf("%w: %w", ErrAddress, err))
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err == nil && (n == 0 || host == "") {
		err = errors.New("host or port is missing")
	}
	if err != nil {
		return action.Blocked(fmt.Errorf("%w: %q: %w", ErrAddress, address, err))
	}
	return nil
}
