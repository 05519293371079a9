package wire

import (
	"time"

	"github.com/livecue/livecue/core/event"
)

// Gift is the "event" of a gift: see event.Gift for how a streak counts.
type Gift struct {
	GiftID   int64  `json:"gift_id"`
	Gift     string `json:"gift"`
	Coins    int    `json:"coins"`
	Streak   string `json:"streak,omitempty"`
	Added    int    `json:"added"`
	Count    int    `json:"count"`
	Final    bool   `json:"final"`
	Inferred bool   `json:"inferred,omitempty"`
}

// cause is why a connection ended or is not made.
type cause struct {
	Code event.CauseCode `json:"cause,omitempty"`
	Text string          `json:"text,omitempty"`
	At   time.Time       `json:"until,omitzero"`
}

// details returns the fields that only this kind of event has.
func details(e event.Event) any {
	switch e := e.(type) {
	case event.Gift:
		return Gift{e.Gift.ID, e.Gift.Name, e.Gift.Coins, e.Streak, e.Added, e.Count, e.Final, e.Inferred}
	case event.Like:
		return map[string]int{"added": e.Added, "total": e.Total}
	case event.Chat:
		return map[string]string{"comment": e.Comment}
	case event.Question:
		return map[string]string{"text": e.Text}
	case event.Subscribe:
		return map[string]int{"months": e.Months}
	case event.ViewerCount:
		return map[string]int{"viewers": e.Viewers}
	case event.Cue:
		return map[string]string{"by": string(e.By), "rule": e.RuleID}
	case event.Signal:
		return signalDetails(e)
	default:
		return participantDetails(e)
	}
}

func signalDetails(e event.Signal) any {
	return struct {
		Name  string `json:"name"`
		By    string `json:"by,omitempty"`
		Text  string `json:"text,omitempty"`
		Count int    `json:"count,omitempty"`
	}{e.Name, e.By, e.Text, e.Count}
}

// connectionDetails does the same for the life of the connection.
func connectionDetails(e event.Event) any {
	switch e := e.(type) {
	case event.Connecting:
		return map[string]string{"door": e.Door}
	case event.Connected:
		return map[string]string{"door": e.Door, "handle": e.Handle}
	case event.Reconnected:
		return map[string]any{"door": e.Door, "handle": e.Handle, "down_ms": float64(e.Down) / float64(time.Millisecond)}
	case event.WaitingForLive:
		return map[string]any{"handle": e.Handle, "until": sayable(e.NextCheck)}
	case event.Reconnecting:
		return cause{e.Cause.Code, e.Cause.Text, sayable(e.RetryAt)}
	case event.Disconnected:
		return cause{Code: e.Cause.Code, Text: e.Cause.Text}
	case event.RateLimited:
		return cause{e.Cause.Code, e.Cause.Text, sayable(e.Until)}
	case event.AuthFailed:
		return cause{Code: e.Cause.Code, Text: e.Cause.Text}
	default:
		return nil
	}
}
