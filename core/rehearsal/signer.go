package rehearsal

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	pb "github.com/steampoweredtaco/gotiktoklive/proto"
	"google.golang.org/protobuf/proto"
)

const (
	// cookieName is the cookie that the socket must send back.
	cookieName = "ttwid"
	// passLasts is how long a signed address lives; the public signer's live about as long.
	passLasts = 30 * time.Second
	// maxFirst is how many messages a sign response brings; more come over the socket.
	maxFirst = 50
	// maxPasses bounds what clients that sign and never connect can take up.
	maxPasses = 1000
	// signsPerMinute is told to clients that ask for their limits.
	signsPerMinute = 600
)

// pass is a signed address: what the socket must show, and what the sign response told.
type pass struct {
	room    *room
	cookie  string
	expires time.Time
	first   []*message
}

// serveSign answers a request to sign: the first messages and where to connect.
func (s *Server) serveSign(w http.ResponseWriter, r *http.Request) {
	now := time.Now()
	s.stage.count(func(in *Received) { in.Signs++ })
	if status, after := s.signRefusal(r, now); status != 0 {
		s.refuseSign(w, status, after)
		return
	}
	body, cookie, err := s.stage.sign(r.URL.Query().Get("room_id"), "ws://"+s.Addr()+socketPath, now)
	if err != nil {
		s.log.Error("rehearsal cannot sign", "error", err)
		s.refuseSign(w, http.StatusInternalServerError, 0)
		return
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
	w.Header().Set("X-Set-TT-Cookie", cookieName+"="+cookie)
	_, _ = w.Write(body)
}

// signRefusal says with which status a request is refused, 0 if it is not, and after how long to try again.
func (s *Server) signRefusal(r *http.Request, now time.Time) (int, time.Duration) {
	q := r.URL.Query()
	st := s.stage
	st.mu.Lock()
	defer st.mu.Unlock()
	switch key := q.Get("apiKey"); {
	case !s.isKey(key) && !s.isKey(r.Header.Get("X-Api-Key")):
		return http.StatusUnauthorized, 0
	case now.Before(st.faults.rateLimit):
		return http.StatusTooManyRequests, st.faults.rateLimit.Sub(now)
	case now.Before(st.faults.signing.until):
		return st.faults.signing.code, 0
	case q.Get("room_id") == "":
		return http.StatusBadRequest, 0
	}
	return 0, 0
}

// refuseSign answers as the public signer does. Retry-After is in whole seconds, rounded up.
func (s *Server) refuseSign(w http.ResponseWriter, status int, after time.Duration) {
	s.stage.count(func(in *Received) { in.SignsRefused++ })
	if after > 0 {
		seconds := int(math.Ceil(after.Seconds()))
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
		w.Header().Set("RateLimit-Remaining", "0")
		w.Header().Set("RateLimit-Reset", strconv.FormatInt(time.Now().Add(after).Unix(), 10))
	}
	writeJSON(w, status, map[string]any{"code": status, "message": "rehearsal: " + http.StatusText(status)})
}

// serveLimits tells a client how often it may sign.
func (s *Server) serveLimits(w http.ResponseWriter, r *http.Request) {
	if !s.isKey(r.URL.Query().Get("apiKey")) {
		s.refuseSign(w, http.StatusUnauthorized, 0)
		return
	}
	limit := func(span time.Duration) map[string]any {
		most := signsPerMinute * int(span/time.Minute)
		return map[string]any{"max": most, "remaining": most, "reset_at": time.Now().Add(span).UTC().Format(time.RFC3339)}
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"code": 200, "message": "", "minute": limit(time.Minute), "hour": limit(time.Hour), "day": limit(24 * time.Hour),
	})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // it can only fail where the client is gone
}

// sign gives out a pass and the response that goes with it.
func (st *stage) sign(roomID, pushServer string, now time.Time) (body []byte, cookie string, err error) {
	token := rand.Text()
	st.mu.Lock()
	defer st.mu.Unlock()
	p := &pass{room: st.room, cookie: "1%7Crehearsal%7C" + rand.Text(), expires: now.Add(passLasts)}
	if roomID == st.room.String() && st.isLive {
		if p.first, err = st.firstFetch(now); err != nil {
			return nil, "", err
		}
	} else {
		p.room = &room{} // an old one: the socket opens and tells of the end
		if id, err := strconv.ParseInt(roomID, 10, 64); err == nil {
			p.room.id = id
		}
	}
	st.keepPass(token, p, now)
	ext := fmt.Sprintf("internal_src:rehearsal|first_req_ms:%d", now.UnixMilli())
	r := &pb.WebcastResponse{
		Cursor: st.cursor(p.room, now), FetchInterval: 1000, Now: now.UnixMilli(), InternalExt: []byte(ext), FetchType: 1,
		RouteParamsMap: map[string]string{"wrss": token, "imprp": "rehearsal"}, HeartBeatDuration: 10_000,
		PushServer: pushServer, IsFirst: true, HistoryNoMore: true,
	}
	for _, m := range p.first {
		r.Messages = append(r.Messages, st.wire(m))
	}
	if body, err = proto.Marshal(r); err != nil {
		return nil, "", fmt.Errorf("encode sign response: %w", err)
	}
	return body, p.cookie, nil
}

// firstFetch is what a sign response tells of the room: history to its first client; to one that comes back old messages
// if the script wants that, and what it has missed. It needs the lock.
func (st *stage) firstFetch(now time.Time) ([]*message, error) {
	if !st.room.isAttended {
		return st.history(now)
	}
	n := min(st.faults.replay, len(st.recent))
	st.faults.replay = 0
	first := slices.Clone(st.recent[len(st.recent)-n:])
	first = slices.DeleteFunc(first, func(m *message) bool { return m.room != st.room })
	old := len(first)
	for _, m := range st.undelivered() {
		if m.room == st.room && len(first) < old+maxFirst && !slices.Contains(first[:old], m) {
			first = append(first, m)
		}
	}
	return first, nil
}

// history is what was said before anyone connected. TikTok marks it, and it is nobody's event. It needs the lock.
func (st *stage) history(now time.Time) ([]*message, error) {
	var out []*message
	for i, text := range []string{"this was said before you came", "and this as well"} {
		e := st.envelope(now.Add(-time.Minute))
		method, msg := encode(&step{verb: doChat, viewer: madeUp(i), text: text}, e)
		payload, err := proto.Marshal(msg)
		if err != nil {
			return nil, fmt.Errorf("encode history: %w", err)
		}
		out = append(out, &message{id: e.id, method: method, payload: payload, isHistory: true})
	}
	return out, nil
}

// keepPass remembers a pass and forgets old ones. It needs the lock.
func (st *stage) keepPass(token string, p *pass, now time.Time) {
	for t, old := range st.passes {
		if now.After(old.expires) || len(st.passes) >= maxPasses {
			delete(st.passes, t)
		}
	}
	st.passes[token] = p
}

// enter returns the pass of a token, or nil if there is none or it has expired.
func (st *stage) enter(token string, now time.Time) *pass {
	st.mu.Lock()
	defer st.mu.Unlock()
	p := st.passes[token]
	if p == nil || now.After(p.expires) {
		return nil
	}
	return p
}
