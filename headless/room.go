package headless

import (
	"strings"

	"github.com/livecue/livecue/core/event"
)

// roomSentence says what happened in a LiveKit room.
func roomSentence(e event.Event) string {
	who := ""
	if p, ok := e.(event.FromParticipant); ok {
		who = plain(p.Who().Name())
	}
	switch e := e.(type) {
	case event.ParticipantJoined:
		if e.Present {
			return who + " is in the room"
		}
		return who + " came into the room"
	case event.ParticipantLeft:
		return who + " left the room"
	case event.ParticipantChanged:
		return who + " has a new " + string(e.Field) + ": " + plain(e.Value)
	case event.TrackChanged:
		return who + ": " + plain(e.Track.From) + " " + string(e.Change)
	case event.SpeakersChanged:
		return strings.TrimSuffix("speaking now: "+plain(strings.ReplaceAll(e.Speakers, "\n", ", ")), ": ")
	case event.Speaking:
		return who + " begins to speak"
	case event.QualityChanged:
		return who + " has a " + plain(e.Quality) + " connection"
	case event.Data:
		return strings.TrimPrefix(who+" sends ", " ") + plain(e.Topic) + ": " + plain(e.Text)
	case event.Transcription:
		return who + " says: " + plain(e.Text)
	case event.RoomChanged:
		return "the room's " + string(e.Field) + ": " + plain(e.Value)
	default:
		return lifeSentence(e)
	}
}
