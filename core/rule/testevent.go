package rule

import (
	"crypto/rand"
	"math"
	"strconv"
	"strings"
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

// TestChoice is what a test is made with. What is zero is made up.
type TestChoice struct {
	Viewer event.User
	Gift   event.GiftInfo
	// Count is how many gifts, likes or viewers there are.
	Count int
}

// TestEvent returns the event that a press on Test stands for: one that r waits for, from a made-up viewer, marked Test. It
// is nil when r's kind of trigger is unknown. gifts may be nil.
func TestEvent(r Rule, gifts Gifts) event.Event { return TestEventFor(r, gifts, TestChoice{}) }

// TestEventFor is TestEvent with a chosen viewer, gift and count. r does not fire for a choice that it does not wait for, such
// as another gift.
func TestEventFor(r Rule, gifts Gifts, choice TestChoice) event.Event {
	h := event.Head{ID: "test-" + rand.Text(), At: time.Now(), Source: testSource, Test: true}
	u := choice.Viewer
	if u.ID == "" && u.Handle == "" && u.Nickname == "" {
		u.ID, u.Handle, u.Nickname = "0", "test_viewer", "Test viewer"
	}
	t := r.Trigger
	if kind := testActivity(t); kind != "" {
		return viewerEvent(kind, t, h, u, gifts, choice)
	}
	switch t.Kind {
	case OnViewers:
		return event.ViewerCount{Head: h, Viewers: chosen(choice.Count, max(t.At, t.Every))}
	case OnSignal:
		return event.Signal{Head: h, Name: t.Signal, By: testSource, User: choice.Viewer, Text: "hello from a test", Count: choice.Count}
	case OnData, OnParticipant, OnSpeaks:
		return participantEvent(t, h, u)
	case OnTimer, OnButton, OnHotkey:
		return event.Cue{Head: h, By: cueFor(t.Kind), RuleID: r.ID}
	case OnConnected:
		return event.Connected{Head: h}
	case OnReconnecting:
		return event.Reconnecting{Head: h, Attempt: 1}
	case OnReconnected:
		return event.Reconnected{Head: h}
	case OnDisconnected:
		return event.Disconnected{Head: h}
	case OnLiveEnded:
		return event.LiveEnded{Head: h}
	default:
		return nil
	}
}

// participantEvent returns what a participant does to set off t. The viewer of a test stands for one.
func participantEvent(t Trigger, h event.Head, u event.User) event.Event {
	switch t.Kind {
	case OnData:
		text := strings.TrimSpace(t.Begins + " hello from a test")
		return event.Data{Head: h, User: u, Topic: t.Topic, Text: text, Size: len(text)}
	case OnParticipant:
		return event.ParticipantJoined{Head: h, User: u}
	default:
		return event.Speaking{Head: h, User: u}
	}
}

// chosen returns count, or usual where none is chosen.
func chosen(count, usual int) int {
	if count > 0 {
		return count
	}
	return usual
}

// testActivity returns what a viewer does to set off t, or "" for a trigger that no viewer causes.
func testActivity(t Trigger) event.Kind {
	switch {
	case t.Kind == OnFirst && t.Activity == "":
		return event.KindChat
	case t.Kind == OnFirst:
		return t.Activity
	case t.Kind.IsFromViewer():
		return triggerEvents[t.Kind]
	default:
		return ""
	}
}

func viewerEvent(kind event.Kind, t Trigger, h event.Head, u event.User, gifts Gifts, choice TestChoice) event.Event {
	switch kind {
	case event.KindGift:
		return giftEvent(t, h, u, gifts, choice)
	case event.KindFollow:
		return event.Follow{Head: h, User: u}
	case event.KindShare:
		return event.Share{Head: h, User: u}
	case event.KindLike:
		n := chosen(choice.Count, max(t.At, t.Every, 1))
		return event.Like{Head: h, User: u, Added: n, Total: n}
	case event.KindJoin:
		return event.Join{Head: h, User: u}
	case event.KindChat:
		return event.Chat{Head: h, User: u, Comment: testComment(t)}
	case event.KindSubscribe:
		return event.Subscribe{Head: h, User: u, Months: 1}
	case event.KindQuestion:
		return event.Question{Head: h, User: u, Text: "Hello from a test?"}
	default:
		return nil
	}
}

func testComment(t Trigger) string {
	switch t.Kind {
	case OnCommand:
		words := []string{"hello", "from", "a", "test"}
		for len(words) < min(t.MinArgs, MaxArgs) {
			words = append(words, strconv.Itoa(len(words)+1))
		}
		return t.Command + " " + strings.Join(words, " ")
	case OnKeyword:
		return t.Keyword
	default:
		return "hello from a test"
	}
}

// giftEvent returns a whole streak of gifts in one: as many as chosen or, for a goal, as it takes.
func giftEvent(t Trigger, h event.Head, u event.User, gifts Gifts, choice TestChoice) event.Event {
	gift := choice.Gift
	if gift == (event.GiftInfo{}) {
		gift = testGift(t, gifts)
	}
	n := 1
	if t.Kind == OnGoal {
		n = max(t.At, t.Every, 1)
		if t.Of != OfGifts {
			n = (n-1)/max(gift.Coins, 1) + 1
		}
	}
	n = chosen(choice.Count, n)
	return event.Gift{Head: h, User: u, Gift: gift, Streak: h.ID, Added: n, Count: n, First: true, Final: true}
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
