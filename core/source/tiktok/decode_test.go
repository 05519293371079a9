package tiktok

import (
	"bytes"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"testing"
	"time"

	pb "github.com/steampoweredtaco/gotiktoklive/proto"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/livecue/livecue/core/event"
)

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func freshIntake() *intake {
	in := newIntake(time.Hour, newTrouble(quiet()))
	in.enter(testRoom, time.Now())
	return in
}

// methods are all that we have a use for.
var methods = []string{
	"WebcastGiftMessage", "WebcastChatMessage", "WebcastLikeMessage", "WebcastSocialMessage", "WebcastMemberMessage",
	"WebcastSubNotifyMessage", "WebcastRoomUserSeqMessage", "WebcastQuestionNewMessage", "WebcastControlMessage",
}

// populate sets every field of m, down to a depth.
func populate(m protoreflect.Message, depth int) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		fd := fields.Get(i)
		switch {
		case fd.IsMap():
			if fd.MapValue().Message() == nil {
				m.Mutable(fd).Map().Set(scalar(fd.MapKey()).MapKey(), scalar(fd.MapValue()))
			}
		case fd.IsList() && fd.Message() != nil:
			if depth > 0 {
				list := m.Mutable(fd).List()
				populate(list.AppendMutable().Message(), depth-1)
				list.AppendMutable()
			}
		case fd.IsList():
			m.Mutable(fd).List().Append(scalar(fd))
		case fd.Message() != nil:
			if depth > 0 {
				populate(m.Mutable(fd).Message(), depth-1)
			}
		default:
			m.Set(fd, scalar(fd))
		}
	}
}

func scalar(fd protoreflect.FieldDescriptor) protoreflect.Value {
	switch fd.Kind() {
	case protoreflect.StringKind:
		return protoreflect.ValueOfString("x")
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes([]byte("x"))
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(true)
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(1)
	case protoreflect.Int32Kind:
		return protoreflect.ValueOfInt32(1)
	case protoreflect.Int64Kind:
		return protoreflect.ValueOfInt64(1)
	case protoreflect.Uint32Kind:
		return protoreflect.ValueOfUint32(1)
	case protoreflect.Uint64Kind:
		return protoreflect.ValueOfUint64(1)
	}
	panic(fd.Kind())
}

// eachLack calls visit once for each message in m, at any depth, with that one missing.
func eachLack(m protoreflect.Message, visit func(name string)) {
	m.Range(func(fd protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if fd.Message() == nil || fd.IsMap() {
			return true
		}
		if fd.IsList() {
			if v.List().Len() > 0 {
				eachLack(v.List().Get(0).Message(), visit)
			}
		} else {
			eachLack(v.Message(), visit)
		}
		m.Clear(fd)
		visit(string(fd.FullName()))
		m.Set(fd, v)
		return true
	})
}

// Every part of every message may be missing.
func TestMissingParts(t *testing.T) {
	cases := 0
	for _, method := range methods {
		decode := func(m proto.Message, lack string) {
			cases++
			in := freshIntake()
			resp := &pb.WebcastResponse{Messages: []*pb.WebcastResponse_Message{nil, {Method: method, Payload: mustMarshal(m)}}}
			n := 0
			hasEnded := in.take(resp, false, func(e event.Event) { n++; _ = e.Header() })
			st := in.trouble.stats()
			if method == "WebcastGiftMessage" && lack == "everything" {
				if st.Malformed != 1 || n != 0 {
					t.Errorf("a gift that is none gave %d events, %+v", n, st)
				}
				return
			}
			if st.Malformed != 0 || n == 0 && !hasEnded && method != "WebcastControlMessage" && method != "WebcastSocialMessage" {
				t.Errorf("%s without %s: %d events, %+v", method, lack, n, st)
			}
		}
		decode(newBody(method), "everything")
		full := newBody(method)
		populate(full.ProtoReflect(), 3)
		decode(full, "nothing")
		eachLack(full.ProtoReflect(), func(name string) { decode(full, name) })
	}
	if cases < 500 {
		t.Errorf("only %d cases", cases)
	}
	in := freshIntake()
	in.take(nil, true, func(event.Event) { t.Error("an event out of nothing") })
}

// A broken message costs its neighbours nothing, whatever is broken of it.
func TestNeighboursSurvive(t *testing.T) {
	good1, good2 := chat(1, "one"), chat(2, "two")
	cut := rose(9, 8, 1, 5, 1)
	cut.Payload = cut.Payload[:len(cut.Payload)-3]
	field := func(m *pb.WebcastResponse_Message) []byte {
		return protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), mustMarshal(m))
	}
	for name, bad := range map[string][]byte{
		"payload is cut":         field(cut),
		"payload is noise":       field(&pb.WebcastResponse_Message{Method: "WebcastGiftMessage", Payload: []byte("\xff\xff\xff\xff\x01noise")}),
		"message is noise":       protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), []byte("\xff\xff\xff")),
		"unknown method":         field(&pb.WebcastResponse_Message{Method: "WebcastNewThing\x00\x1b[31m", Payload: []byte("x")}),
		"method is not UTF-8":    protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), []byte("\x0a\x02\xff\xfe")),
		"cursor is not UTF-8":    []byte("\x12\x02\xff\xfe"),
		"unknown field":          []byte("\xfa\x7f\x01x"),
		"empty message":          field(&pb.WebcastResponse_Message{}),
		"message of a wrong way": []byte("\x08\x01"),
	} {
		t.Run(name, func(t *testing.T) {
			raw := append(append(append([]byte{}, field(good1)...), bad...), field(good2)...)
			resp, err := decodeResponse(raw)
			in := freshIntake()
			if err != nil {
				in.trouble.bad("frame", err)
			}
			var log []event.Event
			in.take(resp, false, func(e event.Event) { log = append(log, e) })
			if got := kinds(log); got != "chat chat" {
				t.Errorf("got %s, %v", got, err)
			}
		})
	}
	raw := append(field(good1), "\x0a\xff\xff"...) // the end is cut off
	resp, err := decodeResponse(raw)
	if err == nil || len(resp.GetMessages()) != 1 {
		t.Errorf("got %v, %v", resp, err)
	}
}

// A name cut in the middle of an emoji must not cost the gift.
func TestBrokenTextIsMended(t *testing.T) {
	user := protowire.AppendString(protowire.AppendTag(nil, 3, protowire.BytesType), "Tom \xf0\x9f\x98")
	user = protowire.AppendString(protowire.AppendTag(user, 38, protowire.BytesType), "testy_tom")
	payload := mustMarshal(&pb.WebcastGiftMessage{GiftId: 42, RepeatCount: 1, Gift: &pb.GiftStruct{Id: 42, Name: "Galaxy", Type: 2}})
	payload = protowire.AppendBytes(protowire.AppendTag(payload, 7, protowire.BytesType), user)
	in := freshIntake()
	var log []event.Event
	in.take(&pb.WebcastResponse{Messages: []*pb.WebcastResponse_Message{{Method: "WebcastGiftMessage", Payload: payload}}}, false,
		func(e event.Event) { log = append(log, e) })
	if len(log) != 1 {
		t.Fatalf("got %v, %+v", log, in.trouble.stats())
	}
	if g := log[0].(event.Gift); g.User.Nickname != "Tom \uFFFD" || g.User.Handle != "testy_tom" || g.Added != 1 || g.Gift.Name != "Galaxy" {
		t.Errorf("got %+v", g)
	}
}

func TestGzip(t *testing.T) {
	resp := &pb.WebcastResponse{Messages: []*pb.WebcastResponse_Message{chat(1, "hi")}}
	if got, err := decodeResponse(zipped(mustMarshal(resp))); err != nil || len(got.GetMessages()) != 1 {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := decodeResponse(zipped(make([]byte, maxInflated+1))); err == nil {
		t.Error("a bomb was let in")
	}
	if got, err := decodeResponse(zipped(mustMarshal(resp))[:20]); err == nil {
		t.Errorf("got %v out of half a response", got)
	}
	if _, resp, err := decodeFrame(mustMarshal(&pb.WebcastPushFrame{PayloadType: "hb", Payload: []byte("\x1f\x8bnoise")})); resp != nil || err != nil {
		t.Errorf("heartbeat: %v, %v", resp, err)
	}
}

func TestHostileNumbersAndTexts(t *testing.T) {
	in := freshIntake()
	var log []event.Event
	take := func(b body) []event.Event {
		log = nil
		in.take(&pb.WebcastResponse{Messages: []*pb.WebcastResponse_Message{message(b)}}, false, func(e event.Event) { log = append(log, e) })
		return log
	}
	rose := &pb.GiftStruct{Id: 5655, Name: "Rose", Type: 1, DiamondCount: -7}
	for _, n := range []int32{-1, math.MinInt32} {
		if got := take(&pb.WebcastGiftMessage{GiftId: 5655, Gift: rose, RepeatCount: n, GroupId: 1}); got != nil {
			t.Errorf("streak of %d: %+v", n, got)
		}
	}
	if g := take(&pb.WebcastGiftMessage{GiftId: 5655, Gift: rose, RepeatCount: math.MaxInt32, RepeatEnd: 1, GroupId: 2})[0].(event.Gift); g.Added != maxCount || g.Gift.Coins != 0 {
		t.Errorf("got %+v", g)
	}
	if g := take(&pb.WebcastGiftMessage{GiftId: 1, Gift: &pb.GiftStruct{}, RepeatCount: -5})[0].(event.Gift); g.Added != 1 || !g.Final {
		t.Errorf("got %+v", g)
	}
	if l := take(&pb.WebcastLikeMessage{Count: -3, Total: math.MinInt32})[0].(event.Like); l.Added != 0 || l.Total != 0 {
		t.Errorf("got %+v", l)
	}
	if v := take(&pb.WebcastRoomUserSeqMessage{Total: math.MinInt64})[0].(event.ViewerCount); v.Viewers != 0 {
		t.Errorf("got %+v", v)
	}
	if v := take(&pb.WebcastRoomUserSeqMessage{Total: math.MaxInt64})[0].(event.ViewerCount); v.Viewers != math.MaxInt32 {
		t.Errorf("got %+v", v)
	}
	if s := take(&pb.WebcastSubNotifyMessage{SubMonth: -1})[0].(event.Subscribe); s.Months != 0 {
		t.Errorf("got %+v", s)
	}
	huge := strings.Repeat("ab€", 1<<18)
	c := take(&pb.WebcastChatMessage{Content: huge, User: &pb.User{Nickname: huge, DisplayId: huge, IdStr: huge, AvatarThumb: &pb.Image{UrlList: []string{"https://x/" + huge}}}})[0].(event.Chat)
	if len(c.Comment) > maxComment || len(c.User.Nickname) > maxName || len(c.User.Handle) > maxHandle || c.User.AvatarURL != "" ||
		!strings.HasPrefix(huge, c.Comment) || len(c.Comment) < maxComment-3 {
		t.Errorf("got a comment of %d, a name of %d", len(c.Comment), len(c.User.Nickname))
	}
	u := take(&pb.WebcastChatMessage{User: &pb.User{
		AvatarThumb: &pb.Image{UrlList: []string{"javascript:alert(1)", "file:///etc/passwd", "://", "https://", "https://img.example/x.webp"}},
		FansClub:    &pb.User_FansClub{Data: &pb.User_FansClub_FansClubData{Level: -4}}, FansClubInfo: &pb.User_FansClubInfo{FansLevel: math.MaxInt64},
	}})[0].(event.Chat).User
	if u.AvatarURL != "https://img.example/x.webp" || u.Roles.TeamLevel != maxLevel {
		t.Errorf("got %+v", u)
	}
	for _, created := range []int64{-1, 0, 5, math.MaxInt64, math.MinInt64} {
		at := take(&pb.WebcastChatMessage{Common: &pb.Common{CreateTime: created}})[0].Header().At
		if d := time.Since(at); d < 0 || d > time.Minute {
			t.Errorf("created %d: at %v", created, at)
		}
	}
	if at := take(&pb.WebcastChatMessage{Common: &pb.Common{CreateTime: 1_800_000_000}})[0].Header().At; at.Unix() != 1_800_000_000 {
		t.Errorf("seconds: %v", at)
	}
	if st := in.trouble.stats(); st.Malformed == 0 || len(st.Problems) == 0 {
		t.Errorf("got %+v", st)
	}
}

func TestMessagesWithoutID(t *testing.T) {
	in := freshIntake()
	n := 0
	take := func(b body) {
		m := message(b)
		m.MsgId = 0
		in.take(&pb.WebcastResponse{Messages: []*pb.WebcastResponse_Message{m}}, false, func(event.Event) { n++ })
	}
	at := time.Now().UnixMilli()
	take(&pb.WebcastChatMessage{Common: &pb.Common{CreateTime: at}, Content: "a"})
	take(&pb.WebcastChatMessage{Common: &pb.Common{CreateTime: at}, Content: "a"}) // the same again
	take(&pb.WebcastChatMessage{Common: &pb.Common{CreateTime: at + 1}, Content: "a"})
	take(&pb.WebcastChatMessage{Content: "a"})
	take(&pb.WebcastChatMessage{Content: "a"}) // nobody knows: better twice than not at all
	if n != 4 {
		t.Errorf("%d events", n)
	}
}

func TestSocialKinds(t *testing.T) {
	for _, test := range []struct {
		key    string
		action int64
		want   string
	}{
		{"pm_main_follow_message_viewer_2", 0, "follow"},
		{"pm_mt_guidance_share", 1, "share"},
		{"pm_mt_join_message_other_viewer", 0, "join"},
		{"", 1, "follow"},
		{"", 3, "share"},
		{"pm_unheard_of", 1, "follow"},
		{"", 0, ""},
		{"pm_unheard_of", 77, ""},
	} {
		in := freshIntake()
		var log []event.Event
		m := &pb.WebcastSocialMessage{Common: &pb.Common{DisplayText: &pb.Text{Key: test.key}}, Action: test.action}
		in.take(&pb.WebcastResponse{Messages: []*pb.WebcastResponse_Message{message(m)}}, false, func(e event.Event) { log = append(log, e) })
		if got := kinds(log); got != test.want {
			t.Errorf("%q, %d: got %q, want %q", test.key, test.action, got, test.want)
		}
	}
}

// A gift that names itself by its number alone is known from an earlier one.
func TestGiftIsRemembered(t *testing.T) {
	in := freshIntake()
	var log giftLog
	in.take(&pb.WebcastResponse{Messages: []*pb.WebcastResponse_Message{
		rose(1, 8, 1, 1, 1),
		message(&pb.WebcastGiftMessage{Common: common(2), GiftId: 5655, GroupId: 2, RepeatCount: 2, User: pbUser(8, "viewer_8")}),
		message(&pb.WebcastGiftMessage{Common: common(3), GiftId: 77, RepeatCount: 1}),
		message(&pb.WebcastGiftMessage{Common: common(4), GiftId: 77, GroupId: 5, RepeatCount: 1}),
	}}, false, log.emit)
	want := []told{{1, 1, true, true, false}, {2, 2, true, false, false}, {1, 1, true, true, false}, {1, 1, true, false, false}}
	if fmt.Sprint(log.told()) != fmt.Sprint(want) || log[1].Gift.Name != "Rose" || log[2].Gift != (event.GiftInfo{ID: 77}) {
		t.Errorf("got %+v", log)
	}
}

func TestRoles(t *testing.T) {
	badge := func(scene uint64) *pb.User {
		b := &pb.BadgeStruct{}
		b.ProtoReflect().SetUnknown(protowire.AppendVarint(protowire.AppendTag(nil, fieldBadgeScene, protowire.VarintType), scene))
		return &pb.User{BadgeList: []*pb.BadgeStruct{nil, b}}
	}
	for name, test := range map[string]struct {
		user     *pb.User
		identity *pb.UserIdentity
		want     event.Roles
	}{
		"nobody":            {},
		"admin":             {user: &pb.User{UserAttr: &pb.User_UserAttr{IsAdmin: true}}, want: event.Roles{Moderator: true}},
		"moderator's badge": {user: badge(1), want: event.Roles{Moderator: true}},
		"subscriber":        {user: &pb.User{SubscribeInfo: &pb.User_SubscribeInfo{IsSubscribe: true}}, want: event.Roles{Subscriber: true}},
		"sub badge":         {user: badge(4), want: event.Roles{Subscriber: true}},
		"new sub badge":     {user: badge(7), want: event.Roles{Subscriber: true}},
		"friend":            {user: &pb.User{FollowInfo: &pb.User_FollowInfo{FollowStatus: 2}}, want: event.Roles{Follower: true}},
		"mutual":            {identity: &pb.UserIdentity{IsMutualFollowingWithAnchor: true}, want: event.Roles{Follower: true}},
		"gifter's badge":    {user: badge(8), want: event.Roles{Gifter: true}},
		"team": {
			user: &pb.User{FansClub: &pb.User_FansClub{Data: &pb.User_FansClub_FansClubData{Level: 12}}},
			want: event.Roles{TeamLevel: 12},
		},
		"other badge": {user: badge(99)},
	} {
		if got := roles(test.user, test.identity); got != test.want {
			t.Errorf("%s: got %+v, want %+v", name, got, test.want)
		}
	}
}

func TestTroubleIsToldOncePerKind(t *testing.T) {
	var buf bytes.Buffer
	tr := newTrouble(slog.New(slog.NewTextHandler(&buf, &slog.HandlerOptions{Level: slog.LevelDebug})))
	for i := range 1000 {
		tr.bad("WebcastGiftMessage", errBroken)
		tr.strange(fmt.Sprintf("Webcast%dMessage", i))
	}
	if n := strings.Count(buf.String(), "malformed"); n != 1 {
		t.Errorf("told %d times", n)
	}
	if n := strings.Count(buf.String(), "\n"); n > maxKinds {
		t.Errorf("%d lines", n)
	}
	if st := tr.stats(); st.Malformed != 1000 || st.Unknown != 1000 || len(st.Problems) != 1 {
		t.Errorf("%+v", st)
	}
}

// A new live keeps what was seen, and begins its own past.
func TestNewRoom(t *testing.T) {
	in := freshIntake()
	n := 0
	emit := func(event.Event) { n++ }
	take := func(isFirst bool, ms ...*pb.WebcastResponse_Message) int {
		n = 0
		in.take(&pb.WebcastResponse{Messages: ms}, isFirst, emit)
		return n
	}
	take(false, chat(1, "a"))
	in.leave()
	in.enter("42", time.Now().Add(time.Hour))
	if got := take(true, chat(1, "a"), chat(2, "before the new one")); got != 0 {
		t.Errorf("%d events", got)
	}
	if in.room != "42" || in.hasHeld {
		t.Errorf("room %s, held %v", in.room, in.hasHeld)
	}
}

func FuzzDecode(f *testing.F) {
	for _, method := range methods {
		full := newBody(method)
		populate(full.ProtoReflect(), 2)
		for _, b := range []body{newBody(method), full} {
			f.Add(pushFrame(1, &pb.WebcastResponse{Messages: []*pb.WebcastResponse_Message{message(b), chat(1, "x")}}), true)
		}
	}
	f.Add(mustMarshal(&pb.WebcastPushFrame{PayloadType: "msg", Payload: zipped(mustMarshal(&pb.WebcastResponse{
		Messages: []*pb.WebcastResponse_Message{rose(1, 8, 1, 2, 0), rose(2, 8, 1, math.MaxInt32, 1), rose(3, 8, 0, -1, 1)},
	}))}), false)
	f.Add([]byte{0x3a, 0x02, 0x68, 0x62}, false)
	f.Add([]byte("\x3a\x03msg\x42\x04\x1f\x8b\x08\x00"), true)
	f.Fuzz(func(t *testing.T, frame []byte, isFirst bool) {
		in := freshIntake()
		var log giftLog
		emit := func(e event.Event) {
			if g, ok := e.(event.Gift); ok {
				log.emit(g)
			}
			if h := e.Header(); h.ID == "" || h.At.IsZero() || h.Source != sourceName {
				t.Errorf("head %+v", h)
			}
		}
		for range 2 { // the second time, all is seen
			_, resp, err := decodeFrame(frame)
			if err != nil {
				in.trouble.bad("frame", err)
			}
			in.take(resp, isFirst, emit)
		}
		in.streaks.endAll(time.Now(), emit)
		checkGiftPromises(t, 0, log)
		_, _ = readSigned(frame, nil)
	})
}

func BenchmarkDecodeResponse(b *testing.B) {
	var ms []*pb.WebcastResponse_Message
	for i := range 100 {
		m := &pb.WebcastGiftMessage{}
		if err := proto.Unmarshal(rose(int64(i+1), int64(i%10), int64(i/10), int32(i+1), 0).Payload, m); err != nil {
			b.Fatal(err)
		}
		m.Common.DisplayText = &pb.Text{Key: "pm_mt_gift", DefaultPattern: "{0:user} sent {1:gift}"}
		m.User.AvatarThumb = &pb.Image{UrlList: []string{"https://img.example/a.webp", "https://img.example/a.jpeg"}}
		ms = append(ms, message(m))
	}
	raw := mustMarshal(&pb.WebcastResponse{Messages: ms})
	frames := map[string][]byte{
		"plain": pushFrame(1, &pb.WebcastResponse{Messages: ms}),
		"gzip":  mustMarshal(&pb.WebcastPushFrame{PayloadType: "msg", Payload: zipped(raw)}),
	}
	for _, name := range []string{"plain", "gzip"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(raw)))
			n := 0
			for b.Loop() {
				in := freshIntake()
				_, resp, err := decodeFrame(frames[name])
				if err != nil {
					b.Fatal(err)
				}
				in.take(resp, false, func(event.Event) { n++ })
			}
			if n != b.N*100 {
				b.Fatalf("%d events in %d rounds", n, b.N)
			}
		})
	}
}
