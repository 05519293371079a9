package tiktok

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	pb "github.com/steampoweredtaco/gotiktoklive/proto"
	"google.golang.org/protobuf/proto"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/source"
	"github.com/livecue/livecue/core/tikfinity"
)

// publicTikFinity is where TikFinity listens on this computer.
const publicTikFinity = "ws://127.0.0.1:21213/"

// relaySilence is when TikFinity's socket is taken for dead: it says nothing while nobody does anything, so that only the system
// can tell, by TCP's keepalive.
const relaySilence = 100 * 24 * time.Hour

// openTikFinity dials a TikFinity that runs already. What it passes on is put into TikTok's own messages, so that streaks,
// repeats and counts are treated as ever. It does not say which stream it is in: a new one begins with the first connection and
// after each end that it tells of.
func (s *Source) openTikFinity(ctx context.Context, w *web, _ func(event.Event)) (*connection, *source.Problem) {
	began := time.Now()
	sock, problem := s.dial(ctx, w, "TikFinity", s.opt.TikFinityURL, http.Header{"User-Agent": {clientName}})
	if problem != nil {
		if problem.Cause.Code == event.CauseNoNetwork {
			problem.Cause.Code, problem.Cause.Text = event.CauseNoTikFinity, "TikFinity does not answer. Start it on this computer and connect it to your live; LiveCue tries again by itself."
		}
		return nil, problem
	}
	sock.isText, sock.silence = true, relaySilence
	if s.relayed == 0 {
		s.relayed = began.Unix()
	}
	return &connection{
		door: DoorTikFinity, socket: sock, began: began, room: strconv.FormatInt(s.relayed, 10), read: s.readTikFinity,
		explain: func(err error) *source.Problem { return socketProblem("TikFinity", err) },
	}, nil
}

// readTikFinity puts one of TikFinity's frames into a response of TikTok's.
func (s *Source) readTikFinity(frame []byte) (uint64, *pb.WebcastResponse, error) {
	var m tikfinity.Message
	if err := json.Unmarshal(frame, &m); err != nil {
		return 0, nil, fmt.Errorf("read TikFinity's frame: %w", err)
	}
	method, b := relayed(m.Event, &m.Data)
	if b == nil {
		s.trouble.strange("TikFinity/" + clip(m.Event, maxHandle))
		return 0, nil, nil
	}
	if m.Event == tikfinity.EventStreamEnd {
		s.relayed = 0
	}
	payload, err := proto.Marshal(b)
	if err != nil { // such as a text that is not UTF-8, which no JSON has
		return 0, nil, fmt.Errorf("pass on TikFinity's frame: %w", err)
	}
	return 0, &pb.WebcastResponse{Messages: []*pb.WebcastResponse_Message{{Method: method, Payload: payload}}}, nil
}

// relayed returns the message of TikTok's that an event of TikFinity's was made of, or nil.
func relayed(name string, d *tikfinity.Data) (method string, b body) {
	common, user := &pb.Common{MsgId: whole(d.MsgID), CreateTime: int64(d.CreateTime)}, relayedUser(d)
	switch name {
	case tikfinity.EventChat:
		return "WebcastChatMessage", &pb.WebcastChatMessage{Common: common, User: user, UserIdentity: relayedIdentity(d), Content: string(d.Comment)}
	case tikfinity.EventGift:
		return "WebcastGiftMessage", relayedGift(common, user, d)
	case tikfinity.EventLike:
		return "WebcastLikeMessage", &pb.WebcastLikeMessage{Common: common, User: user, Count: small(d.LikeCount), Total: small(d.TotalLikes)}
	case tikfinity.EventFollow:
		return "WebcastSocialMessage", &pb.WebcastSocialMessage{Common: common, User: user, Action: socialFollow}
	case tikfinity.EventShare:
		return "WebcastSocialMessage", &pb.WebcastSocialMessage{Common: common, User: user, Action: socialShare}
	case tikfinity.EventMember:
		return "WebcastMemberMessage", &pb.WebcastMemberMessage{Common: common, User: user, Action: pb.MemberMessageAction(small(d.ActionID))}
	case tikfinity.EventSubscribe:
		return "WebcastSubNotifyMessage", &pb.WebcastSubNotifyMessage{Common: common, User: user, SubMonth: int64(d.SubMonth)}
	case tikfinity.EventRoomUser:
		return "WebcastRoomUserSeqMessage", &pb.WebcastRoomUserSeqMessage{Common: common, Total: int64(d.ViewerCount)}
	case tikfinity.EventQuestion:
		q := &pb.WebcastQuestionNewMessage_QuestionDetails{Text: string(d.QuestionText), User: user}
		return "WebcastQuestionNewMessage", &pb.WebcastQuestionNewMessage{Common: common, Details: q}
	case tikfinity.EventStreamEnd:
		return "WebcastControlMessage", &pb.WebcastControlMessage{Common: common, Action: pb.ControlAction_STREAM_ENDED}
	default:
		return "", nil
	}
}

func relayedGift(common *pb.Common, user *pb.User, d *tikfinity.Data) *pb.WebcastGiftMessage {
	m := &pb.WebcastGiftMessage{
		Common: common, User: user, UserIdentity: relayedIdentity(d), GiftId: int64(d.GiftID), GroupId: int64(d.GroupID), RepeatCount: small(d.RepeatCount),
		Gift: &pb.GiftStruct{
			Id: int64(d.GiftID), Name: string(d.GiftName), Type: small(d.GiftType), DiamondCount: small(d.DiamondCount), Image: relayedPicture(d.GiftPicture),
		},
	}
	if d.RepeatEnd {
		m.RepeatEnd = 1
	}
	return m
}

// relayedUser is the viewer, with the standing that TikFinity tells.
func relayedUser(d *tikfinity.Data) *pb.User {
	u := &pb.User{
		Id: whole(d.UserID), DisplayId: string(d.UniqueID), Nickname: string(d.Nickname), AvatarThumb: relayedPicture(d.Picture),
		FollowInfo:    &pb.User_FollowInfo{FollowStatus: int64(d.FollowRole)},
		UserAttr:      &pb.User_UserAttr{IsAdmin: bool(d.IsModerator)},
		SubscribeInfo: &pb.User_SubscribeInfo{IsSubscribe: bool(d.IsSubscriber)},
		FansClubInfo:  &pb.User_FansClubInfo{FansLevel: int64(d.TeamMemberLevel)},
	}
	if u.Id == 0 {
		u.IdStr = string(d.UserID)
	}
	return u
}

func relayedIdentity(d *tikfinity.Data) *pb.UserIdentity {
	return &pb.UserIdentity{IsGiftGiverOfAnchor: d.TopGifterRank > 0 || d.GifterLevel > 0}
}

func relayedPicture(address tikfinity.Text) *pb.Image {
	if address == "" {
		return nil
	}
	return &pb.Image{UrlList: []string{string(address)}}
}

// whole reads a text as a number; 0 where it is none.
func whole(t tikfinity.Text) int64 {
	n, _ := strconv.ParseInt(string(t), 10, 64)
	return n
}

// small brings a number into the bounds of TikTok's field.
func small(n tikfinity.Number) int32 { return int32(min(max(n, -1), maxCount+1)) }
