package livekit

import (
	"slices"
	"strings"

	"github.com/livekit/protocol/livekit"
	lksdk "github.com/livekit/server-sdk-go/v2"
	"github.com/pion/webrtc/v4"

	"github.com/livecue/livecue/core/event"
)

// callback is what the SDK calls, from any of its goroutines.
func (v *visit) callback() *lksdk.RoomCallback {
	return &lksdk.RoomCallback{
		OnDisconnectedWithReason:  func(lksdk.DisconnectionReason) { v.end() },
		OnReconnecting:            v.lose,
		OnReconnected:             v.regain,
		OnParticipantConnected:    v.joined,
		OnParticipantDisconnected: v.gone,
		OnActiveSpeakersChanged:   v.speaking,
		OnRoomMetadataChanged:     func(metadata string) { v.changed(event.RoomMetadata, clip(metadata, maxMetadata)) },
		OnRecordingStatusChanged: func(isRecording bool) {
			v.changed(event.RoomRecording, map[bool]string{true: "true", false: "false"}[isRecording])
		},
		OnRoomMoved: v.moved,
		ParticipantCallback: lksdk.ParticipantCallback{
			OnTrackPublished: func(pub *lksdk.RemoteTrackPublication, p *lksdk.RemoteParticipant) {
				v.hear(pub)
				v.trackChanged(pub, p, event.TrackPublished)
			},
			OnTrackUnpublished: func(pub *lksdk.RemoteTrackPublication, p *lksdk.RemoteParticipant) {
				v.trackChanged(pub, p, event.TrackUnpublished)
			},
			OnTrackSubscribed: func(_ *webrtc.TrackRemote, pub *lksdk.RemoteTrackPublication, p *lksdk.RemoteParticipant) {
				v.trackChanged(pub, p, event.TrackSubscribed)
			},
			OnTrackUnsubscribed: func(_ *webrtc.TrackRemote, pub *lksdk.RemoteTrackPublication, p *lksdk.RemoteParticipant) {
				v.trackChanged(pub, p, event.TrackUnsubscribed)
			},
			OnTrackMuted:               func(pub lksdk.TrackPublication, p lksdk.Participant) { v.trackChanged(pub, p, event.TrackMuted) },
			OnTrackUnmuted:             func(pub lksdk.TrackPublication, p lksdk.Participant) { v.trackChanged(pub, p, event.TrackUnmuted) },
			OnMetadataChanged:          v.metadataChanged,
			OnAttributesChanged:        v.attributesChanged,
			OnIsSpeakingChanged:        v.speakingChanged,
			OnConnectionQualityChanged: v.qualityChanged,
			OnDataPacket:               v.data,
			OnTranscriptionReceived:    v.transcribed,
		},
	}
}

// end notes why the SDK has given up or was sent away.
func (v *visit) end() {
	select {
	case v.ended <- v.room.DisconnectReason():
	default:
	}
}

func (v *visit) joined(p *lksdk.RemoteParticipant) {
	if p == nil {
		return
	}
	v.mu.Lock()
	var events []event.Event
	if !v.isAway { // else regain tells
		events = v.welcome(p, false)
	}
	v.mu.Unlock()
	v.push(events...)
}

// gone hears of those who left, and while the connection is lost of everybody.
func (v *visit) gone(p *lksdk.RemoteParticipant) {
	if p == nil {
		return
	}
	identity := p.Identity()
	v.mu.Lock()
	var events []event.Event
	if !v.isAway && v.room.GetParticipantByIdentity(identity) == nil {
		events = v.farewell(identity, strings.ToLower(p.DisconnectReason().String()))
	}
	v.mu.Unlock()
	v.push(events...)
}

// trackChanged tells of a track of someone who has been told of; what others have is told with their coming.
func (v *visit) trackChanged(pub lksdk.TrackPublication, p lksdk.Participant, change event.TrackChange) {
	v.mu.Lock()
	var events []event.Event
	if g := v.present[p.Identity()]; g != nil && !v.isAway {
		events = v.track(g, pub, change)
	}
	v.mu.Unlock()
	v.push(events...)
}

// hear asks for a microphone without its sound: the server tells who speaks, and how good their connection is, to nobody else. What
// cannot be asked for now is asked for with the next connection.
func (v *visit) hear(pub lksdk.TrackPublication) {
	remote, ok := pub.(*lksdk.RemoteTrackPublication)
	if !ok || remote == nil || remote.Kind() != lksdk.TrackKindAudio {
		return
	}
	if err := remote.SetSubscribed(true); err != nil {
		v.source.opts.Log.Debug("a microphone cannot be asked for", "error", withoutSecrets(err.Error()))
		return
	}
	remote.SetEnabled(false)
}

// isKnown reports whether p has been told of. What a participant comes with is no change.
func (v *visit) isKnown(p lksdk.Participant) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.isIn && !v.isAway && (v.present[p.Identity()] != nil || p.Identity() == v.room.LocalParticipant.Identity())
}

func (v *visit) metadataChanged(_ string, p lksdk.Participant) {
	if v.isKnown(p) {
		v.push(event.ParticipantChanged{
			Head: v.source.head(), User: userOf(p), Field: event.ParticipantMetadata, Value: clip(p.Metadata(), maxMetadata),
		})
	}
}

func (v *visit) attributesChanged(changed map[string]string, p lksdk.Participant) {
	if v.isKnown(p) {
		v.push(event.ParticipantChanged{
			Head: v.source.head(), User: userOf(p), Field: event.ParticipantAttributes, Value: attributesText(changed),
		})
	}
}

// speakingChanged hears of each begin and end of one participant's speech.
func (v *visit) speakingChanged(p lksdk.Participant) {
	if p != nil && p.IsSpeaking() {
		v.push(event.Speaking{Head: v.source.head(), User: userOf(p)})
	}
}

// speaking hears the list of speakers, which comes several times a second while their levels change.
func (v *visit) speaking(all []lksdk.Participant) {
	var names []string
	for _, p := range all[:min(len(all), maxSpeakers)] {
		names = append(names, userOf(p).Handle)
	}
	slices.Sort(names)
	text := strings.Join(names, "\n")
	v.mu.Lock()
	isNew := v.speakers != text
	v.speakers = text
	v.mu.Unlock()
	if isNew {
		v.push(event.SpeakersChanged{Head: v.source.head(), Speakers: text})
	}
}

func (v *visit) qualityChanged(update *livekit.ConnectionQualityInfo, p lksdk.Participant) {
	quality := update.GetQuality()
	v.mu.Lock()
	g := v.present[p.Identity()]
	isNew := g != nil && g.quality != quality
	if isNew {
		g.quality = quality
	}
	v.mu.Unlock()
	if isNew {
		v.push(event.QualityChanged{Head: v.source.head(), User: userOf(p), Quality: qualityOf(quality)})
	}
}

// data hears packets of data. An empty identity is a server that sends without being in the room.
func (v *visit) data(packet lksdk.DataPacket, from lksdk.DataReceiveParams) {
	name := ""
	if from.Sender != nil {
		name = from.Sender.Name()
	}
	h, u := v.source.head(), newUser(from.SenderIdentity, name)
	switch p := packet.(type) {
	case *lksdk.UserDataPacket:
		v.push(dataOf(h, u, p.Topic, p.Payload))
	case *livekit.ChatMessage:
		v.push(dataOf(h, u, "chat", []byte(p.GetMessage())))
	case *livekit.SipDTMF:
		v.push(dataOf(h, u, "dtmf", []byte(p.GetDigit())))
	}
}

// transcribed hears pieces of speech as text. The publication may be a nil of its type: it is left alone.
func (v *visit) transcribed(segments []*lksdk.TranscriptionSegment, p lksdk.Participant, _ lksdk.TrackPublication) {
	for _, s := range segments[:min(len(segments), maxSegments)] {
		if s == nil {
			continue
		}
		v.push(event.Transcription{
			Head: v.source.head(), User: userOf(p), Segment: clip(s.ID, maxName), Text: clip(s.Text, maxMetadata),
			Language: clip(s.Language, maxName), Final: s.Final,
		})
	}
}

func (v *visit) changed(field event.RoomField, value string) {
	v.push(event.RoomChanged{Head: v.source.head(), Field: field, Value: value})
}

// moved hears that the server has moved us, and given us the token of the other room.
func (v *visit) moved(room, _ string) {
	v.changed(event.RoomMoved, clip(room, maxName))
	v.push(event.CredentialsRefreshed{Head: v.source.head()})
}
