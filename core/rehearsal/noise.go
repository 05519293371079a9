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

// sketch is a message that is yet to be encoded.
type sketch struct {
	method string
	msg    proto.Message
}

// hollowMessages are well-formed messages whose parts are missing or make no sense. None of them says that anybody did
// anything: nobody gave, said or followed.
func hollowMessages(e envelope) []sketch {
	const (
		gifts   = "WebcastGiftMessage"
		chats   = "WebcastChatMessage"
		socials = "WebcastSocialMessage"
		likes   = "WebcastLikeMessage"
	)
	stranger := &pb.User{}
	return []sketch{
		{gifts, &pb.WebcastGiftMessage{}},
		{gifts, &pb.WebcastGiftMessage{Common: e.common(gifts, ""), User: stranger}},
		{gifts, &pb.WebcastGiftMessage{Gift: &pb.GiftStruct{}, RepeatEnd: 1}},
		{gifts, &pb.WebcastGiftMessage{GiftId: 5655, RepeatCount: -3, GroupId: -1}},
		{chats, &pb.WebcastChatMessage{}},
		{chats, &pb.WebcastChatMessage{User: stranger}},
		{socials, &pb.WebcastSocialMessage{}},
		{socials, &pb.WebcastSocialMessage{User: stranger}},
		{"WebcastMemberMessage", &pb.WebcastMemberMessage{}},
		{likes, &pb.WebcastLikeMessage{}},
		{likes, &pb.WebcastLikeMessage{Count: -7, Total: -7}},
		{"WebcastQuestionNewMessage", &pb.WebcastQuestionNewMessage{}},
		{"WebcastSubNotifyMessage", &pb.WebcastSubNotifyMessage{}},
		{"WebcastControlMessage", &pb.WebcastControlMessage{}},
	}
}
