package tiktok

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// userAgent is the browser that we pass for; the signer signs for the same.
const userAgent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36"

// web is one connection's HTTP client. It follows no redirects and keeps no cookies.
type web struct {
	client    *http.Client
	transport *http.Transport
	secrets   []string
}

// newWeb returns a client that goes through proxy, or through the environment's if it is nil. No error that it returns
// shows the secrets.
func newWeb(proxy *url.URL, insecure bool, secrets ...string) *web {
	t := &http.Transport{
		Proxy:                 proxyFor(proxy),
		DialContext:           (&net.Dialer{Timeout: requestTimeout}).DialContext,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: insecure}, //nolint:gosec // the user's setting
		TLSHandshakeTimeout:   requestTimeout,
		ResponseHeaderTimeout: requestTimeout,
		IdleConnTimeout:       time.Minute,
	}
	return &web{
		transport: t,
		client: &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		}},
		secrets: secrets,
	}
}

// close closes connections that wait for another request.
func (w *web) close() { w.transport.CloseIdleConnections() }

// clean takes addresses and secrets out of err. What the error is stays known to errors.Is and errors.As.
func (w *web) clean(err error) error {
	err = withoutAddress(err)
	if err == nil {
		return nil
	}
	text := err.Error()
	for _, s := range w.secrets {
		if s == "" {
			continue
		}
		text = strings.ReplaceAll(text, s, "***")
		text = strings.ReplaceAll(text, url.QueryEscape(s), "***")
	}
	if text == err.Error() {
		return err
	}
	return errors.New(text)
}

// proxyFor chooses the proxy of a request. Loopback addresses are never reached through one.
func proxyFor(proxy *url.URL) func(*http.Request) (*url.URL, error) {
	if proxy == nil {
		return http.ProxyFromEnvironment
	}
	return func(r *http.Request) (*url.URL, error) {
		host := r.URL.Hostname()
		if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
			return nil, nil
		}
		return proxy, nil
	}
}
