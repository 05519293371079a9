package library

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
)

const (
	// hidden stands where something secret was.
	hidden = "HIDDEN"
	// minSecret is the shortest secret that is looked for everywhere, in bytes: a shorter one stands in too many words.
	minSecret = 5
)

// secretWord finds the names of fields and arguments that hold secrets.
var secretWord = regexp.MustCompile(`(?i)(pass(word|wd|wort|phrase)?|secret|token|api[-_]?key|^key$|^auth|authorization|cookie|credential|signature)`)

// assignment finds secrets in texts: a name, a sign and a value, as in JSON, queries and headers.
var assignment = regexp.MustCompile(`(?i)((?:pass(?:word|wd|wort|phrase)?|secret|token|api[-_]?key|authorization)["']?\s*[:=]\s*["']?(?:bearer\s+|basic\s+)?)([^"'\s,;&}{]+)`)

// hideSecrets takes what looks like a secret out of the profile's texts. A web hook's address is often secret as a whole: parts of it
// that no person would make up are taken out.
func (x *exporter) hideSecrets(secrets []string) {
	t := &x.profile.TikTok
	for _, address := range []*string{&t.SignerURL, &t.EulerURL, &t.ProxyURL} {
		x.change(nil, address, hideInURL)
	}
	for i := range x.profile.Plugins {
		args := x.profile.Plugins[i].Args
		x.hideInArguments(nil, args)
		for n := range args {
			x.change(nil, &args[n], func(old string) string { return without(old, secrets) })
		}
	}
	for i := range x.profile.Rules {
		r := &x.profile.Rules[i]
		action.Each(r.Actions, func(s *action.Spec) {
			if s.HTTP != nil {
				x.hideInRequest(r, s.HTTP)
			}
			if s.Program != nil {
				x.hideInArguments(r, s.Program.Args)
			}
			for _, text := range texts(s) {
				x.change(r, text, func(old string) string { return without(old, secrets) })
			}
		})
	}
}

// Harmless returns a copy of an action in which what looks like a secret is replaced, as in an export: fit to be shown on stream.
func Harmless(s action.Spec) action.Spec {
	x := &exporter{profile: profile.Profile{Rules: []rule.Rule{{Actions: []action.Spec{s.Clone()}}}}}
	x.hideSecrets(nil)
	return x.profile.Rules[0].Actions[0]
}

// change sets a text to what hide makes of it, and tells when that is another one.
func (x *exporter) change(r *rule.Rule, text *string, hide func(string) string) {
	if safe := hide(*text); safe != *text {
		*text = safe
		x.leaveOut(r, safe, LeftSecret)
	}
}

func (x *exporter) hideInRequest(r *rule.Rule, h *action.HTTP) {
	x.change(r, &h.URL, hideInURL)
	x.change(r, &h.Body, hideAssigned)
	for name, value := range h.Headers {
		safe := hideAssigned(value)
		if secretWord.MatchString(name) {
			safe = hidden
		}
		if safe != value {
			h.Headers[name] = safe
			x.leaveOut(r, name+": "+safe, LeftSecret)
		}
	}
}

// hideInArguments hides what follows an argument such as --token, and what stands behind its equals sign.
func (x *exporter) hideInArguments(r *rule.Rule, args []string) {
	isNext := false
	for i := range args {
		if isNext {
			x.change(r, &args[i], func(string) string { return hidden })
		}
		name, _, hasValue := strings.Cut(strings.TrimLeft(args[i], "-/"), "=")
		isSecret := len(name) < len(args[i]) && !strings.Contains(name, " ") && secretWord.MatchString(name)
		isNext = !isNext && isSecret && !hasValue
		x.change(r, &args[i], func(arg string) string {
			if before, _, ok := strings.Cut(arg, "="); ok && isSecret {
				return before + "=" + hidden
			}
			return hideAssigned(arg)
		})
	}
}

func hideAssigned(text string) string { return assignment.ReplaceAllString(text, "${1}"+hidden) }

// hideInURL takes names, passwords and keys out of an address. Placeholders stay.
func hideInURL(address string) string {
	head, rest, hasHost := strings.Cut(address, "://")
	if !hasHost {
		return hideAssigned(address)
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	host, tail := rest[:end], rest[end:]
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		host = host[i+1:]
	}
	way, query, hasQuery := strings.Cut(tail, "?")
	parts := strings.Split(way, "/")
	for i, part := range parts {
		if isRandom(part) {
			parts[i] = hidden
		}
	}
	address = head + "://" + host + strings.Join(parts, "/")
	if !hasQuery {
		return address
	}
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(name); err == nil && secretWord.MatchString(plain) || isRandom(value) {
			pairs[i] = name + "=" + hidden
		}
	}
	return address + "?" + strings.Join(pairs, "&")
}

// isRandom reports whether a part of an address looks as if a machine had thrown it, as keys are.
func isRandom(part string) bool {
	const long, veryLong = 16, 32
	if len(part) < long || strings.Contains(part, "{") {
		return false
	}
	hasDigit, hasLetter := strings.ContainsAny(part, "0123456789"), strings.ContainsAny(strings.ToLower(part), "abcdefghijklmnopqrstuvwxyz")
	return hasDigit && hasLetter || len(part) >= veryLong
}

// texts are those of an action that the user typed.
func texts(s *action.Spec) []*string {
	var all []*string
	if s.RCON != nil {
		all = append(all, &s.RCON.Command)
	}
	if s.HTTP != nil {
		all = append(all, &s.HTTP.URL, &s.HTTP.Body)
	}
	if s.Speech != nil {
		all = append(all, &s.Speech.Text)
	}
	if s.OBS != nil {
		all = append(all, &s.OBS.Text)
	}
	if s.Overlay != nil {
		all = append(all, &s.Overlay.Text)
	}
	if s.Program != nil {
		for i := range s.Program.Args {
			all = append(all, &s.Program.Args[i])
		}
	}
	return all
}

// without returns text without the secrets.
func without(text string, secrets []string) string {
	for _, secret := range secrets {
		if len(secret) >= minSecret {
			text = strings.ReplaceAll(text, secret, hidden)
		}
	}
	return text
}
