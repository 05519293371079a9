package rehearsal

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	pb "github.com/steampoweredtaco/gotiktoklive/proto"
	"google.golang.org/protobuf/proto"
)

// hostID is the made-up streamer's account number.
const hostID = firstViewerID - 1

// The keys of Common.displayText by which TikTok tells what a social message is about.
const (
	keyFollow = "pm_main_follow_message_viewer_2"
	keyShare  = "pm_mt_guidance_share"
	keyJoin   = "live_room_enter_toast"
)

// envelope is what every message is stamped with.
type envelope struct {
	id   int64
	room int64
	at   time.Time
	// likes is the room's total after this message, group the streak's id on the wire.
	likes int
	group int64
}

func (e envelope) common(method, key string) *pb.Common {
	c := &pb.Common{
		Method: method, MsgId: e.id, RoomId: e.room, CreateTime: e.at.UnixMilli(),
		IsShowMsg: true, LogId: fmt.Sprintf("%x", e.id),
	}
	if key != "" {
		c.DisplayText = &pb.Text{Key: key, DefaultPattern: "{0:user}"}
	}
	return c
}

// encode turns a step into a message of TikTok's.
func encode(s *step, e envelope) (method string, msg proto.Message) {
	switch s.verb {
	case doFollow:
		method = "WebcastSocialMessage"
		msg = &pb.WebcastSocialMessage{Common: e.common(method, keyFollow), User: wireUser(s.viewer), Action: 1, FollowCount: 1}
	case doShare:
		method = "WebcastSocialMessage"
		msg = &pb.WebcastSocialMessage{Common: e.common(method, keyShare), User: wireUser(s.viewer), Action: 3, ShareType: 1, ShareCount: 1}
	case doJoin:
		method = "WebcastMemberMessage"
		msg = &pb.WebcastMemberMessage{
			Common: e.common(method, keyJoin), User: wireUser(s.viewer), Action: pb.MemberMessageAction_JOINED, UserId: s.viewer.id,
		}
	case doSubscribe:
		method = "WebcastSubNotifyMessage"
		msg = &pb.WebcastSubNotifyMessage{
			Common: e.common(method, ""), User: wireUser(s.viewer), SubMonth: int64(s.count),
			SubscribingStatus: pb.SubscribingStatus_SUBSCRIBINGSTATUS_CIRCLE,
		}
	case doLike:
		method = "WebcastLikeMessage"
		msg = &pb.WebcastLikeMessage{
			Common: e.common(method, "pm_mt_msg_viewer"), Count: int32(s.count), Total: int32(e.likes), User: wireUser(s.viewer),
		}
	case doChat:
		method = "WebcastChatMessage"
		msg = &pb.WebcastChatMessage{
			Common: e.common(method, ""), User: wireUser(s.viewer), Content: s.text, VisibleToSender: true, ContentLanguage: "en",
			UserIdentity: wireIdentity(s.viewer),
		}
	case doAsk:
		method = "WebcastQuestionNewMessage"
		msg = &pb.WebcastQuestionNewMessage{Common: e.common(method, ""), Details: &pb.WebcastQuestionNewMessage_QuestionDetails{
			Id: uint64(e.id), Text: s.text, TimeStamp: uint64(e.at.UnixMilli()), User: wireUser(s.viewer),
		}}
	case doViewers:
		method = "WebcastRoomUserSeqMessage"
		msg = &pb.WebcastRoomUserSeqMessage{
			Common: e.common(method, ""), Total: int64(s.count), TotalUser: int32(s.count), Popularity: int64(s.count),
			PopStr: strconv.Itoa(s.count),
		}
	case doGift:
		method, msg = "WebcastGiftMessage", wireGift(s, e)
	}
	return method, msg
}

// wireGift is a gift as TikTok sends it: repeatCount is the streak's count so far, repeatEnd 1 closes it.
func wireGift(s *step, e envelope) *pb.WebcastGiftMessage {
	kind := int32(2)
	if s.gift.streakable {
		kind = 1
	}
	m := &pb.WebcastGiftMessage{
		Common: e.common("WebcastGiftMessage", "pm_mt_guidance_viewer_gift"), GiftId: s.gift.id, GroupCount: 1,
		RepeatCount: int32(s.count), ComboCount: int32(s.count), FanTicketCount: int64(s.count * s.gift.coins),
		User: wireUser(s.viewer), GroupId: e.group, LogId: fmt.Sprintf("gift-%x", e.id), IsFirstSent: s.count == 1 && !s.isEnd,
		Gift: &pb.GiftStruct{
			Id: s.gift.id, Name: s.gift.name, Describe: "sent " + s.gift.name, DiamondCount: int32(s.gift.coins),
			Type: kind, Combo: s.gift.streakable, IsDisplayedOnPanel: true,
		},
		UserIdentity:     wireIdentity(s.viewer),
		UserGiftReciever: &pb.WebcastGiftMessage_UserGiftReciever{UserId: hostID},
	}
	if s.isEnd {
		m.RepeatEnd = 1
	}
	return m
}

func wireUser(v *viewer) *pb.User {
	u := &pb.User{
		Id: v.id, Nickname: v.nickname, DisplayId: v.handle, Status: 1, SecUid: "MS4wLjABAAAA" + strings.ToUpper(v.handle),
		FollowInfo:    &pb.User_FollowInfo{FollowingCount: 12, FollowerCount: 34},
		UserAttr:      &pb.User_UserAttr{IsAdmin: v.roles.moderator},
		SubscribeInfo: &pb.User_SubscribeInfo{IsSubscribe: v.roles.subscriber, IsSubscribedToAnchor: v.roles.subscriber},
	}
	if v.roles.follower {
		u.FollowInfo.FollowStatus, u.UserRole = 1, 1
	}
	if v.roles.team > 0 {
		level := int32(v.roles.team)
		u.FansClub = &pb.User_FansClub{Data: &pb.User_FansClub_FansClubData{ClubName: "Team", Level: level, AnchorId: hostID}}
		u.FansClubInfo = &pb.User_FansClubInfo{FansLevel: int64(level)}
		u.BadgeList = append(u.BadgeList, badge(strconv.Itoa(v.roles.team)))
	}
	if v.roles.moderator {
		u.BadgeList = append(u.BadgeList, badge("Moderator"))
	}
	if v.picture != "" {
		picture := &pb.Image{UrlList: []string{v.picture}}
		u.AvatarThumb, u.AvatarMedium, u.AvatarLarge, u.AvatarJpg = picture, picture, picture, picture
	}
	return u
}

func badge(text string) *pb.BadgeStruct {
	return &pb.BadgeStruct{
		DisplayType: pb.BadgeStruct_BADGEDISPLAYTYPE_STRING,
		BadgeType:   &pb.BadgeStruct_Str{Str: &pb.BadgeStruct_StringBadge{Str: text}},
	}
}

func wireIdentity(v *viewer) *pb.UserIdentity {
	return &pb.UserIdentity{
		IsGiftGiverOfAnchor: v.roles.gifter, IsSubscriberOfAnchor: v.roles.subscriber,
		IsFollowerOfAnchor: v.roles.follower, IsModeratorOfAnchor: v.roles.moderator,
	}
}

func hostNickname(handle string) string { return handle + " (rehearsal)" }
