package words

import (
	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/source"
)

// commentLength is how much of a comment is shown in one line, in graphemes.
const commentLength = 120

// Event says what happened, without the viewer's name: "5 × Rose, 5 coins".
func Event(e event.Event) string {
	switch e := e.(type) {
	case event.Gift:
		return gift(e)
	case event.Chat:
		return Clean(e.Comment, commentLength)
	case event.Question:
		return lang.L("asks: {{.Text}}", args{"Text": Clean(e.Text, commentLength)})
	case event.Like:
		return like(e)
	case event.Follow:
		return lang.L("follows you")
	case event.Share:
		return lang.L("shared your stream")
	case event.Join:
		return lang.L("joined")
	case event.Subscribe:
		return subscribe(e)
	case event.ViewerCount:
		return lang.N("{{.N}} viewers are watching", e.Viewers, args{"N": Number(e.Viewers)})
	case event.Signal:
		return signal(e)
	case event.Cue:
		return cue(e)
	default:
		return participant(e)
	}
}

func cue(e event.Cue) string {
	switch e.By {
	case event.CueTimer:
		return lang.L("A rule's timer ran out")
	case event.CueButton:
		return lang.L("You pressed a rule's button")
	default:
		return lang.L("You pressed a rule's keys")
	}
}

func gift(e event.Gift) string {
	name := Gift(e.Gift)
	switch {
	case e.Count > 1 && e.Final:
		return lang.L("{{.N}} × {{.Gift}} · {{.Coins}}", args{"N": Number(e.Count), "Gift": name, "Coins": Coins(e.Count * e.Gift.Coins)})
	case e.Gift.Streakable && !e.Final:
		return lang.L("{{.N}} × {{.Gift}} and counting", args{"N": Number(max(e.Count, 1)), "Gift": name})
	default:
		return lang.L("{{.Gift}} · {{.Coins}}", args{"Gift": name, "Coins": Coins(max(e.Count, 1) * e.Gift.Coins)})
	}
}

// Gift names a gift, by its number when it has no name.
func Gift(g event.GiftInfo) string {
	if name := Clean(g.Name, nameLength); name != "" {
		return name
	}
	return lang.L("Gift {{.ID}}", args{"ID": g.ID})
}

func signal(e event.Signal) string {
	with := args{"Name": Clean(e.Name, nameLength), "By": Clean(e.By, nameLength)}
	if e.By == "" {
		return lang.L("Signal: {{.Name}}", with)
	}
	return lang.L("Signal: {{.Name}}, from {{.By}}", with)
}

func like(e event.Like) string {
	if e.Total == 0 {
		return lang.N("{{.N}} likes", e.Added, args{"N": Number(e.Added)})
	}
	return lang.N("{{.N}} likes, {{.Total}} in all", e.Added, args{"N": Number(e.Added), "Total": Number(e.Total)})
}

func subscribe(e event.Subscribe) string {
	if e.Months > 1 {
		return lang.L("subscribed, month {{.N}}", args{"N": e.Months})
	}
	return lang.L("subscribed")
}

func connection(e event.Event) string {
	text := connectionStep(e)
	if !e.Header().OfStream() {
		return lang.L("LiveKit: {{.Text}}", args{"Text": text})
	}
	return text
}

func connectionStep(e event.Event) string {
	switch e := e.(type) {
	case event.Connecting:
		return State(source.Connecting)
	case event.Connected:
		return State(source.Connected)
	case event.Reconnecting:
		return lang.L("Connection lost, attempt {{.N}} to get it back", args{"N": e.Attempt})
	case event.Reconnected:
		return lang.L("Connected again after {{.Time}}", args{"Time": Span(e.Down)})
	case event.Disconnected:
		return lang.L("Disconnected")
	case event.WaitingForLive:
		return State(source.WaitingForLive)
	case event.LiveEnded:
		return lang.L("The stream has ended")
	case event.RateLimited:
		return State(source.RateLimited)
	case event.AuthFailed:
		return State(source.AuthFailed)
	case event.CredentialsRefreshed:
		return lang.L("The login was renewed")
	default:
		return string(e.Kind())
	}
}

// Aftermath says why a connection stands as an event says, and what comes next; "" where there is nothing to add.
func Aftermath(e event.Event) string {
	if !e.Header().OfStream() {
		return liveKitAftermath(e)
	}
	switch e := e.(type) {
	case event.Connected:
		if e.Door == "" {
			return ""
		}
		return Door(profile.Door(e.Door))
	case event.Reconnecting:
		return Cause(e.Cause, "")
	case event.Disconnected:
		return Cause(e.Cause, "")
	case event.WaitingForLive:
		return Cause(event.Cause{Code: event.CauseNotLive}, e.Handle)
	case event.RateLimited:
		return Cause(e.Cause, "")
	case event.AuthFailed:
		return Cause(e.Cause, "")
	default:
		return ""
	}
}
