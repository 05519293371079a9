package livekit

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net"
	"net/url"
	"strings"
	"time"
)

// maxToken bounds a token, in bytes.
const maxToken = 16 << 10

// ParseURL returns the address of a server as the SDK takes it: ws or wss and a host. What is typed without a scheme is wss, or ws on
// this computer, so that nothing goes unencrypted over a network but what was typed as ws:// or http://.
func ParseURL(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", errors.New("The LiveKit address is missing.") //nolint:revive,staticcheck // a sentence for the user
	}
	if !strings.Contains(text, "://") {
		scheme := "wss://"
		if u, err := url.Parse("ws://" + text); err == nil && IsLoopback(u.Hostname()) {
			scheme = "ws://"
		}
		text = scheme + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", errors.New("The LiveKit address is not one: it is such as wss://example.livekit.cloud.") //nolint:revive,staticcheck // likewise
	}
	switch u.Scheme {
	case "ws", "wss":
	case "http":
		u.Scheme = "ws"
	case "https":
		u.Scheme = "wss"
	default:
		return "", errors.New("The LiveKit address begins with wss:// or ws://.") //nolint:revive,staticcheck // likewise
	}
	return strings.TrimSuffix(u.String(), "/"), nil
}

// IsLoopback reports whether a host is this computer.
func IsLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// IsOpen reports whether what is sent to an address can be read on the way: ws to another computer.
func IsOpen(text string) bool {
	address, err := ParseURL(text)
	if err != nil {
		return false
	}
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "ws" && !IsLoopback(u.Hostname())
}

// claims is what of a token can be read without its key. It is believed only for what to show: the server alone judges.
type claims struct {
	Expires int64 `json:"exp"`
	Video   struct {
		Room string `json:"room"`
	} `json:"video"`
}

func (c claims) hasExpired() bool { return c.Expires != 0 && time.Now().Unix() >= c.Expires }

// readToken reads a token's claims. The error says in a few words what is wrong with it, without any of it.
func readToken(token string) (claims, error) {
	var c claims
	token = strings.TrimSpace(token)
	switch parts := strings.Split(token, "."); {
	case token == "":
		return c, errors.New("it is missing")
	case len(token) > maxToken:
		return c, errors.New("it is too long")
	case len(parts) != 3:
		return c, errors.New("it must have three parts with dots between them")
	default:
		body, err := base64.RawURLEncoding.DecodeString(parts[1])
		if err != nil || json.Unmarshal(body, &c) != nil {
			return c, errors.New("its middle part cannot be read")
		}
		return c, nil
	}
}
