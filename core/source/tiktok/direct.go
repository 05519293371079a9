package tiktok

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	pb "github.com/steampoweredtaco/gotiktoklive/proto"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/coder/websocket"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/source"
)

// liveID is TikTok's number for its live product.
const liveID = 12

// heartbeat is a WebcastPushFrame with payloadType "hb".
var heartbeat = []byte{0x3a, 0x02, 0x68, 0x62}

// connection is an open socket with what its door knows of it.
type connection struct {
	door   string
	socket *socket
	room   string // empty: the messages tell
	// began is when the connection was begun, by our clock.
	began time.Time
	// skew is how far TikTok's clock is ahead of ours, where first told it.
	skew time.Duration
	// first is the response that came before the socket, or nil.
	first *pb.WebcastResponse
	// isWithheld says that TikTok keeps the room's facts back, as it does for age-restricted ones.
	isWithheld bool
	// read reads a frame; nil is decodeFrame.
	read func([]byte) (uint64, *pb.WebcastResponse, error)
	// explain says what the socket's end means.
	explain func(error) *source.Problem
}

// openDirect looks the room up, has the socket's address signed, and dials TikTok.
func (s *Source) openDirect(ctx context.Context, w *web, emit func(event.Event)) (*connection, *source.Problem) {
	began := time.Now()
	found, problem := s.rooms.find(ctx, s.handle)
	if problem != nil {
		return nil, problem
	}
	session, problem := s.sign(ctx, w, found.id)
	if problem != nil {
		return nil, orAgeRestricted(problem, found.isWithheld)
	}
	skew := clockSkew(session.response)
	if s.signed++; s.signed > 1 {
		emit(event.CredentialsRefreshed{Head: s.head()})
	}
	sock, problem := s.dial(ctx, w, "TikTok", pushAddress(session.response, found.id), http.Header{
		"User-Agent": {userAgent},
		"Origin":     {"https://www.tiktok.com"},
		"Cookie":     {session.cookies},
	})
	if problem != nil {
		return nil, orAgeRestricted(problem, found.isWithheld)
	}
	sock.beat, sock.acks = heartbeat, newTickets()
	sock.hello = enterRoom(found.id)
	return &connection{
		door: DoorDirect, socket: sock, room: found.id, began: began, skew: skew,
		first: session.response, isWithheld: found.isWithheld, explain: directEnd,
	}, nil
}

// pushAddress is the socket's address: the push server with the page's parameters, the signer's, and a wish for gzip.
func pushAddress(signed *pb.WebcastResponse, roomID string) string {
	u, err := url.Parse(signed.GetPushServer())
	if err != nil {
		return "" // readSigned has parsed it already
	}
	q := u.Query()
	for name, values := range pageParams() {
		q[name] = values
	}
	q.Set("compress", "gzip")
	q.Set("cursor", signed.GetCursor())
	if ext := signed.GetInternalExt(); len(ext) > 0 && utf8.Valid(ext) {
		q.Set("internal_ext", string(ext))
	}
	for name, value := range signed.GetRouteParamsMap() {
		q.Set(name, value)
	}
	q.Set("room_id", roomID)
	u.RawQuery = q.Encode()
	return u.String()
}

// enterRoom is the frame with which TikTok's page enters a room; nil for a room whose id is no number. Its payload has
// roomId (1), liveId (4), identity (5) and filterWelcomeMsg (9): gotiktoklive has no type for it.
func enterRoom(roomID string) []byte {
	id, err := strconv.ParseUint(roomID, 10, 64)
	if err != nil {
		return nil
	}
	var b []byte
	b = protowire.AppendVarint(protowire.AppendTag(b, 1, protowire.VarintType), id)
	b = protowire.AppendVarint(protowire.AppendTag(b, 4, protowire.VarintType), liveID)
	b = protowire.AppendString(protowire.AppendTag(b, 5, protowire.BytesType), "audience")
	b = protowire.AppendString(protowire.AppendTag(b, 9, protowire.BytesType), "0")
	frame, err := proto.Marshal(&pb.WebcastPushFrame{PayloadEncoding: "pb", PayloadType: "im_enter_room", Payload: b})
	if err != nil {
		return nil
	}
	return frame
}

// directEnd says what the end of TikTok's socket means.
func directEnd(err error) *source.Problem {
	reason := websocket.CloseError{}
	if isCloseError(err, &reason) {
		if isRefusal(reason.Reason) {
			return problem(event.CauseBlocked, "TikTok's socket refused this client. LiveCue tries again with a new signature; "+
				"if it lasts, connect through Euler Stream.", err)
		}
		return problem(event.CauseClosed, "TikTok ended the connection. LiveCue connects again.", err)
	}
	return socketProblem("TikTok", err)
}

// isRefusal recognises the words with which TikTok turns a client away, such as "illegal app_id" and "DEVICE_BLOCKED".
func isRefusal(text string) bool {
	text = strings.ToLower(text)
	return strings.Contains(text, "illegal") || strings.Contains(text, "block")
}

// orAgeRestricted says that age is the reason where the room is one whose facts are kept back, and p may well follow from it.
func orAgeRestricted(p *source.Problem, isWithheld bool) *source.Problem {
	if !isWithheld {
		return p
	}
	switch p.Cause.Code {
	case event.CauseBlocked, event.CauseService, event.CauseClosed, event.CauseProtocol:
		return problem(event.CauseAgeRestricted, "TikTok shows this live to grown-up, signed-in viewers only, and let nobody else connect. "+
			"Lift the age restriction in the live's settings, or connect through Euler Stream.", p)
	}
	return p
}
