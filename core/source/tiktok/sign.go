package tiktok

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	pb "github.com/steampoweredtaco/gotiktoklive/proto"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/source"
)

// clientName is how we call ourselves to the signer.
const clientName = "livecue"

// signedSession is what the signer gives: where the socket is, what it must be told, and the room's first messages.
type signedSession struct {
	response *pb.WebcastResponse
	cookies  string // as a Cookie header
}

// sign has the signer fetch the room's first response: GET {signer}/webcast/fetch/ with client, uuc (how many rooms this
// client has open), url (the request to be signed), room_id and apiKey.
func (s *Source) sign(ctx context.Context, w *web, roomID string) (*signedSession, *source.Problem) {
	ctx, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.signAddress(roomID), nil)
	if err != nil {
		return nil, settingsProblem("The signer's address cannot be used. Check it in the settings.")
	}
	req.Header.Set("User-Agent", userAgent)
	req.Header.Set("Accept", "application/protobuf")
	resp, err := w.client.Do(req)
	if err != nil {
		return nil, networkProblem("The signer", w.clean(err))
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, statusProblem("The signer", resp.StatusCode, resp.Header, time.Now(),
			fmt.Errorf("sign: status %d", resp.StatusCode))
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxInflated+1))
	if err != nil {
		return nil, networkProblem("The signer", fmt.Errorf("read sign response: %w", w.clean(err)))
	}
	return readSigned(body, resp.Header)
}

// signAddress has parameters as gotiktoklive sends them.
func (s *Source) signAddress(roomID string) string {
	fetch := pageParams()
	fetch.Set("room_id", roomID)
	q := url.Values{
		"client":  {clientName},
		"uuc":     {"1"},
		"url":     {"https://webcast.tiktok.com/webcast/im/fetch/?" + fetch.Encode()},
		"room_id": {roomID},
	}
	if s.opt.APIKey != "" {
		q.Set("apiKey", s.opt.APIKey)
	}
	return strings.TrimSuffix(s.opt.SignerURL, "/") + "/webcast/fetch/?" + q.Encode()
}

// readSigned reads the signer's answer. Without cookies, push server and route parameters the socket would refuse.
func readSigned(body []byte, header http.Header) (*signedSession, *source.Problem) {
	incomplete := func(err error) *source.Problem {
		return problem(event.CauseService, "The signer's answer is incomplete; it may be out of order. "+
			"LiveCue tries again; if it lasts, choose another way to connect.", err)
	}
	if len(body) > maxInflated {
		return nil, incomplete(errors.New("sign response is too large"))
	}
	resp, err := decodeResponse(body)
	if err != nil {
		return nil, incomplete(fmt.Errorf("read sign response: %w", err))
	}
	cookies := cookieHeader(header.Values("X-Set-TT-Cookie"))
	switch {
	case cookies == "":
		err = errors.New("sign response has no cookies")
	case resp.GetPushServer() == "":
		err = errors.New("sign response has no push server")
	case len(resp.GetRouteParamsMap()) == 0:
		err = errors.New("sign response has no route parameters")
	case !isAddress(resp.GetPushServer(), "ws", "wss"):
		err = errors.New("sign response has a push server that is no WebSocket address")
	}
	if err != nil {
		return nil, incomplete(err)
	}
	return &signedSession{response: resp, cookies: cookies}, nil
}

// cookieHeader makes a Cookie header of what the signer sends: a Cookie header, or the value of a Set-Cookie.
func cookieHeader(values []string) string {
	var pairs []string
	for _, v := range values {
		for part := range strings.SplitSeq(v, ";") {
			name, value, isPair := strings.Cut(strings.TrimSpace(part), "=")
			if !isPair || name == "" || isCookieAttribute(name) || strings.ContainsAny(part, "\r\n") {
				continue
			}
			pairs = append(pairs, name+"="+value)
		}
	}
	return strings.Join(pairs, "; ")
}

func isCookieAttribute(name string) bool {
	switch strings.ToLower(name) {
	case "path", "domain", "expires", "max-age", "samesite":
		return true
	}
	return false
}

// pageParams are what TikTok's own page sends with every request of a live.
func pageParams() url.Values {
	return url.Values{
		"aid":                 {"1988"},
		"app_language":        {"en-US"},
		"app_name":            {"tiktok_web"},
		"browser_language":    {"en"},
		"browser_name":        {"Mozilla"},
		"browser_online":      {"true"},
		"browser_platform":    {"Win32"},
		"browser_version":     {strings.TrimPrefix(userAgent, "Mozilla/")},
		"cookie_enabled":      {"true"},
		"device_platform":     {"web"},
		"did_rule":            {"3"},
		"fetch_rule":          {"1"},
		"identity":            {"audience"},
		"last_rtt":            {"0"},
		"live_id":             {strconv.Itoa(liveID)},
		"resp_content_type":   {"protobuf"},
		"screen_height":       {"1152"},
		"screen_width":        {"2048"},
		"tz_name":             {"Europe/Berlin"},
		"update_version_code": {"1.3.0"},
		"version_code":        {"180800"},
		"webcast_sdk_version": {"1.3.0"},
	}
}
