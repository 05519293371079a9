package replay

import (
	"fmt"
	"regexp"

	"github.com/livecue/livecue/core/event"
)

// mention finds the names that people call each other by in a comment.
var mention = regexp.MustCompile(`@[^\s@]+`)

// masks gives everybody and everything a made-up name, the same one each time.
type masks struct {
	viewers, streaks, rooms, ids map[string]string
}

func newMasks() *masks {
	return &masks{map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}}
}

// name returns the made-up name of key.
func name(all map[string]string, key, format string) string {
	if key == "" {
		return ""
	}
	if all[key] == "" {
		all[key] = fmt.Sprintf(format, len(all)+1)
	}
	return all[key]
}

func (m *masks) head(h *event.Head) {
	h.Room = name(m.rooms, h.Room, "%d")
	h.ID = name(m.ids, h.Source+"\x00"+h.ID, "m%d")
}

// user keeps the roles, which rules ask for.
func (m *masks) user(u *event.User) {
	number := name(m.viewers, u.Key(), "%05d")
	*u = event.User{ID: number, Handle: "viewer_" + number, Nickname: "Viewer " + number, Roles: u.Roles}
}

func (m *masks) text(s *string) { *s = mention.ReplaceAllString(*s, "@someone") }

// mask returns e with made-up names.
func (m *masks) mask(e event.Event) event.Event {
	switch e := e.(type) {
	case event.Gift:
		m.head(&e.Head)
		m.user(&e.User)
		e.Streak = name(m.streaks, e.Streak, "s%d")
		return e
	case event.Follow:
		m.head(&e.Head)
		m.user(&e.User)
		return e
	case event.Like:
		m.head(&e.Head)
		m.user(&e.User)
		return e
	case event.Share:
		m.head(&e.Head)
		m.user(&e.User)
		return e
	case event.Join:
		m.head(&e.Head)
		m.user(&e.User)
		return e
	case event.Chat:
		m.head(&e.Head)
		m.user(&e.User)
		m.text(&e.Comment)
		return e
	case event.Subscribe:
		m.head(&e.Head)
		m.user(&e.User)
		return e
	case event.Question:
		m.head(&e.Head)
		m.user(&e.User)
		m.text(&e.Text)
		return e
	case event.Signal:
		m.head(&e.Head)
		if e.User != (event.User{}) {
			m.user(&e.User)
		}
		m.text(&e.Text)
		return e
	default:
		return m.maskParticipant(e)
	}
}

// maskConnection is mask for what no viewer does.
func (m *masks) maskConnection(e event.Event) event.Event {
	switch e := e.(type) {
	case event.Connected:
		m.head(&e.Head)
		e.Handle = "streamer"
		return e
	case event.Reconnected:
		m.head(&e.Head)
		e.Handle = "streamer"
		return e
	case event.ViewerCount:
		m.head(&e.Head)
		return e
	case event.Cue:
		m.head(&e.Head)
		return e
	case event.LiveEnded:
		m.head(&e.Head)
		return e
	default: // their causes may tell of anything
		return event.Connecting{Head: event.Head{At: e.Header().At, Source: e.Header().Source}}
	}
}
