package tiktok

import (
	"errors"
	"hash/fnv"
	"io"
	"strconv"
	"time"

	pb "github.com/steampoweredtaco/gotiktoklive/proto"
	"google.golang.org/protobuf/proto"

	"github.com/livecue/livecue/core/event"
)

// sourceName is what event.Head.Source says.
const sourceName = "tiktok"

// maxGifts bounds the gifts whose name and price are remembered.
const maxGifts = 5000

// intake turns responses into events. It remembers what has been seen and counted, for all the connections of a Source.
// Its methods are called from the goroutine of Run.
type intake struct {
	trouble *trouble
	seen    *seen
	streaks *streaks
	gifts   map[int64]event.GiftInfo // for messages that name a gift by its number alone
	unnamed uint64                   // messages without id and time, so far

	room      string
	isGuessed bool // whether the room is learnt from the messages
	// since is when the first connection to the room was begun, by TikTok's clock. What is older is the past.
	since time.Time
	// hasHeld says that there has been a connection to the room before.
	hasHeld bool
}

func newIntake(streakTimeout time.Duration, t *trouble) *intake {
	return &intake{
		trouble: t, seen: newSeen(maxSeen), streaks: newStreaks(streakTimeout, maxStreaks),
		gifts: map[int64]event.GiftInfo{},
	}
}

// enter begins a connection to room, or to one that the messages will tell if it is empty. began is when it was begun, by
// TikTok's clock.
func (in *intake) enter(room string, began time.Time) {
	in.isGuessed = room == ""
	in.streaks.touch(time.Now())
	switch {
	case in.since.IsZero(), !in.isGuessed && room != in.room && in.room != "":
		in.room, in.since, in.hasHeld = room, began, false
	case in.room == "":
		in.room = room // no message had told
	}
}

// leave ends the connection.
func (in *intake) leave() { in.hasHeld = true }

// body is a message's payload.
type body interface {
	proto.Message
	GetCommon() *pb.Common
}

// newBody returns an empty payload for the methods that we have a use for.
func newBody(method string) body {
	switch method {
	case "WebcastGiftMessage":
		return &pb.WebcastGiftMessage{}
	case "WebcastChatMessage":
		return &pb.WebcastChatMessage{}
	case "WebcastLikeMessage":
		return &pb.WebcastLikeMessage{}
	case "WebcastSocialMessage":
		return &pb.WebcastSocialMessage{}
	case "WebcastMemberMessage":
		return &pb.WebcastMemberMessage{}
	case "WebcastSubNotifyMessage":
		return &pb.WebcastSubNotifyMessage{}
	case "WebcastRoomUserSeqMessage":
		return &pb.WebcastRoomUserSeqMessage{}
	case "WebcastQuestionNewMessage":
		return &pb.WebcastQuestionNewMessage{}
	case "WebcastControlMessage":
		return &pb.WebcastControlMessage{}
	}
	return nil
}

// take emits what the response's messages tell, and says whether one was the live's end. isFirst is for the response that
// comes before the socket, which looks back.
func (in *intake) take(resp *pb.WebcastResponse, isFirst bool, emit func(event.Event)) (hasEnded bool) {
	isFirst = isFirst || resp.GetIsFirst()
	for _, m := range resp.GetMessages() {
		in.trouble.messages.Add(1)
		if in.message(m, isFirst, emit) {
			hasEnded = true
		}
	}
	return hasEnded
}

// message handles one message.
func (in *intake) message(m *pb.WebcastResponse_Message, isFirst bool, emit func(event.Event)) (hasEnded bool) {
	b := newBody(m.GetMethod())
	if b == nil {
		in.trouble.strange(m.GetMethod())
		return false
	}
	if err := unmarshal(m.GetPayload(), b); err != nil {
		in.trouble.bad(m.GetMethod(), err)
		return false
	}
	in.follow(b.GetCommon().GetRoomId())
	at, isKnown := messageTime(b.GetCommon().GetCreateTime())
	head := event.Head{ID: in.id(m, b, isKnown), At: at, Source: sourceName, Room: in.room}
	if !in.seen.add(head.ID) {
		in.trouble.duplicates.Add(1)
		return false
	}
	return in.decode(head, b, in.isPast(b, m.GetIsHistory(), isFirst), emit)
}

// follow learns the room from a message, where the door does not tell it.
func (in *intake) follow(roomID int64) {
	if !in.isGuessed || roomID <= 0 {
		return
	}
	room := strconv.FormatInt(roomID, 10)
	if room == in.room {
		return
	}
	if in.room != "" { // another live
		in.since, in.hasHeld = time.Now(), false
	}
	in.room = room
}

// isPast says whether a message tells of what happened before the first connection to the room. Only messages that look
// back are asked: those of the first response, and those that TikTok marks as history.
func (in *intake) isPast(b body, isHistory, isFirst bool) bool {
	if !isFirst && !isHistory {
		return false
	}
	created := b.GetCommon().GetCreateTime()
	at, isKnown := messageTime(created)
	if !isKnown {
		return isHistory && !in.hasHeld
	}
	if created < millisSince2001 { // whole seconds: give it the benefit of the rest of its second
		at = at.Add(time.Second - time.Millisecond)
	}
	return at.Before(in.since)
}

// id is the message's id; one of our own making where the wire has none. A payload that has a time is taken for the same
// message when it comes again; without, each is new.
func (in *intake) id(m *pb.WebcastResponse_Message, b body, hasTime bool) string {
	if id := b.GetCommon().GetMsgId(); id != 0 {
		return strconv.FormatInt(id, 10)
	}
	if id := m.GetMsgId(); id != 0 {
		return strconv.FormatInt(id, 10)
	}
	h := fnv.New64a()
	_, _ = io.WriteString(h, m.GetMethod())
	_, _ = h.Write(m.GetPayload())
	id := "h" + strconv.FormatUint(h.Sum64(), 16)
	if !hasTime {
		in.unnamed++
		id += "-" + strconv.FormatUint(in.unnamed, 10)
	}
	return id
}

// The bounds between which a creation time is believed, in Unix milliseconds and in Unix seconds.
const (
	millisSince2001 = 1_000_000_000_000
	millisIn2100    = 4_102_444_800_000
	secondsIn2001   = 1_000_000_000
	secondsIn2100   = 4_102_444_800
)

// messageTime reads a creation time, in milliseconds as TikTok has it now, or in seconds as it had it once. It is now, and
// not known, where the wire does not say anything that can be.
func messageTime(created int64) (at time.Time, isKnown bool) {
	switch {
	case created >= millisSince2001 && created < millisIn2100:
		return time.UnixMilli(created), true
	case created >= secondsIn2001 && created < secondsIn2100:
		return time.Unix(created, 0), true
	}
	return time.Now(), false
}

// Counts beyond this cannot be true; TikTok itself stops showing them far below.
const maxCount = 1_000_000

var errCount = errors.New("a count that cannot be true")

// count brings a count from the wire into bounds.
func (in *intake) count(what string, n int64) int {
	if n < 0 || n > maxCount {
		in.trouble.bad(what, errCount)
	}
	return int(min(max(n, 0), maxCount))
}
