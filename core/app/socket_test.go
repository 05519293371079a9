package app

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/grant"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
)

// listener is another program on the socket.
type listener struct {
	net.Conn
	in *json.Decoder
}

// listen connects to the App's socket and says hello.
func listen(t *testing.T, a *App, token string) *listener {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), socketPatience)
	defer cancel()
	port, err := a.SocketPort(ctx)
	if err != nil {
		t.Fatal(err)
	}
	nc, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = nc.Close() })
	_ = nc.SetDeadline(time.Now().Add(socketPatience))
	if _, err := io.WriteString(nc, token+"\n{\"hello\":2}\n"); err != nil {
		t.Fatal(err)
	}
	l := &listener{nc, json.NewDecoder(bufio.NewReader(nc))}
	if hello := l.next(t); hello["type"] != "hello" {
		t.Fatalf("no hello: %v", hello)
	}
	return l
}

func (l *listener) next(t *testing.T) map[string]any {
	t.Helper()
	var v map[string]any
	if err := l.in.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func (l *listener) say(t *testing.T, format string, args ...any) {
	t.Helper()
	if _, err := fmt.Fprintf(l, format+"\n", args...); err != nil {
		t.Fatal(err)
	}
}

// answer is the next line that is no event.
func (l *listener) answer(t *testing.T) map[string]any {
	t.Helper()
	for {
		if v := l.next(t); v["type"] != feedEvent {
			return v
		}
	}
}

const (
	feedEvent      = "event"
	socketPatience = 20 * time.Second
)

// signalled returns an App whose rule counts on a signal, and its files' folder.
func signalled(t *testing.T, dir string) *App {
	t.Helper()
	p := profile.Default()
	p.Rules = []rule.Rule{{
		ID: "r", Name: "Boss", Trigger: rule.Trigger{Kind: rule.OnSignal, Signal: "boss is down"},
		Actions: []action.Spec{{Counter: &action.Counter{Name: "bosses", Amount: 1}}},
	}}
	a, err := New(Options{Profile: p, StorePath: filepath.Join(dir, "livecue.db")})
	if err != nil {
		t.Fatal(err)
	}
	a.Start()
	t.Cleanup(func() { _ = a.Close() })
	return a
}

func bosses(t *testing.T, a *App) int64 {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), socketPatience)
	defer cancel()
	if err := a.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	n, _ := a.board.Counter("bosses")
	return n
}

// A program's call fires a rule once, however often it is sent, restarts of LiveCue included.
func TestCallsOfOtherProgramsCountOnce(t *testing.T) {
	dir := t.TempDir()
	a := signalled(t, dir)
	token, err := a.IssueToken("My deck", grant.Read, grant.Trigger)
	if err != nil {
		t.Fatal(err)
	}
	l := listen(t, a, token)
	l.say(t, `{"trigger":"Boss is down","id":"fight 1","user":{"handle":"pixel_pia"}}`)
	e := l.next(t)
	for e["type"] != feedEvent { // event and answer come by different ways
		e = l.next(t)
	}
	if e["kind"] != "signal" || e["user"].(map[string]any)["handle"] != "pixel_pia" {
		t.Errorf("the event is %v", e)
	}
	for range 2 {
		l.say(t, `{"trigger":"Boss is down","id":"fight 1"}`)
	}
	if ok := l.answer(t); ok["type"] != "ok" || ok["id"] != "fight 1" {
		t.Errorf("got %v", ok)
	}
	if n := bosses(t, a); n != 1 {
		t.Errorf("counted %d, want 1", n)
	}
	_ = l.Close()
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	a = signalled(t, dir)
	l = listen(t, a, token)
	l.say(t, `{"trigger":"Boss is down","id":"fight 1"}`)
	if ok := l.answer(t); ok["seen"] != true {
		t.Errorf("after a restart the same call gets %v", ok)
	}
	l.say(t, `{"trigger":"Boss is down","id":"fight 2"}`)
	if ok := l.answer(t); ok["type"] != "ok" || ok["seen"] != nil {
		t.Errorf("the next call gets %v", ok)
	}
	if n := bosses(t, a); n != 2 {
		t.Errorf("counted %d, want 2", n)
	}
}

func TestProgramsHearWhatTheStreamBrings(t *testing.T) {
	a := signalled(t, t.TempDir())
	token, err := a.IssueToken("My deck", grant.Read)
	if err != nil {
		t.Fatal(err)
	}
	l := listen(t, a, token)
	a.bus.Emit(event.Gift{Head: event.Head{ID: "g"}, User: event.User{Handle: "pixel_pia"}, Gift: event.GiftInfo{Name: "Rose"}, Added: 1, Count: 1, Final: true})
	if e := l.next(t); e["kind"] != "gift" || e["event"].(map[string]any)["gift"] != "Rose" {
		t.Errorf("got %v", e)
	}
	if st := a.SocketStatus(); len(st.Clients) != 1 || st.Clients[0].Name != "My deck" || st.Address == "" {
		t.Errorf("the status is %+v", st)
	}
	gs := a.Grants()
	if len(gs) != 1 || !slices.Equal(gs[0].Scopes, []grant.Scope{grant.Read}) {
		t.Fatalf("the grants are %+v", gs)
	}
	if err := a.RevokeToken(gs[0].ID); err != nil {
		t.Fatal(err)
	}
	var v any
	if err := l.in.Decode(&v); err == nil {
		t.Errorf("after the token was revoked it got %v", v)
	}
}

func TestSocketFollowsTheProfile(t *testing.T) {
	a := signalled(t, t.TempDir())
	ctx, cancel := context.WithTimeout(t.Context(), socketPatience)
	defer cancel()
	if _, err := a.SocketPort(ctx); err != nil {
		t.Fatal(err)
	}
	p := a.Profile()
	p.Socket.Off = true
	if err := a.SetProfile(p); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the socket is closed", func() bool { return a.SocketStatus().Address == "" })
	taken, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	p.Socket = profile.Socket{Port: taken.Addr().(*net.TCPAddr).Port}
	if err := a.SetProfile(p); err != nil {
		t.Fatal(err)
	}
	port, err := a.SocketPort(ctx)
	if err != nil || port == p.Socket.Port {
		t.Errorf("it listens on %d, %v", port, err)
	}
	if problems := a.Health().Problems; !slices.ContainsFunc(problems, func(s string) bool { return s == a.SocketStatus().Problem && s != "" }) {
		t.Errorf("health does not tell of the port: %q", problems)
	}
}
