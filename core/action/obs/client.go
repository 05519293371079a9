package obs

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/livecue/livecue/core/action"
)

const (
	// DefaultAddress is where OBS listens unless its user changed it.
	DefaultAddress = "127.0.0.1:4455"
	// DefaultTimeout is how long one request, or connecting and logging in, may take.
	DefaultTimeout = 5 * time.Second
	// closeTimeout bounds Close, which may have things to switch back.
	closeTimeout = 2 * time.Second
)

// Options set up a Client.
type Options struct {
	// Address is host:port; empty is DefaultAddress.
	Address string
	// Password is the one that OBS shows in its WebSocket settings; empty is none.
	Password string
	// Timeout is the deadline of each request, and of connecting and logging in together; 0 is DefaultTimeout.
	Timeout time.Duration
	// Notes remember what is to be switched back; nil remembers it no longer than the Client lives.
	Notes *Notes
	// Log is told of connections made and lost, and of what could not be switched back; nil is slog.Default. It never gets
	// the password.
	Log *slog.Logger
}

// Client does the OBS jobs. It is safe for use from many goroutines, which it serves one after another.
type Client struct {
	address string
	timeout time.Duration
	log     *slog.Logger
	notes   *Notes

	// life ends with Close.
	life context.Context
	end  context.CancelFunc
	// group is the goroutine that switches back, while there is something to.
	group sync.WaitGroup
	// wake tells it that the earliest time may have changed.
	wake chan struct{}

	// turn holds a token while nobody uses what follows.
	turn chan struct{}
	conn *conn // the open connection, or nil
	// backs is what is to be switched back, by names: the number of a source in its scene is looked up when it is time.
	backs   map[thing]*back
	isBusy  bool // the goroutine that switches back runs
	retryAt time.Time
	pause   time.Duration // that led to retryAt

	credentials credentials
}

// credentials are the password, and how often it has changed.
type credentials struct {
	mu         sync.Mutex
	password   string
	generation int
}

func (c *credentials) get() (string, int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.password, c.generation
}

func (c *credentials) set(password string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.password != password {
		c.password = password
		c.generation++
	}
}

var _ action.Action = (*Client)(nil)

// New returns a client that connects when it has something to do. What the notes say is to be switched back waits for Resume or Do.
func New(opts Options) *Client {
	c := &Client{
		address: opts.Address, timeout: opts.Timeout, log: opts.Log, notes: opts.Notes,
		wake: make(chan struct{}, 1), turn: make(chan struct{}, 1), backs: map[thing]*back{},
		credentials: credentials{password: opts.Password},
	}
	if c.address == "" {
		c.address = DefaultAddress
	}
	if c.timeout <= 0 {
		c.timeout = DefaultTimeout
	}
	if c.log == nil {
		c.log = slog.Default()
	}
	c.life, c.end = context.WithCancel(context.Background())
	c.recall()
	c.turn <- struct{}{}
	return c
}

// SetPassword sets the password for the next login. The open connection is used no longer where it was made with another.
func (c *Client) SetPassword(password string) { c.credentials.set(password) }

// Info is what OBS tells of itself.
type Info struct {
	// Version is OBS's own, such as "30.2.3".
	Version string
	// Scenes is how many there are.
	Scenes int
}

// Test connects and logs in on a connection of its own, and asks OBS what it is. The error is nil or one of the package's. It
// changes nothing.
func (c *Client) Test(ctx context.Context) (Info, error) {
	var info Info
	err := c.apart(ctx, func(ctx context.Context, conn *conn) error {
		ctx, cancel := context.WithTimeout(ctx, c.timeout)
		defer cancel()
		var version struct {
			OBS string `json:"obsVersion"`
		}
		if err := conn.ask(ctx, "GetVersion", nil, &version); err != nil {
			return err
		}
		var n Names
		err := n.scenes(ctx, conn)
		info = Info{Version: version.OBS, Scenes: len(n.Scenes)}
		return err
	})
	return info, err
}

// apart does something on a connection of its own, within the time of one request to log in.
func (c *Client) apart(ctx context.Context, do func(context.Context, *conn) error) error {
	if c.life.Err() != nil {
		return ErrClosed
	}
	ctx, cancel := c.bound(ctx)
	defer cancel()
	conn, err := c.dial(ctx)
	if err != nil {
		return err
	}
	defer conn.close()
	return do(ctx, conn)
}

// Close ends what is under way, whose outcome may then be Unknown, switches back what is still to be switched back, and closes
// the connection. What OBS could not be told stays in the notes. It takes closeTimeout at most, and may be called many times.
func (c *Client) Close() error {
	c.end()
	<-c.turn
	defer func() { c.turn <- struct{}{} }()
	c.group.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	err := c.switchAllBack(ctx)
	c.drop()
	return err
}

// bound returns a context that ends with ctx and with the client.
func (c *Client) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(c.life, func() { cancel(ErrClosed) })
	return ctx, func() { stop(); cancel(nil) }
}

func (c *Client) acquire(ctx context.Context) error {
	select {
	case <-c.turn:
	case <-ctx.Done():
		return fmt.Errorf("wait for OBS: %w", context.Cause(ctx))
	case <-c.life.Done():
		return ErrClosed
	}
	if c.life.Err() != nil {
		c.release()
		return ErrClosed
	}
	return nil
}

func (c *Client) release() { c.turn <- struct{}{} }

func (c *Client) dial(ctx context.Context) (*conn, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	password, generation := c.credentials.get()
	conn, err := dial(ctx, c.address, password)
	if err != nil {
		return nil, err
	}
	conn.generation = generation
	return conn, nil
}

// connection returns the open connection, or a new one where it is dead or has an old password.
func (c *Client) connection(ctx context.Context) (*conn, error) {
	if c.conn != nil {
		if _, generation := c.credentials.get(); c.conn.generation == generation && c.conn.isAlive() {
			return c.conn, nil
		}
		c.drop()
	}
	conn, err := c.dial(ctx)
	if err != nil {
		return nil, err
	}
	c.log.Info("connected to OBS", "address", c.address)
	c.conn = conn
	return conn, nil
}

// drop closes the open connection.
func (c *Client) drop() {
	if c.conn != nil {
		c.conn.close()
		c.conn = nil
	}
}

// ask sends one request, on a new connection where there is none, and decodes its answer into out, which may be nil. After
// anything but an answer the connection is given up: OBS may be dead or frozen, and the next login will tell.
func (c *Client) ask(ctx context.Context, kind string, data, out any) error {
	conn, err := c.connection(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	err = conn.ask(ctx, kind, data, out)
	if err != nil && !isAnswer(err) {
		c.log.Warn("OBS did not answer", "request", kind, "error", err)
		c.drop()
	}
	return err
}
