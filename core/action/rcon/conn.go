package rcon

import (
	"bufio"
	"context"
	"errors"
	"net"
	"os"
	"sync/atomic"
	"time"

	codec "github.com/gorcon/rcon"
)

const (
	// maxPacket bounds what one packet of a server may hold. A full part of vanilla has 4096 characters, 12 KB at most in
	// UTF-8; others send long answers in one packet.
	maxPacket = 64 << 10
	// maxAnswer bounds what is kept of an answer; the rest is read and dropped.
	maxAnswer = 64 << 10
	// fullPart is the length from which a packet may be one part of a longer answer. Vanilla's full parts have at least
	// 4096 bytes, those of servers that count the header 4086 or a little less.
	fullPart = 4000
	// settleFull is how long after a full part the next one may come. Parts are sent back to back, so it is generous.
	settleFull = 300 * time.Millisecond
	// settleShort is the same after a short packet of a server that answers in several of them.
	settleShort = 50 * time.Millisecond
	// markType is a packet type that is no request: vanilla answers "Unknown request 0", Valve's servers mirror it.
	markType = codec.SERVERDATA_RESPONSE_VALUE
	// idleCheck is how often a connection that nobody uses is looked at.
	idleCheck = time.Second
	// maxDrain bounds the late packets that are read at once, so that a flood of them cannot hold up a command for ever.
	maxDrain = 10_000
)

// errPacket is a packet that cannot be RCON.
var errPacket = errors.New("malformed packet")

// conn is a connection that is logged in. Whoever asks reads the answer on their own goroutine: handing it over from
// another costs as much as the server takes. What comes while nothing is asked is read before the next command, so that none is
// written into a connection that the server has closed, and now and then in between.
type conn struct {
	nc         net.Conn
	wire       *wire
	in         *bufio.Reader
	limit      limit
	manners    *manners
	late       *atomic.Uint64
	generation int

	id   int32
	dead atomic.Bool
	// closed tells watch to end, and gone that it has.
	closed, gone chan struct{}
	// unhook takes the connection off the client's life.
	unhook func() bool
}

// answer is what became of a command that was written.
type answer struct {
	text string
	// complete says that an answer came. An empty text is an answer too.
	complete bool
	// spoiled says that the connection cannot be used any more.
	spoiled bool
	// why tells why it is not complete.
	why string
}

func newConn(nc net.Conn, m *manners, late *atomic.Uint64) (*conn, error) {
	w, err := newWire(nc)
	if err != nil {
		return nil, err
	}
	return &conn{
		nc: nc, wire: w, in: newReader(w), limit: limit{nc: nc}, manners: m, late: late,
		closed: make(chan struct{}), gone: make(chan struct{}),
	}, nil
}

// start lets the end of life interrupt whoever asks, and begins to look after the connection while turn has its token in it.
// close ends both.
func (c *conn) start(life context.Context, turn chan struct{}) {
	c.unhook = context.AfterFunc(life, c.limit.end)
	go c.watch(turn)
}

// close closes the connection and waits for watch.
func (c *conn) close() {
	_ = c.nc.Close()
	c.unhook()
	close(c.closed)
	<-c.gone
}

// isAlive reports whether the connection was good when it was last read.
func (c *conn) isAlive() bool { return !c.dead.Load() }

// watch drains the connection while nobody uses it, until it is closed or found dead.
func (c *conn) watch(turn chan struct{}) {
	defer close(c.gone)
	tick := time.NewTicker(idleCheck)
	defer tick.Stop()
	for c.isAlive() {
		select {
		case <-c.closed:
			return
		case <-tick.C:
		}
		select {
		case <-turn:
			c.drain()
			turn <- struct{}{}
		default:
			// In use, and so being read.
		}
	}
}

// drain reads what has come unasked, without waiting, and reports whether the connection is alive.
func (c *conn) drain() bool {
	c.wire.noWait = true
	defer func() { c.wire.noWait = false }()
	for range maxDrain {
		if !c.isAlive() {
			return false
		}
		_, err := c.in.Peek(1)
		if errors.Is(err, errNothing) {
			return true
		}
		p, err := readPacket(c.in)
		switch {
		case err == nil:
			c.skip(p)
		case errors.Is(err, errNothing):
			return true // the rest of it will come
		default:
			c.dead.Store(true)
		}
	}
	return c.isAlive()
}

// skip drops a packet that nobody waits for.
func (c *conn) skip(p *codec.Packet) {
	c.late.Add(1)
	isCommand := p.ID > 0 && p.ID&1 == 0
	if isCommand && p.Type == codec.SERVERDATA_RESPONSE_VALUE && p.Body() != "" {
		c.manners.answersInParts.Store(true)
	}
}

// nextID returns an id that no packet in flight has. Commands have even ids, the end mark of each the odd one after it.
func (c *conn) nextID() int32 {
	c.id += 2
	if c.id < 0 || c.id > 1<<30 {
		c.id = 2
	}
	return c.id
}

// ask writes line and waits for its answer. An error means that it was not written whole, so that it was not run.
func (c *conn) ask(ctx context.Context, line string, timeout time.Duration) (answer, error) {
	id := c.nextID()
	start := time.Now()
	deadline := start.Add(timeout)
	done := c.limit.begin(ctx, deadline)
	defer done()
	if err := c.write(codec.SERVERDATA_EXECCOMMAND, id, line); err != nil {
		return answer{}, err
	}
	p, err := c.next(id)
	if err != nil {
		return answer{spoiled: true, why: c.why(ctx, err)}, nil
	}
	g := gathering{conn: c, id: id, took: time.Since(start), deadline: deadline}
	return g.finish(p), nil
}

// write sends one packet in one write.
func (c *conn) write(kind, id int32, body string) error {
	_, err := codec.NewPacket(kind, id, body).WriteTo(c.nc)
	return err
}

// next returns the next packet of the command with that id, or of its mark, and drops those before it.
func (c *conn) next(id int32) (*codec.Packet, error) {
	for {
		p, err := readPacket(c.in)
		switch {
		case err != nil:
			if !isTimeout(err) {
				c.dead.Store(true)
			}
			return nil, err
		case p.ID&^1 == id:
			return p, nil
		}
		c.skip(p)
	}
}

// why tells why no answer came.
func (c *conn) why(ctx context.Context, err error) string {
	switch {
	case !isTimeout(err):
		return "connection lost: " + err.Error()
	case ctx.Err() != nil:
		return context.Cause(ctx).Error()
	case c.limit.isOver():
		return ErrClosed.Error()
	default:
		return "timeout"
	}
}

func isTimeout(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }
