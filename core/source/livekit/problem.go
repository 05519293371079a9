package livekit

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/livekit/protocol/livekit"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/source"
)

// checkTimeout bounds one question to the server.
const checkTimeout = 5 * time.Second

// secretText finds tokens, whole or as a parameter of an address, in what the SDK says.
var secretText = regexp.MustCompile(`(access_token=)?[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+|access_token=[^&\s"]*`)

// withoutSecrets takes tokens out of a text.
func withoutSecrets(text string) string { return secretText.ReplaceAllString(text, "***") }

func problem(code event.CauseCode, text string, err error) *source.Problem {
	var u *url.Error
	for errors.As(err, &u) { // its text has the address, and with it the token
		err = u.Err
	}
	if err != nil {
		err = errors.New(withoutSecrets(err.Error()))
	}
	return &source.Problem{Cause: event.Cause{Code: code, Text: text}, Err: err}
}

// Check asks a server whether it would let in who has the token, and joins nothing. The error is a *source.Problem, or ctx's.
func Check(ctx context.Context, address, token string) error {
	address, err := ParseURL(address)
	if err != nil {
		return problem(event.CauseSettings, err.Error(), nil)
	}
	claims, err := readToken(token)
	if err != nil {
		return problem(event.CauseKeyRefused, "The LiveKit token is not one: "+err.Error()+".", nil)
	}
	status, err := ask(ctx, address+"/rtc/validate", strings.TrimSpace(token), checkTimeout)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return networkProblem(err)
	case status == http.StatusOK:
		return nil
	case claims.hasExpired():
		return problem(event.CauseKeyRefused, "The LiveKit token has expired. Get a new one.", nil)
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return problem(event.CauseKeyRefused, "LiveKit refuses the token. Get one of this server that may join a room.", nil)
	case status == http.StatusNotFound:
		return problem(event.CauseService, "LiveKit does not know the room, or the address is not a LiveKit server's.", nil)
	case status == http.StatusTooManyRequests:
		return problem(event.CauseRateLimited, "LiveKit asks to wait.", nil)
	default:
		return problem(event.CauseService, "LiveKit answers with an error of its own.", errors.New(http.StatusText(status)))
	}
}

// ask sends a request to a ws or wss address and returns the status of the answer.
func ask(ctx context.Context, address, token string, patience time.Duration) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http"+strings.TrimPrefix(address, "ws"), http.NoBody)
	if err != nil {
		return 0, err
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	client := http.Client{
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // the token is this server's alone
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}

// networkProblem says why the server could not be reached.
func networkProblem(err error) *source.Problem {
	var (
		dns         *net.DNSError
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		timeout     net.Error
	)
	switch {
	case errors.As(err, &dns):
		return problem(event.CauseNoNetwork, "The LiveKit server's address cannot be found. Check it, and the internet connection.", err)
	case errors.As(err, &certificate), errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		return problem(event.CauseCertificate, "The LiveKit server has no valid certificate. Is it ws:// instead of wss://?", err)
	case errors.As(err, &timeout) && timeout.Timeout():
		return problem(event.CauseSilence, "The LiveKit server does not answer.", err)
	default:
		return problem(event.CauseNoNetwork, "The LiveKit server cannot be reached. Does it run, and is the address right?", err)
	}
}

// joinProblem says why a server that would let us in did not.
func joinProblem(err error) *source.Problem {
	return problem(event.CauseService, "The room of LiveKit could not be joined. A firewall may let no WebRTC through.", err)
}

// endProblem says why a visit has ended.
func endProblem(reason livekit.DisconnectReason) *source.Problem {
	err := errors.New(strings.ToLower(reason.String()))
	switch reason {
	case livekit.DisconnectReason_PARTICIPANT_REMOVED:
		return problem(event.CauseRemoved, "LiveCue was removed from the LiveKit room.", err)
	case livekit.DisconnectReason_DUPLICATE_IDENTITY:
		return problem(event.CauseDuplicate, "Someone else joined the LiveKit room with the identity of this token. Give LiveCue a token of its own.", err)
	case livekit.DisconnectReason_ROOM_DELETED, livekit.DisconnectReason_ROOM_CLOSED:
		return problem(event.CauseClosed, "The LiveKit room was closed. LiveCue looks for it again.", err)
	case livekit.DisconnectReason_SERVER_SHUTDOWN:
		return problem(event.CauseService, "The LiveKit server was shut down. LiveCue connects again.", err)
	default:
		return problem(event.CauseClosed, "The connection to the LiveKit room was lost. LiveCue connects again.", err)
	}
}

// watch asks the server from time to time whether it is alive, and says once when it has twice not been.
func (s *Source) watch(ctx context.Context, frozen chan<- error) {
	tick := time.NewTicker(s.opts.Watch)
	defer tick.Stop()
	for misses := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		var timeout net.Error
		_, err := ask(ctx, s.opts.URL, "", min(checkTimeout, s.opts.Watch/2))
		if !errors.As(err, &timeout) || !timeout.Timeout() { // one that has gone is the SDK's to notice, which comes back by itself
			misses = 0
			continue
		}
		if misses++; misses == 2 {
			frozen <- problem(event.CauseSilence, "The LiveKit server has stopped to answer. LiveCue connects again.", err)
			return
		}
	}
}
