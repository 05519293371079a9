package rehearsal

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The statuses of a live on TikTok's pages.
const (
	statusLive  = 2
	statusEnded = 4
	// codeAgeRestricted is what room info answers for a live that only adults may watch.
	codeAgeRestricted = 10011
)

// sight is what TikTok's pages show of the live.
type sight struct {
	roomID   string // empty where the streamer is offline
	status   int
	openedAt time.Time
	viewers  int
	code     int // an HTTP status to answer instead, or 0
	isAdult  bool
}

// look returns what the pages show now. A live that has ended stays on them for a while with its status, and then is gone.
func (st *stage) look(now time.Time) sight {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.book.total.Received.Lookups++
	v := sight{
		roomID: st.room.String(), status: statusLive, openedAt: st.room.openedAt,
		viewers: st.book.total.Viewers, isAdult: now.Before(st.faults.age),
	}
	if now.Before(st.faults.rooms.until) {
		v.code = st.faults.rooms.code
	}
	if !st.isLive {
		v.status = statusEnded
		if now.Sub(st.goneAt) > st.backAt.Sub(st.goneAt)/2 {
			v.roomID = ""
		}
	}
	return v
}

// servePages is www.tiktok.com.
func (s *Server) servePages(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{Name: "tt_chain_token", Value: "rehearsal", Domain: ".tiktok.com", Path: "/", Secure: true})
	path := strings.Trim(r.URL.Path, "/")
	if path == "" {
		writePage(w, http.StatusOK, "TikTok (rehearsal)", nil)
		return
	}
	name, rest, _ := strings.Cut(path, "/")
	name, isName := strings.CutPrefix(name, "@")
	v := s.stage.look(time.Now())
	switch {
	case v.code != 0:
		writePage(w, v.code, "Refused (rehearsal)", nil)
	case !isName || rest != "live" || !strings.EqualFold(name, s.handle):
		writePage(w, http.StatusNotFound, "Page not found (rehearsal)", nil)
	default:
		writePage(w, http.StatusOK, "@"+s.handle+" is LIVE (rehearsal)", s.roomPage(v))
	}
}

// roomPage is the part of SIGI_STATE that clients read.
func (s *Server) roomPage(v sight) map[string]any {
	user := map[string]any{
		"id": strconv.FormatInt(hostID, 10), "uniqueId": s.handle, "nickname": hostNickname(s.handle), "secUid": "MS4wLjABAAAAREHEARSAL",
		"avatarLarger": "", "avatarMedium": "", "avatarThumb": "", "signature": "A rehearsal on this machine.",
		"roomId": v.roomID, "status": v.status, "verified": false, "secret": false, "followStatus": 0,
	}
	live := map[string]any{
		"title": "Rehearsal", "startTime": v.openedAt.Unix(), "status": v.status, "liveRoomMode": 4,
		"liveRoomStats": map[string]any{"userCount": v.viewers}, "streamId": v.roomID,
	}
	return map[string]any{"liveRoom": map[string]any{
		"loadingState": map[string]any{"getRecommendLive": 0, "getUserInfo": 4},
		"liveRoomUserInfo": map[string]any{
			"user": user, "liveRoom": live, "stats": map[string]any{"followingCount": 12, "followerCount": 34},
		},
	}}
}

// writePage writes HTML; state, if any, is what TikTok's pages carry for their scripts. JSON has no < left that could end
// the element.
func writePage(w http.ResponseWriter, status int, title string, state map[string]any) {
	script := ""
	if state != nil {
		text, err := json.Marshal(state)
		if err != nil {
			http.Error(w, "cannot write the page", http.StatusInternalServerError)
			return
		}
		script = fmt.Sprintf(`<script id="SIGI_STATE" type="application/json">%s</script>`, text)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<!DOCTYPE html><html><head><title>%s</title></head><body>%s</body></html>\n", html.EscapeString(title), script)
}

// serveWebcast is webcast.tiktok.com.
func (s *Server) serveWebcast(w http.ResponseWriter, r *http.Request) {
	path, isWebcast := strings.CutPrefix(strings.TrimSuffix(r.URL.Path, "/")+"/", "/webcast/")
	if !isWebcast {
		http.NotFound(w, r)
		return
	}
	v := s.stage.look(time.Now())
	if v.code != 0 {
		writeJSON(w, v.code, map[string]any{"status_code": v.code})
		return
	}
	q := r.URL.Query()
	switch path {
	case "room/info/":
		writeJSON(w, http.StatusOK, s.roomInfo(v, q.Get("room_id")))
	case "room/check_alive/":
		writeJSON(w, http.StatusOK, alive(v, strings.Split(q.Get("room_ids"), ",")))
	default:
		// The gift list is among them: TikTok wants it signed, and gives nothing otherwise.
		http.NotFound(w, r)
	}
}

// roomInfo answers for the room of that id. Every other room has ended.
func (s *Server) roomInfo(v sight, id string) map[string]any {
	extra := map[string]any{"now": time.Now().UnixMilli()}
	if v.isAdult {
		return map[string]any{
			"data":  map[string]any{"message": "This LIVE may not be suitable for everyone", "prompts": ""},
			"extra": extra, "status_code": codeAgeRestricted,
		}
	}
	if id != v.roomID {
		v.status = statusEnded
	}
	n, _ := strconv.ParseInt(id, 10, 64) // not a number: 0, which is no room
	return map[string]any{
		"data": map[string]any{
			"id": n, "id_str": id, "status": v.status, "title": "Rehearsal", "create_time": v.openedAt.Unix(), "user_count": v.viewers,
			"owner": map[string]any{"id": hostID, "id_str": strconv.Itoa(hostID), "display_id": s.handle, "nickname": hostNickname(s.handle)},
		},
		"extra": extra, "status_code": 0,
	}
}

// alive answers which of the rooms are live.
func alive(v sight, ids []string) map[string]any {
	data := []map[string]any{}
	for _, id := range ids {
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			continue
		}
		data = append(data, map[string]any{"alive": id == v.roomID && v.status == statusLive, "room_id": n, "room_id_str": id})
	}
	return map[string]any{"data": data, "extra": map[string]any{"now": time.Now().UnixMilli()}, "status_code": 0}
}
