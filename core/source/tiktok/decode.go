package tiktok

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	pb "github.com/steampoweredtaco/gotiktoklive/proto"

	"github.com/livecue/livecue/core/event"
)

// decode emits what a message tells and says whether it was the live's end. The past is only remembered.
func (in *intake) decode(h event.Head, b body, isPast bool, emit func(event.Event)) (hasEnded bool) {
	if m, ok := b.(*pb.WebcastGiftMessage); ok {
		in.gift(h, m, isPast, emit)
		return false
	}
	if isPast {
		return false
	}
	switch m := b.(type) {
	case *pb.WebcastChatMessage:
		emit(event.Chat{Head: h, User: viewer(m.GetUser(), m.GetUserIdentity()), Comment: clip(m.GetContent(), maxComment)})
	case *pb.WebcastLikeMessage:
		emit(event.Like{
			Head: h, User: viewer(m.GetUser(), nil),
			Added: in.count("likes", int64(m.GetCount())), Total: max(0, int(m.GetTotal())),
		})
	case *pb.WebcastSocialMessage:
		in.social(h, m, emit)
	case *pb.WebcastMemberMessage:
		in.member(h, m, emit)
	case *pb.WebcastSubNotifyMessage:
		emit(event.Subscribe{Head: h, User: viewer(m.GetUser(), nil), Months: in.count("months", m.GetSubMonth())})
	case *pb.WebcastRoomUserSeqMessage:
		emit(event.ViewerCount{Head: h, Viewers: int(min(max(m.GetTotal(), 0), math.MaxInt32))})
	case *pb.WebcastQuestionNewMessage:
		q := m.GetDetails()
		emit(event.Question{Head: h, User: viewer(q.GetUser(), nil), Text: clip(q.GetText(), maxComment)})
	case *pb.WebcastControlMessage:
		return m.GetAction() == pb.ControlAction_STREAM_ENDED || m.GetAction() == pb.ControlAction_STREAM_ENDED_BAN
	}
	return false
}

// The actions of a social message, where its text does not say it.
const (
	socialFollow = 1
	socialShare  = 3
)

// social tells follows from shares, by the key of the text that TikTok shows for it, such as
// pm_main_follow_message_viewer_2 and pm_mt_guidance_share, or else by the action.
func (in *intake) social(h event.Head, m *pb.WebcastSocialMessage, emit func(event.Event)) {
	user := viewer(m.GetUser(), nil)
	key, action := m.GetCommon().GetDisplayText().GetKey(), m.GetAction()
	switch {
	case strings.Contains(key, "follow"):
		action = socialFollow
	case strings.Contains(key, "share"):
		action = socialShare
	case strings.Contains(key, "join"):
		emit(event.Join{Head: h, User: user})
		return
	}
	switch action {
	case socialFollow:
		user.Roles.Follower = true
		emit(event.Follow{Head: h, User: user})
	case socialShare:
		emit(event.Share{Head: h, User: user})
	default:
		in.trouble.strange("WebcastSocialMessage/" + key)
	}
}

// member tells who came in. TikTok uses the same message for a new subscriber, of whom WebcastSubNotifyMessage tells too:
// that would be the same subscription twice.
func (in *intake) member(h event.Head, m *pb.WebcastMemberMessage, emit func(event.Event)) {
	switch m.GetAction() {
	case pb.MemberMessageAction_UNKNOWN, pb.MemberMessageAction_JOINED:
		emit(event.Join{Head: h, User: viewer(m.GetUser(), nil)})
	default:
		in.trouble.strange("WebcastMemberMessage/" + strconv.Itoa(int(m.GetAction())))
	}
}

// giftTypeStreak is the type of the gifts that can be combined.
const giftTypeStreak = 1

// errNoGift is a gift message that does not say which gift it is.
var errNoGift = errors.New("the message names no gift")

// gift counts a gift, alone or in its streak.
func (in *intake) gift(h event.Head, m *pb.WebcastGiftMessage, isPast bool, emit func(event.Event)) {
	count := in.count("gifts", int64(m.GetRepeatCount()))
	info, isKnown := in.giftInfo(m)
	if info.ID == 0 && info.Name == "" {
		in.trouble.bad("WebcastGiftMessage", errNoGift)
		return
	}
	g := event.Gift{Head: h, User: viewer(m.GetUser(), m.GetUserIdentity()), Gift: info}
	// A gift that nobody has described is folded if it has a group: its end is made up if it never comes.
	isStreak := info.Streakable || !isKnown && m.GetGroupId() != 0
	if !isStreak {
		if !isPast {
			g.Added, g.First, g.Final = max(1, count), true, true
			g.Count, g.Reached, g.Streak = g.Added, g.Added, "single/"+h.ID
			emit(g)
		}
		return
	}
	if m.GetRepeatCount() == 0 {
		count = 1 // the wire leaves it out, and there was a gift
	}
	key := streakKey{user: g.User.Key(), gift: info.ID, group: m.GetGroupId()}
	g.Streak = key.String()
	now := time.Now()
	if isPast {
		in.streaks.baseline(key, count, now, emit)
		return
	}
	in.streaks.add(key, g, count, m.GetRepeatEnd() == 1, now, emit)
}

// giftInfo describes the gift, from the message or, where it has the number alone, from an earlier one.
func (in *intake) giftInfo(m *pb.WebcastGiftMessage) (info event.GiftInfo, isKnown bool) {
	g := m.GetGift()
	id := m.GetGiftId()
	if id == 0 {
		id = g.GetId()
	}
	if g == nil {
		if info, isKnown = in.gifts[id]; isKnown {
			return info, true
		}
		return event.GiftInfo{ID: id}, false
	}
	info = event.GiftInfo{
		ID: id, Name: clip(g.GetName(), maxName), Coins: max(0, int(g.GetDiamondCount())),
		IconURL:    picture(g.GetImage(), g.GetIcon()),
		Streakable: g.GetType() == giftTypeStreak || g.GetCombo(),
	}
	in.learn(info)
	return info, true
}

// learn remembers a gift's description.
func (in *intake) learn(info event.GiftInfo) {
	if _, ok := in.gifts[info.ID]; ok || len(in.gifts) < maxGifts {
		in.gifts[info.ID] = info
	}
}
