package tiktok

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/coder/websocket"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/source"
)

// The codes with which Euler Stream's managed socket closes.
const (
	eulerInternal      websocket.StatusCode = 1011
	eulerStreamEnded   websocket.StatusCode = 4005
	eulerNoMessages    websocket.StatusCode = 4006
	eulerBadOptions    websocket.StatusCode = 4400
	eulerBadKey        websocket.StatusCode = 4401
	eulerNoPermission  websocket.StatusCode = 4403
	eulerNotLive       websocket.StatusCode = 4404
	eulerTooMany       websocket.StatusCode = 4429
	eulerTikTokClosed  websocket.StatusCode = 4500
	eulerEightHours    websocket.StatusCode = 4555
	eulerLookupFailed  websocket.StatusCode = 4556
	eulerLookupFailed2 websocket.StatusCode = 4557
)

// openEuler dials Euler Stream's managed socket and asks for TikTok's own frames. It needs no lookup, acks nor heartbeats:
// all that is theirs to do.
func (s *Source) openEuler(ctx context.Context, w *web, _ func(event.Event)) (*connection, *source.Problem) {
	began := time.Now()
	u, err := url.Parse(s.opt.EulerURL)
	if err != nil {
		return nil, settingsProblem("Euler Stream's address cannot be used. Check it in the settings.")
	}
	q := u.Query()
	q.Set("uniqueId", s.handle)
	q.Set("features.rawMessages", "true")
	if s.opt.APIKey != "" {
		q.Set("apiKey", s.opt.APIKey)
	}
	u.RawQuery = q.Encode()
	sock, problem := s.dial(ctx, w, "Euler Stream", u.String(), http.Header{"User-Agent": {clientName}})
	if problem != nil {
		if problem.Cause.Code == event.CauseBlocked { // it answers 403 about the key
			problem.Cause = eulerCause(eulerNoPermission, s.handle)
		}
		return nil, problem
	}
	return &connection{
		door: DoorEuler, socket: sock, began: began,
		explain: func(err error) *source.Problem { return eulerEnd(err, s.handle) },
	}, nil
}

// eulerEnd says what the end of the managed socket means.
func eulerEnd(err error, handle string) *source.Problem {
	reason := websocket.CloseError{}
	if !isCloseError(err, &reason) {
		return socketProblem("Euler Stream", err)
	}
	p := &source.Problem{Cause: eulerCause(reason.Code, handle), Err: err}
	if reason.Code == eulerEightHours {
		p.Until = time.Now() // a new socket may be had at once
	}
	return p
}

// eulerCause is cause and remedy for a close code.
func eulerCause(code websocket.StatusCode, handle string) event.Cause {
	switch code {
	case eulerStreamEnded:
		return event.Cause{Code: event.CauseLiveEnded, Text: "The live has ended. LiveCue waits for the next."}
	case eulerNotLive:
		return event.Cause{Code: event.CauseNotLive, Text: "@" + handle + " is not live. LiveCue waits and connects by itself."}
	case eulerNoMessages:
		return event.Cause{Code: event.CauseSilence, Text: "Euler Stream had no messages for a long time. LiveCue connects again."}
	case eulerBadOptions:
		return event.Cause{Code: event.CauseSettings, Text: "Euler Stream does not accept these settings. Check its address and the TikTok name."}
	case eulerBadKey:
		return event.Cause{Code: event.CauseKeyRefused, Text: "Euler Stream refused the key. Check it in the settings, or get a new one at eulerstream.com."}
	case eulerNoPermission:
		return event.Cause{Code: event.CauseKeyRefused, Text: "The Euler Stream key is not allowed to listen to @" + handle +
			". Allow it at eulerstream.com, use another key, or choose the direct way."}
	case eulerTooMany:
		return event.Cause{Code: event.CauseRateLimited, Text: "The Euler Stream key has too many connections open. " +
			"Close other programs that use it; LiveCue waits and tries again."}
	case eulerTikTokClosed:
		return event.Cause{Code: event.CauseClosed, Text: "TikTok ended Euler Stream's connection. LiveCue connects again."}
	case eulerEightHours:
		return event.Cause{Code: event.CauseClosed, Text: "Euler Stream ends every connection after eight hours. LiveCue connects again at once."}
	case eulerInternal, eulerLookupFailed, eulerLookupFailed2:
		return event.Cause{Code: event.CauseService, Text: "Euler Stream has trouble of its own. LiveCue tries again; if it lasts, choose the direct way."}
	}
	return event.Cause{Code: event.CauseClosed, Text: "Euler Stream ended the connection. LiveCue connects again."}
}
