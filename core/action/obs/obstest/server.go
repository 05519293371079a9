// Package obstest has a server that speaks obs-websocket 5 as OBS does, for tests of what a real OBS cannot be brought to do at the
// right moment: to say nothing, to hang up, or not to be ready.
package obstest

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"
)

// Reaction is what the server does when it is asked something.
type Reaction int

// The reactions.
const (
	// Answer does it and says so.
	Answer Reaction = iota
	// Ignore neither does it nor says anything.
	Ignore
	// Obey does it and says nothing.
	Obey
	// HangUp does it and ends the connection.
	HangUp
	// NotReady does not do it, and says that OBS is not ready.
	NotReady
)

// Options set up a Server.
type Options struct {
	// Password is asked for unless it is empty.
	Password string
	// React is asked before each request, by its type; nil is Answer for all.
	React func(kind string) Reaction
}

// Server is an OBS with the scenes Main and Pause. Main is live at first.
type Server struct {
	// Addr is host:port.
	Addr string
	opts Options

	mu   sync.Mutex
	live string
	seen []string
	// refused is how many logins were.
	refused int
}

// Start starts a server that ends with the test.
func Start(t testing.TB, opts Options) *Server {
	t.Helper()
	s := &Server{opts: opts, live: "Main"}
	s.Addr = Serve(t, s.serve)
	return s
}

// Serve starts a server that does something with each connection, and ends with the test. It returns its host:port.
func Serve(t testing.TB, do func(context.Context, *websocket.Conn)) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var group sync.WaitGroup
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"obswebsocket.json"}})
		if err != nil {
			return // it has answered
		}
		group.Add(1)
		defer group.Done()
		defer func() { _ = ws.CloseNow() }()
		do(ctx, ws)
	}))
	t.Cleanup(func() { cancel(); web.Close(); group.Wait() })
	return strings.TrimPrefix(web.URL, "http://")
}

// Live returns the scene that is live.
func (s *Server) Live() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.live
}

// Switch makes a scene live, as its user does.
func (s *Server) Switch(scene string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live = scene
}

// Refused returns how many have not logged in.
func (s *Server) Refused() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refused
}

// Count returns how many requests of a type have come.
func (s *Server) Count(kind string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, k := range s.seen {
		if k == kind {
			n++
		}
	}
	return n
}

func (s *Server) serve(ctx context.Context, ws *websocket.Conn) {
	if !Greet(ctx, ws, s.opts.Password) {
		s.mu.Lock()
		s.refused++
		s.mu.Unlock()
		return
	}
	for {
		var m struct {
			Data struct {
				Kind string `json:"requestType"`
				ID   string `json:"requestId"`
				Data struct {
					Scene string `json:"sceneName"`
				} `json:"requestData"`
			} `json:"d"`
		}
		if !receive(ctx, ws, &m) {
			return
		}
		reaction := s.note(m.Data.Kind)
		answer := map[string]any{"requestType": m.Data.Kind, "requestId": m.Data.ID}
		if reaction == NotReady {
			answer["requestStatus"] = status(207, "The server is not ready to handle the request.")
		} else if reaction != Ignore {
			s.do(m.Data.Kind, m.Data.Data.Scene, answer)
		}
		switch reaction {
		case HangUp:
			return
		case Answer, NotReady:
			Send(ctx, ws, 7, answer)
		}
	}
}

func (s *Server) note(kind string) Reaction {
	s.mu.Lock()
	s.seen = append(s.seen, kind)
	s.mu.Unlock()
	if s.opts.React == nil {
		return Answer
	}
	return s.opts.React(kind)
}

// do does what is asked, and fills in the answer.
func (s *Server) do(kind, scene string, answer map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	answer["requestStatus"] = status(100, "")
	switch {
	case kind == "GetCurrentProgramScene":
		answer["responseData"] = map[string]any{"currentProgramSceneName": s.live}
	case kind == "SetCurrentProgramScene" && (scene == "Main" || scene == "Pause"):
		s.live = scene
	case kind == "SetCurrentProgramScene":
		answer["requestStatus"] = status(600, "No source was found by the name of `"+scene+"`.")
	case kind == "GetVersion":
		answer["responseData"] = map[string]any{"obsVersion": "30.2.3", "obsWebSocketVersion": "5.5.2", "rpcVersion": 1}
	case kind == "GetSceneList":
		answer["responseData"] = map[string]any{"scenes": []any{
			map[string]any{"sceneName": "Pause", "sceneIndex": 0}, map[string]any{"sceneName": "Main", "sceneIndex": 1},
		}}
	case kind == "GetInputList":
		answer["responseData"] = map[string]any{"inputs": []any{}}
	case kind == "GetSceneItemList":
		answer["responseData"] = map[string]any{"sceneItems": []any{map[string]any{"sourceName": "Logo", "sceneItemId": 1}}}
	case kind == "GetSourceFilterList":
		answer["responseData"] = map[string]any{"filters": []any{}}
	default:
		answer["requestStatus"] = status(204, "Your request type is not valid.")
	}
}

func status(code int, comment string) map[string]any {
	return map[string]any{"result": code == 100, "code": code, "comment": comment}
}

// Greet lets a client log in, and reports whether it did.
func Greet(ctx context.Context, ws *websocket.Conn, password string) bool {
	const challenge, salt = "Y2hhbGxlbmdl", "c2FsdA=="
	greeting := map[string]any{"obsWebSocketVersion": "5.1.0", "rpcVersion": 1}
	if password != "" {
		greeting["authentication"] = map[string]any{"challenge": challenge, "salt": salt}
	}
	Send(ctx, ws, 0, greeting)
	var m struct {
		Data struct {
			Proof string `json:"authentication"`
		} `json:"d"`
	}
	if !receive(ctx, ws, &m) {
		return false
	}
	if password != "" && m.Data.Proof != digest(digest(password+salt)+challenge) {
		_ = ws.Close(4009, "Authentication failed.")
		return false
	}
	Send(ctx, ws, 2, map[string]any{"negotiatedRpcVersion": 1})
	return true
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// Send sends a message of a kind. Whether it arrives is the client's concern.
func Send(ctx context.Context, ws *websocket.Conn, op int, data any) {
	raw, err := json.Marshal(map[string]any{"op": op, "d": data})
	if err == nil {
		_ = ws.Write(ctx, websocket.MessageText, raw)
	}
}

// receive reads one message into out.
func receive(ctx context.Context, ws *websocket.Conn, out any) bool {
	_, raw, err := ws.Read(ctx)
	return err == nil && json.Unmarshal(raw, out) == nil
}
