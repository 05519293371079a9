package tiktok

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	pb "github.com/steampoweredtaco/gotiktoklive/proto"

	"github.com/livecue/livecue/core/event"
)

func TestCauses(t *testing.T) {
	unhinged := func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, "<html>verify that you are human</html>")
	}
	for _, test := range []struct {
		name   string
		change func(*fake)
		want   event.CauseCode
	}{
		{"unknown user", func(f *fake) { f.page = status(404) }, event.CauseUnknownUser},
		{"never live", func(f *fake) { f.page = sigiPage(map[string]any{"liveRoom": map[string]any{}}) }, event.CauseUnknownUser},
		{"no user in the page", func(f *fake) {
			f.page = sigiPage(map[string]any{"liveRoom": map[string]any{"liveRoomUserInfo": map[string]any{}}})
		}, event.CauseUnknownUser},
		{"not live", func(f *fake) { f.page = f.livePage("", 4) }, event.CauseNotLive},
		{"last live is over", func(f *fake) { f.page = f.livePage(testRoom, 4) }, event.CauseNotLive},
		{"room info says it is over", func(f *fake) {
			f.info = jsonAnswer(map[string]any{"data": map[string]any{"status": 4}})
		}, event.CauseNotLive},
		{"page rate limited", func(f *fake) { f.page = status(429) }, event.CauseRateLimited},
		{"page blocked", func(f *fake) { f.page = status(403) }, event.CauseBlocked},
		{"page unauthorised", func(f *fake) { f.page = status(401) }, event.CauseBlocked},
		{"page redirects", func(f *fake) { f.page = status(302, "Location", "https://www.tiktok.com/login") }, event.CauseBlocked},
		{"page without state", func(f *fake) { f.page = unhinged }, event.CauseBlocked},
		{"page with broken state", func(f *fake) {
			f.page = func(w http.ResponseWriter, _ *http.Request) {
				_, _ = fmt.Fprint(w, `<script id="SIGI_STATE" type="application/json">{"liveRoom":7}</script>`)
			}
		}, event.CauseProtocol},
		{"page server error", func(f *fake) { f.page = status(502) }, event.CauseService},
		{"sign key refused", func(f *fake) { f.sign = status(401) }, event.CauseKeyRefused},
		{"sign blocked", func(f *fake) { f.sign = status(403) }, event.CauseBlocked},
		{"sign rate limited", func(f *fake) { f.sign = status(429) }, event.CauseRateLimited},
		{"sign server error", func(f *fake) { f.sign = status(503) }, event.CauseService},
		{"sign bad request", func(f *fake) { f.sign = status(400) }, event.CauseProtocol},
		{"sign is JSON", func(f *fake) { f.sign = jsonAnswer(map[string]any{"code": 500, "message": "oh"}) }, event.CauseService},
		{"sign without cookies", func(f *fake) {
			f.sign = func(w http.ResponseWriter, _ *http.Request) {
				_, _ = w.Write(mustMarshal(&pb.WebcastResponse{PushServer: f.wsURL("/push"), RouteParamsMap: map[string]string{"a": "b"}}))
			}
		}, event.CauseService},
		{"sign without push server", func(f *fake) {
			f.sign = f.signAnswer(func(r *pb.WebcastResponse) { r.PushServer = "" })
		}, event.CauseService},
		{"sign without parameters", func(f *fake) {
			f.sign = f.signAnswer(func(r *pb.WebcastResponse) { r.RouteParamsMap = nil })
		}, event.CauseService},
		{"sign with a strange push server", func(f *fake) {
			f.sign = f.signAnswer(func(r *pb.WebcastResponse) { r.PushServer = "file:///etc/passwd" })
		}, event.CauseService},
		{"sign empty", func(f *fake) { f.sign = status(200) }, event.CauseService},
		{"socket answers 200", func(f *fake) { f.refuse = status(200) }, event.CauseBlocked},
		{"device blocked", func(f *fake) { f.refuse = status(415, "Handshake-Msg", "DEVICE_BLOCKED") }, event.CauseBlocked},
		{"socket blocked by words", func(f *fake) { f.refuse = status(400, "Handshake-Msg", "illegal app_id") }, event.CauseBlocked},
		{"socket rate limited", func(f *fake) { f.refuse = status(429) }, event.CauseRateLimited},
		{"socket server error", func(f *fake) { f.refuse = status(500) }, event.CauseService},
		{"fallback socket refuses", func(f *fake) {
			f.socket = func(p *peer) { p.close(1008, "illegal app_id") }
		}, event.CauseBlocked},
		{"socket closes", func(f *fake) { f.socket = func(p *peer) { p.close(1001, "bye") } }, event.CauseClosed},
		{"socket is cut", func(f *fake) { f.socket = func(p *peer) { _ = p.conn.CloseNow() } }, event.CauseClosed},
		{"push server is not there", func(f *fake) {
			f.sign = f.signAnswer(func(r *pb.WebcastResponse) { r.PushServer = "ws://" + closedPort(f.t) })
		}, event.CauseNoNetwork},
		{"live ends", func(f *fake) {
			f.socket = func(p *peer) { p.say(control(1, pb.ControlAction_STREAM_ENDED_BAN)); p.wait() }
		}, event.CauseLiveEnded},
		{"age-restricted and refused", func(f *fake) {
			f.info = jsonAnswer(map[string]any{"data": map[string]any{"prompts": "age"}, "status_code": 10011})
			f.refuse = status(200)
		}, event.CauseAgeRestricted},
		{"age-restricted and not signed", func(f *fake) {
			f.info = jsonAnswer(map[string]any{"status_code": 10011})
			f.sign = status(403)
		}, event.CauseAgeRestricted},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFake(t)
			test.change(f)
			r := start(t, f.source(nil))
			wantCause(t, r.end(), test.want)
		})
	}
}

func TestAgeRestrictedConnects(t *testing.T) {
	f := newFake(t)
	f.info = jsonAnswer(map[string]any{"data": map[string]any{"prompts": "age"}, "status_code": 10011})
	r := start(t, f.source(nil))
	r.untilKind(event.KindConnected)
	_ = r.stop()
}

func TestRoomInfoIsNotNeeded(t *testing.T) {
	for _, info := range []http.HandlerFunc{status(404), status(500), jsonAnswer(nil), jsonAnswer(map[string]any{"data": nil})} {
		f := newFake(t)
		f.info = info
		r := start(t, f.source(nil))
		r.untilKind(event.KindConnected)
		_ = r.stop()
	}
}

func TestCertificate(t *testing.T) {
	f := newFake(t)
	r := start(t, f.source(func(o *Options) { o.ProxyInsecure = false }))
	p := problemOf(t, r.end(), event.CauseCertificate)
	var host x509.HostnameError
	if !errors.As(p, &host) {
		t.Errorf("got %v", p)
	}
	untrusted := networkProblem("TikTok", x509.UnknownAuthorityError{})
	if untrusted.Cause.Code != event.CauseCertificate || !strings.Contains(untrusted.Cause.Text, "antivirus") {
		t.Errorf("untrusted: %+v", untrusted)
	}
	expired := networkProblem("TikTok", x509.CertificateInvalidError{Reason: x509.Expired})
	if expired.Cause.Code != event.CauseCertificate || !strings.Contains(expired.Cause.Text, "clock") {
		t.Errorf("expired: %+v", expired)
	}
}

func TestNoNetwork(t *testing.T) {
	for name, change := range map[string]func(*Options){
		"proxy is not there":  func(o *Options) { o.ProxyURL = "http://" + closedPort(t) },
		"socks is not there":  func(o *Options) { o.ProxyURL = "socks5://" + closedPort(t) },
		"signer is not there": func(o *Options) { o.SignerURL = "http://" + closedPort(t) },
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t, newFake(t).source(change))
			wantCause(t, r.end(), event.CauseNoNetwork)
		})
	}
	dns := networkProblem("TikTok", &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "www.tiktok.com"}})
	if dns.Cause.Code != event.CauseNoNetwork || !strings.Contains(dns.Cause.Text, "address") {
		t.Errorf("dns: %+v", dns)
	}
}

func TestProxyThatRefuses(t *testing.T) {
	f := newFake(t)
	proxy := newFakeProxy(t, status(407))
	r := start(t, f.source(func(o *Options) { o.ProxyURL = proxy }))
	p := problemOf(t, r.end(), event.CauseNoNetwork)
	if !strings.Contains(p.Cause.Text, "proxy") || !strings.Contains(p.Error(), "407") {
		t.Errorf("%v", p)
	}
}

func TestRateLimitTellsUntilWhen(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name, value string
		want        time.Time
	}{
		{"Retry-After", "30", now.Add(30 * time.Second)},
		{"Retry-After", " 1.5 ", now.Add(1500 * time.Millisecond)},
		{"Retry-After", now.Add(time.Minute).Format(http.TimeFormat), now.Add(time.Minute)},
		{"X-RateLimit-Reset", fmt.Sprint(now.Add(time.Hour).Unix()), now.Add(time.Hour)},
		{"X-RateLimit-Reset", fmt.Sprint(now.Add(time.Hour).UnixMilli()), now.Add(time.Hour)},
		{"RateLimit-Reset", "12", now.Add(12 * time.Second)},
		{"Retry-After", "-5", time.Time{}},
		{"Retry-After", "1e300", time.Time{}},
		{"Retry-After", "NaN", time.Time{}},
		{"Retry-After", "soon", time.Time{}},
		{"Retry-After", "99999999", time.Time{}},
		{"Retry-After", fmt.Sprint(now.Add(-time.Hour).Unix()), time.Time{}},
		{"X-Other", "30", time.Time{}},
	} {
		h := http.Header{}
		h.Set(test.name, test.value)
		if got := retryTime(h, now); !got.Equal(test.want) {
			t.Errorf("%s: %s: got %v, want %v", test.name, test.value, got, test.want)
		}
	}
	f := newFake(t)
	f.sign = status(429, "Retry-After", "120")
	r := start(t, f.source(nil))
	p := problemOf(t, r.end(), event.CauseRateLimited)
	if left := time.Until(p.Until); left < 100*time.Second || left > 121*time.Second {
		t.Errorf("until %v", p.Until)
	}
}

// No key or password may be in anything that is shown.
func TestSecretsStaySecret(t *testing.T) {
	const key, password = "key-s3cret/+", "pa55word"
	f := newFake(t)
	for _, change := range []func(*Options){
		func(o *Options) { o.SignerURL = "http://" + closedPort(t) },
		func(o *Options) { o.Door, o.EulerURL = DoorEuler, "ws://"+closedPort(t) },
		func(o *Options) { o.Door, o.EulerURL = DoorEuler, f.wsURL("/nothing") },
		func(o *Options) { o.ProxyURL = "http://user:" + password + "@" + closedPort(t) },
		func(o *Options) { o.ProxyURL = "socks5://user:" + password + "@" + closedPort(t) },
		func(o *Options) { o.SignerURL = newFakeProxy(t, nil) },
		func(o *Options) {
			o.Door = DoorAutomatic
			o.SignerURL = "http://" + closedPort(t)
			o.EulerURL = "ws://" + closedPort(t)
		},
	} {
		s := f.source(func(o *Options) { o.APIKey = key; change(o) })
		s.patience = 200 * time.Millisecond
		r := start(t, s)
		err := r.end()
		for e := err; e != nil; e = errors.Unwrap(e) {
			if text := e.Error(); strings.Contains(text, "s3cret") || strings.Contains(text, password) || strings.Contains(text, "apiKey") {
				t.Errorf("secret in %q", text)
			}
		}
	}
	w := newWeb(nil, false, key)
	if got := w.clean(errors.New("bad key key-s3cret/+ and key-s3cret%2F%2B")).Error(); strings.Contains(got, "s3cret") {
		t.Errorf("got %q", got)
	}
	if w.clean(nil) != nil {
		t.Error("an error out of nothing")
	}
}

func TestEulerCloseCodes(t *testing.T) {
	for code, want := range map[websocket.StatusCode]event.CauseCode{
		1000: event.CauseClosed, 1001: event.CauseClosed, 1011: event.CauseService,
		4005: event.CauseLiveEnded, 4006: event.CauseSilence, 4400: event.CauseSettings, 4401: event.CauseKeyRefused,
		4403: event.CauseKeyRefused, 4404: event.CauseNotLive, 4429: event.CauseRateLimited, 4500: event.CauseClosed,
		4555: event.CauseClosed, 4556: event.CauseService, 4557: event.CauseService, 4999: event.CauseClosed,
	} {
		t.Run(fmt.Sprint(int(code)), func(t *testing.T) {
			f := newFake(t)
			f.euler = func(p *peer) { p.close(code, "over") }
			s := f.source(func(o *Options) { o.Door = DoorEuler; o.APIKey = "key-1" })
			r := start(t, s)
			p := problemOf(t, r.end(), want)
			if of[event.Connected](r.all()) != nil {
				t.Error("it said that it was connected")
			}
			if isAtOnce := !p.Until.IsZero() && time.Until(p.Until) <= 0; isAtOnce != (code == 4555) {
				t.Errorf("until %v", p.Until)
			}
		})
	}
	for code, want := range map[int]event.CauseCode{
		401: event.CauseKeyRefused, 403: event.CauseKeyRefused, 429: event.CauseRateLimited, 500: event.CauseService,
	} {
		f := newFake(t)
		f.refuse = status(code)
		r := start(t, f.source(func(o *Options) { o.Door = DoorEuler; o.APIKey = "key-1" }))
		wantCause(t, r.end(), want)
	}
}

func TestEulerTells(t *testing.T) {
	f := newFake(t)
	f.euler = func(p *peer) {
		_ = p.conn.Write(p.ctx, websocket.MessageText, []byte(`{"type":"hello"}`))
		gift := message(&pb.WebcastGiftMessage{
			Common: &pb.Common{MsgId: 1, RoomId: 7400000000000000009}, RepeatCount: 2, GroupId: 3, User: pbUser(8, "viewer_8"),
			Gift: &pb.GiftStruct{Id: 5655, Name: "Rose", Type: 1},
		})
		p.send(pushFrame(5, &pb.WebcastResponse{NeedsAck: true, Messages: []*pb.WebcastResponse_Message{gift}}))
		p.close(4005, "ended")
	}
	s := f.source(func(o *Options) { o.Door = DoorEuler; o.APIKey = "key-1" })
	r := start(t, s)
	wantCause(t, r.end(), event.CauseLiveEnded)
	if got := kinds(r.all()); got != "connecting connected gift gift live_ended" {
		t.Fatal(got)
	}
	for i, e := range r.all()[1:] {
		if e.Header().Room != "7400000000000000009" {
			t.Errorf("event %d: room %q", i+1, e.Header().Room)
		}
	}
	q := f.shaken[0].URL.Query()
	if q.Get("uniqueId") != testHandle || q.Get("apiKey") != "key-1" || q.Get("features.rawMessages") != "true" {
		t.Errorf("parameters: %v", q)
	}
	if st := s.Stats(); st.Unknown != 1 || st.Malformed != 0 {
		t.Errorf("the text frame: %+v", st)
	}
	if f.asked("/@pixel_pia/live/") != 0 || len(f.signed) != 0 {
		t.Error("it looked the room up")
	}
}

func TestAutomatic(t *testing.T) {
	f := newFake(t)
	f.refuse = nil
	f.sign = status(503)
	f.euler = func(p *peer) { p.say(chat(1, "one")); p.close(4500, "") }
	s := f.source(func(o *Options) { o.Door = ""; o.APIKey = "key-1" })
	doors := func(r *run) (tried []string, held string) {
		for _, c := range of[event.Connecting](r.all()) {
			tried = append(tried, c.Door)
		}
		for _, c := range of[event.Connected](r.all()) {
			held = c.Door
		}
		return tried, held
	}
	check := func(step string, wantTried, wantHeld string) {
		t.Helper()
		r := start(t, s)
		_ = r.end()
		tried, held := doors(r)
		if strings.Join(tried, " ") != wantTried || held != wantHeld {
			t.Errorf("%s: tried %v, held %q", step, tried, held)
		}
	}
	check("direct fails", "direct euler", "euler")
	check("the one that held comes first", "euler", "euler")
	f.euler = func(p *peer) { p.close(1011, "") }
	f.sign = f.signAnswer(nil)
	f.socket = func(p *peer) { p.say(chat(1, "one"), chat(2, "two")); p.close(1000, "") }
	check("euler fails", "euler direct", "direct")
	check("back to direct", "direct", "direct")
	if st := s.Stats(); st.Duplicates != 4 {
		t.Errorf("messages are the same behind both doors: %+v", st)
	}

	f.sign = status(429, "Retry-After", "60")
	r := start(t, s)
	p := problemOf(t, r.end(), event.CauseRateLimited)
	if !strings.Contains(p.Cause.Text, "other way") || p.Until.IsZero() {
		t.Errorf("both fail: %+v", p)
	}
	f.page = f.livePage("", 4)
	check("not live is an answer", "direct", "")

	withoutKey := f.source(func(o *Options) { o.Door = DoorAutomatic })
	if d := withoutKey.doors(); len(d) != 1 || d[0] != DoorDirect {
		t.Errorf("without a key: %v", d)
	}
}

func TestNew(t *testing.T) {
	for name, opt := range map[string]Options{
		"no handle": {}, "bad handle": {Handle: "a b"}, "bad signer": {Handle: "a", SignerURL: "nonsense"},
		"bad euler": {Handle: "a", EulerURL: "http://x"}, "bad proxy": {Handle: "a", ProxyURL: "x:1"},
		"bad door": {Handle: "a", Door: "window"}, "euler without key": {Handle: "a", Door: DoorEuler},
	} {
		_, err := New(opt)
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		wantCause(t, err, event.CauseSettings)
	}
	if _, err := New(Options{Handle: "@Pixel_Pia"}); err != nil {
		t.Error(err)
	}
}

// Cancelling ends every phase at once. TestMain sees that nothing is left.
func TestCancel(t *testing.T) {
	hang := func(reached chan<- struct{}) http.HandlerFunc {
		return func(_ http.ResponseWriter, r *http.Request) {
			close(reached)
			<-r.Context().Done()
		}
	}
	for name, change := range map[string]func(*fake, chan struct{}){
		"page":      func(f *fake, c chan struct{}) { f.page = hang(c) },
		"room info": func(f *fake, c chan struct{}) { f.info = hang(c) },
		"sign":      func(f *fake, c chan struct{}) { f.sign = hang(c) },
		"handshake": func(f *fake, c chan struct{}) { f.refuse = hang(c) },
		"settling":  func(f *fake, c chan struct{}) { f.socket = func(p *peer) { close(c); p.wait() } },
		"emitting": func(f *fake, c chan struct{}) {
			f.socket = func(p *peer) { p.say(chat(1, "")); p.next(); close(c); p.wait() }
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			reached := make(chan struct{})
			change(f, reached)
			r := start(t, f.source(nil))
			select {
			case <-reached:
			case err := <-r.done:
				t.Fatalf("ended early: %v", err)
			}
			began := time.Now()
			if err := r.stop(); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// A side that accepts and says nothing does not hold us for ever.
func TestPatience(t *testing.T) {
	f := newFake(t)
	release := make(chan struct{})
	f.sign = func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done(); close(release) }
	s := f.source(nil)
	s.patience = 50 * time.Millisecond
	r := start(t, s)
	wantCause(t, r.end(), event.CauseNoNetwork)
	<-release
}

func TestRelayKeepsOthersOut(t *testing.T) {
	r := newRelay(nil, false)
	ctx, cancel := context.WithCancel(context.Background())
	if err := r.open(ctx, ""); err != nil {
		t.Fatal(err)
	}
	defer r.close()
	defer cancel()
	conn, err := net.Dial("tcp", r.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = fmt.Fprint(conn, "CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: 127.0.0.1:1\r\nProxy-Authorization: Basic eDp5\r\n\r\n")
	b := make([]byte, 64)
	n, _ := conn.Read(b)
	if !strings.HasPrefix(string(b[:n]), "HTTP/1.1 407") {
		t.Errorf("got %q", b[:n])
	}
}

// The lookup works again where another program has taken the relay's port.
func TestRelayPortIsTaken(t *testing.T) {
	f := newFake(t)
	s := f.source(nil)
	for range 2 {
		r := start(t, s)
		r.untilKind(event.KindConnected)
		_ = r.stop()
		l, err := net.Listen("tcp", s.rooms.addr)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
	}
}

// closedPort is an address where nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// newFakeProxy answers every request in one way, or never if answer is nil.
func newFakeProxy(t *testing.T, answer http.HandlerFunc) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if answer == nil {
		answer = func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	}
	srv := &http.Server{Handler: answer}
	done := make(chan struct{})
	go func() { defer close(done); _ = srv.Serve(l) }()
	t.Cleanup(func() { _ = srv.Close(); <-done })
	return "http://" + l.Addr().String()
}
