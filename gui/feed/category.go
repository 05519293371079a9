package feed

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/gui/look"
)

// Category is what the feed can be filtered by.
type Category string

// The categories.
const (
	Gifts      Category = "gift"
	Chat       Category = "chat"
	Follows    Category = "follow"
	Subs       Category = "subscribe"
	Likes      Category = "like"
	Shares     Category = "share"
	Joins      Category = "join"
	Connection Category = "plug"
)

// Categories returns all of them in the order of their chips.
func Categories() []Category {
	return []Category{Gifts, Chat, Follows, Subs, Likes, Shares, Joins, Connection}
}

// Label names the category.
func (c Category) Label() string {
	switch c {
	case Gifts:
		return lang.L("Gifts")
	case Chat:
		return lang.L("Chat")
	case Follows:
		return lang.L("Follows")
	case Subs:
		return lang.L("Subs")
	case Likes:
		return lang.L("Likes")
	case Shares:
		return lang.L("Shares")
	case Joins:
		return lang.L("Joins")
	default:
		return lang.L("Connection")
	}
}

// CategoryOf returns the category of an event.
func CategoryOf(e event.Event) Category {
	switch e.Kind() {
	case event.KindGift:
		return Gifts
	case event.KindChat, event.KindQuestion, event.KindData, event.KindTranscription, event.KindSpeaking:
		return Chat
	case event.KindFollow:
		return Follows
	case event.KindSubscribe:
		return Subs
	case event.KindLike:
		return Likes
	case event.KindShare:
		return Shares
	case event.KindJoin, event.KindParticipantJoined, event.KindParticipantLeft:
		return Joins
	default:
		return Connection
	}
}

// canTrigger reports whether a rule can wait for such an event.
func canTrigger(e event.Event) bool {
	switch e.Kind() {
	case event.KindQuestion, event.KindTranscription, event.KindParticipantLeft:
		return false
	case event.KindCue:
		return true
	default:
		return CategoryOf(e) != Connection
	}
}

// icon returns the event's picture in its colour.
func icon(e event.Event) fyne.Resource {
	if cue, ok := e.(event.Cue); ok {
		return look.IconIn(string(cue.By), theme.ColorNamePrimary) // they are called alike
	}
	switch c := CategoryOf(e); {
	case e.Kind() == event.KindViewerCount:
		return look.Tint(theme.VisibilityIcon(), theme.ColorNamePlaceHolder)
	case c == Gifts:
		return look.IconIn("gift", look.ColorCoin)
	case c == Subs, c == Follows:
		return look.IconIn(string(c), theme.ColorNamePrimary)
	case c == Likes:
		return look.IconIn("like", theme.ColorNameError)
	default:
		return look.IconIn(string(c), theme.ColorNamePlaceHolder)
	}
}
