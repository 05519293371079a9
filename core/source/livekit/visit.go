package livekit

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/livekit/protocol/livekit"
	lksdk "github.com/livekit/server-sdk-go/v2"

	"github.com/livecue/livecue/core/event"
)

// visit is one stay in a room, from joining to leaving.
type visit struct {
	source *Source
	room   *lksdk.Room
	queue  chan event.Event
	ended  chan livekit.DisconnectReason // holds the first
	left   chan struct{}                 // closed when nobody reads queue any more

	mu      sync.Mutex // guards what follows; it is not held while the queue is full
	isIn    bool       // those who were there before us have been told of
	isAway  bool       // the SDK makes the connection again
	away    time.Time  // since when
	present map[string]*guest
	// speakers are those told of last.
	speakers string
}

// guest is a participant who is there, as last told of.
type guest struct {
	user    event.User
	tracks  map[string]bool // those published, by id
	quality livekit.ConnectionQuality
}

func newVisit(s *Source) *visit {
	v := &visit{
		source: s, queue: make(chan event.Event, queueSize), ended: make(chan livekit.DisconnectReason, 1), left: make(chan struct{}),
		present: map[string]*guest{},
	}
	v.room = lksdk.NewRoom(v.callback())
	v.room.SetLogger(sdkLog{s.opts.Log})
	return v
}

// leave ends the visit. The SDK closes its connections on goroutines of its own, which end a little later.
func (v *visit) leave() {
	close(v.left)
	v.room.Disconnect()
}

// name returns the room's name.
func (v *visit) name() string { return clip(v.room.Name(), maxName) }

// push queues events, in their order. It waits where the queue is full, and drops them after the visit.
func (v *visit) push(events ...event.Event) {
	for _, e := range events {
		select {
		case v.queue <- e:
		case <-v.left:
			return
		}
	}
}

// arrive tells of those who are there already.
func (v *visit) arrive() []event.Event {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.isIn = true
	var events []event.Event
	for _, p := range v.others() {
		events = append(events, v.welcome(p, true)...)
	}
	return events
}

// others returns the participants that the SDK knows, by identity.
func (v *visit) others() []*lksdk.RemoteParticipant {
	all := slices.DeleteFunc(v.room.GetRemoteParticipants(), func(p *lksdk.RemoteParticipant) bool { return p == nil })
	slices.SortFunc(all, func(a, b *lksdk.RemoteParticipant) int { return strings.Compare(a.Identity(), b.Identity()) })
	return all
}

// welcome notes a participant and tells of them and their tracks, unless that was done. The lock is held.
func (v *visit) welcome(p *lksdk.RemoteParticipant, wasThere bool) []event.Event {
	if !v.isIn || v.present[p.Identity()] != nil {
		return nil
	}
	g := &guest{user: userOf(p), tracks: map[string]bool{}, quality: livekit.ConnectionQuality_EXCELLENT}
	v.present[p.Identity()] = g
	events := []event.Event{event.ParticipantJoined{Head: v.source.head(), User: g.user, Present: wasThere}}
	for _, pub := range p.TrackPublications() {
		v.hear(pub)
		events = append(events, v.track(g, pub, event.TrackPublished)...)
	}
	return events
}

// track tells of a track. It is told of as published once. The lock is held.
func (v *visit) track(g *guest, pub lksdk.TrackPublication, change event.TrackChange) []event.Event {
	t := trackOf(pub)
	switch change {
	case event.TrackPublished:
		if g.tracks[t.ID] {
			return nil
		}
		g.tracks[t.ID] = true
	case event.TrackUnpublished:
		delete(g.tracks, t.ID)
	}
	return []event.Event{event.TrackChanged{Head: v.source.head(), User: g.user, Change: change, Track: t}}
}

// farewell tells of a participant who has gone, unless they are there again. The lock is held.
func (v *visit) farewell(identity, reason string) []event.Event {
	g := v.present[identity]
	if g == nil {
		return nil
	}
	delete(v.present, identity)
	return []event.Event{event.ParticipantLeft{Head: v.source.head(), User: g.user, Reason: reason}}
}

// renamed tells of names that are others than they were.
func (v *visit) renamed() []event.Event {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.isAway {
		return nil
	}
	var events []event.Event
	for _, p := range v.others() {
		g, u := v.present[p.Identity()], userOf(p)
		if g == nil || g.user == u {
			continue
		}
		g.user = u
		events = append(events, event.ParticipantChanged{Head: v.source.head(), User: u, Field: event.ParticipantName, Value: u.Nickname})
	}
	return events
}

// lose tells that the SDK has lost the connection and makes it again.
func (v *visit) lose() {
	v.mu.Lock()
	wasAway := v.isAway
	v.isAway = true
	if !wasAway {
		v.away = time.Now()
	}
	v.mu.Unlock()
	if !wasAway {
		cause := event.Cause{Code: event.CauseClosed, Text: "The connection to the LiveKit room was lost. LiveCue connects again."}
		v.push(event.Reconnecting{Head: v.source.head(), Attempt: 1, RetryAt: time.Now(), Cause: cause})
	}
}

// regain tells that it is made, and who came and went meanwhile: the SDK takes everybody for new.
func (v *visit) regain() {
	v.mu.Lock()
	events := []event.Event{event.Reconnected{Head: v.source.head(), Door: Door, Handle: v.name(), Down: time.Since(v.away)}}
	v.isAway = false
	here := map[string]bool{}
	for _, p := range v.others() {
		here[p.Identity()] = true
		events = append(events, v.welcome(p, false)...)
	}
	for _, identity := range slices.Sorted(maps.Keys(v.present)) {
		if !here[identity] {
			events = append(events, v.farewell(identity, "")...)
		}
	}
	v.mu.Unlock()
	v.push(events...)
}
