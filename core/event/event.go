package event

import "time"

// Kind names an event's type in profiles, logs and JSON.
type Kind string

// The kinds of what viewers do.
const (
	KindGift        Kind = "gift"
	KindFollow      Kind = "follow"
	KindLike        Kind = "like"
	KindShare       Kind = "share"
	KindJoin        Kind = "join"
	KindChat        Kind = "chat"
	KindSubscribe   Kind = "subscribe"
	KindViewerCount Kind = "viewers"
	KindQuestion    Kind = "question"
)

// The kinds of what happens to a connection.
const (
	KindConnecting           Kind = "connecting"
	KindConnected            Kind = "connected"
	KindReconnecting         Kind = "reconnecting"
	KindReconnected          Kind = "reconnected"
	KindDisconnected         Kind = "disconnected"
	KindWaitingForLive       Kind = "waiting_for_live"
	KindLiveEnded            Kind = "live_ended"
	KindRateLimited          Kind = "rate_limited"
	KindAuthFailed           Kind = "auth_failed"
	KindCredentialsRefreshed Kind = "credentials_refreshed"
)

// KindCue is what LiveCue sets off itself.
const KindCue Kind = "cue"

// KindSignal is what another program tells LiveCue.
const KindSignal Kind = "signal"

// Kinds returns all of them.
func Kinds() []Kind {
	return []Kind{
		KindGift, KindFollow, KindLike, KindShare, KindJoin, KindChat, KindSubscribe, KindViewerCount, KindQuestion, KindCue, KindSignal,
		KindConnecting, KindConnected, KindReconnecting, KindReconnected, KindDisconnected, KindWaitingForLive, KindLiveEnded, KindRateLimited,
		KindAuthFailed, KindCredentialsRefreshed, KindParticipantJoined, KindParticipantLeft, KindParticipantChanged, KindTrackChanged,
		KindSpeakersChanged, KindSpeaking, KindQualityChanged, KindData, KindTranscription, KindRoomChanged,
	}
}

// Event is anything that the Bus carries. The set of types is closed: they all embed Head.
type Event interface {
	// Kind names the concrete type.
	Kind() Kind
	// Header returns what every event has.
	Header() Head
}

// FromViewer is an Event that one viewer caused.
type FromViewer interface {
	Event
	// From returns the viewer.
	From() User
}

// Head is what every event has.
type Head struct {
	// ID is unique within its source and the same when the platform sends the message again.
	ID string
	// At is when the platform says that it happened; the time of receipt where it does not say.
	At time.Time
	// Source names where it came from, such as "tiktok".
	Source string
	// Room is the platform's id of the live stream; a new stream has a new one.
	Room string
	// Test says that the user pressed Test, and no viewer did anything.
	Test bool
}

// Header returns the head itself, so that embedding Head is half of what makes an Event.
func (h Head) Header() Head { return h }

// User is a viewer as the platform describes them. Every text in it was chosen by the viewer: hostile input.
type User struct {
	// ID is the platform's number for the account, which survives a change of name.
	ID string
	// Handle is the unique @name, without the @. TikTok: protobuf User.displayId.
	Handle string
	// Nickname is the name shown, any text at all.
	Nickname string
	// AvatarURL is the address of the picture, or empty.
	AvatarURL string
	// Roles are those that this message told of; a role that is false may only have been left unsaid.
	Roles Roles
}

// Name returns the best name there is to show: nickname, handle, or id.
func (u User) Name() string {
	switch {
	case u.Nickname != "":
		return u.Nickname
	case u.Handle != "":
		return u.Handle
	default:
		return u.ID
	}
}

// Key identifies the viewer for cooldowns and streaks: the id, or the handle where there is no id.
func (u User) Key() string {
	if u.ID != "" {
		return u.ID
	}
	return "@" + u.Handle
}

// Roles are a viewer's standing in a room.
type Roles struct {
	Moderator  bool
	Subscriber bool
	Follower   bool
	Gifter     bool
	// TeamLevel is the level in the streamer's fan club, 0 for none.
	TeamLevel int
}

// GiftInfo describes a gift of the platform's catalogue.
type GiftInfo struct {
	// ID is the platform's number; 0 is unknown. Names collide, ids do not.
	ID   int64
	Name string
	// Coins is the price of one, in TikTok's diamonds.
	Coins int
	// IconURL is the address of the picture, or empty.
	IconURL string
	// Streakable says that taps in a row are combined (TikTok: gift type 1).
	Streakable bool
}

// Gift is one message of a gift, or of a streak of the same gift. The source has folded repeated and growing messages, so
// that these hold for every streak, whatever came over the wire:
//   - the sum of Added over a streak's events is what the viewer paid for;
//   - each time that Final is true, Count is the sum of Added since the last Final;
//   - First is true on exactly one event.
type Gift struct {
	Head
	User User
	Gift GiftInfo
	// Streak identifies the streak; a gift that is not combined is a streak of its own.
	Streak string
	// Added is how many gifts this message adds, 0 or more.
	Added int
	// Count is how many gifts the streak has had since its last end.
	Count int
	// Reached is how many gifts the streak has had in all by the platform's count, those from before we came included: what
	// the next message is compared with. 0 is not known.
	Reached int
	// First says that the streak has just begun.
	First bool
	// Final says that the streak has ended.
	Final bool
	// Inferred says that the platform never told of the end: a timeout or a disconnect made it up.
	Inferred bool
}

// Follow is a viewer who began to follow the streamer.
type Follow struct {
	Head
	User User
}

// Like is a batch of a viewer's likes.
type Like struct {
	Head
	User User
	// Added is the number of likes in this batch.
	Added int
	// Total is the room's number of likes after it, or 0 where the platform did not say.
	Total int
}

// Share is a viewer who shared the stream.
type Share struct {
	Head
	User User
}

// Join is a viewer who entered the room.
type Join struct {
	Head
	User User
}

// Chat is a comment.
type Chat struct {
	Head
	User    User
	Comment string
}

// Subscribe is a viewer who subscribed to the streamer or renewed it.
type Subscribe struct {
	Head
	User User
	// Months is how many months in all, or 0 where unknown.
	Months int
}

// ViewerCount is how many people are watching.
type ViewerCount struct {
	Head
	Viewers int
}

// Question is a question asked through the platform's question box.
type Question struct {
	Head
	User User
	Text string
}

// CueBy says what gave a Cue.
type CueBy string

// What can give a Cue.
const (
	CueTimer  CueBy = "timer"
	CueButton CueBy = "button"
	CueHotkey CueBy = "hotkey"
)

// Cue is a rule's own moment, that no platform tells of: its time has come, or the user pressed its button or its keys.
type Cue struct {
	Head
	By CueBy
	// RuleID is the rule that it is for.
	RuleID string
}

// Signal is a call from another program, such as a plugin or a web hook, by a name that it and a rule have agreed on. No platform
// vouches for what it says. It is a FromViewer only in so far as User is not zero.
type Signal struct {
	Head
	// Name is what rules wait for.
	Name string
	// By is who sent it: the name that the user gave to the program's token.
	By string
	// User is the viewer it is about; zero is nobody.
	User User
	// Text is free.
	Text string
	// Count is how many of whatever it means; 0 is not said.
	Count int
}

// Connecting says that a connection is being made.
type Connecting struct {
	Head
	// Door is the way that is tried, such as "direct" or "euler".
	Door string
}

// Connected says that events flow.
type Connected struct {
	Head
	// Door is the way that holds.
	Door string
	// Handle is the streamer.
	Handle string
	// Since is when the first connection to this live was begun, by the platform's clock: what happened before it is the past
	// and nobody's event. Zero is not known.
	Since time.Time
}

// Reconnecting says that a connection was lost and will be made again.
type Reconnecting struct {
	Head
	// Attempt counts from 1.
	Attempt int
	// RetryAt is when the next attempt begins.
	RetryAt time.Time
	// Cause is why the last one ended.
	Cause Cause
}

// Reconnected says that events flow again after a Reconnecting.
type Reconnected struct {
	Head
	Door string
	// Handle is the streamer.
	Handle string
	// Since is as in Connected.
	Since time.Time
	// Down is how long no events flowed.
	Down time.Duration
}

// Disconnected says that the connection has ended and is not being made again.
type Disconnected struct {
	Head
	// Cause is zero when the user asked for it.
	Cause Cause
}

// WaitingForLive says that the streamer is not live; the source looks again by itself.
type WaitingForLive struct {
	Head
	Handle string
	// NextCheck is when it looks again.
	NextCheck time.Time
}

// LiveEnded says that the platform told of the stream's end.
type LiveEnded struct {
	Head
}

// RateLimited says that the platform or the signer asked to wait.
type RateLimited struct {
	Head
	Until time.Time
	Cause Cause
}

// AuthFailed says that a key or token was refused; trying again is of no use until the user changes it.
type AuthFailed struct {
	Head
	Cause Cause
}

// CredentialsRefreshed says that the session with a platform was renewed.
type CredentialsRefreshed struct {
	Head
}
