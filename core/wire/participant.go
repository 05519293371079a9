package wire

import (
	"strings"

	"github.com/livecue/livecue/core/event"
)

// Data is the "event" of data that was sent to a LiveKit room.
type Data struct {
	Topic string `json:"topic"`
	// Text is what was sent, or its bytes as base64 where Base64 is true.
	Text   string `json:"text"`
	Base64 bool   `json:"base64,omitempty"`
	// Size is how many bytes were sent; Cut says that Text has only the first of them.
	Size int  `json:"size"`
	Cut  bool `json:"cut,omitempty"`
}

// Track is the "event" of a track that was published, muted and so on.
type Track struct {
	Change event.TrackChange `json:"change"`
	ID     string            `json:"id"`
	Name   string            `json:"name,omitempty"`
	Type   string            `json:"type"`
	From   string            `json:"from"`
	Muted  bool              `json:"muted"`
}

// Transcription is the "event" of a piece of what someone said.
type Transcription struct {
	Segment  string `json:"segment"`
	Text     string `json:"text"`
	Language string `json:"language,omitempty"`
	Final    bool   `json:"final"`
}

// participantDetails returns the fields of what happens in a LiveKit room.
func participantDetails(e event.Event) any {
	switch e := e.(type) {
	case event.ParticipantJoined:
		return map[string]bool{"present": e.Present}
	case event.ParticipantLeft:
		return map[string]string{"reason": e.Reason}
	case event.ParticipantChanged:
		return map[string]string{"field": string(e.Field), "value": e.Value}
	case event.TrackChanged:
		return Track{e.Change, e.Track.ID, e.Track.Name, e.Track.Type, e.Track.From, e.Track.Muted}
	case event.SpeakersChanged:
		return map[string][]string{"speakers": speakers(e.Speakers)}
	case event.QualityChanged:
		return map[string]string{"quality": e.Quality}
	case event.Data:
		return Data{e.Topic, e.Text, e.IsBase64, e.Size, e.IsCut}
	case event.Transcription:
		return Transcription{e.Segment, e.Text, e.Language, e.Final}
	case event.RoomChanged:
		return map[string]string{"field": string(e.Field), "value": e.Value}
	default:
		return connectionDetails(e)
	}
}

// speakers returns the identities of event.SpeakersChanged, none of them as an empty list.
func speakers(text string) []string {
	if text == "" {
		return []string{}
	}
	return strings.Split(text, "\n")
}
