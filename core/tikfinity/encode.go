package tikfinity

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/livecue/livecue/core/event"
)

// The numbers with which TikFinity names things.
const (
	giftStreak = 1 // the type of gifts that are combined
	giftSingle = 2
	joined     = 1 // the action of a member who comes in
)

// frame is what is sent. Its consumers call methods of fields without asking whether they are there: so all are, always.
type frame struct {
	Event string `json:"event"`
	Data  any    `json:"data"`
}

// viewer has the fields that all events of viewers have.
type viewer struct {
	UserID          string      `json:"userId"`
	SecUID          string      `json:"secUid"`
	UniqueID        string      `json:"uniqueId"`
	Nickname        string      `json:"nickname"`
	Picture         string      `json:"profilePictureUrl"`
	FollowRole      int         `json:"followRole"`
	Badges          []badge     `json:"userBadges"`
	SceneTypes      []int       `json:"userSceneTypes"`
	Details         userDetails `json:"userDetails"`
	FollowInfo      followInfo  `json:"followInfo"`
	IsModerator     bool        `json:"isModerator"`
	IsNewGifter     bool        `json:"isNewGifter"`
	IsSubscriber    bool        `json:"isSubscriber"`
	TopGifterRank   *int        `json:"topGifterRank"`
	GifterLevel     int         `json:"gifterLevel"`
	TeamMemberLevel int         `json:"teamMemberLevel"`
	MsgID           string      `json:"msgId"`
	CreateTime      string      `json:"createTime"`
	TikfinityUserID int64       `json:"tikfinityUserId"`
	Channel         string      `json:"tikfinityUsername"`
}

type badge struct {
	Type  string `json:"type"`
	Scene int    `json:"badgeSceneType"`
	Level int    `json:"level,omitempty"`
	Name  string `json:"name,omitempty"`
}

type userDetails struct {
	CreateTime string   `json:"createTime"`
	Bio        string   `json:"bioDescription"`
	Pictures   []string `json:"profilePictureUrls"`
}

type followInfo struct {
	Following int `json:"followingCount"`
	Followers int `json:"followerCount"`
	Status    int `json:"followStatus"`
	Push      int `json:"pushStatus"`
}

// label has the fields of events that TikTok shows as a line of text.
type label struct {
	DisplayType string `json:"displayType"`
	Label       string `json:"label"`
}

// The scenes of badges, as TikTok numbers them.
const (
	sceneModerator  = 1
	sceneSubscriber = 4
	sceneTeam       = 10
)

// encoder makes frames. Its numbers are those of one Server: each frame has an id of its own, since consumers take one that comes
// again for the same event.
type encoder struct {
	begun time.Time
	seq   uint64
}

// encode returns the frame of an event, or false where TikFinity has none for it. channel is the streamer.
func (c *encoder) encode(e event.Event, channel string) ([]byte, bool) {
	c.seq++
	f := c.frame(e, channel)
	if f.Event == "" {
		return nil, false
	}
	body, err := json.Marshal(f)
	return body, err == nil // nothing in a frame can fail: a fact of its types
}

func (c *encoder) frame(e event.Event, channel string) frame {
	switch e := e.(type) {
	case event.Gift:
		if e.Added == 0 && !e.Final {
			return frame{}
		}
		return frame{EventGift, c.gift(e, channel)}
	case event.Chat:
		return frame{EventChat, struct {
			viewer
			Comment string     `json:"comment"`
			Emotes  []struct{} `json:"emotes"`
		}{c.viewer(e.User, e.Head, channel), e.Comment, []struct{}{}}}
	case event.Like:
		return frame{EventLike, struct {
			viewer
			label
			Likes int `json:"likeCount"`
			Total int `json:"totalLikeCount"`
		}{c.viewer(e.User, e.Head, channel), label{"pm_mt_msg_viewer", "{0:user} liked the LIVE"}, e.Added, e.Total}}
	case event.Subscribe:
		return frame{EventSubscribe, struct {
			viewer
			Months int `json:"subMonth"`
			Status int `json:"subscribingStatus"`
			Old    int `json:"oldSubscribeStatus"`
			Type   int `json:"exhibitionType"`
		}{c.viewer(e.User, e.Head, channel), max(e.Months, 1), 1, 0, 0}}
	case event.Question:
		return frame{EventQuestion, struct {
			viewer
			Text string `json:"questionText"`
		}{c.viewer(e.User, e.Head, channel), e.Text}}
	default:
		return c.other(e, channel)
	}
}

func (c *encoder) other(e event.Event, channel string) frame {
	switch e := e.(type) {
	case event.Follow:
		return frame{EventFollow, c.social(e.User, e.Head, channel, "pm_main_follow_message_viewer_2", "{0:user} followed the host")}
	case event.Share:
		return frame{EventShare, c.social(e.User, e.Head, channel, "pm_mt_guidance_share", "{0:user} shared the LIVE")}
	case event.Join:
		return frame{EventMember, struct {
			viewer
			label
			Action int `json:"actionId"`
		}{c.viewer(e.User, e.Head, channel), label{"live_room_enter_toast", "{0:user} joined"}, joined}}
	case event.ViewerCount:
		return frame{EventRoomUser, struct {
			Viewers int        `json:"viewerCount"`
			Rank    *int       `json:"topGifterRank"`
			Top     []struct{} `json:"topViewers"`
		}{e.Viewers, nil, []struct{}{}}}
	case event.LiveEnded:
		return frame{EventStreamEnd, struct {
			Action int `json:"action"`
		}{3}}
	default:
		return frame{}
	}
}

// social is a follow or a share.
func (c *encoder) social(u event.User, h event.Head, channel, display, text string) any {
	return struct {
		viewer
		label
		Profile string `json:"profile"`
		Name    string `json:"name"`
		User    string `json:"username"`
	}{c.viewer(u, h, channel), label{display, text}, u.AvatarURL, u.Name(), u.Handle}
}

// gift is a message of a streak: TikFinity's counts grow, as TikTok's do.
func (c *encoder) gift(e event.Gift, channel string) any {
	type inner struct {
		ID    int64 `json:"gift_id"`
		Count int   `json:"repeat_count"`
		End   int   `json:"repeat_end"`
		Type  int   `json:"gift_type"`
	}
	kind, end := giftSingle, 0
	if e.Gift.Streakable {
		kind = giftStreak
	}
	if e.Final {
		end = 1
	}
	return struct {
		viewer
		label
		GiftID       int64  `json:"giftId"`
		Name         string `json:"giftName"`
		Type         int    `json:"giftType"`
		Coins        int    `json:"diamondCount"`
		Count        int    `json:"repeatCount"`
		End          bool   `json:"repeatEnd"`
		Group        string `json:"groupId"`
		Picture      string `json:"giftPictureUrl"`
		Describe     string `json:"describe"`
		Timestamp    int64  `json:"timestamp"`
		Receiver     string `json:"receiverUserId"`
		Original     string `json:"originalName"`
		OriginalText string `json:"originalDescribe"`
		Gift         inner  `json:"gift"`
	}{
		viewer: c.viewer(e.User, e.Head, channel), label: label{"webcast_aweme_gift_send_message", "{0:user} sent {1:gift} x{2:string}"},
		GiftID: e.Gift.ID, Name: e.Gift.Name, Type: kind, Coins: e.Gift.Coins, Count: max(e.Count, 1), End: e.Final, Group: groupOf(e.Streak),
		Picture: e.Gift.IconURL, Describe: "Sent " + e.Gift.Name, Timestamp: millis(e.At), Original: e.Gift.Name, OriginalText: "Sent " + e.Gift.Name,
		Gift: inner{e.Gift.ID, max(e.Count, 1), end, kind},
	}
}

// groupOf makes a number of a streak's name, as consumers expect one: the same for the same streak.
func groupOf(streak string) string {
	h := uint64(14695981039346656037) // FNV-1a
	for i := range len(streak) {
		h = (h ^ uint64(streak[i])) * 1099511628211
	}
	return strconv.FormatUint(h>>1, 10)
}

func (c *encoder) viewer(u event.User, h event.Head, channel string) viewer {
	follows := 0
	if u.Roles.Follower {
		follows = 1
	}
	v := viewer{
		UserID: u.ID, UniqueID: u.Handle, Nickname: u.Name(), Picture: u.AvatarURL, FollowRole: follows, Badges: []badge{}, SceneTypes: []int{},
		Details: userDetails{Pictures: []string{}}, FollowInfo: followInfo{Status: follows}, IsModerator: u.Roles.Moderator,
		IsSubscriber: u.Roles.Subscriber, TeamMemberLevel: u.Roles.TeamLevel, CreateTime: strconv.FormatInt(millis(h.At), 10), Channel: channel,
		MsgID: strconv.FormatUint(uint64(c.begun.UnixMilli())<<21|c.seq&(1<<21-1), 10), TikfinityUserID: number(u.ID),
	}
	if u.AvatarURL != "" {
		v.Details.Pictures = append(v.Details.Pictures, u.AvatarURL)
	}
	if u.Roles.Gifter {
		v.GifterLevel = 1
	}
	for _, b := range []struct {
		has         bool
		kind        string
		scene, rank int
	}{
		{u.Roles.Moderator, "moderator", sceneModerator, 0},
		{u.Roles.Subscriber, "subscriber", sceneSubscriber, 0},
		{u.Roles.TeamLevel > 0, "fansLevel", sceneTeam, u.Roles.TeamLevel},
	} {
		if b.has {
			v.Badges = append(v.Badges, badge{Type: b.kind, Scene: b.scene, Level: b.rank, Name: b.kind})
			v.SceneTypes = append(v.SceneTypes, b.scene)
		}
	}
	return v
}

// number is an account's number; 0 where it is none.
func number(id string) int64 {
	n, _ := strconv.ParseInt(id, 10, 64)
	return n
}

// millis is the Unix time in milliseconds; 0 is not known.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
