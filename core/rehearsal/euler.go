package rehearsal

import (
	"crypto/subtle"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"
)

// eulerPath is where the managed socket is on this server.
const eulerPath = "/euler"

// The managed socket's close codes that this server has reason to use, as Euler Stream's public SDK names them.
const (
	closeStreamEnded websocket.StatusCode = 4005
	closeBadOptions  websocket.StatusCode = 4400
	closeBadKey      websocket.StatusCode = 4401
	closeNotLive     websocket.StatusCode = 4404
	closeTooMany     websocket.StatusCode = 4429
	closeUpstream    websocket.StatusCode = 4500
	closeNoRoom      websocket.StatusCode = 4556
)

// serveEuler is the managed socket: it opens for everyone and says why not with a close code.
func (s *Server) serveEuler(w http.ResponseWriter, r *http.Request) {
	code, reason := s.eulerRefusal(r)
	if code == 0 {
		// TikTok compresses its frames for Euler Stream, which passes them through as they are.
		s.hold(w, r, managed, nil, true)
		return
	}
	s.stage.count(func(in *Received) { in.Refused++ })
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{OriginPatterns: []string{"*.tiktok.com"}})
	if err != nil {
		return // Accept has answered
	}
	_ = ws.Close(code, reason)
}

// eulerRefusal says with which code a request is refused, 0 if it is not.
func (s *Server) eulerRefusal(r *http.Request) (websocket.StatusCode, string) {
	q := r.URL.Query()
	handle := strings.TrimPrefix(q.Get("uniqueId"), "@")
	now := time.Now()
	st := s.stage
	st.mu.Lock()
	defer st.mu.Unlock()
	switch {
	case handle == "":
		return closeBadOptions, "uniqueId is missing"
	case q.Get("features.rawMessages") != "true":
		return closeBadOptions, "the rehearsal only has features.rawMessages=true"
	case !s.isKey(q.Get("apiKey")):
		return closeBadKey, "the apiKey is not valid"
	case now.Before(st.faults.rateLimit):
		return closeTooMany, "too many connections"
	case now.Before(st.faults.rooms.until):
		return closeNoRoom, "the room lookup failed"
	case now.Before(st.faults.signing.until):
		return websocket.StatusInternalError, "internal error"
	case !strings.EqualFold(handle, s.handle) || !st.isLive:
		return closeNotLive, "the creator is not live"
	}
	return 0, ""
}

// isKey says whether a client may use the signer and the managed socket.
func (s *Server) isKey(key string) bool {
	return s.key == "" || subtle.ConstantTimeCompare([]byte(key), []byte(s.key)) == 1
}
