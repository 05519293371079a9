package rcon

import (
	"bufio"
	"context"
	"errors"
	"net"
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
)

// errPacket is a packet that cannot be RCON.
var errPacket = errors.New("malformed packet")

// conn is a connection that is logged in. A goroutine of its own reads it, so that a server that goes away is noticed
// while nothing is being asked, and a command is not written into a dead socket.
type conn struct {
	nc         net.Conn
	in         *bufio.Reader
	manners    *manners
	late       *atomic.Uint64
	generation int

	id      int32
	waiting atomic.Pointer[question]
	// gone is closed when the reader has ended, for the reason in err.
	gone chan struct{}
	err  error
}

// question is a command in flight.
type question struct {
	id      int32
	packets chan *codec.Packet
	done    chan struct{}
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

func newConn(nc net.Conn, m *manners, late *atomic.Uint64) *conn {
	return &conn{nc: nc, in: bufio.NewReaderSize(nc, 16<<10), manners: m, late: late, gone: make(chan struct{})}
}

// start begins to read. close ends it.
func (c *conn) start() { go c.read() }

// close closes the connection and waits for the reader.
func (c *conn) close() {
	_ = c.nc.Close()
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

// nextID returns an id that no packet in flight has. Commands have even ids, the end mark of each the odd one after it.
func (c *conn) nextID() int32 {
	c.id += 2
	if c.id < 0 || c.id > 1<<30 {
		c.id = 2
	}
	return c.id
}

func (c *conn) read() {
	defer close(c.gone)
	for {
		p, err := readPacket(c.in)
		if err != nil {
			c.err = err
			return
		}
		c.deliver(p)
	}
}

// deliver hands p to the question that it answers, and drops it if there is none.
func (c *conn) deliver(p *codec.Packet) {
	q := c.waiting.Load()
	if q != nil && p.ID&^1 == q.id {
		select {
		case q.packets <- p:
			return
		case <-q.done:
		}
	}
	c.late.Add(1)
	isCommand := p.ID > 0 && p.ID&1 == 0
	if isCommand && p.Type == codec.SERVERDATA_RESPONSE_VALUE && p.Body() != "" {
		c.manners.answersInParts.Store(true)
	}
}

// ask writes line and waits for its answer. An error means that it was not written whole, so that it was not run.
func (c *conn) ask(ctx context.Context, line string, timeout time.Duration) (answer, error) {
	q := &question{id: c.nextID(), packets: make(chan *codec.Packet), done: make(chan struct{})}
	c.waiting.Store(q)
	defer func() {
		c.waiting.Store(nil)
		close(q.done)
	}()
	start := time.Now()
	if err := c.write(ctx, codec.SERVERDATA_EXECCOMMAND, q.id, line, start.Add(timeout)); err != nil {
		return answer{}, err
	}
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	select {
	case p := <-q.packets:
		g := gathering{conn: c, question: q, took: time.Since(start), deadline: start.Add(timeout)}
		return g.finish(ctx, p), nil
	case <-c.gone:
		return answer{spoiled: true, why: "connection lost: " + c.err.Error()}, nil
	case <-timer.C:
		return answer{spoiled: true, why: "timeout"}, nil
	case <-ctx.Done():
		return answer{spoiled: true, why: context.Cause(ctx).Error()}, nil
	}
}

// write sends one packet in one write.
func (c *conn) write(ctx context.Context, kind, id int32, body string, deadline time.Time) error {
	if err := c.nc.SetWriteDeadline(deadline); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = c.nc.SetWriteDeadline(time.Unix(1, 0)) })
	defer stop()
	_, err := codec.NewPacket(kind, id, body).WriteTo(c.nc)
	return err
}
