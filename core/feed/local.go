package feed

import (
	"net"
	"net/http"
	"net/url"
	"strings"
)

// FromHere reports whether a request is from a program of this computer, or from a page that lies on it: not from a web page
// somewhere, nor from one whose name was made to lead here (DNS rebinding). The origin "null" is refused: pages somewhere can
// have it, too.
func FromHere(r *http.Request) bool {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if !isLoopback(host) {
		return false
	}
	origins := r.Header.Values("Origin")
	if len(origins) == 0 {
		return true
	}
	u, err := url.Parse(origins[0])
	return err == nil && len(origins) == 1 && (u.Scheme == "file" || (u.Scheme == "http" || u.Scheme == "https") && isLoopback(u.Hostname()))
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"))
	return ip != nil && ip.IsLoopback()
}
