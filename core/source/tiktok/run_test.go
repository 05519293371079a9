package tiktok

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	pb "github.com/steampoweredtaco/gotiktoklive/proto"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/source"
)

func zipped(b []byte) []byte {
	var buf bytes.Buffer
	w, _ := gzip.NewWriterLevel(&buf, gzip.BestSpeed)
	_, _ = w.Write(b)
	_ = w.Close()
	return buf.Bytes()
}

func TestDirectTellsEverything(t *testing.T) {
	f := newFake(t)
	team := &pb.BadgeStruct{}
	extra := protowire.AppendString(protowire.AppendTag(nil, fieldLogExtraLevel, protowire.BytesType), "17")
	unknown := protowire.AppendVarint(protowire.AppendTag(nil, fieldBadgeScene, protowire.VarintType), badgeTeam)
	unknown = protowire.AppendBytes(protowire.AppendTag(unknown, fieldBadgeLogExtra, protowire.BytesType), extra)
	team.ProtoReflect().SetUnknown(unknown)
	at := time.Now().Truncate(time.Millisecond)
	tom := &pb.User{
		Id: 7, DisplayId: "testy_tom", Nickname: "Tom ✨",
		AvatarThumb: &pb.Image{UrlList: []string{"https://img.example/a.webp", "https://img.example/a.jpeg"}},
		FollowInfo:  &pb.User_FollowInfo{FollowStatus: 1}, BadgeList: []*pb.BadgeStruct{team},
	}
	c := func(id int64) *pb.Common { return &pb.Common{MsgId: id, CreateTime: at.UnixMilli(), RoomId: 1} }
	f.socket = func(p *peer) {
		resp := &pb.WebcastResponse{Messages: []*pb.WebcastResponse_Message{
			message(&pb.WebcastChatMessage{Common: c(1), User: tom, Content: "!zombie now", UserIdentity: &pb.UserIdentity{
				IsModeratorOfAnchor: true, IsSubscriberOfAnchor: true, IsGiftGiverOfAnchor: true,
			}}),
			message(&pb.WebcastLikeMessage{Common: c(2), User: tom, Count: 15, Total: 1200}),
			message(&pb.WebcastSocialMessage{Common: &pb.Common{MsgId: 3, DisplayText: &pb.Text{Key: "pm_main_follow_message_viewer_2"}}, User: tom}),
			message(&pb.WebcastSocialMessage{Common: &pb.Common{MsgId: 4, DisplayText: &pb.Text{Key: "pm_mt_guidance_share"}}, User: tom}),
			message(&pb.WebcastMemberMessage{Common: c(5), User: tom, Action: pb.MemberMessageAction_JOINED}),
			message(&pb.WebcastMemberMessage{Common: c(6), User: tom, Action: pb.MemberMessageAction_SUBSCRIBED}),
			message(&pb.WebcastSubNotifyMessage{Common: c(7), User: tom, SubMonth: 3}),
			message(&pb.WebcastRoomUserSeqMessage{Common: c(8), Total: 321}),
			message(&pb.WebcastQuestionNewMessage{Common: c(9), Details: &pb.WebcastQuestionNewMessage_QuestionDetails{Text: "why?", User: tom}}),
			message(&pb.WebcastGiftMessage{Common: c(10), GiftId: 42, User: tom, RepeatCount: 1, Gift: &pb.GiftStruct{
				Id: 42, Name: "Galaxy", DiamondCount: 1000, Type: 2, Image: &pb.Image{UrlList: []string{"https://img.example/g.png"}},
			}}),
			rose(11, 8, 99, 1, 0), rose(12, 8, 99, 3, 0), rose(13, 8, 99, 3, 1),
			{Method: "WebcastLinkMicArmies"},
			control(14, pb.ControlAction_STREAM_ENDED),
		}}
		p.send(mustMarshal(&pb.WebcastPushFrame{PayloadType: "msg", PayloadEncoding: "pb", Payload: zipped(mustMarshal(resp))}))
		p.wait()
	}
	s := f.source(nil)
	r := start(t, s)
	err := r.end()
	var p *source.Problem
	if !errors.As(err, &p) || p.Cause.Code != event.CauseLiveEnded {
		t.Fatalf("got %v, want live ended", err)
	}
	const want = "connecting connected chat like follow share join subscribe viewers question gift gift gift gift live_ended"
	if got := kinds(r.all()); got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
	wantUser := event.User{
		ID: "7", Handle: "testy_tom", Nickname: "Tom ✨", AvatarURL: "https://img.example/a.jpeg",
		Roles: event.Roles{Moderator: true, Subscriber: true, Follower: true, Gifter: true, TeamLevel: 17},
	}
	wantChat := event.Chat{
		Head: event.Head{ID: "1", At: at, Source: "tiktok", Room: testRoom}, User: wantUser, Comment: "!zombie now",
	}
	if got := of[event.Chat](r.all())[0]; got != wantChat {
		t.Errorf("chat\ngot  %+v\nwant %+v", got, wantChat)
	}
	if got := of[event.Like](r.all())[0]; got.Added != 15 || got.Total != 1200 || got.User.Roles.Moderator {
		t.Errorf("like: %+v", got)
	}
	if got := of[event.Subscribe](r.all())[0]; got.Months != 3 {
		t.Errorf("subscribe: %+v", got)
	}
	if got := of[event.ViewerCount](r.all())[0]; got.Viewers != 321 {
		t.Errorf("viewers: %+v", got)
	}
	if got := of[event.Question](r.all())[0]; got.Text != "why?" || got.User.Handle != "testy_tom" {
		t.Errorf("question: %+v", got)
	}
	gifts := of[event.Gift](r.all())
	if g := gifts[0]; g.Gift != (event.GiftInfo{ID: 42, Name: "Galaxy", Coins: 1000, IconURL: "https://img.example/g.png"}) ||
		g.Added != 1 || g.Count != 1 || !g.First || !g.Final || g.Inferred {
		t.Errorf("galaxy: %+v", g)
	}
	for i, want := range []struct {
		added, count int
		first, final bool
	}{{1, 1, true, false}, {2, 3, false, false}, {0, 3, false, true}} {
		if g := gifts[i+1]; g.Added != want.added || g.Count != want.count || g.First != want.first || g.Final != want.final ||
			g.Inferred || g.Streak != "8/5655/99" || !g.Gift.Streakable {
			t.Errorf("rose %d: %+v", i, g)
		}
	}
	if st := s.Stats(); st.Messages != 15 || st.Unknown != 2 || st.Malformed != 0 || st.Duplicates != 0 {
		t.Errorf("stats: %+v", st)
	}
}

func TestHandshakeAndSigning(t *testing.T) {
	f := newFake(t)
	s := f.source(func(o *Options) { o.APIKey = "key-1" })
	r := start(t, s)
	r.untilKind(event.KindConnected)
	_ = r.stop()
	f.mu.Lock()
	defer f.mu.Unlock()
	sign, shake := f.signed[0], f.shaken[0]
	q := sign.URL.Query()
	if q.Get("room_id") != testRoom || q.Get("apiKey") != "key-1" || q.Get("client") == "" || q.Get("uuc") == "" ||
		!strings.HasPrefix(q.Get("url"), "https://webcast.tiktok.com/webcast/") {
		t.Errorf("sign request: %v", q)
	}
	if sign.UserAgent() != userAgent || shake.UserAgent() != userAgent {
		t.Errorf("user agents: sign %q, socket %q", sign.UserAgent(), shake.UserAgent())
	}
	if c, err := shake.Cookie("ttwid"); err != nil || c.Value != "abc123" || len(shake.Cookies()) != 1 {
		t.Errorf("cookies: %q", shake.Header.Get("Cookie"))
	}
	q = shake.URL.Query()
	for name, want := range map[string]string{
		"compress": "gzip", "room_id": testRoom, "imprp": "abc", "wrss": "def", "cursor": "c1", "internal_ext": "ext-1", "aid": "1988",
	} {
		if q.Get(name) != want {
			t.Errorf("socket parameter %s is %q, want %q", name, q.Get(name), want)
		}
	}
	if q.Has("apiKey") {
		t.Error("the key went to TikTok")
	}
}

func TestEntersBeatsAndAcks(t *testing.T) {
	f := newFake(t)
	got := make(chan []byte, 100)
	f.socket = func(p *peer) {
		p.send(pushFrame(77, &pb.WebcastResponse{NeedsAck: true, InternalExt: []byte("ext-77"), Messages: []*pb.WebcastResponse_Message{chat(1, "hi")}}))
		p.send(pushFrame(78, &pb.WebcastResponse{}))
		for b := p.next(); b != nil; b = p.next() {
			got <- b
		}
	}
	s := f.source(nil)
	s.heartbeat = 5 * time.Millisecond
	r := start(t, s)
	r.untilKind(event.KindChat)
	beats, acks, hellos := 0, 0, 0
	for beats < 3 || acks < 1 || hellos < 1 {
		var b []byte
		select {
		case b = <-got:
		case <-time.After(20 * time.Second):
			t.Fatalf("beats %d, acks %d, hellos %d", beats, acks, hellos)
		}
		if bytes.Equal(b, []byte{0x3a, 0x02, 0x68, 0x62}) {
			beats++
			continue
		}
		var frame pb.WebcastPushFrame
		if err := proto.Unmarshal(b, &frame); err != nil {
			t.Fatal(err)
		}
		switch frame.PayloadType {
		case "ack":
			acks++
			if frame.LogId != 77 || string(frame.Payload) != "ext-77" {
				t.Errorf("ack: %v", &frame)
			}
		case "im_enter_room":
			hellos++
			id, _ := protowire.ConsumeVarint(frame.Payload[1:])
			if frame.Payload[0] != 8 || id != 7400000000000000001 {
				t.Errorf("enter room: % x", frame.Payload)
			}
		default:
			t.Errorf("frame: %v", &frame)
		}
	}
	if err := r.stop(); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if acks != 1 {
		t.Errorf("%d acks", acks)
	}
}

func TestSlowReaderLosesNothing(t *testing.T) {
	f := newFake(t)
	const frames, each = 200, 10
	f.socket = func(p *peer) {
		for i := range frames {
			var ms []*pb.WebcastResponse_Message
			for j := range each {
				ms = append(ms, chat(int64(1+i*each+j), "hello"))
			}
			p.say(ms...)
		}
		p.wait()
	}
	s := f.source(func(o *Options) { o.SilenceTimeout = time.Second })
	hold := make(chan struct{})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	n := 0
	var last string
	go func() { // longer than the watchdog's patience, but the silence is ours
		time.Sleep(1500 * time.Millisecond)
		close(hold)
	}()
	err := s.Run(ctx, func(e event.Event) {
		if c, ok := e.(event.Chat); ok {
			<-hold
			n++
			last = c.ID
			if n == frames*each {
				cancel()
			}
		}
	})
	if !errors.Is(err, context.Canceled) || n != frames*each || last != "2000" {
		t.Errorf("%d chats, last %s, %v", n, last, err)
	}
}

func TestWatchdog(t *testing.T) {
	f := newFake(t)
	f.socket = func(p *peer) { p.say(chat(1, "the last word")); p.wait() }
	s := f.source(func(o *Options) { o.SilenceTimeout = 100 * time.Millisecond })
	r := start(t, s)
	wantCause(t, r.end(), event.CauseSilence)
	if r.untilKind(event.KindConnected).(event.Connected).Door != DoorDirect {
		t.Error("door")
	}
}

func TestPingsAreLife(t *testing.T) {
	f := newFake(t)
	enough := make(chan struct{})
	f.socket = func(p *peer) {
		gone := make(chan struct{})
		go func() { p.wait(); close(gone) }()
		for range 15 {
			if p.conn.Ping(p.ctx) != nil {
				break
			}
			time.Sleep(100 * time.Millisecond)
		}
		close(enough)
		<-gone
	}
	s := f.source(func(o *Options) { o.SilenceTimeout = time.Second })
	r := start(t, s)
	select {
	case <-enough:
	case err := <-r.done:
		t.Fatalf("ended: %v", err)
	}
	wantCause(t, r.end(), event.CauseSilence)
}

// The first response looks back: what is older than the first connection is the past; on a reconnect, what is newer was
// missed.
func TestFirstFetch(t *testing.T) {
	f := newFake(t)
	past := time.Now().Add(-time.Hour).UnixMilli()
	old := func(m body) *pb.WebcastResponse_Message {
		m.GetCommon().CreateTime = past
		return message(m)
	}
	oldGift := func(id int64, count, end int32, group int64) *pb.WebcastResponse_Message {
		return old(&pb.WebcastGiftMessage{
			Common: common(id), GiftId: 5655, User: pbUser(8, "viewer_8"), GroupId: group, RepeatCount: count, RepeatEnd: end,
			Gift: &pb.GiftStruct{Id: 5655, Name: "Rose", Type: 1},
		})
	}
	timeless := message(&pb.WebcastChatMessage{Common: &pb.Common{MsgId: 21}, Content: "timeless"})
	history := message(&pb.WebcastChatMessage{Common: &pb.Common{MsgId: 22}, Content: "history"})
	history.IsHistory = true
	fresh := message(&pb.WebcastChatMessage{ // while the lookup is under way
		Common: &pb.Common{MsgId: 25, CreateTime: time.Now().Add(time.Minute).UnixMilli()}, Content: "new",
	})
	f.sign = f.signAnswer(nil,
		old(&pb.WebcastChatMessage{Common: common(20), Content: "old"}), timeless, history,
		oldGift(23, 3, 0, 500), oldGift(24, 2, 1, 501), fresh)
	f.socket = func(p *peer) {
		p.say(rose(26, 8, 500, 5, 1), rose(27, 8, 501, 2, 1))
		p.close(1000, "")
	}
	s := f.source(nil)
	r := start(t, s)
	wantCause(t, r.end(), event.CauseClosed)
	const want = "connecting connected chat chat gift"
	if got := kinds(r.all()); got != want {
		t.Fatalf("first connection\ngot  %s\nwant %s", got, want)
	}
	if g := of[event.Gift](r.all())[0]; g.Added != 2 || g.Count != 2 || !g.First || !g.Final {
		t.Errorf("the streak that was under way: %+v", g)
	}

	f.sign = f.signAnswer(nil,
		old(&pb.WebcastChatMessage{Common: common(20), Content: "old"}), old(&pb.WebcastChatMessage{Common: common(30), Content: "old, not seen"}),
		fresh, chat(31, "missed"), rose(32, 8, 500, 9, 0))
	f.socket = func(p *peer) { p.say(rose(33, 8, 500, 9, 1), chat(31, "missed")); p.close(1000, "") }
	r = start(t, s)
	wantCause(t, r.end(), event.CauseClosed)
	const again = "connecting credentials_refreshed connected chat gift gift"
	if got := kinds(r.all()); got != again {
		t.Fatalf("reconnect\ngot  %s\nwant %s", got, again)
	}
	if c := of[event.Chat](r.all())[0]; c.Comment != "missed" {
		t.Errorf("chat: %+v", c)
	}
	if g := of[event.Gift](r.all()); g[0].Added != 4 || g[0].First || g[1].Count != 4 || !g[1].Final {
		t.Errorf("the streak that went on: %+v", g)
	}
	if st := s.Stats(); st.Duplicates != 3 {
		t.Errorf("stats: %+v", st)
	}
}

// A computer whose clock is wrong by hours draws the line in TikTok's clock.
func TestFirstFetchWithWrongClock(t *testing.T) {
	for _, skew := range []time.Duration{-5 * time.Hour, 5 * time.Hour} {
		f := newFake(t)
		theirs := func(id int64, ago time.Duration) *pb.WebcastResponse_Message {
			return message(&pb.WebcastChatMessage{Common: &pb.Common{MsgId: id, CreateTime: time.Now().Add(skew - ago).UnixMilli()}})
		}
		// "new" is made a little ahead, so that a slow lookup does not matter.
		f.sign = f.signAnswer(func(r *pb.WebcastResponse) { r.Now = time.Now().Add(skew).UnixMilli() },
			theirs(1, time.Minute), theirs(2, -time.Second))
		f.socket = func(p *peer) { p.say(chat(3, "")); p.close(1000, "") }
		r := start(t, f.source(nil))
		_ = r.end()
		if c := of[event.Chat](r.all()); len(c) != 2 || c[0].ID != "2" {
			t.Errorf("skew %v: %+v", skew, c)
		}
	}
}

func TestStreakEndsAreMadeUp(t *testing.T) {
	f := newFake(t)
	f.socket = func(p *peer) { p.say(rose(1, 8, 1, 2, 0), rose(2, 9, 1, 4, 0)); p.wait() }
	s := f.source(func(o *Options) { o.StreakTimeout = 50 * time.Millisecond })
	r := start(t, s)
	isEnd := func(user string) func(event.Event) bool {
		return func(e event.Event) bool { g, ok := e.(event.Gift); return ok && g.Inferred && g.User.ID == user }
	}
	if g := r.until("end", isEnd("8")).(event.Gift); g.Count != 2 || !g.Final || g.Added != 0 || g.ID != "1:end" {
		t.Errorf("%+v", g)
	}
	r.until("end", isEnd("9"))
	_ = r.stop()

	f.socket = func(p *peer) { p.say(rose(3, 8, 1, 7, 0)); p.wait() }
	s.intake.streaks.timeout = time.Hour
	r = start(t, s)
	r.untilKind(event.KindGift)
	_ = r.stop() // a disconnect ends it too, before Run returns
	gifts := of[event.Gift](r.all())
	if len(gifts) != 2 || gifts[0].Added != 5 || gifts[0].First || gifts[1].Count != 5 || !gifts[1].Inferred {
		t.Errorf("%+v", gifts)
	}
}

// A taker that is slower than the streaks' patience does not end them while their growth waits in the socket.
func TestSlownessEndsNoStreak(t *testing.T) {
	f := newFake(t)
	const frames = 20
	f.socket = func(p *peer) {
		for i := range int32(frames) {
			p.say(rose(int64(1+i), 8, 1, 1+i, 0))
		}
		p.say(rose(100, 8, 1, frames, 1), control(101, pb.ControlAction_STREAM_ENDED))
		p.wait()
	}
	s := f.source(func(o *Options) { o.StreakTimeout = 500 * time.Millisecond })
	var log giftLog
	err := s.Run(context.Background(), func(e event.Event) {
		if g, ok := e.(event.Gift); ok {
			log.emit(g)
			if g.Count == 1 {
				time.Sleep(2 * s.opt.StreakTimeout)
			}
		}
	})
	wantCause(t, err, event.CauseLiveEnded)
	if last := log[len(log)-1]; len(log) != frames+1 || last.Inferred || last.Count != frames {
		t.Errorf("%d events, the last is %+v", len(log), last)
	}
}

func TestRunTwiceAtOnceIsRefused(t *testing.T) {
	f := newFake(t)
	s := f.source(nil)
	r := start(t, s)
	r.untilKind(event.KindConnected)
	if err := s.Run(context.Background(), func(event.Event) {}); err == nil {
		t.Error("no error")
	}
	_ = r.stop()
}

// wantCause checks that err is a Problem with that cause and words for people.
func wantCause(t *testing.T, err error, want event.CauseCode) {
	t.Helper()
	_ = problemOf(t, err, want)
}

// problemOf is wantCause, for those who look closer.
func problemOf(t *testing.T, err error, want event.CauseCode) *source.Problem {
	t.Helper()
	var p *source.Problem
	if !errors.As(err, &p) {
		t.Fatalf("got %v (%T), want cause %s", err, err, want)
	}
	if p.Cause.Code != want {
		t.Fatalf("got cause %s (%v), want %s", p.Cause.Code, err, want)
	}
	if len(p.Cause.Text) < 20 {
		t.Errorf("cause says too little: %q", p.Cause.Text)
	}
	return p
}
