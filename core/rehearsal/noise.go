package rehearsal

import (
	"bytes"

	"github.com/coder/websocket"
	pb "github.com/steampoweredtaco/gotiktoklive/proto"
	"google.golang.org/protobuf/proto"
)

// broken cannot be decoded as any protobuf message.
var broken = bytes.Repeat([]byte{0xff}, 24)

// rawFrame is a WebSocket message as it is written.
type rawFrame struct {
	kind websocket.MessageType
	data []byte
}

// garbageFrames are frames that no client can make sense of: no protobuf, text, nothing, a payload that is no response, one
// that claims to be gzip and is cut, one of an unknown type.
func garbageFrames() ([]rawFrame, error) {
	frames := []rawFrame{
		{websocket.MessageBinary, broken},
		{websocket.MessageText, []byte("<html>502 Bad Gateway</html>")},
		{websocket.MessageBinary, nil},
	}
	for _, f := range []*pb.WebcastPushFrame{
		{LogId: 1, PayloadType: "msg", Payload: broken},
		{LogId: 2, PayloadType: "msg", PayloadEncoding: "pb", Payload: []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1, 2, 3}},
		{LogId: 3, PayloadType: "rehearsal_mystery", Payload: []byte("?")},
	} {
		data, err := proto.Marshal(f)
		if err != nil {
			return nil, err
		}
		frames = append(frames, rawFrame{websocket.MessageBinary, data})
	}
	return frames, nil
}

// malformedMethods are known methods that are sent with a payload that cannot be decoded, between good messages.
var malformedMethods = [...]string{"WebcastGiftMessage", "WebcastChatMessage", "WebcastControlMessage", ""}

// hollowOut takes from a message of a real deed what senders have been seen to leave out, and what readers have been seen
// to rely on. Who did what can still be told.
func hollowOut(msg proto.Message) {
	switch m := msg.(type) {
	case *pb.WebcastGiftMessage:
		m.Gift, m.UserGiftReciever, m.UserIdentity = nil, nil, nil
	case *pb.WebcastChatMessage:
		m.Common, m.UserIdentity = nil, nil
	case *pb.WebcastSocialMessage:
		m.Common.DisplayText = nil
	case *pb.WebcastMemberMessage:
		m.User.AvatarLarge, m.User.AvatarJpg = &pb.Image{}, nil
	}
}

// sketch is a message that is yet to be encoded.
type sketch struct {
	method string
	msg    proto.Message
}

// nobodysMessages are well-formed and say that nobody did anything: parts are missing, or counts cannot be.
func nobodysMessages() []sketch {
	return []sketch{
		{"WebcastSocialMessage", &pb.WebcastSocialMessage{}},
		{"WebcastSocialMessage", &pb.WebcastSocialMessage{User: &pb.User{}}},
		{"WebcastLikeMessage", &pb.WebcastLikeMessage{}},
		{"WebcastLikeMessage", &pb.WebcastLikeMessage{Count: -7, Total: -7}},
		{"WebcastGiftMessage", &pb.WebcastGiftMessage{GiftId: 5655, RepeatCount: -3, GroupId: -1}},
		{"WebcastControlMessage", &pb.WebcastControlMessage{}},
	}
}
