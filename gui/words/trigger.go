package words

import (
	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/rule"
)

// TriggerKind names a kind of trigger.
func TriggerKind(k rule.TriggerKind) string {
	switch k {
	case rule.OnGift:
		return lang.L("A certain gift")
	case rule.OnAnyGift:
		return lang.L("Any gift")
	case rule.OnGoal:
		return lang.L("Goal of coins or gifts")
	case rule.OnFollow:
		return lang.L("New follower")
	case rule.OnShare:
		return lang.L("Stream shared")
	case rule.OnLikes:
		return lang.L("Number of likes")
	case rule.OnViewerLikes:
		return lang.L("Likes of one viewer")
	case rule.OnJoin:
		return lang.L("Viewer joins")
	case rule.OnFirst:
		return lang.L("First time in the stream")
	case rule.OnCommand:
		return lang.L("Chat command")
	case rule.OnKeyword:
		return lang.L("Word in the chat")
	case rule.OnQuestion:
		return lang.L("Question")
	case rule.OnSubscribe:
		return lang.L("Subscription")
	default:
		return cueKind(k)
	}
}

// cueKind names the kinds that no viewer causes.
func cueKind(k rule.TriggerKind) string {
	switch k {
	case rule.OnViewers:
		return lang.L("Number of viewers")
	case rule.OnTimer:
		return lang.L("Every few minutes")
	case rule.OnButton:
		return lang.L("Button in LiveCue")
	case rule.OnHotkey:
		return lang.L("Hotkey")
	case rule.OnSignal:
		return lang.L("Signal of another program")
	case rule.OnData:
		return lang.L("LiveKit: data")
	case rule.OnParticipant:
		return lang.L("LiveKit: someone joins")
	case rule.OnSpeaks:
		return lang.L("LiveKit: someone speaks")
	case rule.OnConnected:
		return lang.L("Stream connected")
	case rule.OnReconnecting:
		return lang.L("Connection lost")
	case rule.OnReconnected:
		return lang.L("Connection is back")
	case rule.OnDisconnected:
		return lang.L("Disconnected")
	case rule.OnLiveEnded:
		return lang.L("Stream has ended")
	default:
		return string(k)
	}
}

// Trigger says what a rule waits for. coins is the price of its gift, or 0 where it is unknown.
func Trigger(t rule.Trigger, coins int) string {
	switch t.Kind {
	case rule.OnGift:
		return giftTrigger(t, coins)
	case rule.OnAnyGift:
		return coinsTrigger(t)
	case rule.OnCommand:
		return lang.L("Chat: {{.Command}}", args{"Command": Clean(t.Command, nameLength)})
	case rule.OnKeyword:
		return lang.L("Chat: … {{.Word}} …", args{"Word": Clean(t.Keyword, nameLength)})
	case rule.OnFirst:
		return lang.L("First in the stream: {{.What}}", args{"What": Activity(t.Activity)})
	case rule.OnTimer:
		return lang.L("Every {{.Time}} while live", args{"Time": Span(t.Interval.Std())})
	case rule.OnSignal:
		return lang.L("Signal: {{.Name}}", args{"Name": Clean(t.Signal, nameLength)})
	case rule.OnData:
		if t.Topic == "" {
			return TriggerKind(t.Kind)
		}
		return lang.L("LiveKit data: {{.Topic}}", args{"Topic": Clean(t.Topic, nameLength)})
	case rule.OnHotkey:
		return lang.L("Keys: {{.Keys}}", args{"Keys": Keys(t.Keys)})
	default:
		return milestone(t)
	}
}

// milestone says which number a rule waits for.
func milestone(t rule.Trigger) string {
	every, n := t.At == 0, max(t.At, t.Every)
	with := args{"N": Number(n)}
	switch t.Kind {
	case rule.OnLikes:
		if every {
			return lang.N("Every {{.N}} likes", n, with)
		}
		return lang.N("At {{.N}} likes", n, with)
	case rule.OnViewerLikes:
		if every {
			return lang.N("Every {{.N}} likes of a viewer", n, with)
		}
		return lang.N("At {{.N}} likes of a viewer", n, with)
	case rule.OnViewers:
		if every {
			return lang.N("Every {{.N}} viewers", n, with)
		}
		return lang.N("At {{.N}} viewers", n, with)
	case rule.OnGoal:
		return goal(t, every, n)
	default:
		return TriggerKind(t.Kind)
	}
}

func goal(t rule.Trigger, every bool, n int) string {
	what := Coins(n)
	if t.Of == rule.OfGifts {
		what = lang.N("{{.N}} gifts", n, args{"N": Number(n)})
	}
	with := args{"What": what}
	switch {
	case every && t.Per == rule.PerViewer:
		return lang.L("Every {{.What}} of a viewer", with)
	case every:
		return lang.L("Every {{.What}} in the stream", with)
	case t.Per == rule.PerViewer:
		return lang.L("Goal: {{.What}} of a viewer", with)
	default:
		return lang.L("Goal: {{.What}} in the stream", with)
	}
}

// Activity names what a viewer does; the empty one is anything.
func Activity(k event.Kind) string {
	switch k {
	case "":
		return lang.L("anything")
	case event.KindJoin:
		return lang.L("comes in")
	case event.KindGift:
		return lang.L("a gift")
	case event.KindFollow:
		return lang.L("follows")
	case event.KindLike:
		return lang.L("likes")
	case event.KindShare:
		return lang.L("shares")
	case event.KindChat:
		return lang.L("a comment")
	case event.KindSubscribe:
		return lang.L("subscribes")
	case event.KindQuestion:
		return lang.L("a question")
	default:
		return string(k)
	}
}

// Scope says whom something is counted for.
func Scope(s rule.Scope) string {
	if s == rule.PerViewer {
		return lang.L("of each viewer alone")
	}
	return lang.L("of the whole stream")
}

// Measure names what a goal adds up.
func Measure(m rule.Measure) string {
	if m == rule.OfGifts {
		return lang.L("gifts")
	}
	return lang.L("coins")
}
