package rule

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/livecue/livecue/core/event"
)

// triggerEvents says which kind of event each kind of trigger waits for.
var triggerEvents = map[TriggerKind]event.Kind{
	OnGift: event.KindGift, OnAnyGift: event.KindGift, OnFollow: event.KindFollow, OnShare: event.KindShare,
	OnLikes: event.KindLike, OnJoin: event.KindJoin, OnCommand: event.KindChat, OnSubscribe: event.KindSubscribe,
}

// observed is an event as the rules look at it, worked out once for all of them.
type observed struct {
	kind event.Kind
	head event.Head
	user event.User

	gift     event.Gift
	giftName string // folded

	added, total int // of a Like, not negative
	likes        likeStep

	comment string
	word    string // the first word of the comment, folded
	args    string
}

// observe returns what rules see in e, or false when no rule can wait for it.
func observe(e event.Event) (observed, bool) {
	o := observed{kind: e.Kind(), head: e.Header()}
	switch e := e.(type) {
	case event.Gift:
		o.user, o.gift, o.giftName = e.User, e, foldName(e.Gift.Name)
	case event.Like:
		o.user, o.added, o.total = e.User, max(e.Added, 0), max(e.Total, 0)
	case event.Chat:
		o.user, o.comment = e.User, e.Comment
		o.word, o.args = splitCommand(e.Comment)
	case event.Follow:
		o.user = e.User
	case event.Share:
		o.user = e.User
	case event.Join:
		o.user = e.User
	case event.Subscribe:
		o.user = e.User
	default:
		return observed{}, false
	}
	return o, true
}

// matched is what a trigger makes of an event. count and times go with ReasonFired.
type matched struct {
	reason  Reason
	count   int // what {count} is
	times   int // how often the trigger happened
	missing int
}

// match compares o, which has the kind that c waits for, with c's trigger.
func (c *compiled) match(o *observed) matched {
	t := &c.rule.Trigger
	switch t.Kind {
	case OnGift:
		if !c.isGift(o) {
			return matched{reason: ReasonGift}
		}
		return c.matchStreak(&o.gift)
	case OnAnyGift:
		if price := max(o.gift.Gift.Coins, 0); price < t.MinCoins || t.MaxCoins > 0 && price > t.MaxCoins {
			return matched{reason: ReasonCoins}
		}
		return c.matchStreak(&o.gift)
	case OnLikes:
		return matchLikes(t.Every, o.likes)
	case OnCommand:
		if c.command == "" || o.word != c.command {
			return matched{reason: ReasonCommand}
		}
	}
	return matched{reason: ReasonFired, count: 1, times: 1}
}

func (c *compiled) isGift(o *observed) bool {
	if id := c.rule.Trigger.GiftID; id != 0 {
		return o.gift.Gift.ID == id
	}
	return c.gift != "" && o.giftName == c.gift
}

// matchStreak picks the moment of a streak. In each mode but StreakOnce the counts of a streak add up to what was paid for.
func (c *compiled) matchStreak(g *event.Gift) matched {
	count := 0
	switch c.rule.Streak {
	case StreakGrowth:
		count = g.Added
	case StreakOnce:
		if g.First {
			count = 1
		}
	default:
		if g.Final {
			count = g.Count
		}
	}
	if count <= 0 {
		return matched{reason: ReasonStreak}
	}
	return matched{reason: ReasonFired, count: count, times: 1}
}

// matchLikes looks for multiples of every among the likes that have just come. The count is the total that was reached, for
// that is the number that the streamer has announced.
func matchLikes(every int, l likeStep) matched {
	if every <= 0 {
		return matched{reason: ReasonLikes}
	}
	missing := every - l.after%every
	switch passed := l.after/every - l.before/every; {
	case l.isBaseline:
		return matched{reason: ReasonBaseline, missing: missing}
	case passed <= 0:
		return matched{reason: ReasonLikes, missing: missing}
	default:
		return matched{reason: ReasonFired, count: l.after / every * every, times: passed}
	}
}

// maxWord bounds the first word of a comment that is compared, in bytes.
const maxWord = 256

// splitCommand returns the first word of a comment, folded, and what follows it. Some phones put characters without width
// around what was typed; they are no part of either.
func splitCommand(comment string) (word, args string) {
	comment = strings.TrimFunc(comment, isBlank)
	end := strings.IndexFunc(comment[:min(len(comment), maxWord)], unicode.IsSpace)
	switch {
	case end >= 0:
		return foldName(comment[:end]), strings.TrimLeftFunc(comment[end:], isBlank)
	case len(comment) > maxWord:
		return "", ""
	default:
		return foldName(comment), ""
	}
}

// foldName returns name in the form in which names are compared: without surrounding blanks, case and the ways in which
// Unicode can write one letter.
func foldName(name string) string {
	name = strings.TrimFunc(name, isBlank)
	for i := range len(name) {
		if name[i] >= 0x80 {
			return norm.NFC.String(cases.Fold().String(norm.NFC.String(name)))
		}
	}
	return strings.ToLower(name)
}

// isBlank reports whether r takes no ink: white space, or a format character such as a zero-width space or a mark of
// direction.
func isBlank(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }
