package rule

import (
	"strings"

	"github.com/livecue/livecue/core/event"
)

// observed is an event as the rules look at it, worked out once for all of them.
type observed struct {
	kind event.Kind
	head event.Head
	user event.User
	// isFromViewer says that user is one.
	isFromViewer bool

	gift     event.Gift
	giftName string // folded

	added, total int // of a Like, not negative
	viewers      int // of a ViewerCount, not negative

	comment string
	word    string // the first word of the comment, folded
	args    string
	words   string // the comment, folded: see folded
	cue     event.Cue
	signal  string // folded
	told    int    // the count that a signal told of, not negative
	topic   string // folded

	progress
}

// see sets o to what rules see in e, or returns false when no rule can wait for it.
func (o *observed) see(e event.Event) bool {
	*o = observed{kind: e.Kind(), head: e.Header()}
	if v, ok := e.(event.FromViewer); ok {
		o.user, o.isFromViewer = v.From(), true
	}
	switch e := e.(type) {
	case event.Gift:
		o.gift, o.giftName = e, foldName(e.Gift.Name)
	case event.Like:
		o.added, o.total = max(e.Added, 0), max(e.Total, 0)
	case event.Chat:
		o.comment = e.Comment
		o.word, o.args = splitCommand(e.Comment)
	case event.Question:
		o.comment = e.Text
	case event.ViewerCount:
		o.viewers = max(e.Viewers, 0)
	case event.Cue:
		o.cue = e
	case event.Signal:
		o.signal, o.comment, o.told = foldName(e.Name), e.Text, max(e.Count, 0)
		o.user, o.isFromViewer = e.User, e.User.ID != "" || e.User.Handle != ""
	case event.Connected, event.Reconnecting, event.Reconnected, event.Disconnected, event.LiveEnded:
		return o.head.OfStream()
	case event.Follow, event.Share, event.Join, event.Subscribe:
	default:
		return o.seeParticipant(e)
	}
	return true
}

// seeParticipant is see for what happens in a LiveKit room.
func (o *observed) seeParticipant(e event.Event) bool {
	switch e := e.(type) {
	case event.Data:
		o.topic, o.comment = foldName(e.Topic), e.Text
	case event.ParticipantJoined:
		if e.Present { // nobody has come
			return false
		}
	case event.Speaking:
	default:
		return false
	}
	o.user = e.(event.FromParticipant).Who()
	o.isFromViewer = o.user.ID != "" || o.user.Handle != ""
	return true
}

// folded returns the comment as phrases are looked for in it.
func (o *observed) folded() string {
	if o.words == "" && o.comment != "" {
		o.words = foldText(o.comment)
	}
	return o.words
}

// beginning returns enough of the comment, folded, to compare it with n bytes of a folded text.
func (o *observed) beginning(n int) string {
	if n == 0 {
		return ""
	}
	// A letter may be shorter folded than it was; blanks before the first are folded away.
	text := strings.TrimLeftFunc(o.comment, isBlank)
	return foldName(text[:min(len(text), 4*n)])
}

// matched is what a trigger makes of an event. All but reason and missing go with ReasonFired.
type matched struct {
	reason  Reason
	count   int // what {count} is
	gifts   int // what an action is repeated for with PerGift
	coins   int // what all the gifts are worth
	total   int // what {total} is
	times   int // how often the trigger happened
	missing int
}

// match compares o, which has a kind that c waits for, with c's trigger.
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
	case OnGoal:
		m := milestone(t, o.goal(t), ReasonGoal)
		m.gifts, m.coins = 1, multiply(max(o.gift.Added, 0), max(o.gift.Gift.Coins, 0))
		return m
	case OnLikes:
		return milestone(t, o.likes, ReasonLikes)
	case OnViewerLikes:
		return milestone(t, o.viewerLikes, ReasonLikes)
	case OnViewers:
		return milestone(t, o.peak, ReasonViewers)
	default:
		m := matched{reason: c.matchMoment(o), count: max(o.told, 1), gifts: 1, times: 1}
		if o.kind == event.KindGift {
			m.coins = multiply(max(o.gift.Added, 0), max(o.gift.Gift.Coins, 0))
		}
		return m
	}
}

// matchMoment compares o with a trigger that either happens or does not.
func (c *compiled) matchMoment(o *observed) Reason {
	t := &c.rule.Trigger
	switch t.Kind {
	case OnFirst:
		if !o.isFirst(t) {
			return ReasonFirst
		}
	case OnCommand:
		if c.command == "" || o.word != c.command {
			return ReasonCommand
		}
		if t.MinArgs > 0 && countWords(o.args, t.MinArgs) < t.MinArgs {
			return ReasonArgs
		}
	case OnKeyword:
		if !c.keyword.in(o.folded()) {
			return ReasonKeyword
		}
	case OnSignal:
		if c.signal == "" || o.signal != c.signal {
			return ReasonSignal
		}
	case OnData:
		if c.topic != "" && o.topic != c.topic || !strings.HasPrefix(o.beginning(len(c.begins)), c.begins) {
			return ReasonData
		}
	case OnTimer, OnButton, OnHotkey:
		if o.cue.RuleID != c.rule.ID || o.cue.By != cueFor(t.Kind) {
			return ReasonKind
		}
	}
	return ReasonFired
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
	return matched{
		reason: ReasonFired, count: count, gifts: count, coins: multiply(count, max(g.Gift.Coins, 0)), times: 1,
	}
}

// milestone looks for a number that t waits for among those that st has passed. The count is the milestone that was reached,
// for that is the number that the streamer has announced.
func milestone(t *Trigger, st step, not Reason) matched {
	if t.At > 0 {
		switch {
		case st.before >= t.At && !st.isBaseline:
			return matched{reason: ReasonReached}
		case st.after < t.At:
			return matched{reason: not, missing: t.At - st.after}
		case st.isBaseline:
			return matched{reason: ReasonBaseline}
		default:
			return matched{reason: ReasonFired, count: t.At, gifts: 1, total: st.after, times: 1}
		}
	}
	if t.Every <= 0 {
		return matched{reason: not}
	}
	reached := st.after / t.Every * t.Every // one division: likes come often, and to many rules
	switch missing := t.Every - (st.after - reached); {
	case st.isBaseline:
		return matched{reason: ReasonBaseline, missing: missing}
	case st.before >= reached:
		return matched{reason: not, missing: missing}
	default:
		times := reached/t.Every - st.before/t.Every
		return matched{reason: ReasonFired, count: reached, gifts: 1, total: st.after, times: times}
	}
}
