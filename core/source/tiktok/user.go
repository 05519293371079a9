package tiktok

import (
	"net/url"
	"path"
	"strconv"
	"strings"

	pb "github.com/steampoweredtaco/gotiktoklive/proto"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/livecue/livecue/core/event"
)

// Bounds on what a viewer can make us carry, in bytes. TikTok's own limits are far lower.
const (
	maxHandle  = 256
	maxName    = 8 << 10
	maxComment = 8 << 10
	maxURL     = 2 << 10
	maxLevel   = 1000
)

// The scenes of a badge, as TikTok's page numbers them. gotiktoklive's type lacks the field.
const (
	badgeModerator     = 1
	badgeSubscriber    = 4
	badgeTopGifter     = 6
	badgeNewSubscriber = 7
	badgeGifterLevel   = 8
	badgeTeam          = 10
)

// The fields of a badge that gotiktoklive's type lacks: the scene, and the log extra whose field 5 is the level in words.
const (
	fieldBadgeScene    protowire.Number = 3
	fieldBadgeLogExtra protowire.Number = 12
	fieldLogExtraLevel protowire.Number = 5
)

// viewer makes a User of what the wire says. identity is the standing that chats and gifts tell beside the user; either may
// be nil.
func viewer(u *pb.User, identity *pb.UserIdentity) event.User {
	out := event.User{
		Handle:    clip(u.GetDisplayId(), maxHandle),
		Nickname:  clip(u.GetNickname(), maxName),
		AvatarURL: picture(u.GetAvatarThumb(), u.GetAvatarMedium(), u.GetAvatarLarge(), u.GetAvatarJpg()),
		Roles:     roles(u, identity),
	}
	switch {
	case u.GetId() != 0:
		out.ID = strconv.FormatInt(u.GetId(), 10)
	case u.GetIdStr() != "":
		out.ID = clip(u.GetIdStr(), maxHandle)
	}
	return out
}

// roles gathers the standing that is spread over the message: the identity, the user's own fields and the badges.
func roles(u *pb.User, identity *pb.UserIdentity) event.Roles {
	sub, fans := u.GetSubscribeInfo(), u.GetFansClub().GetData()
	r := event.Roles{
		Moderator:  identity.GetIsModeratorOfAnchor() || u.GetUserAttr().GetIsAdmin() || u.GetUserAttr().GetIsSuperAdmin(),
		Subscriber: identity.GetIsSubscriberOfAnchor() || sub.GetIsSubscribe() || sub.GetIsSubscribedToAnchor(),
		Follower: identity.GetIsFollowerOfAnchor() || identity.GetIsMutualFollowingWithAnchor() ||
			u.GetFollowInfo().GetFollowStatus() > 0, // 1 follows, 2 is followed back
		Gifter:    identity.GetIsGiftGiverOfAnchor(),
		TeamLevel: max(int(fans.GetLevel()), int(min(u.GetFansClubInfo().GetFansLevel(), maxLevel))),
	}
	for _, b := range u.GetBadgeList() {
		scene, level := badge(b)
		switch scene {
		case badgeModerator:
			r.Moderator = true
		case badgeSubscriber, badgeNewSubscriber:
			r.Subscriber = true
		case badgeTopGifter, badgeGifterLevel:
			r.Gifter = true
		case badgeTeam:
			r.TeamLevel = max(r.TeamLevel, level)
		}
	}
	r.TeamLevel = min(max(r.TeamLevel, 0), maxLevel)
	return r
}

// badge reads scene and level from the fields that gotiktoklive's type lacks.
func badge(b *pb.BadgeStruct) (scene uint64, level int) {
	if b == nil {
		return 0, 0
	}
	unknown := b.ProtoReflect().GetUnknown()
	eachField(unknown, func(num protowire.Number, typ protowire.Type, value []byte) {
		switch {
		case num == fieldBadgeScene && typ == protowire.VarintType:
			scene, _ = protowire.ConsumeVarint(value)
		case num == fieldBadgeLogExtra && typ == protowire.BytesType:
			extra, _ := protowire.ConsumeBytes(value)
			level = logExtraLevel(extra)
		}
	})
	return scene, level
}

func logExtraLevel(extra []byte) (level int) {
	eachField(extra, func(num protowire.Number, typ protowire.Type, value []byte) {
		if num == fieldLogExtraLevel && typ == protowire.BytesType {
			text, _ := protowire.ConsumeBytes(value)
			level, _ = strconv.Atoi(string(text))
		}
	})
	return level
}

// eachField calls visit for the fields of b, up to the first that cannot be read.
func eachField(b []byte, visit func(protowire.Number, protowire.Type, []byte)) {
	for len(b) > 0 {
		num, typ, tag := protowire.ConsumeTag(b)
		if tag < 0 {
			return
		}
		size := protowire.ConsumeFieldValue(num, typ, b[tag:])
		if size < 0 {
			return
		}
		visit(num, typ, b[tag:tag+size])
		b = b[tag+size:]
	}
}

// picture is the first web address of the images, rather a JPEG or PNG than what fewer programs can show.
func picture(images ...*pb.Image) string {
	second := ""
	for _, img := range images {
		for _, address := range img.GetUrlList() {
			if len(address) > maxURL {
				continue
			}
			u, err := url.Parse(address)
			if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
				continue
			}
			switch strings.ToLower(path.Ext(u.Path)) {
			case ".jpg", ".jpeg", ".png":
				return address
			}
			if second == "" {
				second = address
			}
		}
	}
	return second
}

// clip shortens text to at most n bytes, between characters. What it cuts is not kept in memory.
func clip(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return strings.Clone(strings.ToValidUTF8(text[:n], ""))
}
