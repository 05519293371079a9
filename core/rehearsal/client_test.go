package rehearsal

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	pb "github.com/steampoweredtaco/gotiktoklive/proto"
	"google.golang.org/protobuf/proto"
)

// start runs a server for the time of a test.
func start(t *testing.T, opt Options) *Server {
	t.Helper()
	s, err := Listen(opt)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("run: %v", err)
		}
		http.DefaultClient.CloseIdleConnections()
	})
	return s
}

// heard is what a client has understood, each message id once.
type heard struct {
	ids                                                             map[int64]bool
	gifts                                                           map[int64]*pb.GiftStruct
	streaks                                                         map[groupKey]Streak
	follows, shares, joins, chats, likes, subs, questions, viewers  int
	frames, repeated, unreadable, unknown, ended, history, messages int
}

func newHeard() *heard {
	return &heard{ids: map[int64]bool{}, gifts: map[int64]*pb.GiftStruct{}, streaks: map[groupKey]Streak{}}
}

func (h *heard) response(r *pb.WebcastResponse) {
	h.frames++
	for _, m := range r.GetMessages() {
		h.messages++
		switch {
		case m.GetIsHistory():
			h.history++
		case h.ids[m.GetMsgId()]:
			h.repeated++
		default:
			h.ids[m.GetMsgId()] = true
			h.message(m.GetMethod(), m.GetPayload())
		}
	}
}

func (h *heard) message(method string, payload []byte) {
	read := func(m proto.Message) bool {
		if err := proto.Unmarshal(payload, m); err != nil {
			h.unreadable++
			return false
		}
		return true
	}
	switch method {
	case "WebcastGiftMessage":
		if m := new(pb.WebcastGiftMessage); read(m) {
			h.gift(m)
		}
	case "WebcastSocialMessage":
		if m := new(pb.WebcastSocialMessage); read(m) {
			h.follows += map[int64]int{1: 1}[m.GetAction()]
			h.shares += map[int64]int{3: 1}[m.GetAction()]
		}
	case "WebcastMemberMessage":
		if m := new(pb.WebcastMemberMessage); read(m) && m.GetAction() == pb.MemberMessageAction_JOINED {
			h.joins++
		}
	case "WebcastChatMessage":
		if m := new(pb.WebcastChatMessage); read(m) && m.GetUser().GetDisplayId() != "" {
			h.chats++
		}
	case "WebcastLikeMessage":
		if m := new(pb.WebcastLikeMessage); read(m) {
			h.likes += max(0, int(m.GetCount()))
		}
	case "WebcastSubNotifyMessage":
		if m := new(pb.WebcastSubNotifyMessage); read(m) && m.GetUser().GetDisplayId() != "" {
			h.subs++
		}
	case "WebcastQuestionNewMessage":
		if m := new(pb.WebcastQuestionNewMessage); read(m) && m.GetDetails().GetText() != "" {
			h.questions++
		}
	case "WebcastRoomUserSeqMessage":
		if m := new(pb.WebcastRoomUserSeqMessage); read(m) {
			h.viewers++
		}
	case "WebcastControlMessage":
		if m := new(pb.WebcastControlMessage); read(m) && m.GetAction() == pb.ControlAction_STREAM_ENDED {
			h.ended++
		}
	case "WebcastRoomMessage":
	default:
		h.unknown++
	}
}

func (h *heard) gift(m *pb.WebcastGiftMessage) {
	if m.GetUser().GetDisplayId() == "" || m.GetRepeatCount() <= 0 {
		return
	}
	key := groupKey{m.GetUser().GetId(), m.GetGiftId(), m.GetGroupId()}
	s := h.streaks[key]
	if m.GetGift() != nil {
		h.gifts[m.GetGiftId()] = m.GetGift()
	}
	g := h.gifts[m.GetGiftId()]
	s.Handle, s.GiftID, s.Gift, s.Group = m.GetUser().GetDisplayId(), m.GetGiftId(), g.GetName(), m.GetGroupId()
	s.Count = max(s.Count, int(m.GetRepeatCount()))
	s.Coins = s.Count * int(g.GetDiamondCount())
	s.Ended = s.Ended || m.GetRepeatEnd() == 1
	h.streaks[key] = s
}

// check compares what was heard with the ledger, to the coin.
func (h *heard) check(t *testing.T, l Ledger) {
	t.Helper()
	gifts, coins := 0, 0
	for _, s := range h.streaks {
		gifts += s.Count
		coins += s.Coins
	}
	type sums struct{ Gifts, Coins, Streaks, Follows, Shares, Joins, Chats, Likes, Subs, Questions, Viewers int }
	got := sums{gifts, coins, len(h.streaks), h.follows, h.shares, h.joins, h.chats, h.likes, h.subs, h.questions, h.viewers}
	want := sums{l.Gifts, l.Coins, len(l.Streaks), l.Follows, l.Shares, l.Joins, l.Chats, l.Likes, l.Subscribes, l.Questions, l.ViewerCounts}
	if got != want {
		t.Errorf("heard  %+v\nledger %+v", got, want)
	}
	heard := map[Streak]bool{}
	for _, s := range h.streaks {
		heard[s] = true
	}
	for _, s := range l.Streaks {
		if !heard[s] {
			t.Errorf("streak %+v was not heard so", s)
			break
		}
	}
}

// signed is a sign response with its cookie.
type signed struct {
	response *pb.WebcastResponse
	cookie   string
	status   int
	header   http.Header
}

func sign(ctx context.Context, s *Server, roomID, key string) (signed, error) {
	q := url.Values{"client": {"test"}, "room_id": {roomID}, "apiKey": {key}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.SignerURL()+"/webcast/fetch/?"+q.Encode(), nil)
	if err != nil {
		return signed{}, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return signed{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return signed{}, err
	}
	out := signed{status: resp.StatusCode, header: resp.Header, cookie: resp.Header.Get("X-Set-TT-Cookie"), response: new(pb.WebcastResponse)}
	if resp.StatusCode != http.StatusOK {
		return out, nil
	}
	return out, proto.Unmarshal(body, out.response)
}

// dial opens the socket that a sign response names.
func dial(ctx context.Context, roomID string, sd signed) (*websocket.Conn, int, error) {
	q := url.Values{"room_id": {roomID}, "compress": {"gzip"}}
	for k, v := range sd.response.GetRouteParamsMap() {
		q.Set(k, v)
	}
	return openSocket(ctx, sd.response.GetPushServer()+"?"+q.Encode(), http.Header{
		"Cookie": {sd.cookie}, "Origin": {"https://www.tiktok.com"},
	})
}

// openSocket dials a WebSocket; it returns the status too.
func openSocket(ctx context.Context, address string, header http.Header) (*websocket.Conn, int, error) {
	ws, resp, err := websocket.Dial(ctx, address, &websocket.DialOptions{
		HTTPHeader: header, Subprotocols: []string{"echo-protocol"},
	})
	status := 0
	if resp != nil {
		status = resp.StatusCode
		if resp.Body != nil {
			resp.Body.Close()
		}
	}
	if ws != nil {
		ws.SetReadLimit(-1)
	}
	return ws, status, err
}

// listen reads frames and acknowledges them until the socket ends. until, if not nil, is asked after each frame.
func (h *heard) listen(ctx context.Context, ws *websocket.Conn, isAcking bool, until func() bool) error {
	for {
		kind, data, err := ws.Read(ctx)
		if err != nil {
			return err
		}
		f, r := new(pb.WebcastPushFrame), new(pb.WebcastResponse)
		if kind != websocket.MessageBinary || proto.Unmarshal(data, f) != nil || f.GetPayloadType() != "msg" {
			h.unreadable++
			continue
		}
		payload, err := gunzip(f.GetPayload())
		if err != nil || proto.Unmarshal(payload, r) != nil {
			h.unreadable++
			continue
		}
		if !r.GetNeedsAck() || len(r.GetInternalExt()) == 0 || len(r.GetCursor()) == 0 {
			return errors.New("a frame that needs no ack or has no cursor")
		}
		h.response(r)
		if isAcking {
			ack, err := proto.Marshal(&pb.WebcastPushFrame{LogId: f.GetLogId(), PayloadType: "ack", Payload: r.GetInternalExt()})
			if err != nil {
				return err
			}
			if err := ws.Write(ctx, websocket.MessageBinary, ack); err != nil {
				return err
			}
		}
		if until != nil && until() {
			return nil
		}
	}
}

func gunzip(data []byte) ([]byte, error) {
	if !bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		return data, nil
	}
	zr, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(zr)
}

// roomNow is the id of the room that the stage shows.
func (s *Server) roomNow() string {
	s.stage.mu.Lock()
	defer s.stage.mu.Unlock()
	return s.stage.room.String()
}

// follow stays connected whatever happens, as a client should, until the script has been played.
func (h *heard) follow(ctx context.Context, t *testing.T, s *Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	stop := context.AfterFunc(ctx, func() {})
	defer stop()
	go func() { // ends with ctx
		select {
		case <-s.Done():
			cancel()
		case <-ctx.Done():
		}
	}()
	for ctx.Err() == nil {
		if err := h.connect(ctx, s); err != nil && ctx.Err() == nil {
			// Only a retry can be waited for: the next look is soon.
			sleepUntil(ctx, time.Now().Add(5*time.Millisecond))
		}
	}
	select {
	case <-s.Done():
	default:
		t.Fatalf("the script did not come to its end: %+v", short(s.Ledger()))
	}
}

// connect makes one connection and holds it until it ends.
func (h *heard) connect(ctx context.Context, s *Server) error {
	room := s.roomNow()
	sd, err := sign(ctx, s, room, s.key)
	if err != nil {
		return err
	}
	if sd.status != http.StatusOK {
		return fmt.Errorf("sign: status %d", sd.status)
	}
	h.response(sd.response)
	ws, _, err := dial(ctx, room, sd)
	if err != nil {
		return err
	}
	defer ws.CloseNow()
	return h.listen(ctx, ws, true, nil)
}

// short is a ledger that can be printed.
func short(l Ledger) Ledger {
	l.Streaks = nil
	return l
}

func script(t *testing.T, name string) *Script {
	t.Helper()
	s, err := Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestLedgerIsWhatARawClientHears(t *testing.T) {
	for _, name := range Scripts() {
		t.Run(name, func(t *testing.T) {
			s := start(t, Options{Script: script(t, name), Speed: 60, Key: "a key"})
			h := newHeard()
			h.follow(t.Context(), t, s)
			l := s.Ledger()
			h.check(t, l)
			if l.Pending != 0 || l.Missed != 0 || l.Received.BadAcks != 0 {
				t.Errorf("left over: %+v", short(l))
			}
			if l.Gifts == 0 || l.Chats == 0 || l.Likes == 0 {
				t.Errorf("not much happened: %+v", short(l))
			}
			t.Logf("ledger %+v; heard %d frames with %d messages, %d repeated, %d unreadable", short(l), h.frames, h.messages, h.repeated, h.unreadable)
		})
	}
}

func TestPlayedIsWhatWasPlanned(t *testing.T) {
	const text = `
		crowd 5
		every 100ms for 10s random viewer streaks Rose or GG to 1..20 over 1s..2s
		every 300ms for 10s random viewer gifts Corgi x1..3
		every 50ms for 10s random viewer likes 1..9
		every 1s for 10s cut the connection`
	sc := parse(t, text)
	want := newBook()
	for _, step := range plan(sc, 9, 0) {
		want.deliver(&step, step.group)
	}
	s := start(t, Options{Script: sc, Speed: 40, Seed: 9})
	h := newHeard()
	h.follow(t.Context(), t, s)
	got := s.Ledger()
	h.check(t, got)
	sums := func(l Ledger) [4]int { return [4]int{l.Gifts, l.Coins, len(l.Streaks), l.Likes} }
	if sums(got) != sums(want.copy()) {
		t.Errorf("played %v, planned %v", sums(got), sums(want.copy()))
	}
	if got.Received.Connections < 2 {
		t.Errorf("the connection was never cut: %+v", got.Received)
	}
}

// The wire is the same for the same seed, but for ids and times.
func TestSameSeedSameMessages(t *testing.T) {
	const text = "crowd 9\nevery 100ms for 3s random viewer gifts Rose or GG x1..5\nevery 70ms for 3s random viewer says \"a\" or \"b\""
	record := func(seed uint64) []string {
		s := start(t, Options{Script: parse(t, text), Speed: 100, Seed: seed})
		h := newHeard()
		h.follow(t.Context(), t, s)
		var out []string
		for _, streak := range s.Ledger().Streaks {
			out = append(out, fmt.Sprintf("%s %s %d %d", streak.Handle, streak.Gift, streak.Count, streak.Group-s.stage.epoch.UnixMilli()))
		}
		return out
	}
	first := record(4)
	if !reflect.DeepEqual(first, record(4)) {
		t.Error("the same seed gave other gifts")
	}
	if reflect.DeepEqual(first, record(5)) {
		t.Error("another seed gave the same gifts")
	}
}

func TestUnacknowledgedComesAgain(t *testing.T) {
	s := start(t, Options{Script: parse(t, "at 0s random viewer gifts Rose x7\nat 0s random viewer follows"), Speed: 1000})
	ctx := t.Context()
	room := s.roomNow()
	open := func() *websocket.Conn {
		sd, err := sign(ctx, s, room, "")
		if err != nil {
			t.Fatal(err)
		}
		ws, _, err := dial(ctx, room, sd)
		if err != nil {
			t.Fatal(err)
		}
		return ws
	}
	deaf := newHeard()
	ws := open()
	if err := deaf.listen(ctx, ws, false, func() bool { return deaf.follows == 1 && len(deaf.streaks) == 1 }); err != nil {
		t.Fatal(err)
	}
	ws.CloseNow()
	if l := s.Ledger(); l.Gifts != 0 || l.Follows != 0 || l.Pending == 0 {
		t.Fatalf("counted without an ack: %+v", short(l))
	}
	deaf.follow(ctx, t, s)
	l := s.Ledger()
	deaf.check(t, l)
	if l.Gifts != 7 || l.Follows != 1 || deaf.repeated == 0 {
		t.Errorf("gifts %d, follows %d, repeated %d", l.Gifts, l.Follows, deaf.repeated)
	}
}

// Everything that a script is made of reaches the wire as TikTok writes it.
func TestWireForm(t *testing.T) {
	st := newStage("host", nil, time.Now())
	e := st.envelope(time.Now())
	e.group, e.likes = 42, 99
	v := &viewer{id: 5, handle: "pia", nickname: "Pia\u202e", picture: "https://example.test/p", roles: roles{true, true, true, true, 12}}
	rose := gift{id: 5655, name: "Rose", coins: 1, streakable: true}
	_, m := encode(&step{verb: doGift, viewer: v, gift: rose, count: 3, isEnd: true}, e)
	g := m.(*pb.WebcastGiftMessage)
	if g.GetGift().GetType() != 1 || g.GetRepeatEnd() != 1 || g.GetRepeatCount() != 3 || g.GetGroupId() != 42 || g.GetGift().GetDiamondCount() != 1 {
		t.Errorf("gift %v", g)
	}
	u := g.GetUser()
	if u.GetDisplayId() != "pia" || u.GetNickname() != "Pia\u202e" || u.GetAvatarThumb().GetUrlList()[0] != v.picture ||
		u.GetFollowInfo().GetFollowStatus() != 1 || !u.GetUserAttr().GetIsAdmin() || u.GetFansClub().GetData().GetLevel() != 12 ||
		!u.GetSubscribeInfo().GetIsSubscribedToAnchor() || len(u.GetBadgeList()) != 2 {
		t.Errorf("user %v", u)
	}
	if id := g.GetUserIdentity(); !id.GetIsGiftGiverOfAnchor() || !id.GetIsModeratorOfAnchor() || !id.GetIsFollowerOfAnchor() {
		t.Errorf("identity %v", id)
	}
	_, m = encode(&step{verb: doLike, viewer: v, count: 5}, e)
	if l := m.(*pb.WebcastLikeMessage); l.GetCount() != 5 || l.GetTotal() != 99 {
		t.Errorf("like %v", l)
	}
	for _, verb := range []verb{doFollow, doJoin, doShare, doSubscribe, doLike, doChat, doAsk, doGift, doViewers} {
		method, m := encode(&step{verb: verb, viewer: v, gift: rose}, e)
		if name := string(m.ProtoReflect().Descriptor().Name()); name != method {
			t.Errorf("%s is sent as %s in %s", verb, name, method)
		}
	}
}

func TestHistoryComesFirstAndIsMarked(t *testing.T) {
	s := start(t, Options{Script: parse(t, "at 0s random viewer says \"now\""), Speed: 1000})
	h := newHeard()
	h.follow(t.Context(), t, s)
	if h.history == 0 || h.chats != 1 || s.Ledger().Chats != 1 {
		t.Errorf("history %d, chats %d", h.history, h.chats)
	}
}

func TestLoopGoesOnWithNewIDs(t *testing.T) {
	s := start(t, Options{Script: parse(t, "length 1s\nat 0s random viewer gifts Rose x2"), Speed: 100, Loop: true})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	room := s.roomNow()
	sd, err := sign(ctx, s, room, "")
	if err != nil {
		t.Fatal(err)
	}
	ws, _, err := dial(ctx, room, sd)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.CloseNow()
	h := newHeard()
	if err := h.listen(ctx, ws, true, func() bool { return len(h.streaks) >= 4 }); err != nil {
		t.Fatal(err)
	}
	if h.repeated != 0 {
		t.Errorf("%d ids came again", h.repeated)
	}
	select {
	case <-s.Done():
		t.Error("a loop has ended")
	default:
	}
}

func TestALoopPausesAndEnds(t *testing.T) {
	var s *Server
	var frames atomic.Int32
	enough := func([]string) {
		if frames.Add(1) == 5 {
			s.Pause()
		}
	}
	s = start(t, Options{Script: parse(t, "length 1s\nat 0s random viewer gifts Rose x2"), Speed: 10, Loop: true, OnFrame: enough})
	const many = 2
	atPause := make(chan int, 1)
	go func() { // ends with the test's client, which goes on until the last lap
		st := s.stage
		st.await(t.Context(), time.Minute, func() bool { return st.laps.isPause && st.laps.isWaiting && st.book.total.Pending == 0 })
		before := s.Totals().Delivered
		s.Resume()
		st.await(t.Context(), time.Minute, func() bool { return st.book.total.Delivered > before+many })
		atPause <- before
		s.LastLap()
	}()
	h := newHeard()
	h.follow(t.Context(), t, s)
	l := s.Ledger()
	h.check(t, l)
	if before := <-atPause; before%2 != 0 || l.Delivered <= before+many {
		t.Errorf("%d messages until the pause, %d in all", before, l.Delivered)
	}
	if len(l.Streaks) < 2 || l.Gifts != 2*len(l.Streaks) || l.Delivered != 2*len(l.Streaks) || l.Sent.Backlog == 0 || l.Sent.LongestWrite == 0 {
		t.Errorf("%d streaks, ledger %+v", len(l.Streaks), short(l))
	}
}

func TestHostileNamesSurviveTheWire(t *testing.T) {
	name := strings.Repeat("🦄", 1000)
	s := start(t, Options{Script: parse(t, "viewer pia \""+name+"\"\nat 0s pia says \"\\xff\\x00\""), Speed: 1000})
	h := newHeard()
	h.follow(t.Context(), t, s)
	if h.chats != 1 {
		t.Errorf("chats %d", h.chats)
	}
}
