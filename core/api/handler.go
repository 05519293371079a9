package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/livecue/livecue/core/feed"
	"github.com/livecue/livecue/core/grant"
)

// answer is what a request gets, besides the status code.
type answer struct {
	Type string `json:"type"`
	Code string `json:"code,omitempty"`
	Text string `json:"text,omitempty"`
	ID   string `json:"id,omitempty"`
	Seen bool   `json:"seen,omitempty"`
}

// handler serves the API. ctx ends the WebSockets.
func (s *Server) handler(ctx context.Context) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/events", func(w http.ResponseWriter, r *http.Request) {
		// The deadlines of requests are not for a connection that stays: the stream has its own.
		_ = http.NewResponseController(w).SetReadDeadline(time.Time{}) // a connection that takes none ends sooner
		s.opts.Stream(ctx, w, r)
	})
	mux.HandleFunc("GET /v1/status", s.allowed(grant.Read, func(w http.ResponseWriter, _ *http.Request, _ grant.Pass) {
		reply(w, http.StatusOK, s.opts.Status())
	}))
	mux.HandleFunc("POST /v1/signals/{name}", s.allowed(grant.Trigger, s.signal))
	mux.HandleFunc("POST /v1/hooks/{token}/{name}", s.allowed(grant.Trigger, s.signal))
	mux.HandleFunc("POST /v1/control/{verb}", s.allowed(grant.Control, s.control))
	mux.HandleFunc("POST /v1/control/{verb}/{name...}", s.allowed(grant.Control, s.control))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		if !feed.FromHere(r) {
			refuse(w, http.StatusForbidden, "not_here", "only programs of this computer are served, and pages that lie on it")
			return
		}
		if origin := r.Header.Get("Origin"); origin != "" { // one that FromHere lets pass
			h.Set("Access-Control-Allow-Origin", origin)
			h.Set("Vary", "Origin")
			h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
			h.Set("Access-Control-Allow-Methods", "GET, POST")
		}
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// allowed lets requests through that show a token with the scope.
func (s *Server) allowed(scope grant.Scope, next func(http.ResponseWriter, *http.Request, grant.Pass)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		token := feed.Bearer(r)
		if token == "" {
			token = r.PathValue("token")
		}
		pass, ok := s.opts.Book.Check([]byte(token))
		if !ok {
			host, _, _ := net.SplitHostPort(r.RemoteAddr) // without a host all count as one
			s.tries.Wait(r.Context(), s.tries.Failed(host))
			refuse(w, http.StatusUnauthorized, "token", "there is no such token")
			return
		}
		if !pass.Allows(scope) {
			refuse(w, http.StatusForbidden, "not_allowed", "this token does not allow that")
			return
		}
		next(w, r, pass)
	}
}

// signal calls rules. The body is a JSON object as on the event socket, or any text.
func (s *Server) signal(w http.ResponseWriter, r *http.Request, pass grant.Pass) {
	if !s.pace.take(pass.ID) {
		refuse(w, http.StatusTooManyRequests, "too_many", "too many calls a second")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		refuse(w, http.StatusRequestEntityTooLarge, "too_long", "the body is too long, or did not come")
		return
	}
	call, err := readCall(r, body)
	if err != nil {
		refuse(w, http.StatusBadRequest, "bad_json", err.Error())
		return
	}
	e, err := call.Signal(r.PathValue("name"), pass)
	if err != nil {
		refuse(w, http.StatusBadRequest, "bad_request", err.Error())
		return
	}
	switch err := s.opts.Signal(e); {
	case errors.Is(err, feed.ErrSeen):
		reply(w, http.StatusOK, answer{Type: "ok", ID: call.ID, Seen: true})
	case err != nil:
		refuse(w, http.StatusServiceUnavailable, "not_taken", err.Error())
	default:
		reply(w, http.StatusOK, answer{Type: "ok", ID: call.ID})
	}
}

// readCall reads a body: JSON where it says so or begins like an object, and otherwise text.
func readCall(r *http.Request, body []byte) (feed.Call, error) {
	var call feed.Call
	text := strings.TrimSpace(string(body))
	isJSON := strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") || strings.HasPrefix(text, "{")
	switch {
	case text == "":
	case isJSON:
		if err := json.Unmarshal(body, &call); err != nil {
			return feed.Call{}, errors.New("the body is not the JSON that is understood here")
		}
	case !utf8.ValidString(text):
		call.Text = strings.ToValidUTF8(text, "\uFFFD")
	default:
		call.Text = text
	}
	if id := r.Header.Get("Idempotency-Key"); id != "" && call.ID == "" {
		call.ID = id
	}
	return call, nil
}

// control does what the window can do.
func (s *Server) control(w http.ResponseWriter, r *http.Request, _ grant.Pass) {
	name := r.PathValue("name")
	var err error
	switch r.PathValue("verb") {
	case "connect":
		err = s.opts.Show.Connect()
	case "disconnect":
		s.opts.Show.Disconnect()
	case "fire":
		err = s.opts.Show.Fire(name)
	case "pause":
		s.opts.Show.PauseLane(name)
	case "resume":
		s.opts.Show.ResumeLane(name)
	case "panic":
		s.opts.Show.PanicStop()
	default:
		refuse(w, http.StatusNotFound, "unknown", "there is nothing of that name to be done")
		return
	}
	if err != nil {
		refuse(w, http.StatusConflict, "not_done", err.Error())
		return
	}
	reply(w, http.StatusOK, answer{Type: "ok"})
}

func refuse(w http.ResponseWriter, status int, code, text string) {
	reply(w, status, answer{Type: "error", Code: code, Text: text})
}

func reply(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil { // nothing that is answered can fail: a fact of its types
		status, body = http.StatusInternalServerError, []byte("{}")
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // who has gone needs no answer
}
