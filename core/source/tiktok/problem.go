package tiktok

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/source"
)

// longestWait bounds what another side may ask us to wait.
const longestWait = 24 * time.Hour

// problem makes a Problem. err is cleaned of addresses, which may hold keys.
func problem(code event.CauseCode, text string, err error) *source.Problem {
	return &source.Problem{Cause: event.Cause{Code: code, Text: text}, Err: withoutAddress(err)}
}

// withoutAddress is what lies under the innermost *url.Error of err, whose text has the whole address and its keys.
func withoutAddress(err error) error {
	var u *url.Error
	for errors.As(err, &u) {
		err = u.Err
	}
	return err
}

// networkProblem says why party could not be reached or stopped talking.
func networkProblem(party string, err error) *source.Problem {
	var (
		dns      *net.DNSError
		op       *net.OpError
		timeout  net.Error
		protocol tls.RecordHeaderError
	)
	if text := certificateText(party, err); text != "" {
		return problem(event.CauseCertificate, text, err)
	}
	switch {
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return problem(event.CauseNoNetwork, "The proxy does not connect to "+party+". Check the proxy in the settings.", err)
	case errors.As(err, &dns):
		return problem(event.CauseNoNetwork, party+"'s address cannot be found. Check the internet connection.", err)
	case errors.As(err, &protocol):
		return problem(event.CauseCertificate, party+" did not answer in TLS. A proxy or a captive portal may stand in between.", err)
	case errors.As(err, &op) && op.Op == "dial":
		return problem(event.CauseNoNetwork, party+" cannot be reached. Check the internet connection, firewall and proxy.", err)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return problem(event.CauseNoNetwork, party+" did not answer in time. Check the internet connection.", err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed), errors.As(err, &op):
		return problem(event.CauseClosed, party+" ended the connection. LiveCue connects again.", err)
	}
	return problem(event.CauseProtocol, party+" gave an answer that LiveCue does not understand. LiveCue tries again; "+
		"if it stays so, look for an update.", err)
}

// certificateText is cause and remedy where err is about a certificate, or empty.
func certificateText(party string, err error) string {
	var (
		unknown *x509.UnknownAuthorityError
		unk     x509.UnknownAuthorityError
		host    x509.HostnameError
		invalid x509.CertificateInvalidError
		verify  *tls.CertificateVerificationError
	)
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return party + "'s certificate is out of date, or this computer's clock is wrong. Check date and time."
	case errors.As(err, &unknown), errors.As(err, &unk):
		return party + "'s certificate was not signed by anyone this computer trusts. " +
			"An antivirus program or proxy may be opening the connection: exempt LiveCue there."
	case errors.As(err, &host):
		return party + "'s certificate belongs to another server. A proxy or a captive portal may stand in between."
	case errors.As(err, &invalid), errors.As(err, &verify):
		return party + "'s certificate is not valid. Check this computer's clock, antivirus program and proxy."
	}
	return ""
}

// statusProblem says what an HTTP status other than success means.
func statusProblem(party string, code int, header http.Header, now time.Time, err error) *source.Problem {
	switch {
	case code == http.StatusUnauthorized, code == http.StatusPaymentRequired:
		return problem(event.CauseKeyRefused, party+" refused the key. Check it in the settings, or get a new one at eulerstream.com.", err)
	case code == http.StatusForbidden:
		return problem(event.CauseBlocked, party+" refuses this address or key. Try another network, a VPN or a proxy, or another way to connect.", err)
	case code == http.StatusTooManyRequests:
		p := problem(event.CauseRateLimited, party+" wants fewer requests. LiveCue waits and tries again; a key of one's own allows more.", err)
		p.Until = retryTime(header, now)
		return p
	case code >= 500:
		return problem(event.CauseService, party+" has trouble of its own (error "+strconv.Itoa(code)+
			"). LiveCue tries again; if it lasts, choose another way to connect.", err)
	}
	return problem(event.CauseProtocol, party+" gave an answer that LiveCue does not expect ("+strconv.Itoa(code)+
		"). LiveCue tries again; if it stays so, look for an update.", err)
}

// retryTime reads from header when to try again: Retry-After in seconds or as a date, or X-RateLimit-Reset (as the IETF
// draft's RateLimit-Reset, too) in seconds, in Unix seconds or in Unix milliseconds. It is zero where none is said.
func retryTime(header http.Header, now time.Time) time.Time {
	for _, name := range []string{"Retry-After", "X-RateLimit-Reset", "RateLimit-Reset"} {
		value := strings.TrimSpace(header.Get(name))
		if value == "" {
			continue
		}
		at, err := http.ParseTime(value)
		if n, errInt := strconv.ParseFloat(value, 64); errInt == nil {
			at, err = resetTime(n, now), nil
		}
		if err == nil && !at.Before(now) && at.Before(now.Add(longestWait)) {
			return at
		}
	}
	return time.Time{}
}

// resetTime tells a number of seconds from a date in Unix time by its size.
func resetTime(n float64, now time.Time) time.Time {
	switch {
	case n < 0:
		return time.Time{}
	case n < 1e8:
		return now.Add(time.Duration(n * float64(time.Second)))
	case n < 1e11:
		return time.Unix(int64(n), 0)
	case n < 1e15:
		return time.UnixMilli(int64(n))
	}
	return time.Time{}
}
