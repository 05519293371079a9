package tiktok

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/source"
)

// longestHandle is well over the 24 characters that TikTok allows.
const longestHandle = 64

// ParseHandle returns the @handle, without the @ and in lower case, that a person meant by text: a name, an @name, or the
// address of a profile or of its live, such as https://www.tiktok.com/@name/live?lang=en. The error is a *source.Problem.
func ParseHandle(text string) (string, error) {
	name := strings.TrimSpace(text)
	if strings.Contains(name, "/") {
		var err error
		if name, err = handleInAddress(name); err != nil {
			return "", err
		}
	}
	name = strings.ToLower(strings.TrimPrefix(name, "@"))
	switch {
	case name == "":
		return "", settingsProblem("There is no TikTok name. Type the name as it is after the @ on the profile.")
	case !utf8.ValidString(name) || utf8.RuneCountInString(name) > longestHandle || strings.IndexFunc(name, isOutsideHandle) >= 0,
		strings.Trim(name, ".") == "":
		return "", settingsProblem("This is not a TikTok name. It has letters, digits, underscores and dots only, " +
			"as after the @ on the profile; the name shown beside the picture is another.")
	}
	return name, nil
}

// handleInAddress finds the @name in a tiktok.com address.
func handleInAddress(address string) (string, error) {
	if !strings.Contains(address, "://") {
		address = "https://" + strings.TrimPrefix(address, "//")
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", settingsProblem("This address cannot be read. Type the TikTok name alone, as it is after the @.")
	}
	host := strings.ToLower(u.Hostname())
	if host != "tiktok.com" && !strings.HasSuffix(host, ".tiktok.com") {
		return "", settingsProblem("This address is not on tiktok.com. Type the TikTok name alone, as it is after the @.")
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	if !strings.HasPrefix(first, "@") {
		return "", settingsProblem("This address does not hold a name (short links do not). " +
			"Type the TikTok name alone, as it is after the @.")
	}
	return first, nil
}

func isOutsideHandle(r rune) bool {
	return r != '_' && r != '.' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// settingsProblem is a setting that cannot work.
func settingsProblem(text string) *source.Problem {
	return &source.Problem{Cause: event.Cause{Code: event.CauseSettings, Text: text}}
}
