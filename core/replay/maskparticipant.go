package replay

import "github.com/livecue/livecue/core/event"

// maskParticipant is mask for what happens in a LiveKit room. What is free text of a program, such as metadata, is left out: nobody
// knows what names are in it.
func (m *masks) maskParticipant(e event.Event) event.Event {
	switch e := e.(type) {
	case event.ParticipantJoined:
		m.participant(&e.Head, &e.User)
		return e
	case event.ParticipantLeft:
		m.participant(&e.Head, &e.User)
		return e
	case event.ParticipantChanged:
		m.participant(&e.Head, &e.User)
		e.Value = ""
		return e
	case event.TrackChanged:
		m.participant(&e.Head, &e.User)
		e.Track = event.Track{Type: e.Track.Type, From: e.Track.From, Muted: e.Track.Muted}
		return e
	case event.Speaking:
		m.participant(&e.Head, &e.User)
		return e
	case event.QualityChanged:
		m.participant(&e.Head, &e.User)
		return e
	case event.Data:
		m.participant(&e.Head, &e.User)
		if e.IsBase64 {
			e.Text = "" // nobody can tell what it hides
		}
		m.text(&e.Text)
		return e
	case event.Transcription:
		m.participant(&e.Head, &e.User)
		e.Segment = ""
		m.text(&e.Text)
		return e
	case event.SpeakersChanged:
		m.head(&e.Head)
		e.Speakers = ""
		return e
	case event.RoomChanged:
		m.head(&e.Head)
		e.Value = ""
		return e
	default:
		return m.maskConnection(e)
	}
}

func (m *masks) participant(h *event.Head, u *event.User) {
	m.head(h)
	if *u != (event.User{}) {
		m.user(u)
	}
}
