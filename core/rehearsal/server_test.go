package rehearsal

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/steampoweredtaco/gotiktoklive"
)

// quiet is a script in which hardly anything happens.
const quiet = "length 1h\nat 0s viewers 7"

// browser is an HTTP client that goes through the server as its proxy.
func browser(t *testing.T, s *Server) *http.Client {
	t.Helper()
	proxy, err := url.Parse(s.ProxyURL())
	if err != nil {
		t.Fatal(err)
	}
	tr := &http.Transport{
		Proxy:           http.ProxyURL(proxy),
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // the certificate is signed by nobody
	}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr}
}

func get(c *http.Client, address string) (int, string, error) {
	resp, err := c.Get(address)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body), err
}

// wrong makes one thing go wrong, as a script would.
func (s *Server) wrong(t *testing.T, v verb, code int, over time.Duration) {
	t.Helper()
	if err := s.stage.goWrong(&step{verb: v, code: code}, time.Now(), over); err != nil {
		t.Fatal(err)
	}
}

func TestListenRefuses(t *testing.T) {
	sc := parse(t, quiet)
	tests := []struct {
		name string
		opt  Options
		want string
	}{
		{"no script", Options{}, "needs a script"},
		{"every address", Options{Script: sc, Addr: "0.0.0.0:0"}, "not on this machine alone"},
		{"no host", Options{Script: sc, Addr: ":0"}, "not on this machine alone"},
		{"a name", Options{Script: sc, Addr: "example.test:0"}, "not on this machine alone"},
		{"no port", Options{Script: sc, Addr: "127.0.0.1"}, "127.0.0.1"},
		{"backwards", Options{Script: sc, Speed: -1}, "speed"},
		{"too fast", Options{Script: sc, Speed: 1e9}, "speed"},
		{"bad handle", Options{Script: sc, Handle: "<b>"}, "not a TikTok handle"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := Listen(tt.opt)
			if err == nil {
				t.Fatal("listens", s.Close())
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %q does not say %q", err, tt.want)
			}
		})
	}
}

func TestCloseFreesThePort(t *testing.T) {
	s, err := Listen(Options{Script: parse(t, quiet)})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Listen(Options{Script: parse(t, quiet), Addr: s.Addr()})
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

// newTikTok is the library that looks rooms up, as our client uses it.
func newTikTok(t *testing.T, s *Server, options ...gotiktoklive.TikTokLiveOption) *gotiktoklive.TikTok {
	t.Helper()
	tk, err := gotiktoklive.NewTikTokWithApiKey("rehearsal-test", s.key,
		append(options, gotiktoklive.SigningUrl(s.SignerURL()), gotiktoklive.Proxy(s.ProxyURL(), true))...)
	if err != nil {
		t.Fatal(err)
	}
	return tk
}

func TestLibraryFindsTheRoom(t *testing.T) {
	s := start(t, Options{Script: parse(t, quiet), Handle: "@Pixel_Pia", Key: "a-key"})
	tk := newTikTok(t, s) // asks for the limits first
	info, err := tk.GetLiveRoomUserInfo("@pixel_pia")
	if err != nil {
		t.Fatal(err)
	}
	if u := info.LiveRoomUser; u.RoomID != s.roomNow() || u.UniqueID != "Pixel_Pia" || u.Status != statusLive {
		t.Errorf("user %+v", u)
	}
	if isLive, err := tk.IsLive(info); !isLive || err != nil {
		t.Errorf("live %v, error %v", isLive, err)
	}
	room, err := tk.GetRoomInfo("pixel_pia")
	if err != nil || room.Status != statusLive {
		t.Errorf("room %+v, error %v", room, err)
	}
	if _, err := tk.GetRoomInfo("testy_tom"); err == nil || !strings.Contains(err.Error(), "status code 404") {
		t.Errorf("an unknown user: %v", err)
	}
	if s.Ledger().Received.Lookups < 4 {
		t.Errorf("lookups %+v", s.Ledger().Received)
	}
}

func TestLibraryIsToldWhatIsWrong(t *testing.T) {
	s := start(t, Options{Script: parse(t, quiet)})
	tk := newTikTok(t, s, gotiktoklive.DisableSigningLimitsValidation)
	s.wrong(t, doRefuseRooms, http.StatusForbidden, time.Hour)
	var blocked *gotiktoklive.ErrIPBlockedOrBanned
	if _, err := tk.GetRoomInfo(s.Handle()); !errors.As(err, &blocked) {
		t.Errorf("403: %v", err)
	}
	s.wrong(t, doRefuseRooms, http.StatusTooManyRequests, time.Hour)
	if _, err := tk.GetRoomInfo(s.Handle()); !errors.Is(err, gotiktoklive.ErrRateLimitExceeded) {
		t.Errorf("429: %v", err)
	}
	s.wrong(t, doRefuseRooms, 0, 0)

	s.wrong(t, doRestrictAge, 0, time.Hour)
	if room, err := tk.GetRoomInfo(s.Handle()); err != nil || room.Status != 0 {
		t.Errorf("age: room %+v, error %v", room, err)
	}
	s.wrong(t, doRestrictAge, 0, 0)

	if err := s.stage.sayGoodbye(time.Now(), time.Hour); err != nil {
		t.Fatal(err)
	}
	if _, err := tk.GetRoomInfo(s.Handle()); !errors.Is(err, gotiktoklive.ErrLiveHasEnded) {
		t.Errorf("ended: %v", err)
	}
	s.stage.mu.Lock()
	s.stage.backAt = s.stage.goneAt // a while later
	s.stage.mu.Unlock()
	if _, err := tk.GetRoomInfo(s.Handle()); !errors.Is(err, gotiktoklive.ErrUserOffline) {
		t.Errorf("offline: %v", err)
	}
	old := s.roomNow()
	s.stage.openRoom(time.Now())
	if info, err := tk.GetLiveRoomUserInfo(s.Handle()); err != nil || info.LiveRoomUser.RoomID == old {
		t.Errorf("back: %+v, error %v", info, err)
	}
}

// The library's own live loop, which our client does not use, takes the wire for TikTok's too. It throws away frames that
// arrive together with the end of the handshake, so what it is to hear is said again and again.
func TestLibraryTracksTheRoom(t *testing.T) {
	s := start(t, Options{Script: parse(t, `
		length 1h
		viewer pia "Pia"
		every 100ms pia says "hello"
		every 100ms pia gifts Rose x3`)})
	live, err := newTikTok(t, s).TrackUser(s.Handle())
	if err != nil {
		t.Fatal(err)
	}
	defer live.Close()
	deadline := time.After(time.Minute)
	hasChat, hasOpen, hasEnd := false, false, false
	for !hasChat || !hasOpen || !hasEnd {
		select {
		case e := <-live.Events:
			switch e := e.(type) {
			case gotiktoklive.ChatEvent:
				hasChat = hasChat || !e.IsHistory() && e.Comment == "hello" && e.User.Nickname == "Pia"
			case gotiktoklive.GiftEvent:
				isRose := e.ID == 5655 && e.Name == "Rose" && e.RepeatCount == 3 && e.Type == 1
				hasOpen = hasOpen || isRose && !e.RepeatEnd
				hasEnd = hasEnd || isRose && e.RepeatEnd
			}
		case <-deadline:
			t.Fatalf("chat %v, gift open %v, gift closed %v", hasChat, hasOpen, hasEnd)
		}
	}
}

func TestPages(t *testing.T) {
	s := start(t, Options{Script: parse(t, quiet)})
	c := browser(t, s)
	tests := []struct {
		address string
		status  int
		want    string
	}{
		{"https://www.tiktok.com/", 200, "TikTok"},
		{"https://www.tiktok.com/@rehearsal/live/", 200, s.roomNow()},
		{"https://www.tiktok.com/@REHEARSAL/live?lang=en", 200, s.roomNow()},
		{"http://www.tiktok.com/@rehearsal/live/", 200, "SIGI_STATE"},
		{"https://www.tiktok.com/@rehearsal", 404, ""},
		{"https://www.tiktok.com/@<script>/live/", 404, ""},
		{"https://webcast.tiktok.com/webcast/room/info/?room_id=" + s.roomNow(), 200, `"status":2`},
		{"https://webcast.tiktok.com/webcast/room/info/?room_id=1", 200, `"status":4`},
		{"https://webcast.tiktok.com/webcast/room/info/", 200, `"status":4`},
		{"https://webcast.tiktok.com/webcast/room/check_alive/?room_ids=x,1," + s.roomNow(), 200, `"alive":true`},
		{"https://webcast.tiktok.com/webcast/gift/list/", 404, ""},
		{"https://webcast.tiktok.com/", 404, ""},
		{s.SignerURL() + "/", 200, "@rehearsal"},
		{s.SignerURL() + "/webcast/nothing/", 404, ""},
		{"http://example.test/", 403, "no such host"},
	}
	for _, tt := range tests {
		status, body, err := get(c, tt.address)
		if err != nil || status != tt.status || !strings.Contains(body, tt.want) {
			t.Errorf("%s: status %d, body %.200q, error %v", tt.address, status, body, err)
		}
	}
}

func TestProxyLeadsNowhereElse(t *testing.T) {
	s := start(t, Options{Script: parse(t, quiet)})
	if _, _, err := get(browser(t, s), "https://example.test/"); err == nil || !strings.Contains(err.Error(), "Forbidden") {
		t.Errorf("error %v", err)
	}
}

// A client may send its first words together with the CONNECT, and may reach the signer through the tunnel too.
func TestProxyToItselfWithEarlyWords(t *testing.T) {
	s := start(t, Options{Script: parse(t, quiet)})
	conn, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, err = io.WriteString(conn, "CONNECT "+s.Addr()+" HTTP/1.1\r\nHost: "+s.Addr()+"\r\n\r\n"+
		"GET /webcast/rate_limits HTTP/1.1\r\nHost: "+s.Addr()+"\r\nConnection: close\r\n\r\n")
	if err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(conn)
	tunnel, err := http.ReadResponse(r, &http.Request{Method: http.MethodConnect})
	if err != nil {
		t.Fatal(err)
	}
	tunnel.Body.Close()
	resp, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); err != nil || !bytes.Contains(body, []byte("reset_at")) {
		t.Errorf("body %q, error %v", body, err)
	}
}

func TestSignerRefuses(t *testing.T) {
	s := start(t, Options{Script: parse(t, quiet), Key: "a key"})
	ctx := t.Context()
	try := func(room, key string) signed {
		t.Helper()
		sd, err := sign(ctx, s, room, key)
		if err != nil {
			t.Fatal(err)
		}
		return sd
	}
	if sd := try(s.roomNow(), "another"); sd.status != http.StatusUnauthorized {
		t.Errorf("wrong key: status %d", sd.status)
	}
	if sd := try("", "a key"); sd.status != http.StatusBadRequest {
		t.Errorf("no room: status %d", sd.status)
	}
	s.wrong(t, doRateLimit, 0, 90*time.Minute)
	sd := try(s.roomNow(), "a key")
	after, err := strconv.Atoi(sd.header.Get("Retry-After"))
	if sd.status != http.StatusTooManyRequests || err != nil || after < 5300 || after > 5400 {
		t.Errorf("rate limit: status %d, after %d, error %v", sd.status, after, err)
	}
	s.wrong(t, doRateLimit, 0, 0)
	s.wrong(t, doRefuseSigning, http.StatusServiceUnavailable, time.Hour)
	if sd := try(s.roomNow(), "a key"); sd.status != http.StatusServiceUnavailable {
		t.Errorf("503: status %d", sd.status)
	}
	s.wrong(t, doRefuseSigning, 0, 0)
	if sd := try(s.roomNow(), "a key"); sd.status != http.StatusOK || sd.cookie == "" || len(sd.response.GetRouteParamsMap()) == 0 {
		t.Errorf("afterwards: %+v", sd)
	}
	if in := s.Ledger().Received; in.Signs != 5 || in.SignsRefused != 4 {
		t.Errorf("received %+v", in)
	}
}

func TestSocketWantsWhatTheSignerGave(t *testing.T) {
	s := start(t, Options{Script: parse(t, quiet)})
	ctx := t.Context()
	room := s.roomNow()
	tests := []struct {
		name   string
		status int
		change func(*signed)
	}{
		{"no cookie", 415, func(sd *signed) { sd.cookie = "" }},
		{"another cookie", 415, func(sd *signed) { sd.cookie = cookieName + "=1" }},
		{"no parameters", 200, func(sd *signed) { sd.response.RouteParamsMap = nil }},
		{"expired", 200, func(sd *signed) {
			s.stage.mu.Lock()
			defer s.stage.mu.Unlock()
			s.stage.passes[sd.response.GetRouteParamsMap()["wrss"]].expires = time.Now().Add(-time.Second)
		}},
		{"refused once", 415, func(*signed) { s.wrong(t, doRefuseSocket, 415, 0) }},
		{"afterwards", 101, func(*signed) {}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sd, err := sign(ctx, s, room, "")
			if err != nil {
				t.Fatal(err)
			}
			tt.change(&sd)
			ws, status, err := dial(ctx, room, sd)
			if ws != nil {
				ws.CloseNow()
			}
			if status != tt.status {
				t.Fatalf("status %d, error %v", status, err)
			}
		})
	}
	// The client has its answer before the server has its connection.
	s.stage.await(ctx, 10*time.Second, func() bool { return s.stage.book.total.Received.Connections == 1 })
	if in := s.Ledger().Received; in.Refused != 5 || in.Connections != 1 {
		t.Errorf("received %+v", in)
	}
}

func TestSocketOfARoomThatHasEnded(t *testing.T) {
	s := start(t, Options{Script: parse(t, quiet)})
	ctx := t.Context()
	for _, room := range []string{"123", s.roomNow()} {
		sd, err := sign(ctx, s, room, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.stage.sayGoodbye(time.Now(), time.Hour); err != nil {
			t.Fatal(err)
		}
		ws, _, err := dial(ctx, room, sd)
		if err != nil {
			t.Fatal(err)
		}
		h := newHeard()
		if err := h.listen(ctx, ws, true, nil); websocket.CloseStatus(err) != websocket.StatusNormalClosure || h.ended != 1 {
			t.Errorf("room %s: ended %d, error %v", room, h.ended, err)
		}
	}
}

func TestOutageAnswersNothing(t *testing.T) {
	s := start(t, Options{Script: parse(t, quiet)})
	s.wrong(t, doCut, 0, time.Hour)
	if _, err := sign(t.Context(), s, s.roomNow(), ""); err == nil {
		t.Error("the signer answers")
	}
	if _, _, err := get(browser(t, s), "https://www.tiktok.com/"); err == nil {
		t.Error("the proxy answers")
	}
	s.stage.mu.Lock()
	s.stage.faults.outage = time.Time{}
	s.stage.mu.Unlock()
	if _, err := sign(t.Context(), s, s.roomNow(), ""); err != nil {
		t.Error(err)
	}
}

func TestRunEndsWithOpenSockets(t *testing.T) {
	s, err := Listen(Options{Script: parse(t, quiet)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	ws, err := euler(context.Background(), s, "uniqueId=rehearsal&features.rawMessages=true")
	if err != nil {
		t.Fatal(err)
	}
	defer ws.CloseNow()
	tunnel, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer tunnel.Close()
	if _, err := io.WriteString(tunnel, "CONNECT www.tiktok.com:443 HTTP/1.1\r\nHost: www.tiktok.com:443\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := tunnel.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	cancel() // the socket does not answer the close, the tunnel says nothing
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("does not end")
	}
}
