// Package wire is what LiveCue tells other programs, as JSON: one form for the event socket, the WebSocket and the terminal.
// Fields are only ever added to it; docs/api has them one by one.
package wire

import (
	"time"

	"github.com/livecue/livecue/core/event"
)

// TypeEvent is the "type" of an Event.
const TypeEvent = "event"

// Event is something that happened. Texts in it may be a viewer's: hostile input to whatever shows or runs them.
type Event struct {
	Type string `json:"type"`
	// Seq counts the events of one run of LiveCue from 1; 0 is not numbered.
	Seq    uint64     `json:"seq,omitempty"`
	At     time.Time  `json:"time"`
	Kind   event.Kind `json:"kind"`
	ID     string     `json:"id,omitempty"`
	Source string     `json:"source,omitempty"`
	Room   string     `json:"room,omitempty"`
	// Test says that the user pressed Test; Rehearsed that a rehearsal plays; Replayed that it is of a stream that is over.
	Test      bool `json:"test,omitempty"`
	Rehearsed bool `json:"rehearsed,omitempty"`
	Replayed  bool `json:"replayed,omitempty"`
	// User is the viewer who caused it, where one did.
	User *User `json:"user,omitempty"`
	// Event has the fields that only this kind has.
	Event any `json:"event,omitempty"`
}

// User is a viewer.
type User struct {
	ID         string `json:"id,omitempty"`
	Handle     string `json:"handle,omitempty"`
	Nickname   string `json:"nickname,omitempty"`
	AvatarURL  string `json:"avatar_url,omitempty"`
	Moderator  bool   `json:"moderator,omitempty"`
	Subscriber bool   `json:"subscriber,omitempty"`
	Follower   bool   `json:"follower,omitempty"`
	Gifter     bool   `json:"gifter,omitempty"`
	TeamLevel  int    `json:"team_level,omitempty"`
}

// NewEvent returns the JSON form of an event. It does not keep e.
func NewEvent(e event.Event) Event {
	h := e.Header()
	line := Event{
		Type: TypeEvent, At: sayable(h.At), Kind: e.Kind(), ID: h.ID, Source: h.Source, Room: h.Room, Test: h.Test, Event: details(e),
	}
	switch e := e.(type) {
	case event.FromViewer:
		line.User = newUser(e.From())
	case event.Signal:
		if e.User != (event.User{}) {
			line.User = newUser(e.User)
		}
	case event.FromParticipant:
		if who := e.Who(); who != (event.User{}) {
			line.User = newUser(who)
		}
	}
	return line
}

func newUser(u event.User) *User {
	return &User{
		ID: u.ID, Handle: u.Handle, Nickname: u.Nickname, AvatarURL: u.AvatarURL,
		Moderator: u.Roles.Moderator, Subscriber: u.Roles.Subscriber, Follower: u.Roles.Follower, Gifter: u.Roles.Gifter, TeamLevel: u.Roles.TeamLevel,
	}
}

// sayable moves a time that JSON cannot say, which a hostile platform may send, to the nearest that it can.
func sayable(t time.Time) time.Time {
	t = t.UTC()
	switch {
	case t.Year() < 0:
		return time.Time{}
	case t.Year() > 9999:
		return time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	default:
		return t
	}
}
