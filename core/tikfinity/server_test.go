package tikfinity_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/feed"
	"github.com/livecue/livecue/core/source/tiktok"
	"github.com/livecue/livecue/core/tikfinity"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/steampoweredtaco/gotiktoklive.NewTikTokWithApiKey.func3"))
}

const patience = 20 * time.Second

// rig is a running Server.
type rig struct {
	*tikfinity.Server
	t   *testing.T
	hub *feed.Hub
	url string
}

func start(t *testing.T) *rig {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	r := &rig{t: t, hub: feed.NewHub(), url: fmt.Sprintf("ws://127.0.0.1:%d/", port)}
	r.Server = tikfinity.NewServer(tikfinity.Options{Hub: r.hub, Port: port, Channel: func() string { return "testy_tom" }})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		<-ended //nolint:errcheck // it ends as it is told to
	})
	r.await("it listens", func() bool { return r.Status().Address != "" })
	return r
}

func (r *rig) await(what string, holds func() bool) {
	r.t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			r.t.Fatalf("waited in vain until %s", what)
		}
	}
}

// listen connects as a program does.
func (r *rig) listen() *websocket.Conn {
	r.t.Helper()
	before := r.Status().Clients
	conn, resp, err := websocket.Dial(r.t.Context(), r.url, nil) //nolint:bodyclose // Dial closes it
	if err != nil {
		r.t.Fatal(resp, err)
	}
	r.t.Cleanup(func() { _ = conn.CloseNow() })
	r.await("the program is let in", func() bool { return r.Status().Clients == before+1 })
	return conn
}

func next(t *testing.T, conn *websocket.Conn) (name string, data map[string]any) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	kind, body, err := conn.Read(ctx)
	var f struct {
		Event string
		Data  map[string]any
	}
	if err != nil || kind != websocket.MessageText || json.Unmarshal(body, &f) != nil {
		t.Fatalf("%v, %v, %s", kind, err, body)
	}
	return f.Event, f.Data
}

var (
	pia  = event.User{ID: "12", Handle: "pixel_pia", Nickname: "Pia 🦀", AvatarURL: "https://example.com/p.jpg", Roles: event.Roles{Moderator: true, Follower: true, TeamLevel: 3}}
	rose = event.GiftInfo{ID: 5655, Name: "Rose", Coins: 1, Streakable: true}
)

func head(id string) event.Head { return event.Head{ID: id, At: time.UnixMilli(1773515716000)} }

func TestFramesAreAsConsumersExpect(t *testing.T) {
	r := start(t)
	conn := r.listen()
	ids := map[any]bool{}
	for _, tt := range []struct {
		e    event.Event
		name string
		want string // fields of its own
	}{
		{event.Chat{Head: head("1"), User: pia, Comment: "hi"}, "chat", `{"comment":"hi","emotes":[]}`},
		{event.Gift{Head: head("2"), User: pia, Gift: rose, Streak: "12/5655/7", Added: 2, Count: 2}, "gift", `{"giftId":5655,"giftName":"Rose","giftType":1,"diamondCount":1,"repeatCount":2,"repeatEnd":false}`},
		{event.Gift{Head: head("2"), User: pia, Gift: rose, Streak: "12/5655/7", Count: 2, Final: true}, "gift", `{"giftType":1,"repeatCount":2,"repeatEnd":true,"gift":{"gift_id":5655,"repeat_count":2,"repeat_end":1,"gift_type":1}}`},
		{event.Gift{Head: head("3"), User: pia, Gift: event.GiftInfo{ID: 9, Name: "Lion", Coins: 500}, Streak: "single/3", Added: 1, Count: 1, Final: true}, "gift", `{"giftType":2,"repeatCount":1,"repeatEnd":true}`},
		{event.Like{Head: head("4"), User: pia, Added: 5, Total: 100}, "like", `{"likeCount":5,"totalLikeCount":100}`},
		{event.Follow{Head: head("5"), User: pia}, "follow", `{"username":"pixel_pia"}`},
		{event.Share{Head: head("6"), User: pia}, "share", `{"name":"Pia 🦀"}`},
		{event.Join{Head: head("7"), User: event.User{}}, "member", `{"actionId":1,"uniqueId":"","userBadges":[],"tikfinityUserId":0}`},
		{event.Subscribe{Head: head("8"), User: pia, Months: 2}, "subscribe", `{"subMonth":2}`},
		{event.Question{Head: head("9"), User: pia, Text: "why?"}, "questionNew", `{"questionText":"why?"}`},
		{event.LiveEnded{Head: head("10")}, "streamEnd", `{}`},
	} {
		r.hub.Publish(event.Connected{}, feed.Origin{}) // has no frame
		r.hub.Publish(event.Chat{}, feed.Origin{Replayed: true})
		r.hub.Publish(tt.e, feed.Origin{})
		name, data := next(t, conn)
		var want map[string]any
		if err := json.Unmarshal([]byte(tt.want), &want); err != nil || name != tt.name {
			t.Fatalf("%s instead of %s, %v", name, tt.name, err)
		}
		for k, v := range want {
			if got, _ := json.Marshal(data[k]); string(got) != marshal(v) {
				t.Errorf("%s: %s is %s, want %s", name, k, got, marshal(v))
			}
		}
		if name == "streamEnd" {
			continue
		}
		if id := data["msgId"]; ids[id] || id == "" {
			t.Errorf("%s: the msgId %v came before", name, id)
		} else {
			ids[id] = true
		}
		for _, k := range []string{"userId", "uniqueId", "nickname", "profilePictureUrl", "userBadges", "userSceneTypes", "userDetails", "followInfo", "createTime", "tikfinityUserId"} {
			if data[k] == nil {
				t.Errorf("%s: there is no %s", name, k)
			}
		}
		if data["tikfinityUsername"] != "testy_tom" {
			t.Errorf("%s: the channel is %v", name, data["tikfinityUsername"])
		}
	}
}

func marshal(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

func TestViewerCounts(t *testing.T) {
	r := start(t)
	conn := r.listen()
	r.hub.Publish(event.ViewerCount{Viewers: 250}, feed.Origin{})
	if name, data := next(t, conn); name != "roomUser" || data["viewerCount"] != 250.0 || data["topViewers"] == nil {
		t.Errorf("%s: %v", name, data)
	}
}

// Only programs of this computer and pages that lie on it may listen.
func TestWebPagesAreRefused(t *testing.T) {
	r := start(t)
	port := r.url[strings.LastIndexByte(r.url, ':')+1 : len(r.url)-1]
	for _, tt := range []struct {
		origin, host string
		ok           bool
	}{
		{"", "", true},
		{"http://localhost:3000", "", true},
		{"http://127.0.0.1", "localhost:" + port, true},
		{"file://", "", true},
		{"https://evil.example.com", "", false},
		{"null", "", false},
		{"http://localhost.evil.example.com", "", false},
		{"", "evil.example.com:" + port, false},
		{"", "192.168.1.7:" + port, false},
	} {
		header := http.Header{}
		if tt.origin != "" {
			header.Set("Origin", tt.origin)
		}
		conn, _, err := websocket.Dial(t.Context(), r.url, &websocket.DialOptions{HTTPHeader: header, Host: tt.host}) //nolint:bodyclose // Dial closes it
		if (err == nil) != tt.ok {
			t.Errorf("origin %q, host %q: %v", tt.origin, tt.host, err)
		}
		if err == nil {
			_ = conn.CloseNow()
		}
	}
	if n := r.Status().Refused; n != 5 {
		t.Errorf("%d were refused", n)
	}
}

// Programs that say much, never read or hang up cost the others nothing.
func TestHostilePrograms(t *testing.T) {
	r := start(t)
	deaf, loud, good := r.listen(), r.listen(), r.listen()
	_ = deaf
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for range 100 {
		if loud.Write(ctx, websocket.MessageText, []byte(strings.Repeat("x", 1<<20))) != nil {
			break
		}
	}
	r.await("the loud one is gone", func() bool { return r.Status().Clients == 2 })
	text := strings.Repeat("x", 8<<10)
	for i := range 2000 {
		r.hub.Publish(event.Chat{Head: head(fmt.Sprint(i)), User: pia, Comment: text}, feed.Origin{})
		if name, _ := next(t, good); name != "chat" {
			t.Fatal(name)
		}
	}
}

func TestTakenPort(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	s := tikfinity.NewServer(tikfinity.Options{Hub: feed.NewHub(), Port: l.Addr().(*net.TCPAddr).Port})
	if err := s.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "TikFinity") {
		t.Errorf("got %v", err)
	}
}

// What one LiveCue passes on as TikFinity does, another takes in as from TikFinity: gifts count once, whatever comes again.
func TestSourceAndServerAgree(t *testing.T) {
	r := start(t)
	src, err := tiktok.New(tiktok.Options{Handle: "testy_tom", Door: tiktok.DoorTikFinity, TikFinityURL: r.url, StreakTimeout: 200 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var got []event.Event
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- src.Run(ctx, func(e event.Event) {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, e)
		})
	}()
	has := func(match func(event.Event) bool) func() bool {
		return func() bool {
			mu.Lock()
			defer mu.Unlock()
			return slices.ContainsFunc(got, match)
		}
	}
	r.await("the source listens", func() bool { return r.Status().Clients == 1 })
	gift := func(added, count int, final bool) event.Event {
		return event.Gift{Head: head("g"), User: pia, Gift: rose, Streak: "s", Added: added, Count: count, Final: final}
	}
	for _, e := range []event.Event{
		gift(1, 1, false), gift(4, 5, false), gift(4, 5, false), gift(0, 5, true), // the third came again
		event.Chat{Head: head("c"), User: pia, Comment: "hi"},
		event.Follow{Head: head("f"), User: pia},
		event.Like{Head: head("l"), User: pia, Added: 3, Total: 9},
		event.Join{Head: head("j"), User: pia},
		event.Share{Head: head("s"), User: pia},
		event.Subscribe{Head: head("u"), User: pia, Months: 4},
		event.Question{Head: head("q"), User: pia, Text: "why?"},
		event.ViewerCount{Head: head("v"), Viewers: 7},
		event.Gift{Head: head("o"), User: pia, Gift: rose, Streak: "open", Added: 2, Count: 2},
	} {
		r.hub.Publish(e, feed.Origin{})
	}
	r.await("the streak without an end has ended", has(func(e event.Event) bool { g, ok := e.(event.Gift); return ok && g.Inferred }))
	r.hub.Publish(event.LiveEnded{Head: head("e")}, feed.Origin{})
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "ended") {
		t.Errorf("it ended with %v", err)
	}
	cancel()
	added, ends, kinds := 0, 0, map[event.Kind]int{}
	for _, e := range got {
		kinds[e.Kind()]++
		if g, ok := e.(event.Gift); ok {
			added += g.Added
			if g.Final {
				ends++
			}
			if g.User.Handle != "pixel_pia" || g.User.ID != "12" || g.Gift.Name != "Rose" || !g.User.Roles.Moderator || g.User.Roles.TeamLevel != 3 {
				t.Errorf("the gift is %+v", g)
			}
		}
	}
	if added != 7 || ends != 2 {
		t.Errorf("%d gifts in %d streaks, want 7 in 2", added, ends)
	}
	for _, k := range []event.Kind{"connected", "chat", "follow", "like", "join", "share", "subscribe", "question", "viewers", "live_ended"} {
		if kinds[k] != 1 {
			t.Errorf("%s came %d times", k, kinds[k])
		}
	}
}

// A TikFinity that is not there is told of, and so is one that says what nobody understands.
func TestSourceWithoutTikFinity(t *testing.T) {
	src, err := tiktok.New(tiktok.Options{Handle: "testy_tom", Door: tiktok.DoorTikFinity, TikFinityURL: "ws://127.0.0.1:1/"})
	if err != nil {
		t.Fatal(err)
	}
	if err := src.Run(t.Context(), func(event.Event) {}); err == nil || !strings.Contains(err.Error(), "TikFinity does not answer") {
		t.Errorf("got %v", err)
	}
}

func FuzzMessage(f *testing.F) {
	for _, seed := range []string{
		`{"event":"gift","data":{"giftId":"5655","repeatCount":1e3,"repeatEnd":"true","userId":12,"isModerator":1}}`, `{"event":7,"data":[]}`, `{"data":{"giftId":{}}}`, `null`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var m tikfinity.Message
		if err := json.Unmarshal(body, &m); err == nil && !json.Valid(body) {
			t.Errorf("%q was read", body)
		}
	})
}
