package rehearsal

import (
	"bytes"
	"fmt"
	"time"

	pb "github.com/steampoweredtaco/gotiktoklive/proto"
	"google.golang.org/protobuf/proto"
)

// frame makes a batch's response and notes that it waits for an ack.
func (c *conn) frame(batch []item) (logID uint64, ext string, r *pb.WebcastResponse) {
	now := time.Now()
	st := c.stage
	st.mu.Lock()
	defer st.mu.Unlock()
	st.nextLog++
	logID = st.nextLog
	ext = fmt.Sprintf("internal_src:rehearsal|wss_msg_type:r|wrds_v:%d|seq:%d|fetch_time:%d", c.room.id, logID, now.UnixMilli())
	r = &pb.WebcastResponse{
		Cursor: st.cursor(c.room, now), FetchInterval: 1000, Now: now.UnixMilli(), InternalExt: []byte(ext),
		FetchType: 1, HeartBeatDuration: 10_000, NeedsAck: true,
	}
	sent := sentFrame{ext: ext, messages: c.first}
	c.first = nil
	for _, it := range batch {
		r.Messages = append(r.Messages, st.wire(it.m))
		sent.messages = append(sent.messages, it.m)
	}
	c.inflight[logID] = sent
	st.book.total.Sent.Frames++
	return logID, ext, r
}

// encode wraps a response as TikTok does.
func (c *conn) encode(logID uint64, ext string, r *pb.WebcastResponse) ([]byte, error) {
	payload, err := proto.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encode response: %w", err)
	}
	compression := "none"
	if c.isGzip {
		var buf bytes.Buffer
		c.zip.Reset(&buf)
		if _, err := c.zip.Write(payload); err != nil {
			return nil, fmt.Errorf("compress response: %w", err)
		}
		if err := c.zip.Close(); err != nil {
			return nil, fmt.Errorf("compress response: %w", err)
		}
		payload, compression = buf.Bytes(), "gzip"
	}
	data, err := proto.Marshal(&pb.WebcastPushFrame{
		SeqId: logID, LogId: logID, Service: 10, Method: 5, PayloadEncoding: "pb", PayloadType: "msg", Payload: payload,
		Headers: map[string]string{"compress_type": compression, "im-cursor": r.Cursor, "im-internal_ext": ext},
	})
	if err != nil {
		return nil, fmt.Errorf("encode frame: %w", err)
	}
	return data, nil
}

// wire is a message inside a response; it counts it as sent. It needs the lock.
func (st *stage) wire(m *message) *pb.WebcastResponse_Message {
	sent := &st.book.total.Sent
	sent.Messages++
	if m.timesSent++; m.timesSent > 1 {
		sent.Repeated++
	}
	switch m.trouble {
	case doGarbage:
		sent.Garbage++
	case doUnknown:
		sent.Unknown++
	case doHollow:
		sent.Hollow++
	}
	return &pb.WebcastResponse_Message{Method: m.method, Payload: m.payload, MsgId: m.id, MsgType: 1, IsHistory: m.isHistory}
}

func (st *stage) sentGarbage() {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.book.total.Sent.Garbage++
}

// cursor is what a client would pass on to go on where it was. It needs the lock.
func (st *stage) cursor(r *room, now time.Time) string {
	return fmt.Sprintf("r-%d_d-%d_u-1_h-1_t-%d", r.id, st.nextLog, now.UnixMilli())
}
