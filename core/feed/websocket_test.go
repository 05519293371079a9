package feed

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/livecue/livecue/core/grant"
)

// page is a program that speaks over a WebSocket.
type page struct {
	*websocket.Conn
	t   *testing.T
	ctx context.Context
}

// web serves r's stream over HTTP, and returns a function that connects to it.
func (r *rig) web(t *testing.T) func(header http.Header, first string) *page {
	ctx, cancel := context.WithCancel(context.Background())
	served := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) { r.ServeWebSocket(ctx, w, req) }))
	t.Cleanup(func() {
		cancel()
		served.Close()
	})
	wait, stop := context.WithTimeout(context.Background(), patience)
	t.Cleanup(stop)
	return func(header http.Header, first string) *page {
		t.Helper()
		ws, _, err := websocket.Dial(wait, "ws"+strings.TrimPrefix(served.URL, "http"), &websocket.DialOptions{HTTPHeader: header}) //nolint:bodyclose // Dial closes it
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = ws.CloseNow() })
		p := &page{ws, t, wait}
		p.say(first)
		return p
	}
}

func (p *page) say(text string) {
	p.t.Helper()
	if err := p.Write(p.ctx, websocket.MessageText, []byte(text)); err != nil {
		p.t.Fatal(err)
	}
}

// next returns the next message, which is one object.
func (p *page) next() map[string]any {
	p.t.Helper()
	_, body, err := p.Read(p.ctx)
	var v map[string]any
	if err != nil || json.Unmarshal(body, &v) != nil {
		p.t.Fatalf("%s, %v", body, err)
	}
	return v
}

func TestStreamOverAWebSocket(t *testing.T) {
	r := start(t)
	dial, token := r.web(t), r.token(grant.Read, grant.Trigger)
	for name, p := range map[string]func() *page{
		"header": func() *page {
			return dial(http.Header{"Authorization": {"bearer " + token}}, `{"hello":2,"events":["chat"]}`)
		},
		"hello": func() *page { return dial(nil, `{"hello":2,"events":["chat"],"token":"`+token+`"}`) },
	} {
		p := p()
		if h := p.next(); h["type"] != "hello" || h["name"] != "My deck" {
			t.Fatalf("%s: %v", name, h)
		}
		for i := range 3 {
			r.hub.Publish(chat(i), Origin{})
		}
		for range 3 {
			if e := p.next(); e["kind"] != "chat" {
				t.Errorf("%s: %v", name, e)
			}
		}
		p.say(`{"trigger":"boss","id":"7"}`)
		if ok := p.next(); ok["type"] != "ok" || ok["id"] != "7" {
			t.Errorf("%s: %v", name, ok)
		}
		if e := <-r.calls; e.Name != "boss" {
			t.Errorf("%s: %+v", name, e)
		}
		_ = p.Close(websocket.StatusNormalClosure, "")
		r.clients(0)
	}
}

func TestHostileWebSockets(t *testing.T) {
	r := start(t, func(s *Server) { s.pace.token = 100 * time.Millisecond })
	dial, token := r.web(t), r.token(grant.Read)
	for name, first := range map[string]string{
		"no token": `{"hello":2}`, "wrong token": `{"hello":2,"token":"00000000-0000-4000-8000-000000000000"}`, "no JSON": token, "nothing": "", "long": strings.Repeat("x", maxLine+1),
	} {
		p := dial(nil, first)
		if _, body, err := p.Read(p.ctx); err == nil || p.ctx.Err() != nil {
			t.Errorf("%s: got %s, %v", name, body, err)
		}
	}
	p := dial(http.Header{"Authorization": {"Bearer " + token}}, `{"hello":9}`)
	if e := p.next(); e["code"] != "version" {
		t.Errorf("another version: %v", e)
	}
	r.clients(0)
}
