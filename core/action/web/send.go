package web

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/livecue/livecue/core/action"
)

// failure is a request without an answer.
type failure struct {
	err error
	// isSent says that there was a connection to send it on: some of it may have arrived.
	isSent bool
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// send sends a request and reads the answer. The error is a *failure.
func (c *Client) send(ctx context.Context, t *http.Transport, r Request, timeout time.Duration) (answer, error) {
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var isSent atomic.Bool
	// A connection is handed out when its TLS handshake is over, and then written to at once.
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { isSent.Store(true) }})
	req, err := http.NewRequestWithContext(ctx, r.Method, r.URL.String(), bytes.NewReader(r.Body))
	if err != nil {
		return answer{}, &failure{err: action.Permanent(withoutURL(err))}
	}
	req.Header = r.Header.Clone()
	if req.Header.Get("User-Agent") == "" {
		req.Header.Set("User-Agent", "LiveCue")
	}
	req.Host = r.Header.Get("Host") // Go takes it from nowhere else
	begun := time.Now()
	client := &http.Client{Transport: t, CheckRedirect: redirect(r.Header)}
	resp, err := client.Do(req)
	if err != nil {
		err = withoutURL(err)
		if ctx.Err() != nil && errors.Is(err, context.DeadlineExceeded) {
			err = fmt.Errorf("nothing came within %v", timeout)
		}
		c.log.Info("a request was not answered", "server", r.URL.Host, "sent", isSent.Load(), "error", err)
		return answer{}, &failure{err: err, isSent: isSent.Load()}
	}
	defer resp.Body.Close()
	a := readAnswer(resp)
	c.log.Debug("a request was answered", "server", r.URL.Host, "status", a.status, "took", time.Since(begun))
	return a, nil
}

// redirect follows a few redirects, and none that would show to everyone on the way what was to be encrypted. What is not followed is
// an answer. The user's own headers may hold a key, and go to no other server than the one they are for.
func redirect(own http.Header) func(*http.Request, []*http.Request) error {
	return func(next *http.Request, via []*http.Request) error {
		if len(via) > maxHops || next.URL.Scheme != "https" && via[len(via)-1].URL.Scheme == "https" {
			return http.ErrUseLastResponse
		}
		if next.URL.Host == via[0].URL.Host {
			return nil
		}
		for name := range own {
			if !slices.Contains([]string{"Accept", "Accept-Language", "Content-Type", "User-Agent"}, name) {
				next.Header.Del(name)
			}
		}
		return nil
	}
}

// answer is what is kept of a response.
type answer struct {
	status int
	// line is the first line of the body that has something in it, fit to be shown.
	line       string
	retryAfter time.Duration
}

func readAnswer(resp *http.Response) answer {
	a := answer{status: resp.StatusCode}
	switch {
	case resp.StatusCode/100 == 3:
		a.line = "a redirect that is not followed"
		return a
	case resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable:
		a.retryAfter = retryAfter(resp.Header.Get("Retry-After"), time.Now())
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")) //nolint:errcheck // without a kind it is text
	if kind != "text/html" {                                           // whose first line tells people nothing
		a.line = firstLine(resp.Body)
	}
	return a
}

// firstLine reads up to the end of the first line that is not blank. A body that is cut off or never ends costs that line alone: the
// status has told what became of the request.
func firstLine(body io.Reader) string {
	const most = 300
	r := bufio.NewReaderSize(io.LimitReader(body, maxBody), 4<<10)
	for {
		piece, err := r.ReadSlice('\n')
		if line := action.Printable(string(piece), most); line != "" || err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return line
		}
	}
}

// retryAfter reads the header of that name: seconds, or a date (RFC 9110, 10.2.3).
func retryAfter(text string, now time.Time) time.Duration {
	if n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 32); err == nil {
		return time.Duration(n) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}

// isPassing reports whether the same request may have another answer soon.
func (a answer) isPassing() bool { return a.status == http.StatusTooManyRequests || a.status >= 500 }

func (a answer) text() string {
	text := strings.TrimSpace(strconv.Itoa(a.status) + " " + http.StatusText(a.status))
	if a.line != "" {
		text += ": " + a.line
	}
	return text
}

func (a answer) outcome() action.Outcome {
	state := action.Rejected
	if a.status/100 == 2 {
		state = action.Done
	}
	return action.Outcome{State: state, Reply: a.text()}
}

// isHopeless reports whether a server that cannot be reached will not be reached by trying again: it speaks no TLS that can be
// trusted, or the proxy or the address is nonsense.
func isHopeless(err error) bool {
	var certificate *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	return errors.As(err, &certificate) || errors.As(err, &authority) || errors.As(err, &host) || errors.As(err, &invalid) ||
		errors.As(err, &record) || errors.As(err, &alert) || errors.Is(err, http.ErrSchemeMismatch) || action.IsPermanent(err)
}

// withoutURL takes the address out of an error of net/http or net/url.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
