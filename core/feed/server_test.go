package feed

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/grant"
)

// patience is how long a test waits for what must happen.
const patience = 20 * time.Second

// rig is a running Server on a free port.
type rig struct {
	*Server
	t     testing.TB
	hub   *Hub
	book  *grant.Book
	calls chan event.Signal
	answr func(event.Signal) error
}

func start(t testing.TB, change ...func(*Server)) *rig {
	t.Helper()
	book, err := grant.Open(grant.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, hub: NewHub(), book: book, calls: make(chan event.Signal, 200)}
	r.Server = New(Options{Hub: r.hub, Book: book, Signal: r.take})
	r.opts.Port = taken(t) // so that the tests also show that any other port will do
	for _, c := range change {
		c(r.Server)
	}
	door, err := r.Listen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx, door) }()
	t.Cleanup(func() {
		cancel()
		<-ended //nolint:errcheck // it ends as it is told to
	})
	return r
}

// taken returns a port that somebody listens on until the test ends.
func taken(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l.Addr().(*net.TCPAddr).Port
}

func (r *rig) take(e event.Signal) error {
	if r.answr != nil {
		if err := r.answr(e); err != nil {
			return err
		}
	}
	r.calls <- e
	return nil
}

func (r *rig) token(scopes ...grant.Scope) string {
	r.t.Helper()
	token, _, err := r.book.Lend("My deck", scopes...)
	if err != nil {
		r.t.Fatal(err)
	}
	return token
}

// peer is a client's end.
type peer struct {
	net.Conn
	t  testing.TB
	in *bufio.Scanner
}

func (r *rig) dial(first string) *peer {
	r.t.Helper()
	nc, err := net.Dial("tcp", r.Status().Address)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = nc.Close() })
	p := &peer{Conn: nc, t: r.t, in: bufio.NewScanner(nc)}
	p.in.Buffer(nil, 1<<20)
	_ = nc.SetReadDeadline(time.Now().Add(patience))
	p.send(first)
	return p
}

func (p *peer) send(text string) {
	p.t.Helper()
	if _, err := io.WriteString(p, text); err != nil {
		p.t.Fatal(err)
	}
}

// line returns the next line.
func (p *peer) line() string {
	p.t.Helper()
	if !p.in.Scan() {
		p.t.Fatalf("there is no line: %v", p.in.Err())
	}
	return p.in.Text()
}

// next returns the next object.
func (p *peer) next() map[string]any {
	p.t.Helper()
	var v map[string]any
	if text := p.line(); json.Unmarshal([]byte(text), &v) != nil {
		p.t.Fatalf("%q is no JSON", text)
	}
	return v
}

// ends waits until the server has closed the connection, and returns what it said before.
func (p *peer) ends() string {
	p.t.Helper()
	rest, err := io.ReadAll(p)
	if err != nil && !errors.Is(err, syscall.ECONNRESET) {
		p.t.Errorf("the connection did not end: %v", err)
	}
	return string(rest)
}

func (r *rig) await(what string, holds func() bool) {
	r.t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			r.t.Fatalf("waited in vain until %s", what)
		}
	}
}

func (r *rig) clients(n int) {
	r.t.Helper()
	r.await(fmt.Sprintf("there are %d clients", n), func() bool { return len(r.Status().Clients) == n })
}

func TestStreamOfLines(t *testing.T) {
	r := start(t)
	r.hub.Publish(chat(1), Origin{})
	p := r.dial(r.token(grant.Read, grant.Trigger) + "\n" + `{"hello":2,"events":["chat","follow"]}` + "\n")
	hello := p.next()
	if hello["type"] != "hello" || hello["version"] != 2.0 || hello["seq"] != 1.0 || hello["run"] != r.hub.Run() || hello["name"] != "My deck" {
		t.Errorf("hello: %v", hello)
	}
	for i := range 3 {
		r.hub.Publish(chat(i+2), Origin{})
		r.hub.Publish(event.Join{}, Origin{})
	}
	for want := 2.0; want <= 6; want += 2 {
		if e := p.next(); e["seq"] != want || e["kind"] != "chat" {
			t.Errorf("want %v: %v", want, e)
		}
	}
	p.send(`{"events":["*"],"id":"w"}` + "\n")
	if ok := p.next(); ok["type"] != "ok" || ok["id"] != "w" {
		t.Errorf("got %v", ok)
	}
	r.hub.Publish(event.Join{}, Origin{})
	if e := p.next(); e["seq"] != 8.0 || e["kind"] != "join" {
		t.Errorf("got %v", e)
	}
	st := r.Status()
	if len(st.Clients) != 1 || st.Clients[0].Toki || st.Clients[0].Sent != 4 || st.Clients[0].Name != "My deck" || st.Problem == "" {
		t.Errorf("the status is %+v", st)
	}
	_ = p.Close()
	r.clients(0)
}

func TestWhatWasMissedIsToldAgain(t *testing.T) {
	r := start(t)
	for i := range 5 {
		r.hub.Publish(chat(i), Origin{})
	}
	token := r.token(grant.Read)
	for name, tt := range map[string]struct {
		hello string
		first float64
	}{
		"since":          {`{"hello":2,"since":3,"run":"` + r.hub.Run() + `"}`, 4},
		"of another run": {`{"hello":2,"since":3,"run":"another"}`, 1},
		"all":            {`{"hello":2,"since":0}`, 1},
	} {
		p := r.dial(token + "\n" + tt.hello + "\n")
		p.next()
		if e := p.next(); e["seq"] != tt.first {
			t.Errorf("%s: begins with %v", name, e)
		}
	}
}

// What a token may hear, no hello and no later wish goes beyond.
func TestTokensForSomeKindsOfEventsAlone(t *testing.T) {
	r := start(t)
	token, _, err := r.book.LendOnly([]event.Kind{event.KindChat, event.KindFollow}, "My plugin", grant.Read)
	if err != nil {
		t.Fatal(err)
	}
	r.hub.Publish(event.Follow{}, Origin{})
	r.hub.Publish(event.Share{}, Origin{})
	p := r.dial(token + "\n" + `{"hello":2,"since":0,"events":["*"]}` + "\n")
	if hello := p.next(); fmt.Sprint(hello["events"]) != "[chat follow]" {
		t.Errorf("the hello is %v", hello)
	}
	if e := p.next(); e["kind"] != "follow" {
		t.Errorf("got %v", e)
	}
	p.send(`{"events":["share","chat"],"id":"1"}` + "\n")
	if ok := p.next(); ok["type"] != "ok" {
		t.Errorf("got %v", ok)
	}
	r.hub.Publish(event.Share{}, Origin{})
	r.hub.Publish(event.Follow{}, Origin{})
	r.hub.Publish(chat(1), Origin{})
	if e := p.next(); e["kind"] != "chat" {
		t.Errorf("got %v", e)
	}
}

func TestTriggers(t *testing.T) {
	r := start(t)
	r.answr = func(e event.Signal) error {
		switch e.Name {
		case "again":
			return ErrSeen
		case "closed":
			return errors.New("the rules are asleep")
		}
		return nil
	}
	p := r.dial(r.token(grant.Trigger) + "\n" + `{"hello":2}` + "\n")
	p.next()
	long := strings.Repeat("é", maxText)
	for _, tt := range []struct{ line, want string }{
		{`{"trigger":" boss ","id":"7","text":"` + long + `","count":3,"user":{"handle":"@pixel_pia"}}`, `{"type":"ok","id":"7"}`},
		{`{"trigger":"again","id":"8"}`, `{"type":"ok","id":"8","seen":true}`},
		{`{"trigger":"closed"}`, `{"type":"error","code":"not_taken","text":"the rules are asleep"}`},
		{`{"trigger":""}`, `{"type":"error","code":"bad_request","text":"the trigger has no name"}`},
		{`{"trigger":"boss","count":-1,"id":"9"}`, `{"type":"error","code":"bad_request","text":"the count is not from 0 to 1000000","id":"9"}`},
		{`{"events":["*"]}`, `{"type":"error","code":"not_allowed","text":"this token may not read events"}`},
		{`{}`, `{"type":"error","code":"bad_request","text":"the line asks for nothing that is known here"}`},
		{`{"trigger":"boss"} {}`, `{"type":"error","code":"bad_json","text":"there is more than one object on the line"}`},
	} {
		p.send(tt.line + "\n")
		if got := p.line(); got != tt.want {
			t.Errorf("%.60s: got %s, want %s", tt.line, got, tt.want)
		}
	}
	e := <-r.calls
	if e.Name != "boss" || e.By != "My deck" || e.Count != 3 || e.User.Handle != "pixel_pia" || len(e.Text) > maxText || !strings.HasPrefix(long, e.Text) || e.ID == "" || e.Source != SignalSource {
		t.Errorf("the signal is %+v", e)
	}
	if len(r.calls) != 0 {
		t.Errorf("%d more signals were sent", len(r.calls))
	}
	r.hub.Publish(chat(1), Origin{}) // it may not read this
	p.send(`{"trigger":"x","id":"last"}` + "\n")
	if got := p.line(); got != `{"type":"ok","id":"last"}` {
		t.Errorf("got %s", got)
	}
}

func TestReadersMayNotTrigger(t *testing.T) {
	r := start(t)
	p := r.dial(r.token(grant.Read) + "\n" + `{"hello":2}` + "\n")
	p.next()
	p.send(`{"trigger":"boss","id":"7"}` + "\n")
	if e := p.next(); e["type"] != "error" || e["code"] != "not_allowed" || e["id"] != "7" || len(r.calls) != 0 {
		t.Errorf("got %v and %d signals", e, len(r.calls))
	}
}

func TestFloodOfTriggersIsRefused(t *testing.T) {
	r := start(t)
	p := r.dial(r.token(grant.Trigger) + "\n" + `{"hello":2}` + "\n")
	p.next()
	go p.send(strings.Repeat(`{"trigger":"boss"}`+"\n", 5000))
	refused := 0
	for range 5000 {
		if e := p.next(); e["type"] == "error" && e["code"] == "too_many" {
			refused++
		}
		select {
		case <-r.calls:
		default:
		}
	}
	if refused == 0 {
		t.Error("none was refused")
	}
}

func TestHostileLines(t *testing.T) {
	r := start(t)
	token := r.token(grant.Read, grant.Trigger)
	for name, tt := range map[string]struct{ send, want string }{
		"version":        {`{"hello":3}` + "\n", `{"type":"error","code":"version","text":"this is version 2, not 3"}` + "\n"},
		"unknown events": {`{"hello":2,"events":["earthquake"]}` + "\n", `{"type":"error","code":"unknown_event","text":"\"earthquake\" is no kind of event"}` + "\n"},
		"noise":          {strings.Repeat("GET / HTTP/1.1\r\n", 10_000), ""},
		"one long line":  {strings.Repeat("a", 10*maxLine), ""},
		"NULs":           {strings.Repeat("\x00\n", maxNoise), ""},
	} {
		p := r.dial(token)
		_, _ = io.WriteString(p, "\n"+tt.send) // the server may have hung up before the end
		if got := p.ends(); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
	for name, line := range map[string]string{
		"bomb": strings.Repeat(`{"user":`, 5000), "depth": `{"x":` + strings.Repeat("[", 20_000), "not UTF-8": "{\"trigger\":\xff}", "number": `{"hello":1e999}`, "text": "\x00", "null": "null",
	} {
		p := r.dial(token + "\n" + `{"hello":2}` + "\n")
		p.next()
		p.send(line + "\n")
		if e := p.next(); e["type"] != "error" {
			t.Errorf("%s: got %v", name, e)
		}
		p.send(`{"trigger":"still there"}` + "\n")
		if e := p.next(); e["type"] != "ok" {
			t.Errorf("%s: afterwards %v", name, e)
		}
	}
	p := r.dial(token + "\n" + `{"hello":2}` + "\n")
	p.next()
	_, _ = io.WriteString(p, strings.Repeat("x", maxLine+5000))
	if e := p.next(); e["code"] != "too_long" {
		t.Errorf("a long line: %v", e)
	}
	p.ends()
}

func TestWrongTokensAreMetWithSilence(t *testing.T) {
	r := start(t, func(s *Server) { s.pace.token = 50 * time.Millisecond })
	right := r.token(grant.Read)
	for name, first := range map[string]string{
		"wrong": "00000000-0000-4000-8000-000000000000", "short": right[:20], "empty": "", "newline first": "\n" + right, "long": strings.Repeat("a", 100_000),
	} {
		p := r.dial("")
		_, _ = io.WriteString(p, first)
		if got := p.ends(); got != "" {
			t.Errorf("%s: it says %q", name, got)
		}
	}
	r.await("the wrong ones are counted", func() bool { return r.Status().Refused == 3 })
	p := r.dial(right + `{"hello":2}` + "\n")
	if h := p.next(); h["type"] != "hello" {
		t.Errorf("after wrong ones the right token gets %v", h)
	}
}

// Half-open connections, however many, keep nobody out who has a token.
func TestHalfOpenConnectionsMakeRoom(t *testing.T) {
	r := start(t, func(s *Server) { s.pace.token = time.Hour })
	token := r.token(grant.Read)
	var half []*peer
	for range 3 * maxPending {
		half = append(half, r.dial("1234"))
	}
	p := r.dial(token + `{"hello":2}` + "\n")
	p.next()
	for _, h := range half[:maxPending] {
		if got := h.ends(); got != "" {
			t.Errorf("a half-open connection gets %q", got)
		}
	}
	if st := r.Status(); st.Turned < maxPending {
		t.Errorf("only %d were turned away", st.Turned)
	}
}

func TestRevokedTokensLoseTheirConnections(t *testing.T) {
	r := start(t)
	token, g, err := r.book.Issue("My deck", grant.Read)
	if err != nil {
		t.Fatal(err)
	}
	toki, stream := r.dial(token), r.dial(token+`{"hello":2}`+"\n")
	stream.next()
	r.clients(2)
	if err := r.book.Revoke(g.ID); err != nil {
		t.Fatal(err)
	}
	if got := toki.ends() + stream.ends(); got != "" {
		t.Errorf("they got %q", got)
	}
	r.clients(0)
}

// A client that never reads loses events, is cut off in the end, and holds up nobody.
func TestClientsThatNeverRead(t *testing.T) {
	r := start(t, func(s *Server) { s.pace.write = 500 * time.Millisecond })
	token := r.token(grant.Read)
	deaf := r.dial(token + `{"hello":2}` + "\n")
	deaf.next()
	if err := deaf.Conn.(*net.TCPConn).SetReadBuffer(1 << 10); err != nil {
		t.Fatal(err)
	}
	quick := r.dial(token + `{"hello":2}` + "\n")
	quick.next()
	text := strings.Repeat("x", 4<<10)
	for sent := 1; len(r.Status().Clients) == 2; sent++ {
		r.hub.Publish(event.Chat{Comment: text}, Origin{})
		if e := quick.next(); e["seq"] != float64(sent) {
			t.Fatalf("the quick one gets %v after %d", e["seq"], sent-1)
		}
		if sent > 200_000 {
			t.Fatal("the deaf one is still there")
		}
	}
}

// A client that falls behind is told how much it has lost, before it is told more.
func TestSlowClientsAreToldWhatTheyLost(t *testing.T) {
	r := start(t)
	p := r.dial(r.token(grant.Read) + `{"hello":2}` + "\n")
	p.next()
	text := strings.Repeat("x", 4<<10)
	const n = 20_000
	for range n {
		r.hub.Publish(event.Chat{Comment: text}, Origin{})
	}
	had, lost, last := 0, 0, 0.0
	for last < n {
		switch e := p.next(); e["type"] {
		case "dropped":
			lost += int(e["count"].(float64))
		case "event":
			had++
			if seq := e["seq"].(float64); seq <= last {
				t.Fatalf("%v after %v", seq, last)
			} else {
				last = seq
			}
		}
	}
	if had+lost != n || lost == 0 {
		t.Errorf("had %d and lost %d of %d", had, lost, n)
	}
	if st := r.Status().Clients[0]; st.Dropped != uint64(lost) {
		t.Errorf("the status says %+v, lost %d", st, lost)
	}
}

func TestThousandsOfConnections(t *testing.T) {
	r := start(t)
	token := r.token(grant.Read)
	quick := r.dial(token + `{"hello":2}` + "\n")
	quick.next()
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 250 {
				nc, err := net.Dial("tcp", r.Status().Address)
				if err != nil {
					continue // the system's own limit
				}
				_, _ = io.WriteString(nc, "00000000-0000")
				defer func() { _ = nc.Close() }()
			}
		})
	}
	for i := range 200 {
		r.hub.Publish(chat(i), Origin{})
		if e := quick.next(); e["seq"] != float64(i+1) {
			t.Fatalf("%d: got %v", i, e)
		}
	}
	group.Wait()
}

func TestBothLoopbacks(t *testing.T) {
	r := start(t)
	nc, err := net.Dial("tcp6", net.JoinHostPort("::1", fmt.Sprint(r.Port())))
	if err != nil {
		if l, err := net.Listen("tcp6", "[::1]:0"); err == nil {
			_ = l.Close()
			t.Fatal("there is IPv6, and nobody listens")
		}
		return // a computer without IPv6
	}
	_ = nc.Close()
}
