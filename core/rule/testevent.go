package rule

import (
	"crypto/rand"
	"math"
	"time"

	"github.com/livecue/livecue/core/event"
)

// Gifts looks up what is known of gifts.
type Gifts interface {
	Find(id int64) (event.GiftInfo, bool)
	// FindName returns the gifts of that name, the likeliest first.
	FindName(name string) []event.GiftInfo
	// List returns all, cheapest first.
	List() []event.GiftInfo
}

// testSource is the Head.Source of events that TestEvent makes.
const testSource = "test"

// TestEvent returns the event that a press on Test stands for: one that r waits for, from a made-up viewer, marked Test. It
// is nil when r's kind of trigger is unknown. gifts may be nil.
func TestEvent(r Rule, gifts Gifts) event.Event {
	h := event.Head{ID: "test-" + rand.Text(), At: time.Now(), Source: testSource, Test: true}
	u := event.User{ID: "0", Handle: "test_viewer", Nickname: "Test viewer"}
	switch t := r.Trigger; t.Kind {
	case OnGift, OnAnyGift:
		return event.Gift{
			Head: h, User: u, Gift: testGift(t, gifts), Streak: h.ID, Added: 1, Count: 1, First: true, Final: true,
		}
	case OnFollow:
		return event.Follow{Head: h, User: u}
	case OnShare:
		return event.Share{Head: h, User: u}
	case OnLikes:
		return event.Like{Head: h, User: u, Added: t.Every, Total: t.Every}
	case OnJoin:
		return event.Join{Head: h, User: u}
	case OnCommand:
		return event.Chat{Head: h, User: u, Comment: t.Command + " hello from a test"}
	case OnSubscribe:
		return event.Subscribe{Head: h, User: u, Months: 1}
	default:
		return nil
	}
}

// testGift returns the gift that t waits for, as far as it is known, or for a range of prices the cheapest gift in it.
func testGift(t Trigger, gifts Gifts) event.GiftInfo {
	if t.Kind == OnGift {
		return namedGift(t, gifts)
	}
	if gifts != nil {
		for _, g := range gifts.List() {
			if g.Coins >= t.MinCoins && (t.MaxCoins <= 0 || g.Coins <= t.MaxCoins) {
				return g
			}
		}
	}
	highest := t.MaxCoins
	if highest <= 0 {
		highest = math.MaxInt
	}
	return event.GiftInfo{Name: "Test gift", Coins: min(max(t.MinCoins, 1), highest)}
}

func namedGift(t Trigger, gifts Gifts) event.GiftInfo {
	if gifts != nil && t.GiftID != 0 {
		if g, ok := gifts.Find(t.GiftID); ok {
			return g
		}
	}
	if gifts != nil && t.GiftID == 0 {
		if gs := gifts.FindName(t.Gift); len(gs) > 0 {
			return gs[0]
		}
	}
	return event.GiftInfo{ID: t.GiftID, Name: t.Gift, Coins: 1}
}
