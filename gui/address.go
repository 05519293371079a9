package gui

import (
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// rconPort is the port that Minecraft's own settings propose for RCON.
const rconPort = "25575"

// obsPort is where OBS listens unless its user changed it.
const obsPort = "4455"

func trimmed(text string) string { return strings.TrimSpace(text) }

// isAddress reports whether text is empty or an address with one of the schemes and a host.
func isAddress(text string, schemes ...string) bool {
	if text == "" {
		return true
	}
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && slices.Contains(schemes, u.Scheme)
}

// serverAddress returns host:port of what the user typed, with the usual port where none is given, or "" when it can be none.
func serverAddress(text, usual string) string {
	text = trimmed(text)
	if text == "" || strings.ContainsAny(text, " \t/") {
		return ""
	}
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		host, port = strings.Trim(text, "[]"), usual
		if strings.Contains(host, ":") && net.ParseIP(host) == nil {
			return ""
		}
	}
	n, err := strconv.Atoi(port)
	if err != nil || n < 1 || n > 65535 || host == "" {
		return ""
	}
	return net.JoinHostPort(host, port)
}
