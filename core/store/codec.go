package store

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"

	"github.com/livecue/livecue/core/event"
)

// decoder makes an event of its JSON.
type decoder func(body []byte) (event.Event, error)

func decode[T event.Event](body []byte) (event.Event, error) {
	var e T
	if err := json.Unmarshal(body, &e); err != nil {
		return nil, err
	}
	return e, nil
}

// decoderOf returns what decodes events of a kind, or nil for a kind that there is not.
func decoderOf(kind event.Kind) decoder {
	switch kind {
	case event.KindGift:
		return decode[event.Gift]
	case event.KindFollow:
		return decode[event.Follow]
	case event.KindLike:
		return decode[event.Like]
	case event.KindShare:
		return decode[event.Share]
	case event.KindJoin:
		return decode[event.Join]
	case event.KindChat:
		return decode[event.Chat]
	case event.KindSubscribe:
		return decode[event.Subscribe]
	case event.KindViewerCount:
		return decode[event.ViewerCount]
	case event.KindQuestion:
		return decode[event.Question]
	case event.KindCue:
		return decode[event.Cue]
	case event.KindSignal:
		return decode[event.Signal]
	default:
		return participantDecoderOf(kind)
	}
}

func participantDecoderOf(kind event.Kind) decoder {
	switch kind {
	case event.KindParticipantJoined:
		return decode[event.ParticipantJoined]
	case event.KindParticipantLeft:
		return decode[event.ParticipantLeft]
	case event.KindParticipantChanged:
		return decode[event.ParticipantChanged]
	case event.KindTrackChanged:
		return decode[event.TrackChanged]
	case event.KindSpeakersChanged:
		return decode[event.SpeakersChanged]
	case event.KindSpeaking:
		return decode[event.Speaking]
	case event.KindQualityChanged:
		return decode[event.QualityChanged]
	case event.KindData:
		return decode[event.Data]
	case event.KindTranscription:
		return decode[event.Transcription]
	case event.KindRoomChanged:
		return decode[event.RoomChanged]
	default:
		return connectionDecoderOf(kind)
	}
}

func connectionDecoderOf(kind event.Kind) decoder {
	switch kind {
	case event.KindConnecting:
		return decode[event.Connecting]
	case event.KindConnected:
		return decode[event.Connected]
	case event.KindReconnecting:
		return decode[event.Reconnecting]
	case event.KindReconnected:
		return decode[event.Reconnected]
	case event.KindDisconnected:
		return decode[event.Disconnected]
	case event.KindWaitingForLive:
		return decode[event.WaitingForLive]
	case event.KindLiveEnded:
		return decode[event.LiveEnded]
	case event.KindRateLimited:
		return decode[event.RateLimited]
	case event.KindAuthFailed:
		return decode[event.AuthFailed]
	case event.KindCredentialsRefreshed:
		return decode[event.CredentialsRefreshed]
	default:
		return nil
	}
}

// decodeEvent makes the event of what encode made of it.
func decodeEvent(kind string, body []byte) (event.Event, error) {
	d := decoderOf(event.Kind(kind))
	if d == nil {
		return nil, fmt.Errorf("no event is of the kind %q", kind)
	}
	e, err := d(body)
	if err != nil {
		return nil, fmt.Errorf("decode %s: %w", kind, err)
	}
	return e, nil
}

// encode writes an event or a job as JSON. Texts that are not UTF-8 are made so; times that JSON cannot say, which a hostile
// platform may send, are moved to the nearest that it can: what was paid for must not fail for its date.
func encode[T any](v T) ([]byte, error) {
	body, err := json.Marshal(v)
	if err == nil {
		return body, nil
	}
	fixed := reflect.New(reflect.TypeOf(v)).Elem()
	fixed.Set(reflect.ValueOf(v))
	clampTimes(fixed)
	return json.Marshal(fixed.Interface())
}

// clampTimes moves the times of a struct, and of the structs in it, into the years that JSON can say.
func clampTimes(v reflect.Value) {
	if v.Kind() != reflect.Struct || !v.CanSet() {
		return
	}
	if t, ok := v.Interface().(time.Time); ok {
		v.Set(reflect.ValueOf(clamp(t)))
		return
	}
	for i := range v.NumField() {
		clampTimes(v.Field(i))
	}
}

func clamp(t time.Time) time.Time {
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

// nanos returns t in nanoseconds since 1970, and the nearest there is for years that do not fit, before 1678 or after 2262.
func nanos(t time.Time) int64 {
	switch {
	case t.Before(time.Unix(0, math.MinInt64)):
		return math.MinInt64
	case t.After(time.Unix(0, math.MaxInt64)):
		return math.MaxInt64
	default:
		return t.UnixNano()
	}
}

// maxReply bounds what is kept of a target's answer and of an error, in bytes.
const maxReply = 16 << 10

// clip makes s valid UTF-8 of at most maxReply bytes.
func clip(s string) string {
	return strings.ToValidUTF8(s[:min(len(s), maxReply)], "")
}
