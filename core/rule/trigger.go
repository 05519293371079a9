package rule

import (
	"slices"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

// TriggerKind names what a rule waits for.
type TriggerKind string

// The kinds of trigger that a viewer causes.
const (
	// OnGift is one gift of the catalogue, by id or by name.
	OnGift TriggerKind = "gift"
	// OnAnyGift is any gift whose price lies in a range.
	OnAnyGift TriggerKind = "any_gift"
	// OnGoal is a total of coins or gifts that is reached.
	OnGoal   TriggerKind = "goal"
	OnFollow TriggerKind = "follow"
	OnShare  TriggerKind = "share"
	// OnLikes is the stream's number of likes, OnViewerLikes that of each viewer.
	OnLikes       TriggerKind = "likes"
	OnViewerLikes TriggerKind = "viewer_likes"
	OnJoin        TriggerKind = "join"
	// OnFirst is the first thing that a viewer does in a stream.
	OnFirst TriggerKind = "first"
	// OnCommand is a comment that begins with a word, OnKeyword one that has a word or phrase in it.
	OnCommand   TriggerKind = "command"
	OnKeyword   TriggerKind = "keyword"
	OnQuestion  TriggerKind = "question"
	OnSubscribe TriggerKind = "subscribe"
)

// The kinds of trigger that no viewer causes.
const (
	// OnViewers is a number of people who watch.
	OnViewers      TriggerKind = "viewers"
	OnConnected    TriggerKind = "connected"
	OnReconnecting TriggerKind = "reconnecting"
	OnReconnected  TriggerKind = "reconnected"
	OnDisconnected TriggerKind = "disconnected"
	OnLiveEnded    TriggerKind = "live_ended"
	// OnTimer is a time that has passed in the stream: see Set.Tick.
	OnTimer TriggerKind = "timer"
	// OnButton and OnHotkey are the user's: see Set.Fire.
	OnButton TriggerKind = "button"
	OnHotkey TriggerKind = "hotkey"
	// OnSignal is a call from another program.
	OnSignal TriggerKind = "signal"
)

// The kinds of trigger that participants of a LiveKit room cause, who are no viewers.
const (
	// OnData is what one of them sends.
	OnData TriggerKind = "data"
	// OnParticipant is one who comes into the room, OnSpeaks one who begins to speak.
	OnParticipant TriggerKind = "participant"
	OnSpeaks      TriggerKind = "speaks"
)

// TriggerKinds returns all of them, in the order in which an editor lists them.
func TriggerKinds() []TriggerKind {
	return []TriggerKind{
		OnGift, OnAnyGift, OnGoal, OnFollow, OnShare, OnLikes, OnViewerLikes, OnJoin, OnFirst, OnCommand, OnKeyword, OnQuestion, OnSubscribe,
		OnViewers, OnTimer, OnButton, OnHotkey, OnSignal, OnData, OnParticipant, OnSpeaks,
		OnConnected, OnReconnecting, OnReconnected, OnDisconnected, OnLiveEnded,
	}
}

// IsFromViewer reports whether it is a viewer who causes it.
func (k TriggerKind) IsFromViewer() bool {
	return k == OnFirst || slices.Contains(viewerKinds(), triggerEvents[k])
}

// NamesUser reports whether there may be someone whom {user} stands for: a viewer, a participant, or who a signal is about.
func (k TriggerKind) NamesUser() bool {
	return k.IsFromViewer() || slices.Contains([]TriggerKind{OnSignal, OnData, OnParticipant, OnSpeaks}, k)
}

// Trigger is what a rule waits for. Only the fields of its Kind count.
type Trigger struct {
	Kind TriggerKind `toml:"kind" json:"kind"`

	// GiftID is the platform's number of the gift; when it is not 0, it alone decides.
	GiftID int64 `toml:"gift_id,omitempty" json:"gift_id,omitempty"`
	// Gift is the gift's name, compared without case and surrounding space; with a GiftID it is only shown.
	Gift string `toml:"gift,omitempty" json:"gift,omitempty"`

	// MinCoins and MaxCoins bound the price of one gift, both included; 0 is no bound.
	MinCoins int `toml:"min_coins,omitempty" json:"min_coins,omitempty"`
	MaxCoins int `toml:"max_coins,omitempty" json:"max_coins,omitempty"`

	// Every fires each time that a number reaches a multiple of it: the room's total of likes, as viewers see it on screen
	// (OnLikes), a viewer's likes (OnViewerLikes), a total of gifts (OnGoal), or the most viewers so far (OnViewers). Multiples
	// of likes or viewers that the first number seen in a room has reached count as passed before LiveCue looked, and do not
	// fire.
	Every int `toml:"every,omitempty" json:"every,omitempty"`
	// At fires once in a stream, when the number reaches it; with it, Every is 0.
	At int `toml:"at,omitempty" json:"at,omitempty"`
	// Of is what OnGoal adds up; empty is OfCoins.
	Of Measure `toml:"of,omitempty" json:"of,omitempty"`
	// Per says whose total OnGoal is about; empty is PerStream.
	Per Scope `toml:"per,omitempty" json:"per,omitempty"`

	// Activity is what OnFirst waits for: the kind of a viewer's event. Empty is any but event.KindJoin: coming in is not
	// doing something yet.
	Activity event.Kind `toml:"activity,omitempty" json:"activity,omitempty"`

	// Command is the first word of a comment, compared without case and otherwise exactly: with "!zombie" a viewer has to
	// write the exclamation mark.
	Command string `toml:"command,omitempty" json:"command,omitempty"`
	// MinArgs is how many words must follow the command.
	MinArgs int `toml:"min_args,omitempty" json:"min_args,omitempty"`
	// Keyword is a word or phrase that a comment has in it, compared without case, as whole words.
	Keyword string `toml:"keyword,omitempty" json:"keyword,omitempty"`

	// Interval is how long OnTimer waits, from the begin of the live and then from one firing to the next. Jitter makes that
	// up to so much shorter or longer, by chance.
	Interval action.Duration `toml:"interval,omitempty" json:"interval,omitempty"`
	Jitter   action.Duration `toml:"jitter,omitempty" json:"jitter,omitempty"`

	// Keys is the combination of OnHotkey, such as "Ctrl+Shift+F1".
	Keys string `toml:"keys,omitempty" json:"keys,omitempty"`

	// Signal is the name of OnSignal, compared without case and surrounding space.
	Signal string `toml:"signal,omitempty" json:"signal,omitempty"`

	// Topic is what OnData listens to, compared as Signal; empty is every topic. Begins is what the text must begin with, compared
	// without case; empty is any text.
	Topic  string `toml:"topic,omitempty" json:"topic,omitempty"`
	Begins string `toml:"begins,omitempty" json:"begins,omitempty"`
}

// Measure is what a goal adds up.
type Measure string

// The measures.
const (
	OfCoins Measure = "coins"
	OfGifts Measure = "gifts"
)

// Scope says whom something is counted for.
type Scope string

// The scopes.
const (
	// PerStream counts all viewers of a stream together, PerViewer each for himself. Both begin anew with a new stream.
	PerStream Scope = "stream"
	PerViewer Scope = "viewer"
)

// viewerKinds are the kinds of event that a viewer causes, in the order of their bits in an activities.
func viewerKinds() []event.Kind {
	return []event.Kind{
		event.KindJoin, event.KindGift, event.KindFollow, event.KindLike, event.KindShare, event.KindChat, event.KindSubscribe, event.KindQuestion,
	}
}

// triggerEvents says which kind of event each kind of trigger waits for. OnFirst waits for several.
var triggerEvents = map[TriggerKind]event.Kind{
	OnGift: event.KindGift, OnAnyGift: event.KindGift, OnGoal: event.KindGift, OnFollow: event.KindFollow, OnShare: event.KindShare,
	OnLikes: event.KindLike, OnViewerLikes: event.KindLike, OnJoin: event.KindJoin, OnCommand: event.KindChat, OnKeyword: event.KindChat,
	OnQuestion: event.KindQuestion, OnSubscribe: event.KindSubscribe, OnViewers: event.KindViewerCount,
	OnConnected: event.KindConnected, OnReconnecting: event.KindReconnecting, OnReconnected: event.KindReconnected,
	OnDisconnected: event.KindDisconnected, OnLiveEnded: event.KindLiveEnded,
	OnTimer: event.KindCue, OnButton: event.KindCue, OnHotkey: event.KindCue, OnSignal: event.KindSignal,
	OnData: event.KindData, OnParticipant: event.KindParticipantJoined, OnSpeaks: event.KindSpeaking,
}

// waitsFor reports whether t can happen with an event of that kind.
func (t Trigger) waitsFor(kind event.Kind) bool {
	switch {
	case t.Kind != OnFirst:
		return triggerEvents[t.Kind] == kind
	case t.Activity != "":
		return t.Activity == kind && slices.Contains(viewerKinds(), kind)
	default:
		return kind != event.KindJoin && slices.Contains(viewerKinds(), kind)
	}
}
