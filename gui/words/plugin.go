package words

import (
	"errors"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/grant"
	"github.com/livecue/livecue/core/plugin"
)

// PluginState is one word for how a plugin stands.
func PluginState(s plugin.State) string {
	switch s {
	case plugin.Off:
		return lang.X("state of a plugin: off", "off")
	case plugin.NoSocket, plugin.NoLive:
		return lang.X("state of a plugin: waits", "waiting")
	case plugin.Running:
		return lang.X("state of a plugin: running", "running")
	case plugin.Stopping:
		return lang.X("state of a plugin: stopping", "ending")
	case plugin.Pausing:
		return lang.X("state of a plugin: pausing", "restarting")
	case plugin.Failing:
		return lang.X("state of a plugin: failing", "failing")
	case plugin.Ended:
		return lang.X("state of a plugin: ended", "ended")
	default:
		return string(s)
	}
}

// Plugin says in a sentence how a plugin stands, and what is to be done about it.
func Plugin(st plugin.Status, now time.Time) string {
	with := args{"Pid": st.Pid, "At": TimeOfDay(st.Since), "Exit": Clean(st.LastExit, 80), "In": Elapsed(max(st.Next.Sub(now), 0))}
	switch st.State {
	case plugin.Running:
		return lang.L("Process {{.Pid}}, since {{.At}}.", with)
	case plugin.NoSocket:
		return lang.L("It waits for the event socket, which is switched off or cannot be opened.")
	case plugin.NoLive:
		return lang.L("It starts when LiveCue is connected to a stream.")
	case plugin.Stopping:
		return lang.L("It was asked to end, and is ended by force after five seconds.")
	case plugin.Ended:
		return lang.L("It has ended by itself at {{.At}}. Restart starts it again.", with)
	case plugin.Pausing:
		return lang.L("It has ended with a failure: {{.Exit}}. It is started again in {{.In}}.", with)
	case plugin.Failing:
		if st.Problem != "" {
			with["Problem"] = Clean(st.Problem, 200)
			return lang.L("It cannot be started: {{.Problem}}. It is tried again in {{.In}}.", with)
		}
		return lang.L("It fails again and again at once: {{.Exit}}. Look at what it prints. It is tried again in {{.In}}.", with)
	default:
		return ""
	}
}

// PluginLine is a line of a plugin's output.
func PluginLine(l plugin.Line) string {
	at := l.At.Local().Format("15:04:05") + "  "
	switch l.Mark {
	case plugin.MarkStarted:
		return at + lang.L("— started —")
	case plugin.MarkEnded:
		return at + lang.L("— ended: {{.Exit}} —", args{"Exit": l.Text})
	default:
		return at + l.Text
	}
}

// Events names a kind of event, as a heading for all of them.
func Events(k event.Kind) string {
	switch k {
	case event.KindGift:
		return lang.X("kind of events: gift", "Gifts")
	case event.KindLike:
		return lang.X("kind of events: like", "Likes")
	case event.KindChat:
		return lang.X("kind of events: chat", "Comments")
	case event.KindQuestion:
		return lang.X("kind of events: question", "Questions")
	case event.KindFollow:
		return lang.X("kind of events: follow", "Follows")
	case event.KindShare:
		return lang.X("kind of events: share", "Shares")
	case event.KindJoin:
		return lang.X("kind of events: join", "Viewers who come in")
	case event.KindSubscribe:
		return lang.X("kind of events: subscribe", "Subscriptions")
	case event.KindViewerCount:
		return lang.X("kind of events: viewers", "Numbers of viewers")
	case event.KindCue:
		return lang.X("kind of events: cue", "Buttons and timers")
	case event.KindSignal:
		return lang.X("kind of events: signal", "Calls of programs")
	default:
		return string(k)
	}
}

// Scopes says what a token allows.
func Scopes(all []grant.Scope) string {
	var parts []string
	for _, s := range all {
		parts = append(parts, Scoped(s))
	}
	return strings.Join(parts, ", ")
}

// Scoped names one thing that a token allows.
func Scoped(s grant.Scope) string {
	switch s {
	case grant.Read:
		return lang.X("what a token allows: read", "hear events")
	case grant.Trigger:
		return lang.X("what a token allows: trigger", "call rules")
	case grant.Control:
		return lang.X("what a token allows: control", "control LiveCue")
	default:
		return string(s)
	}
}

// pluginError is what went wrong with plugins and tokens.
func pluginError(err error) (string, bool) {
	switch {
	case errors.Is(err, plugin.ErrUnknown):
		return lang.L("There is no such plugin any more."), true
	case errors.Is(err, plugin.ErrIdle):
		return lang.L("The plugin is switched off, or waits for a stream or the event socket."), true
	case errors.Is(err, grant.ErrFull):
		return lang.L("There are 100 tokens already. Revoke one that is not needed."), true
	default:
		return "", false
	}
}
