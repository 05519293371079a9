package livekit

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/livekit/protocol/livekit"
	lksdk "github.com/livekit/server-sdk-go/v2"

	"github.com/livecue/livecue/core/event"
)

// What is kept of what participants say, in bytes.
const (
	maxName     = 256
	maxMetadata = 4 << 10
	maxText     = 16 << 10 // the server itself lets through less in one packet
	// maxBytes become at most maxText as base64.
	maxBytes = maxText / 4 * 3
	// maxAttributes, maxSegments and maxSpeakers are numbers of things.
	maxAttributes = 64
	maxSegments   = 32
	maxSpeakers   = 64
)

// clip returns the first limit bytes of text, up to a whole letter, with what is not UTF-8 replaced.
func clip(text string, limit int) string {
	cut := text[:min(len(text), limit)]
	for len(cut) < len(text) && len(cut) > limit-utf8.UTFMax && !utf8.RuneStart(text[len(cut)]) {
		cut = cut[:len(cut)-1]
	}
	return strings.ToValidUTF8(cut, "\uFFFD")
}

// userOf describes a participant. It may be nil.
func userOf(p lksdk.Participant) event.User {
	if p == nil {
		return event.User{}
	}
	return newUser(p.Identity(), p.Name())
}

func newUser(identity, name string) event.User {
	identity = strings.ReplaceAll(clip(identity, maxName), "\n", " ")
	if identity == "" && name == "" {
		return event.User{}
	}
	return event.User{ID: event.SourceLiveKit + ":" + identity, Handle: identity, Nickname: clip(name, maxName)}
}

// dataOf describes what was sent.
func dataOf(h event.Head, u event.User, topic string, payload []byte) event.Data {
	e := event.Data{Head: h, User: u, Topic: clip(topic, maxName), Size: len(payload)}
	if utf8.Valid(payload) {
		e.Text, e.IsCut = clip(string(payload[:min(len(payload), maxText+utf8.UTFMax)]), maxText), len(payload) > maxText
		return e
	}
	e.IsBase64, e.IsCut = true, len(payload) > maxBytes
	e.Text = base64.StdEncoding.EncodeToString(payload[:min(len(payload), maxBytes)])
	return e
}

// attributesText writes attributes as a JSON object, with as many of them as there is room for.
func attributesText(changed map[string]string) string {
	kept, size := map[string]string{}, 0
	for _, key := range slices.Sorted(maps.Keys(changed)) {
		k, v := clip(key, maxName), clip(changed[key], maxMetadata)
		if size += len(k) + len(v); size > maxMetadata || len(kept) == maxAttributes {
			break
		}
		kept[k] = v
	}
	text, _ := json.Marshal(kept) // texts that are valid can be written
	return string(text)
}

// trackOf describes a track. It may be nil.
func trackOf(pub lksdk.TrackPublication) event.Track {
	if pub == nil {
		return event.Track{}
	}
	return event.Track{
		ID: clip(pub.SID(), maxName), Name: clip(pub.Name(), maxName), Type: clip(string(pub.Kind()), maxName),
		From: strings.ToLower(pub.Source().String()), Muted: pub.IsMuted(),
	}
}

// qualityOf is the word for a quality.
func qualityOf(q livekit.ConnectionQuality) string { return strings.ToLower(q.String()) }
