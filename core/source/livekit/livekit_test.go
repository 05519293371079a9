package livekit

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/livekit/protocol/livekit"
	lksdk "github.com/livekit/server-sdk-go/v2"
	"github.com/pion/webrtc/v4"
	"go.uber.org/goleak"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/source"
	"github.com/livecue/livecue/core/source/livekit/livekittest"
)

// stay is a source that runs, and what it has told.
type stay struct {
	t      *testing.T
	cancel context.CancelFunc
	ended  chan struct{}
	err    error // once ended
	log    *lockedBuffer

	mu     sync.Mutex
	events []event.Event
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// visitWith runs a source with the token.
func visitWith(t *testing.T, url, token string, change func(*Options)) *stay {
	t.Helper()
	st := &stay{t: t, ended: make(chan struct{}), log: &lockedBuffer{}}
	opts := Options{
		URL: url, Token: token, Stream: func() string { return "7301" },
		Log: slog.New(slog.NewTextHandler(st.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&opts)
	}
	src, err := New(opts)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	st.cancel = cancel
	go func() {
		defer close(st.ended)
		st.err = src.Run(ctx, st.emit)
	}()
	t.Cleanup(func() {
		cancel()
		<-st.ended
		if strings.Contains(st.log.String(), token) {
			t.Error("the token is in the log")
		}
	})
	return st
}

// enter runs a source in the server's room, and waits until it is in.
func enter(t *testing.T, s *livekittest.Server) *stay {
	t.Helper()
	st := visitWith(t, s.URL(), livekittest.Token(t, "livecue", time.Hour), nil)
	st.until("connected", func(e event.Event) bool { c, ok := e.(event.Connected); return ok && c.Handle == livekittest.Room })
	return st
}

func (st *stay) emit(e event.Event) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.events = append(st.events, e)
}

func (st *stay) all() []event.Event {
	st.mu.Lock()
	defer st.mu.Unlock()
	return slices.Clone(st.events)
}

// until waits for an event.
func (st *stay) until(what string, is func(event.Event) bool) {
	st.t.Helper()
	livekittest.Until(st.t, what, func() bool { return slices.ContainsFunc(st.all(), is) })
}

// end waits for the end and returns why.
func (st *stay) end(code event.CauseCode) {
	st.t.Helper()
	livekittest.Until(st.t, "the end with "+string(code), func() bool {
		select {
		case <-st.ended:
			return true
		default:
			return false
		}
	})
	var p *source.Problem
	if !errors.As(st.err, &p) || p.Cause.Code != code {
		st.t.Errorf("ended with %v, want %s", st.err, code)
	}
}

func (st *stay) count(is func(event.Event) bool) int {
	n := 0
	for _, e := range st.all() {
		if is(e) {
			n++
		}
	}
	return n
}

func joins(identity string, wasThere bool) func(event.Event) bool {
	return func(e event.Event) bool {
		j, ok := e.(event.ParticipantJoined)
		return ok && j.User.Handle == identity && j.Present == wasThere
	}
}

func leaves(identity string) func(event.Event) bool {
	return func(e event.Event) bool { l, ok := e.(event.ParticipantLeft); return ok && l.User.Handle == identity }
}

func TestParticipantsComeChangeAndGo(t *testing.T) {
	s := livekittest.Start(t)
	s.Join("testy_tom")
	st := enter(t, s)
	st.until("testy_tom was there", joins("testy_tom", true))

	pia := s.Join("pixel_pia")
	st.until("pixel_pia comes", joins("pixel_pia", false))
	pia.LocalParticipant.SetMetadata(`{"team":"red"}`)
	st.until("metadata", func(e event.Event) bool {
		c, ok := e.(event.ParticipantChanged)
		return ok && c.Field == event.ParticipantMetadata && c.Value == `{"team":"red"}` && c.User.Nickname == "The pixel_pia"
	})
	pia.LocalParticipant.SetAttributes(map[string]string{"hat": "on"})
	st.until("attributes", func(e event.Event) bool {
		c, ok := e.(event.ParticipantChanged)
		return ok && c.Field == event.ParticipantAttributes && c.Value == `{"hat":"on"}`
	})
	pia.LocalParticipant.SetName("Pia 🦀")
	st.until("the name", func(e event.Event) bool {
		c, ok := e.(event.ParticipantChanged)
		return ok && c.Field == event.ParticipantName && c.Value == "Pia 🦀"
	})
	pia.Disconnect()
	st.until("pixel_pia goes", leaves("pixel_pia"))
	for _, e := range st.all() {
		if h := e.Header(); h.Source != event.SourceLiveKit || h.Room != "7301" || h.ID == "" || h.At.IsZero() {
			t.Fatalf("the head of %s is %+v", e.Kind(), h)
		}
	}
	if n := st.count(joins("pixel_pia", false)); n != 1 {
		t.Errorf("pixel_pia came %d times", n)
	}
}

func TestData(t *testing.T) {
	s := livekittest.Start(t)
	st := enter(t, s)
	pia := s.Join("pixel_pia")
	st.until("pixel_pia comes", joins("pixel_pia", false))
	send := func(payload []byte, topic string) {
		t.Helper()
		if err := pia.LocalParticipant.PublishDataPacket(lksdk.UserData(payload), lksdk.WithDataPublishReliable(true), lksdk.WithDataPublishTopic(topic)); err != nil {
			t.Fatal(err)
		}
	}
	send([]byte("hello 🦀"), "game")
	send([]byte{0xff, 0xfe, 0}, "raw")
	send(bytes.Repeat([]byte("x"), 14_000), "")
	st.until("text", func(e event.Event) bool {
		d, ok := e.(event.Data)
		return ok && d.Topic == "game" && d.Text == "hello 🦀" && !d.IsBase64 && d.Size == 10 && d.User.Handle == "pixel_pia" && d.User.ID == "livekit:pixel_pia"
	})
	st.until("bytes", func(e event.Event) bool {
		d, ok := e.(event.Data)
		return ok && d.Topic == "raw" && d.Text == "//4A" && d.IsBase64 && d.Size == 3
	})
	st.until("14,000 bytes", func(e event.Event) bool { d, ok := e.(event.Data); return ok && len(d.Text) == 14_000 && !d.IsCut })
	if _, err := s.Host().SendData(t.Context(), &livekit.SendDataRequest{Room: livekittest.Room, Data: []byte("from nobody"), Kind: livekit.DataPacket_RELIABLE}); err != nil {
		t.Fatal(err)
	}
	st.until("data of the server", func(e event.Event) bool {
		d, ok := e.(event.Data)
		return ok && d.Text == "from nobody" && d.User == event.User{}
	})
}

func TestTracksSpeakersAndTheRoom(t *testing.T) {
	s := livekittest.Start(t)
	st := enter(t, s)
	pia := s.Join("pixel_pia")
	st.until("pixel_pia comes", joins("pixel_pia", false))
	track, err := lksdk.NewLocalTrack(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus})
	if err != nil {
		t.Fatal(err)
	}
	pub, err := pia.LocalParticipant.PublishTrack(track, &lksdk.TrackPublicationOptions{Name: "mic", Source: livekit.TrackSource_MICROPHONE})
	if err != nil {
		t.Fatal(err)
	}
	is := func(change event.TrackChange) func(event.Event) bool {
		return func(e event.Event) bool {
			c, ok := e.(event.TrackChanged)
			return ok && c.Change == change && c.Track.Name == "mic" && c.Track.From == "microphone" && c.Track.Type == "audio" && c.User.Handle == "pixel_pia"
		}
	}
	st.until("published", is(event.TrackPublished))
	pub.SetMuted(true)
	st.until("muted", is(event.TrackMuted))
	pub.SetMuted(false)
	st.until("unmuted", is(event.TrackUnmuted))

	speaks := func(e event.Event) bool { k, ok := e.(event.Speaking); return ok && k.User.Handle == "pixel_pia" }
	livekittest.Until(t, "pixel_pia speaks", func() bool { // to be told of it takes a subscription, which nothing tells of
		pia.Simulate(lksdk.SimulateSpeakerUpdate)
		return st.count(speaks) > 0
	})
	speakers := func(who string) func(event.Event) bool {
		return func(e event.Event) bool { c, ok := e.(event.SpeakersChanged); return ok && c.Speakers == who }
	}
	st.until("the list of speakers", speakers("pixel_pia"))

	st.until("silence", speakers(""))

	if _, err := s.Host().UpdateRoomMetadata(t.Context(), &livekit.UpdateRoomMetadataRequest{Room: livekittest.Room, Metadata: "round 2"}); err != nil {
		t.Fatal(err)
	}
	st.until("the room's metadata", func(e event.Event) bool {
		c, ok := e.(event.RoomChanged)
		return ok && c.Field == event.RoomMetadata && c.Value == "round 2"
	})
	if err := pia.LocalParticipant.UnpublishTrack(pub.SID()); err != nil {
		t.Fatal(err)
	}
	st.until("unpublished", is(event.TrackUnpublished))
	if n := st.count(speaks); n != 1 {
		t.Errorf("pixel_pia began to speak %d times, want once", n)
	}
	if n := st.count(is(event.TrackPublished)); n != 1 {
		t.Errorf("the track was published %d times, want once", n)
	}
}

func TestForcedEnds(t *testing.T) {
	s := livekittest.Start(t)
	st := enter(t, s)
	s.Remove("livecue")
	st.end(event.CauseRemoved)
	st = enter(t, s)
	s.Join("livecue")
	st.end(event.CauseDuplicate)
	st = enter(t, s)
	if _, err := s.Host().DeleteRoom(t.Context(), &livekit.DeleteRoomRequest{Room: livekittest.Room}); err != nil {
		t.Fatal(err)
	}
	st.end(event.CauseClosed)
}

func TestARestartedServer(t *testing.T) {
	s := livekittest.Start(t)
	st := enter(t, s)
	s.Join("pixel_pia")
	st.until("pixel_pia comes", joins("pixel_pia", false))
	s.Kill()
	st.until("the loss", func(e event.Event) bool { _, ok := e.(event.Reconnecting); return ok })
	s.Begin()
	st.until("the connection again", func(e event.Event) bool { r, ok := e.(event.Reconnected); return ok && r.Down > 0 })
	s.Join("testy_tom")
	st.until("testy_tom comes", joins("testy_tom", false))
	if n := st.count(joins("pixel_pia", false)); n > 1 && st.count(leaves("pixel_pia")) == 0 {
		t.Errorf("pixel_pia came %d times and never went", n)
	}
}

func TestAFrozenServer(t *testing.T) {
	s := livekittest.Start(t)
	st := visitWith(t, s.URL(), livekittest.Token(t, "livecue", time.Hour), func(o *Options) { o.Watch = 400 * time.Millisecond })
	st.until("connected", func(e event.Event) bool { _, ok := e.(event.Connected); return ok })
	s.Freeze()
	st.end(event.CauseSilence)
}

func TestServersAndTokensThatCannotBe(t *testing.T) {
	s := livekittest.Start(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "ws://" + l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	good := livekittest.Token(t, "livecue", time.Hour)
	for _, c := range []struct {
		name, url, token string
		want             event.CauseCode
	}{
		{"a token of another server", s.URL(), livekittest.SignedToken(t, strings.Repeat("wrong", 8), "livecue", time.Hour), event.CauseKeyRefused},
		{"an expired token", s.URL(), livekittest.ExpiredToken("livecue"), event.CauseKeyRefused},
		{"nobody listens", nobody, good, event.CauseNoNetwork},
		{"TLS to a server without", "wss" + strings.TrimPrefix(s.URL(), "ws"), good, event.CauseCertificate},
	} {
		st := visitWith(t, c.url, c.token, nil)
		st.end(c.want)
		if st.err != nil && strings.Contains(st.err.Error(), c.token) {
			t.Errorf("%s: the error has the token", c.name)
		}
		if slices.ContainsFunc(st.all(), func(e event.Event) bool { return e.Kind() == event.KindConnected }) {
			t.Errorf("%s: connected", c.name)
		}
	}
}

// What the SDK starts ends with the visit, a little later.
func TestNothingIsLeftBehind(t *testing.T) {
	s := livekittest.Start(t)
	before := goleak.IgnoreCurrent()
	st := enter(t, s)
	st.cancel()
	<-st.ended
	var left error
	livekittest.Until(t, "the SDK's goroutines end", func() bool {
		left = goleak.Find(before, goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"), goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"))
		return left == nil
	})
}
