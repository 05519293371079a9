package event

// SourceLiveKit is the Head.Source of what is told from a LiveKit room.
const SourceLiveKit = "livekit"

// OfStream says whether an event's connection is that to the live stream. A LiveKit room stands beside the stream: that it is
// joined or lost neither begins nor ends one.
func (h Head) OfStream() bool { return h.Source != SourceLiveKit }

// The kinds of what happens in a LiveKit room.
const (
	KindParticipantJoined  Kind = "participant_joined"
	KindParticipantLeft    Kind = "participant_left"
	KindParticipantChanged Kind = "participant_changed"
	KindTrackChanged       Kind = "track_changed"
	KindSpeakersChanged    Kind = "speakers_changed"
	KindSpeaking           Kind = "speaking"
	KindQualityChanged     Kind = "connection_quality"
	KindData               Kind = "data"
	KindTranscription      Kind = "transcription"
	KindRoomChanged        Kind = "room_changed"
)

// FromParticipant is an Event that one participant of a room caused or that is about one. It is no FromViewer: participants are not
// counted among the viewers of the stream.
type FromParticipant interface {
	Event
	// Who returns the participant: Handle is the identity that their token names, Nickname the name; ID is the identity with the
	// source before it, so that it is never a viewer's. Zero is the room's server.
	Who() User
}

// ParticipantJoined is someone who came into the room.
type ParticipantJoined struct {
	Head
	User User
	// Present says that they were there when LiveCue came.
	Present bool
}

// ParticipantLeft is someone who went out of the room.
type ParticipantLeft struct {
	Head
	User User
	// Reason is the server's word for it, such as "client_initiated", or empty.
	Reason string
}

// ParticipantField is what of a participant has changed.
type ParticipantField string

// What can change of a participant.
const (
	ParticipantName       ParticipantField = "name"
	ParticipantMetadata   ParticipantField = "metadata"
	ParticipantAttributes ParticipantField = "attributes"
)

// ParticipantChanged is a participant whose name, metadata or attributes are others now.
type ParticipantChanged struct {
	Head
	User  User
	Field ParticipantField
	// Value is the new name or metadata, or those attributes that changed as a JSON object; an attribute that is gone is "".
	Value string
}

// TrackChange is what has happened to a track.
type TrackChange string

// What can happen to a track.
const (
	TrackPublished    TrackChange = "published"
	TrackUnpublished  TrackChange = "unpublished"
	TrackSubscribed   TrackChange = "subscribed"
	TrackUnsubscribed TrackChange = "unsubscribed"
	TrackMuted        TrackChange = "muted"
	TrackUnmuted      TrackChange = "unmuted"
)

// Track describes a participant's sound or picture. LiveCue gets none of its media.
type Track struct {
	ID, Name string
	// Type is "audio" or "video".
	Type string
	// From is "microphone", "camera", "screen_share", "screen_share_audio" or "unknown".
	From  string
	Muted bool
}

// TrackChanged is a track that is published, muted and so on.
type TrackChanged struct {
	Head
	User   User
	Change TrackChange
	Track  Track
}

// SpeakersChanged tells who speaks now. Levels that go up and down are not told.
type SpeakersChanged struct {
	Head
	// Speakers are the identities, in alphabetical order, separated by line breaks; empty is silence.
	Speakers string
}

// Speaking is a participant who begins to speak.
type Speaking struct {
	Head
	User User
}

// QualityChanged is a participant whose connection is better or worse than it was.
type QualityChanged struct {
	Head
	User User
	// Quality is "poor", "good", "excellent" or "lost".
	Quality string
}

// Data is what a participant, or a server without being one, has sent to the room.
type Data struct {
	Head
	User  User
	Topic string
	// Text is what was sent where that is UTF-8, or else its bytes as base64 and IsBase64 is true.
	Text     string
	IsBase64 bool
	// Size is how many bytes were sent. IsCut says that Text has only the first of them.
	Size  int
	IsCut bool
}

// Transcription is a piece of what a participant said.
type Transcription struct {
	Head
	User User
	// Segment identifies the piece: a later event with it replaces what was told.
	Segment, Text, Language string
	// Final says that it will not be replaced.
	Final bool
}

// RoomField is what of a room has changed.
type RoomField string

// What can change of a room.
const (
	RoomMetadata RoomField = "metadata"
	// RoomMoved is LiveCue having been moved to another room by the server.
	RoomMoved     RoomField = "moved"
	RoomRecording RoomField = "recording"
)

// RoomChanged is a room that is another now.
type RoomChanged struct {
	Head
	Field RoomField
	// Value is the new metadata, the name of the new room, or "true" or "false".
	Value string
}

func (ParticipantJoined) Kind() Kind  { return KindParticipantJoined }
func (ParticipantLeft) Kind() Kind    { return KindParticipantLeft }
func (ParticipantChanged) Kind() Kind { return KindParticipantChanged }
func (TrackChanged) Kind() Kind       { return KindTrackChanged }
func (SpeakersChanged) Kind() Kind    { return KindSpeakersChanged }
func (Speaking) Kind() Kind           { return KindSpeaking }
func (QualityChanged) Kind() Kind     { return KindQualityChanged }
func (Data) Kind() Kind               { return KindData }
func (Transcription) Kind() Kind      { return KindTranscription }
func (RoomChanged) Kind() Kind        { return KindRoomChanged }

// Who makes the types of this file FromParticipants.

func (e ParticipantJoined) Who() User  { return e.User }
func (e ParticipantLeft) Who() User    { return e.User }
func (e ParticipantChanged) Who() User { return e.User }
func (e TrackChanged) Who() User       { return e.User }
func (e Speaking) Who() User           { return e.User }
func (e QualityChanged) Who() User     { return e.User }
func (e Data) Who() User               { return e.User }
func (e Transcription) Who() User      { return e.User }
