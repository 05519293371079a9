package logbook

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	// userinfo is name and password before the host of an address. It takes more than it must: a password may hold slashes.
	userinfo = regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*:(?:/|\\/|%2[fF]){2})(?:[^\s/?#"@]*@|[^\s/?#"@:]*:[^\s"]*@)+`)
	// bareUserinfo is the same where the scheme is missing.
	bareUserinfo = regexp.MustCompile(`[^\s:/@"=]+:[^\s:/@"]+@([\w\[])`)
	// webToken is a JSON Web Token: its first part is an object in Base64, which begins so.
	webToken = regexp.MustCompile(`eyJ[\w-]{4,}\.[\w-]+(?:\.[\w-]*)?`)
	// bearer is a credential in the form of HTTP's Authorization.
	bearer = regexp.MustCompile(`(?i)\b(bearer|basic)[ \t]+[\w.~+/=-]{8,}`)
	// pairValue is what follows a name and its separator, also where it was cut off.
	pairValue = regexp.MustCompile(`^(?i:(?:bearer|basic|token)\s+)?` +
		`(?:\[[^\]]*\]?|\\+"[^"]*"?|"(?:\\.|[^"\\])*"?|'[^']*'?|[^\s&"']+)`)
)

// hidePatterns hides what looks like a secret.
func hidePatterns(s string) string {
	if strings.Contains(s, "@") { // the expressions are slow, and most lines need none of them
		s = userinfo.ReplaceAllString(s, "${1}"+hidden+"@")
		s = bareUserinfo.ReplaceAllString(s, hidden+"@${1}")
	}
	if strings.Contains(s, "eyJ") {
		s = webToken.ReplaceAllString(s, hidden)
	}
	s = hidePairs(s)
	if lower := strings.ToLower(s); strings.Contains(lower, "bearer") || strings.Contains(lower, "basic") {
		s = bearer.ReplaceAllString(s, "${1} "+hidden)
	}
	return s
}

// hidePairs hides the values whose names say that they are secret. It looks at each byte a bounded number of times, whatever
// a viewer makes of it.
func hidePairs(s string) string {
	var b strings.Builder
	for {
		from, to := separator(s)
		if from < 0 {
			b.WriteString(s)
			return b.String()
		}
		name := nameBefore(s[:from])
		b.WriteString(s[:to])
		s = s[to:] // of a value that is not secret, the rest may be a pair in its turn
		if !isSecretName(name) {
			continue
		}
		if end := secretEnd(name, s); end > 0 {
			b.WriteString(hidden)
			s = s[end:]
		}
	}
}

// separator returns where the first separator of a name and its value begins and ends, with the spaces after it; -1 without one.
func separator(s string) (from, to int) {
	for from = range len(s) {
		switch {
		case s[from] == '=', s[from] == ':':
			rest := strings.TrimPrefix(strings.TrimLeft(s[from:], "=:"), ">")
			return from, len(s) - len(strings.TrimLeft(rest, " \t"))
		case s[from] == '%' && len(s) >= from+3 && s[from+1] == '3' && strings.IndexByte("dDaA", s[from+2]) >= 0:
			return from, from + len("%3D")
		}
	}
	return -1, -1
}

// maxName is how many bytes before a separator are taken for a name.
const maxName = 80

// nameBefore returns the name at the end of s, behind which quotes and spaces may stand.
func nameBefore(s string) string {
	s = strings.TrimRight(s[max(0, len(s)-maxName):], " \t\"'\\]")
	isOutside := func(r rune) bool {
		return r != '_' && r != '-' && r != '.' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}
	return s[strings.LastIndexFunc(s, isOutside)+1:]
}

// secretEnd is where the secret that s begins with ends; 0 without one. A cookie header has more than one word.
func secretEnd(name, s string) int {
	end := len(pairValue.FindString(s))
	isQuoted := strings.IndexAny(s, "\"\\'[") == 0
	if end == 0 || isQuoted || !strings.Contains(strings.ToLower(name), "cookie") {
		return end
	}
	if more := strings.IndexAny(s[end:], "\"'"); more >= 0 {
		return end + more
	}
	return len(s)
}

// secretParts make a name secret wherever they stand in it, without case and separators.
var secretParts = []string{
	"password", "passwd", "passphrase", "passwort", "secret", "token", "cookie", "apikey", "jwt", "sessionid", "credential",
	"authorization", "signature", "privatekey", "sidtt", "ttwid", "xbogus",
}

// secretWords make a name secret as a whole word of it: "rconKey" is, "monkey" is not.
var secretWords = map[string]bool{
	"key": true, "keys": true, "pass": true, "pwd": true, "pw": true, "auth": true, "sid": true, "bearer": true, "userinfo": true,
}

// isSecretName reports whether what stands under the name must not be shown.
func isSecretName(name string) bool {
	flat := strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
	for _, part := range secretParts {
		if strings.Contains(flat, part) {
			return true
		}
	}
	for _, word := range words(name) {
		if secretWords[word] {
			return true
		}
	}
	return false
}

// words divides a name such as "rconKey", "RCON_KEY" or "rcon-key" and returns its words in small letters.
func words(name string) []string {
	var b strings.Builder
	wasLower := false
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			r = ' '
		case unicode.IsUpper(r) && wasLower:
			b.WriteByte(' ')
		}
		wasLower = unicode.IsLower(r)
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.Fields(b.String())
}
