// Package tikfinity speaks the WebSocket that TikFinity serves on this computer: there are games, mods and bots that listen to it, and
// streamers who run TikFinity already. Its schema has no version; the names here are facts gathered from its consumers.
package tikfinity

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Port is where TikFinity listens.
const Port = 21213

// The events that have a meaning here.
const (
	EventChat      = "chat"
	EventGift      = "gift"
	EventLike      = "like"
	EventFollow    = "follow"
	EventShare     = "share"
	EventMember    = "member"
	EventSubscribe = "subscribe"
	EventRoomUser  = "roomUser"
	EventQuestion  = "questionNew"
	EventStreamEnd = "streamEnd"
)

// Message is a frame.
type Message struct {
	Event string `json:"event"`
	Data  Data   `json:"data"`
}

// Data holds what the events have, as they come in: numbers may be texts, and nothing need be there.
type Data struct {
	MsgID             Text   `json:"msgId"`
	CreateTime        Number `json:"createTime"` // ms
	TikfinityUsername Text   `json:"tikfinityUsername"`

	UserID          Text   `json:"userId"`
	UniqueID        Text   `json:"uniqueId"`
	Nickname        Text   `json:"nickname"`
	Picture         Text   `json:"profilePictureUrl"`
	FollowRole      Number `json:"followRole"`
	TopGifterRank   Number `json:"topGifterRank"`
	GifterLevel     Number `json:"gifterLevel"`
	TeamMemberLevel Number `json:"teamMemberLevel"`
	IsModerator     Flag   `json:"isModerator"`
	IsSubscriber    Flag   `json:"isSubscriber"`

	Comment      Text   `json:"comment"`
	QuestionText Text   `json:"questionText"`
	LikeCount    Number `json:"likeCount"`
	TotalLikes   Number `json:"totalLikeCount"`
	ActionID     Number `json:"actionId"`
	SubMonth     Number `json:"subMonth"`
	ViewerCount  Number `json:"viewerCount"`

	GiftID       Number `json:"giftId"`
	GiftName     Text   `json:"giftName"`
	GiftType     Number `json:"giftType"`
	DiamondCount Number `json:"diamondCount"`
	RepeatCount  Number `json:"repeatCount"`
	RepeatEnd    Flag   `json:"repeatEnd"`
	GroupID      Number `json:"groupId"`
	GiftPicture  Text   `json:"giftPictureUrl"`
}

// Text is a text, or a number that is written as one.
type Text string

// UnmarshalJSON implements json.Unmarshaler. What is neither is empty.
func (t *Text) UnmarshalJSON(b []byte) error {
	var s string
	switch {
	case json.Unmarshal(b, &s) == nil:
		*t = Text(s)
	case len(b) > 0 && (b[0] == '-' || b[0] >= '0' && b[0] <= '9'):
		*t = Text(b)
	default:
		*t = ""
	}
	return nil
}

// Number is a whole number, or a text that has one in it.
type Number int64

// UnmarshalJSON implements json.Unmarshaler. What is none is 0; a fraction is cut off.
func (n *Number) UnmarshalJSON(b []byte) error {
	text := strings.Trim(string(b), `"`)
	if whole, err := strconv.ParseInt(text, 10, 64); err == nil {
		*n = Number(whole)
		return nil
	}
	*n = 0
	if f, err := strconv.ParseFloat(text, 64); err == nil && f > -1<<62 && f < 1<<62 {
		*n = Number(f)
	}
	return nil
}

// Flag is true or false, which may come as a number or a text.
type Flag bool

// UnmarshalJSON implements json.Unmarshaler. What is neither is false.
func (f *Flag) UnmarshalJSON(b []byte) error {
	text := strings.Trim(string(b), `"`)
	*f = Flag(text == "true" || text == "1")
	return nil
}
