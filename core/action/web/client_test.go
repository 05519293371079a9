package web

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
)

func TestARequestArrivesAsWritten(t *testing.T) {
	got := make(chan string, 1)
	s, _ := server(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		body, _ := io.ReadAll(r.Body)
		got <- fmt.Sprintf("%s %s %s %s %s %s", r.Method, r.URL, r.Header.Get("X-Key"), r.Header.Get("User-Agent"), r.Header.Get("Cookie"), body)
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
		_, _ = io.WriteString(w, "\r\n\n  all  well \nmore")
	})
	c := client(t)
	for range 2 { // the second would bring the cookie
		o := do(t, c, action.HTTP{
			URL: s.URL + "/lamp?by={user}", Method: "PUT", Headers: map[string]string{"x-key": "k"}, Body: `{"n":{count}}`,
		})
		if o != (action.Outcome{State: action.Done, Reply: "200 OK: all well"}) {
			t.Errorf("outcome %+v", o)
		}
		if got, want := <-got, `PUT /lamp?by=pixel_pia k LiveCue  {"n":3}`; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestAnswers(t *testing.T) {
	huge := strings.Repeat("x", 1<<20)
	tests := []struct {
		name   string
		status int
		kind   string
		body   string
		want   action.Outcome
	}{
		{"no content", 204, "", "", action.Outcome{State: action.Done, Reply: "204 No Content"}},
		{"not found", 404, "text/plain", "no such lamp\n", action.Outcome{State: action.Rejected, Reply: "404 Not Found: no such lamp"}},
		{"a page", 500, "text/html; charset=utf-8", "<html>", action.Outcome{State: action.Rejected, Reply: "500 Internal Server Error"}},
		{"busy", 429, "", "slow down", action.Outcome{State: action.Rejected, Reply: "429 Too Many Requests: slow down"}},
		{"huge", 200, "", huge, action.Outcome{State: action.Done, Reply: "200 OK: " + huge[:300]}},
		{"blank", 200, "", strings.Repeat("\n", 1<<20), action.Outcome{State: action.Done, Reply: "200 OK"}},
		{"garbage", 200, "", "\x00\xff\x1b[2Jok\u202e\n", action.Outcome{State: action.Done, Reply: "200 OK: [2Jok"}},
		{"a status of its own", 599, "", "", action.Outcome{State: action.Rejected, Reply: "599"}},
		{"a redirect to nowhere", 304, "", "", action.Outcome{State: action.Rejected, Reply: "304 Not Modified: a redirect that is not followed"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, n := server(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
				if tt.kind != "" {
					w.Header().Set("Content-Type", tt.kind)
				}
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, tt.body)
			})
			if got := do(t, client(t), action.HTTP{URL: s.URL}); got != tt.want || n.Load() != 1 {
				t.Errorf("got %+v after %d requests, want %+v", got, n.Load(), tt.want)
			}
		})
	}
}

// peer is a server that does to each connection what it likes.
func peer(t *testing.T, serve func(net.Conn)) (address string, served *atomic.Int32) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	served = &atomic.Int32{}
	go func() { // ends with the listener
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			served.Add(1)
			serve(conn)
			conn.Close()
		}
	}()
	t.Cleanup(func() {
		l.Close()
		<-done
	})
	return "http://" + l.Addr().String(), served
}

func readRequest(conn net.Conn) { _, _ = http.ReadRequest(bufio.NewReader(conn)) }

func TestWithoutAnAnswerTheEndIsUnknown(t *testing.T) {
	for name, serve := range map[string]func(net.Conn){
		"cut before the answer": readRequest,
		"cut in the headers":    func(c net.Conn) { readRequest(c); _, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nX-") },
		"garbage":               func(c net.Conn) { readRequest(c); _, _ = io.WriteString(c, "SSH-2.0-x\r\n\r\n") },
		"endless headers": func(c net.Conn) {
			readRequest(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n")
			for {
				if _, err := io.WriteString(c, "X: "+strings.Repeat("y", 1000)+"\r\n"); err != nil {
					return
				}
			}
		},
		"cut at once": func(net.Conn) {},
	} {
		t.Run(name, func(t *testing.T) {
			url, served := peer(t, serve)
			o := do(t, client(t), action.HTTP{URL: url + "/hush"})
			if o.State != action.Unknown || !strings.HasPrefix(o.Reply, "no answer from 127.0.0.1") || strings.Contains(o.Reply, "hush") {
				t.Errorf("outcome %+v", o)
			}
			if served.Load() != 1 {
				t.Errorf("it was sent %d times", served.Load())
			}
		})
	}
}

// A connection that was used before and is dead by now is where Go would send a GET again.
func TestAGetIsSentOnce(t *testing.T) {
	url, served := peer(t, func(conn net.Conn) {
		readRequest(conn)
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
		readRequest(conn) // and no answer
	})
	c := client(t)
	for i := range 3 {
		if o := do(t, c, action.HTTP{URL: url}); o.State != action.Done {
			t.Errorf("request %d: %+v", i, o)
		}
	}
	if served.Load() != 3 {
		t.Errorf("%d connections for 3 requests", served.Load())
	}
}

func TestTheAnswerThatNeverEndsIsRead(t *testing.T) {
	hold := make(chan struct{})
	s, _ := server(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		_, _ = io.WriteString(w, "first\nsec")
		w.(http.Flusher).Flush()
		select {
		case <-hold:
		case <-r.Context().Done():
		}
	})
	defer close(hold)
	if o := do(t, client(t), action.HTTP{URL: s.URL}); o != (action.Outcome{State: action.Done, Reply: "200 OK: first"}) {
		t.Errorf("outcome %+v", o)
	}
}

func TestASlowServer(t *testing.T) {
	s, _ := server(t, func(_ http.ResponseWriter, r *http.Request, _ int) { <-r.Context().Done() })
	c := client(t)
	o := do(t, c, action.HTTP{URL: s.URL, Timeout: action.Duration(50 * time.Millisecond)})
	if o.State != action.Unknown || !strings.Contains(o.Reply, "nothing came within 50ms") {
		t.Errorf("outcome %+v", o)
	}
	ctx, cancel := context.WithCancel(t.Context())
	arrived := make(chan struct{})
	s2, _ := server(t, func(_ http.ResponseWriter, r *http.Request, _ int) { close(arrived); <-r.Context().Done() })
	go func() { <-arrived; cancel() }()
	if o, err := c.Do(ctx, job(action.HTTP{URL: s2.URL})); err != nil || o.State != action.Unknown {
		t.Errorf("given up: %+v, %v", o, err)
	}
	if _, err := c.Do(ctx, job(action.HTTP{URL: s2.URL})); !errors.Is(err, context.Canceled) {
		t.Errorf("never begun: %v", err)
	}
}

func TestAServerThatIsNotThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	for _, url := range []string{"http://" + address + "/hush", "http://no-such-host.invalid/hush"} {
		for _, retry := range []bool{false, true} {
			c := client(t)
			for range maxTries + 1 { // as often as it takes
				_, err := c.Do(t.Context(), job(action.HTTP{URL: url, Retry: retry}))
				if err == nil || action.IsPermanent(err) || strings.Contains(err.Error(), "hush") {
					t.Errorf("%s: %v", url, err)
				}
			}
		}
	}
}

func TestCertificates(t *testing.T) {
	handler := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the request arrived") })
	s := httptest.NewUnstartedServer(handler)
	s.Config.ErrorLog = nil
	s.StartTLS()
	defer s.Close()
	plain := httptest.NewServer(handler)
	defer plain.Close()
	for name, url := range map[string]string{"unknown": s.URL, "no TLS": strings.Replace(plain.URL, "http:", "https:", 1)} {
		if _, err := client(t).Do(t.Context(), job(action.HTTP{URL: url, Retry: true})); !action.IsPermanent(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRetry(t *testing.T) {
	tests := []struct {
		name string
		// answers are what the server says, 0 for nothing.
		answers []int
		want    action.State
		sent    int32
	}{
		{"busy, then well", []int{503, 429, 200}, action.Done, 3},
		{"no answer, then well", []int{0, 0, 201}, action.Done, 3},
		{"never well", []int{500}, action.Rejected, maxTries},
		{"never an answer", []int{0}, action.Unknown, maxTries},
		{"refused", []int{403}, action.Rejected, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, sent := server(t, func(w http.ResponseWriter, _ *http.Request, n int) {
				code := tt.answers[min(n, len(tt.answers))-1]
				if code == 0 {
					panic(http.ErrAbortHandler)
				}
				w.WriteHeader(code)
			})
			c := client(t)
			// POST, which Go does not send again by itself.
			spec := action.HTTP{URL: s.URL, Method: "POST", Retry: true}
			o, err := c.Do(t.Context(), job(spec))
			for n := 1; err != nil; n++ {
				if action.IsPermanent(err) || action.IsBlocked(err) || n > maxTries {
					t.Fatal(err)
				}
				o, err = c.Do(t.Context(), job(spec))
			}
			if o.State != tt.want || sent.Load() != tt.sent {
				t.Errorf("outcome %+v after %d requests, want %s after %d", o, sent.Load(), tt.want, tt.sent)
			}
			if len(c.tries) != 0 {
				t.Errorf("tries are kept: %v", c.tries)
			}
		})
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	s, sent := server(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		w.Header().Set("Retry-After", "100000")
		w.WriteHeader(429)
	})
	c := client(t)
	for range 3 {
		if _, err := c.Do(t.Context(), job(action.HTTP{URL: s.URL, Retry: true})); err == nil {
			t.Error("it counts as an answer")
		}
	}
	if sent.Load() != 1 {
		t.Errorf("sent %d times", sent.Load())
	}
	for host, until := range c.holds {
		if left := time.Until(until); left > maxHold || left < maxHold-time.Minute {
			t.Errorf("%s is held for %v", host, left)
		}
		c.holds[host] = time.Now()
	}
	if _, err := c.Do(t.Context(), job(action.HTTP{URL: s.URL, Retry: true})); err == nil || sent.Load() != 2 {
		t.Errorf("after the pause: %v, sent %d times", err, sent.Load())
	}
}

func TestRetryAfterHeader(t *testing.T) {
	now := time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, "-7": 0, "soon": 0, "99999999999999999999": 0,
		"Sun, 01 Mar 2026 20:01:00 GMT": time.Minute, "Sun, 01 Mar 2026 19:00:00 GMT": 0,
	} {
		if got := retryAfter(text, now); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestRedirects(t *testing.T) {
	keys := make(chan string, 1)
	other, _ := server(t, func(_ http.ResponseWriter, r *http.Request, _ int) {
		keys <- r.Header.Get("X-Key") + r.Header.Get("Accept")
	})
	s, n := server(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		switch r.URL.Path {
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/other":
			http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
		case "/home":
			http.Redirect(w, r, "/end", http.StatusFound)
		case "/gone":
			http.Redirect(w, r, "http://127.0.0.1:1/hush", http.StatusFound)
		case "/end":
			keys <- r.Header.Get("X-Key") + r.Header.Get("Accept")
		}
	})
	c := client(t)
	headers := map[string]string{"X-Key": "hush", "Accept": "*"}
	if o := do(t, c, action.HTTP{URL: s.URL + "/home", Headers: headers}); o.State != action.Done {
		t.Errorf("home: %+v", o)
	}
	if got := <-keys; got != "hush*" {
		t.Errorf("the same server got %q", got)
	}
	if o := do(t, c, action.HTTP{URL: s.URL + "/other", Headers: headers}); o.State != action.Done {
		t.Errorf("other: %+v", o)
	}
	if got := <-keys; got != "*" {
		t.Errorf("another server got %q", got)
	}
	before := n.Load()
	if o := do(t, c, action.HTTP{URL: s.URL + "/loop"}); o.State != action.Rejected || n.Load()-before != maxHops+1 {
		t.Errorf("loop: %+v after %d requests", o, n.Load()-before)
	}
	// The first server has had its request: it must not get it again.
	if o := do(t, c, action.HTTP{URL: s.URL + "/gone"}); o.State != action.Unknown || strings.Contains(o.Reply, "hush") {
		t.Errorf("gone: %+v", o)
	}
}

func TestNoRedirectLeavesEncryption(t *testing.T) {
	plain, n := server(t, func(http.ResponseWriter, *http.Request, int) {})
	s := httptest.NewTLSServer(http.RedirectHandler(plain.URL, http.StatusFound))
	defer s.Close()
	c := client(t)
	c.once.TLSClientConfig = s.Client().Transport.(*http.Transport).TLSClientConfig
	if o := do(t, c, action.HTTP{URL: s.URL}); o.State != action.Rejected || n.Load() != 0 {
		t.Errorf("outcome %+v, %d requests in the clear", o, n.Load())
	}
}

func TestARehearsalSendsNothing(t *testing.T) {
	s, n := server(t, func(http.ResponseWriter, *http.Request, int) {})
	j := job(action.HTTP{URL: s.URL})
	j.Rehearsed = true
	o, err := client(t).Do(t.Context(), j)
	if err != nil || o.State != action.Done || !strings.Contains(o.Reply, "nothing was sent") || n.Load() != 0 {
		t.Errorf("%+v, %v, %d requests", o, err, n.Load())
	}
}

func TestAJobOfAnotherKind(t *testing.T) {
	if _, err := client(t).Do(t.Context(), action.Job{}); !action.IsPermanent(err) {
		t.Errorf("got %v", err)
	}
}
