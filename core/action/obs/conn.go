package obs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/coder/websocket"

	"github.com/livecue/livecue/core/action"
)

// maxMessage bounds what OBS may send at once. The answer to a question has the settings of one source, or a list of names.
const maxMessage = 4 << 20

// conn is a connection that is logged in. Its reader runs until close, so that the death of OBS is seen at once.
type conn struct {
	ws   *websocket.Conn
	line line
	// generation is that of the password that it was made with.
	generation int

	// life ends the reader, and gone says that it has ended: the connection is dead.
	life context.Context
	end  context.CancelFunc
	gone chan struct{}

	mu     sync.Mutex
	lastID int
	// waiting has room for one answer in each channel.
	waiting map[string]chan response
}

// dial connects and logs in, within ctx. The error is one of the package's.
func dial(ctx context.Context, address, password string) (*conn, error) {
	if _, port, err := net.SplitHostPort(address); err != nil || port == "" {
		return nil, action.Blocked(fmt.Errorf("%w: %q", ErrAddress, address))
	}
	c := &conn{gone: make(chan struct{}), waiting: map[string]chan response{}}
	// A transport of its own: no proxy that the environment names, and no redirect, has a part in this.
	transport := &http.Transport{DialContext: c.line.dial, DisableKeepAlives: true}
	defer transport.CloseIdleConnections()
	ws, resp, err := websocket.Dial(ctx, "ws://"+address, &websocket.DialOptions{ //nolint:bodyclose // the library does
		Subprotocols: []string{subprotocol},
		HTTPClient: &http.Client{
			Transport:     transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	})
	switch {
	case err == nil:
	case resp != nil:
		return nil, fmt.Errorf("%w: %w", ErrProtocol, err)
	case c.line.isOpen.Load() && ctx.Err() != nil:
		return nil, fmt.Errorf("%w: %w", ErrSilent, err)
	default:
		return nil, fmt.Errorf("%w: %w", ErrUnreachable, networkError(err))
	}
	ws.SetReadLimit(maxMessage)
	c.ws = ws
	if err := c.login(ctx, password); err != nil {
		_ = ws.CloseNow()
		return nil, err
	}
	c.life, c.end = context.WithCancel(context.Background())
	go c.listen() // until close
	return c, nil
}

// networkError takes what went wrong on the network out of what the layers above it have wrapped around it.
func networkError(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return op
	}
	return err
}

// login answers OBS's greeting.
func (c *conn) login(ctx context.Context, password string) error {
	first, err := c.expect(ctx, opHello)
	if err != nil {
		return loginError(ctx, err)
	}
	var h hello
	if err := json.Unmarshal(first, &h); err != nil {
		return fmt.Errorf("%w: read the greeting: %w", ErrProtocol, err)
	}
	id := identify{RPCVersion: rpcVersion}
	if h.Authentication != nil {
		if password == "" {
			return action.Blocked(ErrNoPassword)
		}
		id.Authentication = h.Authentication.answer(password)
	}
	raw, err := encode(opIdentify, id)
	if err != nil {
		return err
	}
	if err := c.ws.Write(ctx, websocket.MessageText, raw); err != nil {
		return loginError(ctx, err)
	}
	if _, err := c.expect(ctx, opIdentified); err != nil {
		return loginError(ctx, err)
	}
	return nil
}

// expect reads the next message, which must be of that kind.
func (c *conn) expect(ctx context.Context, op int) (json.RawMessage, error) {
	m, err := c.read(ctx)
	if err == nil && m.Op != op {
		err = fmt.Errorf("%w: a message of kind %d came in place of %d", ErrProtocol, m.Op, op)
	}
	return m.Data, err
}

// loginError says what an error between connecting and being logged in means.
func loginError(ctx context.Context, err error) error {
	switch websocket.CloseStatus(err) {
	case closeAuthentication:
		return action.Blocked(ErrPassword)
	case closeVersion:
		return action.Blocked(ErrVersion)
	}
	switch {
	case errors.Is(err, ErrProtocol):
		return err
	case ctx.Err() != nil:
		return fmt.Errorf("%w: log in: %w", ErrSilent, err)
	default:
		return fmt.Errorf("%w: log in: %w", ErrUnreachable, err)
	}
}

func (c *conn) read(ctx context.Context) (message, error) {
	var m message
	_, raw, err := c.ws.Read(ctx)
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return m, fmt.Errorf("%w: %w", ErrProtocol, err)
	}
	return m, nil
}

// listen hands each answer to who waits for it, until the connection ends.
func (c *conn) listen() {
	defer close(c.gone)
	for {
		m, err := c.read(c.life)
		if err != nil {
			_ = c.ws.CloseNow()
			return
		}
		var r response
		if m.Op != opResponse || json.Unmarshal(m.Data, &r) != nil {
			continue
		}
		c.mu.Lock()
		answer, isAwaited := c.waiting[r.ID]
		delete(c.waiting, r.ID) // one answer each: the channel has room for no more
		c.mu.Unlock()
		if isAwaited {
			answer <- r
		}
	}
}

// close ends the connection and waits for its reader.
func (c *conn) close() {
	c.end()
	_ = c.ws.CloseNow()
	<-c.gone
}

func (c *conn) isAlive() bool {
	select {
	case <-c.gone:
		return false
	default:
		return true
	}
}

// ask sends a request and decodes its answer into out, which may be nil. The error is a *refusal, an *unanswered, or another
// where nothing was written.
func (c *conn) ask(ctx context.Context, kind string, data, out any) error {
	id, answer := c.await()
	defer c.forget(id)
	raw, err := encode(opRequest, request{Type: kind, ID: id, Data: data})
	if err != nil {
		return err
	}
	before := c.line.sent.Load()
	if err := c.ws.Write(ctx, websocket.MessageText, raw); err != nil {
		if c.line.sent.Load() == before {
			return fmt.Errorf("%w: send %s: %w", ErrUnreachable, kind, err)
		}
		return &unanswered{fmt.Errorf("send %s: %w", kind, err)}
	}
	r, err := c.receive(ctx, answer)
	switch {
	case err != nil:
		return &unanswered{fmt.Errorf("%s: %w", kind, err)}
	case r.Status.Code == statusNotReady:
		return fmt.Errorf("%w: %s", ErrNotReady, r.Status.Comment)
	case r.Status.Code != statusSuccess:
		return &refusal{r.Status.Code, r.Status.Comment}
	case out == nil:
		return nil
	}
	err = json.Unmarshal(r.Data, out)
	if err == nil && string(r.Data) == "null" {
		err = errors.New("it is empty")
	}
	if err != nil {
		return &unanswered{fmt.Errorf("%w: read the answer to %s: %w", ErrProtocol, kind, err)}
	}
	return nil
}

// receive waits for an answer.
func (c *conn) receive(ctx context.Context, answer <-chan response) (response, error) {
	select {
	case r := <-answer:
		return r, nil
	case <-ctx.Done():
		return response{}, fmt.Errorf("%w: %w", ErrSilent, context.Cause(ctx))
	case <-c.gone:
	}
	select {
	case r := <-answer: // the last thing that came
		return r, nil
	default:
		return response{}, fmt.Errorf("%w: the connection was lost", ErrUnreachable)
	}
}

// await makes the id of a request, and room for its answer.
func (c *conn) await() (id string, answer <-chan response) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lastID++
	id = strconv.Itoa(c.lastID)
	room := make(chan response, 1)
	c.waiting[id] = room
	return id, room
}

func (c *conn) forget(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.waiting, id)
}

// line makes the TCP connection below, and counts what goes out on it: a request of which no byte was written has not reached
// OBS, whatever else went wrong.
type line struct {
	isOpen atomic.Bool
	sent   atomic.Int64
}

func (l *line) dial(ctx context.Context, network, address string) (net.Conn, error) {
	var d net.Dialer
	nc, err := d.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	l.isOpen.Store(true)
	return countedConn{nc, &l.sent}, nil
}

type countedConn struct {
	net.Conn
	sent *atomic.Int64
}

func (c countedConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.sent.Add(int64(n))
	return n, err
}
