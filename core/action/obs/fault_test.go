package obs

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/obs/obstest"
)

const (
	getScene = "GetCurrentProgramScene"
	setScene = "SetCurrentProgramScene"
)

// reactOnce returns a React that reacts so to the first request of a type, and answers the rest.
func reactOnce(kind string, r obstest.Reaction) func(string) obstest.Reaction {
	var isOver atomic.Bool
	return func(k string) obstest.Reaction {
		if k == kind && isOver.CompareAndSwap(false, true) {
			return r
		}
		return obstest.Answer
	}
}

// What a job comes to when OBS does something else than to answer, and that it is well again afterwards.
func TestNoAnswer(t *testing.T) {
	t.Parallel()
	const brief = time.Second // connecting and logging in must come within it too, on a loaded machine
	for _, tt := range []struct {
		name    string
		kind    string
		react   obstest.Reaction
		timeout time.Duration
		state   action.State // "" is an error
		err     error
	}{
		{"silent when asked", getScene, obstest.Ignore, brief, "", ErrSilent},
		{"gone when asked", getScene, obstest.HangUp, 0, "", ErrUnreachable},
		{"not ready when asked", getScene, obstest.NotReady, 0, "", ErrNotReady},
		{"not ready when told", setScene, obstest.NotReady, 0, "", ErrNotReady},
		{"silent when told", setScene, obstest.Ignore, brief, action.Unknown, nil},
		{"obeys silently", setScene, obstest.Obey, brief, action.Unknown, nil},
		{"obeys and is gone", setScene, obstest.HangUp, 0, action.Unknown, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := obstest.Start(t, obstest.Options{Password: password, React: reactOnce(tt.kind, tt.react)})
			c := client(t, s.Addr, Options{Timeout: tt.timeout})
			pause := action.OBS{Do: action.OBSScene, Scene: "Pause"}
			got, err := c.Do(t.Context(), job(pause))
			if got.State != tt.state || !errors.Is(err, tt.err) || action.IsPermanent(err) || action.IsBlocked(err) {
				t.Fatalf("got %+v, %v", got, err)
			}
			c.timeout = 30 * time.Second
			do(t, c, pause)
			if s.Live() != "Pause" {
				t.Errorf("%s is live", s.Live())
			}
		})
	}
}

// A change that may have been made is switched back like one that was.
func TestUnansweredIsSwitchedBack(t *testing.T) {
	t.Parallel()
	s := obstest.Start(t, obstest.Options{Password: password, React: reactOnce(setScene, obstest.HangUp)})
	c := client(t, s.Addr, Options{})
	got, err := c.Do(t.Context(), job(action.OBS{Do: action.OBSScene, Scene: "Pause", For: action.Duration(100 * time.Millisecond)}))
	if err != nil || got.State != action.Unknown {
		t.Fatalf("got %+v, %v", got, err)
	}
	eventually(t, "switched back", func() bool { return s.Live() == "Main" && s.Count(setScene) == 2 })
}

// An OBS that is away at the time is told to switch back when it is there again.
func TestSwitchedBackLater(t *testing.T) {
	t.Parallel()
	var isAway atomic.Bool
	s := obstest.Start(t, obstest.Options{Password: password, React: func(string) obstest.Reaction {
		if isAway.CompareAndSwap(true, false) {
			return obstest.Ignore
		}
		return obstest.Answer
	}})
	c := client(t, s.Addr, Options{Timeout: time.Second})
	do(t, c, action.OBS{Do: action.OBSScene, Scene: "Pause", For: action.Duration(50 * time.Millisecond)})
	isAway.Store(true)
	eventually(t, "switched back", func() bool { return s.Live() == "Main" })
}

func TestCloseIsBounded(t *testing.T) {
	t.Parallel()
	var isFrozen atomic.Bool
	s := obstest.Start(t, obstest.Options{Password: password, React: func(string) obstest.Reaction {
		if isFrozen.Load() {
			return obstest.Ignore
		}
		return obstest.Answer
	}})
	c := client(t, s.Addr, Options{})
	do(t, c, action.OBS{Do: action.OBSScene, Scene: "Pause", For: action.Duration(time.Hour)})
	isFrozen.Store(true)
	stuck := make(chan error, 1)
	go func() {
		_, err := c.Do(context.Background(), job(action.OBS{Do: action.OBSScene, Scene: "Main"}))
		stuck <- err
	}()
	eventually(t, "a job waits for its answer", func() bool { return s.Count(getScene) == 2 })
	start := time.Now()
	err := c.Close()
	if took := time.Since(start); err == nil || took > closeTimeout+5*time.Second {
		t.Errorf("closed after %v with %v", took, err)
	}
	if err := <-stuck; !errors.Is(err, ErrClosed) {
		t.Errorf("the job that was under way: %v", err)
	}
}

// A job that is given up while it waits has changed nothing.
func TestGivenUp(t *testing.T) {
	t.Parallel()
	s := obstest.Start(t, obstest.Options{Password: password, React: reactOnce(getScene, obstest.Ignore)})
	c := client(t, s.Addr, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() {
		_, err := c.Do(ctx, job(action.OBS{Do: action.OBSScene, Scene: "Pause"}))
		done <- err
	}()
	eventually(t, "it is asked", func() bool { return s.Count(getScene) == 1 })
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if s.Count(setScene) != 0 {
		t.Error("the scene was switched all the same")
	}
}

// Whatever is behind the port, the client comes to an end and says what is wrong.
func TestStrangePeers(t *testing.T) {
	web := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(web.Close)
	mute, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mute.Close() })
	say := func(text string) string {
		return obstest.Serve(t, func(ctx context.Context, ws *websocket.Conn) {
			_ = ws.Write(ctx, websocket.MessageText, []byte(text))
			for err := error(nil); err == nil; {
				_, _, err = ws.Read(ctx)
			}
		})
	}
	hello := `{"op":0,"d":{"rpcVersion":1}}`
	for _, tt := range []struct {
		name, address string
		want          error
		isBlocked     bool
	}{
		{"nothing there", "127.0.0.1:1", ErrUnreachable, false},
		{"no address", "127.0.0.1", ErrAddress, true},
		{"never answers", mute.Addr().String(), ErrSilent, false},
		{"a web server", strings.TrimPrefix(web.URL, "http://"), ErrProtocol, false},
		{"no greeting", obstest.Serve(t, func(ctx context.Context, _ *websocket.Conn) { <-ctx.Done() }), ErrSilent, false},
		{"no JSON", say("hello"), ErrProtocol, false},
		{"another greeting", say(`{"op":5,"d":{}}`), ErrProtocol, false},
		{"an odd greeting", say(`{"op":0,"d":{"authentication":7}}`), ErrProtocol, false},
		{"an endless greeting", say(strings.Repeat(" ", maxMessage+1)), ErrUnreachable, false},
		{"greets and is silent", say(hello), ErrSilent, false},
		{"greets and ends", obstest.Serve(t, func(ctx context.Context, ws *websocket.Conn) {
			_ = ws.Write(ctx, websocket.MessageText, []byte(hello))
			_ = ws.Close(websocket.StatusGoingAway, "")
		}), ErrUnreachable, false},
		{"another version", obstest.Serve(t, func(ctx context.Context, ws *websocket.Conn) {
			_ = ws.Write(ctx, websocket.MessageText, []byte(hello))
			_, _, _ = ws.Read(ctx)
			_ = ws.Close(closeVersion, "")
		}), ErrVersion, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			timeout := 30 * time.Second
			if tt.want == ErrSilent { //nolint:errorlint // the table's own
				timeout = 300 * time.Millisecond
			}
			c := client(t, tt.address, Options{Timeout: timeout})
			_, err := c.Do(t.Context(), job(action.OBS{Do: action.OBSScene, Scene: "Pause"}))
			if !errors.Is(err, tt.want) || action.IsBlocked(err) != tt.isBlocked || action.IsPermanent(err) {
				t.Errorf("got %v", err)
			}
			if _, err := c.Names(t.Context()); !errors.Is(err, tt.want) {
				t.Errorf("names: got %v", err)
			}
		})
	}
}

// Answers that nobody waits for, and events, are passed over; an answer that cannot be read is none.
func TestStrangeAnswers(t *testing.T) {
	t.Parallel()
	ok := map[string]any{"code": 100, "result": true}
	for _, tt := range []struct {
		name string
		data any
		want error
	}{
		{"fit", map[string]any{"currentProgramSceneName": "Main"}, nil},
		{"of another shape", map[string]any{"currentProgramSceneName": []int{1}}, ErrProtocol},
		{"none", nil, ErrProtocol},
	} {
		t.Run(tt.name, func(t *testing.T) {
			address := obstest.Serve(t, func(ctx context.Context, ws *websocket.Conn) {
				if !obstest.Greet(ctx, ws, "") {
					return
				}
				for id := 1; ; id++ {
					if _, _, err := ws.Read(ctx); err != nil {
						return
					}
					for range 100 {
						obstest.Send(ctx, ws, 5, map[string]any{"eventType": "ExitStarted"})
						obstest.Send(ctx, ws, 7, map[string]any{"requestId": "another", "requestStatus": ok})
						obstest.Send(ctx, ws, 7, "no response")
					}
					for range 3 {
						obstest.Send(ctx, ws, 7, map[string]any{"requestId": string(rune('0' + id)), "requestStatus": ok, "responseData": tt.data})
					}
				}
			})
			got, err := client(t, address, Options{}).Do(t.Context(), job(action.OBS{Do: action.OBSScene, Scene: "Pause"}))
			if !errors.Is(err, tt.want) || err == nil && got.State != action.Done {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func TestNotAnOBSJob(t *testing.T) {
	c := client(t, "127.0.0.1:1", Options{})
	if _, err := c.Do(t.Context(), action.Job{}); !errors.Is(err, ErrNotOBS) || !action.IsPermanent(err) {
		t.Errorf("got %v", err)
	}
	if _, err := c.Do(t.Context(), job(action.OBS{Do: "dance"})); !errors.Is(err, ErrVerb) || !action.IsPermanent(err) {
		t.Errorf("got %v", err)
	}
}

func TestRenderIsBounded(t *testing.T) {
	f := action.Fields{Nickname: strings.Repeat("👩‍🚀", 5000)}
	got := render(strings.Repeat("{nickname}", 50), f)
	if len(got) > maxShown || len(got) < maxShown-100 {
		t.Errorf("%d bytes", len(got))
	}
	if got := shorten("a👩‍🚀b", 5); got != "a" {
		t.Errorf("cut within a character: %q", got)
	}
	if got := render("a\x00\xff", f); got != "a\uFFFD" {
		t.Errorf("got %q", got)
	}
}
