package rehearsal

import (
	"compress/gzip"
	"context"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/coder/websocket"
	pb "github.com/steampoweredtaco/gotiktoklive/proto"
	"google.golang.org/protobuf/proto"
)

const (
	// maxBatch is how many messages a frame carries; TikTok's carry a few to some dozens.
	maxBatch = 100
	// batchEvery is the pause between frames while little is going on: short enough to feel at once.
	batchEvery = 40 * time.Millisecond
	// maxQueue and maxInflight are where a client that does not keep up is let go.
	maxQueue    = 60_000
	maxInflight = 1000
	writeWait   = 10 * time.Second
	// lastAckWait is how long the end of a live waits for its acknowledgement.
	lastAckWait = 2 * time.Second
	// maxClientFrame bounds what a client may send at once; acks are a few hundred bytes.
	maxClientFrame = 64 << 10
)

// item is something to send: a message, which goes into a frame with its neighbours, or a frame as it is.
type item struct {
	m   *message
	raw *rawFrame
	// isLast says that the connection ends when it has been sent.
	isLast bool
}

// sentFrame is a frame that waits for its ack.
type sentFrame struct {
	ext      string
	messages []*message
}

// ending is how a connection is to be ended by this side.
type ending struct {
	code     websocket.StatusCode
	reason   string
	isAbrupt bool
}

// conn is one client's socket, direct or managed. Fields below mu's note belong to the stage's lock.
type conn struct {
	stage *stage
	ws    *websocket.Conn
	tcp   net.Conn // nil where it cannot be had; for an abrupt end
	door  door
	room  *room
	// isGzip says that payloads are compressed.
	isGzip bool

	// Guarded by the stage's lock.
	items    []item
	first    []*message // those of the sign response; they count with the first frame's ack
	inflight map[uint64]sentFrame
	isEnding bool

	wake chan struct{} // of one: something to send
	end  chan ending   // of one
	done chan struct{} // closed when the reader has ended

	zip *gzip.Writer // the writer's own
}

// door is what the client believes to talk to.
type door int

const (
	direct  door = iota // TikTok itself: every frame is acknowledged
	managed             // Euler Stream, which passes frames through and acknowledges them itself
)

func newConn(st *stage, ws *websocket.Conn, tcp net.Conn, d door, r *room, isGzip bool) *conn {
	ws.SetReadLimit(maxClientFrame)
	return &conn{
		stage: st, ws: ws, tcp: tcp, door: d, room: r, isGzip: isGzip,
		inflight: map[uint64]sentFrame{},
		wake:     make(chan struct{}, 1), end: make(chan ending, 1), done: make(chan struct{}),
		zip: gzip.NewWriter(nil),
	}
}

// run holds the connection until it ends. The writer ends with the reader, and run waits for both.
func (c *conn) run(ctx context.Context) {
	written := make(chan struct{})
	writing, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { // ends when done is closed, or has closed the socket, which ends the reader
		defer close(written)
		c.write(writing)
	}()
	c.read(ctx)
	close(c.done)
	cancel() // a pong will not come any more
	c.stage.wakeAll()
	<-written
	_ = c.ws.CloseNow()
}

// push queues items. It needs the stage's lock.
func (c *conn) push(items ...item) {
	c.items = append(c.items, items...)
	sent := &c.stage.book.total.Sent
	sent.Backlog = max(sent.Backlog, len(c.items))
	if len(c.items) > maxQueue || len(c.inflight) > maxInflight {
		c.finish(ending{code: websocket.StatusPolicyViolation, reason: "does not keep up"})
	}
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// finish has the writer end the connection; the first call counts. It needs the stage's lock.
func (c *conn) finish(e ending) {
	if c.isEnding {
		return
	}
	c.isEnding = true
	c.end <- e
	c.stage.signal()
}

func (c *conn) write(ctx context.Context) {
	for {
		select {
		case e := <-c.end:
			c.close(e)
			return
		case <-c.done:
			return
		case <-c.wake:
		}
		if isOver := c.flush(ctx); isOver {
			return
		}
	}
}

// flush sends all that is queued, a batch at a time. It says whether the connection is over.
func (c *conn) flush(ctx context.Context) bool {
	for {
		if over := c.pause(c.stage.stalled()); over {
			return true
		}
		batch, isLast, rest := c.take()
		if len(batch) == 0 {
			return false
		}
		if err := c.send(ctx, batch); err != nil {
			c.stage.log.Debug("rehearsal connection failed", "error", err)
			_ = c.ws.CloseNow()
			return true
		}
		if isLast {
			c.endLive(ctx)
			return true
		}
		if rest >= maxBatch {
			continue
		}
		if over := c.pause(batchEvery); over {
			return true
		}
	}
}

// pause waits, or only looks if d is not positive. It says whether the connection is over.
func (c *conn) pause(d time.Duration) bool {
	select {
	case e := <-c.end:
		c.close(e)
		return true
	default:
	}
	if d <= 0 {
		return c.isGone()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case e := <-c.end:
		c.close(e)
		return true
	case <-c.done:
		return true
	case <-timer.C:
		return false
	}
}

// take returns a batch of messages or one raw frame, and how many items are left.
func (c *conn) take() (batch []item, isLast bool, rest int) {
	c.stage.mu.Lock()
	defer c.stage.mu.Unlock()
	for len(c.items) > 0 && len(batch) < maxBatch {
		next := c.items[0]
		if next.raw != nil || next.isLast {
			if len(batch) > 0 {
				break
			}
			c.items = c.items[1:]
			return []item{next}, next.isLast, len(c.items)
		}
		batch = append(batch, next)
		c.items = c.items[1:]
	}
	return batch, false, len(c.items)
}

// send writes one batch. On the managed door a pong then shows that the client has read it.
func (c *conn) send(ctx context.Context, batch []item) error {
	if raw := batch[0].raw; raw != nil {
		c.stage.sentGarbage()
		return c.writeFrame(ctx, raw.kind, raw.data)
	}
	logID, ext, response := c.frame(batch)
	data, err := c.encode(logID, ext, response)
	if err != nil {
		return err
	}
	if told := c.stage.onFrame; told != nil {
		told(methods(batch))
	}
	began := time.Now()
	err = c.writeFrame(ctx, websocket.MessageBinary, data)
	c.stage.wrote(time.Since(began))
	if err != nil || c.door != managed {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, writeWait)
	defer cancel()
	if err := c.ws.Ping(ctx); err != nil {
		return fmt.Errorf("wait for pong: %w", err)
	}
	c.stage.delivered(c, logID)
	return nil
}

// wrote counts how long a write took: a client that does not read lets it wait.
func (st *stage) wrote(took time.Duration) {
	st.mu.Lock()
	defer st.mu.Unlock()
	sent := &st.book.total.Sent
	sent.Writing += took
	sent.LongestWrite = max(sent.LongestWrite, took)
}

func methods(batch []item) []string {
	all := make([]string, len(batch))
	for i, it := range batch {
		all[i] = it.m.method
	}
	return all
}

func (c *conn) writeFrame(ctx context.Context, kind websocket.MessageType, data []byte) error {
	ctx, cancel := context.WithTimeout(ctx, writeWait)
	defer cancel()
	if err := c.ws.Write(ctx, kind, data); err != nil {
		return fmt.Errorf("write frame: %w", err)
	}
	return nil
}

// endLive waits for the last frame's ack, or for the client to go, and ends the connection as the door does.
func (c *conn) endLive(ctx context.Context) {
	c.stage.await(ctx, lastAckWait, func() bool { return len(c.inflight) == 0 || c.isEnding || c.isGone() })
	e := ending{code: websocket.StatusNormalClosure}
	if c.door == managed {
		e = ending{code: closeStreamEnded, reason: "the stream has ended"}
	}
	c.close(e)
}

func (c *conn) isGone() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

// close ends the connection from this side; the reader ends with it.
func (c *conn) close(e ending) {
	if !e.isAbrupt {
		_ = c.ws.Close(e.code, e.reason)
		return
	}
	if t, ok := c.tcp.(*net.TCPConn); ok {
		_ = t.SetLinger(0) // a reset, as when a router gives up
	}
	_ = c.ws.CloseNow()
}

// read takes what the client sends until the connection ends.
func (c *conn) read(ctx context.Context) {
	for {
		kind, data, err := c.ws.Read(ctx)
		if err != nil {
			return
		}
		var f pb.WebcastPushFrame
		if kind != websocket.MessageBinary || proto.Unmarshal(data, &f) != nil {
			f = pb.WebcastPushFrame{PayloadType: "undecodable"}
		}
		c.stage.received(c, &f)
	}
}

// received counts a client's frame and delivers what an ack is for.
func (st *stage) received(c *conn, f *pb.WebcastPushFrame) {
	st.mu.Lock()
	defer st.mu.Unlock()
	in := &st.book.total.Received
	switch {
	case f.PayloadType == "ack":
		sent, ok := c.inflight[f.LogId]
		if !ok || sent.ext != string(f.Payload) {
			// On the managed door the pong may have been first; an ack is no mistake there.
			if c.door == direct {
				in.BadAcks++
			}
			return
		}
		in.Acks++
		delete(c.inflight, f.LogId)
		st.deliver(sent.messages)
	case f.PayloadType == "hb":
		in.Heartbeats++
	case strings.HasPrefix(f.PayloadType, "im_enter_room"):
		in.RoomEnter++
	default:
		in.Unknown++
	}
}

// delivered counts a frame that was read without an ack.
func (st *stage) delivered(c *conn, logID uint64) {
	st.mu.Lock()
	defer st.mu.Unlock()
	sent := c.inflight[logID]
	delete(c.inflight, logID)
	st.deliver(sent.messages)
}

// stalled returns how much longer nothing is sent.
func (st *stage) stalled() time.Duration {
	st.mu.Lock()
	defer st.mu.Unlock()
	left := time.Until(st.faults.stall)
	if left > 0 {
		st.book.total.Sent.Stalls++
	}
	return left
}
