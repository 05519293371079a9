package overlay

import (
	"crypto/rand"
	"fmt"
	"time"

	"github.com/livecue/livecue/core/event"
)

// kept is how many gifts and how many comments are remembered.
const kept = 20

// giftLine is a gift, or a streak of them, as the ticker shows it.
type giftLine struct {
	Key    string `json:"key"`
	Name   string `json:"name"`
	Gift   string `json:"gift"`
	Icon   string `json:"icon,omitempty"`
	Avatar string `json:"avatar,omitempty"`
	Count  int    `json:"count"`
	Coins  int64  `json:"coins"`
	// Age is for how long it has not changed, in milliseconds.
	Age int64 `json:"age"`

	streak string
	at     time.Time
}

// chatLine is a comment.
type chatLine struct {
	Key    string `json:"key"`
	Name   string `json:"name"`
	Avatar string `json:"avatar,omitempty"`
	Text   string `json:"text"`
	Role   string `json:"role,omitempty"`
	Age    int64  `json:"age"`

	at time.Time
}

// show is what is known of one stream, or of one rehearsal. Its owner guards it.
type show struct {
	id     string // makes the keys of this show's lines unlike those of any other
	lines  int
	room   string
	totals totals
	givers givers
	gifts  []giftLine // oldest first
	chat   []chatLine // likewise
}

func newShow() *show { return &show{id: rand.Text()[:8], givers: givers{}} }

func (s *show) key() string {
	s.lines++
	return fmt.Sprintf("%s-%d", s.id, s.lines)
}

// take counts an event, and returns what has changed. Another room is another stream: all begins anew.
func (s *show) take(e event.Event, now time.Time) []topic {
	if room := e.Header().Room; room != "" && room != s.room {
		isNext := s.room != ""
		if isNext {
			*s = *newShow()
		}
		s.room = room
		if isNext {
			s.count(e, now)
			return []topic{topicTotals, topicGifts, topicTop, topicChat}
		}
	}
	return s.count(e, now)
}

func (s *show) count(e event.Event, now time.Time) []topic {
	switch e := e.(type) {
	case event.Gift:
		return s.gift(e, now)
	case event.Follow:
		s.totals.Follows = plus(s.totals.Follows, 1)
		return []topic{topicTotals}
	case event.Like:
		s.totals.Likes = plus(s.totals.Likes, int64(e.Added))
		if e.Total > 0 {
			s.totals.Likes = int64(e.Total)
		}
		return []topic{topicTotals}
	case event.Chat:
		s.chat = append(s.chat[max(0, len(s.chat)-kept+1):], chatLine{
			Key: s.key(), Name: clean(e.User.Name(), maxNameShown), Avatar: picture(e.User.AvatarURL),
			Text: clean(e.Comment, maxCommentShown), Role: role(e.User.Roles), at: now,
		})
		return []topic{topicChat}
	default:
		return nil
	}
}

func (s *show) gift(g event.Gift, now time.Time) []topic {
	if g.Added <= 0 {
		return nil
	}
	s.totals.Gifts = plus(s.totals.Gifts, int64(g.Added))
	s.totals.Coins = plus(s.totals.Coins, worth(g))
	s.givers.add(g.User, worth(g))
	line := giftLine{
		Name: clean(g.User.Name(), maxNameShown), Gift: clean(g.Gift.Name, maxNameShown), Icon: picture(g.Gift.IconURL),
		Avatar: picture(g.User.AvatarURL), streak: g.Streak, at: now,
	}
	i := len(s.gifts) - 1
	for i >= 0 && (g.Streak == "" || s.gifts[i].streak != g.Streak) {
		i--
	}
	if i < 0 {
		line.Key = s.key()
		s.gifts = append(s.gifts[max(0, len(s.gifts)-kept+1):], giftLine{})
		i = len(s.gifts) - 1
	} else {
		line.Key, line.Count, line.Coins = s.gifts[i].Key, s.gifts[i].Count, s.gifts[i].Coins
	}
	line.Count, line.Coins = int(plus(int64(line.Count), int64(g.Added))), plus(line.Coins, worth(g))
	s.gifts[i] = line
	return []topic{topicTotals, topicGifts, topicTop}
}

// role is the one of a viewer's roles that a chat marks.
func role(r event.Roles) string {
	switch {
	case r.Moderator:
		return "moderator"
	case r.Subscriber:
		return "subscriber"
	default:
		return ""
	}
}

// giftLines and chatLines return the lines with their ages.
func (s *show) giftLines(now time.Time) []giftLine {
	lines := append([]giftLine{}, s.gifts...)
	for i := range lines {
		lines[i].Age = now.Sub(lines[i].at).Milliseconds()
	}
	return lines
}

func (s *show) chatLines(now time.Time) []chatLine {
	lines := append([]chatLine{}, s.chat...)
	for i := range lines {
		lines[i].Age = now.Sub(lines[i].at).Milliseconds()
	}
	return lines
}
