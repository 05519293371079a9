package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	"github.com/livecue/livecue/core/grant"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 20 * time.Second

// show notes what it is told to do.
type show struct {
	mu   sync.Mutex
	done []string
}

func (s *show) note(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done = append(s.done, what)
}

func (s *show) Connect() error { s.note("connect"); return nil }
func (s *show) Disconnect()    { s.note("disconnect") }
func (s *show) Fire(id string) error {
	s.note("fire " + id)
	return errors.New("there is no such rule")
}
func (s *show) PauseLane(lane string)  { s.note("pause " + lane) }
func (s *show) ResumeLane(lane string) { s.note("resume " + lane) }
func (s *show) PanicStop()             { s.note("panic") }

// rig is a running Server.
type rig struct {
	*Server
	t      *testing.T
	book   *grant.Book
	hub    *feed.Hub
	show   *show
	calls  chan event.Signal
	client *http.Client
}

func start(t *testing.T) *rig {
	t.Helper()
	book, err := grant.Open(grant.Options{})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	r := &rig{t: t, book: book, hub: feed.NewHub(), show: &show{}, calls: make(chan event.Signal, 500), client: &http.Client{Timeout: patience, Transport: &http.Transport{}}}
	seen := map[string]bool{}
	var mu sync.Mutex
	signal := func(e event.Signal) error {
		mu.Lock()
		defer mu.Unlock()
		if seen[e.ID] {
			return feed.ErrSeen
		}
		seen[e.ID] = true
		r.calls <- e
		return nil
	}
	stream := feed.New(feed.Options{Hub: r.hub, Book: book, Signal: signal})
	r.Server = New(Options{
		Book: book, Stream: stream.ServeWebSocket, Signal: signal, Show: r.show, Port: port,
		Status: func() any { return map[string]string{"state": "offline"} },
	})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		<-ended //nolint:errcheck // it ends as it is told to
		r.client.CloseIdleConnections()
	})
	for deadline := time.Now().Add(patience); r.Address() == ""; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it does not listen")
		}
	}
	return r
}

func (r *rig) token(scopes ...grant.Scope) string {
	r.t.Helper()
	token, _, err := r.book.Lend("My tool", scopes...)
	if err != nil {
		r.t.Fatal(err)
	}
	return token
}

// ask sends a request and returns status and answer. header is in pairs.
func (r *rig) ask(method, path, body string, header ...string) (int, answer, http.Header) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), method, "http://"+r.Address()+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			req.Host = header[i+1]
		} else {
			req.Header.Set(header[i], header[i+1])
		}
	}
	resp, err := r.client.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	var a answer
	_ = json.Unmarshal(text, &a) // of some answers the status is all
	return resp.StatusCode, a, resp.Header
}

func TestCallsOverHTTP(t *testing.T) {
	r := start(t)
	bearer := "Bearer " + r.token(grant.Trigger)
	for _, tt := range []struct {
		name, path, body string
		header           []string
		want             event.Signal
	}{
		{"nothing said", "/v1/signals/boss%20is%20down", "", nil, event.Signal{Name: "boss is down"}},
		{"text", "/v1/signals/boss", " in 12 s\n", nil, event.Signal{Name: "boss", Text: "in 12 s"}},
		{"JSON", "/v1/signals/boss", `{"id":"7","text":"x","count":3,"user":{"handle":"@pixel_pia"}}`, nil, event.Signal{Name: "boss", Text: "x", Count: 3, User: event.User{Handle: "pixel_pia"}}},
		{"a hook", "/v1/hooks/" + r.token(grant.Trigger) + "/boss", "x", []string{"Authorization", ""}, event.Signal{Name: "boss", Text: "x"}},
		{"not UTF-8", "/v1/signals/boss", "a\xffb", nil, event.Signal{Name: "boss", Text: "a\uFFFDb"}},
	} {
		status, a, _ := r.ask("POST", tt.path, tt.body, append([]string{"Authorization", bearer}, tt.header...)...)
		if status != http.StatusOK || a.Type != "ok" || a.Seen {
			t.Fatalf("%s: %d %+v", tt.name, status, a)
		}
		e := <-r.calls
		if e.Name != tt.want.Name || e.Text != tt.want.Text || e.Count != tt.want.Count || e.User != tt.want.User || e.By != "My tool" {
			t.Errorf("%s: %+v", tt.name, e)
		}
	}
	for i, want := range []bool{false, true, true} {
		if status, a, _ := r.ask("POST", "/v1/signals/boss", "", "Authorization", bearer, "Idempotency-Key", "once"); status != http.StatusOK || a.Seen != want || a.ID != "once" {
			t.Errorf("call %d: %d %+v", i+1, status, a)
		}
	}
}

func TestControl(t *testing.T) {
	r := start(t)
	bearer := "Bearer " + r.token(grant.Control)
	for path, want := range map[string]int{
		"connect": 200, "disconnect": 200, "pause/rcon:minecraft": 200, "resume/rcon:minecraft": 200, "panic": 200, "fire/r1": 409, "explode": 404,
	} {
		if status, a, _ := r.ask("POST", "/v1/control/"+path, "", "Authorization", bearer); status != want {
			t.Errorf("%s: %d %+v", path, status, a)
		}
	}
	want := []string{"connect", "disconnect", "fire r1", "panic", "pause rcon:minecraft", "resume rcon:minecraft"}
	if slices.Sort(r.show.done); !slices.Equal(r.show.done, want) {
		t.Errorf("it did %q", r.show.done)
	}
}

// Each of these is an attack: none has an effect.
func TestAttacks(t *testing.T) {
	r := start(t)
	reader, caller := "Bearer "+r.token(grant.Read), "Bearer "+r.token(grant.Trigger)
	lent, giveBack, err := r.book.Lend("gone", grant.Control)
	if err != nil {
		t.Fatal(err)
	}
	giveBack()
	for _, tt := range []struct {
		name, method, path, body string
		header                   []string
		want                     int
	}{
		{"no token", "POST", "/v1/signals/boss", "", nil, 401},
		{"a wrong token", "POST", "/v1/signals/boss", "", []string{"Authorization", "Bearer 00000000-0000-4000-8000-000000000000"}, 401},
		{"a wrong token in a hook", "POST", "/v1/hooks/x/boss", "", nil, 401},
		{"a token that was revoked", "POST", "/v1/control/panic", "", []string{"Authorization", "Bearer " + lent}, 401},
		{"a reader that calls", "POST", "/v1/signals/boss", "", []string{"Authorization", reader}, 403},
		{"a caller that controls", "POST", "/v1/control/panic", "", []string{"Authorization", caller}, 403},
		{"a caller that reads", "GET", "/v1/status", "", []string{"Authorization", caller}, 403},
		{"a page somewhere", "POST", "/v1/signals/boss", "", []string{"Authorization", caller, "Origin", "https://evil.example.com"}, 403},
		{"a sandboxed page", "POST", "/v1/signals/boss", "", []string{"Authorization", caller, "Origin", "null"}, 403},
		{"a name that leads here", "POST", "/v1/signals/boss", "", []string{"Authorization", caller, "Host", "evil.example.com"}, 403},
		{"a link", "GET", "/v1/signals/boss", "", []string{"Authorization", caller}, 405},
		{"100 KB", "POST", "/v1/signals/boss", strings.Repeat("x", 100_000), []string{"Authorization", caller}, 413},
		{"a bomb", "POST", "/v1/signals/boss", strings.Repeat(`{"user":`, 5000), []string{"Authorization", caller}, 400},
		{"a long name", "POST", "/v1/signals/" + strings.Repeat("x", 200), "", []string{"Authorization", caller}, 400},
		{"a path out", "POST", "/v1/hooks/../signals/boss", "", []string{"Authorization", reader}, 403},
	} {
		status, a, h := r.ask(tt.method, tt.path, tt.body, tt.header...)
		if status != tt.want {
			t.Errorf("%s: %d %+v, want %d", tt.name, status, a, tt.want)
		}
		if h.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: a page may read the answer", tt.name)
		}
	}
	if len(r.calls) != 0 || len(r.show.done) != 0 {
		t.Errorf("%d calls and %q had an effect", len(r.calls), r.show.done)
	}
}

// A page of this computer, such as a browser source of OBS, may call with its token.
func TestPagesOfThisComputer(t *testing.T) {
	r := start(t)
	status, _, h := r.ask("OPTIONS", "/v1/signals/boss", "", "Origin", "file://", "Access-Control-Request-Method", "POST")
	if status != http.StatusNoContent || h.Get("Access-Control-Allow-Origin") != "file://" || !strings.Contains(h.Get("Access-Control-Allow-Headers"), "Authorization") {
		t.Errorf("%d %v", status, h)
	}
	if status, _, _ := r.ask("POST", "/v1/signals/boss", "", "Origin", "http://localhost:3000", "Authorization", "Bearer "+r.token(grant.Trigger)); status != http.StatusOK {
		t.Errorf("the call gets %d", status)
	}
}

func TestFloodIsRefused(t *testing.T) {
	r := start(t)
	bearer := "Bearer " + r.token(grant.Trigger)
	refused := 0
	for range 400 {
		if status, _, _ := r.ask("POST", "/v1/signals/boss", "", "Authorization", bearer); status == http.StatusTooManyRequests {
			refused++
		}
	}
	other, _, _ := r.ask("POST", "/v1/signals/boss", "", "Authorization", "Bearer "+r.token(grant.Trigger))
	if refused == 0 || other != http.StatusOK {
		t.Errorf("%d of the flood were refused, and another program gets %d", refused, other)
	}
}

// The WebSocket outlives the deadlines of requests, and ends with its token.
func TestStreamOverHTTP(t *testing.T) {
	r := start(t)
	token, g, err := r.book.Issue("My tool", grant.Read)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	ws, _, err := websocket.Dial(ctx, "ws://"+r.Address()+"/v1/events", nil) //nolint:bodyclose // Dial closes it
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ws.CloseNow() }()
	if err := ws.Write(ctx, websocket.MessageText, []byte(`{"hello":2,"token":"`+token+`"}`)); err != nil {
		t.Fatal(err)
	}
	if _, body, err := ws.Read(ctx); err != nil || !strings.Contains(string(body), `"hello"`) || strings.Contains(string(body), token) {
		t.Fatalf("%s, %v", body, err)
	}
	r.hub.Publish(event.Chat{Comment: "hi"}, feed.Origin{})
	if _, body, err := ws.Read(ctx); err != nil || !strings.Contains(string(body), `"comment":"hi"`) {
		t.Fatalf("%s, %v", body, err)
	}
	if err := r.book.Revoke(g.ID); err != nil {
		t.Fatal(err)
	}
	if _, body, err := ws.Read(ctx); err == nil || ctx.Err() != nil {
		t.Errorf("after the token was revoked: %s", body)
	}
}

// Connections that say nothing, however many, are ended, and others served meanwhile or after.
func TestIdleConnections(t *testing.T) {
	r := start(t)
	for range maxConns - 10 {
		nc, err := net.Dial("tcp", r.Address())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = nc.Close() }()
		_, _ = fmt.Fprint(nc, "GET /v1/st")
	}
	if status, _, _ := r.ask("GET", "/v1/status", "", "Authorization", "Bearer "+r.token(grant.Read)); status != http.StatusOK {
		t.Errorf("got %d", status)
	}
}
