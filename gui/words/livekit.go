package words

import (
	"errors"
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/source"
)

// participant says what happened in a LiveKit room, without the participant's name.
func participant(e event.Event) string {
	switch e := e.(type) {
	case event.ParticipantJoined:
		if e.Present {
			return lang.L("is in the LiveKit room")
		}
		return lang.L("came into the LiveKit room")
	case event.ParticipantLeft:
		return lang.L("left the LiveKit room")
	case event.ParticipantChanged:
		return participantField(e)
	case event.TrackChanged:
		return track(e)
	case event.SpeakersChanged:
		if e.Speakers == "" {
			return lang.L("Nobody speaks")
		}
		return lang.L("Speaking now: {{.Names}}", args{"Names": Clean(strings.ReplaceAll(e.Speakers, "\n", ", "), commentLength)})
	case event.Speaking:
		return lang.L("begins to speak")
	case event.QualityChanged:
		return quality(e.Quality)
	case event.Data:
		return data(e)
	case event.Transcription:
		return lang.L("says: {{.Text}}", args{"Text": Clean(e.Text, commentLength)})
	case event.RoomChanged:
		return roomField(e)
	default:
		return connection(e)
	}
}

func participantField(e event.ParticipantChanged) string {
	with := args{"Value": Clean(e.Value, commentLength)}
	switch e.Field {
	case event.ParticipantName:
		return lang.L("is now called {{.Value}}", with)
	case event.ParticipantMetadata:
		return lang.L("new metadata: {{.Value}}", with)
	default:
		return lang.L("new attributes: {{.Value}}", with)
	}
}

func track(e event.TrackChanged) string {
	with := args{"What": trackSource(e.Track)}
	switch e.Change {
	case event.TrackPublished:
		return lang.L("{{.What}} switched on", with)
	case event.TrackUnpublished:
		return lang.L("{{.What}} switched off", with)
	case event.TrackMuted:
		return lang.L("{{.What}} muted", with)
	case event.TrackUnmuted:
		return lang.L("{{.What}} no longer muted", with)
	case event.TrackSubscribed:
		return lang.L("{{.What}} is received", with)
	default:
		return lang.L("{{.What}} is no longer received", with)
	}
}

func trackSource(t event.Track) string {
	switch t.From {
	case "microphone":
		return lang.L("Microphone")
	case "camera":
		return lang.L("Camera")
	case "screen_share", "screen_share_audio":
		return lang.L("Shared screen")
	default:
		return lang.L("Track {{.Name}}", args{"Name": Clean(t.Name, nameLength)})
	}
}

func quality(q string) string {
	switch q {
	case "excellent":
		return lang.L("has an excellent connection")
	case "good":
		return lang.L("has a good connection")
	case "lost":
		return lang.L("has lost the connection")
	default:
		return lang.L("has a poor connection")
	}
}

func data(e event.Data) string {
	with := args{"Topic": Clean(e.Topic, nameLength), "Text": Clean(e.Text, commentLength), "N": Number(e.Size)}
	switch {
	case e.IsBase64:
		return lang.N("{{.Topic}}: {{.N}} bytes", e.Size, with)
	case e.Topic == "":
		return lang.L("sends: {{.Text}}", with)
	default:
		return lang.L("{{.Topic}}: {{.Text}}", with)
	}
}

func roomField(e event.RoomChanged) string {
	with := args{"Value": Clean(e.Value, commentLength)}
	switch {
	case e.Field == event.RoomMoved:
		return lang.L("LiveCue was moved to the room {{.Value}}", with)
	case e.Field == event.RoomMetadata:
		return lang.L("new metadata of the room: {{.Value}}", with)
	case e.Value == "true":
		return lang.L("The room is being recorded")
	default:
		return lang.L("The room is no longer recorded")
	}
}

// LiveKitStatus says how the connection to a LiveKit room stands, in a sentence.
func LiveKitStatus(s source.Status) string {
	switch s.State {
	case source.Connected:
		return lang.L("In the room {{.Room}}.", args{"Room": Clean(s.Handle, nameLength)})
	case source.Connecting:
		return lang.L("Joining the room.")
	case source.Offline:
		return lang.L("Not in a room.")
	default:
		return LiveKitCause(s.Cause)
	}
}

// LiveKitCause says why a LiveKit room could not be joined or was left, and what the user can do.
func LiveKitCause(c event.Cause) string {
	switch c.Code {
	case event.CauseNone:
		return ""
	case event.CauseKeyRefused:
		return lang.L("LiveKit refuses the token: it is of another server, or has expired. Get a new one.")
	case event.CauseNoNetwork:
		return lang.L("The LiveKit server cannot be reached. Does it run, and is the address right?")
	case event.CauseCertificate:
		return lang.L("The LiveKit server has no valid certificate. Is it ws:// instead of wss://?")
	case event.CauseSilence:
		return lang.L("The LiveKit server does not answer. LiveCue keeps trying.")
	case event.CauseClosed:
		return lang.L("The connection to the room was lost. LiveCue connects again.")
	case event.CauseService:
		return lang.L("The LiveKit server has a problem of its own. LiveCue keeps trying.")
	case event.CauseRemoved:
		return lang.L("LiveCue was removed from the room.")
	case event.CauseDuplicate:
		return lang.L("Someone else joined with the identity of this token. Give LiveCue a token of its own.")
	case event.CauseSettings:
		return lang.L("The address or the token cannot be used: {{.Detail}}", args{"Detail": c.Text})
	default:
		return c.Text
	}
}

// liveKitAftermath is Aftermath for the connection to a room.
func liveKitAftermath(e event.Event) string {
	switch e := e.(type) {
	case event.Reconnecting:
		return LiveKitCause(e.Cause)
	case event.Disconnected:
		return LiveKitCause(e.Cause)
	case event.RateLimited:
		return LiveKitCause(e.Cause)
	case event.AuthFailed:
		return LiveKitCause(e.Cause)
	default:
		return ""
	}
}

// LiveKitError says why a test of a LiveKit server failed.
func LiveKitError(err error) string {
	var problem *source.Problem
	if errors.As(err, &problem) {
		return LiveKitCause(problem.Cause)
	}
	return Error(err)
}
