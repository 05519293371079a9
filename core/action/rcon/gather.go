package rcon

import (
	"strings"
	"time"

	codec "github.com/gorcon/rcon"
)

// gathering collects the packets of one answer.
//
// Nothing in RCON says that an answer has ended. A packet that is not full is taken for the whole answer, so that the
// common case costs one round trip and no waiting. After a full one, or with a server that is known to answer in many
// short ones, an end mark is sent: its answer comes after the last part. A server that ignores the mark is waited for
// until it has been quiet for a while. The mark is never sent before the first packet has come: until then vanilla might
// read both requests at once, and would close the connection.
type gathering struct {
	conn *conn
	id   int32 // the command's
	// took is the time that the first packet took: what a mark may take too.
	took     time.Duration
	deadline time.Time

	text      strings.Builder
	isFull    bool
	awaitMark bool
}

func (g *gathering) finish(first *codec.Packet) answer {
	g.add(first)
	if !g.isFull && !g.conn.manners.answersInParts.Load() {
		return answer{text: g.text.String(), complete: true}
	}
	if !g.conn.manners.ignoresMarks.Load() {
		g.awaitMark = g.conn.write(markType, g.id|1, "") == nil
	}
	isSound := g.collect()
	return answer{text: g.text.String(), complete: true, spoiled: !isSound}
}

// add takes a packet and reports whether it was the end mark's.
func (g *gathering) add(p *codec.Packet) (isMark bool) {
	if p.ID != g.id {
		return true
	}
	body := p.Body()
	if body != "" && g.text.Len() > 0 && !g.isFull {
		// Not cut for its length: a server that sends a packet for each line.
		g.text.WriteByte('\n')
	}
	g.isFull = len(body) >= fullPart
	room := max(0, maxAnswer-g.text.Len())
	g.text.WriteString(body[:min(len(body), room)])
	return false
}

// collect takes packets until the mark, silence or the deadline, and reports whether the connection is still good.
func (g *gathering) collect() bool {
	for {
		quiet := time.Now().Add(g.patience())
		if quiet.After(g.deadline) {
			quiet = g.deadline
		}
		if !g.conn.limit.set(quiet) {
			return false
		}
		p, err := g.conn.next(g.id)
		if err == nil {
			if g.add(p) {
				return true
			}
			continue
		}
		isQuiet := isTimeout(err)
		if isQuiet && (quiet.Equal(g.deadline) || g.conn.limit.wasCut()) {
			return false
		}
		if g.awaitMark {
			// Silence, or a connection that was closed: it may have been the mark that it did not like.
			g.conn.manners.ignoresMarks.Store(true)
		}
		return isQuiet
	}
}

// patience is how long a silence ends the answer.
func (g *gathering) patience() time.Duration {
	wait := settleShort
	if g.isFull || g.awaitMark {
		wait = settleFull
	}
	return wait + min(g.took, time.Second)
}
