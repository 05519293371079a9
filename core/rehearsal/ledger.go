package rehearsal

import "time"

// keepStreaks bounds the ledger in a script that loops for days: the oldest streaks are no longer listed, but stay in the
// totals.
const keepStreaks = 1 << 17

// Ledger is what a client that does everything right has been told. A message counts once, when it has been delivered: the
// frame that carried it was acknowledged (by the protocol's ack; on the managed socket a WebSocket pong suffices), or, if it
// came in a sign response, when the first frame of the socket that was opened with it was acknowledged. What was written
// to a connection that broke before that is sent again after the reconnect under the same message id, so that for a client
// which drops ids that it has seen, and is connected when Pending is 0, these figures are exact.
type Ledger struct {
	// Streaks are the gifts, in the order in which they were first delivered; a gift that is not combined is a streak of one.
	Streaks []Streak
	// Gifts is the sum of the streaks' counts, Coins of their prices.
	Gifts, Coins int
	Follows      int
	Shares       int
	Joins        int
	Chats        int
	Subscribes   int
	Questions    int
	// Likes is the sum of all likes.
	Likes int
	// Viewers is the last number of viewers, ViewerCounts how many such messages.
	Viewers, ViewerCounts int
	// Delivered counts the messages that have been, each once.
	Delivered int
	// Pending are messages that are still to be delivered.
	Pending int
	// Missed are messages that nobody can know of: they were in a room to which no client had come yet, or were given up
	// because nobody took them for too long.
	Missed int

	Sent     Sent
	Received Received
}

// Streak is what was delivered of one viewer's run of one gift.
type Streak struct {
	// Handle is the viewer's @name.
	Handle string
	GiftID int64
	Gift   string
	// Group is the wire's groupId, unique together with viewer and gift.
	Group int64
	// Count is the highest repeatCount.
	Count int
	// Coins is Count times the gift's price.
	Coins int
	// Ended says that the closing message was delivered.
	Ended bool
}

// Sent is what was written to clients in all.
type Sent struct {
	Frames int
	// Messages counts all of them, those below included.
	Messages int
	// Repeated are messages that were sent before: duplicates, replays and what an interrupted connection had left open.
	Repeated int
	// Backlog is the most that ever waited to be written to one connection, in messages.
	Backlog int
	// Writing is how long all writes of frames to sockets took, LongestWrite the longest of them.
	Writing, LongestWrite time.Duration
	// Stalls is how often a stall kept a connection waiting.
	Stalls int
	// HeldUp is how long the script stood still because a client that was there did not acknowledge what it had got.
	HeldUp time.Duration
	// Garbage are frames and messages that cannot be decoded, Unknown those of a method that no client knows, Hollow those
	// whose parts are missing; some of the hollow ones are deeds that count all the same.
	Garbage, Unknown, Hollow int
}

// Received is what clients did.
type Received struct {
	// Connections are sockets that were opened, Refused those that were turned away, Open those that are open now.
	Connections, Refused, Open int
	// Lookups are requests for room pages and room info, Signs for signed addresses, SignsRefused those turned away.
	Lookups, Signs, SignsRefused int
	// Acks are right ones, BadAcks those of no frame or with the wrong internalExt.
	Acks, BadAcks         int
	Heartbeats, RoomEnter int
	// Unknown are frames that are none of these.
	Unknown int
}

// book keeps the Ledger. It is guarded by the stage's lock.
type book struct {
	total   Ledger
	streaks map[groupKey]*Streak
	order   []groupKey
}

func newBook() *book { return &book{streaks: map[groupKey]*Streak{}} }

// deliver counts a message that has reached a client for the first time.
func (b *book) deliver(s *step, group int64) {
	t := &b.total
	t.Delivered++
	switch s.verb {
	case doFollow:
		t.Follows++
	case doShare:
		t.Shares++
	case doJoin:
		t.Joins++
	case doChat:
		t.Chats++
	case doSubscribe:
		t.Subscribes++
	case doAsk:
		t.Questions++
	case doLike:
		t.Likes += s.count
	case doViewers:
		t.Viewers = s.count
		t.ViewerCounts++
	case doGift:
		b.deliverGift(s, group)
	}
}

func (b *book) deliverGift(s *step, group int64) {
	key := groupKey{s.viewer.id, s.gift.id, group}
	streak := b.streaks[key]
	if streak == nil {
		streak = &Streak{Handle: s.viewer.handle, GiftID: s.gift.id, Gift: s.gift.name, Group: group}
		b.streaks[key] = streak
		b.order = append(b.order, key)
		if len(b.order) > keepStreaks {
			delete(b.streaks, b.order[0])
			b.order = b.order[1:]
		}
	}
	if added := s.count - streak.Count; added > 0 {
		streak.Count += added
		streak.Coins += added * s.gift.coins
		b.total.Gifts += added
		b.total.Coins += added * s.gift.coins
	}
	streak.Ended = streak.Ended || s.isEnd
}

// copy returns the ledger as it stands.
func (b *book) copy() Ledger {
	out := b.total
	out.Streaks = make([]Streak, len(b.order))
	for i, key := range b.order {
		out.Streaks[i] = *b.streaks[key]
	}
	return out
}
