package tiktok

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	pb "github.com/steampoweredtaco/gotiktoklive/proto"
	"go.uber.org/goleak"
	"google.golang.org/protobuf/proto"

	"github.com/livecue/livecue/core/event"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		// One for each lookup that was ever made: see lookup.
		goleak.IgnoreAnyFunction("github.com/steampoweredtaco/gotiktoklive.NewTikTokWithApiKey.func3"))
}

const (
	testHandle = "pixel_pia"
	testRoom   = "7400000000000000001"
)

// fake is TikTok, the signer, Euler Stream and a proxy to them, on loopback. A test changes the answers before it runs.
type fake struct {
	t     *testing.T
	front *httptest.Server // signer, sockets and CONNECT
	pages *httptest.Server // TikTok's pages, in TLS, reached by CONNECT

	// The answers.
	page   http.HandlerFunc
	info   http.HandlerFunc
	sign   http.HandlerFunc
	socket func(*peer)
	euler  func(*peer)
	refuse http.HandlerFunc // instead of a socket, if not nil

	mu       sync.Mutex
	seen     []string // paths asked for
	signed   []*http.Request
	shaken   []*http.Request
	isClosed bool

	taken sync.WaitGroup // connections that are no longer the HTTP servers'
	ctx   context.Context
}

// take makes the end of the test wait for a connection; false if it has come already.
func (f *fake) take() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.isClosed {
		return false
	}
	f.taken.Add(1)
	return true
}

// peer is the fake's end of a socket.
type peer struct {
	t    *testing.T
	ctx  context.Context
	conn *websocket.Conn
}

func newFake(t *testing.T) *fake {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	f := &fake{t: t, ctx: ctx}
	f.page = f.livePage(testRoom, 2)
	f.info = jsonAnswer(map[string]any{"data": map[string]any{"status": 2, "id_str": testRoom}, "status_code": 0})
	f.sign = f.signAnswer(nil)
	f.socket = func(p *peer) { p.wait() }
	f.euler = func(p *peer) { p.wait() }

	pages := http.NewServeMux()
	pages.HandleFunc("/webcast/room/info/", f.record(func(w http.ResponseWriter, r *http.Request) { f.info(w, r) }))
	pages.HandleFunc("/", f.record(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/@") {
			return
		}
		f.page(w, r)
	}))
	f.pages = httptest.NewUnstartedServer(pages)
	f.pages.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)
	f.pages.StartTLS()
	front := http.NewServeMux()
	front.HandleFunc("/webcast/fetch/", f.record(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		f.signed = append(f.signed, r)
		f.mu.Unlock()
		f.sign(w, r)
	}))
	front.HandleFunc("/push", f.record(f.serveSocket(func(p *peer) { f.socket(p) })))
	front.HandleFunc("/euler", f.record(f.serveSocket(func(p *peer) { f.euler(p) })))
	f.front = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodConnect {
			f.tunnel(w, r)
			return
		}
		front.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		f.mu.Lock()
		f.isClosed = true
		f.mu.Unlock()
		cancel()
		f.taken.Wait()
		f.front.CloseClientConnections()
		f.front.Close()
		f.pages.CloseClientConnections()
		f.pages.Close()
	})
	return f
}

// options lead a Source to the fake alone.
func (f *fake) options() Options {
	return Options{
		Handle: testHandle, Door: DoorDirect, SignerURL: f.front.URL, EulerURL: f.wsURL("/euler"),
		ProxyURL: f.front.URL, ProxyInsecure: true, Log: slog.New(slog.DiscardHandler),
	}
}

func (f *fake) source(change func(*Options)) *Source {
	f.t.Helper()
	opt := f.options()
	if change != nil {
		change(&opt)
	}
	s, err := New(opt)
	if err != nil {
		f.t.Fatal(err)
	}
	s.settle = 50 * time.Millisecond
	return s
}

func (f *fake) wsURL(path string) string {
	return "ws" + strings.TrimPrefix(f.front.URL, "http") + path
}

func (f *fake) record(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		f.seen = append(f.seen, r.URL.Path)
		f.mu.Unlock()
		h(w, r)
	}
}

func (f *fake) asked(path string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, p := range f.seen {
		if p == path {
			n++
		}
	}
	return n
}

// tunnel answers CONNECT: TikTok's names lead to pages.
func (f *fake) tunnel(w http.ResponseWriter, r *http.Request) {
	if r.Host != "www.tiktok.com:443" && r.Host != "webcast.tiktok.com:443" {
		http.Error(w, "not here", http.StatusForbidden)
		return
	}
	out, err := net.Dial("tcp", f.pages.Listener.Addr().String())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	in, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		out.Close()
		return
	}
	defer in.Close()
	defer out.Close()
	if !f.take() {
		return
	}
	defer f.taken.Done()
	if answer(in, http.StatusOK) == nil {
		splice(f.ctx, in, in, out) //nolint:contextcheck // the tunnel outlives the request
	}
}

func (f *fake) livePage(roomID string, status int) http.HandlerFunc {
	return sigiPage(map[string]any{"liveRoom": map[string]any{"liveRoomUserInfo": map[string]any{
		"user": map[string]any{"roomId": roomID, "status": status, "uniqueId": testHandle},
	}}})
}

func sigiPage(state any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		b, _ := json.Marshal(state)
		_, _ = fmt.Fprintf(w, `<html><script id="SIGI_STATE" type="application/json">%s</script></html>`, b)
	}
}

func jsonAnswer(v any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(v) }
}

func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
	}
}

// signAnswer is a complete sign response with the first messages.
func (f *fake) signAnswer(change func(*pb.WebcastResponse), first ...*pb.WebcastResponse_Message) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		resp := &pb.WebcastResponse{
			PushServer: f.wsURL("/push"), RouteParamsMap: map[string]string{"imprp": "abc", "wrss": "def"},
			Cursor: "c1", InternalExt: []byte("ext-1"), Now: time.Now().UnixMilli(), Messages: first,
		}
		if change != nil {
			change(resp)
		}
		w.Header().Set("X-Set-TT-Cookie", "ttwid=abc123; Path=/; Secure")
		_, _ = w.Write(mustMarshal(resp))
	}
}

func (f *fake) serveSocket(script func(*peer)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		f.shaken = append(f.shaken, r)
		f.mu.Unlock()
		if f.refuse != nil {
			f.refuse(w, r)
			return
		}
		conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
		if err != nil {
			return
		}
		defer conn.CloseNow()
		if !f.take() {
			return
		}
		defer f.taken.Done()
		script(&peer{t: f.t, ctx: f.ctx, conn: conn})
	}
}

// say sends messages in one frame.
func (p *peer) say(messages ...*pb.WebcastResponse_Message) {
	p.send(pushFrame(1, &pb.WebcastResponse{Messages: messages}))
}

func (p *peer) send(frame []byte) {
	if err := p.conn.Write(p.ctx, websocket.MessageBinary, frame); err != nil {
		p.t.Logf("fake: write: %v", err)
	}
}

// next is the client's next frame, nil at the end.
func (p *peer) next() []byte {
	_, b, err := p.conn.Read(p.ctx)
	if err != nil {
		return nil
	}
	return b
}

// wait holds the socket until the client goes.
func (p *peer) wait() {
	for p.next() != nil {
	}
}

func (p *peer) close(code websocket.StatusCode, reason string) { _ = p.conn.Close(code, reason) }

func pushFrame(logID uint64, resp *pb.WebcastResponse) []byte {
	return mustMarshal(&pb.WebcastPushFrame{LogId: logID, PayloadType: "msg", Payload: mustMarshal(resp)})
}

func mustMarshal(m proto.Message) []byte {
	b, err := proto.Marshal(m)
	if err != nil {
		panic(err)
	}
	return b
}

// message wraps a payload.
func message(b body) *pb.WebcastResponse_Message {
	name := string(b.ProtoReflect().Descriptor().Name())
	return &pb.WebcastResponse_Message{Method: name, Payload: mustMarshal(b), MsgId: b.GetCommon().GetMsgId()}
}

func common(id int64) *pb.Common { return &pb.Common{MsgId: id, CreateTime: time.Now().UnixMilli()} }

func pbUser(id int64, handle string) *pb.User {
	return &pb.User{Id: id, DisplayId: handle, Nickname: strings.ToUpper(handle)}
}

func chat(id int64, text string) *pb.WebcastResponse_Message {
	return message(&pb.WebcastChatMessage{Common: common(id), User: pbUser(7, "testy_tom"), Content: text})
}

func rose(id int64, user, group int64, count, end int32) *pb.WebcastResponse_Message {
	return message(&pb.WebcastGiftMessage{
		Common: common(id), GiftId: 5655, User: pbUser(user, fmt.Sprintf("viewer_%d", user)), GroupId: group,
		RepeatCount: count, RepeatEnd: end,
		Gift: &pb.GiftStruct{Id: 5655, Name: "Rose", DiamondCount: 1, Type: 1},
	})
}

func control(id int64, action pb.ControlAction) *pb.WebcastResponse_Message {
	return message(&pb.WebcastControlMessage{Common: common(id), Action: action})
}

// run is a Source that runs, with what it has emitted.
type run struct {
	t      *testing.T
	cancel context.CancelFunc
	done   chan error

	mu      sync.Mutex
	events  []event.Event
	changed chan struct{}
}

func start(t *testing.T, s *Source) *run {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := &run{t: t, cancel: cancel, done: make(chan error, 1), changed: make(chan struct{}, 1)}
	go func() { r.done <- s.Run(ctx, r.emit) }()
	t.Cleanup(cancel)
	return r
}

func (r *run) emit(e event.Event) {
	r.mu.Lock()
	r.events = append(r.events, e)
	r.mu.Unlock()
	select {
	case r.changed <- struct{}{}:
	default:
	}
}

func (r *run) all() []event.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]event.Event(nil), r.events...)
}

// until waits for an event that satisfies is.
func (r *run) until(what string, is func(event.Event) bool) event.Event {
	r.t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		for _, e := range r.all() {
			if is(e) {
				return e
			}
		}
		select {
		case <-r.changed:
		case err := <-r.done:
			for _, e := range r.all() {
				if is(e) {
					r.done <- err
					return e
				}
			}
			r.t.Fatalf("waiting for %s: run ended: %v; events: %s", what, err, kinds(r.all()))
		case <-deadline:
			r.t.Fatalf("waiting for %s: timeout; events: %s", what, kinds(r.all()))
		}
	}
}

func (r *run) untilKind(k event.Kind) event.Event {
	r.t.Helper()
	return r.until(string(k), func(e event.Event) bool { return e.Kind() == k })
}

// stop cancels and returns Run's error.
func (r *run) stop() error {
	r.cancel()
	return r.end()
}

func (r *run) end() error {
	r.t.Helper()
	select {
	case err := <-r.done:
		return err
	case <-time.After(20 * time.Second):
		r.t.Fatalf("run does not end; events: %s", kinds(r.all()))
		return nil
	}
}

func kinds(events []event.Event) string {
	var out []string
	for _, e := range events {
		out = append(out, string(e.Kind()))
	}
	return strings.Join(out, " ")
}

func of[T event.Event](events []event.Event) []T {
	var out []T
	for _, e := range events {
		if v, ok := e.(T); ok {
			out = append(out, v)
		}
	}
	return out
}
